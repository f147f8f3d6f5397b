"""Reading machines."""

from __future__ import annotations

from collections.abc import Callable

from core.calendars import local
from core.errors import Refused
from core.tenancy import Viewer
from equipment.models import Customer, Machine

#: upper rooms register here whether a machine has work on it (tickets does)
history_checks: list[Callable[[Viewer, Machine], bool]] = []


def one(viewer: Viewer, public_id: str) -> Machine:
    """The machine with this public id. Errors: NotFound."""
    return Machine.objects.visible_to(viewer).select_related("customer", "manufacturer").one(public_id=public_id)


def lock(viewer: Viewer, public_id: str, *, version: int | None) -> Machine:
    """The machine, locked. Errors: NotFound, Refused("stale", 409)."""
    machine = Machine.objects.visible_to(viewer).select_for_update().one(public_id=public_id)
    if version is not None and version != machine.version:
        raise Refused("stale", status=409, who="", when=f"{local(machine.updated_at):%m-%d %H:%M}")
    return machine


def of_customer(viewer: Viewer, customer: Customer) -> list[Machine]:
    """The machines at a customer, active ones first."""
    rows = Machine.objects.visible_to(viewer).filter(customer=customer).select_related("manufacturer")
    return list(rows.order_by("-active", "model", "id"))


def several(viewer: Viewer, public_ids: list[str]) -> list[Machine]:
    """The machines with these public ids, in that order; foreign and missing ones are not in it."""
    rows = (
        Machine.objects.visible_to(viewer).filter(public_id__in=public_ids).select_related("customer", "manufacturer")
    )
    found = {machine.public_id: machine for machine in rows}
    return [found[key] for key in public_ids if key in found]


def has_history(viewer: Viewer, machine: Machine) -> bool:
    """Whether any room keeps work about this machine."""
    return any(check(viewer, machine) for check in history_checks)
