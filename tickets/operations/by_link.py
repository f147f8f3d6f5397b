"""What customers without account write, by a code or a link (domain.md 18.4, 18.5).

A link opens a few rows for reading (role app_outside). Writing goes through the dealer's own operations, as the dealer, by a viewer
that has no role but `BY_LINK`; what it may do stands in the rights table.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from core import rights
from core.errors import NotFound, Refused
from core.tenancy import Link, Viewer
from equipment.models import Customer, Machine
from equipment.operations.customers import CustomerFacts, add_customer
from equipment.operations.machines import MachineFacts, add_machine
from equipment.queries import customers, machines
from tickets import notices
from tickets.enums import EntryKind, LinkKind, PhotoSlot, PhotoSource, Source
from tickets.models import PublicLink, Slip, Ticket
from tickets.operations.photos import Shot, add_photo
from tickets.operations.report_fault import Report, report_fault
from tickets.operations.sign_slip import Answer, confirm_by_name, sign_slip
from tickets.operations.steps import said, write_entry
from tickets.queries import public, slips, tickets

SIGN_HOURS = 72  # domain.md 18.5
MAX_PHOTOS = 6


@dataclass(frozen=True)
class Told:
    """What the customer typed. photos: the files as sent. op: the form's random key; the same again is the same report."""

    fault: str
    urgency: str
    name: str
    phone: str
    op: str
    photos: Sequence[bytes] = ()


@dataclass(frozen=True)
class NewMachine:
    """A machine without sticker, and whose it is, as the customer typed them. maker: public id."""

    company: str
    address: str
    maker: str
    model: str
    product_type: str
    serial_number: str = ""


# ── reports ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def report_machine(*, viewer: Viewer, told: Told, now: datetime) -> str:
    """A report at a machine's sticker becomes a ticket of its dealer, source QR; returns the token of its progress page.

    The same form sent twice is one report. Errors: Refused("machine_scrapped", 410), those of `report_fault` and of `core.images`.
    """

    def enter(mine: Viewer) -> Ticket:
        found = (
            Machine.objects.visible_to(mine)
            .select_related("customer")
            .one(id=viewer.link.machine if viewer.link else 0)
        )
        if not found.active:
            raise Refused("machine_scrapped", status=410)
        return _ticket(mine, found.customer, found, told, now)

    return _report(viewer, told, now, enter)


def report_without_sticker(*, viewer: Viewer, told: Told, where: NewMachine, now: datetime) -> str:
    """A report at a dealer's own page: customer and machine are entered as typed, unless the dealer has exactly these already.

    What the dealer has already is not told. Returns and errors as `report_machine`, Refused("manufacturer_unknown").
    """

    def enter(mine: Viewer) -> Ticket:
        customer = _customer(mine, told, where, now)
        return _ticket(mine, customer, _machine(mine, customer, where, now), told, now)

    return _report(viewer, told, now, enter)


def _report(viewer: Viewer, told: Told, now: datetime, enter: Callable[[Viewer], Ticket]) -> str:
    key = hashlib.sha256(f"{viewer.link} {told.op}".encode()).hexdigest()[:32]  # of this form at this sticker
    told = replace(told, op=key)
    try:
        with public.as_dealer(viewer, told.name) as mine:
            known = public.link_of_report(mine, told.op)
            if known is not None:
                return public.token_of(known.nonce)
            ticket: Ticket = enter(mine)
            link = _progress_link(mine, ticket, now, op=told.op)
            _photos(mine, ticket, told, now)
            notices.tell_reported(mine, ticket, now)
            return public.token_of(link.nonce)
    except IntegrityError as problem:
        if "public_link_op_unique" not in str(problem):
            raise
    # the same form came in twice at once, and the other was faster
    with public.as_dealer(viewer, told.name) as mine:
        known = public.link_of_report(mine, told.op)
        if known is None:
            raise NotFound
        return public.token_of(known.nonce)


def _ticket(mine: Viewer, customer: Customer, machine: Machine, told: Told, now: datetime) -> Ticket:
    report = Report(
        fault=told.fault,
        source=Source.QR,
        urgency=told.urgency,
        reported_at=now,
        reporter=told.name,
        reporter_phone=told.phone,
        contact=told.name,
        phone=told.phone,
    )
    return report_fault(viewer=mine, customer=customer, machines=[machine], report=report, now=now)


def _photos(mine: Viewer, ticket: Ticket, told: Told, now: datetime) -> None:
    able = replace(mine, link=Link(ticket=ticket.pk))
    for place, content in enumerate(told.photos[:MAX_PHOTOS]):
        shot = Shot(data=content, op=f"{told.op[:36]}-{place}", slot=PhotoSlot.FAULT, source=PhotoSource.ALBUM)
        add_photo(viewer=able, public_id=ticket.public_id, shot=shot, now=now)


def _customer(mine: Viewer, told: Told, where: NewMachine, now: datetime) -> Customer:
    for known in customers.by_phone(mine, told.phone):
        if known.name == where.company.strip() and known.active:
            return known
    facts = CustomerFacts(name=where.company, phone=told.phone, contact=told.name, address=where.address)
    return add_customer(viewer=mine, facts=facts, now=now)


