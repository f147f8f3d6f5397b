"""Pausing the clocks by hand, letting them go on, taking a pause back (domain.md 5.2)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from core import rights
from core.errors import Refused
from core.tenancy import Viewer
from tickets.enums import EntryKind, PauseReason
from tickets.models import ClockPause, Entry, Ticket
from tickets.operations import clocks
from tickets.operations.steps import chosen, said, write_entry
from tickets.queries import clocks as known
from tickets.queries import tickets

#: made by waiting for a part or the customer, not by hand
BY_STEPS = (PauseReason.PART, PauseReason.CUSTOMER)
CALLS = 3  # that nobody answered, before a customer counts as unreachable


@transaction.atomic
def hold(
    *,
    viewer: Viewer,
    public_id: str,
    expected_version: int | None,
    reason: str,
    note: str = "",
    since: datetime | None = None,
    now: datetime,
) -> Ticket:
    """Pause arrival and solution, never the response. since: when it began, if not now.

    Errors: Refused("choice_unknown", field="reason"), ("pause_in_future", field="since"), ("pause_before_report", field="since"),
    ("calls_missing", field="reason") when the customer cannot be reached and fewer than three calls are logged, not_allowed, stale.
    """
    ticket = tickets.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "ticket.hold", ticket)
    why = chosen(PauseReason, reason, field="reason")
    if why in BY_STEPS:
        raise Refused("choice_unknown", field="reason")
    begun = since or now
    if begun > now:
        raise Refused("pause_in_future", field="since")
    if begun < ticket.round_started_at:
        raise Refused("pause_before_report", field="since")
    if why == PauseReason.UNREACHABLE:
        _require_calls(viewer, ticket)
    clocks.make_pause(viewer, ticket, why, note=note.strip(), at=begun)
    _note(viewer, ticket, "hold", why, note.strip(), at=begun, now=now)
    return ticket


@transaction.atomic
def go_on(*, viewer: Viewer, public_id: str, expected_version: int | None, note: str = "", now: datetime) -> Ticket:
    """End the pauses that are open. Errors: not_allowed when there is none, stale."""
    ticket = tickets.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "ticket.go_on", ticket)
    clocks.end_pauses(viewer, known.pauses_of_round(viewer, ticket.pk, ticket.round), now)
    _note(viewer, ticket, "go_on", None, note.strip(), at=now, now=now)
    return ticket


def _require_calls(viewer: Viewer, ticket: Ticket) -> None:
    calls = Entry.objects.visible_to(viewer).filter(
        ticket=ticket, kind=EntryKind.CALL, at__gte=ticket.round_started_at, facts__reached=False
    )
    if calls.count() < CALLS:
        raise Refused("calls_missing", field="reason", n=CALLS)


def _note(
    viewer: Viewer, ticket: Ticket, verb: str, why: PauseReason | None, text: str, *, at: datetime, now: datetime
) -> None:
    """The timeline, the version, and all clocks anew."""
    ticket.version += 1
    ticket.save(update_fields=["version", "updated_at"])
    facts = {} if why is None else {"why": why.value}
    write_entry(viewer, ticket, EntryKind.FACT, verb=verb, text=text, facts=facts, at=at, now=now)
    clocks.reckon_again(viewer, ticket, now)


@transaction.atomic
def reverse_pause(
    *, viewer: Viewer, public_id: str, expected_version: int | None, pause: str, reason: str, now: datetime
) -> Ticket:
    """The office takes a pause back: its time counts again. The dealer's running clocks are reckoned anew.

    pause: id of one of the round's pauses that stands.
    Errors: Refused("reason_missing", field="reason"), ("choice_unknown", field="pause"), not_allowed, stale.
    """
    ticket = tickets.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "ticket.reverse_pause", ticket)
    why = said(reason)
    standing = {
        str(row.pk): row for row in known.pauses_of_round(viewer, ticket.pk, ticket.round) if row.reversed_at is None
    }
    if pause not in standing:
        raise Refused("choice_unknown", field="pause")
    taken = standing[pause]
    ClockPause.objects.visible_to(viewer).filter(pk=taken.pk).update(
        reversed_at=now, reversed_by=viewer.name, reversed_reason=why
    )
    _note(viewer, ticket, "pause_reversed", PauseReason(taken.reason), why, at=now, now=now)
    return ticket
