"""Lists of tickets: the dispatcher's, the office's, HQ's; one frozen row of finished texts each (docs/performance.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import chain
from typing import Any

from django.db.models import BigIntegerField, CharField, Count, F, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone
from django.utils.translation import get_language

from core import search
from core.calendars import local
from core.money import shown
from core.paging import Orders
from core.prepared import PerViewer
from core.tenancy import TenantQuerySet, Tier, Viewer
from partners.enums import OrganisationKind
from partners.models import Organisation
from tickets.enums import FINISHED, OPEN, TicketState, Urgency, WarrantyOutcome
from tickets.models import Ticket, TicketMachine
from tickets.queries import clocks
from tickets.queries.tickets import seen_by
from tickets.rules import READERS

ORDERS: Orders = {"reported": ("reported_at", "id")}
DEFAULT = "-reported"
COLUMNS = (
    "public_id",
    "id",
    "number",
    "reported_at",
    "state",
    "urgency",
    "customer_name",
    "city",
    "model_summary",
    "fault",
    "lead_name",
    "is_rework",
    "appointment_at",
    "wait_reason",
    "burns",
    "burns_at",
    "held",
    "supported_since",
    "warranty",
)


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; empty = not at all. state: a state, "open", "finished" or "all". city: without 市.

    due: "overdue", or "soon" for what is due within two hours, too.

    partner: id of the other side.

    customer, machine: public ids, for the dealer alone, whose files they are.
    """

    q: str = ""
    state: str = "open"
    urgency: str = ""
    due: str = ""
    city: str = ""
    lead: str = ""
    partner: int = 0
    since: datetime | None = None
    until: datetime | None = None
    customer: str = ""
    machine: str = ""
    warranty: str = ""


@dataclass(frozen=True)
class Row:
    """One line of the list, ready to show. burning: what burns first; is_held: the clocks stand still. cost: of imported history, yuan; only where the dealer reads its own files."""

    url: str
    number: str
    reported: str
    reported_iso: str
    customer: str
    city: str
    machine: str
    fault: str
    state: str
    state_label: str
    urgency: str
    urgency_label: str
    lead: str
    partner: str
    note: str
    is_rework: bool
    is_urgent: bool
    burning: clocks.Burning | None = None
    is_held: bool = False
    warranty: str = ""
    warranty_label: str = ""
    cost: str = ""
    is_supported: bool = False


@dataclass(frozen=True)
class History:
    """The youngest tickets of a customer or machine; more: there are others before them."""

    rows: list[Row]
    more: bool


def listing(viewer: Viewer, filters: Filters) -> QuerySet[Ticket, dict[str, Any]]:
    """The tickets of a list as `.values()`, in no order yet."""
    rows = seen_by(viewer)
    states = {"open": OPEN, "finished": FINISHED}.get(filters.state)
    if states is not None:
        rows = rows.filter(state__in=states)
    elif filters.state and filters.state != "all":
        rows = rows.filter(state=filters.state)
    if filters.urgency:
        rows = rows.filter(urgency=filters.urgency)
    if filters.due:
        edge = timezone.now() + (clocks.SOON if filters.due == "soon" else timedelta())
        rows = rows.filter(burns_at__lt=edge, state__in=OPEN)
    if filters.city:
        rows = rows.filter(city_key=filters.city)
    if filters.lead:
        rows = rows.filter(lead_name=filters.lead)
    if filters.warranty:
        rows = rows.filter(warranty=filters.warranty)
    if filters.partner:
        rows = rows.filter(**{other_side(viewer): filters.partner})
    if filters.since:
        rows = rows.filter(reported_at__gte=filters.since)
    if filters.until:
        rows = rows.filter(reported_at__lt=filters.until)
    if viewer.tier is Tier.DEALER and filters.customer:
        rows = rows.filter(customer__public_id=filters.customer)
    if viewer.tier is Tier.DEALER and filters.machine:
        covered = TicketMachine.objects.visible_to(viewer).filter(machine__public_id=filters.machine)
        rows = rows.filter(id__in=covered.values("ticket_id"))
    if filters.q:
        rows = rows.filter(id__in=search.ids(viewer, "ticket", filters.q))
    # without a join to the partner's name: under row security it would cost the order by index; `choices` knows the names
    found: QuerySet[Ticket, dict[str, Any]] = rows.values(*COLUMNS, partner_id=F(other_side(viewer)))
    return found


