"""迟到原因: who came late says why (domain.md 5.4). Asked for after the arrival, never before it: a check-in waits for nothing."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from core import rights
from core.tenancy import Viewer
from tickets.enums import ClockKind, EntryKind, LateReason
from tickets.models import Clock, Ticket
from tickets.operations.steps import chosen, fits, said, write_entry
from tickets.queries import tickets


@transaction.atomic
def explain_late(
    *, viewer: Viewer, public_id: str, expected_version: int | None, reason: str, note: str = "", now: datetime
) -> Ticket:
    """Say why the arrival of the present round was late. reason: of `LateReason`; note: ≤ 200 characters, wanted for another reason.

    Effects: reason and note on the clock of the arrival, the slip can be completed, timeline.
    Errors: Refused("choice_unknown", field="reason"), ("reason_missing", field="note"), ("text_too_long", field="note"),
    not_allowed when nobody is late or the reason is known, stale.
    """
    ticket = tickets.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "ticket.explain_late", ticket)
    why = chosen(LateReason, reason, field="reason")
    words = fits(note, 200, field="note")
    if why is LateReason.OTHER:
        said(words, field="note")
    arrivals = Clock.objects.visible_to(viewer).filter(ticket=ticket, round=ticket.round, kind=ClockKind.ARRIVAL)
    arrivals.update(late_reason=why, late_note=words, version=F("version") + 1, updated_at=now)
    ticket.late_unexplained = False
    ticket.version += 1
    ticket.save(update_fields=["late_unexplained", "version", "updated_at"])
    write_entry(
        viewer, ticket, EntryKind.FACT, verb="explain_late", text=words, facts={"late": why.value}, at=now, now=now
    )
    return ticket
