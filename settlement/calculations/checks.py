"""The 23 automatic checks of a claim before people look (domain.md 9.3). Pure: codes out, `settlement.explain.checks` words them.

A check is a generator of reasons, none when the claim passes it: a claim with two wrong parts is told of both at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from core.calendars import local
from core.money import shown
from equipment.enums import PartSource, WarrantyTime
from settlement.calculations.cards import figure
from settlement.calculations.check_facts import Authorisation, Facts, Reference, Settings
from settlement.calculations.check_registry import CHECKS, LIST, NO_DATA, Params, Reason, check
from settlement.enums import AuthorisationKind, CheckCode, CheckOutcome
from tickets.enums import WarrantyOutcome


@dataclass(frozen=True, slots=True)
class Finding:
    """A reason with its check and what it makes of the claim."""

    code: CheckCode
    reason: str
    outcome: CheckOutcome
    params: Params


@dataclass(frozen=True, slots=True)
class Report:
    """findings: in the order of the codes. no_data: checks that missed rows of a table to compare with. warnings: change no outcome.

    outcome: the worst one of the findings; without any a person decides, as always.
    """

    findings: tuple[Finding, ...]
    no_data: tuple[CheckCode, ...]
    outcome: CheckOutcome
    warnings: tuple[Finding, ...] = ()


#: reasons that lie with another dealer -> what of their numbers may be told beyond headquarters
ELSEWHERE: dict[str, tuple[str, ...]] = {
    "fault_claimed_elsewhere": ("machine",),
    "repeat_elsewhere": ("machine", "limit"),
    "same_photo_elsewhere": (),
}


def told(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings as the dealer and his office may read them: of another dealer's jobs they learn that there is one, nothing else."""
    shown_of: list[Finding] = []
    for finding in findings:
        kept = ELSEWHERE.get(finding.reason, tuple(finding.params))
        plain = replace(finding, params={name: finding.params[name] for name in kept})
        if plain not in shown_of:
            shown_of.append(plain)
    return tuple(shown_of)


BY_LETTER = {"R": CheckOutcome.REFUSE, "B": CheckOutcome.RETURN, "M": CheckOutcome.MANUAL, "A": CheckOutcome.PASS}


def run(facts: Facts, reference: Reference, settings: Settings) -> Report:
    """All checks that are on. What repeats itself, of a machine on two fault lines, is found once."""
    findings: list[Finding] = []
    no_data: list[CheckCode] = []
    for code, checks in CHECKS.items():
        if code not in settings.on or (code == CheckCode.A01 and findings):
            continue
        for reason in (reason for one in checks for reason in one(facts, reference, settings)):
            finding = Finding(code, reason.code, outcome_of(code, settings), reason.params)
            if reason is NO_DATA:
                no_data += [code] if code not in no_data else []
            elif finding not in findings:
                findings.append(finding)
    return Report(
        tuple(findings), tuple(no_data), worst(one.outcome for one in findings), tuple(_warnings(facts, settings))
    )


def outcome_of(code: CheckCode, settings: Settings) -> CheckOutcome:
    """What a check makes of a claim: by its letter, and by the settings where domain.md 9.3 leaves a choice."""
    if code == CheckCode.R02:
        return settings.unauthorised
    if code == CheckCode.B09:
        return settings.without_policy
    return BY_LETTER[code[0]]


def worst(outcomes: Iterable[CheckOutcome]) -> CheckOutcome:
    """refuse > return > manual > pass; of none: manual, since only A01 approves."""
    return min(outcomes, key=list(CheckOutcome).index, default=CheckOutcome.MANUAL)


# ── R: what refuses ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@check(CheckCode.R01)
def _out_of_warranty(facts: Facts, reference: Reference, settings: Settings) -> Iterator[Reason]:
    if _granted(facts, AuthorisationKind.OUT_OF_WARRANTY):
        return
    for machine in facts.machines:
        if machine.warranty != WarrantyOutcome.OUT_OVER:
            continue
        if machine.time == WarrantyTime.OVER_HOURS and machine.meter is not None:
            yield Reason("over_hours", {"machine": machine.label, "meter": figure(machine.meter.hours)})
        elif machine.period_end is not None:
            yield Reason("over_time", {"machine": machine.label, "end": machine.period_end.isoformat()})
        else:
            yield Reason("over", {"machine": machine.label})


