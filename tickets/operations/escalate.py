"""The dealer's side of an escalation: draft, submit, withdraw, confirm or send back (domain.md 7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from core import rights, transitions
from core.calendars import local_date
from core.errors import Refused, constraints
from core.numbering import next_number
from core.tenancy import Viewer
from partners.queries import deputies, partnerships
from partners.queries.deputies import Named
from tickets import notices
from tickets.calculations import escalation_limits, readings
from tickets.enums import (
    SUPPORTING,
    EntryKind,
    EscalationReason,
    EscalationState,
    MachineFamily,
    Urgency,
    WantedSupport,
)
from tickets.models import Escalation, Ticket, TicketMachine
from tickets.operations.share_ticket import share
from tickets.operations.steps import chosen, columns_of, fits, said, write_entry
from tickets.queries import escalations, tickets
from tickets.workflow import ESCALATION


@dataclass(frozen=True)
class Facts:
    """What the dealer writes. machine: key of a machine on the ticket; photos: public ids of the ticket's photos.

    readings: code of the table -> what was measured; down_hours: how long the machine has stood, 0 = it runs; wanted_by: aware.
    """

    phenomenon: str = ""
    reason: str = EscalationReason.TECHNICAL
    checked: str = ""
    readings: Mapping[str, str] | None = None
    machine: int = 0
    batch: str = ""
    photos: Sequence[str] = ()
    down_hours: Decimal | None = None
    wanted: str = WantedSupport.PHONE
    wanted_by: datetime | None = None


@transaction.atomic
def save_draft(
    *, viewer: Viewer, ticket_public_id: str, facts: Facts, expected_version: int | None = None, now: datetime
) -> Escalation:
    """Begin a request for support on a ticket, or write on in the one that is begun; nobody else sees it yet.

    expected_version: of the draft that the page showed, None = not compared. Errors: NotFound, stale, not_allowed, Refused("maker_not_listed", 409), ("escalation_open", 409) when one is on its way already,
    ("text_too_long"), ("choice_unknown"), ("photo_unknown", field="photos").
    """
    ticket = tickets.lock(viewer, ticket_public_id, version=None)
    rights.require(viewer, "ticket.escalate", ticket)
    partnership = partnerships.with_maker(viewer, ticket.manufacturer_id)
    if partnership is None or not partnership.listed:
        raise Refused("maker_not_listed", status=409)
    draft = escalations.open_on(viewer, ticket)
    if draft is not None and draft.state != EscalationState.DRAFT:
        raise Refused("escalation_open", status=409, number=draft.number)
    if draft is not None and expected_version not in (None, draft.version):
        raise Refused("stale", status=409, who=draft.begun_by, when="")
    if draft is None:
        columns = columns_of(ticket) | {"office_id": partnership.office_id, "shared_with_maker": False}
        draft = Escalation(
            ticket=ticket, begun_at=now, due_at=now, begun_by=viewer.name, begun_by_id=viewer.person_id, **columns
        )
    else:
        draft.version += 1
    draft.ticket = ticket
    _fill(viewer, draft, facts)
    with constraints(one_open_escalation_per_ticket="phenomenon"):
        draft.save()
    return draft


@transaction.atomic
def submit(*, viewer: Viewer, public_id: str, expected_version: int | None, to: str = "", now: datetime) -> Escalation:
    """Send the request to the office in charge, without one to headquarters. The ticket becomes shared with the manufacturer.

    to: public id of a contact whom the receiver shows, "" = whoever is there; who is on leave is replaced by his deputy.
    Effects: number SJ-…, due instant of the acceptance, flag 厂家支持中, a line of the timeline, a notice to the receiver, a job that looks
    whether it was accepted in time. Errors: NotFound, not_allowed, wrong_state, stale, ("phenomenon_poor", field="phenomenon"),
    ("readings_missing", field="readings"), ("photos_missing", field="photos"), ("colleague_unknown", field="to").
    """
    escalation = escalations.lock(viewer, public_id, version=expected_version)
    ticket = escalation.ticket
    rights.require(viewer, "escalation.submit", escalation)
    require_quality(viewer, escalation)
    partnership = partnerships.require_holding(
        viewer, dealer_id=ticket.dealer_id, manufacturer_id=ticket.manufacturer_id
    )
    escalation.office_id = partnership.office_id
    who = "office" if partnership.office_id else "hq"
    receiver = partnership.office_id or ticket.manufacturer_id
    person = _named(viewer, receiver, to, now)
    if not ticket.shared_with_maker:
        share(viewer, ticket, partnership.office_id, now=now)
    escalation.shared_with_maker = True
    escalation.number = next_number(series="SJ", dealer_id=viewer.org, dealer_code=viewer.org_code, day=local_date(now))
    escalation.urgent = ticket.urgency == Urgency.STOPPED or escalation.reason == EscalationReason.SAFETY
    escalation.submitted_at = now
    name_person(escalation, person)
    wait(escalation, who, now)
    step(viewer, escalation, "submit" if partnership.office_id else "submit_to_hq", now=now, facts=facts_of(person))
    ticket.supported_since = ticket.supported_since or now
    keep_flag(viewer, ticket)
    notices.escalation_came(viewer, escalation, receiver, now)
    notices.watch_acceptance(viewer, escalation, receiver, now)
    return escalation


@transaction.atomic
def discard(*, viewer: Viewer, public_id: str, expected_version: int | None, now: datetime) -> None:
    """Throw a draft away. Errors: NotFound, not_allowed, wrong_state, stale."""
    escalation = escalations.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "escalation.discard", escalation)
    escalation.delete()


@transaction.atomic
def withdraw(*, viewer: Viewer, public_id: str, expected_version: int | None, reason: str, now: datetime) -> Escalation:
    """撤回: the dealer needs no help any more, with reason. Errors: NotFound, reason_missing, not_allowed, wrong_state, stale."""
    escalation = escalations.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "escalation.withdraw", escalation)
    receiver = receiver_of(escalation)
    escalation.end_reason, escalation.closed_at = said(reason), now
    step(viewer, escalation, "withdraw", now=now, text=escalation.end_reason)
    end_flag(viewer, escalation)
    notices.escalation_told(viewer, escalation, receiver, "withdrawn", now)
    return escalation


@transaction.atomic
def confirm(*, viewer: Viewer, public_id: str, expected_version: int | None, note: str, now: datetime) -> Escalation:
    """已解决: the answer helped; the escalation is closed. Errors: NotFound, not_allowed, wrong_state, stale, text_too_long."""
    escalation = escalations.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "escalation.confirm", escalation)
    escalation.end_reason, escalation.closed_at = fits(note, 200, field="note"), now
    step(viewer, escalation, "confirm", now=now, text=escalation.end_reason)
    end_flag(viewer, escalation)
    notices.escalation_told(viewer, escalation, receiver_of(escalation), "solved", now)
    return escalation


@transaction.atomic
def send_back(
    *, viewer: Viewer, public_id: str, expected_version: int | None, reason: str, now: datetime
) -> Escalation:
    """未解决退回: the answer did not help; whoever answered goes on, with a new time for his answer.

    Errors: NotFound, reason_missing, not_allowed, wrong_state, stale.
    """
    escalation = escalations.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "escalation.send_back", escalation)
    why = said(reason)
    who = "hq" if escalation.answered_by_hq else "office"
    escalation.due_at = escalation_limits.due(who, "answer", now, urgent=escalation.urgent)
    step(viewer, escalation, "send_back_to_hq" if who == "hq" else "send_back", now=now, text=why)
    receiver = receiver_of(escalation)
    notices.escalation_told(viewer, escalation, receiver, "sent_back", now)
    notices.watch_answer(viewer, escalation, receiver, now)
    return escalation


# ── pieces, also for office and HQ (operations/support.py) ───────────────────────────────────────────────────────────────────────


def step(
    viewer: Viewer,
    escalation: Escalation,
    verb: str,
    *,
    now: datetime,
    text: str = "",
    facts: dict[str, Any] | None = None,
) -> None:
    """Move the locked escalation along its table, save it, and write who, when and why on the ticket's timeline."""
    done = transitions.step(ESCALATION, escalation, verb)
    escalation.save()
    more = {"escalation": escalation.public_id, "number": escalation.number, "from": done.source, "to": done.target}
    write_entry(
        viewer,
        escalation.ticket,
        EntryKind.FACT,
        verb=f"support_{verb}"[:20],
        text=text,
        facts=more | (facts or {}),
        now=now,
    )


