"""Reading what a ticket's warranty is judged by, and what was found (domain.md 4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import connection

from core import rights
from core.calendars import SHANGHAI, local_date
from core.errors import NotFound
from core.prepared import Prepared
from core.tenancy import Viewer
from equipment.enums import PROVES, EvidenceKind, WarrantyBasis
from equipment.models import Machine
from equipment.queries import warranty as policies
from tickets.calculations import judgement as calculation
from tickets.calculations.judgement import Judgement, MachineFacts, Repair, read
from tickets.enums import REPLACING, PhotoSlot, RequestKind, RequestState, Treatment
from tickets.models import Evidence, Photo, Slip, Ticket, TicketMachine, WarrantyRequest


def judgements(row: Ticket | Slip) -> list[Judgement]:
    """What was found for each machine and fault line of a ticket or slip, in their order."""
    return [read(kept) for kept in row.judgement]


_evidence = Prepared(
    lambda viewer, ticket: (
        Evidence.objects.visible_to(viewer)
        .filter(ticket_id=ticket)
        .select_related("photo", "machine")
        .order_by("machine_id", "kind")
    )
)
_requests = Prepared(
    lambda viewer, ticket: (
        WarrantyRequest.objects.visible_to(viewer).filter(ticket_id=ticket).select_related("machine").order_by("-id")
    )
)


def evidence(viewer: Viewer, ticket: Ticket) -> list[Evidence]:
    """The proofs on a ticket, machine by machine."""
    return _evidence(viewer, ticket.pk)


def proof(viewer: Viewer, public_id: str) -> Evidence:
    """One proof, its ticket along. Errors: NotFound, also for who may not open the ticket."""
    found = Evidence.objects.visible_to(viewer).select_related("ticket").one(public_id=public_id)
    if not rights.may(viewer, "ticket.read", found.ticket):
        raise NotFound
    return found


def request(viewer: Viewer, public_id: str) -> WarrantyRequest:
    """One request to the manufacturer, its ticket along. Errors: NotFound, also for who may not open the ticket."""
    found = WarrantyRequest.objects.visible_to(viewer).select_related("ticket").one(public_id=public_id)
    if not rights.may(viewer, "ticket.read", found.ticket):
        raise NotFound
    return found


def request_by_id(viewer: Viewer, row_id: int) -> WarrantyRequest | None:
    """The request with this serial key, its ticket along, for a task that names it; None when it is gone."""
    return WarrantyRequest.objects.visible_to(viewer).select_related("ticket").filter(pk=row_id).first()


def requests(viewer: Viewer, ticket: Ticket) -> list[WarrantyRequest]:
    """What was asked of the manufacturer about a ticket, the latest first."""
    return _requests(viewer, ticket.pk)


def granted(viewer: Viewer, ticket: Ticket) -> list[WarrantyRequest]:
    """What the manufacturer has granted, the earliest first."""
    return [row for row in reversed(requests(viewer, ticket)) if row.state == RequestState.GRANTED]


def repairs(manufacturer_id: int, serial_numbers: Mapping[int, str], before: datetime) -> dict[int, list[Repair]]:
    """Earlier repairs of machines that ended before a moment, by the machine's file; advice alone is none. One statement.

    serial_numbers: number by file, "" where nobody knows it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM tickets_machine_repairs(%s, %s, %s, %s)",
            [manufacturer_id, list(serial_numbers), list(serial_numbers.values()), before],
        )
        rows: Sequence[tuple[Any, ...]] = cursor.fetchall()
    found: dict[int, list[Repair]] = {}
    for machine, reported, finished, stopped, part, symptom, treatment in rows:
        if treatment == Treatment.ADVISE:
            continue
        repair = Repair(
            reported_on=reported,
            finished_on=finished,
            stopped=stopped,
            part_group=part,
            symptom=symptom,
            fitted=treatment in REPLACING,
            exchanged=treatment == Treatment.REPLACE_MACHINE,
        )
        found.setdefault(machine, []).append(repair)
    return found


# ── the facts of a machine, collected (domain.md 4.3, 4.4) ────────────────────────────────────────────────────────────────────────


class Known:
    """What belongs to the machines of a ticket, read once for all of them: register, earlier repairs, proofs, requests granted, photos."""

    def __init__(
        self,
        ticket: Ticket,
        serials: dict[int, str],
        proofs: Sequence[Evidence] = (),
        granted: Sequence[WarrantyRequest] = (),
        slots: frozenset[str] = frozenset(),
    ) -> None:
        maker = ticket.manufacturer_id
        self.register = policies.registered(maker, serials.values())
        self.repairs = repairs(maker, serials, ticket.round_started_at)
        self.proofs, self.granted, self.slots = proofs, granted, slots


