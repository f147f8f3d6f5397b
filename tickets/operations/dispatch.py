"""Who goes: contact, appointment, dispatch, acceptance, refusal, handing back (domain.md 6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from core import rights
from core.calendars import local
from core.errors import Refused
from core.tenancy import Viewer
from partners.models import Person
from partners.queries import people
from tickets import notices
from tickets.enums import Channel
from tickets.models import Assignment, Ticket
from tickets.operations.accept_referral import note_accepted, use_known_customer
from tickets.operations.steps import chosen, columns_of, move, said, take_step
from tickets.queries import tickets


@transaction.atomic
def contact_customer(
    *,
    viewer: Viewer,
    public_id: str,
    expected_version: int | None,
    channel: str,
    note: str,
    customer: str = "",
    now: datetime,
) -> Ticket:
    """已联系客户: somebody of the dealer has spoken with the customer. NEW → CONTACTED. A referral is accepted by it (接收转派).

    customer: public id of a customer of the same number whom the dealer knows: the referred one is he. "" = he is new.
    Errors: Refused("choice_unknown", field="channel" or "customer"), not_allowed, wrong_state, stale.
    """
    ticket = tickets.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "ticket.contact", ticket)
    if customer:
        use_known_customer(viewer=viewer, ticket=ticket, customer=customer, now=now)
    note_accepted(viewer, ticket, now=now)
    ticket.contacted_at, ticket.contact_channel = now, chosen(Channel, channel, field="channel")
    take_step(viewer, ticket, "contact", now=now, text=note.strip(), facts={"channel": ticket.contact_channel})
    return ticket


@transaction.atomic
def make_appointment(
    *,
    viewer: Viewer,
    public_id: str,
    expected_version: int | None,
    appointment_at: datetime,
    agreed_with: str,
    note: str,
    now: datetime,
) -> Ticket:
    """The customer wants a certain time; a further appointment replaces the first (domain.md 5.2).

    Errors: Refused("appointment_in_past"), Refused("agreed_with_missing"), not_allowed, wrong_state, stale.
    """
    ticket = tickets.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "ticket.appoint", ticket)
    if appointment_at <= now:
        raise Refused("appointment_in_past", field="appointment_at")
    person = said(agreed_with, field="agreed_with", code="agreed_with_missing")[:20]
    ticket.appointment_at, ticket.appointment_with = appointment_at, person
    facts = {"appointment": f"{local(appointment_at):%m-%d %H:%M}", "with": person}
    take_step(viewer, ticket, "appoint", now=now, text=note.strip(), facts=facts)
    return ticket


@transaction.atomic
def dispatch(
    *,
    viewer: Viewer,
    public_id: str,
    expected_version: int | None,
    lead: str,
    companions: Sequence[str] = (),
    note: str = "",
    tell: bool = True,
    now: datetime,
) -> Ticket:
    """派工: send a lead and any number of companions (public ids of technicians).

    tell: False when the job is done already, and only has to be written down.
    Effects: assignments, notices to all who are sent and to those who are not any more. From WAIT_PART and WAIT_CUST
    another technician may be sent. Errors: Refused("lead_missing", field="lead"), Refused("companion_unknown",
    field="companions"), not_allowed, wrong_state, stale.
    """
    ticket = tickets.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "ticket.dispatch", ticket)
    able = {person.public_id: person for person in people.technicians(viewer)}
    if lead not in able:
        raise Refused("lead_missing", field="lead")
    if any(companion not in able for companion in companions):
        raise Refused("companion_unknown", field="companions")
    crew = [able[lead]] + [able[key] for key in dict.fromkeys(companions) if key != lead]
    before = end_assignments(viewer, ticket, now=now, reason="")
    ticket.lead_person_id, ticket.lead_name = crew[0].id, crew[0].name
    ticket.crew_ids = [person.id for person in crew]
    ticket.dispatched_at, ticket.wait_reason = now, ""
    take_step(viewer, ticket, "dispatch", now=now, text=note.strip(), facts={"crew": [person.name for person in crew]})
    _assign(ticket, crew, now)
    if tell:
        notices.tell_new_job(viewer, ticket, ticket.crew_ids, now)
    notices.tell_dispatch_ended(viewer, ticket, [key for key in before if key not in ticket.crew_ids], now)
    return ticket


@transaction.atomic
def accept(*, viewer: Viewer, public_id: str, expected_version: int | None, now: datetime) -> Ticket:
    """接单: the lead takes the job."""
    ticket = tickets.lock(viewer, public_id, version=expected_version)
    take_step(viewer, ticket, "accept", now=now)
    return ticket


@transaction.atomic
def refuse(*, viewer: Viewer, public_id: str, expected_version: int | None, reason: str, now: datetime) -> Ticket:
    """退回派工 before accepting, with reason; the dispatchers are told. DISPATCHED → CONTACTED."""
    return _give_back(viewer, public_id, expected_version, "refuse", reason, now)


@transaction.atomic
def hand_back(*, viewer: Viewer, public_id: str, expected_version: int | None, reason: str, now: datetime) -> Ticket:
    """The accepted job goes back to the desk, with reason. ACCEPTED, EN_ROUTE → CONTACTED."""
    return _give_back(viewer, public_id, expected_version, "hand_back", reason, now)


def end_assignments(viewer: Viewer, ticket: Ticket, *, now: datetime, reason: str) -> list[int]:
    """End all running assignments; returns whose they were. The ticket itself is not saved here."""
    sent = list(ticket.crew_ids)
    if sent:
        running = Assignment.objects.visible_to(viewer).filter(ticket=ticket, active=True)
        running.update(active=False, ended_at=now, end_reason=reason[:200])
    ticket.lead_person_id, ticket.lead_name, ticket.crew_ids = None, "", []
    return sent


def _give_back(
    viewer: Viewer, public_id: str, expected_version: int | None, verb: str, reason: str, now: datetime
) -> Ticket:
    ticket = tickets.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, f"ticket.{verb}", ticket)
    why = said(reason)
    was_sent = viewer.person_id in ticket.crew_ids
    sent = end_assignments(viewer, ticket, now=now, reason=why)
    move(viewer, ticket, verb, now=now, text=why)
    if was_sent:
        tell = notices.tell_refused if verb == "refuse" else notices.tell_handed_back
        tell(viewer, ticket, why, now)
    notices.tell_dispatch_ended(viewer, ticket, sent, now)
    return ticket


def _assign(ticket: Ticket, crew: list[Person], now: datetime) -> None:
    Assignment.objects.bulk_create(
        [
            Assignment(
                ticket=ticket,
                round=ticket.round,
                person_id=person.id,
                name=person.name,
                phone=person.phone,
                is_lead=position == 0,
                assigned_at=now,
                **columns_of(ticket),
            )
            for position, person in enumerate(crew)
        ]
    )
