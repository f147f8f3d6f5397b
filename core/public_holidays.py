"""Working days as this installation knows them: the shipped lists, and the years that the platform has entered (domain.md 19.2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from django.db import connection

from core.cases import CHINA_DAYS
from core.working_days import LAST_YEAR, WorkingDays

Year = tuple[int, tuple[date, ...], tuple[date, ...]]  # year, days off, weekend days that are worked

MONTH_OF_LIST = 11  # the State Council publishes next year's list late in October or in November


def working_days() -> WorkingDays:
    """The days by which clocks and fees count now. Common rows: the same for every viewer. One statement."""
    with connection.cursor() as cursor:
        cursor.execute('SELECT "year", "off", "work" FROM core_calendaryear ORDER BY "year"')
        return of_years(tuple((year, tuple(off), tuple(work)) for year, off, work in cursor.fetchall()))


@lru_cache(maxsize=8)
def of_years(years: tuple[Year, ...]) -> WorkingDays:
    """The shipped lists with these years in their place."""
    if not years:
        return CHINA_DAYS
    off: set[date] = set()
    work: set[date] = set()
    for year, days_off, worked in years:
        off.update(days_off)
        for day in _days_of(year):
            works = day in worked or (day.weekday() < 5 and day not in days_off)
            if works != CHINA_DAYS.is_working(day.toordinal()):
                (work if works else off).add(day)
    return WorkingDays(off=off, work=work)


def missing(today: date, entered: Iterable[int]) -> int | None:
    """The year whose list is needed and not there: this one, and from November on the next; None when all is well."""
    known = set(entered)
    wanted = (today.year, today.year + 1) if today.month >= MONTH_OF_LIST else (today.year,)
    return next((year for year in wanted if year > LAST_YEAR and year not in known), None)


def missing_now(today: date) -> int | None:
    """`missing` by what this installation knows. One statement."""
    with connection.cursor() as cursor:
        cursor.execute('SELECT "year" FROM core_calendaryear')
        return missing(today, (year for (year,) in cursor.fetchall()))


def shipped(year: int) -> tuple[list[date], list[date]]:
    """Days off, and weekend days that are worked, of a year as it is shipped; nothing for a year without a list."""
    if year > LAST_YEAR:
        return [], []
    days = list(_days_of(year))
    periods = CHINA_DAYS.holiday_periods(days[0].toordinal(), days[-1].toordinal())
    off = [day for day in days if any(first <= day.toordinal() <= last for first, last in periods)]
    return off, [day for day in days if day.weekday() >= 5 and CHINA_DAYS.is_working(day.toordinal())]


def _days_of(year: int) -> Iterable[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)
