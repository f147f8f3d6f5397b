"""Sharing a ticket with the manufacturer: the one place that writes the shared columns (docs/isolation.md)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from core import events, rights
from core.errors import Refused
from core.tenancy import Viewer
from partners.queries import partnerships
from tickets.enums import Copy, EntryKind
from tickets.models import (
    Assignment,
    Clock,
    ClockPause,
    ClockRing,
    Entry,
    Evidence,
    FaultLine,
    FaultLineMachine,
    PartLine,
    Photo,
    Slip,
    SlipFile,
    Ticket,
    TicketMachine,
    Trip,
    WarrantyRequest,
)
from tickets.operations.steps import write_entry
from tickets.queries import tickets


@transaction.atomic
def share_ticket(*, viewer: Viewer, public_id: str, expected_version: int | None, now: datetime) -> Ticket:
    """Show a ticket and all that hangs on it to the manufacturer and the office in charge; it is not taken back.

    Internal notes and photos stay with the dealer; of the slip's files only the manufacturer's copy is shown.
    Errors: Refused("maker_not_listed"), wrong_state when it is shared already.
    """
    ticket = tickets.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "ticket.share", ticket)
    partnership = partnerships.with_maker(viewer, ticket.manufacturer_id)
    if partnership is None or not partnership.listed:
        raise Refused("maker_not_listed", status=409)
    if ticket.shared_with_maker:
        raise Refused("wrong_state", status=409)
    share(viewer, ticket, partnership.office_id, now=now)
    return ticket


def share(viewer: Viewer, ticket: Ticket, office_id: int | None, *, now: datetime) -> None:
    """Share a locked ticket that is not shared yet, because what follows from it (an escalation) needs the manufacturer."""
    ticket.shared_with_maker, ticket.office_id = True, office_id
    ticket.version += 1
    ticket.save()
    write_entry(viewer, ticket, EntryKind.FACT, verb="shared", now=now)
    _spread(viewer, ticket)
    events.tell("ticket_shared", ticket=ticket, viewer=viewer, now=now)


def _spread(viewer: Viewer, ticket: Ticket) -> None:
    columns: dict[str, Any] = {"office_id": ticket.office_id, "shared_with_maker": True}
    ClockRing.objects.visible_to(viewer).filter(clock__ticket=ticket).update(**columns)
    for model in (TicketMachine, Assignment, Trip, Slip, Clock, ClockPause, Evidence, WarrantyRequest):
        model.objects.visible_to(viewer).filter(ticket=ticket).update(**columns)
    Entry.objects.visible_to(viewer).filter(ticket=ticket, internal=False).update(**columns)
    Photo.objects.visible_to(viewer).filter(ticket=ticket, internal=False).update(**columns)
    FaultLine.objects.visible_to(viewer).filter(slip__ticket=ticket).update(**columns)
    PartLine.objects.visible_to(viewer).filter(slip__ticket=ticket).update(**columns)
    FaultLineMachine.objects.visible_to(viewer).filter(line__slip__ticket=ticket).update(**columns)
    SlipFile.objects.visible_to(viewer).filter(slip__ticket=ticket, copy=Copy.MAKER).update(**columns)
