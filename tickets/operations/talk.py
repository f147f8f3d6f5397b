"""Notes and logged calls, at any time, internal or shared; and the telephone number shown on request."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from core import rights
from core.errors import Refused
from core.tenancy import Tier, Viewer
from tickets import rules
from tickets.enums import Channel, EntryKind
from tickets.models import Entry
from tickets.operations.steps import chosen, fits, write_entry
from tickets.queries import tickets


@transaction.atomic
def add_note(*, viewer: Viewer, public_id: str, text: str, internal: bool, now: datetime) -> Entry:
    """Write a note. internal: stays with the dealer; a note of office or HQ is always shared.

    Errors: Refused("text_missing", field="text").
    """
    ticket = tickets.for_writing(viewer, public_id)
    rights.require(viewer, "ticket.note", ticket)
    if not text.strip():
        raise Refused("text_missing", field="text")
    text = fits(text, 500, field="text")
    internal = internal and viewer.tier is Tier.DEALER
    return write_entry(viewer, ticket, EntryKind.NOTE, text=text, internal=internal, now=now)


@transaction.atomic
def log_call(
    *,
    viewer: Viewer,
    public_id: str,
    channel: str,
    reached: bool,
    text: str,
    internal: bool,
    at: datetime | None = None,
    now: datetime,
) -> Entry:
    """Log a call with the customer. reached: somebody answered; three unanswered calls are a reason to wait.

    Errors: Refused("in_future", field="at"), ("choice_unknown"), ("text_too_long").
    """
    ticket = tickets.for_writing(viewer, public_id)
    rights.require(viewer, "ticket.call", ticket)
    at = at or now
    if at > now:
        raise Refused("in_future", field="at")
    facts = {"channel": chosen(Channel, channel, field="channel").value, "reached": reached}
    text = fits(text, 500, field="text")
    return write_entry(viewer, ticket, EntryKind.CALL, text=text, facts=facts, internal=internal, at=at, now=now)


def unmask_phone(*, viewer: Viewer, public_id: str, now: datetime) -> str:
    """The customer's whole number for office or HQ, where domain.md 2.3 allows it; the edge writes the access record.

    Errors: Refused("not_allowed", 403) unless the manufacturer referred the ticket, or supports it now.
    """
    ticket = tickets.one(viewer, public_id)
    rights.require(viewer, "ticket.unmask", ticket)
    if not rules.may_unmask(viewer, ticket):
        raise Refused("not_allowed", status=403)
    return ticket.phone
