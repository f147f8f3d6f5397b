"""Reading old parts: one, locked, several, the list with what is due first (domain.md 10)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from core import rights
from core.calendars import local
from core.errors import NotFound, Refused
from core.paging import Orders
from core.tenancy import TenantQuerySet, Tier, Viewer
from settlement.calculations.old_part_duties import duty
from settlement.enums import OWED, PART_ENDED, OldPartDuty, OldPartState, PartRequest
from settlement.models import OldPart, OldPartRequest, ReturnBox
from tickets.enums import RequestState, SlipState
from tickets.models import Slip

ORDERS: Orders = {"due": ("due_on", "id"), "replaced": ("replaced_on", "id")}
DEFAULT = "due"
#: days before the due day in which a part counts as due soon (domain.md 10: reminder at 20 of 30 days)
SOON = timedelta(days=10)
#: parts that can be chosen at once, for a box or for labels
MOST = 96


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to. state: a state, "open", "asked" or "all"; due: "soon", "late"; partner: id of the other side."""

    q: str = ""
    state: str = "open"
    due: str = ""
    partner: int = 0


def listing(viewer: Viewer, filters: Filters, today: date) -> TenantQuerySet[OldPart]:
    """The old parts of a list, in no order yet."""
    rows = OldPart.objects.visible_to(viewer)
    if filters.state == "open":
        rows = rows.exclude(state__in=PART_ENDED)
    elif filters.state == "asked":
        rows = rows.exclude(asked="")
    elif filters.state != "all":
        rows = rows.filter(state=filters.state)
    if filters.due:
        rows = rows.filter(state__in=OWED, due_on__lt=today if filters.due == "late" else today + SOON)
    if filters.partner:
        side = "manufacturer_id" if viewer.tier is Tier.DEALER else "dealer_id"
        rows = rows.filter(**{side: filters.partner})
    for word in filters.q.split():
        rows = rows.filter(
            Q(number__icontains=word)
            | Q(slip_number__icontains=word)
            | Q(customer_name__icontains=word)
            | Q(model__icontains=word)
            | Q(serial_number__icontains=word)
            | Q(code__icontains=word)
            | Q(name__icontains=word)
        )
    return rows


@dataclass(frozen=True)
class Row:
    """An old part in finished words. late: it should have been on its way by now, and late_label says how much; asked: what the dealer asks for, "" = nothing."""

    public_id: str
    url: str
    number: str
    part: str
    quantity: str
    customer: str
    machine: str
    slip_number: str
    partner: str
    due: date
    late: bool
    late_label: str
    state: str
    state_label: str
    asked: str


def row(viewer: Viewer, part: OldPart, names: dict[int, str], today: date) -> Row:
    """The part in words. names: of the other side's organisations."""
    return Row(
        public_id=part.public_id,
        url=f"/old-parts/{part.public_id}/",
        number=part.number,
        part=f"{part.code} {part.name}",
        quantity=pieces(part),
        customer=part.customer_name,
        machine=part.model,
        slip_number=part.slip_number,
        partner=names.get(part.manufacturer_id if viewer.tier is Tier.DEALER else part.dealer_id, ""),
        due=part.due_on,
        late=is_late(part, today),
        late_label=str(OldPartDuty(duty(part.due_on, today)).label) if is_late(part, today) else "",
        state=part.state,
        state_label=str(OldPartState(part.state).label),
        asked=str(PartRequest(part.asked).label) if part.asked else "",
    )


def pieces(part: OldPart) -> str:
    """How many there are, with their unit: 2 件."""
    return f"{part.quantity.normalize():f} {part.unit}"


def is_late(part: OldPart, today: date) -> bool:
    """Whether it has not come back after its due day."""
    return is_unreturned(part) and part.due_on < today


def is_unreturned(part: OldPart) -> bool:
    """As `unreturned`, of one part."""
    return part.state in OWED or (part.state == OldPartState.MISSING and not part.finding)


def unreturned(viewer: Viewer) -> TenantQuerySet[OldPart]:
    """The parts that are still at the dealer's: what is owed, and what was not in its box when it was counted (domain.md 10)."""
    not_in_the_box = Q(state=OldPartState.MISSING, finding="")  # 少件, an appraisal, is a reversal instead
    return OldPart.objects.visible_to(viewer).filter(Q(state__in=OWED) | not_in_the_box)


