"""The dealer's side of a claim: begin, write, submit, take back, agree, appeal, charge the customer, void (domain.md 9.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F

from core import jobs, rights, transitions
from core.calendars import local_date
from core.cases import Wrong
from core.errors import Refused
from core.money import LIMIT, ZERO
from core.numbering import next_number
from core.tenancy import Tier, Viewer
from partners.queries import partnerships
from settlement import notices
from settlement.calculations.cards import MOST_KM, HoursFacts
from settlement.calculations.claim_input import AMOUNTS, MOST_PEOPLE, MOST_TRIPS, Given
from settlement.calculations.claim_limits import due
from settlement.calculations.claim_prices import Facts, Priced, proposal
from settlement.enums import ClaimState
from settlement.models import Claim, ClaimEvent, ClaimLine
from settlement.models.claim import REVIEWED
from settlement.operations import debts, limits
from settlement.queries import claims
from settlement.queries.claims import Basis
from settlement.workflow import CLAIM
from tickets.enums import SlipState
from tickets.models import Slip
from tickets.operations.share_ticket import share
from tickets.operations.steps import authored, columns_of, fits, said
from tickets.queries import slips

#: the job that runs the automatic checks for the manufacturer; payload: claim (key), submitted_at
CHECK = "settlement.check_claim"


@transaction.atomic
def begin_claim(*, viewer: Viewer, slip_public_id: str, now: datetime) -> Claim:
    """Begin the claim for a signed slip, priced by what the slip says; the slip is locked against voiding from now on.

    Errors: NotFound, not_allowed, Refused("slip_not_signed", 409), ("claim_exists", 409), ("maker_not_listed", 409), ("card_missing", 409),
    ("partnership_ended", 409).
    """
    slip = slips.lock(viewer, slip_public_id, version=None)
    rights.require(viewer, "claim.begin", slip)
    if slip.state != SlipState.SIGNED:
        raise Refused("slip_not_signed", status=409)
    standing = claims.of_slip(viewer, slip)
    if standing is not None:
        raise Refused("claim_exists", status=409, number=standing.number or "–")
    basis = claims.basis(viewer, slip, claims.card_of(viewer, slip))
    offer = claims.offer(viewer, basis)
    ticket, machine = slip.ticket, offer.machine
    finished = claims.finished(slip)
    facts = replace(proposal(basis.trips, finished), work=offer.suggested)
    priced = _priced_or_none(basis, facts)
    claim = Claim(
        dealer_id=slip.dealer_id, manufacturer_id=slip.manufacturer_id, office_id=slip.office_id, shared_with_maker=False, slip=slip,
        card=basis.card, customer_name=slip.customer_name, city=ticket.city, district=ticket.district,
        model=machine.model if machine else "", serial_number=machine.serial_number if machine else "", finished_on=local_date(finished), begun_at=now,
        due_on=due(ClaimState.DRAFT, local_date(finished)),
    )  # fmt: skip
    _put(claim, facts, priced)
    claim.save(force_insert=True)
    _write_lines(claim, priced)
    write_event(viewer, claim, "begin", now=now)
    _lock_slip(viewer, slip, locked=True)
    return claim


@transaction.atomic
def change_claim(*, viewer: Viewer, public_id: str, given: Given, expected_version: int | None, now: datetime) -> Claim:
    """Write a draft, or what was sent back, anew; its lines are priced again.

    Errors: NotFound, not_allowed, wrong_state, stale, Refused("km_wrong", field="one_way_km"), ("beyond_bands", field="one_way_km"),
    ("trips_wrong"), ("people_wrong"), ("back_before_left", field="back"), ("amount_wrong"), ("work_unknown", field="work"), ("text_too_long").
    """
    claim = claims.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "claim.change", claim)
    basis = claims.basis(viewer, claim.slip, claim.card)
    facts = _facts(claims.offer(viewer, basis).work, given)
    try:
        priced = basis.price(facts)
    except Wrong:
        bands = basis.card.facts.bands
        raise Refused("beyond_bands", field="one_way_km", last=f"{max(band.up_to_km for band in bands):f}") from None
    _put(claim, facts, priced)
    claim.is_repeat = given.is_repeat
    claim.version += 1
    ClaimLine.objects.visible_to(viewer).filter(claim=claim, turn=claim.turn).delete()
    claim.save()
    _write_lines(claim, priced)
    return claim


@transaction.atomic
def submit(*, viewer: Viewer, public_id: str, expected_version: int | None, now: datetime) -> Claim:
    """提交: to the automatic checks, which a job runs with headquarters' eyes (operations/checks.py), then to the first review of the office in
    charge, without one of headquarters. The ticket becomes shared with the manufacturer.

    Errors: NotFound, not_allowed, wrong_state, stale, Refused("claim_empty", 409), ("owner_first", 409), ("partnership_ended", 409).
    """
    claim = claims.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "claim.submit", claim)
    if not claim.claimed:
        raise Refused("claim_empty", status=409)
    limits.require_owner(viewer, claim)
    tie = partnerships.require_holding(viewer, dealer_id=claim.dealer_id, manufacturer_id=claim.manufacturer_id)
    slip = slips.lock(viewer, claim.slip.public_id, version=None)
    if not slip.ticket.shared_with_maker:
        share(viewer, slip.ticket, tie.office_id, now=now)
    if not claim.number:
        claim.number = next_number(series="JS", dealer_id=viewer.org, dealer_code=viewer.org_code, day=local_date(now))
    claim.office_id, claim.shared_with_maker = tie.office_id, True
    claim.submitted_at, claim.submitted_by_id = now, viewer.person_id
    claim.approved = claim.first_by_id = claim.decided_by_id = claim.decided_at = claim.checked_at = None
    claim.reason, claim.flags = "", 0
    step(viewer, claim, "submit", now=now)
    shown: dict[str, Any] = {"office_id": tie.office_id, "shared_with_maker": True}
    for kind in (ClaimLine, ClaimEvent):
        kind.objects.visible_to(viewer).filter(claim=claim).update(**shown)
    jobs.for_partner(
        CHECK, viewer=viewer, receiver=claim.manufacturer_id, now=now, claim=claim.pk, submitted_at=now.isoformat()
    )
    return claim


@transaction.atomic
def take_back(*, viewer: Viewer, public_id: str, expected_version: int | None, now: datetime) -> Claim:
    """撤回 before anybody has decided; it can be written on again. Errors: NotFound, not_allowed, wrong_state, stale."""
    claim = claims.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "claim.take_back", claim)
    return step(viewer, claim, "take_back", now=now, since=claim.finished_on)


@transaction.atomic
def agree(*, viewer: Viewer, public_id: str, expected_version: int | None, now: datetime) -> Claim:
    """The dealer takes what was approved: it waits for the statement. Errors: NotFound, not_allowed, wrong_state, stale."""
    claim = claims.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "claim.agree", claim)
    return step(viewer, claim, "agree", now=now)


@transaction.atomic
def appeal(*, viewer: Viewer, public_id: str, expected_version: int | None, reason: str, now: datetime) -> Claim:
    """申诉, once, within five working days of the decision.

    Errors: NotFound, not_allowed, wrong_state, stale, Refused("appealed_before"), ("appeal_late", 409), ("reason_missing", field="reason").
    """
    claim = claims.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "claim.appeal", claim)
    claim.reason = said(reason)
    if local_date(now) > claim.due_on:
        raise Refused("appeal_late", status=409, day=claim.due_on.isoformat())
    step(viewer, claim, "appeal", now=now, text=claim.reason)
    claim.appealed_at = now
    claim.save(update_fields=["appealed_at"])
    notices.claim_told(viewer, claim, claim.manufacturer_id, "appealed", now)
    return claim


@transaction.atomic
def charge(
    *,
    viewer: Viewer,
    public_id: str,
    expected_version: int | None,
    reason: str,
    amount: Decimal | None = None,
    now: datetime,
) -> Claim:
    """转收费: the manufacturer does not pay, the customer does: he owes the amount from now on (None = what was claimed).

    Errors: NotFound, not_allowed, wrong_state, stale, Refused("reason_missing"), ("amount_wrong", field="amount").
    """
    claim = claims.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "claim.charge", claim)
    claim.reason = said(reason)
    slip = slips.lock(viewer, claim.slip.public_id, version=None)
    debts.charge_claim(viewer, claim, slip, claim.claimed if amount is None else amount, claim.reason, now)
    return step(viewer, claim, "charge", now=now, text=claim.reason)


@transaction.atomic
def void(*, viewer: Viewer, public_id: str, expected_version: int | None, reason: str, now: datetime) -> Claim:
    """作废 of what was not submitted, or was sent back; the slip can be claimed anew. Errors: NotFound, not_allowed, wrong_state, stale, ("reason_missing")."""
    claim = claims.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "claim.void", claim)
    slip = slips.lock(viewer, claim.slip.public_id, version=None)
    claim.reason = said(reason)
    step(viewer, claim, "void", now=now, text=claim.reason)
    _lock_slip(viewer, slip, locked=False)
    return claim


def step(viewer: Viewer, claim: Claim, verb: str, *, now: datetime, text: str = "", since: Any = None) -> Claim:
    """Move the locked claim, count its due day anew, save it and write its story. since: the day from which that counts, None = today."""
    transitions.step(CLAIM, claim, verb)
    claim.due_on = due(claim.state, since or local_date(now))
    if viewer.tier is Tier.DEALER:
        claim.save()
    else:
        claim.save(update_fields=REVIEWED)
    write_event(viewer, claim, verb, now=now, text=text)
    return claim


def next_turn(viewer: Viewer, claim: Claim, verb: str, *, now: datetime) -> None:
    """The locked claim goes back to the dealer by its `reason`: its lines are copied into the next turn, those of this one stay."""
    before = claims.lines(viewer, claim)
    claim.turn += 1
    claim.approved = claim.first_by_id = None
    step(viewer, claim, verb, now=now, text=claim.reason)
    ClaimLine.objects.bulk_create(
        [
            ClaimLine(
                claim=claim, turn=claim.turn, sequence=line.row.sequence, item=line.row.item, label=line.row.label,
                claimed=line.row.claimed, **columns_of(claim),
            )
            for line in before
        ]
    )  # fmt: skip


def step_all(viewer: Viewer, found: Sequence[Claim], verb: str, *, now: datetime, text: str) -> None:
    """The same step of many locked claims at once, with a line in the story of each; those in which the verb does not exist are left alone.

    verb: one that leads to a single state and asks for nothing more.
    """
    (target,) = {row.target for row in CLAIM.rows if row.verb == verb}
    moved = [claim for claim in found if claim.state in CLAIM.sources(verb)]
    rows = Claim.objects.visible_to(viewer).filter(id__in=[claim.pk for claim in moved])
    rows.update(state=target, version=F("version") + 1, updated_at=now)
    _write_events(viewer, moved, verb, now=now, text=text)


def write_event(viewer: Viewer, claim: Claim, verb: str, *, now: datetime, text: str = "") -> None:
    """A line of the claim's story."""
    _write_events(viewer, [claim], verb, now=now, text=text)


