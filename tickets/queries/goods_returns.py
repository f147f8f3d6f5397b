"""Reading goods that go back to the factory (domain.md 17): one, by its code, the list with what is due first, their story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, ExpressionWrapper, F, Q

from core import rights
from core.calendars import local
from core.errors import NotFound, Refused
from core.money import shown
from core.paging import Orders
from core.tenancy import TenantQuerySet, Tier, Viewer
from equipment.models import Machine
from tickets.enums import RETURN_ENDED, ReturnState
from tickets.models import GoodsReturn, GoodsReturnEvent

ORDERS: Orders = {"applied": ("applied_on", "id")}
DEFAULT = "-applied"
#: machines offered for a search
OFFERED = 20


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to. state: a state, "open", "late" or "all"; partner: id of the other side."""

    q: str = ""
    state: str = "open"
    partner: int = 0


@dataclass(frozen=True)
class Row:
    """A return in finished words. due: last day of the step that it waits for, None = of nothing; late: that day is over."""

    url: str
    number: str
    customer: str
    machine: str
    fault: str
    applied: date
    due: date | None
    late: bool
    state: str
    state_label: str
    partner: str


def listing(viewer: Viewer, filters: Filters, today: date) -> TenantQuerySet[GoodsReturn]:
    """The returns of a list, in no order yet."""
    rows = GoodsReturn.objects.visible_to(viewer)
    if filters.state in ("open", "late"):
        rows = rows.exclude(state__in=RETURN_ENDED)
    elif filters.state != "all":
        rows = rows.filter(state=filters.state)
    if filters.state == "late":
        rows = rows.filter(due_on__lt=today)
    if filters.partner:
        side = "manufacturer_id" if viewer.tier is Tier.DEALER else "dealer_id"
        rows = rows.filter(**{side: filters.partner})
    for word in filters.q.split():
        rows = rows.filter(
            Q(number__icontains=word)
            | Q(customer_name__icontains=word)
            | Q(model__icontains=word)
            | Q(serial_number__icontains=word)
            | Q(waybill__icontains=word)
        )
    return rows


def row(viewer: Viewer, found: GoodsReturn, names: dict[int, str], today: date) -> Row:
    """The return in words. names: of the other side's organisations."""
    return Row(
        url=f"/returns/{found.public_id}/",
        number=found.number,
        customer=found.customer_name,
        machine=f"{found.model} {found.serial_number}".strip(),
        fault=found.fault,
        applied=found.applied_on,
        due=None if found.state in RETURN_ENDED else found.due_on,
        late=is_late(found, today),
        state=found.state,
        state_label=str(ReturnState(found.state).label),
        partner=names.get(found.manufacturer_id if viewer.tier is Tier.DEALER else found.dealer_id, ""),
    )


def is_late(found: GoodsReturn, today: date) -> bool:
    """Whether the step that it waits for should have been taken."""
    return found.state not in RETURN_ENDED and found.due_on is not None and found.due_on < today


def one(viewer: Viewer, public_id: str) -> GoodsReturn:
    """The return with its dealer and manufacturer. Errors: NotFound, also for who has nothing to do with it."""
    found = GoodsReturn.objects.visible_to(viewer).select_related("dealer", "manufacturer").one(public_id=public_id)
    if not rights.may(viewer, "goods_return.read", found):
        raise NotFound
    return found


def lock(viewer: Viewer, public_id: str, *, version: int | None) -> GoodsReturn:
    """The return, locked. version: what the page showed, None = not compared. Errors: NotFound, Refused("stale", 409)."""
    found = GoodsReturn.objects.visible_to(viewer).select_for_update().one(public_id=public_id)
    if not rights.may(viewer, "goods_return.read", found):
        raise NotFound
    if version is not None and version != found.version:
        raise stale(found)
    return found


def stale(found: GoodsReturn) -> Refused:
    """The refusal for a page that is older than what it shows."""
    return Refused("stale", status=409, who=found.changed_by, when=f"{local(found.updated_at):%m-%d %H:%M}")


def open_of_machine(viewer: Viewer, machine: Machine) -> GoodsReturn | None:
    """The return that a machine is on; None = it is on none."""
    return GoodsReturn.objects.visible_to(viewer).filter(machine=machine).exclude(state__in=RETURN_ENDED).first()


def by_id(viewer: Viewer, key: int) -> GoodsReturn | None:
    """The return of a job's payload; None when the viewer does not see it any more."""
    return GoodsReturn.objects.visible_to(viewer).filter(pk=key).first()


def by_code(viewer: Viewer, code: str) -> GoodsReturn | None:
    """The return behind what a scanner read: its number, the address on its papers, a waybill, or a serial number; an open one first."""
    key = code.strip().rstrip("/").rpartition("/")[2]
    if not key:
        return None
    rows = GoodsReturn.objects.visible_to(viewer).filter(
        Q(number__iexact=key) | Q(public_id=key) | Q(waybill__iexact=key) | Q(serial_number__iexact=key)
    )
    ended = ExpressionWrapper(Q(state__in=RETURN_ENDED), output_field=BooleanField())
    return rows.order_by(ended, "-id").first()


def story(viewer: Viewer, found: GoodsReturn) -> list[GoodsReturnEvent]:
    """What happened to it, the latest first."""
    return list(GoodsReturnEvent.objects.visible_to(viewer).filter(goods_return=found).order_by("-id"))


def price(viewer: Viewer, found: GoodsReturn) -> str:
    """The offer in yuan, "" without one and for who sees no amounts."""
    return shown(found.price) if found.price is not None and rights.may(viewer, "goods_return.price") else ""


def machines(viewer: Viewer, q: str) -> list[Machine]:
    """The dealer's machines whose number, model or customer holds these words, of manufacturers on the platform, with the customer."""
    rows = Machine.objects.visible_to(viewer).filter(active=True).exclude(manufacturer_id__in=viewer.own_makers)
    for word in q.split():
        rows = rows.filter(
            Q(serial_number__icontains=word) | Q(model__icontains=word) | Q(customer__name__icontains=word)
        )
    return list(rows.select_related("customer", "manufacturer").order_by(F("updated_at").desc(), "-id")[:OFFERED])
