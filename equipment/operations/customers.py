"""Writing customers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from core import rights
from core.errors import Refused
from core.tenancy import Viewer
from core.typed import digits
from equipment.enums import CustomerGrade, CustomerSource
from equipment.models import Customer
from equipment.queries import customers


@dataclass(frozen=True)
class CustomerFacts:
    """What is written about a customer (domain.md 3)."""

    name: str
    phone: str = ""
    contact: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    address: str = ""
    phone2: str = ""
    credit_code: str = ""
    industry: str = ""
    source: str = CustomerSource.DIRECT
    grade: str = CustomerGrade.ORDINARY
    note: str = ""


@transaction.atomic
def add_customer(*, viewer: Viewer, facts: CustomerFacts, now: datetime) -> Customer:
    """Enter a new customer of the viewer's dealer.

    Errors: Refused("not_allowed", 403), Refused("name_missing", field="name").
    """
    rights.require(viewer, "customer.add")
    customer = Customer(dealer_id=viewer.org)
    _fill(viewer, customer, facts)
    customer.save(force_insert=True)
    return customer


@transaction.atomic
def add_customers(*, viewer: Viewer, facts: Sequence[CustomerFacts], now: datetime) -> list[Customer]:
    """Enter many customers, in the order given. Errors as `add_customer`, for the first wrong one."""
    rights.require(viewer, "customer.add")
    made = [Customer(dealer_id=viewer.org) for _one in facts]
    for customer, one in zip(made, facts, strict=True):
        _fill(viewer, customer, one)
    return Customer.objects.bulk_create(made, batch_size=500)


@transaction.atomic
def change_customer(
    *, viewer: Viewer, public_id: str, facts: CustomerFacts, expected_version: int, now: datetime
) -> Customer:
    """Change a customer; tickets and slips keep their own copies. Errors: NotFound, Refused("stale", 409)."""
    customer = customers.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "customer.change", customer)
    _fill(viewer, customer, facts)
    customer.version += 1
    customer.save()
    return customer


@transaction.atomic
def deactivate_customer(*, viewer: Viewer, public_id: str, now: datetime) -> Customer:
    """Take a customer out of lists and searches; tickets, slips and machines stay as they are.

    Doing it twice changes nothing. Errors: NotFound, Refused("not_allowed", 403).
    """
    return _set_active(viewer, public_id, active=False)


@transaction.atomic
def activate_customer(*, viewer: Viewer, public_id: str, now: datetime) -> Customer:
    """Undo `deactivate_customer`. Errors: NotFound, Refused("not_allowed", 403)."""
    return _set_active(viewer, public_id, active=True)


def _set_active(viewer: Viewer, public_id: str, *, active: bool) -> Customer:
    customer = customers.lock(viewer, public_id, version=None)
    rights.require(viewer, "customer.change", customer)
    if customer.active is not active:
        customer.active, customer.changed_by = active, viewer.name
        customer.version += 1
        customer.save()
    return customer


def _fill(viewer: Viewer, customer: Customer, facts: CustomerFacts) -> None:
    if not facts.name.strip():
        raise Refused("name_missing", field="name")
    for name, value in asdict(facts).items():
        setattr(customer, name, value.strip())
    customer.phone_digits, customer.phone2_digits = digits(facts.phone), digits(facts.phone2)
    customer.changed_by = viewer.name
