"""Amounts in capitals as a case: domain.md 19.3 (more in tests/core/test_money.py) and what the input may be."""

from __future__ import annotations

import pytest

from tests.cases import explained, result, wrong_field


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("325.04", "人民币叁佰贰拾伍元零肆分"),
        ("16409.02", "人民币壹万陆仟肆佰零玖元零贰分"),
        ("6007.14", "人民币陆仟零柒元壹角肆分"),
        ("1409.50", "人民币壹仟肆佰零玖元伍角整"),
        (5003020.50, "人民币伍佰万叁仟零贰拾元伍角整"),
        (0.05, "人民币伍分"),
        (0, "人民币零元整"),
        ("-0", "人民币零元整"),
        ("-0.0", "人民币零元整"),
        (-328, "人民币负叁佰贰拾捌元整"),
        ("0010", "人民币壹拾元整"),
        ("999999999999.99", "人民币玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
        ("-999999999999", "人民币负玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元整"),
    ],
)
def test_the_amount_in_capitals(amount: object, text: str) -> None:
    assert result("capitals", {"amount": amount}) == {"text": text}


@pytest.mark.parametrize(
    "amount",
    [
        "1000000000000", "-1000000000000", 10**12, 10**400, "1.500", 1.505, "1.", ".5", "+5", "1e3", "1,000.00", " 5", "5\n", "", "¥5",
        "五", "５", "NaN", "Infinity", float("nan"), float("inf"), True, None, [], {}, "--5", "0x10", "1_000",
    ],
)  # fmt: skip
def test_what_is_no_amount_is_an_error(amount: object) -> None:
    assert wrong_field("capitals", {"amount": amount}) == "amount"


def test_the_end_is_explained() -> None:
    assert explained("capitals", {"amount": "3722.1"}).splitlines() == [
        "3,722.10 的大写:人民币叁仟柒佰贰拾贰元壹角整。",
        "金额没有分,末尾写整。",
    ]
    assert explained("capitals", {"amount": "-325.04"}).splitlines() == [
        "−325.04 的大写:人民币负叁佰贰拾伍元零肆分。",
        "金额到分,末尾不写整。",
    ]
