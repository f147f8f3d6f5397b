"""三级管理图: what is open at the dealers, the offices and headquarters, how old, and with whom (figure 7-3 of the handbook).

Each number is the list behind it, seen by the same eyes: a dealer's own work, an office's region, a manufacturer's products.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Count, Min

from core.tenancy import Tier, Viewer
from tickets.enums import OPEN, REFERRAL_OPEN, EscalationState, TicketState
from tickets.models import Escalation, Referral, Ticket
from tickets.queries import escalations, lists, tickets

E = EscalationState
S = TicketState
NAMES = 5


@dataclass(frozen=True)
class Box:
    """One kind of open work: how many, since when the oldest waits, who has it, and the list."""

    code: str
    count: int
    oldest: datetime | None
    names: tuple[str, ...]
    url: str
    late: int = 0


@dataclass(frozen=True)
class Level:
    """One column: dealer, office or headquarters."""

    code: str
    boxes: tuple[Box, ...]

    @property
    def count(self) -> int:
        return sum(box.count for box in self.boxes)


def levels(viewer: Viewer, now: datetime) -> tuple[Level, Level, Level]:
    """The three columns as this viewer may see them. Six statements at most."""
    by_state = _escalations(viewer, now)
    return (
        Level("dealer", (*_tickets(viewer), *_referred(viewer), by_state["answered"], *_drafts(viewer, by_state))),
        Level("office", (by_state["wait_office"], by_state["at_office"])),
        Level("hq", (by_state["wait_hq"], by_state["at_hq"])),
    )


def _drafts(viewer: Viewer, by_state: dict[str, Box]) -> tuple[Box, ...]:
    return (by_state["draft"],) if viewer.tier is Tier.DEALER else ()


_GROUPS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("new", (S.NEW,), "new"),
    ("to_dispatch", (S.CONTACTED, S.APPOINTED), "open"),
    ("in_work", tuple(state for state in OPEN if state not in (S.NEW, S.CONTACTED, S.APPOINTED)), "open"),
)


def _tickets(viewer: Viewer) -> list[Box]:
    """Open tickets by what is to be done, with the technicians, for office and HQ with the dealers."""
    side = "lead_name" if viewer.tier is Tier.DEALER else "dealer_id"
    rows = tickets.seen_by(viewer).filter(state__in=OPEN).values("state", side)
    counted = list(rows.annotate(n=Count("id"), oldest=Min("reported_at")).order_by("state", side))
    names = lists.partner_names(viewer) if viewer.tier is not Tier.DEALER else {}
    boxes = []
    for code, states, query in _GROUPS:
        mine = [row for row in counted if row["state"] in states]
        who = sorted({names.get(row[side], "") if names else row[side] for row in mine} - {""})
        boxes.append(
            Box(
                code=code,
                count=sum(row["n"] for row in mine),
                oldest=min((row["oldest"] for row in mine), default=None),
                names=tuple(str(name) for name in who[:NAMES]),
                url=f"/tickets/?{urlencode({'state': query})}",
            )
        )
    return boxes


def _referred(viewer: Viewer) -> list[Box]:
    """Referrals that nobody has accepted: for the dealer those that came to him, for the others those that they sent."""
    if viewer.tier is Tier.DEALER:
        rows = Ticket.objects.visible_to(viewer).filter(state=S.NEW, referral__isnull=False)
        found = rows.aggregate(n=Count("id"), oldest=Min("reported_at"))
        return [Box("referred", found["n"], found["oldest"], (), "/tickets/?state=new")]
    sent = (
        Referral.objects.visible_to(viewer)
        .filter(state__in=REFERRAL_OPEN)
        .aggregate(n=Count("id"), oldest=Min("sent_at"))
    )
    return [Box("referred", sent["n"], sent["oldest"], (), "/referrals/?state=open")]


def _escalations(viewer: Viewer, now: datetime) -> dict[str, Box]:
    states = (E.DRAFT, E.WAIT_OFFICE, E.AT_OFFICE, E.WAIT_HQ, E.AT_HQ, E.ANSWERED)
    rows = escalations.seen_by(viewer).filter(state__in=states)
    found: dict[str, list[Escalation]] = {state: [] for state in states}
    for row in rows.only("state", "named", "begun_at", "submitted_at", "due_at").order_by("due_at", "id")[:1000]:
        found[row.state].append(row)
    return {
        state: Box(
            code=f"support_{state}",
            count=len(mine),
            oldest=min((row.submitted_at or row.begun_at for row in mine), default=None),
            names=tuple(sorted({row.named for row in mine if row.named})[:NAMES]),
            url=f"/escalations/?{urlencode({'state': str(state)})}",
            late=sum(1 for row in mine if row.due_at < now and state not in (E.DRAFT, E.ANSWERED)),
        )
        for state, mine in ((str(state), mine) for state, mine in found.items())
    }
