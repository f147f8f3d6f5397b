"""What the automatic checks of a claim look at, as far as the viewer may see it (domain.md 9.3).

The dealer's own look before he submits sees his own jobs; headquarters' checks after submission those of all dealers. What no room
keeps yet (free services, campaigns) is empty, and the checks say 尚无数据.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from core.calendars import DAY_MINUTES, MINUTE, local_date
from core.tenancy import Tier, Viewer
from equipment.enums import PartSource
from equipment.models import RegisterMachine
from equipment.queries import catalogue, coverage
from partners.queries import partnerships
from settlement.calculations.check_facts import (
    Authorisation,
    DealerFacts,
    EarlierJob,
    Evidence,
    Facts,
    MachineFacts,
    OperationFacts,
    Outing,
    PartFacts,
    Reference,
    RegisterRow,
    Stay,
    codes_of,
)
from settlement.calculations.old_part_duties import DUE_AFTER
from settlement.enums import AuthorisationKind, ClaimState
from settlement.models import Claim, ClaimEvent
from settlement.queries import check_rows, claims, old_parts
from tickets.calculations.judgement import Judgement
from tickets.enums import PhotoSlot, RequestState, SlipState
from tickets.models import FaultLineMachine, Photo, Trip
from tickets.queries import warranty

#: photos that every claim wants (domain.md 4.5)
WANTED = frozenset({PhotoSlot.NAMEPLATE.value, PhotoSlot.FAULT.value, PhotoSlot.AFTER.value})


def facts(
    viewer: Viewer,
    claim: Claim,
    basis: claims.Basis,
    usual: Decimal | None,
    now: datetime,
    *,
    trusted: frozenset[str] = frozenset(),
) -> tuple[Facts, Reference]:
    """The claim with all that can be known of it, and the tables that it is held against.

    now: counts as submission of a draft. trusted: public ids of the partnerships on whose claims the manufacturer relies.
    """
    slip = claim.slip
    covered = list(
        FaultLineMachine.objects.visible_to(viewer)
        .filter(line__slip=slip)
        .select_related("line", "ticket_machine")
        .order_by("line__sequence", "id")
    )
    numbers = sorted({row.serial_number for row in covered if row.serial_number})
    register = _register(viewer, claim, numbers)
    lines = catalogue.lines_of_models(viewer, claim.manufacturer_id, {row.model for row in covered})
    judged = {(one.facts.machine, one.facts.fault_line): one for one in warranty.judgements(slip)}
    earlier = _earlier(viewer, claim, numbers)
    machines = tuple(
        _machine(
            row, lines.get(row.model), judged.get((row.ticket_machine.machine_id, row.line.sequence)), register, earlier
        )
        for row in covered
    )
    fault = covered[0].line.fault_part if covered else ""
    here, elsewhere = _stays(viewer, claim)
    found = Facts(
        finished_at=claims.finished(slip),
        submitted_at=_first_submitted(viewer, claim) or now,
        amount=claim.claimed,
        machines=machines,
        operations=tuple(OperationFacts(row["code"], fault, claim.model) for row in claim.operations),
        parts=tuple(
            PartFacts(part.code, part.quantity, PartSource(part.source), claim.model, max(len(covered), 1)) for part in basis.parts
        ),
        repeat_declared=claim.is_repeat or slip.ticket.is_rework,
        authorisations=_authorisations(basis),
        dealer=_dealer(viewer, claim, trusted),
        outing=Outing(claim.one_way_km, usual, claim.trips, claim.people, _nights(claim)),
        evidence=_evidence(viewer, claim),
        stays=here,
        other_stays=elsewhere,
    )  # fmt: skip
    tables = check_rows.tables(viewer, claim.manufacturer_id, codes_of(found))
    return found, Reference(register=_has_register(viewer, claim), **tables)


def _first_submitted(viewer: Viewer, claim: Claim) -> datetime | None:
    """When it was submitted before it was sent back for the first time: what comes back is not late by that (R04)."""
    if claim.turn == 1:
        return claim.submitted_at
    found = claim.submitted_at
    events = ClaimEvent.objects.visible_to(viewer).filter(claim=claim, verb__in=("submit", "send_back", "check_return"))
    for verb, at in events.order_by("id").values_list("verb", "at"):
        if verb != "submit":
            break
        found = at
    return found


def _authorisations(basis: claims.Basis) -> tuple[Authorisation, ...]:
    """What was granted on the ticket for this round of work."""
    return tuple(
        Authorisation(AuthorisationKind(one.kind), one.number, one.valid_until)
        for one in basis.authorisations
        if one.state == RequestState.GRANTED and one.round == basis.slip.round
    )


def _machine(
    row: FaultLineMachine, line: Any, judged: Judgement | None, register: dict[str, RegisterMachine], earlier: list[tuple[Any, ...]]
) -> MachineFacts:  # fmt: skip
    known = register.get(row.serial_number)
    same = [
        job for number, part, job, _claimed in earlier if number == row.serial_number and part == row.line.fault_part
    ]
    claimed = tuple(
        job
        for number, part, job, stands in earlier
        if stands and number == row.serial_number and part == row.line.fault_part
    )
    more: dict[str, Any] = {}
    if judged is not None:
        more = {
            "warranty": judged.outcome, "time": judged.time, "period_end": judged.end, "policy_known": bool(judged.policy),
        }  # fmt: skip
    return MachineFacts(
        label=f"{row.model} {row.serial_number}".strip(),
        serial_number=row.serial_number,
        model=row.model,
        line=line.code if line else "",
        line_name=line.name if line else "",
        ex_factory_on=row.ex_factory_on,
        register=RegisterRow(known.model, ex_factory_on=known.ex_factory_on) if known else None,
        claimed=claimed,
        repeats=max(same, key=lambda job: job.finished_on, default=None),
        **more,
    )


def _register(viewer: Viewer, claim: Claim, numbers: Sequence[str]) -> dict[str, RegisterMachine]:
    """The manufacturer's rows of these numbers; a dealer reads none."""
    if viewer.tier is Tier.DEALER or not numbers:
        return {}
    rows = RegisterMachine.objects.visible_to(viewer).filter(
        manufacturer_id=claim.manufacturer_id, serial_number__in=numbers
    )
    return {row.serial_number: row for row in rows.order_by("id")}


