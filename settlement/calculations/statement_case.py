"""A statement as a case of the calculation engine: fields in, facts out; result in, fields out (calculations.md, statement). Pure."""

from __future__ import annotations

from decimal import Decimal

from core.cases import Fields, Wrong, decimal, listed, signed_money, text, written_money
from core.money import ZERO
from settlement.calculations.statement import StatementLine, StatementResult


def read(case: object) -> tuple[tuple[StatementLine, ...], Decimal, Decimal]:
    """Lines, tax rate and what was brought forward. Errors: Wrong."""
    fields = Fields(case, "", "lines", "brought_forward", "tax_rate")
    return (
        fields.need("lines", listed(_line)),
        fields.need("tax_rate", _rate),
        fields.get("brought_forward", _brought_forward, ZERO),
    )


def written(result: StatementResult) -> dict[str, object]:
    """The fields of the result."""
    return {
        "payable": written_money(result.payable),
        "net": written_money(result.net),
        "tax": written_money(result.tax),
        "capitals": result.capitals,
        "carried_forward": written_money(result.carried_forward),
    }


def _line(value: object, path: str) -> StatementLine:
    fields = Fields(value, path, "kind", "amount")
    return StatementLine(fields.need("kind", text), fields.need("amount", signed_money))


def _rate(value: object, path: str) -> Decimal:
    rate = decimal(value, path)
    if rate >= 1:
        raise Wrong(path, "not_below", limit=1)
    return rate


def _brought_forward(value: object, path: str) -> Decimal:
    amount = signed_money(value, path)
    if amount > 0:
        raise Wrong(path, "too_large", most=0)
    return amount