def _write_events(viewer: Viewer, found: Sequence[Claim], verb: str, *, now: datetime, text: str) -> None:
    ClaimEvent.objects.bulk_create(
        [
            ClaimEvent(claim=claim, verb=verb, text=text, **authored(viewer, now), **columns_of(claim))
            for claim in found
        ],
        batch_size=1000,
    )


def _facts(offered: Mapping[str, HoursFacts], given: Given) -> Facts:
    unknown = [code for code in given.work if code not in offered]
    if unknown:
        raise Refused("work_unknown", field="work", work=unknown[0])
    if not ZERO <= given.one_way_km <= MOST_KM:
        raise Refused("km_wrong", field="one_way_km")
    if not 0 <= given.trips <= MOST_TRIPS:
        raise Refused("trips_wrong", field="trips", most=MOST_TRIPS)
    if not 1 <= given.people <= MOST_PEOPLE:
        raise Refused("people_wrong", field="people", most=MOST_PEOPLE)
    if given.back <= given.left:
        raise Refused("back_before_left", field="back")
    for name in AMOUNTS:
        if not ZERO <= getattr(given, name) < LIMIT:
            raise Refused("amount_wrong", field=name)
    return Facts(
        tuple(offered[code] for code in dict.fromkeys(given.work)), given.one_way_km, given.trips, given.people, given.left, given.back,
        given.lodging_invoice, given.consumables, given.old_part_freight, given.other, fits(given.note, 300, field="note"),
    )  # fmt: skip


