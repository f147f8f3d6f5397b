"""Reading claims (domain.md 9.2 to 9.4): what a slip can be claimed for, one claim, the queue, the signed slips without claim."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q

from core import rights
from core.calendars import local, local_date
from core.errors import NotFound, Refused
from core.money import cents
from core.paging import Orders
from core.tenancy import TenantQuerySet, Tier, Viewer
from equipment.queries import catalogue
from partners.queries import partnerships
from settlement.calculations.cards import HoursFacts, work_for
from settlement.calculations.claim_prices import Facts, PartFacts, Priced, TripFacts, frame_size, priced
from settlement.enums import CLAIM_IN_REVIEW, CLAIM_OPEN, CLAIM_WRITTEN, AuthorisationKind, ClaimState
from settlement.models import Claim, ClaimDecision, ClaimEvent, ClaimLine, PreAuthorisation, RateCard
from settlement.queries import authorisations, cards, routes
from tickets.enums import RequestKind, RequestState, SlipState, WarrantyTick
from tickets.models import FaultLine, FaultLineMachine, PartLine, Photo, Slip, Trip, WarrantyRequest
from tickets.queries import tickets

ORDERS: Orders = {"due": ("due_on", "id"), "begun": ("begun_at", "id")}
DEFAULT = "due"
#: whose turn it is -> states
TURNS = {
    "dealer": (*CLAIM_WRITTEN, ClaimState.APPROVED, ClaimState.REFUSED),
    "first": (ClaimState.FIRST,),
    "second": (ClaimState.SECOND, ClaimState.APPEALED),
}


def one(viewer: Viewer, public_id: str) -> Claim:
    """The claim with its slip, ticket and card. Errors: NotFound, also for who reads no amounts."""
    rows = Claim.objects.visible_to(viewer).select_related("slip", "slip__ticket", "card")
    found = rows.one(public_id=public_id)
    if not rights.may(viewer, "claim.read", found):
        raise NotFound
    return found


def lock(viewer: Viewer, public_id: str, *, version: int | None) -> Claim:
    """The claim, locked. version: what the page showed, None = not compared. Errors: NotFound, Refused("stale", 409), ("partnership_ended", 409)."""
    known = one(viewer, public_id)
    found = Claim.objects.visible_to(viewer).select_for_update().one(public_id=public_id)
    found.slip, found.card = known.slip, known.card
    if version is not None and version != found.version:
        raise stale(viewer, found)
    partnerships.require_holding(viewer, dealer_id=found.dealer_id, manufacturer_id=found.manufacturer_id)
    return found


def stale(viewer: Viewer, claim: Claim) -> Refused:
    """The refusal for a page that is older than the claim, with who changed it."""
    last = story(viewer, claim)[:1]
    when = local(last[0].at if last else claim.updated_at)
    return Refused("stale", status=409, who=last[0].author_name if last else "", when=f"{when:%m-%d %H:%M}")


def by_id(viewer: Viewer, key: int) -> Claim | None:
    """The claim of a job's payload; None when the viewer does not see it any more."""
    return Claim.objects.visible_to(viewer).select_related("slip").filter(pk=key).first()


def locked_by_id(viewer: Viewer, key: int) -> Claim | None:
    """The same with slip, ticket and card, locked; None when the viewer does not see it any more."""
    rows = Claim.objects.visible_to(viewer).select_related("slip", "slip__ticket", "card")
    return rows.select_for_update(of=("self",)).filter(pk=key).first()


def of_slip(viewer: Viewer, slip: Slip) -> Claim | None:
    """The claim that stands on a slip; None = none, or only void ones."""
    rows = Claim.objects.visible_to(viewer).filter(slip=slip).exclude(state=ClaimState.VOID)
    return rows.first()


def story(viewer: Viewer, claim: Claim) -> list[ClaimEvent]:
    """What happened to it, the latest first."""
    return list(ClaimEvent.objects.visible_to(viewer).filter(claim=claim).order_by("-id"))


@dataclass(frozen=True)
class Decided:
    """A line with every word on it; the last one counts."""

    row: ClaimLine
    decisions: Sequence[ClaimDecision]

    @property
    def approved(self) -> Decimal:
        """What stands of it now: the last word, before the first one what is claimed."""
        standing: Decimal = self.decisions[-1].approved if self.decisions else self.row.claimed
        return standing


