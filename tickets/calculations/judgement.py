"""Warranty or not: time, cause and evidence together (domain.md 4.4). Pure; the period itself is `equipment.calculations.warranty`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from core.cases import Step, Wrong
from equipment.calculations.policy_choice import Offer, Subject, Terms, choose
from equipment.calculations.warranty import Period, WarrantyFacts, WarrantyPolicy, WarrantyResult, warranty
from equipment.enums import (
    CompareDate,
    ExchangeRule,
    ReplacedPartRule,
    Responsibility,
    WarrantyBasis,
    WarrantyTime,
)
from tickets.enums import GOODWILL_CAUSES, WarrantyOutcome, WarrantyTick

REWORK_DAYS = 90  # domain.md 4.6, W9


@dataclass(frozen=True, slots=True)
class Repair:
    """An earlier repair of the machine, by whomever. stopped: the machine stood still until it was finished. exchanged: the whole
    machine was; fitted: a part or unit was."""

    reported_on: date
    finished_on: date
    stopped: bool = False
    part_group: str = ""
    symptom: str = ""
    fitted: bool = False
    exchanged: bool = False


@dataclass(frozen=True, slots=True)
class MachineFacts:
    """All that is known of one machine (on one fault line, once there is one).

    machine: id of its file; label: model and number. line: id of the product line. dates: by basis; proved: kinds of evidence
    that are there. nameplate: ex-factory date as it was read on site. from_register: the ex-factory date is the manufacturer's own.
    fault_line: its place on the slip from 1 on, 0 = no slip yet. failed_on, started_on: where they are known. reworked: the ticket was
    reopened as rework. goodwill: it was granted. start_granted: another start of the period was. repairs: earlier ones.
    """

    machine: int
    label: str
    product_type: str
    model: str
    line: int | None
    province: str
    reported_on: date
    dates: Mapping[WarrantyBasis, date] = field(default_factory=dict)
    nameplate: date | None = None
    from_register: bool = False
    proved: frozenset[str] = frozenset()
    hours: Decimal | None = None
    failed_on: date | None = None
    started_on: date | None = None
    repairs: tuple[Repair, ...] = ()
    fault_line: int = 0
    part_group: str = ""
    symptom: str = ""
    responsibility: str = ""
    reworked: bool = False
    goodwill: bool = False
    start_granted: date | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found for one machine. missing: kinds of evidence; policy: public id of the version, "" = none fits; rank: how it was found.

    rework_of: day of the repair that this one repeats. steps: of the period, for the reason in words.
    """

    facts: MachineFacts
    outcome: WarrantyOutcome
    time: WarrantyTime
    basis: WarrantyBasis | None = None
    start: date | None = None
    end: date | None = None
    days_over: int = 0
    goodwill_possible: bool = False
    missing: tuple[str, ...] = ()
    policy: str = ""
    policy_name: str = ""
    number: int = 0
    rank: int = 0
    rework_of: date | None = None
    steps: tuple[Step, ...] = ()


def judge(offers: Iterable[Offer], facts: MachineFacts) -> Judgement:
    """Look the policy up, count the period, and answer the three questions of domain.md 4.4."""
    subject = Subject(
        facts.product_type, facts.line, facts.model, facts.dates.get(WarrantyBasis.EX_FACTORY), facts.province
    )
    choice = choose(offers, subject, facts.reported_on)
    rework_of = repeated(facts)
    if choice.offer is None or choice.rank is None:
        return Judgement(
            facts, WarrantyOutcome.UNDECIDED, WarrantyTime.UNKNOWN, rework_of=rework_of, steps=(Step("no_policy"),)
        )
    offer = choice.offer
    try:
        result, own = _period(offer.terms, facts)
    except Wrong:  # the end of the period lies outside the calendar: somebody has to look at policy or dates
        result, own = WarrantyResult(WarrantyTime.UNKNOWN, steps=(Step("no_start"),)), True
    missing = () if own else _missing(offer.terms, facts, result.basis)
    found = outcome(
        result.time,
        facts.responsibility,
        complete=not missing,
        excluded=offer.terms.exclusions,
        goodwill=facts.goodwill,
        rework=facts.reworked or rework_of is not None,
    )
    return Judgement(
        facts, found, result.time, result.basis, result.start, result.end, result.days_over, result.goodwill_possible, missing,
        offer.key, offer.name, offer.number, int(choice.rank), rework_of, result.steps,
    )  # fmt: skip


