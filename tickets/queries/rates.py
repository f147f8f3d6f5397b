"""How promises were kept, month by month (domain.md 5.2 "Measured"): rates, median and 90th percentile, late arrivals by reason.

A clock belongs to the month of its t0 in China, wherever it was met (domain.md 5.3). It is due when it was met or its time is over.
Not in it: what was cancelled, merged or solved by phone before anybody had to come (`Clock.counts`). Counted apart, so that nobody
improves a rate by them: what the customer has put off (appointment), what stood still (pauses), what was answered as it was reported.
Times are those that count, in minutes: open hours of the promise, from t0 until it was met.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Case, F, Q, Value, When
from django.db.models.functions import TruncMonth

from core.calendars import SHANGHAI
from core.tenancy import Viewer
from tickets.enums import ClockBucket, ClockKind, ClockState
from tickets.models import Clock
from tickets.queries.lists import other_side

#: one pass for the numbers, one sort each for what the percentiles are of: all, months, lines of the table
_SQL = """
WITH c (kind, month, partner, tier, apart, in_time, minutes, reason) AS MATERIALIZED ({clocks})
SELECT 'counted', kind, month, partner, tier, apart, count(*), count(*) FILTER (WHERE in_time), NULL::float8[]
FROM c GROUP BY kind, month, partner, tier, apart
UNION ALL
SELECT CASE WHEN GROUPING(month) = 0 THEN 'month' WHEN GROUPING(partner) = 0 THEN 'line' ELSE 'all' END,
    kind, month, partner, tier, '', count(*), 0, percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY minutes)
FROM c WHERE apart = '' AND minutes IS NOT NULL GROUP BY GROUPING SETS ((kind), (kind, month), (kind, partner, tier))
UNION ALL
SELECT 'late', kind, NULL, NULL, NULL, reason, count(*), 0, NULL
FROM c WHERE kind = %s AND NOT in_time AND minutes IS NOT NULL GROUP BY kind, reason
"""


@dataclass(frozen=True)
class Filters:
    """What is asked for. since, until: first days of the first and the last month. partner: id of the other side; 0, "" = all."""

    since: date
    until: date
    partner: int = 0
    tier: str = ""
    kind: str = ""

    @property
    def months(self) -> list[date]:
        """The first days of all months, the oldest first."""
        found = [self.since]
        while found[-1] < self.until:
            found.append(month_after(found[-1]))
        return found


@dataclass
class Figure:
    """How many were due and how many of them in time; median, p90: minutes until it was met, None where nothing was."""

    due: int = 0
    in_time: int = 0
    median: float | None = None
    p90: float | None = None

    @property
    def rate(self) -> float | None:
        """Percent in time, None where nothing was due."""
        return 100 * self.in_time / self.due if self.due else None

    def add(self, due: int, in_time: int) -> None:
        """More of them; percentiles are no sums and are put from outside."""
        self.due += due
        self.in_time += in_time


@dataclass
class Part:
    """A figure with what is counted apart from it, by bucket."""

    figure: Figure = field(default_factory=Figure)
    apart: dict[str, Figure] = field(default_factory=dict)

    def add(self, bucket: str, due: int, in_time: int) -> None:
        """Count into the figure, or apart."""
        figure = self.apart.setdefault(bucket, Figure()) if bucket else self.figure
        figure.add(due, in_time)


@dataclass
class Kept:
    """One promise: in all, by month (those with something), and by organisation on the other side and city tier."""

    total: Part = field(default_factory=Part)
    months: dict[date, Figure] = field(default_factory=dict)
    lines: dict[tuple[int, str], Part] = field(default_factory=dict)


@dataclass(frozen=True)
class Rates:
    """All promises that were due, in the order of the promise; late: arrivals by reason, "" = nobody has said it."""

    kept: dict[ClockKind, Kept]
    late: dict[str, int]


def month_after(month: date) -> date:
    """The first day of the next month."""
    return (month + timedelta(days=32)).replace(day=1)


def rates(viewer: Viewer, filters: Filters, now: datetime) -> Rates:
    """The figures of some months, of what the viewer may see. One statement, answered by an index alone."""
    clocks, values = _clocks(viewer, filters, now).query.sql_with_params()
    kept: dict[ClockKind, Kept] = {}
    late: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SQL.format(clocks=clocks), (*values, ClockKind.ARRIVAL.value))
        rows = cursor.fetchall()
    for what, kind, month, partner, tier, word, due, in_time, percentiles in sorted(rows, key=lambda row: row[0]):
        if what == "late":
            late[word] = due
            continue
        one = kept.setdefault(ClockKind(kind), Kept())
        if what == "counted":
            one.total.add(word, due, in_time)
            one.lines.setdefault((partner, tier), Part()).add(word, due, in_time)
            if not word:
                one.months.setdefault(month.date(), Figure()).add(due, in_time)
        else:
            figure = _figure(one, what, month, partner, tier)
            figure.median, figure.p90 = percentiles
    return Rates({kind: kept[kind] for kind in ClockKind if kind in kept}, late)


def _figure(kept: Kept, what: str, month: datetime, partner: int, tier: str) -> Figure:
    if what == "month":
        return kept.months.setdefault(month.date(), Figure())
    return kept.lines.setdefault((partner, tier), Part()).figure if what == "line" else kept.total.figure


def _clocks(viewer: Viewer, filters: Filters, now: datetime) -> Any:
    """What is due, in the columns of _SQL."""
    first, after = (_midnight(day) for day in (filters.since, month_after(filters.until)))
    rows = Clock.objects.visible_to(viewer).filter(counts=True, started_at__gte=first, started_at__lt=after)
    rows = rows.filter(Q(met_at__isnull=False) | Q(due_at__lte=now))
    if filters.partner:
        rows = rows.filter(**{other_side(viewer): filters.partner})
    if filters.tier:
        rows = rows.filter(city_tier=filters.tier)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    in_time = Case(When(state=ClockState.MET, then=Value(True)), default=Value(False), output_field=BooleanField())  # noqa: FBT003  # SQL
    named = rows.annotate(
        month=TruncMonth("started_at", tzinfo=SHANGHAI), partner=F(other_side(viewer)), in_time=in_time
    )
    return named.order_by().values_list(
        "kind", "month", "partner", "city_tier", "bucket", "in_time", "used_minutes", "late_reason"
    )


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def buckets(part: Part) -> Iterator[tuple[ClockBucket, Figure]]:
    """What is counted apart, in the order of the buckets."""
    for bucket in ClockBucket:
        if bucket.value in part.apart:
            yield bucket, part.apart[bucket.value]
