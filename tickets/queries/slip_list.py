"""The list of slips: the dealer's, and of what is shared the office's and HQ's; one frozen row of finished texts each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from core import search
from core.calendars import SHANGHAI, local
from core.paging import Orders
from core.prepared import PerViewer
from core.tenancy import Viewer
from tickets.enums import FROZEN, Rating, SlipState, WarrantyOutcome
from tickets.models import Slip, Ticket
from tickets.queries import lists, slips

#: by the tenant's index on finished_at; a draft that never had a number is not in the list
ORDERS: Orders = {"finished": ("finished_at", "id")}
DEFAULT = "-finished"

COLUMNS = (
    "id",
    "public_id",
    "number",
    "state",
    "finished_at",
    "customer_name",
    "shown_technician",
    "rating",
    "is_remote",
    "from_paper",
    "void_reason",
    "warranty",
)


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; empty = not at all. month: its first day. partner: id of the other side. city: without 市."""

    q: str = ""
    state: str = ""
    month: date | None = None
    technician: str = ""
    partner: int = 0
    city: str = ""
    since: datetime | None = None
    until: datetime | None = None
    from_paper: bool = False
    warranty: str = ""


@dataclass(frozen=True)
class Row:
    """One line of the list, ready to show."""

    url: str
    number: str
    finished: str
    customer: str
    machine: str
    technician: str
    state: str
    state_label: Any
    rating: Any
    remote: bool
    from_paper: bool
    warranty: str = ""
    warranty_label: Any = ""
    key: str = ""  # public id, of a slip that can be printed

    @property
    def state_words(self) -> str:
        """State and marks in one, for a spreadsheet."""
        marks = [_("entered from paper")] if self.from_paper else []
        return " · ".join([str(self.state_label), *([_("by phone")] if self.remote else []), *marks])


def listing(viewer: Viewer, filters: Filters) -> QuerySet[Slip, dict[str, Any]]:
    """The slips with a number that fit, in no order yet."""
    rows = slips.listed(viewer).filter(finished_at__isnull=False)
    if filters.state:
        rows = rows.filter(state=filters.state)
    if filters.month:
        first = datetime(filters.month.year, filters.month.month, 1, tzinfo=SHANGHAI)
        after = (first + timedelta(days=32)).replace(day=1)
        rows = rows.filter(finished_at__gte=first, finished_at__lt=after)
    if filters.technician:
        rows = rows.filter(shown_technician=filters.technician)
    if filters.partner:
        rows = rows.filter(**{lists.other_side(viewer): filters.partner})
    if filters.warranty:
        rows = rows.filter(warranty=filters.warranty)
    if filters.city:
        rows = rows.filter(city_key=filters.city)
    if filters.since:
        rows = rows.filter(finished_at__gte=filters.since)
    if filters.until:
        rows = rows.filter(finished_at__lt=filters.until)
    if filters.from_paper:
        rows = rows.filter(from_paper=True)
    if filters.q:
        rows = rows.filter(id__in=search.ids(viewer, "slip", filters.q))
    # asked for the rows of one page only; a join would be made for the whole list and for its count, too
    machine = Ticket.objects.visible_to(viewer).filter(pk=OuterRef("ticket_id")).values("model_summary")[:1]
    found: QuerySet[Slip, dict[str, Any]] = rows.values(*COLUMNS, machine=Subquery(machine))
    return found


def row(values: dict[str, Any]) -> Row:
    """One line."""
    finished = local(values["finished_at"])
    state = SlipState(values["state"])
    return Row(
        url=reverse("tickets:slip", args=[values["public_id"]]),
        number=values["number"],
        finished=f"{finished:%Y-%m-%d %H:%M}",
        customer=values["customer_name"],
        machine=values["machine"],
        technician=values["shown_technician"],
        state=state.value,
        state_label=state.label,
        rating=Rating(values["rating"]).label if values["rating"] else "",
        remote=values["is_remote"],
        from_paper=values["from_paper"],
        warranty=f"warranty_{values['warranty']}" if values["warranty"] else "",
        warranty_label=WarrantyOutcome(values["warranty"]).label if values["warranty"] else "",
        key=values["public_id"] if state in FROZEN else "",
    )


def choices(viewer: Viewer) -> lists.Choices:
    """Technicians on the latest 300 slips, and the other side, for the filters. One statement."""
    return lists.choices_from(_latest(viewer))


def _names(viewer: Viewer) -> QuerySet[Any, Any]:
    latest = slips.listed(viewer).filter(finished_at__isnull=False).order_by("-finished_at", "-id")
    name = F("shown_technician")
    return latest.exclude(shown_technician="").values_list(Value(0, BigIntegerField()), name, name)[:300]


_latest = PerViewer(lambda viewer: lists.with_partners(viewer, _names(viewer)))


def months(today: date, count: int = 13) -> list[date]:
    """First days of this month and those before."""
    first, found = today.replace(day=1), []
    for _place in range(count):
        found.append(first)
        first = (first - timedelta(days=1)).replace(day=1)
    return found
