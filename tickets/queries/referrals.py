"""Reading referrals: the maker's list and page, whom to refer to and why, what comes in at the dealer's (domain.md 6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from core import districts, rights
from core.calendars import local
from core.errors import NotFound, Refused
from core.paging import Orders
from core.prepared import PerViewer
from core.tenancy import TenantQuerySet, Tier, Viewer
from core.typed import digits
from equipment.models import Customer, Machine, ProductLine
from equipment.queries import coverage, customers
from partners.enums import Level
from partners.models import Partnership
from tickets.enums import OPEN, REFERRAL_OPEN, ReferralState, TicketState, Urgency
from tickets.models import Referral, Ticket

ORDERS: Orders = {"sent": ("sent_at", "id")}
DEFAULT = "-sent"


def one(viewer: Viewer, public_id: str) -> Referral:
    """The referral. Errors: NotFound."""
    found = Referral.objects.visible_to(viewer).select_related("line").one(public_id=public_id)
    if not rights.may(viewer, "referral.read", found):
        raise NotFound
    return found


def lock(viewer: Viewer, public_id: str, *, version: int | None) -> Referral:
    """The referral, locked. Errors: NotFound, Refused("stale", 409)."""
    found = Referral.objects.visible_to(viewer).select_for_update().one(public_id=public_id)
    if not rights.may(viewer, "referral.read", found):
        raise NotFound
    if version is not None and version != found.version:
        raise Refused("stale", status=409, who=found.decided_by, when=f"{local(found.updated_at):%m-%d %H:%M}")
    return found


def lock_by_id(viewer: Viewer, key: int) -> Referral | None:
    """For jobs and for the ticket that it made; None when it is not the viewer's to see."""
    return Referral.objects.visible_to(viewer).select_for_update().filter(pk=key).first()


def by_id(viewer: Viewer, key: int) -> Referral | None:
    """The same, not locked."""
    return Referral.objects.visible_to(viewer).filter(pk=key).first()


def thread(viewer: Viewer, referral: Referral) -> list[Referral]:
    """All referrals of the case that the viewer may see, in order: to the first dealer, to the next one."""
    rows = Referral.objects.visible_to(viewer).filter(manufacturer_id=referral.manufacturer_id, thread=referral.thread)
    return list(rows.order_by("sequence", "id"))


def others_of_thread(viewer: Viewer, referral: Referral) -> list[Referral]:
    """The earlier referrals of the case that are not over, locked in order of their ids: what ends when this one is accepted."""
    rows = Referral.objects.visible_to(viewer).filter(manufacturer_id=referral.manufacturer_id, thread=referral.thread)
    rows = rows.filter(sequence__lt=referral.sequence).exclude(
        state__in=[ReferralState.TRANSFERRED, ReferralState.SENT]
    )
    return list(rows.select_for_update().order_by("id"))


def ticket_of(viewer: Viewer, referral: Referral) -> Ticket | None:
    """The dealer's ticket that the referral became; None while it is on its way."""
    return tickets_of(viewer, [referral.pk]).get(referral.pk)


def tickets_of(viewer: Viewer, keys: list[int]) -> dict[int, Ticket]:
    """The tickets of several referrals, by the referral's key. One statement."""
    rows = Ticket.objects.visible_to(viewer).filter(referral_id__in=keys).order_by("id")
    return {ticket.referral_id or 0: ticket for ticket in rows}


def incoming(viewer: Viewer, limit: int = 10) -> list[Ticket]:
    """What the manufacturers refer to this dealer and nobody has accepted yet, the oldest first: on top of the board."""
    keys = [key for (key,) in _incoming(viewer, limit)]
    return list(Ticket.objects.visible_to(viewer).filter(id__in=keys).order_by("reported_at", "id")) if keys else []


_incoming = PerViewer(
    lambda viewer, limit: (
        Ticket.objects.visible_to(viewer)
        .filter(state=TicketState.NEW, referral__isnull=False)
        .order_by("reported_at", "id")
        .values_list("id")[:limit]
    )
)


def known_customers(viewer: Viewer, ticket: Ticket) -> list[Customer]:
    """Customers of the dealer with the referral's number, other than the one that was made for it: they are offered."""
    wanted = digits(ticket.phone)
    if not _is_new(viewer, ticket):
        return []
    found = customers.by_phone(viewer, wanted) if len(wanted) > 6 else []
    exact = [one for one in found if wanted in (one.phone_digits, one.phone2_digits)]
    return [one for one in exact if one.pk != ticket.customer_id]


def _is_new(viewer: Viewer, ticket: Ticket) -> bool:
    """Whether the ticket's customer was made for it: no other ticket and no other machine hang on him."""
    if Ticket.objects.visible_to(viewer).filter(customer_id=ticket.customer_id).exclude(pk=ticket.pk).exists():
        return False
    return Machine.objects.visible_to(viewer).filter(customer_id=ticket.customer_id).count() <= 1


# ── whom to refer to ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Place:
    """Where the machine stands, in the words of the list of districts."""

    province: str = ""
    city: str = ""
    district: str = ""


@dataclass(frozen=True)
class Candidate:
    """A dealer and why he fits or not. reasons: (fits, sentence). dealer_id: key, for the operation."""

    public_id: str
    dealer_id: int
    name: str
    office_id: int | None
    fits: bool
    reasons: list[tuple[bool, str]]
    open_tickets: int
    rank: tuple[int, ...] = ()