@check(CheckCode.R02)
def _unauthorised(facts: Facts, reference: Reference, settings: Settings) -> Iterator[Reason]:
    for kind in _wants(facts, settings):
        if _granted(facts, kind):
            continue
        ended = [one for one in facts.authorisations if one.kind == kind and one.valid_until is not None]
        if ended:
            last = max(ended, key=lambda one: one.valid_until or date.min)
            yield Reason(
                "authorisation_ended",
                {"kind": kind.value, "number": last.number, "end": str(last.valid_until), "finished": _day(facts)},
            )
        else:
            yield Reason("authorisation_missing", {"kind": kind.value})


def _wants(facts: Facts, settings: Settings) -> Iterator[AuthorisationKind]:
    """What the claim asks for that is paid only when it was granted before (domain.md 4.5, 9.1)."""
    if facts.outing.trips > 1:
        yield AuthorisationKind.SECOND_TRIP
    if facts.outing.km > settings.long_km:
        yield AuthorisationKind.LONG_TRIP
    if any(part.source == PartSource.BOUGHT_URGENT for part in facts.parts):
        yield AuthorisationKind.URGENT_PART
    if settings.authorise_above is not None and facts.amount > settings.authorise_above:
        yield AuthorisationKind.AMOUNT
    if facts.courier:
        yield AuthorisationKind.COURIER


def _granted(facts: Facts, kind: AuthorisationKind) -> bool:
    """Whether a pre-authorisation of this kind was valid when the job was finished."""

    def valid(one: Authorisation) -> bool:
        return one.kind == kind and (one.valid_until is None or facts.finished_on <= one.valid_until)

    return any(map(valid, facts.authorisations))


@check(CheckCode.R03)
def _free_services(facts: Facts, reference: Reference, settings: Settings) -> Iterator[Reason]:
    for service in facts.free_services:
        allowed = reference.free_services.get(service.code)
        if allowed is None:
            yield NO_DATA
        elif service.had >= allowed:
            yield Reason(
                "free_services_used",
                {"service": service.name, "machine": service.machine, "allowed": allowed, "had": service.had},
            )


@check(CheckCode.R04)
def _late(facts: Facts, reference: Reference, settings: Settings) -> Iterator[Reason]:
    days = _days_after(facts)
    if days > settings.submit_days:
        yield Reason("late", {"days": days, "finished": _day(facts), "limit": settings.submit_days})


def _warnings(facts: Facts, settings: Settings) -> Iterator[Finding]:
    """Not late yet, but soon (R04, warn at 20 days): for a claim that is still being written."""
    days = _days_after(facts)
    if CheckCode.R04 in settings.on and settings.warn_days <= days <= settings.submit_days:
        params: Params = {"days": days, "finished": _day(facts), "left": settings.submit_days - days}
        yield Finding(CheckCode.R04, "late_soon", CheckOutcome.PASS, params)


# ── B: what goes back to the dealer ──────────────────────────────────────────────────────────────────────────────────────────────


@check(CheckCode.B01)
def _fault_of_labour(facts: Facts, reference: Reference, settings: Settings) -> Iterator[Reason]:
    for operation in facts.operations:
        faults = reference.operation_faults.get(operation.code)
        if faults is None or not operation.fault:
            yield NO_DATA
        elif operation.fault not in faults:
            yield Reason("labour_not_for_fault", {"operation": operation.code, "fault": operation.fault})


@check(CheckCode.B02)
def _model_of_labour(facts: Facts, reference: Reference, settings: Settings) -> Iterator[Reason]:
    for operation in facts.operations:
        models = reference.operation_models.get(operation.code)
        if models is None:
            yield NO_DATA
        elif operation.model not in models:
            yield Reason("labour_not_for_model", {"operation": operation.code, "model": operation.model})


@check(CheckCode.B03)
def _parts(facts: Facts, reference: Reference, settings: Settings) -> Iterator[Reason]:
    for part in facts.parts:
        models = reference.part_models.get(part.code)
        if models is None:
            yield NO_DATA
        elif part.model not in models:
            yield Reason("part_not_for_model", {"part": part.code, "model": part.model})
        elif part.quantity > models[part.model] * part.machines:
            yield Reason(
                "too_many_parts",
                {
                    "part": part.code, "model": part.model, "quantity": figure(part.quantity), "machines": part.machines,
                    "most": figure(models[part.model]),
                },
            )  # fmt: skip


