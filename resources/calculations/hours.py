"""From a day and times on the clock to instants, and which hours somebody is on duty (domain.md 14). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from core.calendars import SHANGHAI

MINUTE = timedelta(minutes=1)
DAY_MINUTES = 24 * 60

#: from (included) and to (not included); aware
Span = tuple[datetime, datetime]


def midnight(day: date) -> datetime:
    """The instant at which a Chinese day begins, in UTC."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def span_of(day: date, starts: time, ends: time) -> Span:
    """The instants of a shift that begins on `day` at `starts`, in UTC.

    An end that is not later on the clock lies on the next day: 20:00-08:00 is a night, 08:00-08:00 are 24 hours.
    """
    last = day if ends > starts else day + timedelta(days=1)
    return (
        datetime.combine(day, starts, SHANGHAI).astimezone(UTC),
        datetime.combine(last, ends, SHANGHAI).astimezone(UTC),
    )


def whole_minute(moment: datetime) -> datetime:
    """The minute that a moment lies in."""
    return moment.replace(second=0, microsecond=0)


def gaps(covered: Iterable[Span], first: datetime, last: datetime) -> list[Span]:
    """The stretches of [first, last) in which nobody is on duty, in order.

    covered: spans in any order; they may overlap, touch, and reach beyond both ends.
    """
    found: list[Span] = []
    free_from = first
    for starts, ends in sorted(covered):
        if starts >= last:
            break
        if starts > free_from:
            found.append((free_from, starts))
        free_from = max(free_from, ends)
    if free_from < last:
        found.append((free_from, last))
    return found


@dataclass(frozen=True)
class DayBar:
    """One Chinese day as a bar of 1,440 minutes. on, off: (first minute, number of minutes) with and without somebody on duty.

    What lies before the first looked-at moment is in neither.
    """

    day: date
    on: tuple[tuple[int, int], ...]
    off: tuple[tuple[int, int], ...]


def bars(covered: Sequence[Span], first: datetime, last: datetime) -> list[DayBar]:
    """Every Chinese day that [first, last) touches, with its hours on and off duty."""
    off = gaps(covered, first, last)
    on = gaps(off, first, last)
    day, made = first.astimezone(SHANGHAI).date(), []
    while midnight(day) < last:
        made.append(DayBar(day, _minutes(on, day), _minutes(off, day)))
        day += timedelta(days=1)
    return made


def _minutes(spans: Iterable[Span], day: date) -> tuple[tuple[int, int], ...]:
    begin, end = midnight(day), midnight(day + timedelta(days=1))
    cut = [(max(starts, begin), min(ends, end)) for starts, ends in spans if starts < end and ends > begin]
    return tuple(((starts - begin) // MINUTE, (ends - starts) // MINUTE) for starts, ends in cut)
