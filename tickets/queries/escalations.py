"""Reading escalations: one, locked, the queue with what burns first, how a ticket stands (domain.md 7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from core import rights
from core.calendars import local
from core.errors import NotFound, Refused
from core.paging import Orders
from core.tenancy import TenantQuerySet, Tier, Viewer
from tickets.enums import (
    ESCALATION_OPEN,
    ESCALATION_WAITING,
    SUPPORTING,
    WITH_MAKER,
    EntryKind,
    EscalationReason,
    EscalationState,
)
from tickets.models import Assignment, Entry, Escalation, EscalationAnswer, Photo, Ticket
from tickets.queries import tickets

E = EscalationState
ORDERS: Orders = {"due": ("due_at", "id"), "begun": ("begun_at", "id")}
DEFAULT = "due"


def seen_by(viewer: Viewer) -> TenantQuerySet[Escalation]:
    """The escalations a viewer may open: of its tenant, for a mere technician those of the tickets he is or was sent to."""
    rows = Escalation.objects.visible_to(viewer)
    if not tickets.sees_all(viewer):
        sent = Assignment.objects.visible_to(viewer).filter(ticket=OuterRef("ticket"), person_id=viewer.person_id or 0)
        rows = rows.filter(Exists(sent.filter(active=True)) | Q(ticket__worked_ids__contains=[viewer.person_id]))
    return rows


def one(viewer: Viewer, public_id: str) -> Escalation:
    """The escalation with its ticket. Errors: NotFound, also for a technician who is not sent to the ticket."""
    found = Escalation.objects.visible_to(viewer).select_related("ticket").one(public_id=public_id)
    if not rights.may(viewer, "escalation.read", found):
        raise NotFound
    return found


def lock(viewer: Viewer, public_id: str, *, version: int | None) -> Escalation:
    """The escalation and its ticket, locked in this order (ticket first) until the transaction ends.

    version: what the page showed, None = not compared. Errors: NotFound, Refused("partnership_ended", 409), Refused("stale", 409).
    """
    ticket = tickets.lock(viewer, one(viewer, public_id).ticket.public_id, version=None)
    found = Escalation.objects.visible_to(viewer).select_for_update().one(public_id=public_id)
    found.ticket = ticket
    if version is not None and version != found.version:
        raise stale(viewer, found)
    return found


def stale(viewer: Viewer, escalation: Escalation) -> Refused:
    """The refusal for a page that is older than the escalation, with who changed it."""
    last = story(viewer, escalation)[:1]
    when = local(last[0].recorded_at if last else escalation.updated_at)
    return Refused("stale", status=409, who=last[0].author_name if last else "", when=f"{when:%m-%d %H:%M}")


def open_on(viewer: Viewer, ticket: Ticket) -> Escalation | None:
    """The open escalation of a ticket, a draft included, locked; None when there is none."""
    rows = Escalation.objects.visible_to(viewer).filter(ticket=ticket, state__in=ESCALATION_OPEN)
    return rows.select_for_update().first()


def of_ticket(viewer: Viewer, ticket: Ticket) -> list[Escalation]:
    """All escalations of a ticket, the latest first."""
    return list(Escalation.objects.visible_to(viewer).filter(ticket=ticket).order_by("-begun_at", "-id"))


def answers(viewer: Viewer, escalation: Escalation) -> list[EscalationAnswer]:
    """The answers, the latest first."""
    return list(EscalationAnswer.objects.visible_to(viewer).filter(escalation=escalation).order_by("-id"))


def photos(viewer: Viewer, escalation: Escalation) -> list[Photo]:
    """The photos that were chosen and are still there, in order of the ticket."""
    return [photo for photo in tickets.photos(viewer, escalation.ticket) if photo.pk in escalation.photo_ids]


def story(viewer: Viewer, escalation: Escalation) -> list[Entry]:
    """The lines of the ticket's timeline that are about this escalation, newest first."""
    rows = Entry.objects.visible_to(viewer).filter(ticket=escalation.ticket_id, kind=EntryKind.FACT)
    return list(rows.filter(facts__escalation=escalation.public_id).order_by("-at", "-id")[:100])


def shows_photo(viewer: Viewer, photo: Photo) -> bool:
    """Whether an open escalation shows this photo."""
    rows = Escalation.objects.visible_to(viewer).filter(ticket=photo.ticket_id, photo_ids__contains=[photo.pk])
    return rows.filter(state__in=SUPPORTING).exists()


