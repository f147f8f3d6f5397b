"""Writing machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from core import events, rights
from core.errors import Refused
from core.tenancy import Viewer
from equipment.models import Customer, Machine, ProductLine
from equipment.queries import catalogue, machines


@dataclass(frozen=True)
class MachineFacts:
    """What is written about a machine (domain.md 3); serial number and dates may come later."""

    manufacturer_id: int
    product_type: str
    model: str
    serial_number: str = ""
    ex_factory_on: date | None = None
    batch: str = ""
    shipped_on: date | None = None
    purchased_on: date | None = None
    accepted_on: date | None = None
    host_brand: str = ""
    host_model: str = ""
    host_number: str = ""
    location: str = ""
    conditions: tuple[str, ...] = ()
    conditions_note: str = ""
    running_hours: Decimal | None = None
    sold_by: str = ""
    note: str = ""


@transaction.atomic
def add_machine(*, viewer: Viewer, customer: Customer, facts: MachineFacts, now: datetime) -> Machine:
    """Enter a machine at a customer of the viewer's dealer; it may begin without number.

    Errors: Refused("not_allowed", 403), Refused("manufacturer_unknown"), Refused("serial_taken", field="serial_number"),
    Refused("model_missing").
    """
    rights.require(viewer, "machine.add")
    machine = Machine(dealer_id=viewer.org, customer=customer)
    _fill(viewer, machine, facts)
    _save(machine)
    return machine


@transaction.atomic
def add_machines(*, viewer: Viewer, machines: Sequence[tuple[Customer, MachineFacts]], now: datetime) -> list[Machine]:
    """Enter many machines, each at its customer, in the order given: an import.

    Errors as `add_machine` for the first wrong one; a serial number that is taken is the database's (IntegrityError).
    """
    rights.require(viewer, "machine.add")
    models: dict[int, list[str]] = {}
    for _customer, facts in machines:
        models.setdefault(facts.manufacturer_id, []).append(facts.model.strip())
    lines = {
        (maker, code): line
        for maker, codes in models.items()
        for code, line in catalogue.lines_of_models(viewer, maker, codes).items()
    }
    made = []
    for customer, facts in machines:
        machine = Machine(dealer_id=viewer.org, customer=customer)
        _fill(viewer, machine, facts, lines)
        made.append(machine)
    return Machine.objects.bulk_create(made, batch_size=500)


@transaction.atomic
def change_machine(
    *, viewer: Viewer, public_id: str, facts: MachineFacts, expected_version: int, now: datetime
) -> Machine:
    """Change a machine; event "machine_changed", by which open tickets refresh their copies.

    Errors as add_machine, NotFound, Refused("stale", 409), Refused("manufacturer_fixed") once it has a history.
    """
    machine = machines.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "machine.change", machine)
    if facts.manufacturer_id != machine.manufacturer_id and machines.has_history(viewer, machine):
        raise Refused("manufacturer_fixed", field="manufacturer_id")
    _fill(viewer, machine, facts)
    machine.version += 1
    _save(machine)
    events.tell("machine_changed", machine=machine, viewer=viewer, now=now)
    return machine


@transaction.atomic
def scrap_machine(*, viewer: Viewer, public_id: str, now: datetime) -> Machine:
    """Mark a machine as scrapped: it leaves lists and searches, its history and its number stay.

    Doing it twice changes nothing. Errors: NotFound, Refused("not_allowed", 403).
    """
    return _set_active(viewer, public_id, active=False)


@transaction.atomic
def restore_machine(*, viewer: Viewer, public_id: str, now: datetime) -> Machine:
    """Undo `scrap_machine`. Errors: NotFound, Refused("not_allowed", 403)."""
    return _set_active(viewer, public_id, active=True)


def _set_active(viewer: Viewer, public_id: str, *, active: bool) -> Machine:
    machine = machines.lock(viewer, public_id, version=None)
    rights.require(viewer, "machine.scrap", machine)
    if machine.active is not active:
        machine.active, machine.changed_by = active, viewer.name
        machine.version += 1
        machine.save()
    return machine


def _fill(
    viewer: Viewer,
    machine: Machine,
    facts: MachineFacts,
    lines: Mapping[tuple[int, str], ProductLine | None] | None = None,
) -> None:
    if facts.manufacturer_id not in viewer.makers:
        raise Refused("manufacturer_unknown", field="manufacturer_id")
    if not facts.model.strip():
        raise Refused("model_missing", field="model")
    for item in fields(facts):
        value = getattr(facts, item.name)
        setattr(machine, item.name, value.strip() if isinstance(value, str) else value)
    machine.conditions = list(facts.conditions)
    machine.changed_by = viewer.name
    key = (facts.manufacturer_id, machine.model)
    machine.line = catalogue.line_of_model(viewer, *key) if lines is None else lines[key]
    if machine.line is not None:
        machine.product_type = machine.line.product_type


def _save(machine: Machine) -> None:
    try:
        with transaction.atomic():
            machine.save()
    except IntegrityError as problem:
        if "machine_serial_unique" in str(problem):
            raise Refused("serial_taken", field="serial_number") from problem
        raise