def outcome(
    time: WarrantyTime,
    responsibility: str,
    *,
    complete: bool,
    excluded: Iterable[str],
    goodwill: bool = False,
    rework: bool = False,
) -> WarrantyOutcome:
    """判定结果 (the table of domain.md 4.4). responsibility: "" before the diagnosis, taken for the manufacturer's own.

    A contradiction comes first. A repair that repeats an earlier one is the dealer's own (返修), unless the cause lies with the user.
    """
    if time is WarrantyTime.TO_VERIFY:
        return WarrantyOutcome.TO_VERIFY
    users = responsibility in set(excluded)
    if rework and not users:
        return WarrantyOutcome.REWORK
    if time is WarrantyTime.UNKNOWN:
        return WarrantyOutcome.UNDECIDED
    if time is not WarrantyTime.IN:
        return WarrantyOutcome.GOODWILL if goodwill and time is WarrantyTime.OVER else WarrantyOutcome.OUT_OVER
    if users:
        granted = goodwill and responsibility in GOODWILL_CAUSES
        return WarrantyOutcome.GOODWILL if granted else WarrantyOutcome.OUT_CAUSE
    if responsibility == Responsibility.TO_APPRAISE:
        return WarrantyOutcome.APPRAISE
    return WarrantyOutcome.IN if complete else WarrantyOutcome.EVIDENCE


def repeated(facts: MachineFacts) -> date | None:
    """The day of the last repair of the same part group (where nobody named one, with the same symptom) within 90 days, or None."""
    days = [
        repair.finished_on
        for repair in facts.repairs
        if timedelta() <= facts.reported_on - repair.finished_on <= timedelta(days=REWORK_DAYS)
        and (
            repair.part_group == facts.part_group
            if facts.part_group
            else bool(facts.symptom) and repair.symptom == facts.symptom
        )
    ]
    return max(days, default=None)


def days_in_repair(repairs: Iterable[Repair], until: date) -> int:
    """Days that the machine stood still, from the report to the end of the repair; overlapping repairs count once."""
    days, last = 0, date.min
    for begun, ended in sorted((repair.reported_on, repair.finished_on) for repair in repairs if repair.stopped):
        first = max(begun, last)
        if first < min(ended, until):
            days += (min(ended, until) - first).days
        last = max(last, ended)
    return days


def tick_of(outcome: str) -> WarrantyTick:
    """What the box 是否处于三包期 says by the computed result: the customer pays nothing, he pays, or nobody knows yet."""
    if outcome in _FREE:
        return WarrantyTick.YES
    return WarrantyTick.NO if outcome in _CHARGED else WarrantyTick.OPEN


def against(tick: str, computed: str) -> bool:
    """Whether a technician's tick contradicts the computed one; 待定 contradicts nothing."""
    return {tick, computed} == {WarrantyTick.YES.value, WarrantyTick.NO.value}


_FREE = (WarrantyOutcome.IN, WarrantyOutcome.EVIDENCE, WarrantyOutcome.GOODWILL, WarrantyOutcome.REWORK)
_CHARGED = (WarrantyOutcome.OUT_CAUSE, WarrantyOutcome.OUT_OVER)

#: of several machines or fault lines, the result that somebody has to look at first stands for the ticket
_FIRST = (
    WarrantyOutcome.TO_VERIFY,
    WarrantyOutcome.UNDECIDED,
    WarrantyOutcome.APPRAISE,
    WarrantyOutcome.OUT_OVER,
    WarrantyOutcome.OUT_CAUSE,
    WarrantyOutcome.REWORK,
    WarrantyOutcome.GOODWILL,
    WarrantyOutcome.EVIDENCE,
    WarrantyOutcome.IN,
)


