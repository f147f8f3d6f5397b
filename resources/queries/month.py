"""A month of the roster as a calendar, and the coming days as bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.working_days import WorkingDays
from resources.calculations.hours import DayBar
from resources.models import DutyShift
from resources.queries import roster
from resources.queries.words import minutes_words, weekday


@dataclass(frozen=True)
class Cell:
    """One day of the calendar. mark: "off" inside a holiday period (休), "work" on a weekend day that is worked in exchange (班). gaps: hours of it without anybody, in words."""

    day: date
    number: str
    weekday: str
    in_month: bool
    today: bool
    past: bool
    off: bool
    mark: str
    shifts: Sequence[roster.ShiftRow]
    gaps: str


def month_days(first: date) -> tuple[date, date]:
    """The first Monday and the last Sunday of the weeks that a month touches."""
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())


def calendar(
    first: date,
    shifts: Sequence[DutyShift],
    bars: Sequence[DayBar],
    days: WorkingDays,
    *,
    today: date,
    me: int | None,
    now: datetime,
) -> list[list[Cell]]:
    """The weeks of the month that begins on `first`. bars: of the coming days, for their gaps; days without a bar show none.

    days: of `core.public_holidays`, for days off.
    """
    begin, end = month_days(first)
    of_day: dict[date, list[roster.ShiftRow]] = {}
    for shift in shifts:
        of_day.setdefault(shift.day, []).append(roster.row(shift, me=me, now=now))
    gaps = {bar.day: _gap_words(bar) for bar in bars}
    holidays = roster.holidays(days, begin, end)
    cells = []
    for n in range((end - begin).days + 1):
        day = begin + timedelta(days=n)
        cells.append(
            Cell(
                day=day,
                number=f"{day:%-m-%-d}" if day.day == 1 else str(day.day),
                weekday=weekday(day),
                in_month=day.month == first.month,
                today=day == today,
                past=day < today,
                off=not days.is_working(day.toordinal()),
                mark=_mark(day, days, holidays),
                shifts=of_day.get(day, []),
                gaps=gaps.get(day, ""),
            )
        )
    return [cells[at : at + 7] for at in range(0, len(cells), 7)]


def _mark(day: date, days: WorkingDays, holidays: Sequence[roster.Holiday]) -> str:
    if any(holiday.first <= day <= holiday.last for holiday in holidays):
        return "off"
    return "work" if day.weekday() >= 5 and days.is_working(day.toordinal()) else ""


@dataclass(frozen=True)
class BarRow:
    """One day of the picture of the coming hours. on, off: (first minute, number of minutes); gaps: hours without anybody in words, "" = none."""

    day: date
    label: str
    off_day: bool
    on: tuple[tuple[int, int], ...]
    off: tuple[tuple[int, int], ...]
    gaps: str


def bar_row(bar: DayBar, days: WorkingDays) -> BarRow:
    """A day's bar with its words. days: of `core.public_holidays`."""
    is_off = not days.is_working(bar.day.toordinal())
    return BarRow(bar.day, f"{bar.day:%m-%d}", is_off, bar.on, bar.off, _gap_words(bar))


def _gap_words(bar: DayBar) -> str:
    return ", ".join(minutes_words(*span) for span in bar.off)