def candidates(
    viewer: Viewer, place: Place, line: ProductLine | None, *, without: frozenset[int] = frozenset()
) -> list[Candidate]:
    """The dealers that the viewer may refer to, who fits first: by region, product line, authorisation, then who has less to do.

    without: keys of dealers who had the case already. Three statements.
    """
    rows = Partnership.objects.visible_to(viewer).filter(
        listed=True,
        ended_at=None,
        dealer_confirmed_at__isnull=False,
        manufacturer_confirmed_at__isnull=False,
        dealer__active=True,
    )
    if viewer.tier is Tier.OFFICE:
        rows = rows.filter(manufacturer_id=viewer.maker or 0)
    found = list(rows.select_related("dealer").order_by("dealer__code"))
    covered = coverage.line_ids_by_partnership(viewer)
    busy = _open_by_dealer(viewer)
    made = [
        _candidate(partnership, place, line, covered.get(partnership.pk, set()), busy.get(partnership.dealer_id, 0))
        for partnership in found
        if partnership.dealer_id not in without
    ]
    return sorted(made, key=lambda one: (one.rank, one.name))


def _candidate(tie: Partnership, place: Place, line: ProductLine | None, covered: set[int], busy: int) -> Candidate:
    near, where = _region(tie, place)
    able = line is None or not covered or line.pk in covered
    if not covered:
        what = _("Product lines: all")
    elif line is None:
        what = _("Product lines: some; choose the line to check")
    else:
        what = (_("Product line %(line)s: yes") if able else _("Product line %(line)s: not his")) % {"line": line.name}
    named = bool(tie.level)
    level = (
        _("Authorisation: %(level)s") % {"level": Level(tie.level).label}
        if named
        else _("Authorisation: no level agreed")
    )
    return Candidate(
        public_id=tie.dealer.public_id,
        dealer_id=tie.dealer_id,
        name=tie.dealer.label,
        office_id=tie.office_id,
        fits=near and able,
        reasons=[(near, where), (able, what), (named, level)],
        open_tickets=busy,
        # who is named for the region and for the line goes before who has everything; a better level, then less to do
        rank=(not (near and able), not (near and tie.districts), not (able and covered), int(tie.level or 9), busy),
    )


def _region(tie: Partnership, place: Place) -> tuple[bool, str]:
    if not tie.districts:
        return True, _("Region: everywhere")
    found = [one for code in tie.districts if (one := districts.by_code(code)) is not None]
    mine = next((one for one in found if one.name in (place.province, place.city, place.district) and one.name), None)
    if mine is not None:
        return True, _("Region: %(name)s is his") % {"name": mine.name}
    words = "、".join(one.name for one in found[:4])
    return False, _("Region: only %(names)s") % {"names": words}


def _open_by_dealer(viewer: Viewer) -> dict[int, int]:
    rows = Ticket.objects.visible_to(viewer).filter(state__in=OPEN).values("dealer_id").annotate(n=Count("id"))
    return {item["dealer_id"]: item["n"] for item in rows.order_by("dealer_id")}


# ── lists ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to. q: a whole telephone number, a serial number, or words of customer and model."""

    q: str = ""
    state: str = ""
    partner: int = 0


def listing(viewer: Viewer, filters: Filters) -> TenantQuerySet[Referral]:
    """The referrals of the manufacturer's side, in no order yet."""
    rows = Referral.objects.visible_to(viewer)
    if filters.state == "open":
        rows = rows.filter(state__in=REFERRAL_OPEN)
    elif filters.state:
        rows = rows.filter(state=filters.state)
    if filters.partner:
        rows = rows.filter(dealer_id=filters.partner)
    if filters.q:
        rows = rows.filter(_words(filters.q))
    return rows


def known_before(viewer: Viewer, *, phone: str = "", serial: str = "") -> list[Referral]:
    """Earlier referrals of this number or machine: shown while a new one is typed."""
    wanted = Q(pk=0)
    if len(digits(phone)) > 6:
        wanted |= Q(phone_digits=digits(phone))
    if len(serial.strip()) > 3:
        wanted |= Q(serial_number=serial.strip())
    return list(Referral.objects.visible_to(viewer).filter(wanted).order_by("-sent_at", "-id")[:8])


def _words(text: str) -> Q:
    found = Q()
    for word in text.split():
        one = Q(customer_name__icontains=word) | Q(model__icontains=word) | Q(serial_number__iexact=word)
        if len(digits(word)) > 6 and digits(word) == word:
            one |= Q(phone_digits=word)
        found &= one
    return found


@dataclass(frozen=True)
class Row:
    """One line of the list in finished words. age: minutes since it was sent, for what is still open."""

    url: str
    sent: datetime
    customer: str
    place: str
    machine: str
    dealer: str
    state: str
    state_label: str
    ticket: str
    urgent: bool
    is_open: bool


def row(referral: Referral, names: Mapping[int, str], tickets: Mapping[int, Ticket]) -> Row:
    """The referral in words. names: of dealers; tickets: of `tickets_of`."""
    ticket = tickets.get(referral.pk)
    return Row(
        url=f"/referrals/{referral.public_id}/",
        sent=referral.sent_at,
        customer=referral.customer_name,
        place=f"{referral.city}{referral.district}" or referral.province,
        machine=f"{referral.model} {referral.serial_number}".strip(),
        dealer=names.get(referral.dealer_id, ""),
        state=referral.state,
        state_label=str(ReferralState(referral.state).label),
        ticket=ticket.number if ticket else "",
        urgent=referral.urgency == Urgency.STOPPED,
        is_open=referral.state in REFERRAL_OPEN,
    )


def facts_of(referral: Referral) -> dict[str, Any]:
    """What a further referral of the same case takes over."""
    names = (
        "source", "sender_id", "customer_name", "contact", "phone", "phone_digits", "province", "city", "district", "address",
        "host_machine", "product_type", "line_id", "model", "serial_number", "fault", "urgency", "customer_reported_at", "note",
        "manufacturer_id", "thread",
    )  # fmt: skip
    return {name: getattr(referral, name) for name in names}
