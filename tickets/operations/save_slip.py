"""The draft of a service slip: opened with what is known, saved as often as one likes (表7-27; domain.md 8.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from django.db import transaction

from core import rights
from core.calendars import local
from core.errors import NotFound, Refused
from core.money import cents
from core.tenancy import Viewer
from equipment.enums import PartSource, Responsibility
from equipment.queries import catalogue
from tickets.calculations.slip_input import FaultInput, MachineInput, PartInput, SlipInput
from tickets.enums import OPEN, Rating, Treatment, WarrantyTick
from tickets.models import FaultLine, FaultLineMachine, PartLine, Slip, Ticket, TicketMachine, Trip
from tickets.operations import judge, slip_trips
from tickets.operations.steps import chosen, columns_of, fits
from tickets.queries import slips, tickets

N = TypeVar("N", int, Decimal)
L = TypeVar("L", FaultLine, PartLine)


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


_REPEATED = (
    "in_warranty",
    "warranty_reason",
    "conditions",
    "conditions_note",
    "hours",
    "people",
    "other_service",
    "parts_fee",
    "labour_fee",
    "km",
    "nights",
    "times_reason",
)


def begin(viewer: Viewer, ticket: Ticket, *, is_remote: bool = False) -> Slip:
    """A new draft for a locked ticket."""
    machines = tickets.machines(viewer, ticket)
    slip = Slip(
        ticket=ticket,
        round=ticket.round,
        is_remote=is_remote,
        customer_name=ticket.customer_name,
        address=ticket.site,
        contact=ticket.contact,
        phone=ticket.phone,
        conditions=list(dict.fromkeys(word for machine in machines for word in machine.conditions)),
        saved_by=viewer.name,
        **columns_of(ticket),
    )
    former = None if is_remote else slips.last_void(viewer, ticket)
    if former is not None and not former.is_remote:
        for name in _REPEATED:
            setattr(slip, name, getattr(former, name))
        slip.arrived_at, slip.left_at = former.arrived_at, former.left_at
    if not is_remote:
        slip_trips.take(slip, slips.trips(viewer, slip))
    slip.save(force_insert=True)
    if former is not None:
        _repeat_lines(viewer, former, slip)
    elif not is_remote:  # those of a remote slip are written at once
        _first_lines(ticket, slip, machines)
    return slip


@transaction.atomic
def save_slip(
    *,
    viewer: Viewer,
    public_id: str,
    expected_version: int | None,
    written: SlipInput,
    now: datetime,
    sign_in: str = "",
) -> Slip:
    """Keep what was typed on a draft, complete or not.

    sign_in: of the page that sends it (see `queries.slips.lock`).

    Errors: those of `take_draft`; NotFound; and what no draft can hold, each with its field: ("text_too_long"),
    ("number_wrong"), ("choice_unknown"), ("quantity_wrong"), ("fee_negative"), ("leaving_before_arrival").
    """
    slip = take_draft(viewer=viewer, public_id=public_id, expected_version=expected_version, sign_in=sign_in)
    write(viewer, slip, written, sign_in=sign_in)
    return slip


def take_draft(*, viewer: Viewer, public_id: str, expected_version: int | None, sign_in: str = "") -> Slip:
    """The draft, locked, for `write` in the same transaction: a form is read against what is stored by then.

    Errors: NotFound; wrong_state (409) when it is not a draft any more or its ticket has ended; Refused("stale", 409);
    not_allowed.
    """
    slip = slips.lock(viewer, public_id, version=None)
    if slip.ticket.state not in OPEN:
        raise Refused("wrong_state", status=409)
    rights.require(viewer, "slip.save", slip)
    slips.require_version(slip, expected_version, sign_in=sign_in)
    return slip


_TEXTS = {
    "contact": 20,
    "phone": 30,
    "address": 180,
    "conditions_note": 200,
    "times_reason": 200,
    "warranty_reason": 200,
    "other_service": 300,
    "opinion": 200,
}


def write(
    viewer: Viewer,
    slip: Slip,
    written: SlipInput,
    *,
    sign_in: str = "",
    content: slips.Content | None = None,
    judging: bool = True,
) -> slips.Content:
    """Put the input on a locked draft, save it, and of its lines what differs; returns what stands on it now.

    Where it changes a fact that the warranty depends on, that is judged anew, unless the caller does it (judging).
    content: of the slip, when it was read after the lock. Errors: those of `save_slip` for its fields, before anything is written.
    """
    known = slips.content(viewer, slip) if content is None else content
    for name, length in _TEXTS.items():
        setattr(slip, name, fits(getattr(written, name), length, field=name))
    slip.in_warranty = chosen(WarrantyTick, written.in_warranty, field="in_warranty")
    slip.rating = chosen(Rating, written.rating, field="rating") if written.rating else ""
    slip.conditions = [fits(word, 40, field="conditions") for word in dict.fromkeys(written.conditions)]
    slip.people = _number(written.people, 1_000, field="people")
    slip.hours = _number(written.hours, 1_000, field="hours")
    slip.km, slip.nights = _number(written.km, 100_000, field="km"), _number(written.nights, 1_000, field="nights") or 0
    slip.parts_fee = _fee(written.parts_fee, field="parts_fee")
    slip.labour_fee = _fee(written.labour_fee, field="labour_fee")
    if not slip.is_remote:
        _times(slip, written, known.trips)
    mark_saved(viewer, slip, sign_in=sign_in)
    plates = _plates(known.machines, written.machines)
    faults = _faults(slip, known.machines, written.faults)
    known = _look_up(viewer, slip, known, written.parts)
    parts = _parts(slip, known, written.parts)
    wanted = [
        slips.Line(row, tuple(dict.fromkeys(item.machines))) for row, item in zip(faults, written.faults, strict=True)
    ]
    if judging and not judge.says_the_same(slip, replace(known, faults=wanted)):
        judge.of_slip(viewer, slip, replace(known, faults=wanted), now=None)
    slip.save()
    if plates:
        TicketMachine.objects.visible_to(viewer).bulk_update(plates, _PLATE)
    rows = _keep(viewer, FaultLine, [line.row for line in known.faults], faults)
    lines = [
        slips.Line(row, tuple(dict.fromkeys(item.machines))) for row, item in zip(rows, written.faults, strict=True)
    ]
    _cover(viewer, slip, {line.row.pk: line.machines for line in known.faults}, lines)
    return replace(known, faults=lines, parts=_keep(viewer, PartLine, known.parts, parts))


def mark_saved(viewer: Viewer, slip: Slip, *, sign_in: str = "") -> None:
    """The next version of a draft, and whose it is (see `queries.slips.lock`); the caller saves it."""
    slip.saved_by = viewer.name
    slip.version += 1
    if not sign_in or slip.saved_from != sign_in:
        slip.saved_from, slip.saved_since = sign_in, slip.version


def _times(slip: Slip, written: SlipInput, trips: Sequence[Trip]) -> None:
    slip.arrived_at, slip.left_at = written.arrived_at, written.left_at
    if trips and not slip.times_reason:
        # a time from check-in or check-out is changed only with its reason (domain.md 5.5)
        slip.arrived_at = trips[0].arrived_at
        slip.left_at = trips[-1].left_at or written.left_at
    if slip.arrived_at and slip.left_at and slip.left_at <= slip.arrived_at:
        raise Refused("leaving_before_arrival", field="left_at", arrived=f"{local(slip.arrived_at):%m-%d %H:%M}")


_PLATE = ("serial_number", "ex_factory_on", "unknown_reason")


def _plates(machines: Sequence[TicketMachine], written: Sequence[MachineInput]) -> list[TicketMachine]:
    """The machines whose nameplate is told in another way, with what it says now."""
    known = {machine.id: machine for machine in machines}
    changed = []
    for index, item in enumerate(written):
        machine = known.get(item.id)
        if machine is None:
            raise NotFound
        here = f"machines-{index}-"
        facts = (
            fits(item.serial_number, 40, field=here + "serial_number"),
            item.ex_factory_on,
            fits(item.unknown_reason, 100, field=here + "unknown_reason"),
        )
        if (machine.serial_number, machine.ex_factory_on, machine.unknown_reason) != facts:
            machine.serial_number, machine.ex_factory_on, machine.unknown_reason = facts
            changed.append(machine)
    return changed


def _faults(slip: Slip, machines: Sequence[TicketMachine], written: Sequence[FaultInput]) -> list[FaultLine]:
    known = {machine.id for machine in machines}
    columns = columns_of(slip.ticket)
    wanted = []
    for index, item in enumerate(written):
        if not known.issuperset(item.machines):
            raise NotFound
        here = f"faults-{index}-"
        wanted.append(
            FaultLine(
                slip=slip,
                sequence=index + 1,
                reported=fits(item.reported, 200, field=here + "reported"),
                symptom=fits(item.symptom, 40, field=here + "symptom"),
                fault_part=fits(item.fault_part, 40, field=here + "fault_part"),
                diagnosis=fits(item.diagnosis, 300, field=here + "diagnosis"),
                cause=fits(item.cause, 200, field=here + "cause"),
                responsibility=chosen(Responsibility, item.responsibility, field=here + "responsibility")
                if item.responsibility
                else "",
                solution=fits(item.solution, 500, field=here + "solution"),
                treatment=chosen(Treatment, item.treatment, field=here + "treatment") if item.treatment else "",
                standard_hours=_number(item.standard_hours, 1_000, field=here + "standard_hours"),
                **columns,
            )
        )
    return wanted


def _look_up(viewer: Viewer, slip: Slip, known: slips.Content, written: Sequence[PartInput]) -> slips.Content:
    """The same with the parts of the catalogue among the written numbers; only numbers that are new are asked for."""
    new = {item.code.strip().upper() for item in written} - known.listed.keys()
    found = catalogue.parts_of_codes(viewer, slip.manufacturer_id, new)
    return replace(
        known,
        listed=known.listed | {code: part.id for code, part in found.items()},
        key_parts=known.key_parts | {part.id for part in found.values() if part.key_part},
    )


def _parts(slip: Slip, known: slips.Content, written: Sequence[PartInput]) -> list[PartLine]:
    photos = {photo.public_id: photo.id for photo in known.photos}
    columns = columns_of(slip.ticket)
    wanted = []
    for index, item in enumerate(written):
        here = f"parts-{index}-"
        quantity = _number(item.quantity, 1_000_000, field=here + "quantity")
        if not quantity:
            raise Refused("quantity_wrong", field=here + "quantity")
        wanted.append(
            PartLine(
                slip=slip,
                sequence=index + 1,
                part_id=known.listed.get(item.code.strip().upper()),
                code=fits(item.code, 40, field=here + "code"),
                name=fits(item.name, 60, field=here + "name"),
                unit=fits(item.unit, 8, field=here + "unit") or "件",
                quantity=quantity,
                source=chosen(PartSource, item.source, field=here + "source") if item.source else "",
                new_serial=fits(item.new_serial, 40, field=here + "new_serial"),
                old_serial=fits(item.old_serial, 40, field=here + "old_serial"),
                unit_price=None if item.unit_price is None else _fee(item.unit_price, field=here + "unit_price"),
                return_old=item.return_old,
                causal=item.causal,
                supply_number=fits(item.supply_number, 40, field=here + "supply_number"),
                supply_photo_id=photos.get(item.supply_photo),
                **columns,
            )
        )
    return wanted


def _keep(viewer: Viewer, kind: type[L], stored: Sequence[L], wanted: list[L]) -> list[L]:
    """Make the stored lines say what is wanted, the first as the first and so on: what differs is written, nothing else."""
    columns = [field.attname for field in kind._meta.concrete_fields if not field.primary_key]
    changed: list[L] = []
    different: set[str] = set()
    for old, new in zip(stored, wanted, strict=False):
        new.pk = old.pk
        names = {name for name in columns if getattr(old, name) != getattr(new, name)}
        if names:
            changed.append(new)
            different |= names
    rows = kind.objects.visible_to(viewer)
    if len(stored) > len(wanted):
        rows.filter(id__in=[line.pk for line in stored[len(wanted) :]]).delete()
    if changed:
        rows.bulk_update(changed, sorted(different))
    if len(wanted) > len(stored):
        kind.objects.bulk_create(wanted[len(stored) :])
    return wanted


def _cover(viewer: Viewer, slip: Slip, before: Mapping[int, tuple[int, ...]], lines: Sequence[slips.Line]) -> None:
    """Write which machines the lines cover, where that differs. A draft keeps no data of a machine, its ticket has them."""
    covered = FaultLineMachine.objects.visible_to(viewer)
    changed = [line for line in lines if line.machines != before.get(line.row.pk, ())]
    if any(line.row.pk in before for line in changed):
        covered.filter(line__in=[line.row for line in changed]).delete()
    if changed:
        columns = columns_of(slip.ticket)
        FaultLineMachine.objects.bulk_create(
            [
                FaultLineMachine(line=line.row, ticket_machine_id=machine, **columns)
                for line in changed
                for machine in line.machines
            ]
        )
    if slip.number:  # back from the customer (correct_slip): what was kept at handing in goes
        covered.filter(line__in=[line.row for line in lines]).exclude(model="").update(
            product_type="", model="", serial_number="", ex_factory_on=None, batch="", unknown_reason=""
        )


def _number(value: N | None, limit: int, *, field: str) -> N | None:
    """The number when its column can hold it."""
    if value is not None and not 0 <= value < limit:
        raise Refused("number_wrong", field=field)
    return value


def _fee(value: Decimal, *, field: str) -> Decimal:
    if value < 0:
        raise Refused("fee_negative", field=field)
    if not value < 10**9:
        raise Refused("number_wrong", field=field)
    return cents(value)


def _first_lines(ticket: Ticket, slip: Slip, machines: list[TicketMachine]) -> None:
    """One line per model, in the customer's own words."""
    by_model: dict[str, list[TicketMachine]] = {}
    for machine in machines:
        by_model.setdefault(machine.model, []).append(machine)
    columns = columns_of(ticket)
    lines = FaultLine.objects.bulk_create(
        [
            FaultLine(slip=slip, sequence=sequence, reported=ticket.fault, **columns)
            for sequence, _ in enumerate(by_model, start=1)
        ]
    )
    FaultLineMachine.objects.bulk_create(
        [
            FaultLineMachine(line=line, ticket_machine=machine, **columns)
            for line, group in zip(lines, by_model.values(), strict=True)
            for machine in group
        ]
    )


def _repeat_lines(viewer: Viewer, former: Slip, slip: Slip) -> None:
    columns = columns_of(slip.ticket)
    faults, parts = slips.faults(viewer, former), slips.parts(viewer, former)
    for line in faults:
        line.row.pk, line.row.slip = None, slip
    FaultLine.objects.bulk_create([line.row for line in faults])
    FaultLineMachine.objects.bulk_create(
        [
            FaultLineMachine(line=line.row, ticket_machine_id=item.ticket_machine_id, **columns)
            for line in faults
            for item in line.covered
        ]
    )
    for part in parts:
        part.pk, part.slip = None, slip
    PartLine.objects.bulk_create(parts)