def wait(escalation: Escalation, who: str, now: datetime) -> None:
    """From now on it waits for `who` ("office", "hq") to accept it."""
    escalation.waiting_since, escalation.accepted_at, escalation.accepted_by = now, None, ""
    escalation.due_at = escalation_limits.due(who, "accept", now, urgent=escalation.urgent)


def name_person(escalation: Escalation, person: Named | None) -> None:
    """Whom the step names; None = nobody in particular."""
    escalation.named_id = person.person_id if person else None
    escalation.named = person.name if person else ""
    escalation.department = person.department if person else ""


def facts_of(person: Named | None) -> dict[str, Any]:
    """What the timeline says of him."""
    if person is None:
        return {}
    return {"named": person.name} | ({"instead_of": person.instead_of} if person.instead_of else {})


def receiver_of(escalation: Escalation) -> int:
    """The organisation of the manufacturer's side whose turn it is, or who answered last."""
    hq = escalation.state in (EscalationState.WAIT_HQ, EscalationState.AT_HQ) or (
        escalation.state not in (EscalationState.WAIT_OFFICE, EscalationState.AT_OFFICE) and escalation.answered_by_hq
    )
    return escalation.manufacturer_id if hq or escalation.office_id is None else escalation.office_id


def end_flag(viewer: Viewer, escalation: Escalation) -> None:
    """厂家支持中 ends with the last open escalation of the ticket."""
    rows = Escalation.objects.visible_to(viewer).filter(ticket=escalation.ticket_id, state__in=SUPPORTING)
    if not rows.exclude(pk=escalation.pk).exists():
        escalation.ticket.supported_since = None
        keep_flag(viewer, escalation.ticket)


