"""Money: Decimal with two decimals, half up, and amounts in Chinese capitals (reliability.md 4, domain.md 19.3 and 19.4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

# Sums and products of any length stay exact; 28 digits, Python's default, would round them before we do.
EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN, rounding=ROUND_HALF_UP)
ZERO = Decimal("0.00")
CNY = "CNY"
LIMIT = Decimal(10) ** 12  # numeric(14,2) holds twelve digits before the point

_STEPS = (Decimal(1), Decimal("0.1"), Decimal("0.01"))  # of the last decimal kept
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount with its currency. Adding two currencies raises ValueError; the amount is rounded when it is made."""

    amount: Decimal
    currency: str = CNY

    def __post_init__(self) -> None:
        object.__setattr__(self, "amount", cents(self.amount))

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __str__(self) -> str:
        return shown(self.amount)

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added")


def cents(amount: Decimal | int) -> Decimal:
    """The amount with two decimals, half up (0.005 → 0.01, −0.005 → −0.01); never −0.00.

    amount: Decimal or int. Errors: TypeError for a float, ValueError for NaN, infinity and more than twelve digits before the point.
    """
    rounded = half_up(amount)
    if rounded.copy_abs() >= LIMIT:
        raise ValueError(f"no amount of money: {amount}")
    return rounded


def half_up(amount: Decimal | int, places: int = 2) -> Decimal:
    """The number with so many decimals, half up (away from zero for negatives), of any size; never −0.00.

    Errors: TypeError for a float, ValueError for NaN and infinity.
    """
    if isinstance(amount, float):
        raise TypeError("money is Decimal, never float")
    exact = Decimal(amount)
    if not exact.is_finite():
        raise ValueError(f"no amount of money: {amount}")
    return EXACT.plus(exact.quantize(_STEPS[places], ROUND_HALF_UP, EXACT))


def quotient(dividend: Decimal, divisor: Decimal, places: int = 2) -> Decimal:
    """dividend ÷ divisor, rounded once, half up. Both ≥ 0. Errors: ZeroDivisionError."""
    whole = (Fraction(dividend) / Fraction(divisor) * 10**places + Fraction(1, 2)).__floor__()
    return Decimal(whole).scaleb(-places, EXACT)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Sum of amounts, each rounded before (domain.md 9.2: each line rounded, then summed)."""
    return sum((cents(amount) for amount in amounts), ZERO)


def shown(amount: Decimal) -> str:
    """The amount for reading: 1,882.60; negative with a true minus (ui.md 4.4)."""
    rounded = half_up(amount)
    text = f"{rounded.copy_abs():,f}"
    return f"−{text}" if rounded < 0 else text


def capitals(amount: Decimal) -> str:
    """The amount in Chinese capitals for slips and statements: 人民币叁佰贰拾伍元零肆分.

    Ends at 元 or 角 → 整, never after 分; zeros inside make one 零, none between 元 and 角; below one yuan there is no 元; a negative
    amount begins with 负. Source: domain.md 19.3, and calculations.md (capitals) where it leaves a choice. Errors: as `cents`.
    """
    exact = cents(amount)
    yuan, rest = divmod(int(abs(exact) * 100), 100)
    jiao, fen = divmod(rest, 10)
    words = f"{_integer(yuan)}元" if yuan else ""
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif fen and yuan:
        words += "零"
    if fen:
        words += f"{_DIGITS[fen]}分"
    if not fen:
        words = (words or "零元") + "整"
    return f"人民币{'负' if exact < 0 else ''}{words}"


def _integer(number: int) -> str:
    """Capitals of a positive integer under 10^12, in groups of four digits."""
    words = ""
    gap = False  # a zero, or several, stand before the next digit
    for group in range(len(_GROUPS) - 1, -1, -1):
        four = number // 10_000**group % 10_000
        for place in range(3, -1, -1):
            digit = four // 10**place % 10
            if digit:
                words += ("零" if gap and words else "") + _DIGITS[digit] + _PLACES[place]
                gap = False
            else:
                gap = True
        if four:
            words += _GROUPS[group]
            gap = False  # zeros that end a group are not read: 伍佰万叁仟 (calculations.md, capitals)
    return words