@check(CheckCode.B04)
def _meter(facts: Facts, reference: Reference, settings: Settings) -> Iterator[Reason]:
    for machine in facts.machines:
        now, before = machine.meter, machine.earlier_meter
        if now is None or before is None:
            continue
        params: Params = {
            "machine": machine.label, "hours": figure(now.hours), "before": figure(before.hours),
            "day": before.read_on.isoformat(),
        }  # fmt: skip
        days = max((now.read_on - before.read_on).days, 0) + 1  # both days count: nobody knows the hour of a reading
        if now.hours < before.hours:
            yield Reason("meter_lower", params)
        elif now.hours - before.hours > days * settings.meter_hours_a_day:
            yield Reason("meter_jumps", {**params, "most": figure(days * settings.meter_hours_a_day)})


@check(CheckCode.B05)
def _claimed(facts: Facts, reference: Reference, settings: Settings) -> Iterator[Reason]:
    for number in facts.same_slip:
        yield Reason("slip_claimed", {"claim": number})
    if facts.repeat_declared:
        return
    for machine in facts.machines:
        for claim in machine.claimed:
            if abs((facts.finished_on - claim.finished_on).days) <= settings.duplicate_days:
                yield Reason(
                    "fault_claimed_elsewhere" if claim.elsewhere else "fault_claimed",
                    {"machine": machine.label, "claim": claim.number, "day": claim.finished_on.isoformat()},
                )


@check(CheckCode.B06)
def _repeat(facts: Facts, reference: Reference, settings: Settings) -> Iterator[Reason]:
    for machine in facts.machines:
        before = machine.repeats
        if facts.repeat_declared or before is None:
            continue
        days = (facts.finished_on - before.finished_on).days
        if 0 <= days <= settings.repeat_days:
            yield Reason(
                "repeat_elsewhere" if before.elsewhere else "repeat_undeclared",
                {"machine": machine.label, "slip": before.number, "days": days, "limit": settings.repeat_days},
            )


@check(CheckCode.B07)
def _register(facts: Facts, reference: Reference, settings: Settings) -> Iterator[Reason]:
    for machine in facts.machines:
        row, params = machine.register, {"machine": machine.label, "serial": machine.serial_number}
        if not machine.serial_number:
            yield Reason("serial_missing", {"machine": machine.label})
        elif not reference.register:
            yield NO_DATA
        elif row is None:
            yield Reason("not_in_register", params)
        else:
            if not row.sold:
                yield Reason("not_sold", params)
            if row.model != machine.model:
                yield Reason("model_differs", {**params, "here": machine.model, "there": row.model})
            here, there = machine.ex_factory_on, row.ex_factory_on
            if here is not None and there is not None and here != there:  # domain.md 4.6, W10
                yield Reason("ex_factory_differs", {**params, "here": here.isoformat(), "there": there.isoformat()})


@check(CheckCode.B08)
def _dealer(facts: Facts, reference: Reference, settings: Settings) -> Iterator[Reason]:
    if not facts.dealer.active:
        yield Reason("dealer_inactive")
    lines = facts.dealer.lines
    for machine in facts.machines:
        if lines is None or machine.line in lines:
            continue
        if machine.line:
            yield Reason("line_unauthorised", {"machine": machine.label, "line": machine.line_name or machine.line})
        else:
            yield Reason("line_unknown", {"machine": machine.label})


@check(CheckCode.B09)
def _policy(facts: Facts, reference: Reference, settings: Settings) -> Iterator[Reason]:
    for machine in facts.machines:
        if not machine.policy_known:
            yield Reason("no_policy", {"machine": machine.label})


@check(CheckCode.B10)
def _old_parts(facts: Facts, reference: Reference, settings: Settings) -> Iterator[Reason]:
    since, day = facts.dealer.unreturned_since, facts.submitted_on
    if since is None:
        return
    months = (day.year - since.year) * 12 + day.month - since.month
    # the same day of the month is still allowed; where a month is too short, its last one
    if (months, day.day - since.day) > (settings.old_part_months, 0):
        yield Reason("old_parts_overdue", {"since": since.isoformat(), "months": settings.old_part_months})


@check(CheckCode.B11)
def _campaign(facts: Facts, reference: Reference, settings: Settings) -> Iterator[Reason]:
    campaign = facts.campaign
    if campaign is None:
        return
    if not campaign.released:
        yield Reason("campaign_not_released", {"campaign": campaign.name})
    elif not campaign.evaluated:
        yield Reason("campaign_not_evaluated", {"campaign": campaign.name})


