"""Whether a report lies in the warranty period: the question of time (domain.md 4.3, 4.4, 4.6; calculations.md, warranty). Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from core.cases import Step, Wrong
from equipment.enums import WarrantyBasis, WarrantyTime

LAST_DAY = date.max.toordinal()
YEARS_OF_CYCLE, DAYS_OF_CYCLE = 400, 146_097  # the calendar repeats itself after them


@dataclass(frozen=True, slots=True)
class Period:
    """So many months from the day of this basis."""

    basis: WarrantyBasis
    months: int


@dataclass(frozen=True, slots=True)
class WarrantyPolicy:
    """A manufacturer's policy. part_periods: months by part group; hours_limit: None is no limit, 0 is one."""

    start_rules: tuple[Period, ...]
    cap: Period | None = None
    hours_limit: Decimal | None = None
    grace_months: int = 0
    inclusive_end: bool = True
    repair_extension: bool = True
    part_periods: Mapping[str, int] = field(default_factory=dict)
    goodwill_days: int = 0


@dataclass(frozen=True, slots=True)
class WarrantyFacts:
    """What is known of the machine. dates: those that are known; repair_days: that the machine stood still in repair."""

    dates: Mapping[WarrantyBasis, date]
    reported_on: date
    meter_hours: Decimal | None = None
    repair_days: int = 0
    part_group: str | None = None
    nameplate_ex_factory: date | None = None


@dataclass(frozen=True, slots=True)
class WarrantyResult:
    """end: the last day in warranty. days_over: 0 when not over. basis, start, end: None without a known date."""

    time: WarrantyTime
    basis: WarrantyBasis | None = None
    start: date | None = None
    end: date | None = None
    days_over: int = 0
    goodwill_possible: bool = False
    steps: tuple[Step, ...] = ()


def warranty(policy: WarrantyPolicy, facts: WarrantyFacts) -> WarrantyResult:
    """The period and on which side of its end the report lies.

    Errors: Wrong of the months or repair days with which the end has no date any more.
    """
    steps: list[Step] = []
    found = _by_dates(policy, facts, steps)
    if facts.nameplate_ex_factory is not None:
        known = facts.dates.get(WarrantyBasis.EX_FACTORY)
        if facts.nameplate_ex_factory != known:
            found = replace(found, time=WarrantyTime.TO_VERIFY)
            code = "nameplate_differs" if known else "nameplate_alone"
            steps.append(Step(code, {"nameplate": facts.nameplate_ex_factory, "known": known}))
    return replace(found, steps=tuple(steps))


def _by_dates(policy: WarrantyPolicy, facts: WarrantyFacts, steps: list[Step]) -> WarrantyResult:
    """What the dates say, whatever stands on the nameplate."""
    place = next((n for n, rule in enumerate(policy.start_rules) if rule.basis in facts.dates), None)
    if place is None:
        steps.append(Step("no_start"))
        return WarrantyResult(WarrantyTime.UNKNOWN)
    basis = policy.start_rules[place].basis
    end = _end(policy, facts, place, steps)
    days_over = max(0, (facts.reported_on - end).days)
    goodwill = 0 < days_over <= policy.goodwill_days
    time = _time(policy, facts, days_over)
    steps += _judged(policy, facts, end, time)
    return WarrantyResult(time, basis, facts.dates[basis], end, days_over, goodwill)


def _end(policy: WarrantyPolicy, facts: WarrantyFacts, place: int, steps: list[Step]) -> date:
    """The last day in warranty, counted from the rule at this place."""
    rule = policy.start_rules[place]
    start = facts.dates[rule.basis]
    months = rule.months
    steps.append(Step("start", {"basis": rule.basis, "start": start}))
    if set(facts.dates) == {WarrantyBasis.EX_FACTORY} and policy.grace_months:
        months += policy.grace_months
        steps.append(Step("grace", {"months": rule.months, "grace": policy.grace_months}))
    end = _months_later(start, months)
    steps += _dated("end", end, {"start": start, "months": months})
    for code, until, params in _limits(policy, facts, start):
        end = min(end, until)
        steps += _dated(code, until, params)
    if not policy.inclusive_end:
        end -= 1
        steps += _dated("exclusive", end, {})
    _check(end, f"policy.start_rules[{place}].months")
    if policy.repair_extension and facts.repair_days:
        end += facts.repair_days
        _check(end, "facts.repair_days")
        steps += _dated("repair", end, {"days": facts.repair_days})
    return date.fromordinal(end)


def _limits(policy: WarrantyPolicy, facts: WarrantyFacts, start: date) -> Iterator[tuple[str, int, dict[str, object]]]:
    """What may end the period earlier: code of the step, ordinal of the day, numbers of the step."""
    group = facts.part_group
    if group is not None and group in policy.part_periods:
        months = policy.part_periods[group]
        yield "part", _months_later(start, months), {"part": group, "start": start, "months": months}
    if policy.cap is not None and policy.cap.basis in facts.dates:
        cap = policy.cap
        since = facts.dates[cap.basis]
        yield "cap", _months_later(since, cap.months), {"basis": cap.basis, "start": since, "months": cap.months}


def _time(policy: WarrantyPolicy, facts: WarrantyFacts, days_over: int) -> WarrantyTime:
    if days_over:
        return WarrantyTime.OVER
    if policy.hours_limit is not None and facts.meter_hours is not None and facts.meter_hours > policy.hours_limit:
        return WarrantyTime.OVER_HOURS
    return WarrantyTime.IN


def _judged(policy: WarrantyPolicy, facts: WarrantyFacts, end: date, time: WarrantyTime) -> Iterator[Step]:
    reported: dict[str, object] = {"reported": facts.reported_on, "end": end}
    if time is WarrantyTime.OVER:
        days_over = (facts.reported_on - end).days
        yield Step("over", reported | {"days": days_over})
        possible = days_over <= policy.goodwill_days
        yield Step("goodwill" if possible else "no_goodwill", {"days": days_over, "limit": policy.goodwill_days})
        return
    yield Step("in", reported)
    if policy.hours_limit is not None and facts.meter_hours is not None:
        hours: dict[str, object] = {"meter": facts.meter_hours, "limit": policy.hours_limit}
        yield Step("over_hours" if time is WarrantyTime.OVER_HOURS else "hours", hours)


def _months_later(start: date, months: int) -> int:
    """The ordinal of the same day so many months later, at most the month's last one; it may lie beyond the year 9999."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    cycles = max(0, -((date.max.year - year) // YEARS_OF_CYCLE))
    year -= cycles * YEARS_OF_CYCLE
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last)).toordinal() + cycles * DAYS_OF_CYCLE


def _check(ordinal: int, path: str) -> None:
    if not 1 <= ordinal <= LAST_DAY:
        raise Wrong(path, "beyond_calendar")


def _dated(code: str, ordinal: int, params: dict[str, object]) -> Iterator[Step]:
    """The step with its day, when the calendar has it: of two ends only the earlier one needs a date."""
    if 1 <= ordinal <= LAST_DAY:
        yield Step(code, params | {"end": date.fromordinal(ordinal)})