def known_of(viewer: Viewer, ticket: Ticket, machines: Sequence[TicketMachine], photos: Sequence[Photo]) -> Known:
    return Known(
        ticket,
        {machine.machine_id: machine.serial_number for machine in machines},
        evidence(viewer, ticket),
        granted(viewer, ticket),
        frozenset(photo.slot for photo in photos),
    )


def facts_of(
    ticket: Ticket,
    file: Machine,
    on_ticket: TicketMachine | None,
    known: Known,
    *,
    started_at: datetime | None = None,
) -> MachineFacts:
    """What is known of one machine. A proved date comes before the register's, the register's before the file's."""
    serial = on_ticket.serial_number if on_ticket is not None else file.serial_number
    mine = {proof.kind: proof for proof in known.proofs if on_ticket is not None and proof.machine_id == on_ticket.id}
    register = known.register.get(serial)
    dates = _dates(file, register, mine)
    nameplate = _nameplate(on_ticket, mine)
    if WarrantyBasis.EX_FACTORY not in dates and nameplate is not None:
        dates[WarrantyBasis.EX_FACTORY] = nameplate  # read on site, and nothing contradicts it
    proved = {str(kind) for kind in mine}
    if PhotoSlot.NAMEPLATE in known.slots:
        proved.add(EvidenceKind.NAMEPLATE.value)
    meter, fault = mine.get(EvidenceKind.METER), mine.get(EvidenceKind.FAULT)
    goodwill, start = what_was_granted(known.granted, file.id)
    return MachineFacts(
        machine=file.id,
        label=f"{file.model} {serial}".strip(),
        product_type=file.product_type,
        model=file.model,
        line=file.line_id,
        province=ticket.province,
        reported_on=local_date(ticket.round_started_at),
        dates=dates,
        nameplate=nameplate,
        from_register=register is not None and register.ex_factory_on is not None,
        proved=frozenset(proved),
        hours=meter.hours if meter is not None and meter.hours is not None else file.running_hours,
        failed_on=fault.day if fault is not None else None,
        started_on=local_date(started_at) if started_at else None,
        repairs=tuple(known.repairs.get(file.id, ())),
        reworked=ticket.is_rework,
        goodwill=goodwill,
        start_granted=start,
    )


def _dates(
    file: Machine, register: policies.Registered | None, proofs: dict[str, Evidence]
) -> dict[WarrantyBasis, date]:
    known: dict[WarrantyBasis, date | None] = {
        WarrantyBasis.ACCEPTANCE: file.accepted_on,
        WarrantyBasis.INVOICE: file.purchased_on,
        WarrantyBasis.SHIPPED: (register.shipped_on if register else None) or file.shipped_on,
        WarrantyBasis.EX_FACTORY: (register.ex_factory_on if register else None) or file.ex_factory_on,
    }
    for kind, basis in PROVES.items():
        if kind in proofs:
            known[WarrantyBasis(basis)] = proofs[kind].day
    return {basis: day for basis, day in known.items() if day is not None}


def _nameplate(on_ticket: TicketMachine | None, proofs: dict[str, Evidence]) -> date | None:
    proof = proofs.get(EvidenceKind.NAMEPLATE)
    if proof is not None and proof.day is not None:
        return proof.day
    return on_ticket.ex_factory_on if on_ticket is not None else None


def what_was_granted(granted: Sequence[WarrantyRequest], machine: int) -> tuple[bool, date | None]:
    """Whether goodwill was granted, and the start of the period that was granted for this machine's file."""
    goodwill, start = False, None
    for row in granted:
        if row.machine is not None and row.machine.machine_id != machine:
            continue
        if row.kind == RequestKind.GOODWILL:
            goodwill = True
        else:
            start = row.start_on
    return goodwill, start


def judged(viewer: Viewer, ticket: Ticket, facts: Sequence[MachineFacts]) -> list[Judgement]:
    offers = policies.offers(viewer, ticket.manufacturer_id)
    return [calculation.judge(offers, one) for one in facts]


def of_machine(viewer: Viewer, machine: Machine, day: date) -> Judgement:
    """The warranty of a dealer's machine on a day, whoever asks about it then; nothing is kept."""
    at = datetime.combine(day, time(), SHANGHAI)
    asked = Ticket(manufacturer_id=machine.manufacturer_id, province=machine.customer.province, round_started_at=at)
    known = Known(asked, {machine.id: machine.serial_number})
    return judged(viewer, asked, [facts_of(asked, machine, None, known)])[0]