def _put(claim: Claim, facts: Facts, priced: Priced | None) -> None:
    assert facts.left is not None
    assert facts.back is not None
    claim.operations = [{"code": row.code, "name": row.name, "hours": f"{row.hours:f}"} for row in facts.work]
    claim.one_way_km, claim.trips, claim.people = facts.one_way_km, facts.trips, facts.people
    claim.left_at, claim.back_at = facts.left, facts.back
    for name in (*AMOUNTS, "note"):
        setattr(claim, name, getattr(facts, name))
    claim.claimed = priced.total if priced else ZERO


def _priced_or_none(basis: Basis, facts: Facts) -> Priced | None:
    """Of a claim that begins: a trip beyond the last band is left for the dealer to correct."""
    try:
        return basis.price(facts)
    except Wrong:
        return None


def _write_lines(claim: Claim, priced: Priced | None) -> None:
    lines = priced.lines if priced else ()
    ClaimLine.objects.bulk_create(
        [
            ClaimLine(
                claim=claim, turn=claim.turn, sequence=place, item=line.item, label=line.label[:120], claimed=line.amount, **columns_of(claim)
            )
            for place, line in enumerate(lines, start=1)
        ]
    )  # fmt: skip


def _lock_slip(viewer: Viewer, slip: Slip, *, locked: bool) -> None:
    """A slip with a claim on it is not voided; the frozen row lets this column pass."""
    Slip.objects.visible_to(viewer).filter(pk=slip.pk).update(locked=locked)