def other_side(viewer: Viewer) -> str:
    """The column of the organisation on the other side: a dealer's manufacturers, everybody else's dealers."""
    return "manufacturer_id" if viewer.tier is Tier.DEALER else "dealer_id"


def row(values: dict[str, Any], names: Mapping[int, str]) -> Row:
    """One line from the values of `listing`; names: of the other side's organisations, from `choices`."""
    state, urgency = TicketState(values["state"]), Urgency(values["urgency"])
    reported, language = local(values["reported_at"]), get_language()
    burning = clocks.burning(values["burns"], values["burns_at"], timezone.now()) if state in OPEN else None
    note = values["wait_reason"] if state in (TicketState.WAIT_PART, TicketState.WAIT_CUST) else ""
    if state == TicketState.APPOINTED and values["appointment_at"]:
        note = f"{local(values['appointment_at']):%m-%d %H:%M}"
    return Row(
        url=f"/tickets/{values['public_id']}/",
        number=values["number"],
        reported=_when(reported),
        reported_iso=reported.isoformat(timespec="minutes"),
        customer=values["customer_name"],
        city=values["city"],
        machine=values["model_summary"],
        fault=values["fault"],
        state=state.value,
        state_label=_words(state, language),
        urgency=urgency.value,
        urgency_label=_words(urgency, language),
        lead=values["lead_name"],
        partner=names.get(values["partner_id"], ""),
        note=note,
        burning=burning,
        is_held=values["held"] and burning is None and state in OPEN,
        is_rework=values["is_rework"],
        is_urgent=urgency == Urgency.STOPPED and state in OPEN,
        is_supported=values["supported_since"] is not None,
        warranty=f"warranty_{values['warranty']}" if values["warranty"] else "",
        warranty_label=_words(WarrantyOutcome(values["warranty"]), language) if values["warranty"] else "",
    )


@lru_cache(maxsize=256)
def _words(choice: TicketState | Urgency | WarrantyOutcome, language: str | None) -> str:
    """The label of a state or urgency; looked up in the catalogue once for each language that was active."""
    return str(choice.label)


def _when(moment: datetime) -> str:
    shape = "%m-%d %H:%M" if moment.year == local(timezone.now()).year else "%Y-%m-%d"
    return moment.strftime(shape)


@dataclass(frozen=True)
class Load:
    """The open tickets in numbers: in each state, with stopped production, by the id of the other side, and of each person who is sent."""

    by_state: Counter[str]
    stopped: int
    by_partner: Counter[int]
    by_person: Counter[int]


def load(viewer: Viewer) -> Load:
    """How many tickets are open: for the boards, and for a dealer who is free. One statement, answered by an index alone."""
    found = Load(Counter(), 0, Counter(), Counter())
    stopped = 0
    for state, partner, urgency, *crews, n in _open_groups(viewer):
        found.by_state[state] += n
        found.by_partner[partner] += n
        stopped += n if urgency == Urgency.STOPPED else 0
        for person in chain(*crews):
            found.by_person[person] += n
    return replace(found, stopped=stopped)


def _groups(viewer: Viewer) -> QuerySet[Any, Any]:
    columns = ["state", other_side(viewer), "urgency", *(["crew_ids"] if viewer.tier is Tier.DEALER else [])]
    return seen_by(viewer).filter(state__in=OPEN).order_by().values_list(*columns).annotate(n=Count("id"))


