"""Reading pre-authorisations: one, locked, of a ticket, the list (domain.md 4.5, 9.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core import rights
from core.calendars import local
from core.errors import NotFound, Refused
from core.paging import Orders
from core.tenancy import TenantQuerySet, Tier, Viewer
from partners.queries import partnerships
from settlement.models import PreAuthorisation
from tickets.enums import RequestState

ORDERS: Orders = {"asked": ("asked_at", "id")}
DEFAULT = "-asked"


def one(viewer: Viewer, public_id: str) -> PreAuthorisation:
    """One with its ticket. Errors: NotFound, also for who reads no amounts."""
    found = PreAuthorisation.objects.visible_to(viewer).select_related("ticket").one(public_id=public_id)
    if not rights.may(viewer, "authorisation.read", found):
        raise NotFound
    return found


def lock(viewer: Viewer, public_id: str, *, version: int | None) -> PreAuthorisation:
    """One, locked. version: what the page showed, None = not compared. Errors: NotFound, Refused("stale", 409), ("partnership_ended", 409)."""
    known = one(viewer, public_id)
    found = PreAuthorisation.objects.visible_to(viewer).select_for_update().one(public_id=public_id)
    found.ticket = known.ticket
    if version is not None and version != found.version:
        raise stale(found)
    partnerships.require_holding(viewer, dealer_id=found.dealer_id, manufacturer_id=found.manufacturer_id)
    return found


def stale(found: PreAuthorisation) -> Refused:
    """The refusal for a page that is older than the row, with who answered it."""
    when = local(found.answered_at or found.updated_at)
    return Refused("stale", status=409, who=found.answered_by, when=f"{when:%m-%d %H:%M}")


def by_id(viewer: Viewer, key: int) -> PreAuthorisation | None:
    """That of a job's payload; None when the viewer does not see it any more."""
    return PreAuthorisation.objects.visible_to(viewer).select_related("ticket").filter(pk=key).first()


def of_ticket(viewer: Viewer, ticket_id: int) -> list[PreAuthorisation]:
    """All of a ticket, the latest first."""
    return list(PreAuthorisation.objects.visible_to(viewer).filter(ticket=ticket_id).order_by("-id"))


def holds(found: PreAuthorisation, kind: str, round_number: int, finished_on: date) -> bool:
    """Whether it was granted for this kind and round of work, and for a job that was finished on this day."""
    fits = found.state == RequestState.GRANTED and found.kind == kind and found.round == round_number
    return fits and found.valid_until is not None and finished_on <= found.valid_until


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to. state: a state or "" for all; partner: id of the other side."""

    q: str = ""
    state: str = ""
    partner: int = 0


def listing(viewer: Viewer, filters: Filters) -> TenantQuerySet[PreAuthorisation]:
    """Those of a list, in no order yet."""
    rows = PreAuthorisation.objects.visible_to(viewer)
    if filters.state:
        rows = rows.filter(state=filters.state)
    if filters.partner:
        side = "manufacturer_id" if viewer.tier is Tier.DEALER else "dealer_id"
        rows = rows.filter(**{side: filters.partner})
    for word in filters.q.split():
        rows = rows.filter(number__icontains=word) | rows.filter(ticket__number__icontains=word)
    return rows.select_related("ticket")
