"""Reading boxes of old parts (domain.md 10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from core import rights
from core.errors import NotFound
from core.paging import Orders
from core.tenancy import TenantQuerySet, Tier, Viewer
from settlement.enums import BoxState, Transport
from settlement.models import OldPart, ReturnBox
from settlement.queries import old_parts

ORDERS: Orders = {"begun": ("begun_at", "id")}
DEFAULT = "-begun"


@dataclass(frozen=True)
class Row:
    """A box in finished words. count: how many parts it was sent with and how many came, "3" or "3 / 2"."""

    url: str
    number: str
    partner: str
    carrier: str
    waybill: str
    transport: str
    count: str
    begun: datetime
    shipped: datetime | None
    state: str
    state_label: str


def listing(viewer: Viewer, *, q: str = "", state: str = "", partner: int = 0) -> TenantQuerySet[ReturnBox]:
    """The boxes of a list, in no order yet."""
    rows = ReturnBox.objects.visible_to(viewer)
    if state:
        rows = rows.filter(state=state)
    if partner:
        side = "manufacturer_id" if viewer.tier is Tier.DEALER else "dealer_id"
        rows = rows.filter(**{side: partner})
    for word in q.split():
        rows = rows.filter(Q(number__icontains=word) | Q(waybill__icontains=word) | Q(carrier__icontains=word))
    return rows


def row(viewer: Viewer, box: ReturnBox, names: dict[int, str]) -> Row:
    """The box in words. names: of the other side's organisations."""
    count = {BoxState.PACKING: "–", BoxState.SHIPPED: f"{box.sent}"}.get(
        BoxState(box.state), f"{box.sent} / {box.came}"
    )
    return Row(
        url=f"/return-boxes/{box.public_id}/",
        number=box.number,
        partner=names.get(box.manufacturer_id if viewer.tier is Tier.DEALER else box.dealer_id, ""),
        carrier=box.carrier,
        waybill=box.waybill,
        transport=str(Transport(box.transport).label) if box.transport else "",
        count=count,
        begun=box.begun_at,
        shipped=box.shipped_at,
        state=box.state,
        state_label=str(BoxState(box.state).label),
    )


def one(viewer: Viewer, public_id: str) -> ReturnBox:
    """The box with this public id, dealer and manufacturer along. Errors: NotFound."""
    found = ReturnBox.objects.visible_to(viewer).select_related("dealer", "manufacturer").one(public_id=public_id)
    if not rights.may(viewer, "return_box.read", found):
        raise NotFound
    return found


def of_part(viewer: Viewer, part: OldPart) -> ReturnBox | None:
    """The box in which a part lies or came; None also while it is packed and the viewer is not of the dealer."""
    return ReturnBox.objects.visible_to(viewer).filter(pk=part.box_id).first() if part.box_id else None


def by_code(viewer: Viewer, code: str) -> tuple[ReturnBox, OldPart | None] | None:
    """The box behind what a scanner read: the number or address of an old part or box, or a waybill; None when no box of the viewer has left with it."""
    key = code.strip().rstrip("/").rpartition("/")[2]
    if not key:
        return None
    boxes = (
        ReturnBox.objects.visible_to(viewer).exclude(state=BoxState.PACKING).select_related("dealer", "manufacturer")
    )
    part = (
        OldPart.objects.visible_to(viewer)
        .filter(Q(number__iexact=key) | Q(public_id=key), box__in=boxes)
        .order_by("-id")
        .first()
    )
    if part is not None and part.box_id is not None:
        return boxes.get(pk=part.box_id), part
    box = boxes.filter(Q(number__iexact=key) | Q(public_id=key) | Q(waybill__iexact=key)).order_by("-id").first()
    return (box, None) if box else None


def lock(viewer: Viewer, public_id: str, *, version: int | None) -> ReturnBox:
    """The box, locked before its parts are. Errors: NotFound, Refused("stale", 409)."""
    found = ReturnBox.objects.visible_to(viewer).select_for_update().one(public_id=public_id)
    if not rights.may(viewer, "return_box.read", found):
        raise NotFound
    if version is not None and version != found.version:
        raise old_parts.stale(found)
    return found


def open_ones(viewer: Viewer, manufacturer_id: int) -> list[ReturnBox]:
    """The boxes for this manufacturer that are being packed, the latest first."""
    rows = ReturnBox.objects.visible_to(viewer).filter(manufacturer_id=manufacturer_id, state=BoxState.PACKING)
    return list(rows.order_by("-begun_at", "-id"))