_open_groups = PerViewer(_groups)


@dataclass(frozen=True)
class Choices:
    """What the filters offer: (value, words) each. names: the other side's organisations by id."""

    leads: list[tuple[str, str]]
    partners: list[tuple[str, str]]
    names: dict[int, str]
    ids: dict[str, int]


def choices(viewer: Viewer) -> Choices:
    """Technicians who lead open tickets, and the other side (manufacturers or dealers). One statement."""
    return choices_from(_leading(viewer))


def with_partners(viewer: Viewer, leads: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """Names of technicians, as (0, name, name), together with the other side."""
    return leads.union(_partners(viewer), all=True)


def _leads(viewer: Viewer, most: int = 80) -> QuerySet[Any, Any]:
    leading = seen_by(viewer).filter(state__in=OPEN).exclude(lead_name="").order_by()
    return leading.values_list(Value(0, BigIntegerField()), F("lead_name"), F("lead_name")).distinct()[:most]


_leading = PerViewer(lambda viewer: with_partners(viewer, _leads(viewer)))


def choices_from(found: Iterable[tuple[Any, ...]]) -> Choices:
    """The choices out of the rows of `with_partners`."""
    rows = sorted(set(found), key=lambda row: row[2])
    others = [(pk, public_id, words) for pk, public_id, words in rows if pk]
    return Choices(
        leads=[(name, name) for pk, name, _name in rows if not pk],
        partners=[(public_id, words) for _pk, public_id, words in others],
        names={pk: words for pk, _public_id, words in others},
        ids={public_id: pk for pk, public_id, _words in others},
    )


def partner_rows(viewer: Viewer) -> list[tuple[Any, ...]]:
    """Id, public id and name of the other side's organisations. One statement."""
    return list(_partners(viewer))


def partner_names(viewer: Viewer) -> dict[int, str]:
    """The other side's organisations by id. One statement."""
    return {pk: words for pk, _public_id, words in _partners(viewer)}


def _partners(viewer: Viewer) -> QuerySet[Any, Any]:
    """Id, public id and name of the other side's organisations."""
    kind = OrganisationKind.MAKER if viewer.tier is Tier.DEALER else OrganisationKind.DEALER
    sides = Organisation.objects.visible_to(viewer).filter(kind=kind).exclude(id=viewer.org).order_by()
    label = Coalesce(NullIf(F("short_name"), Value("")), F("name"), output_field=CharField())
    return sides.values_list(F("id"), F("public_id"), label)


def of_customer(viewer: Viewer, customer_id: int, *, limit: int = 50) -> History:
    """The tickets of a customer, newest first; the dealer's own people see all of them."""
    return _history(viewer, Ticket.objects.visible_to(viewer).filter(customer_id=customer_id), limit)


def of_machine(viewer: Viewer, machine_id: int, *, limit: int = 50) -> History:
    """The tickets of a machine, newest first: its service history."""
    ids = TicketMachine.objects.visible_to(viewer).filter(machine_id=machine_id).values("ticket_id")
    return _history(viewer, Ticket.objects.visible_to(viewer).filter(id__in=ids), limit)


def _history(viewer: Viewer, rows: TenantQuerySet[Ticket], limit: int) -> History:
    """A technician reads the whole history of what he repairs, but opens only his own tickets, and money only there."""
    values = rows.order_by("-reported_at", "-id").values(*COLUMNS, "cost", partner_id=F(other_side(viewer)))
    found = list(values[: limit + 1])
    keys = [item["id"] for item in found[:limit]]
    own = None if viewer.has(*READERS) else set(seen_by(viewer).filter(id__in=keys).values_list("id", flat=True))
    lines = []
    for item in found[:limit]:
        line = replace(row(item, {}), cost="" if item["cost"] is None else shown(item["cost"]))
        lines.append(line if own is None or item["id"] in own else replace(line, url="", cost=""))
    return History(lines, more=len(found) > limit)
