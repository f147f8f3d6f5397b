from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.money import Money, capitals, cents, half_up, quotient, shown, total

DIGITS = {sign: value for value, sign in enumerate("零壹贰叁肆伍陆柒捌玖")}
UNITS = {"拾": 10, "佰": 100, "仟": 1000}


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        # domain.md 19.3
        ("325.04", "人民币叁佰贰拾伍元零肆分"),
        ("16409.02", "人民币壹万陆仟肆佰零玖元零贰分"),
        ("6007.14", "人民币陆仟零柒元壹角肆分"),
        ("1409.50", "人民币壹仟肆佰零玖元伍角整"),
        ("5003020.50", "人民币伍佰万叁仟零贰拾元伍角整"),
        ("0.05", "人民币伍分"),
        # calculations.md, capitals
        ("3722.10", "人民币叁仟柒佰贰拾贰元壹角整"),
        ("107000.53", "人民币壹拾万柒仟元伍角叁分"),
        ("10001", "人民币壹万零壹元整"),
        ("1680.32", "人民币壹仟陆佰捌拾元叁角贰分"),
        ("-328", "人民币负叁佰贰拾捌元整"),
        ("10", "人民币壹拾元整"),
        ("13", "人民币壹拾叁元整"),
        ("-3.20", "人民币负叁元贰角整"),
        # zeros in every place
        ("-0.00", "人民币零元整"),
        ("-0.05", "人民币负伍分"),
        ("0.15", "人民币壹角伍分"),
        ("100.05", "人民币壹佰元零伍分"),
        ("100.50", "人民币壹佰元伍角整"),
        ("1000000", "人民币壹佰万元整"),
        ("1010.10", "人民币壹仟零壹拾元壹角整"),
        ("10100", "人民币壹万零壹佰元整"),
        ("11000", "人民币壹万壹仟元整"),
        ("100000000", "人民币壹亿元整"),
        ("100005000", "人民币壹亿零伍仟元整"),
        ("100010000", "人民币壹亿零壹万元整"),
        ("110000000", "人民币壹亿壹仟万元整"),
        ("110000001", "人民币壹亿壹仟万零壹元整"),
        ("1000000000.01", "人民币壹拾亿元零壹分"),
        ("100000000000", "人民币壹仟亿元整"),
        ("999999999999.99", "人民币玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
        ("0", "人民币零元整"),
        ("0.50", "人民币伍角整"),
        ("100000050", "人民币壹亿零伍拾元整"),
        ("1050000", "人民币壹佰零伍万元整"),
        ("10005", "人民币壹万零伍元整"),
        ("120000000", "人民币壹亿贰仟万元整"),
        ("612", "人民币陆佰壹拾贰元整"),
        ("4989.10", "人民币肆仟玖佰捌拾玖元壹角整"),
    ],
)
def test_an_amount_in_capitals_follows_the_rules_for_bills(amount: str, words: str) -> None:
    assert capitals(Decimal(amount)) == words


def read(words: str) -> Decimal:
    """The amount that capitals say, by an independent reading from left to right."""
    body = words.removeprefix("人民币")
    sign = -1 if body.startswith("负") else 1
    yuan = four = digit = 0
    cent = 0
    for letter in body.removeprefix("负").removesuffix("整"):
        if letter in DIGITS:
            digit = DIGITS[letter]
        elif letter in UNITS:
            four, digit = four + digit * UNITS[letter], 0
        elif letter == "万":
            yuan, four, digit = yuan + (four + digit) * 10_000, 0, 0
        elif letter == "亿":
            yuan, four, digit = yuan + (four + digit) * 100_000_000, 0, 0
        elif letter == "元":
            yuan, four, digit = yuan + four + digit, 0, 0
        elif letter == "角":
            cent, digit = cent + digit * 10, 0
        elif letter == "分":
            cent, digit = cent + digit, 0
        else:
            raise AssertionError(letter)
    return sign * (Decimal(yuan) + Decimal(cent) / 100)


@given(st.integers(min_value=-(10**14) + 1, max_value=10**14 - 1))
@example(10**14 - 1)
@example(100_100_100_100_01)
def test_capitals_say_the_same_amount(in_cents: int) -> None:
    amount = Decimal(in_cents) / 100
    words = capitals(amount)
    assert read(words) == amount
    assert "零零" not in words
    assert words.endswith("整") == (in_cents % 10 == 0)


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("0.005", "0.01"), ("0.0049", "0.00"), ("-0.005", "-0.01"), ("2.675", "2.68"), ("-0.001", "0.00"), ("1", "1.00")],
)
def test_cents_round_half_up(exact: str, rounded: str) -> None:
    assert str(cents(Decimal(exact))) == rounded


@pytest.mark.parametrize(
    ("exact", "places", "rounded"),
    [
        ("0.25", 1, "0.3"), ("-0.25", 1, "-0.3"), ("0.5", 0, "1"), ("-0.004", 2, "0.00"), ("7", 2, "7.00"),
        ("1" * 40 + ".005", 2, "1" * 40 + ".01"), ("0." + "4" * 60, 0, "0"),
    ],
)  # fmt: skip
def test_half_up_rounds_numbers_of_any_length(exact: str, places: int, rounded: str) -> None:
    assert str(half_up(Decimal(exact), places)) == rounded


@pytest.mark.parametrize(
    ("dividend", "divisor", "places", "result"),
    [
        ("3722.10", "1.13", 2, "3293.89"),
        ("1", "8", 2, "0.13"),  # 0.125
        ("2", "3", 1, "0.7"),
        ("0", "5", 1, "0.0"),
        ("1" * 40, "1", 2, "1" * 40 + ".00"),
    ],
)
def test_a_quotient_is_rounded_once(dividend: str, divisor: str, places: int, result: str) -> None:
    assert str(quotient(Decimal(dividend), Decimal(divisor), places)) == result


@pytest.mark.parametrize(
    "amount",
    [Decimal("NaN"), Decimal("Infinity"), Decimal(10) ** 12, Decimal("999999999999.995"), -(Decimal(10) ** 12)],
)
def test_what_is_no_amount_is_refused(amount: Decimal) -> None:
    with pytest.raises(ValueError, match="no amount"):
        cents(amount)


def test_a_float_is_no_money() -> None:
    with pytest.raises(TypeError):
        cents(1.1)  # type: ignore[arg-type]


def test_lines_are_rounded_before_they_are_summed() -> None:
    assert total([Decimal("0.005"), Decimal("0.005")]) == Decimal("0.02")


def test_amounts_read_with_thousands_and_a_true_minus() -> None:
    assert shown(Decimal("1882.6")) == "1,882.60"
    assert shown(Decimal("-215")) == "−215.00"


def test_two_currencies_cannot_be_added() -> None:
    assert Money(Decimal("1.005")) + Money(Decimal(2)) == Money(Decimal("3.01"))
    with pytest.raises(ValueError, match="USD"):
        Money(Decimal(1)) + Money(Decimal(1), "USD")