def keep_flag(viewer: Viewer, ticket: Ticket) -> None:
    """Write the flag alone: the ticket's page is not stale by it."""
    Ticket.objects.visible_to(viewer).filter(pk=ticket.pk).update(supported_since=ticket.supported_since)


def require_quality(viewer: Viewer, escalation: Escalation) -> None:
    """Refuse a request from which nobody could help (domain.md 7): words that say nothing, missing readings, no photo."""
    if readings.says_too_little(escalation.phenomenon):
        raise Refused("phenomenon_poor", field="phenomenon")
    lacking = readings.missing(escalation.family, escalation.readings)
    if lacking:
        raise Refused("readings_missing", field=f"r_{lacking[0]}", n=len(lacking))
    if not escalations.photos(viewer, escalation):
        raise Refused("photos_missing_here", field="photos")


def _named(viewer: Viewer, receiver: int, to: str, now: datetime) -> Named | None:
    if not to:
        return None
    return deputies.named(deputies.contacts(viewer, receiver), to, local_date(now))


def _fill(viewer: Viewer, draft: Escalation, facts: Facts) -> None:
    draft.reason = chosen(EscalationReason, facts.reason, field="reason")
    draft.wanted = chosen(WantedSupport, facts.wanted, field="wanted")
    draft.phenomenon = fits(facts.phenomenon, 500, field="phenomenon")
    draft.checked = fits(facts.checked, 500, field="checked")
    draft.batch = fits(facts.batch, 30, field="batch")
    draft.down_hours, draft.wanted_by = facts.down_hours, facts.wanted_by
    _take_machine(viewer, draft, facts.machine)
    known = {reading.code for reading in readings.READINGS[draft.family]}
    given = {
        code: fits(value, 100, field=f"r_{code}") for code, value in (facts.readings or {}).items() if code in known
    }
    draft.readings = {code: value for code, value in given.items() if value}
    photos = {photo.public_id: photo.pk for photo in tickets.photos(viewer, draft.ticket) if not photo.internal}
    if not set(facts.photos) <= photos.keys():
        raise Refused("photo_unknown", field="photos")
    draft.photo_ids = [photos[key] for key in dict.fromkeys(facts.photos)]


def _take_machine(viewer: Viewer, draft: Escalation, machine: int) -> None:
    on_ticket: list[TicketMachine] = tickets.machines(viewer, draft.ticket)
    found = next((item for item in on_ticket if item.pk == machine), on_ticket[0] if on_ticket else None)
    if found is None:
        draft.family = MachineFamily.OTHER
        return
    draft.family = readings.family_of(found.product_type)
    draft.product_type, draft.model, draft.serial_number = found.product_type, found.model, found.serial_number
    draft.batch = draft.batch or found.batch
