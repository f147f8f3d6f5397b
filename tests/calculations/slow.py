"""A second way to all six calculations, to compare with: slow, obvious, and written from the text alone (calculations.md).

It shares no code with the product. Clocks are walked minute by minute, money is a fraction, the days off of the published years are
typed from the notices of the State Council, capitals are rewritten digit by digit, months are added one at a time.

`answer` says the result, or every path that is wrong; the product may name any of them. It words no explanations.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

Wrong = set[str]
Read = Callable[[Any, str, Wrong], Any]

# ── reading: a field is asked for once, what is left over is unknown ─────────────────────────────────────────────────────────────

REQUIRED: Any = object()


class Sheet:
    """One object of the input. What is missing, unreadable or unknown adds its path to `wrong`."""

    def __init__(self, value: Any, path: str, wrong: Wrong) -> None:
        self.path, self.wrong = path, wrong
        self.readable = isinstance(value, dict)
        self.left: dict[str, Any] = dict(value) if self.readable else {}
        if not self.readable:
            wrong.add(path)

    def where(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def take(self, name: str, read: Read, default: Any = REQUIRED) -> Any:
        """The field as `read` reads it, the default where it is absent or null; None where it is wrong."""
        value = self.left.pop(name, None)
        if value is not None:
            return read(value, self.where(name), self.wrong)
        if default is not REQUIRED:
            return default
        if self.readable:
            self.wrong.add(self.where(name))
        return None

    def end(self) -> None:
        self.wrong.update(self.where(name) for name in self.left)


def digits_of(value: Any) -> str | None:
    """A decimal as it was written, None when it is none. The cases carry JSON numbers as int or Decimal."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Decimal):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
        return value
    return None


def number(
    *,
    least: Fraction | int | None = 0,
    over: int | None = None,
    most: int | None = None,
    below: int | None = None,
    places: int | None = None,
) -> Read:
    """A decimal: `least` ≤ value, `over` < value, value ≤ `most`, value < `below`; at most `places` written decimals."""

    def read(value: Any, path: str, wrong: Wrong) -> Fraction | None:
        digits = digits_of(value)
        if digits is None:
            wrong.add(path)
            return None
        exact = Fraction(digits)
        fits = (
            (least is None or exact >= least)
            and (over is None or exact > over)
            and (most is None or exact <= most)
            and (below is None or exact < below)
            and (places is None or len(digits.partition(".")[2]) <= places)
        )
        if not fits:
            wrong.add(path)
            return None
        return exact

    return read


money = number(places=2)
signed_money = number(places=2, least=None)
decimal = number()


def whole(least: int = 0) -> Read:
    """A JSON integer ≥ `least`; true and false are no numbers."""

    def read(value: Any, path: str, wrong: Wrong) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            wrong.add(path)
            return None
        return value

    return read


def text(value: Any, path: str, wrong: Wrong) -> str | None:
    if not isinstance(value, str) or value == "":
        wrong.add(path)
        return None
    return value


def yes_or_no(value: Any, path: str, wrong: Wrong) -> bool | None:
    if not isinstance(value, bool):
        wrong.add(path)
        return None
    return value


def one_of(*words: str) -> Read:
    def read(value: Any, path: str, wrong: Wrong) -> str | None:
        if not isinstance(value, str) or value not in words:
            wrong.add(path)
            return None
        return value

    return read


def day(value: Any, path: str, wrong: Wrong) -> date | None:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        year, month, number_of_day = (int(part) for part in value.split("-"))
        try:
            return date(year, month, number_of_day)
        except ValueError:
            pass
    wrong.add(path)
    return None


CHINA = timezone(timedelta(hours=8))
DAWN = datetime(2018, 1, 1, tzinfo=CHINA)
MINUTES_A_DAY = 24 * 60


