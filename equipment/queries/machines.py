"""Reading machines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from core import search
from core.calendars import local
from core.dictionaries import words
from core.errors import Refused
from core.models.dictionary import DictionaryKind
from core.tenancy import Viewer
from equipment.models import Customer, Machine

#: orders of the list, by its indexes (models/machine.py)
ORDERS = {"recent": ("updated_at", "id"), "serial": ("serial_number", "id")}
COLUMNS = (
    "public_id", "id", "updated_at", "product_type", "model", "serial_number", "ex_factory_on", "batch", "location",
    "customer__name", "customer__public_id", "customer__city", "manufacturer__name", "manufacturer__short_name",
)  # fmt: skip

#: upper rooms register here whether a machine has work on it (tickets does)
history_checks: list[Callable[[Viewer, Machine], bool]] = []


@dataclass(frozen=True)
class MachineFilter:
    """What the list is narrowed to. text: part of number, model or customer; maker: public id; numbered: "yes", "no", ""."""

    text: str = ""
    maker: str = ""
    product_type: str = ""
    city: str = ""
    batch: str = ""
    numbered: str = ""
    scrapped: bool = False


def listing(viewer: Viewer, wanted: MachineFilter) -> QuerySet[Any, Any]:
    """The columns of the list for machines that fit, in no order yet."""
    rows = Machine.objects.visible_to(viewer).filter(active=not wanted.scrapped)
    if wanted.text:
        rows = rows.filter(id__in=search.ids(viewer, "machine", wanted.text))
    if wanted.maker:
        rows = rows.filter(manufacturer__public_id=wanted.maker)
    if wanted.product_type:
        rows = rows.filter(product_type=wanted.product_type)
    if wanted.city:
        rows = rows.filter(customer__city=wanted.city)
    if wanted.batch:
        rows = rows.filter(batch__iexact=wanted.batch)
    if wanted.numbered:
        rows = rows.filter(serial_number="") if wanted.numbered == "no" else rows.exclude(serial_number="")
    found: QuerySet[Any, Any] = rows.values(*COLUMNS)
    return found


def product_types(viewer: Viewer) -> list[str]:
    """The product types among the dealer's machines, by name."""
    rows = Machine.objects.visible_to(viewer).order_by("product_type")
    return list(rows.values_list("product_type", flat=True).distinct())


def conditions() -> list[str]:
    """The words for operating conditions (工况), in the dictionary's order."""
    return words(DictionaryKind.CONDITION)


def by_id(viewer: Viewer, row_id: int) -> Machine | None:
    """The machine with this serial key, for rows that name it; None when it is gone."""
    return Machine.objects.visible_to(viewer).filter(pk=row_id).first()


def one(viewer: Viewer, public_id: str) -> Machine:
    """The machine with this public id. Errors: NotFound."""
    return Machine.objects.visible_to(viewer).select_related("customer", "manufacturer").one(public_id=public_id)


def lock(viewer: Viewer, public_id: str, *, version: int | None) -> Machine:
    """The machine, locked. Errors: NotFound, Refused("stale", 409)."""
    machine = Machine.objects.visible_to(viewer).select_for_update().one(public_id=public_id)
    if version is not None and version != machine.version:
        at = machine.updated_at
        raise Refused("stale", status=409, who=machine.changed_by, when=f"{local(at):%m-%d %H:%M}", at=at)
    return machine


def with_serial(viewer: Viewer, manufacturer_id: int, serial_number: str) -> Machine | None:
    """The dealer's machine of this manufacturer with this serial number, or None."""
    rows = Machine.objects.visible_to(viewer).filter(manufacturer_id=manufacturer_id, serial_number=serial_number)
    return rows.select_related("customer").order_by("id").first()


def of_customer(viewer: Viewer, customer: Customer) -> list[Machine]:
    """The machines at a customer, active ones first."""
    rows = Machine.objects.visible_to(viewer).filter(customer=customer).select_related("manufacturer")
    return list(rows.order_by("-active", "model", "id"))


def of_customers(viewer: Viewer, customers: Sequence[Customer], *, limit: int = 60) -> dict[int, list[Machine]]:
    """Customer id -> its active machines, for several customers in one statement; `limit` machines in all."""
    rows = Machine.objects.visible_to(viewer).filter(customer__in=[customer.id for customer in customers], active=True)
    found: dict[int, list[Machine]] = {customer.id: [] for customer in customers}
    for machine in rows.select_related("manufacturer").order_by("customer_id", "model", "id")[:limit]:
        found[machine.customer_id].append(machine)
    return found


def several(viewer: Viewer, public_ids: list[str]) -> list[Machine]:
    """The machines with these public ids, in that order; foreign and missing ones are not in it."""
    found = {
        machine.public_id: machine for machine in Machine.objects.visible_to(viewer).filter(public_id__in=public_ids)
    }
    return [found[key] for key in public_ids if key in found]


def has_history(viewer: Viewer, machine: Machine) -> bool:
    """Whether any room keeps work about this machine."""
    return any(check(viewer, machine) for check in history_checks)