@check(CheckCode.B12)
def _evidence(facts: Facts, reference: Reference, settings: Settings) -> Iterator[Reason]:
    evidence = facts.evidence
    missing, unreadable = evidence.wanted - evidence.present, evidence.wanted & evidence.present & evidence.unreadable
    if missing:
        yield Reason("photos_missing", {"slots": LIST.join(sorted(missing))})
    if unreadable:
        yield Reason("photos_unreadable", {"slots": LIST.join(sorted(unreadable))})
    if not evidence.signed:
        yield Reason("signature_missing")
    if not evidence.checked_in:
        yield Reason("check_in_missing")


@check(CheckCode.B13)
def _supplier(facts: Facts, reference: Reference, settings: Settings) -> Iterator[Reason]:
    for part in facts.parts:
        if not (part.causal and part.supplier):
            continue
        suppliers = reference.suppliers.get(part.code)
        if suppliers is None:
            yield NO_DATA
        elif part.supplier not in suppliers:
            yield Reason("supplier_wrong", {"part": part.code, "supplier": part.supplier})


# ── M: what a person looks at ────────────────────────────────────────────────────────────────────────────────────────────────────


@check(CheckCode.M01)
def _part_period(facts: Facts, reference: Reference, settings: Settings) -> Iterator[Reason]:
    for part in facts.parts:
        if part.own_end is not None and part.days_over > 0:
            yield Reason("part_over", {"part": part.code, "end": part.own_end.isoformat(), "days": part.days_over})


@check(CheckCode.M02)
def _amount(facts: Facts, reference: Reference, settings: Settings) -> Iterator[Reason]:
    if facts.amount > settings.amount:
        yield Reason("amount_high", {"amount": shown(facts.amount), "limit": shown(settings.amount)})


@check(CheckCode.M03)
def _outing(facts: Facts, reference: Reference, settings: Settings) -> Iterator[Reason]:
    outing = facts.outing
    if outing.usual_km is None:
        if outing.km:
            yield NO_DATA
    elif outing.km > (most := outing.usual_km * (1 + settings.km_over)):
        yield Reason("km_over", {"km": figure(outing.km), "usual": figure(outing.usual_km), "most": figure(most)})
    if outing.trips > 1:
        yield Reason("second_trip", {"trips": outing.trips})
    if outing.people > settings.people:
        yield Reason("many_people", {"people": outing.people, "limit": settings.people})
    if outing.nights > 0:
        yield Reason("overnight", {"nights": outing.nights})


@check(CheckCode.M04)
def _overlap(facts: Facts, reference: Reference, settings: Settings) -> Iterator[Reason]:
    for mine in facts.stays:
        for other in facts.other_stays:
            if mine.technician == other.technician and mine.arrived < other.left and other.arrived < mine.left:
                begin, end = max(mine.arrived, other.arrived), min(mine.left, other.left)
                yield Reason(
                    "jobs_overlap",
                    {"name": mine.name, "slip": other.slip, "begin": _minute(begin), "end": _minute(end)},
                )


@check(CheckCode.M05)
def _doubts(facts: Facts, reference: Reference, settings: Settings) -> Iterator[Reason]:
    evidence = facts.evidence
    if evidence.position_m is not None and evidence.position_m > settings.position_m:
        yield Reason("far_from_site", {"metres": evidence.position_m, "limit": settings.position_m})
    if evidence.typed_in:
        yield Reason("times_typed_in")
    if evidence.times_changed:
        yield Reason("times_changed")
    for slip in evidence.same_photos:
        yield Reason("same_photo", {"slip": slip})
    for slip in evidence.foreign_photos:
        yield Reason("same_photo_elsewhere", {"slip": slip})


# ── A: what nobody has to look at ────────────────────────────────────────────────────────────────────────────────────────────────


@check(CheckCode.A01)
def _trusted(facts: Facts, reference: Reference, settings: Settings) -> Iterator[Reason]:
    """Asked only when nothing was found. Money is given without a person for what is in warranty, and nothing else."""
    covered = bool(facts.machines) and all(machine.warranty == WarrantyOutcome.IN for machine in facts.machines)
    if facts.dealer.trusted and covered and facts.amount <= settings.low_amount:
        yield Reason("trusted", {"amount": shown(facts.amount), "limit": shown(settings.low_amount)})


def _days_after(facts: Facts) -> int:
    return (facts.submitted_on - facts.finished_on).days


def _day(facts: Facts) -> str:
    return facts.finished_on.isoformat()


def _minute(moment: datetime) -> str:
    return local(moment).strftime("%Y-%m-%d %H:%M")
