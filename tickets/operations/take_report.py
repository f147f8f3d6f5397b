"""A report as it comes in on the telephone: a known or a new customer, known machines and perhaps a new one (ui.md 3.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core.tenancy import Viewer
from equipment.models import Customer
from equipment.operations.customers import CustomerFacts, add_customer
from equipment.operations.machines import MachineFacts, add_machine
from equipment.queries import customers, machines
from tickets.models import Ticket
from tickets.operations.report_fault import Report, report_fault


@dataclass(frozen=True)
class Call:
    """What was typed. customer: public id, "" or "new" = the one named here; machines: public ids; model: "" = no new machine."""

    phone: str
    fault: str
    source: str
    urgency: str
    customer: str = ""
    customer_name: str = ""
    contact: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    address: str = ""
    machines: Sequence[str] = ()
    manufacturer_id: int = 0
    product_type: str = ""
    model: str = ""
    serial_number: str = ""
    reported_at: datetime | None = None


@transaction.atomic
def take_report(*, viewer: Viewer, call: Call, now: datetime) -> Ticket:
    """Customer, machines and ticket of one call, all or nothing.

    Errors: NotFound for a foreign customer, those of `add_customer`, `add_machine` and `report_fault`.
    """
    customer = _customer(viewer, call, now)
    chosen = machines.several(viewer, list(call.machines))
    if call.model:
        facts = MachineFacts(
            manufacturer_id=call.manufacturer_id,
            product_type=call.product_type,
            model=call.model,
            serial_number=call.serial_number,
        )
        chosen.append(add_machine(viewer=viewer, customer=customer, facts=facts, now=now))
    report = Report(
        fault=call.fault,
        source=call.source,
        urgency=call.urgency,
        reported_at=call.reported_at,
        reporter=call.contact or customer.contact,
        reporter_phone=call.phone,
        contact=call.contact,
        phone=call.phone,
    )
    return report_fault(viewer=viewer, customer=customer, machines=chosen, report=report, now=now)


def _customer(viewer: Viewer, call: Call, now: datetime) -> Customer:
    if call.customer and call.customer != "new":
        return customers.one(viewer, call.customer)
    facts = CustomerFacts(
        name=call.customer_name,
        phone=call.phone,
        contact=call.contact,
        province=call.province,
        city=call.city,
        district=call.district,
        address=call.address,
    )
    return add_customer(viewer=viewer, facts=facts, now=now)