def instant(value: Any, path: str, wrong: Wrong) -> int | None:
    """An instant as the number of minutes since `DAWN`, a midnight in China."""
    parts = isinstance(value, str) and re.fullmatch(
        r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(:00)?(Z|[+-]\d\d:\d\d)", value, re.ASCII
    )
    if parts:
        zone = parts[7]
        minutes_east = 0 if zone == "Z" else int(zone[0] + "1") * (int(zone[1:3]) * 60 + int(zone[4:6]))
        try:
            year, month, number_of_day, hour, minute = (int(part) for part in parts.groups()[:5])
            moment = datetime(
                year, month, number_of_day, hour, minute, tzinfo=timezone(timedelta(minutes=minutes_east))
            )
            return (moment.astimezone(CHINA) - DAWN) // timedelta(minutes=1)
        except (ValueError, OverflowError):  # no such day, or none between the years 1 and 9999 in China
            pass
    wrong.add(path)
    return None


def shown_instant(minute: int) -> str:
    return (DAWN + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M+08:00")


def date_of(minute: int) -> date:
    """The day in China in which a minute lies."""
    return (DAWN + timedelta(minutes=minute)).date()


def minute_of_day(minute: int) -> int:
    """0 for the minute that begins at 00:00, 1439 for the last one of a day in China."""
    return minute % MINUTES_A_DAY


def list_of(read: Read, *, empty: bool = True, length: int | None = None) -> Read:
    def read_list(value: Any, path: str, wrong: Wrong) -> list[Any] | None:
        if not isinstance(value, list) or (not value and not empty):
            wrong.add(path)
            return None
        if length is not None and len(value) != length:
            # too few: the list or the first one missing; too many: the list or the first one too many
            wrong |= {path, f"{path}[{min(len(value), length)}]"}
            return None
        return [read(entry, f"{path}[{place}]", wrong) for place, entry in enumerate(value)]

    return read_list


def map_of(read: Read) -> Read:
    def read_map(value: Any, path: str, wrong: Wrong) -> dict[str, Any] | None:
        if not isinstance(value, dict):
            wrong.add(path)
            return None
        return {name: read(entry, f"{path}.{name}", wrong) for name, entry in value.items()}

    return read_map


# ── amounts ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def half_up(exact: Fraction, places: int) -> Fraction:
    """Rounded at so many decimals; a half goes away from zero."""
    steps = abs(exact) * 10**places
    below = steps.numerator // steps.denominator
    if steps - below >= Fraction(1, 2):
        below += 1
    rounded = Fraction(below, 10**places)
    return -rounded if exact < 0 else rounded


def shown(exact: Fraction, places: int = 2) -> str:
    """An amount or a percent that is already rounded; zero has no sign."""
    steps = exact * 10**places
    assert steps.denominator == 1, exact
    digits = str(abs(steps.numerator)).rjust(places + 1, "0")
    return ("-" if steps < 0 else "") + digits[:-places] + "." + digits[-places:]


def percent(part: Fraction, base: Fraction, places: int) -> str | None:
    return None if base == 0 else shown(half_up(100 * part / base, places), places)


# ── days in China ────────────────────────────────────────────────────────────────────────────────────────────────────────────────

#: year of the notice → days off, swap days that are worked. 2026: domain.md 19.2; the years before: the State Council's notices.
PUBLISHED = {
    2019: (
        "2018-12-30~2019-01-01 2019-02-04~2019-02-10 2019-04-05~2019-04-07 2019-05-01~2019-05-04 2019-06-07~2019-06-09 "
        "2019-09-13~2019-09-15 2019-10-01~2019-10-07",
        "2018-12-29 2019-02-02 2019-02-03 2019-04-28 2019-05-05 2019-09-29 2019-10-12",
    ),
    2020: (
        "2020-01-01~2020-01-01 2020-01-24~2020-02-02 2020-04-04~2020-04-06 2020-05-01~2020-05-05 2020-06-25~2020-06-27 "
        "2020-10-01~2020-10-08",
        "2020-01-19 2020-04-26 2020-05-09 2020-06-28 2020-09-27 2020-10-10",
    ),
    2021: (
        "2021-01-01~2021-01-03 2021-02-11~2021-02-17 2021-04-03~2021-04-05 2021-05-01~2021-05-05 2021-06-12~2021-06-14 "
        "2021-09-19~2021-09-21 2021-10-01~2021-10-07",
        "2021-02-07 2021-02-20 2021-04-25 2021-05-08 2021-09-18 2021-09-26 2021-10-09",
    ),
    2022: (
        "2022-01-01~2022-01-03 2022-01-31~2022-02-06 2022-04-03~2022-04-05 2022-04-30~2022-05-04 2022-06-03~2022-06-05 "
        "2022-09-10~2022-09-12 2022-10-01~2022-10-07",
        "2022-01-29 2022-01-30 2022-04-02 2022-04-24 2022-05-07 2022-10-08 2022-10-09",
    ),
    2023: (
        "2022-12-31~2023-01-02 2023-01-21~2023-01-27 2023-04-05~2023-04-05 2023-04-29~2023-05-03 2023-06-22~2023-06-24 "
        "2023-09-29~2023-10-06",
        "2023-01-28 2023-01-29 2023-04-23 2023-05-06 2023-06-25 2023-10-07 2023-10-08",
    ),
    2024: (
        "2024-01-01~2024-01-01 2024-02-10~2024-02-17 2024-04-04~2024-04-06 2024-05-01~2024-05-05 2024-06-10~2024-06-10 "
        "2024-09-15~2024-09-17 2024-10-01~2024-10-07",
        "2024-02-04 2024-02-18 2024-04-07 2024-04-28 2024-05-11 2024-09-14 2024-09-29 2024-10-12",
    ),
    2025: (
        "2025-01-01~2025-01-01 2025-01-28~2025-02-04 2025-04-04~2025-04-06 2025-05-01~2025-05-05 2025-05-31~2025-06-02 "
        "2025-10-01~2025-10-08",
        "2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11",
    ),
    2026: (
        "2026-01-01~2026-01-03 2026-02-15~2026-02-23 2026-04-04~2026-04-06 2026-05-01~2026-05-05 2026-06-19~2026-06-21 "
        "2026-09-25~2026-09-27 2026-10-01~2026-10-07",
        "2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10",
    ),
}
#: before this day the tables above say nothing
FIRST_TYPED_DAY = date(2018, 12, 20)
ONE_DAY = timedelta(days=1)


def _typed(which: int) -> set[date]:
    found: set[date] = set()
    for notice in PUBLISHED.values():
        for words in notice[which].split():
            first, _, last = words.partition("~")
            each, end = date.fromisoformat(first), date.fromisoformat(last or first)
            while each <= end:
                found.add(each)
                each += ONE_DAY
    return found


PUBLIC_HOLIDAYS, SWAP_DAYS = _typed(0), _typed(1)


class Days:
    """Which days are off; `days` of a case overrides single ones, a day in both lists is off."""

    def __init__(self, off: list[date], work: list[date]) -> None:
        self.off, self.work = set(off), set(work)

    def is_off(self, day: date) -> bool:
        assert day >= FIRST_TYPED_DAY, "no table for this day"
        if day in self.off:
            return True
        if day in self.work:
            return False
        if day in PUBLIC_HOLIDAYS:
            return True
        if day in SWAP_DAYS:
            return False
        return day.strftime("%a") in ("Sat", "Sun")

    def is_public_holiday(self, day: date) -> bool:
        return self.is_off(day) and (day in self.off or day in PUBLIC_HOLIDAYS)

    def in_holiday_period(self, day: date) -> bool:
        """In a run of days off with a public holiday among them."""
        if not self.is_off(day):
            return False
        run = [day]
        while self.is_off(run[0] - ONE_DAY):
            run.insert(0, run[0] - ONE_DAY)
        while self.is_off(run[-1] + ONE_DAY):
            run.append(run[-1] + ONE_DAY)
        return any(self.is_public_holiday(each) for each in run)


def read_days(value: Any, path: str, wrong: Wrong) -> Days | None:
    sheet = Sheet(value, path, wrong)
    off, work = sheet.take("off", list_of(day), []), sheet.take("work", list_of(day), [])
    sheet.end()
    if off is None or work is None or None in off + work:
        return None
    return Days(off, work)


# ── clock ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def time_of_day(*, end: bool) -> Read:
    """08:30 as a minute of the day; 24:00 only as an end."""

    def read(value: Any, path: str, wrong: Wrong) -> int | None:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{2}:[0-9]{2}", value):
            hour, minute = int(value[:2]), int(value[3:])
            if (hour < 24 and minute < 60) or (end and value == "24:00"):
                return hour * 60 + minute
        wrong.add(path)
        return None

    return read


def read_window(value: Any, path: str, wrong: Wrong) -> tuple[int, int] | None:
    if not isinstance(value, list):
        wrong.add(path)
        return None
    if len(value) != 2:
        wrong |= {path, f"{path}[{min(len(value), 2)}]"}
        return None
    begin = time_of_day(end=False)(value[0], f"{path}[0]", wrong)
    end = time_of_day(end=True)(value[1], f"{path}[1]", wrong)
    if begin is None or end is None:
        return None
    if end <= begin:
        wrong.add(f"{path}[1]")
        return None
    return begin, end


def read_calendar(value: Any, path: str, wrong: Wrong) -> list[tuple[int, int]] | str | None:
    """ "7x24", or the windows of a working day as minutes of the day."""
    if value == "7x24":
        return "7x24"
    if not isinstance(value, dict):
        wrong.add(path)
        return None
    sheet = Sheet(value, path, wrong)
    names = {name for name in ("open", "close", "windows") if value.get(name) is not None}
    if "windows" in names and len(names) > 1 or not names:
        wrong |= {path, f"{path}.windows", f"{path}.open", f"{path}.close"}
        return None
    if "windows" not in names:
        begin, end = sheet.take("open", time_of_day(end=False)), sheet.take("close", time_of_day(end=True))
        sheet.take("windows", text, "")
        sheet.end()
        if begin is None or end is None:
            return None
        if end <= begin:
            wrong.add(f"{path}.close")
            return None
        return [(begin, end)]
    windows = sheet.take("windows", list_of(read_window, empty=False))
    sheet.take("open", text, "")
    sheet.take("close", text, "")
    sheet.end()
    if windows is None or None in windows:
        return None
    for place in range(1, len(windows)):
        if windows[place][0] < windows[place - 1][1]:
            wrong.add(f"{path}.windows[{place}][0]")
    return list(windows)


def read_pause(value: Any, path: str, wrong: Wrong) -> tuple[int, int | None] | None:
    sheet = Sheet(value, path, wrong)
    begin, end = sheet.take("from", instant), sheet.take("to", instant, None)
    sheet.end()
    if begin is not None and end is not None and end < begin:
        wrong.add(f"{path}.to")
    return None if begin is None else (begin, end)


def clock(sheet: Sheet) -> dict[str, Any] | None:
    t0 = sheet.take("t0", instant)
    allow = sheet.take("allow_minutes", whole(1))
    calendar = sheet.take("calendar", read_calendar)
    pauses = sheet.take("pauses", list_of(read_pause), [])
    met_at_given = sheet.left.get("met_at") is not None
    met_at = sheet.take("met_at", instant, None)
    now = sheet.take("now", lambda value, path, wrong: None if met_at_given else instant(value, path, wrong), None)
    if now is None and not met_at_given:
        sheet.wrong.add("now")
    days = sheet.take("days", read_days, Days([], []))
    sheet.end()
    if t0 is not None and met_at is not None and met_at < t0:
        sheet.wrong.add("met_at")
    if t0 is not None and now is not None and now < t0:
        sheet.wrong.add("now")
    if sheet.wrong:
        return None

    closed: list[tuple[int, int]] = []
    open_from: list[int] = []
    for begin, end in pauses:
        if end is not None:
            closed.append((begin, end))
        elif met_at is None:
            open_from.append(begin)
        elif met_at > begin:
            closed.append((begin, met_at))

    opened: dict[int, list[bool]] = {}

    def is_open(minute: int) -> bool:
        if calendar == "7x24":
            return True
        number_of_day = minute // MINUTES_A_DAY
        if number_of_day not in opened:
            works = not days.is_off(date_of(minute))
            opened[number_of_day] = [
                works and any(begin <= each < end for begin, end in calendar) for each in range(MINUTES_A_DAY)
            ]
        return opened[number_of_day][minute_of_day(minute)]

    def is_paused(minute: int) -> bool:
        return any(begin <= minute < end for begin, end in closed) or any(begin <= minute for begin in open_from)

    until = met_at if met_at_given else now
    used = 0
    for minute in range(t0, until):
        if is_open(minute) and not is_paused(minute):
            used += 1

    due: int | None = t0
    left = allow
    while left > 0:
        assert due is not None
        if any(begin <= due for begin in open_from):
            due = None
            break
        if is_open(due) and not is_paused(due):
            left -= 1
        due += 1

    if met_at_given:
        assert due is not None
        state = "met" if met_at <= due else "late"
    elif due is not None and now > due:
        state = "overdue"
    elif is_paused(now):
        state = "paused"
    else:
        state = "running"
    return {"due": None if due is None else shown_instant(due), "state": state, "used_minutes": used}


# ── warranty ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

BASES = ("acceptance", "installation", "invoice", "arrival", "shipped", "ex_factory")


def read_rule(value: Any, path: str, wrong: Wrong) -> tuple[str, int]:
    """A basis and its months: a start rule, or the cap."""
    sheet = Sheet(value, path, wrong)
    rule = sheet.take("basis", one_of(*BASES)), sheet.take("months", whole())
    sheet.end()
    return rule


def read_dates(value: Any, path: str, wrong: Wrong) -> dict[str, date]:
    """The dates that are known."""
    sheet = Sheet(value, path, wrong)
    known = {basis: sheet.take(basis, day, None) for basis in BASES}
    sheet.end()
    return {basis: each for basis, each in known.items() if each is not None}


def months_later(start: date, months: int) -> date:
    year, month = start.year, start.month
    for _ in range(months):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    number_of_day = start.day
    while True:
        try:
            return date(year, month, number_of_day)
        except ValueError:
            number_of_day -= 1


def warranty(sheet: Sheet) -> dict[str, Any] | None:
    policy, facts = (sheet.take(name, Sheet) for name in ("policy", "facts"))
    sheet.end()
    if policy is None or facts is None:
        return None
    rules = policy.take("start_rules", list_of(read_rule, empty=False))
    cap = policy.take("cap", read_rule, None)
    hours_limit = policy.take("hours_limit", decimal, None)
    grace_months = policy.take("grace_months", whole(), 0)
    inclusive_end = policy.take("inclusive_end", yes_or_no, True)
    repair_extension = policy.take("repair_extension", yes_or_no, True)
    part_periods = policy.take("part_periods", map_of(whole()), {})
    goodwill_days = policy.take("goodwill_days", whole(), 0)
    policy.end()
    dates = facts.take("dates", read_dates)
    reported_on = facts.take("reported_on", day)
    meter_hours = facts.take("meter_hours", decimal, None)
    repair_days = facts.take("repair_days", whole(), 0)
    part_group = facts.take("part_group", text, None)
    nameplate = facts.take("nameplate_ex_factory", day, None)
    facts.end()
    if sheet.wrong:
        return None

    result: dict[str, Any] = {
        "time": "unknown",
        "basis": None,
        "start": None,
        "end": None,
        "days_over": 0,
        "goodwill_possible": False,
    }
    fitting = [(basis, months) for basis, months in rules if basis in dates]
    if fitting:
        basis, months = fitting[0]
        start = dates[basis]
        if list(dates) == ["ex_factory"]:
            months += grace_months
        end = months_later(start, months)
        if part_group is not None and part_group in part_periods:
            end = min(end, months_later(start, part_periods[part_group]))
        if cap is not None and cap[0] in dates:
            end = min(end, months_later(dates[cap[0]], cap[1]))
        if not inclusive_end:
            end -= ONE_DAY
        if repair_extension:
            for _ in range(repair_days):
                end += ONE_DAY
        result |= {"basis": basis, "start": start.isoformat(), "end": end.isoformat()}
        if reported_on > end:
            over = (reported_on - end).days
            result |= {"time": "over", "days_over": over, "goodwill_possible": over <= goodwill_days}
        elif hours_limit is not None and meter_hours is not None and meter_hours > hours_limit:
            result["time"] = "over_hours"
        else:
            result["time"] = "in"
    if nameplate is not None and nameplate != dates.get("ex_factory"):
        result["time"] = "to_verify"
    return result


# ── claim ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_band(value: Any, path: str, wrong: Wrong) -> tuple[Any, Any, Any]:
    """(up_to_km, flat, per_km); exactly one of the last two is there."""
    sheet = Sheet(value, path, wrong)
    if sheet.readable and (value.get("flat") is None) == (value.get("per_km") is None):
        wrong.add(path)
    band = sheet.take("up_to_km", decimal), sheet.take("flat", money, None), sheet.take("per_km", money, None)
    sheet.end()
    return band


def read_bands(value: Any, path: str, wrong: Wrong) -> list[tuple[Any, Any, Any]] | None:
    bands: list[tuple[Any, Any, Any]] | None = list_of(read_band, empty=False)(value, path, wrong)
    for place in range(1, len(bands or [])):
        assert bands is not None
        lower, upper = bands[place - 1][0], bands[place][0]
        if lower is not None and upper is not None and upper <= lower:
            wrong.add(f"{path}[{place}]")
    return bands


def read_operation(value: Any, path: str, wrong: Wrong) -> Any:
    sheet = Sheet(value, path, wrong)
    sheet.take("code", text)
    hours = sheet.take("hours", decimal)
    sheet.end()
    return hours


def read_work(value: Any, path: str, wrong: Wrong) -> tuple[Any, Any]:
    sheet = Sheet(value, path, wrong)
    begin, end = sheet.take("from", instant), sheet.take("to", instant)
    sheet.end()
    if begin is not None and end is not None and end <= begin:
        wrong.add(f"{path}.to")
    return begin, end


def read_part(value: Any, path: str, wrong: Wrong) -> tuple[Any, Any, Any]:
    """(quantity, unit price, source)"""
    sheet = Sheet(value, path, wrong)
    sheet.take("number", text)
    part = sheet.take("quantity", number(over=0)), sheet.take("unit_price", money), sheet.take("source", text)
    sheet.end()
    return part


def read_short_job(value: Any, path: str, wrong: Wrong) -> tuple[Any, Any]:
    sheet = Sheet(value, path, wrong)
    rule = sheet.take("max_km", decimal), sheet.take("min_labour", money)
    sheet.end()
    return rule


def one_trip(mode: str, bands: list[tuple[Any, Any, Any]], km: Fraction) -> Fraction:
    """The unrounded travel money of one trip."""
    if mode == "whole":
        for up_to, flat, per_km in bands:
            if km <= up_to:
                return Fraction(km * per_km if flat is None else flat)
    paid = Fraction(0)
    lower = Fraction(0)
    for place, (up_to, flat, per_km) in enumerate(bands):
        if place == 0 or km > lower:
            paid += (min(km, up_to) - lower) * per_km if flat is None else flat
        lower = up_to
    return paid


def claim(sheet: Sheet) -> dict[str, Any] | None:
    card, slip = (sheet.take(name, Sheet) for name in ("rate_card", "slip"))
    days = sheet.take("days", read_days, Days([], []))
    sheet.end()
    if card is None or slip is None:
        return None
    hourly = card.take("hourly", money)
    travel = card.take("travel", Sheet)
    mode = travel and travel.take("mode", one_of("whole", "progressive"))
    bands = travel and travel.take("bands", read_bands)
    if travel:
        travel.end()
    subsidy = card.take("subsidy_per_person_day", money)
    subsidy_over_km = card.take("subsidy_over_km", decimal)
    lodging_cap = card.take("lodging_cap", money)
    night_flat = card.take("night_flat", money)
    holiday_flat = card.take("holiday_flat", money)
    factors = card.take("part_factors", map_of(decimal))
    consumables_cap = card.take("consumables_cap", money)
    short_job = card.take("short_job", read_short_job, None)
    card.end()
    operations = slip.take("operations", list_of(read_operation))
    km = slip.take("one_way_km", decimal)
    trips = slip.take("trips", whole(1), 1)
    people = slip.take("people", whole(1))
    left, back = slip.take("left", instant), slip.take("back", instant)
    lodging_invoice = slip.take("lodging_invoice", money, Fraction(0))
    work = slip.take("work", list_of(read_work), [])
    parts = slip.take("parts", list_of(read_part), [])
    consumables = slip.take("consumables", money, Fraction(0))
    old_part_freight = slip.take("old_part_freight", money, Fraction(0))
    other = slip.take("other", money, Fraction(0))
    slip.end()
    if left is not None and back is not None and back <= left:
        sheet.wrong.add("slip.back")
    for place, part in enumerate(parts or []):
        if factors is not None and part[2] is not None and part[2] not in factors:
            sheet.wrong.add(f"slip.parts[{place}].source")
    if bands and km is not None and bands[-1][0] is not None and km > bands[-1][0]:
        sheet.wrong.add("slip.one_way_km")
    if sheet.wrong:
        return None

    lines: list[tuple[str, Fraction]] = []

    def add(item: str, exact: Fraction) -> None:
        lines.append((item, half_up(exact, 2)))

    for hours in operations:
        add("labour", hours * hourly)
    if short_job is not None and km <= short_job[0]:
        missing = short_job[1] - sum(amount for _, amount in lines)
        if missing > 0:
            add("labour_top_up", missing)
    add("travel", one_trip(mode, bands, km) * trips)
    started_days = 0
    while left + started_days * MINUTES_A_DAY < back:
        started_days += 1
    if km > subsidy_over_km:
        add("subsidy", subsidy * people * started_days)
    add("lodging", min(lodging_invoice, lodging_cap * people * (started_days - 1)))
    minutes = [minute for begin, end in work for minute in range(begin, end)]
    if any(not 6 * 60 <= minute_of_day(minute) < 22 * 60 for minute in minutes):
        add("night", night_flat)
    if any(days.in_holiday_period(each) for each in {date_of(minute) for minute in minutes}):
        add("holiday", holiday_flat)
    for quantity, unit_price, source in parts:
        add("part", quantity * unit_price * factors[source])
    add("consumables", min(consumables, consumables_cap))
    add("old_part_freight", old_part_freight)
    add("other", other)
    paid = [(item, amount) for item, amount in lines if amount != 0]
    return {
        "lines": [{"item": item, "amount": shown(amount)} for item, amount in paid],
        "total": shown(sum((amount for _, amount in paid), Fraction(0))),
    }


# ── statement ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

LIMIT = 10**12


def read_statement_line(value: Any, path: str, wrong: Wrong) -> Any:
    sheet = Sheet(value, path, wrong)
    sheet.take("kind", text)
    amount = sheet.take("amount", signed_money)
    sheet.end()
    return amount


def statement(sheet: Sheet) -> dict[str, Any] | None:
    amounts = sheet.take("lines", list_of(read_statement_line))
    brought_forward = sheet.take("brought_forward", number(places=2, least=None, most=0), Fraction(0))
    tax_rate = sheet.take("tax_rate", number(below=1))
    sheet.end()
    if amounts is not None and None not in amounts and abs(sum(amounts)) >= LIMIT:
        sheet.wrong.add("lines")
    if sheet.wrong:
        return None
    total = sum(amounts, Fraction(0)) + brought_forward
    payable = total if total >= 0 else Fraction(0)
    net = half_up(payable / (1 + tax_rate), 2)
    return {
        "payable": shown(payable),
        "net": shown(net),
        "tax": shown(payable - net),
        "capitals": in_capitals(payable),
        "carried_forward": shown(total - payable),
    }


# ── lump sum ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_lump_line(value: Any, path: str, wrong: Wrong) -> tuple[Any, Any]:
    sheet = Sheet(value, path, wrong)
    sheet.take("name", text)
    line = sheet.take("base", money), sheet.take("ratio", number(most=1))
    sheet.end()
    return line


def read_deduction_rules(value: Any, path: str, wrong: Wrong) -> tuple[Any, Any, Any, Any]:
    sheet = Sheet(value, path, wrong)
    rules = (
        sheet.take("second", money, Fraction(500)),
        sheet.take("further", money, Fraction(1000)),
        sheet.take("further_percent", decimal, Fraction(5)),
        sheet.take("cap_percent", decimal, Fraction(20)),
    )
    sheet.end()
    return rules


def lump_sum(sheet: Sheet) -> dict[str, Any] | None:
    lines = sheet.take("lines", list_of(read_lump_line, empty=False))
    actual = sheet.take("actual", list_of(money, length=4))
    complaints = sheet.take("complaints", list_of(whole(), length=4))
    rules = sheet.take("deduction_rules", read_deduction_rules, read_deduction_rules({}, "", set()))
    next_base = sheet.take("next_base", money, None)
    sheet.end()
    if sheet.wrong:
        return None
    second, further, further_percent, cap_percent = rules
    quota = sum((half_up(base * ratio, 2) for base, ratio in lines), Fraction(0))
    quarter = half_up(quota / 4, 2)
    quotas = [quarter, quarter, quarter, quota - 3 * quarter]
    quarters = []
    deductions = Fraction(0)
    so_far = Fraction(0)
    for place in range(4):
        exact = Fraction(0)
        for nth in range(1, complaints[place] + 1):
            if nth == 2:
                exact += second
            elif nth > 2:
                exact += further + quotas[place] * further_percent / 100
        cap = max(Fraction(0), quotas[place] * cap_percent / 100)
        deduction = half_up(max(Fraction(0), min(exact, cap)), 2)
        deductions += deduction
        so_far += actual[place]
        quarters.append(
            {
                "quota": shown(quotas[place]),
                "deduction": shown(deduction),
                "due": shown(quotas[place] - deduction),
                "actual": shown(actual[place]),
                "cumulative_use_percent": percent(so_far, quota, 1),
            }
        )
    bases = sum((base for base, _ in lines), Fraction(0))
    return {
        "quota": shown(quota),
        "quarters": quarters,
        "result": shown(quota - deductions - so_far),
        "use_percent": percent(so_far, quota, 1),
        "needed_ratio_percent": percent(so_far, bases if next_base is None else next_base, 2),
    }


# ── capitals ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

PLACES = "元拾佰仟万拾佰仟亿拾佰仟"


def in_capitals(amount: Fraction) -> str:
    """Every digit is written with the name of its place; then the zeros are rewritten until only those remain that are read."""
    cents = abs(amount) * 100
    assert cents.denominator == 1
    yuan, jiao, fen = str(cents.numerator // 100), cents.numerator // 10 % 10, cents.numerator % 10
    words = ""
    for digit, place in zip(yuan, reversed(PLACES[: len(yuan)]), strict=True):
        words += "零壹贰叁肆伍陆柒捌玖"[int(digit)] + place
    for pattern, instead in (
        ("零[拾佰仟]", "零"),  # an empty place has no name
        ("零+", "零"),  # several zeros are read as one
        ("零([万亿元])", r"\1"),  # and none at the end of a group of four
        ("亿万", "亿零"),  # a skipped group is read as a zero
        ("零+", "零"),
        ("零元", "元"),  # unless nothing follows
    ):
        words = re.sub(pattern, instead, words)
    if yuan == "0":
        words = "" if cents else "零元"
    if jiao:
        words += "零壹贰叁肆伍陆柒捌玖"[jiao] + "角"
    if fen:
        words += ("零" if not jiao and words else "") + "零壹贰叁肆伍陆柒捌玖"[fen] + "分"
    else:
        words += "整"
    return "人民币" + ("负" if amount < 0 else "") + words


def capitals(sheet: Sheet) -> dict[str, Any] | None:
    amount = sheet.take("amount", signed_money)
    sheet.end()
    if amount is not None and abs(amount) >= LIMIT:
        sheet.wrong.add("amount")
    return None if sheet.wrong else {"text": in_capitals(amount)}


# ── all kinds ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

KINDS: dict[str, Callable[[Sheet], dict[str, Any] | None]] = {
    "clock": clock,
    "warranty": warranty,
    "claim": claim,
    "statement": statement,
    "lump_sum": lump_sum,
    "capitals": capitals,
}


def answer(kind: str, case: dict[str, Any]) -> dict[str, Any]:
    """{"ok": True, "result": …}, or {"ok": False, "field": every path that may be named}.

    case: an object of calculations.md with its id; JSON numbers with decimals are Decimal, so that "1.500" keeps its digits.
    """
    wrong: Wrong = set()
    sheet = Sheet(case, "", wrong)
    sheet.take("id", text)
    result = KINDS[kind](sheet)
    return {"ok": False, "field": wrong} if wrong else {"ok": True, "result": result}
