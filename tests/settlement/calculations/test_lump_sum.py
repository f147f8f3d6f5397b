"""Lump-sum years: worked examples of domain.md 12.2, and each sentence of calculations.md, lump_sum."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cases import FULL, changed, explained, result, wrong_field

ACTUAL = ["28640.50", "41205.00", "46880.00", "33910.00"]


def case(lines: list[tuple[object, object]], actual: Any = ACTUAL, complaints: Any = (0, 0, 0, 0), **more: Any) -> Any:
    named = [{"name": f"line {n}", "base": base, "ratio": ratio} for n, (base, ratio) in enumerate(lines, 1)]
    return {"lines": named, "actual": list(actual), "complaints": list(complaints), **more}


def year(*arguments: Any, **more: Any) -> Any:
    return result("lump_sum", case(*arguments, **more))


def quarters(found: Any, name: str) -> list[Any]:
    return [quarter[name] for quarter in found["quarters"]]


def deductions(base: object, complaints: list[int], **rules: Any) -> list[str]:
    """Deductions of a contract with ratio 1."""
    more = {"deduction_rules": rules} if rules else {}
    return quarters(year([(base, 1)], ["0"] * 4, complaints, **more), "deduction")


def test_b1_overrun() -> None:
    found = year([("8600000.00", "0.015")])
    assert found["quota"] == "129000.00"
    assert list(found["quarters"][0]) == ["quota", "deduction", "due", "actual", "cumulative_use_percent"]
    assert quarters(found, "quota") == ["32250.00"] * 4
    assert quarters(found, "due") == ["32250.00"] * 4
    assert quarters(found, "actual") == ACTUAL
    assert quarters(found, "cumulative_use_percent") == ["22.2", "54.1", "90.5", "116.8"]
    assert (found["result"], found["use_percent"], found["needed_ratio_percent"]) == ("-21635.50", "116.8", "1.75")


def test_b2_true_up_on_another_base() -> None:
    found = year([("9100000", "0.015")])
    assert (found["quota"], found["needed_ratio_percent"]) == ("136500.00", "1.66")
    expected = year([("8600000.00", "0.015")], next_base="9100000")
    assert (expected["quota"], expected["needed_ratio_percent"]) == ("129000.00", "1.66")


def test_b3_by_line() -> None:
    found = year([("6000000", "0.012"), ("2600000", "0.02")])
    assert (found["quota"], found["needed_ratio_percent"]) == ("124000.00", "1.75")


def test_b4_surplus() -> None:
    found = year([("6400000", "0.015")], ["17825.00"] * 4)
    assert (found["quota"], found["result"], found["use_percent"]) == ("96000.00", "24700.00", "74.3")


@pytest.mark.parametrize(
    ("complaints", "expected"),
    [
        (0, "0.00"), (1, "0.00"), (2, "500.00"), (3, "3112.50"), (4, "5725.00"), (5, "6450.00"), (100, "6450.00"),
        (10**400, "6450.00"),
    ],
)  # fmt: skip
def test_b5_complaints_of_a_quarter(complaints: int, expected: str) -> None:
    # quarter 32,250: second 500; from the third on 1,000 + 5 % = 2,612.50 each; at most 20 % = 6,450
    found = year([("8600000.00", "0.015")], ACTUAL, [0, complaints, 0, 0])
    assert quarters(found, "deduction") == ["0.00", expected, "0.00", "0.00"]


def test_a_deduction_lowers_what_is_due_and_the_result() -> None:
    found = year([("8600000.00", "0.015")], ACTUAL, [0, 2, 3, 0])
    assert quarters(found, "due") == ["32250.00", "31750.00", "29137.50", "32250.00"]
    assert found["result"] == "-25248.00"
    assert found["use_percent"] == "116.8"  # of the quota, not of what is due


@pytest.mark.parametrize(
    ("quota", "expected"),
    [
        ("100.00", ["25.00"] * 4),
        ("100.01", ["25.00", "25.00", "25.00", "25.01"]),
        ("100.02", ["25.01", "25.01", "25.01", "24.99"]),
        ("100.03", ["25.01", "25.01", "25.01", "25.00"]),
        ("0.02", ["0.01", "0.01", "0.01", "-0.01"]),
        ("0.01", ["0.00", "0.00", "0.00", "0.01"]),
        ("0", ["0.00"] * 4),
    ],
)
def test_the_last_quarter_takes_the_rest(quota: str, expected: list[str]) -> None:
    assert quarters(year([(quota, 1)]), "quota") == expected


def test_a_quarter_below_zero_by_rounding_has_no_deduction() -> None:
    found = year([("0.02", 1)], ["0"] * 4, [0, 0, 0, 10**6])
    assert found["quarters"][3] == {
        "quota": "-0.01", "deduction": "0.00", "due": "-0.01", "actual": "0.00", "cumulative_use_percent": "0.0",
    }  # fmt: skip
    assert deductions("0.02", [0, 0, 0, 10**6], second=0, further=0) == ["0.00"] * 4


def test_each_line_of_the_quota_is_rounded() -> None:
    assert year([("0.50", "0.01"), ("0.50", "0.01")])["quota"] == "0.02"  # 0.005 twice
    assert year([("100", "0.000049")])["quota"] == "0.00"


def test_the_sum_of_a_deduction_is_rounded_once_and_after_the_cap() -> None:
    # quarter 0.50: two further complaints of 0.00 + 0.9 % each: 0.009, and not 0.00 + 0.00
    assert deductions("2.00", [4, 0, 0, 0], second=0, further=0, further_percent="0.9")[0] == "0.01"
    # cap 20 % of 0.13 is 0.026
    assert deductions("0.52", [2, 0, 0, 0])[0] == "0.03"
    # the percentage is of the rounded quarter: 0.02 ÷ 4 is 0.01 then
    assert deductions("0.02", [3, 0, 0, 0], second=0, further=0, further_percent=50, cap_percent=100)[0] == "0.01"


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({"second": "100.00"}, ["0.00", "100.00", "1000.00", "1000.00"]),  # the third: 1,350 before the cap
        ({"further": 0}, ["0.00", "500.00", "750.00", "1000.00"]),
        ({"further_percent": 0}, ["0.00", "500.00", "1000.00", "1000.00"]),
        ({"cap_percent": "50"}, ["0.00", "500.00", "1750.00", "2500.00"]),
        ({"cap_percent": 0}, ["0.00"] * 4),
        ({"cap_percent": 1000}, ["0.00", "500.00", "1750.00", "3000.00"]),
        ({"second": None, "further": None}, ["0.00", "500.00", "1000.00", "1000.00"]),
        ({}, ["0.00", "500.00", "1000.00", "1000.00"]),
    ],
)
def test_each_rule_has_its_own_default(rules: dict[str, Any], expected: list[str]) -> None:
    # quarters of 5,000: cap 1,000
    assert quarters(year([(20000, 1)], ["0"] * 4, [1, 2, 3, 4], deduction_rules=rules), "deduction") == expected


def test_percents_of_nothing_are_null() -> None:
    found = year([("1000000", 0)])
    assert (found["quota"], found["use_percent"], found["needed_ratio_percent"]) == ("0.00", None, "15.06")
    assert quarters(found, "cumulative_use_percent") == [None] * 4
    assert year([(0, "0.015")])["needed_ratio_percent"] is None
    assert year([(0, "0.015")], next_base=100)["needed_ratio_percent"] == "150635.50"
    assert year([("8600000.00", "0.015")], next_base=0)["needed_ratio_percent"] is None


@pytest.mark.parametrize(
    ("actual", "percent", "needed"),
    [("0.45", "0.5", "0.45"), ("0.44", "0.4", "0.44"), ("99.95", "100.0", "99.95"), (0, "0.0", "0.00")],
)
def test_percents_are_rounded_half_up(actual: object, percent: str, needed: str) -> None:
    found = year([("100.00", 1)], [actual, 0, 0, 0])
    assert (found["use_percent"], found["needed_ratio_percent"]) == (percent, needed)
    assert year([("800", 1)], ["0.02", 0, 0, 0])["needed_ratio_percent"] == "0.00"  # 0.0025
    assert year([("400", 1)], ["0.02", 0, 0, 0])["needed_ratio_percent"] == "0.01"  # 0.005


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("lines", [], "lines"),
        ("lines[0].ratio", "1.5", "lines[0].ratio"),
        ("lines[0].ratio", "1.0000000000000000000000000000001", "lines[0].ratio"),
        ("lines[0].base", "-1", "lines[0].base"),
        ("lines[0].base", "1.005", "lines[0].base"),
        ("lines[0].name", "", "lines[0].name"),
        ("actual", ["1", "2", "3"], "actual"),
        ("actual", ["1", "2", "3", "4", "5"], "actual"),
        ("actual[2]", "-1", "actual[2]"),
        ("actual[2]", None, "actual[2]"),
        ("complaints", [0, 0, 0], "complaints"),
        ("complaints[1]", 1.5, "complaints[1]"),
        ("complaints[1]", -1, "complaints[1]"),
        ("complaints[1]", True, "complaints[1]"),
        ("deduction_rules", [], "deduction_rules"),
        ("deduction_rules.second", "500.001", "deduction_rules.second"),
        ("deduction_rules.cap_percent", "-1", "deduction_rules.cap_percent"),
        ("deduction_rules.third", "1", "deduction_rules.third"),
        ("next_base", [1], "next_base"),
    ],
)
def test_input_that_makes_no_sense_is_named(path: str, value: object, field: str) -> None:
    assert wrong_field("lump_sum", changed(FULL["lump_sum"], path, value)) == field


def test_a_ratio_of_one_is_allowed() -> None:
    assert year([("100.00", "1.000")])["quota"] == "100.00"


def test_each_step_is_told_with_its_numbers() -> None:
    told = explained("lump_sum", FULL["lump_sum"]).splitlines()
    assert told[:4] == [
        "motors:8,600,000.00 × 1.50% = 129,000.00。",
        "全年额度:129,000.00。",
        "第 1 季度:额度 32,250.00 减扣款 0.00,应拨 32,250.00;实际成本 28,640.50。",
        "到第 1 季度止:额度 129,000.00 已用 28,640.50,使用率 22.2%。",
    ]
    assert "第 4 季度有效投诉 3 次:扣 3,112.50,最多 6,450.00;第一次只警告。" in told
    assert told[-2:] == [
        "额度 129,000.00 减扣款 3,612.50 减实际成本 150,635.50:−25,248.00。",
        "需要的比例:150,635.50 占基数 9,100,000.00 的 1.66%。",
    ]
    nothing = explained("lump_sum", case([(0, 0)]))
    assert "没有额度,无法计算使用率" in nothing
    assert "基数为 0.00,无法计算比例" in nothing
