"""Days off and holiday periods of China (domain.md 19.2, calculations.md "Days in China"). Pure.

A year that nobody has published counts Saturday and Sunday as off and knows no holiday.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

import holidays

DAY = timedelta(days=1)
#: the longest run of days off that has ever been published is ten; further back or ahead nobody has to look
FARTHEST = 16 * DAY
_PUBLISHED: int = max(
    holidays.country_holidays("CN").special_public_holidays
)  # later years of the library are estimates


@dataclass(frozen=True)
class Period:
    """A holiday period: a run of consecutive days off that contains a public holiday, the weekend days inside with it."""

    first: date
    last: date


@cache
def _year(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("CN", years=year)


def is_public_holiday(day: date) -> bool:
    """Whether the published list names the day as a day off."""
    return day.year <= _PUBLISHED and day in _year(day.year)


def is_day_off(day: date) -> bool:
    """Whether nobody works: a public holiday, or a weekend day that is not worked in exchange (调休)."""
    if day.year > _PUBLISHED:
        return day.weekday() >= 5
    return not _year(day.year).is_working_day(day)


def is_worked_weekend(day: date) -> bool:
    """Whether a Saturday or Sunday is worked in exchange for a day of a holiday (调休上班)."""
    return day.weekday() >= 5 and not is_day_off(day)


def holiday_periods(first: date, last: date) -> list[Period]:
    """The holiday periods that touch the days from `first` to `last`, in order; a period is whole even where it reaches beyond."""
    return [
        period
        for period in _runs(first - FARTHEST, last + FARTHEST)
        if period.last >= first and period.first <= last and _has_holiday(period)
    ]


def _runs(first: date, last: date) -> Iterator[Period]:
    off = [day for n in range((last - first).days + 1) if is_day_off(day := first + n * DAY)]
    if not off:
        return
    begin = off[0]
    for before, after in pairwise([*off, date.max]):
        if after - before > DAY:
            yield Period(begin, before)
            begin = after


def _has_holiday(period: Period) -> bool:
    days = (period.last - period.first).days + 1
    return any(is_public_holiday(period.first + n * DAY) for n in range(days))
