"""Reading tickets: one, locked, lists, timeline."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery

from core import rights
from core.calendars import local
from core.errors import NotFound, Refused
from core.prepared import Prepared
from core.tenancy import TenantQuerySet, Tier, Viewer
from equipment.models import Machine
from partners.models import Partnership
from tickets.enums import OPEN, EntryKind, TicketState
from tickets.models import Assignment, Entry, Photo, Ticket, TicketMachine, Trip
from tickets.rules import READERS

STORY = 200  # entries on a ticket's page


def seen_by(viewer: Viewer) -> TenantQuerySet[Ticket]:
    """The tickets a viewer may open: of its tenant, and of these a mere technician only his own (domain.md 2.2)."""
    tickets = Ticket.objects.visible_to(viewer)
    if not sees_all(viewer):
        sent = Assignment.objects.visible_to(viewer).filter(ticket=OuterRef("pk"), person_id=viewer.person_id or 0)
        tickets = tickets.filter(Exists(sent.filter(active=True)) | Q(worked_ids__contains=[viewer.person_id]))
    return tickets


def sees_all(viewer: Viewer) -> bool:
    """Whether the viewer may open every ticket of its tenant; a mere technician may not."""
    return viewer.tier is not Tier.DEALER or viewer.has(*READERS)


def one(viewer: Viewer, public_id: str) -> Ticket:
    """The ticket with this public id. Errors: NotFound, also for a technician who is not sent to it."""
    rows = Ticket.objects.visible_to(viewer)
    if viewer.tier is Tier.DEALER:
        rows = rows.select_related("customer")  # the dealer's own table: for the others the join would hide the ticket
    ticket = rows.one(public_id=public_id)
    if not rights.may(viewer, "ticket.read", ticket):
        raise NotFound
    return ticket


def lock(viewer: Viewer, public_id: str, *, version: int | None) -> Ticket:
    """The ticket, locked until the transaction ends; version: what the page showed, None = not compared.

    Errors: NotFound; Refused("partnership_ended", 409); Refused("stale", 409) with who changed it and when.
    """
    ticket = writable(viewer, _locked.one(viewer, public_id))
    if version is not None and version != ticket.version:
        raise stale(viewer, ticket)
    return ticket


def lock_two(viewer: Viewer, public_id: str, other: str, *, version: int | None) -> tuple[Ticket, Ticket | None]:
    """Two tickets, locked in the order of their ids, so that two people who merge them crosswise never wait for each other.

    The second is None when there is no such ticket, or it is the first. Errors as `lock`.
    """
    rows = _with_end(viewer, Ticket.objects.visible_to(viewer).filter(public_id__in=[public_id, other]))
    found = {row.public_id: row for row in rows.select_for_update(of=("self",)).order_by("id")}
    if public_id not in found:
        raise NotFound
    ticket = writable(viewer, found.pop(public_id))
    if version is not None and version != ticket.version:
        raise stale(viewer, ticket)
    return ticket, found.get(other)


def for_writing(viewer: Viewer, public_id: str) -> Ticket:
    """The ticket for something that is only added to it (a note, a photo): not locked. Errors: NotFound, partnership_ended."""
    return writable(viewer, _with_end(viewer, Ticket.objects.visible_to(viewer)).one(public_id=public_id))


def for_update(viewer: Viewer) -> TenantQuerySet[Ticket]:
    """The tickets a viewer may see, locked when they are read, for `writable`."""
    return _with_end(viewer, Ticket.objects.visible_to(viewer)).select_for_update(of=("self",))


_locked = Prepared(lambda viewer, public_id: for_update(viewer).filter(public_id=public_id))


def _with_end(viewer: Viewer, rows: TenantQuerySet[Ticket]) -> TenantQuerySet[Ticket]:
    """With `partnership_ended`: then the records are read-only for both sides (domain.md 2.3)."""
    annotated: Any = rows.annotate(partnership_ended=_ended(viewer))  # Any: the stubs give it another class
    found: TenantQuerySet[Ticket] = annotated
    return found


def _ended(viewer: Viewer) -> Exists:
    return Exists(
        Partnership.objects.visible_to(viewer).filter(
            dealer_id=OuterRef("dealer_id"), manufacturer_id=OuterRef("manufacturer_id"), ended_at__isnull=False
        )
    )


def writable(viewer: Viewer, ticket: Ticket) -> Ticket:
    """The same ticket, read by `for_update`, when the viewer may write on it. Errors: NotFound, partnership_ended (409)."""
    if not rights.may(viewer, "ticket.read", ticket):
        raise NotFound
    if ticket.partnership_ended:  # type: ignore[attr-defined]  # annotated by _with_end
        raise Refused("partnership_ended", status=409)
    return ticket


def due_for_closing(
    viewer: Viewer, *, followed_before: datetime, finished_before: datetime, limit: int
) -> list[Ticket]:
    """Tickets that close by themselves, locked: followed up, or finished without follow-up, before these moments.

    Rows that somebody works on now are left out.
    """
    rows = Ticket.objects.visible_to(viewer).exclude(_ended(viewer))
    rows = rows.select_for_update(of=("self",), skip_locked=True).order_by("id")
    calls = Entry.objects.visible_to(viewer).filter(ticket=OuterRef("pk"), verb="follow_up").order_by("-recorded_at")
    followed = rows.annotate(called_at=Subquery(calls.values("recorded_at")[:1])).filter(
        state=TicketState.FOLLOWED_UP, called_at__lt=followed_before
    )
    silent = rows.filter(state__in=[TicketState.DONE, TicketState.REMOTE_DONE], finished_at__lt=finished_before)
    found = list(followed[:limit])
    return found + list(silent[: limit - len(found)])


def stale(viewer: Viewer, ticket: Ticket) -> Refused:
    """The refusal for a page that is older than the ticket, with who changed it."""
    last = Entry.objects.visible_to(viewer).filter(ticket=ticket).order_by("-recorded_at", "-id").first()
    who = last.author_name if last else ""
    when = local(last.recorded_at if last else ticket.updated_at)
    return Refused("stale", status=409, who=who, when=f"{when:%m-%d %H:%M}")


_trips = Prepared(
    lambda viewer, ticket: Trip.objects.visible_to(viewer).filter(ticket_id=ticket).order_by("round", "sequence")
)
_crew = Prepared(
    lambda viewer, ticket: (
        Assignment.objects.visible_to(viewer).filter(ticket_id=ticket, active=True).order_by("-is_lead", "id")
    )
)
_photos = Prepared(lambda viewer, ticket: Photo.objects.visible_to(viewer).filter(ticket_id=ticket).order_by("id"))
_story = Prepared(
    lambda viewer, ticket: (
        Entry.objects.visible_to(viewer)
        .filter(ticket_id=ticket)
        .exclude(kind=EntryKind.PHOTO)
        .order_by("-at", "-id")[:STORY]
    )
)


def machines(viewer: Viewer, ticket: Ticket) -> list[TicketMachine]:
    """The machines on a ticket, in order of entry; for the dealer with his own machine files."""
    rows = TicketMachine.objects.visible_to(viewer).filter(ticket=ticket)
    if viewer.tier is Tier.DEALER:
        rows = rows.select_related("machine")
    return list(rows.order_by("id"))


def trips(viewer: Viewer, ticket: Ticket) -> list[Trip]:
    """All trips to the site, in order."""
    return _trips(viewer, ticket.pk)


def reached(viewer: Viewer, ticket: Ticket, round_no: int) -> list[Trip]:
    """The trips of a round that reached the site, in order."""
    return [trip for trip in trips(viewer, ticket) if trip.round == round_no and trip.arrived_at]


def crew(viewer: Viewer, ticket: Ticket) -> list[Assignment]:
    """Who is sent now, the lead first."""
    return _crew(viewer, ticket.pk)


def photos(viewer: Viewer, ticket: Ticket) -> list[Photo]:
    """The photos of a ticket that this viewer may see, oldest first."""
    return _photos(viewer, ticket.pk)


def photo(viewer: Viewer, public_id: str) -> Photo:
    """One photo; its ticket's right is asked as well. Errors: NotFound."""
    found = Photo.objects.visible_to(viewer).select_related("ticket").one(public_id=public_id)
    if not rights.may(viewer, "ticket.read", found.ticket):
        raise NotFound
    return found


