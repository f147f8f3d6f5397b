"""Reading customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from core import search
from core.calendars import local
from core.errors import Refused
from core.prepared import Prepared
from core.tenancy import Viewer
from core.typed import digits
from equipment.models import Customer

#: orders of the list, by its indexes (models/customer.py)
ORDERS = {"recent": ("updated_at", "id"), "name": ("name", "id")}
COLUMNS = (
    "public_id", "id", "updated_at", "name", "contact", "phone", "province", "city", "district", "industry", "grade", "source",
)  # fmt: skip
DIGITS_NEEDED = 4  # fewer hit half the customers


@dataclass(frozen=True)
class CustomerFilter:
    """What the list is narrowed to. text: part of a name or contact, or at least four digits of a telephone number."""

    text: str = ""
    city: str = ""
    grade: str = ""
    source: str = ""
    inactive: bool = False


def listing(viewer: Viewer, wanted: CustomerFilter) -> QuerySet[Any, Any]:
    """The columns of the list for customers that fit, in no order yet."""
    rows = Customer.objects.visible_to(viewer).filter(active=not wanted.inactive)
    if wanted.text:
        rows = rows.filter(id__in=search.ids(viewer, "customer", wanted.text))
    for name in ("city", "grade", "source"):
        value = getattr(wanted, name)
        if value:
            rows = rows.filter(**{name: value})
    found: QuerySet[Any, Any] = rows.values(*COLUMNS)
    return found


def cities(viewer: Viewer) -> list[str]:
    """The cities where the dealer has customers, by name."""
    rows = Customer.objects.visible_to(viewer).exclude(city="").order_by("city")
    return list(rows.values_list("city", flat=True).distinct())


def by_id(viewer: Viewer, row_id: int) -> Customer | None:
    """The customer with this serial key, for rows that name it; None when it is gone."""
    return Customer.objects.visible_to(viewer).filter(pk=row_id).first()


def one(viewer: Viewer, public_id: str) -> Customer:
    """The customer with this public id. Errors: NotFound."""
    return _by_key.one(viewer, public_id)


_by_key = Prepared(lambda viewer, public_id: Customer.objects.visible_to(viewer).filter(public_id=public_id))


def lock(viewer: Viewer, public_id: str, *, version: int | None) -> Customer:
    """The customer, locked. Errors: NotFound, Refused("stale", 409)."""
    customer = Customer.objects.visible_to(viewer).select_for_update().one(public_id=public_id)
    if version is not None and version != customer.version:
        at = customer.updated_at
        raise Refused("stale", status=409, who=customer.changed_by, when=f"{local(at):%m-%d %H:%M}", at=at)
    return customer


def by_phone(viewer: Viewer, typed: str, *, limit: int = 8) -> list[Customer]:
    """Customers whose first or second number begins with the typed digits (at least 4), for the intake form.

    When none begins so, those whose number ends so (尾号).
    """
    wanted = digits(typed)
    if len(wanted) < DIGITS_NEEDED:
        return []
    rows = Customer.objects.visible_to(viewer).filter(active=True)
    found = list(rows.filter(phone_digits__begins=wanted).order_by("phone_digits", "id")[:limit])
    second = rows.filter(~Q(phone2_digits=""), phone2_digits__begins=wanted).exclude(id__in=[c.id for c in found])
    found += second.order_by("phone2_digits", "id")[: limit - len(found)]
    if not found:
        ends = Q(phone_digits__endswith=wanted) | Q(phone2_digits__endswith=wanted)
        found = list(rows.filter(ends).order_by("-updated_at", "-id")[:limit])
    return found


def by_name(viewer: Viewer, text: str, *, limit: int = 8) -> list[Customer]:
    """Customers whose name, contact or number holds the text, names that begin with it first; at least one character."""
    text = text.strip()
    if not text:
        return []
    hits = search.ids(viewer, "customer", text)
    rows = Customer.objects.visible_to(viewer).filter(id__in=hits, active=True).order_by("-updated_at", "-id")
    found = list(rows[: limit * 3])
    return sorted(found, key=lambda customer: not customer.name.startswith(text))[:limit]
