"""Reading customers."""

from __future__ import annotations

from core.calendars import local
from core.errors import Refused
from core.tenancy import Viewer
from equipment.models import Customer


def one(viewer: Viewer, public_id: str) -> Customer:
    """The customer with this public id. Errors: NotFound."""
    return Customer.objects.visible_to(viewer).one(public_id=public_id)


def lock(viewer: Viewer, public_id: str, *, version: int | None) -> Customer:
    """The customer, locked. Errors: NotFound, Refused("stale", 409)."""
    customer = Customer.objects.visible_to(viewer).select_for_update().one(public_id=public_id)
    if version is not None and version != customer.version:
        raise Refused("stale", status=409, who="", when=f"{local(customer.updated_at):%m-%d %H:%M}")
    return customer


def by_phone(viewer: Viewer, digits: str, *, limit: int = 8) -> list[Customer]:
    """Customers whose first or second number begins with `digits` (at least 4), for the intake form."""
    if len(digits) < 4:
        return []
    rows = Customer.objects.visible_to(viewer).filter(active=True)
    found = list(rows.filter(phone_digits__gte=digits, phone_digits__lt=digits + "~").order_by("phone_digits")[:limit])
    if len(found) < limit:
        known = {customer.id for customer in found}
        more = rows.filter(phone2_digits__gte=digits, phone2_digits__lt=digits + "~").order_by("phone2_digits")[:limit]
        found += [customer for customer in more if customer.id not in known]
    return found[:limit]
