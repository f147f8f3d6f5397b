"""Daily work: one job for each dealer and day, planned by the tick (docs/jobs.md)."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db import connection

from core.calendars import SHANGHAI, local, local_date
from core.models import Job
from core.tenancy import Tier

_planned: dict[str, datetime] = {}  # what this process has seen planned: the tick asks the database once a day


def plan_daily(kind: str, at: time, now: datetime) -> None:
    """Write the next job of a kind for every active dealer, due at `at` on the clock in China; nothing when they are there already.

    Called by a ringer of the tick, which one process runs at a time, under `app_system`. The payload is empty: the job works for its dealer.
    """
    due = datetime.combine(local_date(now), at, SHANGHAI)
    if local(now) > due:
        due += timedelta(days=1)
    if _planned.get(kind) == due:
        return
    rows = Job.objects.unscoped("the tick plans for all dealers").filter(kind=kind, run_at=due)
    known = set(rows.values_list("organisation_id", flat=True))
    Job.objects.bulk_create(
        [
            Job(kind=kind, organisation_id=dealer, tier=Tier.DEALER.value, run_at=due, created_at=now)
            for dealer in sorted(set(active_dealers()) - known)
        ]
    )
    _planned[kind] = due


def active_dealers() -> list[int]:
    """The dealers for whom the tick plans work, by id; for `app_system` only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT partners_active_dealers()")
        return [dealer for (dealer,) in cursor.fetchall()]