def mergeable(viewer: Viewer, escalation: Escalation) -> list[Escalation]:
    """Other escalations of the same dealer with which office or HQ may merge this one: they are still being worked on."""
    rows = Escalation.objects.visible_to(viewer).filter(dealer_id=escalation.dealer_id, state__in=SUPPORTING)
    return list(rows.exclude(pk=escalation.pk).select_related("ticket").order_by("-begun_at", "-id")[:20])


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to. state: a state, "open" or "all"; level: whose turn it is; partner: id of the other side."""

    q: str = ""
    state: str = "open"
    level: str = ""
    department: str = ""
    reason: str = ""
    partner: int = 0


#: whose turn it is -> states
LEVELS = {
    "dealer": (E.DRAFT, E.ANSWERED),
    "office": (E.WAIT_OFFICE, E.AT_OFFICE),
    "hq": (E.WAIT_HQ, E.AT_HQ),
}


def listing(viewer: Viewer, filters: Filters) -> TenantQuerySet[Escalation]:
    """The escalations of a list with their tickets, in no order yet."""
    rows = seen_by(viewer).select_related("ticket")
    if filters.state == "open":
        rows = rows.filter(state__in=ESCALATION_OPEN)
    elif filters.state and filters.state != "all":
        rows = rows.filter(state=filters.state)
    if filters.level in LEVELS:
        rows = rows.filter(state__in=LEVELS[filters.level])
    if filters.department:
        rows = rows.filter(department=filters.department)
    if filters.reason:
        rows = rows.filter(reason=filters.reason)
    if filters.partner:
        side = "manufacturer_id" if viewer.tier is Tier.DEALER else "dealer_id"
        rows = rows.filter(**{side: filters.partner})
    for word in filters.q.split():
        rows = rows.filter(
            Q(number__icontains=word)
            | Q(ticket__number__icontains=word)
            | Q(ticket__customer_name__icontains=word)
            | Q(model__icontains=word)
            | Q(serial_number__icontains=word)
            | Q(phenomenon__icontains=word)
        )
    return rows


@dataclass(frozen=True)
class Row:
    """One line of the queue in finished words. due: until when, "" when nothing is due; late: it is over; may_accept: by this viewer."""

    public_id: str
    version: int
    url: str
    number: str
    customer: str
    partner: str
    machine: str
    what: str
    reason: str
    state: str
    state_label: str
    named: str
    since: datetime
    due: datetime | None
    late: bool
    urgent: bool
    may_accept: bool
    may_forward: bool
    may_answer: bool


def row(viewer: Viewer, escalation: Escalation, names: dict[int, str], now: datetime) -> Row:
    """The escalation in words; needs its ticket. names: of the other side's organisations."""
    ticket = escalation.ticket
    running = escalation.state in WITH_MAKER
    return Row(
        public_id=escalation.public_id,
        version=escalation.version,
        url=f"/escalations/{escalation.public_id}/",
        number=escalation.number,
        customer=ticket.customer_name,
        partner=names.get(escalation.manufacturer_id if viewer.tier is Tier.DEALER else escalation.dealer_id, ""),
        machine=escalation.model or ticket.model_summary,
        what=escalation.phenomenon,
        reason=str(EscalationReason(escalation.reason).label),
        state=escalation.state,
        state_label=str(E(escalation.state).label),
        named=escalation.named,
        since=escalation.submitted_at or escalation.begun_at,
        due=escalation.due_at if running else None,
        late=running and escalation.due_at < now,
        urgent=escalation.urgent and running,
        may_accept=rights.may(viewer, "escalation.accept", escalation),
        may_forward=rights.may(viewer, "escalation.forward", escalation),
        may_answer=rights.may(viewer, "escalation.answer", escalation),
    )


def by_id(viewer: Viewer, key: int) -> Escalation | None:
    """For jobs that name it by its key; None when it is not (or no longer) the viewer's to see."""
    return Escalation.objects.visible_to(viewer).select_related("ticket").filter(pk=key).first()


def is_waiting(escalation: Escalation) -> bool:
    """Whether it waits for somebody to accept it."""
    return escalation.state in ESCALATION_WAITING


def what_is_late(viewer: Viewer, key: int, due: datetime) -> tuple[Escalation, str] | None:
    """Whether an escalation still waits at the instant that was set for its acceptance or answer: it and the code of the notice.

    None when it went on meanwhile: then another instant is set, or none.
    """
    found = by_id(viewer, key)
    if found is None or found.due_at != due or found.state not in WITH_MAKER:
        return None
    return found, "not_accepted" if is_waiting(found) else "not_answered"