def _machine(mine: Viewer, customer: Customer, where: NewMachine, now: datetime) -> Machine:
    maker = next((found for found in public.makers_of(mine) if found.public_id == where.maker), None)
    if maker is None:
        raise Refused("manufacturer_unknown", field="maker")
    serial, note = where.serial_number.strip(), ""
    known = machines.with_serial(mine, maker.pk, serial) if serial else None
    if known is not None and known.customer_id == customer.pk and known.active:
        return known
    if known is not None:
        serial, note = "", f"出厂编号(客户填写):{serial}"  # it stands elsewhere in the files; the desk clears that up
    facts = MachineFacts(
        manufacturer_id=maker.pk, product_type=where.product_type, model=where.model, serial_number=serial, note=note
    )
    return add_machine(viewer=mine, customer=customer, facts=facts, now=now)


# ── the ticket's own page ────────────────────────────────────────────────────────────────────────────────────────────────────────


def complain(*, viewer: Viewer, text: str, now: datetime) -> None:
    """投诉 by the link: marks the ticket, writes the timeline, tells the desk. A second one adds its words.

    Errors: Refused("text_missing", field="text"), ("partnership_ended", 409).
    """
    ticket_id = public.ticket(viewer).public_id
    words = said(text, field="text", code="text_missing")
    with public.as_dealer(viewer, "") as mine:
        ticket = tickets.lock(mine, ticket_id, version=None)
        rights.require(mine, "ticket.complain", ticket)
        ticket.complained_at = ticket.complained_at or now
        ticket.version += 1
        ticket.save()
        write_entry(mine, ticket, EntryKind.FACT, verb="complain", text=words, internal=True, now=now)
        notices.tell_complaint(mine, ticket, words, now)


@transaction.atomic
def make_progress_link(*, viewer: Viewer, public_id: str, now: datetime) -> str:
    """The token of the ticket's progress page, for the desk to send on; asked again, it is the same.

    Errors: NotFound, Refused("not_allowed", 403).
    """
    ticket = tickets.lock(viewer, public_id, version=None)
    rights.require(viewer, "ticket.link", ticket)
    known = public.progress_link(viewer, ticket)
    return public.token_of((known or _progress_link(viewer, ticket, now)).nonce)


def _progress_link(viewer: Viewer, ticket: Ticket, now: datetime, *, op: str = "") -> PublicLink:
    link = PublicLink(
        dealer_id=viewer.org, kind=LinkKind.PROGRESS, ticket=ticket, op=op, made_by=viewer.name, created_at=now
    )
    link.token_hash = public.token_hash(public.token_of(link.nonce))
    link.save(force_insert=True)
    return link


# ── signing ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def make_sign_link(*, viewer: Viewer, public_id: str, now: datetime) -> str:
    """The token by which the customer signs this slip on his own phone: once, within 72 hours. Earlier ones of the slip end.

    Errors: NotFound, Refused("not_allowed", 403), wrong_state when the slip does not wait for its signature, ("no_number", 409).
    """
    slip = slips.lock(viewer, public_id, version=None)
    rights.require(viewer, "slip.sign", slip)
    if not public.endings(slip.phone):
        raise Refused("no_number", status=409)
    earlier = PublicLink.objects.visible_to(viewer).filter(slip=slip, used_at=None, expires_at__gt=now)
    earlier.update(expires_at=now)
    token = secrets.token_urlsafe(24)
    PublicLink.objects.create(
        dealer_id=viewer.org,
        kind=LinkKind.SIGN,
        ticket=slip.ticket,
        slip=slip,
        token_hash=public.token_hash(token),
        made_by=viewer.name,
        created_at=now,
        expires_at=now + timedelta(hours=SIGN_HOURS),
    )
    return token


def sign_by_link(
    *, viewer: Viewer, link_id: int, expected_version: int, answer: Answer, drawn: bool, now: datetime
) -> Slip:
    """The customer signs on his own phone: the same operation as on the technician's screen; the link is used up.

    viewer: of a link whose four digits were right. Errors: Refused("link_over", 410) when it was used or ended meanwhile, and those of
    `sign_slip` and `confirm_by_name`.
    """
    found = public.slip(viewer)
    if found is None:
        raise NotFound
    with public.as_dealer(viewer, answer.signer or found.contact) as mine:
        slips.lock(mine, found.public_id, version=None)  # before the link, as `make_sign_link` does
        link = PublicLink.objects.visible_to(mine).select_for_update().filter(id=link_id, slip_id=found.pk).first()
        if link is None or link.used_at is not None or link.expires_at is None or link.expires_at <= now:
            raise Refused("link_over", status=410)
        do = sign_slip if drawn else confirm_by_name
        signed = do(viewer=mine, public_id=found.public_id, expected_version=expected_version, answer=answer, now=now)
        link.used_at = now
        link.save(update_fields=["used_at"])
    return signed
