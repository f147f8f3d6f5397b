"""Working days in China: weekends, public holidays, working weekends (domain.md 19.2; calculations.md, "Days in China"). Pure.

Counting does not walk: a stretch of years is its weekdays, and what the lists of days add or take away, found by bisection.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from itertools import accumulate

# domain.md 19.2: State Council's notice of 2025-11-04. First and last day off of each holiday, and the weekend days worked for it.
HOLIDAYS_2026 = (
    ("2026-01-01", "2026-01-03"),
    ("2026-02-15", "2026-02-23"),
    ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"),
    ("2026-06-19", "2026-06-21"),
    ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
)
WORKED_2026 = ("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10")

# The library `holidays` has China from 1950 on; what it says of years after the last published one are estimates.
FIRST_YEAR, LAST_YEAR = 1950, 2026

LAST_DAY = date.max.toordinal()


class WorkingDays:
    """Which days are worked: the published lists, and the days given here, which go before them.

    off, work: single days; one that is in both is off. A day in `off` counts as a public holiday. A year without a list has Monday to
    Friday as working days. Days are ordinals of `date` inside (1 is 0001-01-01, a Monday).
    """

    def __init__(self, off: Iterable[date] = (), work: Iterable[date] = ()) -> None:
        self.off = frozenset(day.toordinal() for day in off)
        self.work = frozenset(day.toordinal() for day in work) - self.off
        changed = {day: int(day in self.work) - int(_is_published_working(day)) for day in self.off | self.work}
        self._changes = _Sums(changed)

    def is_working(self, ordinal: int) -> bool:
        """Whether people work on this day."""
        if ordinal in self.off:
            return False
        return ordinal in self.work or _is_published_working(ordinal)

    def before(self, ordinal: int) -> int:
        """How many working days there are before this day, from 0001-01-01 on."""
        weeks, rest = divmod(ordinal - 1, 7)
        return weeks * 5 + min(rest, 5) + _published().changes.before(ordinal) + self._changes.before(ordinal)

    def nth(self, count: int) -> int | None:
        """The count-th working day from 0001-01-01 on (the first one is 1); None beyond the year 9999."""
        days = range(1, LAST_DAY + 1)
        place = bisect_left(days, count, key=lambda day: self.before(day + 1))
        return days[place] if place < len(days) else None

    def touches_holiday_period(self, first: int, last: int) -> bool:
        """Whether a day from first to last lies in a holiday period: a run of days off that contains a public holiday."""
        if any(self._public_holidays(first, last)):
            return True
        return self._run_has_holiday(first, -1) or self._run_has_holiday(last, 1)

    def holiday_periods(self, first: int, last: int) -> list[tuple[int, int]]:
        """The holiday periods that touch the days from first to last, in order: first and last day of each, also where these lie beyond."""
        day, found = first, []
        while not (self.is_working(day) or self.is_working(day - 1)):
            day -= 1
        while day <= last:
            end = day
            while not self.is_working(end):
                end += 1
            if any(self._public_holidays(day, end - 1)):
                found.append((day, end - 1))
            day = end + 1
        return found

    def _run_has_holiday(self, day: int, step: int) -> bool:
        """Whether the days off that begin with this one and go on in one direction contain a public holiday."""
        while 1 <= day <= LAST_DAY and not self.is_working(day):
            if any(self._public_holidays(day, day)):
                return True
            day += step
        return False

    def _public_holidays(self, first: int, last: int) -> Iterator[int]:
        yield from (day for day in self.off if first <= day <= last)
        holidays = _published().holidays
        for place in range(bisect_left(holidays, first), len(holidays)):
            if holidays[place] > last:
                return
            if holidays[place] not in self.work:
                yield holidays[place]


def unpublished(first: int, last: int) -> list[str]:
    """The years from first to last that nobody has published, each stretch as 2027 or 2027–2031."""
    stretches = ((first, min(last, FIRST_YEAR - 1)), (max(first, LAST_YEAR + 1), last))
    return [f"{begin}" if begin == end else f"{begin}–{end}" for begin, end in stretches if begin <= end]


class _Sums:
    """Numbers at some days, and their sum before any day."""

    def __init__(self, changes: Mapping[int, int]) -> None:
        self.days = sorted(day for day, change in changes.items() if change)
        self.sums = [0, *accumulate(changes[day] for day in self.days)]

    def before(self, ordinal: int) -> int:
        return self.sums[bisect_left(self.days, ordinal)]


class _Published:
    """The lists of all published years: holidays in order, and how they change a plain Monday to Friday."""

    def __init__(self) -> None:
        import holidays  # half a second, and only who counts working days needs it

        china = holidays.country_holidays("CN", years=range(FIRST_YEAR, LAST_YEAR))
        off = {day.toordinal() for day in china} | {day.toordinal() for day in _days_off_2026()}
        self.worked = {day.toordinal() for day in china.weekend_workdays}
        self.worked |= {date.fromisoformat(day).toordinal() for day in WORKED_2026}
        self.holidays = sorted(off - self.worked)
        self.off = frozenset(self.holidays)
        self.changes = _Sums(
            {day: -1 for day in self.off if _is_weekday(day)} | {day: 1 for day in self.worked if not _is_weekday(day)}
        )


_published = cache(_Published)


def _days_off_2026() -> Iterator[date]:
    for first, last in HOLIDAYS_2026:
        day = date.fromisoformat(first)
        while day <= date.fromisoformat(last):
            yield day
            day += timedelta(days=1)


def _is_weekday(ordinal: int) -> bool:
    return (ordinal - 1) % 7 < 5


def _is_published_working(ordinal: int) -> bool:
    lists = _published()
    return ordinal in lists.worked or (_is_weekday(ordinal) and ordinal not in lists.off)
