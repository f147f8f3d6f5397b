"""Reading what customers owe: one, locked, its payments, the list with ages, slips that could be charged (domain.md 9.4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Sum
from django.urls import reverse

from core import rights
from core.calendars import local
from core.errors import NotFound, Refused
from core.money import ZERO, shown
from core.paging import Orders
from core.tenancy import TenantQuerySet, Viewer
from settlement.enums import DEBT_OPEN, DebtState
from settlement.models import CustomerDebt, DebtPayment
from tickets.enums import SlipState, WarrantyTick
from tickets.models import Slip

ORDERS: Orders = {"begun": ("begun_on", "id")}
DEFAULT = "begun"


def one(viewer: Viewer, public_id: str) -> CustomerDebt:
    """One with its slip. Errors: NotFound, also for who reads no amounts."""
    found = CustomerDebt.objects.visible_to(viewer).select_related("slip", "claim").one(public_id=public_id)
    if not rights.may(viewer, "debt.read", found):
        raise NotFound
    return found


def lock(viewer: Viewer, public_id: str, *, version: int | None) -> CustomerDebt:
    """One, locked. version: what the page showed, None = not compared. Errors: NotFound, Refused("stale", 409)."""
    one(viewer, public_id)
    found = CustomerDebt.objects.visible_to(viewer).select_for_update().one(public_id=public_id)
    if version is not None and version != found.version:
        raise stale(found)
    return found


def stale(found: CustomerDebt) -> Refused:
    """The refusal for a page that is older than the row."""
    return Refused("stale", status=409, who="", when=f"{local(found.updated_at):%m-%d %H:%M}")


def of_slip(viewer: Viewer, slip: Slip) -> CustomerDebt | None:
    """The debt that stands for a slip; None = none, or only waived ones."""
    rows = CustomerDebt.objects.visible_to(viewer).filter(slip=slip).exclude(state=DebtState.WAIVED)
    return rows.first()


def payments(viewer: Viewer, debt: CustomerDebt) -> list[DebtPayment]:
    """What came, in order."""
    return list(DebtPayment.objects.visible_to(viewer).filter(debt=debt).order_by("id"))


def uncharged(viewer: Viewer) -> TenantQuerySet[Slip]:
    """The dealer's signed slips of work outside warranty for which nothing is charged."""
    standing = CustomerDebt.objects.visible_to(viewer).filter(slip=OuterRef("pk")).exclude(state=DebtState.WAIVED)
    rows = Slip.objects.visible_to(viewer).filter(state=SlipState.SIGNED, in_warranty=WarrantyTick.NO)
    return rows.filter(~Exists(standing))


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to. state: a state, "open" or "all"; age: at least so many days."""

    q: str = ""
    state: str = "open"
    age: int = 0


def listing(viewer: Viewer, filters: Filters, today: date) -> TenantQuerySet[CustomerDebt]:
    """The debts of a list, in no order yet."""
    rows = CustomerDebt.objects.visible_to(viewer)
    if filters.state == "open":
        rows = rows.filter(state__in=DEBT_OPEN)
    elif filters.state != "all":
        rows = rows.filter(state=filters.state)
    if filters.age:
        rows = rows.filter(begun_on__lte=date.fromordinal(today.toordinal() - filters.age))
    for word in filters.q.split():
        rows = rows.filter(
            Q(number__icontains=word) | Q(customer_name__icontains=word) | Q(slip__number__icontains=word)
        )
    return rows.select_related("slip")


def owed(rows: TenantQuerySet[CustomerDebt]) -> Decimal:
    """What is still open of these rows, in yuan. One statement."""
    found = rows.filter(state__in=DEBT_OPEN).aggregate(total=Sum(F("amount") - F("paid")))["total"]
    return found if found is not None else ZERO


@dataclass(frozen=True)
class Row:
    """A debt in the list, ready to show."""

    url: str
    number: str
    slip: str
    customer: str
    begun: str
    age: int
    amount: str
    paid: str
    left: str
    state: str
    state_label: Any


def row(today: date) -> Callable[[CustomerDebt], Row]:
    """How a debt is shown on this day; age: days since it began, of what is still owed."""

    def make(debt: CustomerDebt) -> Row:
        is_open = debt.state in DEBT_OPEN
        return Row(
            url=reverse("settlement:debt", args=[debt.public_id]),
            number=debt.number,
            slip=debt.slip.number,
            customer=debt.customer_name,
            begun=debt.begun_on.isoformat(),
            age=(today - debt.begun_on).days if is_open else 0,
            amount=shown(debt.amount),
            paid=shown(debt.paid),
            left=shown(debt.amount - debt.paid) if is_open else "",
            state=debt.state,
            state_label=debt.get_state_display(),
        )

    return make
