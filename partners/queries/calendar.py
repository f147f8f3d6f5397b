"""Reading the holidays of the years, as the calendar's page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core import public_holidays
from core.models import CalendarYear
from core.tenancy import Viewer
from core.working_days import LAST_YEAR

OLDEST = 2024


@dataclass(frozen=True)
class Year:
    """One year. entered: by the platform; else it is the shipped list, or None is there (known = False)."""

    year: int
    off: list[date]
    work: list[date]
    known: bool
    changed_by: str = ""
    entered: bool = False


def years(viewer: Viewer, today: date) -> list[Year]:
    """The next year first, back to 2024; also later years that were entered."""
    entered = {row.year: row for row in CalendarYear.objects.visible_to(viewer).order_by("year")}
    last = max([today.year + 1, LAST_YEAR, *entered])
    return [_year(year, entered.get(year)) for year in range(last, OLDEST - 1, -1)]


def one(viewer: Viewer, year: int) -> Year:
    """A year's days, entered or shipped."""
    return _year(year, CalendarYear.objects.visible_to(viewer).filter(year=year).first())


def _year(year: int, row: CalendarYear | None) -> Year:
    if row is not None:
        return Year(year, row.off, row.work, known=True, changed_by=row.changed_by, entered=True)
    off, work = public_holidays.shipped(year)
    return Year(year, off, work, known=year <= LAST_YEAR)


def spans(days: list[date]) -> list[tuple[date, date]]:
    """Days as runs: first and last of each."""
    found: list[tuple[date, date]] = []
    for day in sorted(days):
        if found and (day - found[-1][1]).days == 1:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found
