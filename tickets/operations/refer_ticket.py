"""转派: the manufacturer gives a user's case to a dealer, and to another one when the first asks for it (domain.md 6).

The manufacturer writes the referral; ticket, customer and machine are made at the dealer's by a job under his own role
(`jobs.for_partner`), so that nobody reads or writes another's tables.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from core import jobs, rights, transitions
from core.errors import Refused
from core.tenancy import Tier, Viewer
from core.typed import digits
from equipment.models import Customer, Machine, ProductLine
from equipment.operations.customers import CustomerFacts, add_customer
from equipment.operations.machines import MachineFacts, add_machine
from equipment.queries import machines
from partners.enums import BY_REFERRAL
from tickets import notices
from tickets.enums import EntryKind, ReferralState, Source, TicketState, Urgency
from tickets.models import Referral, Ticket
from tickets.operations.dispatch import end_assignments
from tickets.operations.report_fault import Report, report_fault
from tickets.operations.steps import chosen, fits, move, said, write_entry
from tickets.operations.void_slip import void_numbered
from tickets.queries import referrals, tickets
from tickets.workflow import REFERRAL, TICKET

ARRIVE, TRANSFERRED = "tickets.referral_arrives", "tickets.referral_transferred"


@dataclass(frozen=True)
class Case:
    """What the hotline or the office wrote down. line: of the own manufacturer, or None; reported_at: when the customer told it."""

    customer_name: str
    phone: str
    fault: str
    product_type: str
    model: str
    contact: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    address: str = ""
    host_machine: str = ""
    line: ProductLine | None = None
    serial_number: str = ""
    urgency: str = Urgency.NORMAL
    reported_at: datetime | None = None
    note: str = ""


# ── the manufacturer's side ──────────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def refer_ticket(*, viewer: Viewer, case: Case, dealer: str, now: datetime) -> Referral:
    """Refer a case to a dealer. dealer: public id of one of those with whom the viewer's organisation works.

    He cannot refuse it. Effects: the referral, and a job that makes customer, machine and ticket at the dealer's; t0 of his clock is that
    moment. Errors: not_allowed, ("dealer_missing", field="dealer"), ("fault_missing"), ("customer_missing"), ("phone_missing"),
    ("model_missing", field="model"), ("reported_in_future"), ("text_too_long"), ("choice_unknown").
    """
    rights.require(viewer, "referral.send")
    told = case.reported_at or now
    if told > now + timedelta(minutes=1):
        raise Refused("reported_in_future", field="reported_at")
    said(case.customer_name, field="customer_name", code="customer_missing")
    said(case.phone, field="phone", code="phone_missing")
    said(case.model, field="model", code="model_missing")
    if len(case.fault.strip()) < 4:
        raise Refused("fault_missing", field="fault")
    referral = Referral(
        manufacturer_id=viewer.maker,
        source=Source.HQ_REFERRAL if viewer.tier is Tier.HQ else Source.OFFICE_REFERRAL,
        sender_id=viewer.org,
        phone_digits=digits(case.phone)[:20],
        line=case.line,
        urgency=chosen(Urgency, case.urgency, field="urgency"),
        customer_reported_at=min(told, now),
        **{
            name: fits(getattr(case, name), length, field=name)
            for name, length in {
                "customer_name": 60, "phone": 30, "fault": 200, "product_type": 40, "model": 60, "contact": 20, "province": 20,
                "city": 30, "district": 30, "address": 100, "host_machine": 60, "serial_number": 40, "note": 200,
            }.items()
        },
    )  # fmt: skip
    return _send(viewer, referral, dealer, frozenset(), now)


@transaction.atomic
def redirect_referral(
    *, viewer: Viewer, public_id: str, expected_version: int | None, dealer: str, reason: str, now: datetime
) -> Referral:
    """改派: another dealer is asked, because the first has asked for it; his clock runs on until the other one accepts.

    Returns the new referral. Errors: NotFound, not_allowed, wrong_state, stale, ("dealer_missing", field="dealer").
    """
    first, ticket = _lock(viewer, public_id, expected_version)
    rights.require(viewer, "referral.redirect", first)
    had = referrals.thread(viewer, first)
    _decide(viewer, first, ticket, "redirect", fits(reason, 200, field="reason"), now)
    further = Referral(sequence=max(one.sequence for one in had) + 1, **referrals.facts_of(first))
    made = _send(viewer, further, dealer, frozenset(one.dealer_id for one in had), now)
    notices.referral_told(viewer, first, first.dealer_id, "redirected", now)
    return made


@transaction.atomic
def insist(*, viewer: Viewer, public_id: str, expected_version: int | None, reason: str, now: datetime) -> Referral:
    """The case stays with the dealer who asked for a transfer, with reason. Errors: NotFound, reason_missing, not_allowed, wrong_state, stale."""
    referral, ticket = _lock(viewer, public_id, expected_version)
    rights.require(viewer, "referral.insist", referral)
    _decide(viewer, referral, ticket, "insist", said(reason), now)
    notices.referral_told(viewer, referral, referral.dealer_id, "insisted", now)
    return referral


def _lock(viewer: Viewer, public_id: str, version: int | None) -> tuple[Referral, Ticket | None]:
    """The referral and its ticket, locked in the one order of the house: ticket first."""
    known = referrals.ticket_of(viewer, referrals.one(viewer, public_id))
    ticket = tickets.lock(viewer, known.public_id, version=None) if known else None
    return referrals.lock(viewer, public_id, version=version), ticket


def _decide(viewer: Viewer, referral: Referral, ticket: Ticket | None, verb: str, why: str, now: datetime) -> None:
    transitions.step(REFERRAL, referral, verb)
    referral.decided_at, referral.decided_by, referral.decision = now, viewer.name, why
    referral.save()
    if ticket is not None:
        Ticket.objects.visible_to(viewer).filter(pk=ticket.pk).update(transfer_asked_at=None)
        write_entry(viewer, ticket, EntryKind.FACT, verb=f"referral_{verb}", text=why, now=now)


def _send(viewer: Viewer, referral: Referral, dealer: str, had: frozenset[int], now: datetime) -> Referral:
    place = referrals.Place(referral.province, referral.city, referral.district)
    found = next(
        (one for one in referrals.candidates(viewer, place, None, without=had) if one.public_id == dealer), None
    )
    if found is None:
        raise Refused("dealer_missing", field="dealer")
    referral.dealer_id, referral.office_id, referral.shared_with_maker = found.dealer_id, found.office_id, True
    referral.sent_at, referral.sent_by, referral.sent_by_id, referral.sent_from = (
        now,
        viewer.name,
        viewer.person_id,
        viewer.org_name,
    )
    referral.save(force_insert=True)
    if not jobs.for_partner(ARRIVE, viewer=viewer, receiver=referral.dealer_id, now=now, referral=referral.pk):
        raise Refused("dealer_missing", field="dealer")
    return referral


# ── the dealer's side ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def receive_referral(*, viewer: Viewer, referral_id: int, now: datetime) -> Ticket | None:
    """The referral arrives: customer, machine and ticket are made of its copy; t0 is now. For the job under the dealer's role.

    A machine whose number the dealer knows keeps its customer. Done twice it is one ticket. None when there is nothing to do.
    """
    referral = referrals.lock_by_id(viewer, referral_id)
    if referral is None or referral.state != ReferralState.SENT:
        return None
    sender = replace(
        viewer, roles=frozenset({BY_REFERRAL}), name=referral.sent_by, org_name=referral.sent_from, person_id=None
    )
    machine = (
        machines.with_serial(viewer, referral.manufacturer_id, referral.serial_number)
        if referral.serial_number
        else None
    )
    if machine is None or not machine.active:
        machine = _new_machine(sender, _new_customer(sender, referral, now), referral, machine is not None, now)
    report = Report(
        fault=referral.fault,
        source=referral.source,
        urgency=referral.urgency,
        reported_at=now,
        reporter=referral.contact,
        reporter_phone=referral.phone,
        contact=referral.contact,
        phone=referral.phone,
    )
    ticket = report_fault(viewer=sender, customer=machine.customer, machines=[machine], report=report, now=now)
    ticket.referral, ticket.customer_reported_at = referral, referral.customer_reported_at
    ticket.referred_by = " · ".join(part for part in (referral.sent_from, referral.sent_by) if part)[:80]
    ticket.save()
    if referral.note:
        write_entry(sender, ticket, EntryKind.NOTE, text=referral.note, now=now)
    transitions.step(REFERRAL, referral, "arrive")
    referral.arrived_at = now
    referral.save()
    notices.tell_referred(viewer, ticket, now)
    return ticket


def _new_customer(sender: Viewer, referral: Referral, now: datetime) -> Customer:
    names = ("phone", "contact", "province", "city", "district", "address")
    facts = CustomerFacts(name=referral.customer_name, **{name: getattr(referral, name) for name in names})
    return add_customer(viewer=sender, facts=facts, now=now)


def _new_machine(sender: Viewer, customer: Customer, referral: Referral, scrapped: bool, now: datetime) -> Machine:
    facts = MachineFacts(
        manufacturer_id=referral.manufacturer_id,
        product_type=referral.product_type,
        model=referral.model,
        serial_number="" if scrapped else referral.serial_number,
        host_model=referral.host_machine[:40],
        note=referral.serial_number if scrapped else "",
    )
    return add_machine(viewer=sender, customer=customer, facts=facts, now=now)


@transaction.atomic
def ask_transfer(*, viewer: Viewer, public_id: str, expected_version: int | None, reason: str, now: datetime) -> Ticket:
    """申请改派: a referral is not refused; the dealer asks for another one to take it, and his clock runs on until then.

    Errors: NotFound, reason_missing, not_allowed, wrong_state, stale.
    """
    ticket = tickets.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "ticket.ask_transfer", ticket)
    referral = referrals.lock_by_id(viewer, ticket.referral_id or 0)
    if referral is None:
        raise Refused("wrong_state", status=409)
    referral.ask_reason, referral.asked_at, referral.asked_by = said(reason), now, viewer.name
    transitions.step(REFERRAL, referral, "ask")
    referral.save()
    ticket.transfer_asked_at = now
    ticket.version += 1
    ticket.save()
    write_entry(viewer, ticket, EntryKind.FACT, verb="ask_transfer", text=referral.ask_reason, now=now)
    notices.referral_told(viewer, referral, referral.sender_id, "asked", now)
    return ticket


# ── when another dealer has accepted ─────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def end_earlier(*, viewer: Viewer, referral_id: int, now: datetime) -> None:
    """The case was accepted: earlier referrals of it end, each by a job at its dealer's. For the job under the manufacturer's role."""
    referral = referrals.by_id(viewer, referral_id)
    if referral is None:
        return
    if referral.sender_id == viewer.org:
        notices.tell_referral(viewer, referral, "accepted", now)
    for earlier in referrals.others_of_thread(viewer, referral):
        transitions.step(REFERRAL, earlier, "transfer")
        earlier.save()
        jobs.for_partner(TRANSFERRED, viewer=viewer, receiver=earlier.dealer_id, now=now, referral=earlier.pk)


@transaction.atomic
def end_as_transferred(*, viewer: Viewer, referral_id: int, now: datetime) -> Ticket | None:
    """已改派: another dealer has accepted; this one's ticket ends, whoever is sent is told. For the job under the dealer's role.

    A ticket whose slip waits for its signature, or that is finished, stays as it is. Done twice it ends once.
    """
    found = Ticket.objects.visible_to(viewer).filter(referral_id=referral_id).first()
    if found is None:
        return None
    ticket = tickets.for_update(viewer).get(pk=found.pk)
    if TICKET.find(ticket.state, "transfer") is None:
        if ticket.state != TicketState.TRANSFERRED:
            write_entry(viewer, ticket, EntryKind.FACT, verb="transfer_late", now=now)
        return None
    ticket.closed_at, ticket.transfer_asked_at = now, None
    ticket.end_reason = ""
    sent = end_assignments(viewer, ticket, now=now, reason="")
    move(viewer, ticket, "transfer", now=now, facts={"automatic": True})
    void_numbered(viewer, ticket, reason="已改派", now=now)
    notices.tell_dispatch_ended(viewer, ticket, sent, now)
    notices.tell_transferred(viewer, ticket, now)
    return ticket