def summary(judgements: Sequence[Judgement]) -> str:
    """One result for all machines and fault lines: the one that wants a look first; "" when nothing was judged."""
    leading = first(judgements)
    return "" if leading is None else leading.outcome.value


def first(judgements: Sequence[Judgement]) -> Judgement | None:
    """The judgement that stands for all of them, or None."""
    return min(judgements, key=lambda judgement: _FIRST.index(judgement.outcome), default=None)


# ── the period, with what the look-up decides before it is counted (domain.md 4.3) ───────────────────────────────────────────────


def _period(terms: Terms, facts: MachineFacts) -> tuple[WarrantyResult, bool]:
    """The period, and whether its start is our own record (a part or machine that was fitted), which needs no further proof."""
    known = _facts(terms, facts)
    fitted = [repair for repair in facts.repairs if repair.finished_on <= facts.reported_on]
    exchanged = max((repair.finished_on for repair in fitted if repair.exchanged), default=None)
    own = False
    if facts.start_granted is not None:
        result, own = warranty(*_anew(terms.policy, known, facts.start_granted)), True
    elif exchanged is not None and terms.exchange_rule is ExchangeRule.RESTART:
        repairs = [repair for repair in fitted if repair.reported_on >= exchanged]
        days = days_in_repair(repairs, known.reported_on)
        result, own = warranty(*_anew(terms.policy, replace(known, repair_days=days), exchanged)), True
    else:
        result = warranty(terms.policy, known)
    if terms.replaced_part_rule is ReplacedPartRule.MACHINE or not facts.part_group:
        return result, own
    since = max((r.finished_on for r in fitted if r.fitted and r.part_group == facts.part_group), default=None)
    if since is None or result.time is WarrantyTime.TO_VERIFY:
        return result, own
    policy = replace(terms.policy, part_periods={})
    part = warranty(*_anew(policy, replace(known, repair_days=0), since, terms.replaced_part_months))
    longer = terms.replaced_part_rule is ReplacedPartRule.LONGER and result.end is not None
    if longer and part.end is not None and result.end is not None and result.end >= part.end:
        return result, own
    return part, True


def _anew(
    policy: WarrantyPolicy, known: WarrantyFacts, since: date, months: int | None = None
) -> tuple[WarrantyPolicy, WarrantyFacts]:
    """The same policy counted from the day something was fitted, without cap and grace."""
    rule = Period(WarrantyBasis.INSTALLATION, policy.start_rules[0].months if months is None else months)
    dates = {WarrantyBasis.INSTALLATION: since}
    facts = replace(known, dates=dates, nameplate_ex_factory=None)
    return replace(policy, start_rules=(rule,), cap=None, grace_months=0), facts


def _facts(terms: Terms, facts: MachineFacts) -> WarrantyFacts:
    day = {CompareDate.FAILED: facts.failed_on, CompareDate.STARTED: facts.started_on}.get(terms.compare_date)
    compared = day or facts.reported_on
    return WarrantyFacts(
        dates=facts.dates,
        reported_on=compared,
        meter_hours=facts.hours,
        repair_days=days_in_repair(facts.repairs, compared),
        part_group=facts.part_group or None,
        nameplate_ex_factory=facts.nameplate,
    )


def _missing(terms: Terms, facts: MachineFacts, basis: WarrantyBasis | None) -> tuple[str, ...]:
    """Kinds of evidence that the start rule wants and nobody has brought; what the manufacturer's own register says needs none."""
    if basis is None or (basis is WarrantyBasis.EX_FACTORY and facts.from_register):
        return ()
    places = [place for place, rule in enumerate(terms.policy.start_rules) if rule.basis is basis]
    wanted = terms.evidence[places[0]] if places and places[0] < len(terms.evidence) else ()
    return tuple(kind for kind in wanted if kind not in facts.proved)


