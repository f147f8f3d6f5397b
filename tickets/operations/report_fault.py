"""A fault report becomes a ticket (domain.md 6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from core import events, rights
from core.calendars import local_date
from core.errors import NotFound, Refused
from core.numbering import next_number
from core.tenancy import Viewer
from equipment.models import Customer, Machine
from partners.enums import Sharing
from partners.models import Partnership
from partners.queries import partnerships
from tickets.enums import ANSWERED_AT_ONCE, REFERRED, Channel, EntryKind, Source, TicketState, Urgency
from tickets.models import Ticket, TicketMachine
from tickets.operations import clocks, judge
from tickets.operations.steps import chosen, columns_of, fits, machine_copy, write_entry

LATE_TYPING = timedelta(minutes=30)


@dataclass(frozen=True)
class Report:
    """What somebody tells on the phone. reported_at: when he told it first (t0), at most now."""

    fault: str
    source: str = Source.PHONE
    urgency: str = Urgency.NORMAL
    reported_at: datetime | None = None
    reporter: str = ""
    reporter_phone: str = ""
    contact: str = ""
    phone: str = ""
    branch: str = ""


@transaction.atomic
def report_fault(
    *, viewer: Viewer, customer: Customer, machines: Sequence[Machine], report: Report, now: datetime
) -> Ticket:
    """Enter a fault report of a customer about one or several machines of one manufacturer.

    A report taken by phone or in person is answered at once and starts as CONTACTED; WeChat, QR and referrals start
    as NEW. It is shared with the manufacturer from birth when it referred it, or when the partnership shares all.
    Effects: ticket with number BX-…, copies of customer and machines, 三包初判, timeline, event "ticket_reported".
    Errors: Refused("not_allowed", 403), NotFound for a foreign customer or machine, ("machine_missing"),
    ("several_makers"), ("machine_of_other_customer"), ("fault_missing"), ("text_too_long"), ("choice_unknown"),
    ("reported_in_future"), ("partnership_ended").
    """
    rights.require(viewer, "ticket.report")
    machines = list({machine.id: machine for machine in machines}.values())
    reported_at = report.reported_at or now
    _check(viewer, customer, machines, report, reported_at, now)
    reported_at = min(reported_at, now)
    source, urgency = chosen(Source, report.source, field="source"), chosen(Urgency, report.urgency, field="urgency")
    partnership = partnerships.with_maker(viewer, machines[0].manufacturer_id)
    if partnership is None or not partnership.holds:
        raise Refused("partnership_ended", field="machines")
    answered = source in ANSWERED_AT_ONCE
    ticket = Ticket(
        dealer_id=viewer.org,
        manufacturer_id=machines[0].manufacturer_id,
        office_id=partnership.office_id,
        shared_with_maker=_shared_from_birth(partnership, source),
        number=next_number(series="BX", dealer_id=viewer.org, dealer_code=viewer.org_code, day=local_date(reported_at)),
        state=TicketState.CONTACTED if answered else TicketState.NEW,
        source=source,
        urgency=urgency,
        branch=fits(report.branch, 40, field="branch"),
        customer=customer,
        fault=fits(report.fault, 200, field="fault"),
        reporter=fits(report.reporter, 20, field="reporter"),
        reporter_phone=fits(report.reporter_phone, 30, field="reporter_phone"),
        reported_at=reported_at,
        round_started_at=reported_at,
        recorded_at=now,
        recorded_by=viewer.name,
        contacted_at=reported_at if answered else None,
        contact_channel=_channel(source) if answered else "",
        model_summary=summary(machines),
    )
    copy_customer(ticket, customer)
    ticket.contact = fits(report.contact, 20, field="contact") or customer.contact
    ticket.phone = fits(report.phone, 30, field="phone") or customer.phone
    ticking = clocks.begin(viewer, ticket, now, save=False)
    judge.of_report(viewer, ticket, machines)
    ticket.save(force_insert=True)
    clocks.keep(ticket, ticking)
    add_machines(ticket, machines)
    write_entry(
        viewer,
        ticket,
        EntryKind.STEP,
        verb="report",
        target_state=ticket.state,
        text=ticket.fault,
        facts={"typed_late": True} if now - reported_at > LATE_TYPING else {},
        at=reported_at,
        now=now,
    )
    events.tell("ticket_reported", ticket=ticket, viewer=viewer, now=now)
    return ticket


def copy_customer(ticket: Ticket, customer: Customer) -> None:
    """The ticket's own copy of who and where, which the manufacturer may read."""
    ticket.customer_name = customer.name
    ticket.industry = customer.industry
    ticket.province, ticket.city, ticket.district = customer.province, customer.city, customer.district
    ticket.address = customer.address


def add_machines(ticket: Ticket, machines: Sequence[Machine]) -> None:
    """Put machines on the ticket, with their copies."""
    TicketMachine.objects.bulk_create(
        [
            TicketMachine(ticket=ticket, machine=machine, **columns_of(ticket), **machine_copy(machine))
            for machine in machines
        ]
    )


def summary(machines: Sequence[Machine]) -> str:
    """The models in one line, for lists: "WQ100-20-15 ×2, YE3-90L-4"."""
    counts: dict[str, int] = {}
    for machine in machines:
        counts[machine.model] = counts.get(machine.model, 0) + 1
    return ", ".join(model if n == 1 else f"{model} ×{n}" for model, n in counts.items())[:120]


def _check(
    viewer: Viewer,
    customer: Customer,
    machines: Sequence[Machine],
    report: Report,
    reported_at: datetime,
    now: datetime,
) -> None:
    if any(row.dealer_id != viewer.org for row in (customer, *machines)):
        raise NotFound
    if not machines:
        raise Refused("machine_missing", field="machines")
    if len({machine.manufacturer_id for machine in machines}) > 1:
        raise Refused("several_makers", field="machines")
    if any(machine.customer_id != customer.id for machine in machines):
        raise Refused("machine_of_other_customer", field="machines")
    if len(report.fault.strip()) < 4:
        raise Refused("fault_missing", field="fault")
    if reported_at > now + timedelta(minutes=1):
        raise Refused("reported_in_future", field="reported_at")


def _channel(source: Source) -> Channel:
    return Channel.PHONE if source == Source.PHONE else Channel.ON_SITE


def _shared_from_birth(partnership: Partnership, source: str) -> bool:
    return partnership.listed and (partnership.sharing == Sharing.FULL or source in REFERRED)
