"""Another promise, or another list of holidays, under work that is running (domain.md 5.2): what was met stays as it was."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from core.models import Job
from core.tenancy import Tier, Viewer
from partners.enums import OrganisationKind
from partners.queries import organisations
from tickets.enums import EntryKind
from tickets.operations import clocks
from tickets.operations.steps import write_entry
from tickets.queries import clocks as known

EXCHANGE, RECKON = "tickets.exchange_promise", "tickets.reckon_clocks"


@transaction.atomic
def exchange_some(
    *, viewer: Viewer, manufacturer_id: int, after: int, limit: int, now: datetime
) -> tuple[int, int, int]:
    """Put the promise that holds now under the running clocks of some of the manufacturer's tickets, in the order of their ids.

    Every pause so far counts on, an appointment stays, and the story of the ticket says it. A second run changes nothing.
    Returns (id of the last one, 0 = none was left; how many were looked at; how many were changed).
    """
    rows = known.lock_some(known.with_running(viewer, manufacturer_id), after=after, limit=limit)
    changed = 0
    for ticket in rows:
        promised = known.in_force(viewer, manufacturer_id, now, ticket.city, ticket.district)
        if clocks.exchange(viewer, ticket, promised, now):
            changed += 1
            write_entry(
                viewer, ticket, EntryKind.FACT, verb="promise_exchanged", facts={"automatic": True}, at=now, now=now
            )
    return (rows[-1].pk if rows else 0), len(rows), changed


@transaction.atomic
def reckon_some(*, viewer: Viewer, after: int, limit: int, now: datetime) -> tuple[int, int]:
    """Reckon running clocks with office hours anew, in the order of their tickets' ids: the list of holidays has changed.

    Returns (id of the last ticket, 0 = none was left; how many were looked at).
    """
    rows = known.lock_some(known.with_office_hours(viewer), after=after, limit=limit)
    for ticket in rows:
        clocks.reckon_again(viewer, ticket, now)
    return (rows[-1].pk if rows else 0), len(rows)


def calendar_changed(*, viewer: Viewer, now: datetime) -> None:
    """The platform has entered or changed a year of holidays: a job for each dealer that works. In the caller's transaction."""
    Job.objects.bulk_create(
        [
            Job(kind=RECKON, organisation_id=dealer.pk, tier=Tier.DEALER.value, run_at=now, created_at=now)
            for dealer in organisations.of_kind(viewer, OrganisationKind.DEALER)
        ]
    )


def count_running(viewer: Viewer, manufacturer_id: int) -> int:
    """How many tickets an exchange will look at."""
    return known.with_running(viewer, manufacturer_id).count()