def lines(viewer: Viewer, claim: Claim, *, turn: int | None = None) -> list[Decided]:
    """The lines of a turn (the present one) with their decisions. Two statements."""
    rows = ClaimLine.objects.visible_to(viewer).filter(claim=claim, turn=turn or claim.turn).order_by("sequence")
    words: dict[int, list[ClaimDecision]] = {row.pk: [] for row in rows}
    for word in ClaimDecision.objects.visible_to(viewer).filter(line__in=list(words)).order_by("id"):
        words[word.line_id].append(word)
    return [Decided(row, words[row.pk]) for row in rows]


def finished(slip: Slip) -> datetime:
    """When the job of a slip was finished: its local day fixes the card."""
    return slip.finished_at or slip.frozen_at or slip.created_at


@dataclass(frozen=True)
class Basis:
    """What prices the claim of a slip: the card with its tables, way and parts as the slip has them, what was authorised on its ticket."""

    slip: Slip
    card: RateCard
    trips: Sequence[TripFacts]
    parts: Sequence[PartFacts]
    authorisations: Sequence[PreAuthorisation]

    @property
    def work_times(self) -> list[tuple[datetime, datetime]]:
        """Times on site."""
        return [(trip.arrived, trip.left) for trip in self.trips if trip.left > trip.arrived]

    def price(self, facts: Facts) -> Priced:
        """The lines by the card; without a pre-authorisation one trip is paid (domain.md 9.5, A8). Errors: Wrong beyond the last band."""
        if facts.trips > 1 and not self.authorised(AuthorisationKind.SECOND_TRIP):
            facts = replace(facts, trips=1)
        return priced(self.card.facts.engine, facts, self.parts, self.work_times)

    def authorised(self, kind: AuthorisationKind) -> bool:
        """Whether the manufacturer agreed to this beforehand, for a job that was finished on this day."""
        day = local_date(finished(self.slip))
        return any(authorisations.holds(one, kind, self.slip.round, day) for one in self.authorisations)


def basis(viewer: Viewer, slip: Slip, card: RateCard) -> Basis:
    """What prices the claim of a signed slip by this card. Six statements."""
    rows = PartLine.objects.visible_to(viewer).filter(slip=slip).order_by("sequence")
    trips = Trip.objects.visible_to(viewer).filter(ticket=slip.ticket_id, round=slip.round).exclude(arrived_at=None)
    return Basis(
        slip=slip,
        card=cards.one(viewer, card.public_id),
        trips=[
            TripFacts(trip.set_out_at, trip.arrived_at, trip.left_at or slip.left_at or trip.arrived_at, len(trip.people), trip.km)
            for trip in trips.order_by("sequence")
            if trip.arrived_at is not None
        ],
        parts=[PartFacts(row.code, row.name, row.quantity, row.unit_price, row.source) for row in rows],
        authorisations=authorisations.of_ticket(viewer, slip.ticket_id),
    )  # fmt: skip


def card_of(viewer: Viewer, slip: Slip) -> RateCard:
    """The card by which a slip is claimed: of the dealer's level, on the day of completion.

    Errors: Refused("maker_not_listed", 409), ("partnership_ended", 409), ("card_missing", 409).
    """
    tie = partnerships.require_holding(viewer, dealer_id=slip.dealer_id, manufacturer_id=slip.manufacturer_id)
    if not tie.listed:
        raise Refused("maker_not_listed", status=409)
    day = local_date(finished(slip))
    found = cards.row_for(viewer, slip.manufacturer_id, tie.level, day)
    if found is None:
        raise Refused("card_missing", status=409, day=day.isoformat())
    return found


@dataclass(frozen=True)
class Offer:
    """The work that a claim can ask for. machine: the slip's first; work: of the card, by code; suggested: what the slip names of it."""

    machine: FaultLineMachine | None
    work: dict[str, HoursFacts]
    suggested: tuple[HoursFacts, ...]


def offer(viewer: Viewer, basis: Basis) -> Offer:
    """The work of the card that fits the slip's machine. Three statements."""
    slip = basis.slip
    faults = list(FaultLine.objects.visible_to(viewer).filter(slip=slip).order_by("sequence"))
    covered = FaultLineMachine.objects.visible_to(viewer).filter(line__in=faults).order_by("id")
    machine = covered.first()
    line = catalogue.line_of_model(viewer, slip.manufacturer_id, machine.model) if machine else None
    size = frame_size(machine.model) if machine else None
    work = work_for(basis.card.facts.hours, line.code if line else "", size)
    return Offer(machine, work, _suggested(work.values(), faults))


