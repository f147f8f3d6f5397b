"""A year of a lump-sum contract: quota, quarters, use, the ratio that was needed (domain.md 12; calculations.md, lump_sum). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from itertools import accumulate

from core.cases import Step
from core.money import EXACT, ZERO, half_up, quotient

QUARTERS = 4
QUARTER = Decimal("0.25")
PERCENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class ContractLine:
    """A product line: its base of the year, and the share of it that is paid (0 ≤ ratio ≤ 1)."""

    name: str
    base: Decimal
    ratio: Decimal


@dataclass(frozen=True, slots=True)
class DeductionRules:
    """What valid complaints of a quarter cost (domain.md 12.2, B5): the first nothing, the second `second`, each further one `further`
    and further_percent of the quarter's quota; all together at most cap_percent of it."""

    second: Decimal = Decimal("500.00")
    further: Decimal = Decimal("1000.00")
    further_percent: Decimal = Decimal(5)
    cap_percent: Decimal = Decimal(20)


@dataclass(frozen=True, slots=True)
class Quarter:
    """due = quota − deduction. cumulative_use_percent: actual so far ÷ the yearly quota, None without a quota."""

    quota: Decimal
    deduction: Decimal
    due: Decimal
    actual: Decimal
    cumulative_use_percent: Decimal | None


@dataclass(frozen=True, slots=True)
class LumpSumResult:
    """result = quota − deductions − actual: stays with the dealer, or is his loss. A percent of nothing is None."""

    quota: Decimal
    quarters: tuple[Quarter, ...]
    result: Decimal
    use_percent: Decimal | None
    needed_ratio_percent: Decimal | None
    steps: tuple[Step, ...]


def lump_sum(
    lines: Sequence[ContractLine],
    actual: Sequence[Decimal],
    complaints: Sequence[int],
    rules: DeductionRules,
    next_base: Decimal | None = None,
) -> LumpSumResult:
    """The year. actual: cost of each quarter; complaints: valid ones of each quarter; next_base: of next year, all lines together."""
    with localcontext(EXACT):
        steps: list[Step] = []
        quota = _quota(lines, steps)
        quarters = _quarters(quota, actual, complaints, rules, steps)
        spent = sum(actual, ZERO)
        deductions = sum((quarter.deduction for quarter in quarters), ZERO)
        result = quota - deductions - spent
        steps.append(
            Step("result", {"quota": quota, "deductions": deductions, "actual": spent, "result": result})
        )  # fmt: skip
        use = _percent(spent, quota, 1)
        base = sum((line.base for line in lines), ZERO) if next_base is None else next_base
        needed = _percent(spent, base, 2)
        shown = {"actual": spent, "base": base}
        steps.append(Step("no_ratio", shown) if needed is None else Step("ratio", {**shown, "percent": needed}))
    return LumpSumResult(quota, quarters, result, use, needed, tuple(steps))


def _quota(lines: Sequence[ContractLine], steps: list[Step]) -> Decimal:
    amounts = []
    for line in lines:
        amounts.append(half_up(line.base * line.ratio))
        percent = line.ratio * 100
        steps.append(Step("line", {"name": line.name, "base": line.base, "percent": percent, "quota": amounts[-1]}))
    quota = sum(amounts, ZERO)
    steps.append(Step("quota", {"quota": quota}))
    return quota


def _quarters(
    quota: Decimal, actual: Sequence[Decimal], complaints: Sequence[int], rules: DeductionRules, steps: list[Step]
) -> tuple[Quarter, ...]:
    equal = half_up(quota * QUARTER)
    quotas = [equal] * (QUARTERS - 1) + [quota - equal * (QUARTERS - 1)]
    quarters = []
    for place, spent_so_far in enumerate(accumulate(actual)):
        part, count, spent = quotas[place], complaints[place], actual[place]
        deduction = _deduction(part, count, rules)
        due, use = part - deduction, _percent(spent_so_far, quota, 1)
        quarters.append(Quarter(part, deduction, due, spent, use))
        number = {"quarter": place + 1}
        if count:
            most = _cap(part, rules)
            steps.append(Step("complaints", {**number, "count": count, "deduction": deduction, "cap": most}))
        steps.append(Step("quarter", {**number, "quota": part, "deduction": deduction, "due": due, "actual": spent}))
        so_far = {**number, "so_far": spent_so_far, "quota": quota}
        steps.append(Step("no_use", so_far) if use is None else Step("use", {**so_far, "percent": use}))
    return tuple(quarters)


def _deduction(quota: Decimal, complaints: int, rules: DeductionRules) -> Decimal:
    """Of one quarter, rounded once. quota: of the quarter; the last one may be below zero by rounding."""
    exact = rules.second if complaints >= 2 else ZERO
    exact += max(complaints - 2, 0) * (rules.further + rules.further_percent * PERCENT * quota)
    return half_up(max(min(exact, _cap(quota, rules)), ZERO))


def _cap(quota: Decimal, rules: DeductionRules) -> Decimal:
    return max(rules.cap_percent * PERCENT * quota, ZERO)


def _percent(part: Decimal, whole: Decimal, places: int) -> Decimal | None:
    return quotient(part * 100, whole, places) if whole else None
