"""A month's statement: what is paid, its tax, what is carried on (domain.md 11; calculations.md, statement). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from core.cases import Step, Wrong
from core.money import EXACT, LIMIT, ZERO, capitals, quotient


@dataclass(frozen=True, slots=True)
class StatementLine:
    """An amount with tax, two decimals; deductions are negative. kind: as the manufacturer calls it."""

    kind: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class StatementResult:
    """payable = net + tax, never negative; capitals: of payable; carried_forward: ≤ 0, the next brought_forward."""

    payable: Decimal
    net: Decimal
    tax: Decimal
    capitals: str
    carried_forward: Decimal
    steps: tuple[Step, ...]


def statement(lines: Sequence[StatementLine], tax_rate: Decimal, brought_forward: Decimal = ZERO) -> StatementResult:
    """Sum of a statement.

    tax_rate: a fraction, 0 ≤ rate < 1; amounts hold the tax. brought_forward: ≤ 0, what the last statement could not deduct.
    Errors: Wrong of lines when they sum up to 10^12 or more, either side of zero.
    """
    with localcontext(EXACT):
        of_lines = sum((line.amount for line in lines), ZERO)
        if abs(of_lines) >= LIMIT:
            raise Wrong("lines", "sum_too_large", sum=of_lines)
        total = of_lines + brought_forward
        payable, carried = max(total, ZERO), min(total, ZERO)
        net = quotient(payable, 1 + tax_rate)
        tax = payable - net
        words = capitals(payable)
        steps = [Step("line", {"kind": line.kind, "amount": line.amount}) for line in lines]
        steps.append(Step("total", {"lines": of_lines, "brought": brought_forward, "total": total}))
        if total < 0:
            steps.append(Step("nothing_payable", {"total": total}))
        steps.append(Step("tax", {"payable": payable, "percent": tax_rate * 100, "net": net, "tax": tax}))
        steps.append(Step("capitals", {"amount": payable, "capitals": words}))
    return StatementResult(payable, net, tax, words, carried, tuple(steps))
