"""An amount in capitals as a case of the calculation engine (domain.md 19.3; calculations.md, capitals). Pure."""

from __future__ import annotations

from decimal import Decimal

from core.cases import Fields, Step, Wrong, signed_money
from core.money import LIMIT, capitals, half_up


def read(case: object) -> Decimal:
    """The amount of a case, of any sign. Errors: Wrong, also from 10^12 on."""
    return Fields(case, "", "amount").need("amount", _amount)


def written(amount: Decimal) -> dict[str, object]:
    """The fields of the result."""
    return {"text": capitals(amount)}


def steps(amount: Decimal) -> list[Step]:
    """What the text says, and why it ends as it does."""
    fen = half_up(amount) % Decimal("0.1")
    return [
        Step("capitals", {"amount": half_up(amount), "capitals": capitals(amount)}),
        Step("to_the_fen" if fen else "no_fen"),
    ]


def _amount(value: object, path: str) -> Decimal:
    amount = signed_money(value, path)
    if amount.copy_abs() >= LIMIT:
        raise Wrong(path, "amount_too_large")
    return amount
