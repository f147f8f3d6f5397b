"""Statements: the worked one of domain.md 11, and each sentence of calculations.md, statement."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cases import FULL, changed, explained, result, wrong_field


def case(*amounts: object, tax_rate: object = "0.13", **more: Any) -> dict[str, Any]:
    return {"lines": [{"kind": "line", "amount": amount} for amount in amounts], "tax_rate": tax_rate, **more}


def test_the_worked_statement() -> None:
    june = case(
        "328.00", "1714.60", "456.00", "0.00", "902.50", "268.00", "85.00", "300.00", "-84.00", "-200.00", "-48.00"
    )
    assert result("statement", june) == {
        "payable": "3722.10",
        "net": "3293.89",
        "tax": "428.21",
        "capitals": "人民币叁仟柒佰贰拾贰元壹角整",
        "carried_forward": "0.00",
    }


def test_a_total_below_zero_pays_nothing_and_is_carried_on() -> None:
    first = result("statement", case("100.00", "-250.50"))
    assert first == {
        "payable": "0.00", "net": "0.00", "tax": "0.00", "capitals": "人民币零元整", "carried_forward": "-150.50",
    }  # fmt: skip
    following = result("statement", case("200.00", brought_forward=first["carried_forward"]))
    assert (following["payable"], following["carried_forward"]) == ("49.50", "0.00")


@pytest.mark.parametrize(
    ("amounts", "brought", "payable", "carried"),
    [
        ([], None, "0.00", "0.00"),
        ([], "0", "0.00", "0.00"),
        ([], "-0.00", "0.00", "0.00"),
        ([], "-12.30", "0.00", "-12.30"),
        (["10.00", "-10.00"], None, "0.00", "0.00"),
        (["10"], "-10", "0.00", "0.00"),
        ([10, -3.5, "-0.25"], None, "6.25", "0.00"),
        (["0.01"], "-0.02", "0.00", "-0.01"),
    ],
)
def test_lines_and_what_was_brought_forward_are_summed(
    amounts: list[object], brought: object, payable: str, carried: str
) -> None:
    found = result("statement", case(*amounts, brought_forward=brought))
    assert (found["payable"], found["carried_forward"]) == (payable, carried)


@pytest.mark.parametrize(
    ("amount", "rate", "net", "tax"),
    [
        ("113.00", "0.13", "100.00", "13.00"),
        ("100.00", "0", "100.00", "0.00"),
        ("100.00", 0, "100.00", "0.00"),
        ("100.00", "0.06", "94.34", "5.66"),
        ("100.00", 0.03, "97.09", "2.91"),
        ("0.01", "0.13", "0.01", "0.00"),
        ("1.03", "0.03", "1.00", "0.03"),
        ("0.05", "0.6", "0.03", "0.02"),  # 0.03125
        ("0.50", "0.25", "0.40", "0.10"),
        ("0.03", "0.2", "0.03", "0.00"),  # 0.025 is rounded up
        ("100.00", "0.999999999999999999999999999999", "50.00", "50.00"),
    ],
)
def test_net_is_rounded_and_tax_is_the_rest(amount: str, rate: object, net: str, tax: str) -> None:
    found = result("statement", case(amount, tax_rate=rate))
    assert (found["net"], found["tax"]) == (net, tax)


def test_lines_sum_up_to_less_than_ten_to_the_twelfth() -> None:
    most = result("statement", case("999999999999.99", tax_rate=0))
    assert most["payable"] == "999999999999.99"
    assert result("statement", case("-999999999999.99"))["carried_forward"] == "-999999999999.99"
    assert result("statement", case("2000000000000", "-1999999999999"))["payable"] == "1.00"
    for amounts in (["1000000000000"], ["-1000000000000.00"], ["999999999999.99", "0.01"], [10**400]):
        assert wrong_field("statement", case(*amounts)) == "lines"


def test_what_is_carried_on_may_grow() -> None:
    found = result("statement", case("-999999999999.99", brought_forward="-999999999999.99"))
    assert found["carried_forward"] == "-1999999999999.98"


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("lines[0].amount", "1.999", "lines[0].amount"),
        ("lines[0].kind", "", "lines[0].kind"),
        ("lines[1]", 5, "lines[1]"),
        ("brought_forward", "0.01", "brought_forward"),
        ("brought_forward", "-1.000", "brought_forward"),
        ("tax_rate", "1", "tax_rate"),
        ("tax_rate", 13, "tax_rate"),
        ("tax_rate", "-0.13", "tax_rate"),
        ("tax_rate", "13%", "tax_rate"),
    ],
)
def test_input_that_makes_no_sense_is_named(path: str, value: object, field: str) -> None:
    assert wrong_field("statement", changed(FULL["statement"], path, value)) == field


def test_each_step_is_told_with_its_numbers() -> None:
    assert explained("statement", FULL["statement"]).splitlines() == [
        "service:3,669.10。",
        "old part deduction:−84.00。",
        "各行合计 3,585.10,上期结转 −100.00:3,485.10。",
        "应付 3,485.10:税率 13.00%,不含税 3,084.16,税额 400.94。",
        "3,485.10 的大写:人民币叁仟肆佰捌拾伍元壹角整。",
    ]
    assert "合计小于零:本期不付款,−150.50 结转下期。" in explained("statement", case("100.00", "-250.50"))
    assert "合计小于零" not in explained("statement", case("10.00", "-10.00"))
