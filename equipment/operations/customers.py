"""Writing customers."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from core import rights
from core.errors import Refused
from core.tenancy import Viewer
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
    _fill(customer, facts)
    customer.save(force_insert=True)
    return customer


@transaction.atomic
def change_customer(
    *, viewer: Viewer, public_id: str, facts: CustomerFacts, expected_version: int, now: datetime
) -> Customer:
    """Change a customer; tickets and slips keep their own copies. Errors: NotFound, Refused("stale", 409)."""
    customer = customers.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "customer.change", customer)
    _fill(customer, facts)
    customer.version += 1
    customer.save()
    return customer


def digits(phone: str) -> str:
    """The number without spaces, dashes and +86."""
    kept = re.sub(r"\D", "", phone)
    return kept[2:] if kept.startswith("86") and len(kept) == 13 else kept


def _fill(customer: Customer, facts: CustomerFacts) -> None:
    if not facts.name.strip():
        raise Refused("name_missing", field="name")
    for name, value in asdict(facts).items():
        setattr(customer, name, value.strip())
    customer.phone_digits, customer.phone2_digits = digits(facts.phone), digits(facts.phone2)
