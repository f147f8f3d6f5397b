"""作废: a numbered slip is void, its number stays used (domain.md 6, 8.3)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from core import events, rights, transitions
from core.errors import Refused
from core.tenancy import Viewer
from tickets.enums import EntryKind, SlipState
from tickets.models import Slip, Ticket
from tickets.operations.steps import move, said, write_entry
from tickets.queries import slips
from tickets.workflow import SLIP


@transaction.atomic
def void_slip(*, viewer: Viewer, public_id: str, expected_version: int | None, reason: str, now: datetime) -> Slip:
    """Void a numbered slip, with reason. A frozen one takes its ticket back to IN_WORK (by phone: CONTACTED), and the
    round gets a new slip. Errors: Refused("reason_missing"), ("slip_without_number"), ("slip_locked"),
    ("slip_of_earlier_round"), not_allowed, wrong_state, stale.
    """
    slip = slips.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "slip.void", slip)
    why = said(reason)
    ticket = slip.ticket
    if slip.round != ticket.round:
        raise Refused("slip_of_earlier_round", status=409)
    was = slip.state
    _void(viewer, slip, reason=why, now=now)
    if was == SlipState.DRAFT:
        _note(viewer, ticket, slip, now)
        return slip
    ticket.finished_at = ticket.closed_at = None
    ticket.follow_up = ticket.follow_up_note = ""
    verb = "void_remote_slip" if slip.is_remote else "void_slip"
    move(viewer, ticket, verb, now=now, text=why, facts={"slip": slip.number})
    if was != SlipState.WAIT_SIGN:
        events.tell("slip_voided", slip=slip, viewer=viewer, now=now)
    return slip


def void_numbered(viewer: Viewer, ticket: Ticket, *, reason: str, now: datetime) -> None:
    """Void the numbered draft of a ticket that has just been cancelled or merged; its number stays used."""
    slip = slips.valid(viewer, ticket)
    if slip is not None and slip.number:
        _void(viewer, slip, reason=reason, now=now)
        _note(viewer, ticket, slip, now)


def _note(viewer: Viewer, ticket: Ticket, slip: Slip, now: datetime) -> None:
    """A void that moves the ticket nowhere is a line of its own."""
    facts = {"slip": slip.number}
    write_entry(viewer, ticket, EntryKind.FACT, verb="void_slip", text=slip.void_reason, facts=facts, now=now)


def _void(viewer: Viewer, slip: Slip, *, reason: str, now: datetime) -> None:
    transitions.step(SLIP, slip, "void")
    slip.void_reason, slip.voided_at, slip.voided_by = reason[:200], now, viewer.name
    slip.save()
