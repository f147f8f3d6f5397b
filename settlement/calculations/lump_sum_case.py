"""A lump-sum year as a case of the calculation engine: fields in, facts out; result in, fields out (calculations.md, lump_sum). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.cases import Fields, Wrong, decimal, exactly, filled, money, text, whole, written_money
from settlement.calculations.lump_sum import QUARTERS, ContractLine, DeductionRules, LumpSumResult


@dataclass(frozen=True, slots=True)
class LumpSumCase:
    """The arguments of `lump_sum`."""

    lines: tuple[ContractLine, ...]
    actual: tuple[Decimal, ...]
    complaints: tuple[int, ...]
    rules: DeductionRules
    next_base: Decimal | None


def read(case: object) -> LumpSumCase:
    """The year of a case. Errors: Wrong."""
    fields = Fields(case, "", "lines", "actual", "complaints", "deduction_rules", "next_base")
    return LumpSumCase(
        lines=fields.need("lines", filled(_line)),
        actual=fields.need("actual", exactly(QUARTERS, money)),
        complaints=fields.need("complaints", exactly(QUARTERS, whole())),
        rules=fields.get("deduction_rules", _rules, DeductionRules()),
        next_base=fields.get("next_base", money, None),
    )


def written(result: LumpSumResult) -> dict[str, object]:
    """The fields of the result."""
    return {
        "quota": written_money(result.quota),
        "quarters": [
            {
                "quota": written_money(quarter.quota),
                "deduction": written_money(quarter.deduction),
                "due": written_money(quarter.due),
                "actual": written_money(quarter.actual),
                "cumulative_use_percent": _written_percent(quarter.cumulative_use_percent),
            }
            for quarter in result.quarters
        ],
        "result": written_money(result.result),
        "use_percent": _written_percent(result.use_percent),
        "needed_ratio_percent": _written_percent(result.needed_ratio_percent),
    }


def _written_percent(percent: Decimal | None) -> str | None:
    return None if percent is None else str(percent)


def _line(value: object, path: str) -> ContractLine:
    fields = Fields(value, path, "name", "base", "ratio")
    return ContractLine(fields.need("name", text), fields.need("base", money), fields.need("ratio", _ratio))


def _ratio(value: object, path: str) -> Decimal:
    ratio = decimal(value, path)
    if ratio > 1:
        raise Wrong(path, "too_large", most=1)
    return ratio


def _rules(value: object, path: str) -> DeductionRules:
    fields = Fields(value, path, "second", "further", "further_percent", "cap_percent")
    usual = DeductionRules()
    return DeductionRules(
        second=fields.get("second", money, usual.second),
        further=fields.get("further", money, usual.further),
        further_percent=fields.get("further_percent", decimal, usual.further_percent),
        cap_percent=fields.get("cap_percent", decimal, usual.cap_percent),
    )
