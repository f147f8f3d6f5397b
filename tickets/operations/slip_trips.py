"""What a slip takes from the trips of its round: first arrival, last departure, kilometres, nights, people (domain.md 6)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from core.tenancy import Viewer
from tickets.enums import SlipState
from tickets.models import Slip, Ticket, Trip
from tickets.queries import slips


def take(slip: Slip, trips: Sequence[Trip]) -> None:
    """Put the trips' times, kilometres, nights and people on the slip, except what was changed by hand."""
    if not trips:
        return
    if not slip.times_reason:
        slip.arrived_at = trips[0].arrived_at
        slip.left_at = trips[-1].left_at or slip.left_at
    slip.people = slip.people or max(len(trip.people) for trip in trips) or 1
    slip.nights = slip.nights or _nights(trips)
    if slip.km is None:
        slip.km = _km(trips)


def follow(viewer: Viewer, ticket: Ticket, ended: Trip) -> None:
    """A trip has ended: the draft of the round shows its end, too. What was typed by hand stays as it was typed.

    The draft's version stays: a form that is open on the phone may still be saved, what it holds has the last word.
    """
    drafts = Slip.objects.visible_to(viewer).filter(ticket=ticket, round=ticket.round, state=SlipState.DRAFT)
    slip = drafts.first()
    if slip is None or slip.is_remote:
        return
    slip.ticket = ticket
    trips = slips.trips(viewer, slip)
    earlier = [trip for trip in trips if trip.pk != ended.pk]
    if slip.km == _km(earlier):
        slip.km = None
    if slip.nights == _nights(earlier):
        slip.nights = 0
    take(slip, trips)
    slip.save(update_fields=["arrived_at", "left_at", "people", "nights", "km"])


def rest(slip: Slip, earlier: Sequence[Trip]) -> tuple[Decimal | None, int]:
    """Kilometres and nights of the last trip, when the slip tells the sum and the earlier trips are known."""
    before = _km(earlier)
    km = None if slip.km is None else max(slip.km - (before or Decimal(0)), Decimal(0))
    return (None if before is not None and not km else km), max(slip.nights - _nights(earlier), 0)


def _km(trips: Sequence[Trip]) -> Decimal | None:
    known = [trip.km for trip in trips if trip.km is not None]
    return sum(known, Decimal(0)) if known else None


def _nights(trips: Sequence[Trip]) -> int:
    return sum(trip.nights for trip in trips)
