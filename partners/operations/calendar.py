"""The public holidays of a year: the platform writes them, all calendars read them (domain.md 19.2)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from core import events, rights
from core.errors import Refused
from core.models import CalendarYear
from core.tenancy import Viewer

FIRST, LAST = 2000, 2100


@transaction.atomic
def set_year(
    *, viewer: Viewer, year: int, off: Collection[date], work: Collection[date], now: datetime
) -> CalendarYear:
    """Enter or change the holidays of a year. Running clocks with office hours are reckoned anew by jobs; what was met stays.

    off: days off, also those that lie on a weekend. work: weekend days that are worked instead.
    Errors: Refused("not_allowed", 403), ("year_wrong", field="year"), ("day_of_other_year"), ("days_missing", field="off"),
    ("worked_weekday", field="work"), ("day_twice", field="work").
    """
    rights.require(viewer, "calendar.set")
    if not FIRST <= year <= LAST:
        raise Refused("year_wrong", field="year")
    if not off:
        raise Refused("days_missing", field="off")
    for field, days in (("off", off), ("work", work)):
        for day in days:
            if day.year != year:
                raise Refused("day_of_other_year", field=field, day=f"{day:%Y-%m-%d}", year=year)
    for day in work:
        if day in off:
            raise Refused("day_twice", field="work", day=f"{day:%Y-%m-%d}")
        if day.weekday() < 5:
            raise Refused("worked_weekday", field="work", day=f"{day:%Y-%m-%d}")
    row, _made = CalendarYear.objects.visible_to(viewer).update_or_create(
        year=year,
        defaults={"off": sorted(set(off)), "work": sorted(set(work)), "changed_at": now, "changed_by": viewer.name},
    )
    events.tell("calendar_changed", viewer=viewer, now=now)
    return row