def _has_register(viewer: Viewer, claim: Claim) -> bool:
    """Whether the manufacturer keeps its register of machines here at all; a dealer is not told."""
    if viewer.tier is Tier.DEALER:
        return False
    return RegisterMachine.objects.visible_to(viewer).filter(manufacturer_id=claim.manufacturer_id).exists()


def _earlier(viewer: Viewer, claim: Claim, numbers: Sequence[str]) -> list[tuple[str, str, EarlierJob, bool]]:
    """Earlier signed jobs on these machines: number, faulty part, the job, and whether a claim stands on it. Two statements."""
    if not numbers:
        return []
    rows = FaultLineMachine.objects.visible_to(viewer).filter(
        manufacturer_id=claim.manufacturer_id, serial_number__in=numbers, line__slip__state=SlipState.SIGNED,
        line__slip__finished_at__lt=claim.slip.finished_at,
    )  # fmt: skip
    found = list(
        rows.exclude(line__slip=claim.slip)
        .order_by("-line__slip__finished_at", "id")
        .values_list(
            "serial_number",
            "line__fault_part",
            "line__slip_id",
            "line__slip__number",
            "line__slip__finished_at",
            "dealer_id",
        )[:200]
    )
    standing = set(
        Claim.objects.visible_to(viewer)
        .filter(slip__in=[row[2] for row in found])
        .exclude(state__in=(ClaimState.VOID, ClaimState.CHARGED))
        .values_list("slip_id", flat=True)
    )
    return [
        (
            number,
            part,
            EarlierJob(slip_number, local_date(at or claim.begun_at), elsewhere=dealer != claim.dealer_id),
            slip in standing,
        )
        for number, part, slip, slip_number, at, dealer in found
    ]


def _dealer(viewer: Viewer, claim: Claim, trusted: frozenset[str]) -> DealerFacts:
    tie = partnerships.require_holding(viewer, dealer_id=claim.dealer_id, manufacturer_id=claim.manufacturer_id)
    lines = frozenset(
        code
        for code in coverage.rows_of(viewer, tie).values_list("line__code", flat=True).order_by("line__code")
        if code
    )
    owed = old_parts.unreturned(viewer).filter(dealer_id=claim.dealer_id, manufacturer_id=claim.manufacturer_id)
    oldest = owed.order_by("due_on", "id").values_list("due_on", flat=True).first()
    # its three months begin when the job was finished, later by what was granted (domain.md 10: day 90 blocks)
    since = oldest - DUE_AFTER if oldest else None
    return DealerFacts(lines=lines or None, unreturned_since=since, trusted=tie.public_id in trusted)


def _nights(claim: Claim) -> int:
    minutes = (claim.back_at - claim.left_at) // MINUTE
    return max(-(-minutes // DAY_MINUTES) - 1, 0)


def _evidence(viewer: Viewer, claim: Claim) -> Evidence:
    """Photos by their places, signature, check-in, and whether a photo is on another slip, too. Two statements."""
    slip = claim.slip
    photos = list(
        Photo.objects.visible_to(viewer).filter(ticket=slip.ticket_id).order_by("id").values_list("slot", "sha256")
    )
    twins = Photo.objects.visible_to(viewer).filter(sha256__in=[digest for _slot, digest in photos])
    others = list(
        twins.exclude(ticket=slip.ticket_id)
        .order_by("ticket__number", "ticket_id")
        .values_list("ticket__number", "dealer_id")
        .distinct()[:20]
    )
    return Evidence(
        wanted=frozenset() if slip.is_remote else WANTED,
        present=frozenset(slot for slot, _digest in photos),
        signed=slip.state == SlipState.SIGNED,
        checked_in=slip.is_remote or slip.arrived_at is not None,
        typed_in=slip.from_paper,
        times_changed=bool(slip.times_reason),
        same_photos=tuple(number for number, dealer in others if dealer == claim.dealer_id),
        foreign_photos=tuple(number for number, dealer in others if dealer != claim.dealer_id),
    )


def _stays(viewer: Viewer, claim: Claim) -> tuple[tuple[Stay, ...], tuple[Stay, ...]]:
    """When the lead technician was on this site, and on others around that time. One statement."""
    slip, ticket = claim.slip, claim.slip.ticket
    lead = ticket.lead_person_id
    if lead is None or slip.arrived_at is None or slip.left_at is None:
        return (), ()
    rows = Trip.objects.visible_to(viewer).filter(
        ticket__lead_person_id=lead, arrived_at__lt=slip.left_at, left_at__gt=slip.arrived_at
    )
    here: list[Stay] = []
    elsewhere: list[Stay] = []
    for trip in rows.exclude(left_at=None).select_related("ticket").order_by("id")[:50]:
        assert trip.arrived_at is not None
        assert trip.left_at is not None
        stay = Stay(str(lead), ticket.lead_name, trip.ticket.number, trip.arrived_at, trip.left_at)
        (here if trip.ticket_id == slip.ticket_id else elsewhere).append(stay)
    return tuple(here), tuple(elsewhere)