# ── as it is kept ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def kept(judgement: Judgement) -> dict[str, Any]:
    """A judgement as plain JSON."""
    facts = judgement.facts
    return {
        "outcome": judgement.outcome.value,
        "time": judgement.time.value,
        "basis": judgement.basis.value if judgement.basis else None,
        "start": _day(judgement.start),
        "end": _day(judgement.end),
        "over": judgement.days_over,
        "goodwill": judgement.goodwill_possible,
        "missing": list(judgement.missing),
        "policy": judgement.policy,
        "policy_name": judgement.policy_name,
        "number": judgement.number,
        "rank": judgement.rank,
        "rework_of": _day(judgement.rework_of),
        "steps": [
            [step.code, {name: _plain(value) for name, value in step.params.items()}] for step in judgement.steps
        ],
        "facts": {
            "machine": facts.machine,
            "label": facts.label,
            "type": facts.product_type,
            "model": facts.model,
            "line": facts.line,
            "province": facts.province,
            "reported": _day(facts.reported_on),
            "dates": {basis.value: _day(day) for basis, day in facts.dates.items()},
            "nameplate": _day(facts.nameplate),
            "register": facts.from_register,
            "proved": sorted(facts.proved),
            "hours": None if facts.hours is None else str(facts.hours),
            "failed": _day(facts.failed_on),
            "started": _day(facts.started_on),
            "repairs": [
                [_day(r.reported_on), _day(r.finished_on), r.stopped, r.part_group, r.symptom, r.fitted, r.exchanged]
                for r in facts.repairs
            ],
            "fault_line": facts.fault_line,
            "part": facts.part_group,
            "symptom": facts.symptom,
            "responsibility": facts.responsibility,
            "reworked": facts.reworked,
            "granted": facts.goodwill,
            "start_granted": _day(facts.start_granted),
        },
    }


def read(row: Mapping[str, Any]) -> Judgement:
    """The judgement out of what `kept` has written."""
    said = row["facts"]
    reported = _date(said["reported"])
    assert reported is not None
    facts = MachineFacts(
        machine=said["machine"],
        label=said["label"],
        product_type=said["type"],
        model=said["model"],
        line=said["line"],
        province=said["province"],
        reported_on=reported,
        dates={WarrantyBasis(basis): date.fromisoformat(day) for basis, day in said["dates"].items()},
        nameplate=_date(said["nameplate"]),
        from_register=said["register"],
        proved=frozenset(said["proved"]),
        hours=None if said["hours"] is None else Decimal(said["hours"]),
        failed_on=_date(said["failed"]),
        started_on=_date(said["started"]),
        repairs=tuple(
            Repair(date.fromisoformat(begun), date.fromisoformat(ended), *rest)
            for begun, ended, *rest in said["repairs"]
        ),
        fault_line=said["fault_line"],
        part_group=said["part"],
        symptom=said["symptom"],
        responsibility=said["responsibility"],
        reworked=said["reworked"],
        goodwill=said["granted"],
        start_granted=_date(said["start_granted"]),
    )
    return Judgement(
        facts=facts,
        outcome=WarrantyOutcome(row["outcome"]),
        time=WarrantyTime(row["time"]),
        basis=WarrantyBasis(row["basis"]) if row["basis"] else None,
        start=_date(row["start"]),
        end=_date(row["end"]),
        days_over=row["over"],
        goodwill_possible=row["goodwill"],
        missing=tuple(row["missing"]),
        policy=row["policy"],
        policy_name=row["policy_name"],
        number=row["number"],
        rank=row["rank"],
        rework_of=_date(row["rework_of"]),
        steps=tuple(
            Step(code, {name: _typed(name, value) for name, value in params.items()}) for code, params in row["steps"]
        ),
    )


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _date(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _plain(value: object) -> Any:
    if isinstance(value, WarrantyBasis):
        return value.value
    if isinstance(value, Decimal | date):
        return str(value)
    return value


def _typed(name: str, value: Any) -> Any:
    """A number of a step: bases and hours have their type again, days stay as they read."""
    if name == "basis":
        return WarrantyBasis(value)
    if name == "meter" or (name == "limit" and isinstance(value, str)):
        return Decimal(value)
    return value
