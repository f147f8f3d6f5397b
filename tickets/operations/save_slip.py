"""The draft of a service slip: opened with what is known, saved as often as one likes (表7-27; domain.md 8.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from core import rights
from core.errors import NotFound, Refused
from core.money import cents
from core.tenancy import Viewer
from equipment.queries import catalogue
from tickets.enums import WarrantyTick
from tickets.models import FaultLine, FaultLineMachine, PartLine, Photo, Slip, Ticket, TicketMachine, Trip
from tickets.operations.steps import columns_of
from tickets.queries import slips, tickets


@dataclass(frozen=True)
class MachineInput:
    """What the technician reads from the nameplate. id: of the machine on the ticket."""

    id: int
    serial_number: str = ""
    ex_factory_on: date | None = None
    unknown_reason: str = ""


@dataclass(frozen=True)
class FaultInput:
    """One fault line. machines: ids of machines on the ticket."""

    reported: str = ""
    symptom: str = ""
    fault_part: str = ""
    diagnosis: str = ""
    cause: str = ""
    responsibility: str = ""
    solution: str = ""
    treatment: str = ""
    standard_hours: Decimal | None = None
    machines: tuple[int, ...] = ()


@dataclass(frozen=True)
class PartInput:
    """One part line. supply_photo: public id of a photo on the ticket."""

    code: str
    name: str
    unit: str = "件"
    quantity: Decimal = Decimal(1)
    source: str = ""
    new_serial: str = ""
    old_serial: str = ""
    unit_price: Decimal | None = None
    return_old: bool = False
    causal: bool = True
    supply_number: str = ""
    supply_photo: str = ""


@dataclass(frozen=True)
class SlipInput:
    """Everything that is typed on a draft; money in yuan, times aware."""

    contact: str
    phone: str
    address: str
    in_warranty: str = WarrantyTick.OPEN
    conditions: tuple[str, ...] = ()
    conditions_note: str = ""
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    times_reason: str = ""
    people: int | None = None
    hours: Decimal | None = None
    other_service: str = ""
    parts_fee: Decimal = Decimal(0)
    labour_fee: Decimal = Decimal(0)
    km: Decimal | None = None
    nights: int = 0
    rating: str = ""
    opinion: str = ""
    machines: Sequence[MachineInput] = ()
    faults: Sequence[FaultInput] = ()
    parts: Sequence[PartInput] = ()


@transaction.atomic
def open_slip(*, viewer: Viewer, ticket_public_id: str, now: datetime) -> Slip:
    """The valid slip of the ticket's present round; a draft is begun with what is known when there is none.

    After a void the new draft repeats what was written on the void one. Errors: not_allowed, wrong_state (409).
    """
    ticket = tickets.lock(viewer, ticket_public_id, version=None)
    known = slips.valid(viewer, ticket)
    if known is not None:
        return known
    rights.require(viewer, "ticket.fill_slip", ticket)
    return begin(viewer, ticket)


def begin(viewer: Viewer, ticket: Ticket, *, is_remote: bool = False) -> Slip:
    """A new draft for a locked ticket."""
    machines = tickets.machines(viewer, ticket)
    conditions = list(dict.fromkeys(word for machine in machines for word in machine.conditions))
    slip = Slip(
        ticket=ticket,
        round=ticket.round,
        is_remote=is_remote,
        customer_name=ticket.customer_name,
        address=ticket.site,
        contact=ticket.contact,
        phone=ticket.phone,
        conditions=conditions,
        **columns_of(ticket),
    )
    former = slips.last_void(viewer, ticket)
    if former is not None and not is_remote:
        for name in _REPEATED:
            setattr(slip, name, getattr(former, name))
    if not is_remote:
        take_times(viewer, slip)
    slip.save(force_insert=True)
    if former is not None and not is_remote:
        _repeat_lines(viewer, former, slip)
    else:
        _first_lines(ticket, slip, machines)
    return slip


_REPEATED = (
    "in_warranty",
    "conditions",
    "conditions_note",
    "hours",
    "people",
    "other_service",
    "parts_fee",
    "labour_fee",
    "km",
    "nights",
)


def take_times(viewer: Viewer, slip: Slip) -> None:
    """First arrival, last departure, distance, nights and people from the trips, unless they were changed by hand."""
    rows = Trip.objects.visible_to(viewer).filter(ticket_id=slip.ticket_id, round=slip.round).exclude(arrived_at=None)
    trips = list(rows.order_by("sequence"))
    if not trips:
        return
    if not slip.times_reason:
        slip.arrived_at = trips[0].arrived_at
        slip.left_at = trips[-1].left_at if trips[-1].left_at else slip.left_at
    slip.people = slip.people or max(len(trip.people) for trip in trips) or 1
    slip.nights = slip.nights or sum(trip.nights for trip in trips)
    if slip.km is None:
        distances = [trip.km for trip in trips if trip.km is not None]
        slip.km = sum(distances, Decimal(0)) if distances else None


@transaction.atomic
def save_slip(
    *, viewer: Viewer, public_id: str, expected_version: int | None, written: SlipInput, now: datetime
) -> Slip:
    """Keep what was typed on a draft, complete or not.

    Errors: NotFound, wrong_state (409) when it is not a draft any more, Refused("stale", 409).
    """
    slip = slips.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "slip.save", slip)
    write(viewer, slip, written)
    return slip


def write(viewer: Viewer, slip: Slip, written: SlipInput) -> None:
    """Put the input on a locked draft and save it with its lines."""
    for name in (
        "contact",
        "phone",
        "address",
        "conditions_note",
        "times_reason",
        "other_service",
        "opinion",
        "in_warranty",
        "rating",
    ):
        setattr(slip, name, str(getattr(written, name)).strip())
    slip.conditions = list(written.conditions)
    slip.people, slip.hours = written.people, written.hours
    slip.km, slip.nights = written.km, written.nights
    slip.parts_fee, slip.labour_fee = cents(written.parts_fee), cents(written.labour_fee)
    if not slip.is_remote:
        _write_times(viewer, slip, written)
    if slip.parts_fee < 0 or slip.labour_fee < 0:
        raise Refused("fee_negative", field="parts_fee")
    slip.version += 1
    slip.save()
    ticket_machines = {machine.id: machine for machine in tickets.machines(viewer, slip.ticket)}
    _write_machines(viewer, ticket_machines, written.machines)
    _write_faults(viewer, slip, ticket_machines, written.faults)
    _write_parts(viewer, slip, written.parts)


def _write_times(viewer: Viewer, slip: Slip, written: SlipInput) -> None:
    rows = Trip.objects.visible_to(viewer).filter(ticket_id=slip.ticket_id, round=slip.round).exclude(arrived_at=None)
    trips = list(rows.order_by("sequence"))
    slip.arrived_at, slip.left_at = written.arrived_at, written.left_at
    checked_in = trips[0].arrived_at if trips else None
    checked_out = trips[-1].left_at if trips else None
    if not written.times_reason.strip():
        # a time from check-in or check-out is changed only with its reason (domain.md 5.5)
        slip.arrived_at = checked_in or written.arrived_at
        slip.left_at = checked_out or written.left_at


def _write_machines(viewer: Viewer, known: dict[int, TicketMachine], written: Sequence[MachineInput]) -> None:
    for item in written:
        machine = known.get(item.id)
        if machine is None:
            raise NotFound
        serial = item.serial_number.strip()
        if (machine.serial_number, machine.ex_factory_on, machine.unknown_reason) == (
            serial,
            item.ex_factory_on,
            item.unknown_reason.strip(),
        ):
            continue
        machine.serial_number, machine.ex_factory_on = serial, item.ex_factory_on
        machine.unknown_reason = item.unknown_reason.strip()[:100]
        machine.save(update_fields=["serial_number", "ex_factory_on", "unknown_reason"])


def _write_faults(
    viewer: Viewer, slip: Slip, machines: dict[int, TicketMachine], written: Sequence[FaultInput]
) -> None:
    FaultLine.objects.visible_to(viewer).filter(slip=slip).delete()
    columns = columns_of(slip.ticket)
    for sequence, item in enumerate(written, start=1):
        if any(key not in machines for key in item.machines):
            raise NotFound
        line = FaultLine.objects.create(
            slip=slip,
            sequence=sequence,
            reported=item.reported.strip()[:200],
            symptom=item.symptom,
            fault_part=item.fault_part,
            diagnosis=item.diagnosis.strip()[:300],
            cause=item.cause.strip()[:200],
            responsibility=item.responsibility,
            solution=item.solution.strip()[:500],
            treatment=item.treatment,
            standard_hours=item.standard_hours,
            **columns,
        )
        FaultLineMachine.objects.bulk_create(
            [
                FaultLineMachine(line=line, ticket_machine=machines[key], **columns)
                for key in dict.fromkeys(item.machines)
            ]
        )


def _write_parts(viewer: Viewer, slip: Slip, written: Sequence[PartInput]) -> None:
    PartLine.objects.visible_to(viewer).filter(slip=slip).delete()
    photos = {
        photo.public_id: photo
        for photo in Photo.objects.visible_to(viewer).filter(
            ticket_id=slip.ticket_id, public_id__in=[item.supply_photo for item in written if item.supply_photo]
        )
    }
    PartLine.objects.bulk_create(
        [
            PartLine(
                slip=slip,
                sequence=sequence,
                part=catalogue.part_of_code(viewer, slip.manufacturer_id, item.code.strip()),
                code=item.code.strip()[:40],
                name=item.name.strip()[:60],
                unit=item.unit.strip()[:8] or "件",
                quantity=item.quantity,
                source=item.source,
                new_serial=item.new_serial.strip()[:40],
                old_serial=item.old_serial.strip()[:40],
                unit_price=None if item.unit_price is None else cents(item.unit_price),
                return_old=item.return_old,
                causal=item.causal,
                supply_number=item.supply_number.strip()[:40],
                supply_photo=photos.get(item.supply_photo),
                **columns_of(slip.ticket),
            )
            for sequence, item in enumerate(written, start=1)
        ]
    )


def _first_lines(ticket: Ticket, slip: Slip, machines: list[TicketMachine]) -> None:
    """One line per model, in the customer's own words."""
    by_model: dict[str, list[TicketMachine]] = {}
    for machine in machines:
        by_model.setdefault(machine.model, []).append(machine)
    columns = columns_of(ticket)
    for sequence, group in enumerate(by_model.values(), start=1):
        line = FaultLine.objects.create(slip=slip, sequence=sequence, reported=ticket.fault, **columns)
        FaultLineMachine.objects.bulk_create(
            [FaultLineMachine(line=line, ticket_machine=machine, **columns) for machine in group]
        )


def _repeat_lines(viewer: Viewer, former: Slip, slip: Slip) -> None:
    columns = columns_of(slip.ticket)
    for line in slips.faults(viewer, former):
        covered = [item.ticket_machine_id for item in line.covered]
        line.row.pk, line.row.slip = None, slip
        line.row.save(force_insert=True)
        FaultLineMachine.objects.bulk_create(
            [FaultLineMachine(line=line.row, ticket_machine_id=key, **columns) for key in covered]
        )
    for part in slips.parts(viewer, former):
        part.pk, part.slip = None, slip
        part.save(force_insert=True)
