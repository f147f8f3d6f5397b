"""The pieces every operation on a ticket is made of: take a step, write the timeline, keep the shared columns."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from django.db.models import TextChoices

from core import rights, transitions
from core.errors import Refused
from core.tenancy import Tier, Viewer
from equipment.models import Machine
from partners.enums import BY_LINK
from partners.models import Shared
from tickets.enums import EntryKind
from tickets.models import Entry, Ticket
from tickets.operations import clocks
from tickets.workflow import TICKET

C = TypeVar("C", bound=TextChoices)


def columns_of(parent: Shared) -> dict[str, Any]:
    """The tenant columns that a child row carries, those of its parent: a ticket, a claim."""
    return {
        "dealer_id": parent.dealer_id,
        "manufacturer_id": parent.manufacturer_id,
        "office_id": parent.office_id,
        "shared_with_maker": parent.shared_with_maker,
    }


def authored(viewer: Viewer, now: datetime) -> dict[str, Any]:
    """The columns of a line that is written once: when, and who wrote it, as he is now."""
    return {
        "at": now,
        "author_id": viewer.person_id,
        "author_name": viewer.name,
        "author_organisation": viewer.org_name,
    }


def take_step(
    viewer: Viewer,
    ticket: Ticket,
    verb: str,
    *,
    now: datetime,
    at: datetime | None = None,
    text: str = "",
    facts: dict[str, Any] | None = None,
) -> None:
    """Ask the rights table, move the locked ticket along its table, save it and write the timeline.

    at: when it happened, if not now. Errors: Refused("not_allowed", 403), Refused("wrong_state", 409), the guard's code.
    """
    rights.require(viewer, f"ticket.{verb}", ticket)
    move(viewer, ticket, verb, now=now, at=at, text=text, facts=facts)


def move(
    viewer: Viewer,
    ticket: Ticket,
    verb: str,
    *,
    now: datetime,
    at: datetime | None = None,
    text: str = "",
    facts: dict[str, Any] | None = None,
) -> None:
    """The same without asking the table: for steps that follow from a slip, whose own right was asked."""
    done = transitions.step(TICKET, ticket, verb)
    clocks.follow(viewer, ticket, verb, at=at or now, now=now)
    ticket.save()
    write_entry(
        viewer,
        ticket,
        EntryKind.STEP,
        verb=verb,
        source_state=done.source,
        target_state=done.target,
        text=text,
        facts=facts or {},
        at=at or now,
        now=now,
    )


def write_entry(
    viewer: Viewer, ticket: Ticket, kind: EntryKind, *, now: datetime, at: datetime | None = None, **values: Any
) -> Entry:
    """One line of the timeline, with the author as he is now; an internal line is never shared."""
    columns = columns_of(ticket)
    columns["shared_with_maker"] = ticket.shared_with_maker and not values.get("internal", False)
    values["text"] = values.get("text", "")[:500]
    entry = Entry(
        kind=kind,
        at=at or now,
        recorded_at=now,
        author_id=viewer.person_id,
        author_name=viewer.name,
        author_organisation=viewer.org_name,
        author_tier=(Tier.OUTSIDE if viewer.has(BY_LINK) else viewer.tier).value,
        **columns,
        **values,
    )
    entry.ticket = ticket
    entry.save(force_insert=True)
    return entry


def machine_copy(machine: Machine) -> dict[str, object]:
    """What a ticket keeps of a machine."""
    return {
        "product_type": machine.product_type,
        "model": machine.model,
        "serial_number": machine.serial_number,
        "ex_factory_on": machine.ex_factory_on,
        "batch": machine.batch,
        "location": machine.location,
        "conditions": list(machine.conditions),
    }


def said(text: str, *, field: str = "reason", code: str = "reason_missing") -> str:
    """What somebody must write, without blanks around it. Errors: Refused(code, field=field) when it is empty."""
    kept = text.strip()
    if not kept:
        raise Refused(code, field=field)
    return kept[:200]


def chosen(kind: type[C], value: str, *, field: str) -> C:
    """The member of an enum. Errors: Refused("choice_unknown", field=field) for a word that is not in it."""
    try:
        return kind(value)
    except ValueError:
        raise Refused("choice_unknown", field=field) from None


def fits(text: str, length: int, *, field: str) -> str:
    """The text without blanks around it. Errors: Refused("text_too_long", field=field) beyond `length` characters."""
    kept = text.strip()
    if len(kept) > length:
        raise Refused("text_too_long", field=field, n=length)
    return kept