def one(viewer: Viewer, public_id: str) -> OldPart:
    """The old part with this public id, its manufacturer along. Errors: NotFound."""
    found = OldPart.objects.visible_to(viewer).select_related("manufacturer").one(public_id=public_id)
    if not rights.may(viewer, "old_part.read", found):
        raise NotFound
    return found


def by_id(viewer: Viewer, key: int) -> OldPart | None:
    """The old part of a job's payload; None when the viewer does not see it any more."""
    return OldPart.objects.visible_to(viewer).filter(pk=key).first()


def lock(viewer: Viewer, public_id: str, *, version: int | None) -> OldPart:
    """The old part, locked until the transaction ends. version: what the page showed, None = not compared.

    Errors: NotFound, Refused("stale", 409).
    """
    found = OldPart.objects.visible_to(viewer).select_for_update().one(public_id=public_id)
    if not rights.may(viewer, "old_part.read", found):
        raise NotFound
    if version is not None and version != found.version:
        raise stale(found)
    return found


def stale(found: OldPart | ReturnBox) -> Refused:
    """The refusal for a page that is older than what it shows."""
    who = found.changed_by if isinstance(found, OldPart) else found.shipped_by or found.begun_by
    return Refused("stale", status=409, who=who, when=f"{local(found.updated_at):%m-%d %H:%M}")


def lock_several(viewer: Viewer, public_ids: Collection[str]) -> list[OldPart]:
    """These old parts, locked in the order of their ids. Errors: NotFound when one of them is not the viewer's to see."""
    wanted = set(public_ids)
    rows = OldPart.objects.visible_to(viewer).filter(public_id__in=wanted)
    found = list(rows.select_for_update().order_by("id"))
    if len(found) != len(wanted):
        raise NotFound
    return found


def several(viewer: Viewer, public_ids: Sequence[str]) -> list[OldPart]:
    """Those of the named old parts that the viewer sees, the first due on top."""
    rows = OldPart.objects.visible_to(viewer).filter(public_id__in=public_ids)
    return list(rows.select_related("dealer").order_by("due_on", "id")[:MOST])


def owed_makers(viewer: Viewer) -> set[int]:
    """Ids of the manufacturers to whom the dealer owes something that is not packed."""
    rows = OldPart.objects.visible_to(viewer).filter(state=OldPartState.DUE)
    return set(rows.order_by().values_list("manufacturer_id", flat=True).distinct())


def to_pack(viewer: Viewer, manufacturer_id: int) -> list[OldPart]:
    """What the dealer owes this manufacturer and has not packed, the first due on top; no more than fit into one choice."""
    rows = OldPart.objects.visible_to(viewer).filter(manufacturer_id=manufacturer_id, state=OldPartState.DUE)
    return list(rows.order_by("due_on", "id")[:MOST])


def in_box(viewer: Viewer, box: ReturnBox) -> list[OldPart]:
    """The parts that were packed into a box, with their dealer, by number."""
    return list(OldPart.objects.visible_to(viewer).filter(box=box).select_related("dealer").order_by("number"))


def lock_in_box(viewer: Viewer, box: ReturnBox) -> list[OldPart]:
    """The parts in a box, locked in the order of their ids."""
    return list(OldPart.objects.visible_to(viewer).filter(box=box).select_for_update().order_by("id"))


def of_slip(viewer: Viewer, slip: Slip) -> list[OldPart]:
    """The old parts of a slip, locked in the order of their ids."""
    return list(OldPart.objects.visible_to(viewer).filter(slip=slip).select_for_update().order_by("id"))


def left_behind(viewer: Viewer, slip: Slip) -> list[OldPart]:
    """Old parts of voided slips of the same round that had left the dealer already, locked in the order of their ids."""
    rows = OldPart.objects.visible_to(viewer).filter(
        slip__ticket=slip.ticket_id, slip__round=slip.round, slip__state=SlipState.VOID
    )
    return list(rows.exclude(state=OldPartState.VOID).select_for_update(of=("self",)).order_by("id"))


def requests(viewer: Viewer, part: OldPart) -> list[OldPartRequest]:
    """What was asked for this part, the latest first."""
    return list(OldPartRequest.objects.visible_to(viewer).filter(part=part).order_by("-id"))


def open_request(viewer: Viewer, part: OldPart) -> OldPartRequest | None:
    """What is asked and nobody has answered; locked."""
    rows = OldPartRequest.objects.visible_to(viewer).filter(part=part, state=RequestState.ASKED)
    return rows.select_for_update().first()