def _suggested(work: Iterable[HoursFacts], faults: Sequence[FaultLine]) -> tuple[HoursFacts, ...]:
    """Work whose name contains the faulty part, or that stands in what was done."""
    parts = {fault.fault_part for fault in faults if fault.fault_part}
    done = " ".join(f"{fault.solution} {fault.diagnosis}" for fault in faults)
    return tuple(row for row in work if row.name in done or any(part in row.name for part in parts))


def facts_of(claim: Claim) -> Facts:
    """What the dealer has written on it."""
    work = tuple(HoursFacts(row["code"], row["name"], Decimal(row["hours"])) for row in claim.operations)
    return Facts(
        work, claim.one_way_km, claim.trips, claim.people, claim.left_at, claim.back_at, claim.lodging_invoice, claim.consumables,
        claim.old_part_freight, claim.other, claim.note,
    )  # fmt: skip


def goodwill_percent(viewer: Viewer, claim: Claim) -> int | None:
    """The share of the cost that the manufacturer takes by the last goodwill granted on the ticket; None = no goodwill (domain.md 4.4)."""
    rows = WarrantyRequest.objects.visible_to(viewer).filter(
        ticket=claim.slip.ticket_id, kind=RequestKind.GOODWILL, state=RequestState.GRANTED
    )
    return rows.order_by("-id").values_list("maker_percent", flat=True).first()


def share(claimed: Decimal, percent: int | None) -> Decimal:
    """What at most is approved of a sum: all of it, or the granted share, rounded half up."""
    return claimed if percent is None else cents(claimed * percent / 100)


def usual_km(viewer: Viewer, claim: Claim) -> Decimal | None:
    """Kilometres to this district by the route book; None = not in it."""
    return routes.usual_km(
        viewer,
        dealer_id=claim.dealer_id,
        manufacturer_id=claim.manufacturer_id,
        start="",
        city=claim.city,
        district=claim.district,
    )


def photos(viewer: Viewer, claim: Claim) -> list[Photo]:
    """The photos of its ticket that both sides see."""
    return [photo for photo in tickets.photos(viewer, claim.slip.ticket) if not photo.internal]


def partner_names(viewer: Viewer) -> dict[int, str]:
    """Names of the other side's organisations, by key."""
    return {row.pk: row.label for row in partnerships.other_side(viewer)}


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to. state: a state, "open", "review" or "all"; turn: whose turn; partner: id of the other side.

    flagged: "yes" = the automatic checks found something, "no" = they ran and found nothing.
    """

    q: str = ""
    state: str = "open"
    turn: str = ""
    partner: int = 0
    flagged: str = ""


def listing(viewer: Viewer, filters: Filters) -> TenantQuerySet[Claim]:
    """The claims of a list, in no order yet."""
    rows = Claim.objects.visible_to(viewer)
    states = {"open": CLAIM_OPEN, "review": CLAIM_IN_REVIEW}.get(filters.state)
    if states is not None:
        rows = rows.filter(state__in=states)
    elif filters.state and filters.state != "all":
        rows = rows.filter(state=filters.state)
    if filters.turn in TURNS:
        rows = rows.filter(state__in=TURNS[filters.turn])
    if filters.partner:
        side = "manufacturer_id" if viewer.tier is Tier.DEALER else "dealer_id"
        rows = rows.filter(**{side: filters.partner})
    if filters.flagged == "yes":
        rows = rows.filter(flags__gt=0)
    elif filters.flagged == "no":
        rows = rows.filter(flags=0).exclude(checked_at=None)
    for word in filters.q.split():
        rows = rows.filter(
            Q(number__icontains=word)
            | Q(slip__number__icontains=word)
            | Q(customer_name__icontains=word)
            | Q(model__icontains=word)
            | Q(serial_number__icontains=word)
        )
    return rows.select_related("slip")


def unclaimed(viewer: Viewer) -> TenantQuerySet[Slip]:
    """The dealer's signed slips of work in warranty, for manufacturers on the platform, on which no claim stands."""
    standing = Claim.objects.visible_to(viewer).filter(slip=OuterRef("pk")).exclude(state=ClaimState.VOID)
    rows = Slip.objects.visible_to(viewer).filter(state=SlipState.SIGNED, in_warranty=WarrantyTick.YES)
    return rows.exclude(manufacturer_id__in=viewer.own_makers).filter(~Exists(standing))