def timeline(viewer: Viewer, ticket: Ticket) -> list[Entry]:
    """The ticket's story, newest first, up to 200 entries."""
    return _story(viewer, ticket.pk)


def open_of_customer(viewer: Viewer, ticket: Ticket) -> list[Ticket]:
    """The other open tickets of the same customer."""
    rows = Ticket.objects.visible_to(viewer).filter(customer_id=ticket.customer_id, state__in=OPEN)
    return list(rows.exclude(id=ticket.id).order_by("-reported_at", "-id")[:20])


def possible_machines(viewer: Viewer, ticket: Ticket) -> list[Machine]:
    """The customer's machines of the ticket's maker: what can stand on it."""
    rows = Machine.objects.visible_to(viewer).filter(
        customer_id=ticket.customer_id, manufacturer_id=ticket.manufacturer_id
    )
    return list(rows.order_by("-active", "model", "id"))


def open_by_machine(viewer: Viewer, machine_ids: list[int]) -> dict[int, list[Ticket]]:
    """Open tickets that stand on these machines: shown while a new report is typed."""
    rows = TicketMachine.objects.visible_to(viewer).filter(machine_id__in=machine_ids, ticket__state__in=OPEN)
    found: dict[int, list[Ticket]] = {}
    for item in rows.select_related("ticket").order_by("-ticket__reported_at", "-id")[:50]:
        found.setdefault(item.machine_id, []).append(item.ticket)
    return found
