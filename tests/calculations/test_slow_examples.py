"""The second implementation against every worked example of domain.md, and the cases against the second implementation."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import holidays
import hypothesis
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.calculations import cases, slow

OFFICE_HOURS = {"open": "08:30", "close": "17:30"}


def result(kind: str, **fields: Any) -> dict[str, Any]:
    answer = slow.answer(kind, {"id": "example", **fields})
    assert answer["ok"], answer
    found: dict[str, Any] = answer["result"]
    return found


def due(t0: str, hours: int, calendar: Any, **more: Any) -> str:
    """The due time as domain.md prints it: 10-02 03:40."""
    t0 = f"{t0.replace(' ', 'T')}+08:00"
    shown = result("clock", t0=t0, allow_minutes=hours * 60, calendar=calendar, now=t0, **more)["due"]
    assert isinstance(shown, str)
    return shown[5:16].replace("T", " ")


@pytest.mark.parametrize(
    ("t0", "respond", "hours", "arrive"),
    [
        ("2026-10-01 23:40", "10-02 00:40", 4, "10-02 03:40"),
        ("2026-10-01 23:40", "10-02 00:40", 12, "10-02 11:40"),
        ("2026-06-05 16:45", "06-05 17:45", 4, "06-05 20:45"),
        ("2026-06-05 16:45", "06-05 17:45", 12, "06-06 04:45"),
        ("2026-02-16 21:05", "02-16 22:05", 4, "02-17 01:05"),
        ("2026-06-30 22:30", "06-30 23:30", 12, "07-01 10:30"),
    ],
)
def test_clocks_around_the_clock(t0: str, respond: str, hours: int, arrive: str) -> None:
    """domain.md 5.3"""
    assert (due(t0, 1, "7x24"), due(t0, hours, "7x24")) == (respond, arrive)


@pytest.mark.parametrize(
    ("t0", "respond", "capital", "other"),
    [
        ("2026-06-05 16:45", "06-08 08:45", "06-08 11:45", "06-09 10:45"),
        ("2026-06-08 12:15", "06-08 13:15", "06-08 16:15", "06-09 15:15"),
        ("2026-06-18 20:10", "06-22 09:30", "06-22 12:30", "06-23 11:30"),
        ("2026-05-08 15:00", "05-08 16:00", "05-09 10:00", "05-11 09:00"),
        ("2026-09-30 17:00", "10-08 09:00", "10-08 12:00", "10-09 11:00"),
        ("2026-10-09 17:00", "10-10 09:00", "10-10 12:00", "10-12 11:00"),
        ("2026-02-13 16:00", "02-13 17:00", "02-14 11:00", "02-24 10:00"),
    ],
)
def test_clocks_of_office_hours(t0: str, respond: str, capital: str, other: str) -> None:
    """domain.md 5.4"""
    assert [due(t0, hours, OFFICE_HOURS) for hours in (1, 4, 12)] == [respond, capital, other]


def test_a_pause_moves_the_due_time() -> None:
    """domain.md 5.4, pause example"""
    found = result(
        "clock",
        t0="2026-06-09T08:00+08:00",
        allow_minutes=720,
        calendar="7x24",
        pauses=[{"from": "2026-06-09T11:00+08:00", "to": "2026-06-09T18:00+08:00"}],
        met_at="2026-06-09T19:20+08:00",
    )
    assert found == {"due": "2026-06-10T03:00+08:00", "state": "met", "used_minutes": 260}


def test_an_arrival_25_minutes_late() -> None:
    """domain.md 5.4, late example"""
    day = "2026-06-09T"
    clock = {"t0": f"{day}09:00+08:00", "calendar": "7x24"}
    responded = result("clock", **clock, allow_minutes=60, met_at=f"{day}09:52+08:00")
    arrived = result("clock", **clock, allow_minutes=240, met_at=f"{day}13:25+08:00")
    assert (responded["state"], arrived["state"], arrived["used_minutes"] - 240) == ("met", "late", 25)


POLICY = {
    "start_rules": [{"basis": "acceptance", "months": 12}, {"basis": "ex_factory", "months": 12}],
    "cap": {"basis": "ex_factory", "months": 18},
    "grace_months": 6,
    "goodwill_days": 30,
}


@pytest.mark.parametrize(
    ("facts", "policy", "time", "end", "days_over"),
    [
        pytest.param(
            {"dates": {"acceptance": "2025-03-12", "ex_factory": "2025-01-31"}, "reported_on": "2026-03-12"},
            {}, "in", "2026-03-12", 0, id="W1",
        ),
        pytest.param(
            {"dates": {"acceptance": "2025-03-12", "ex_factory": "2025-01-31"}, "reported_on": "2026-03-13"},
            {}, "over", "2026-03-12", 1, id="W2",
        ),
        pytest.param(
            {"dates": {"acceptance": "2025-03-12", "ex_factory": "2025-01-31"}, "reported_on": "2026-03-13", "repair_days": 9},
            {}, "in", "2026-03-21", 0, id="W3",
        ),
        pytest.param(
            {"dates": {"ex_factory": "2024-08-31"}, "reported_on": "2026-02-28"}, {}, "in", "2026-02-28", 0, id="W4"
        ),
        pytest.param(
            {"dates": {"acceptance": "2025-09-01", "ex_factory": "2024-05-20"}, "reported_on": "2026-06-10"},
            {}, "over", "2025-11-20", 202, id="W5",
        ),
        pytest.param(
            {"dates": {"acceptance": "2025-06-20"}, "reported_on": "2026-06-01", "meter_hours": 3140},
            {"hours_limit": 3000}, "over_hours", "2026-06-20", 0, id="W6",
        ),
        pytest.param(
            {"dates": {"acceptance": "2025-09-01"}, "reported_on": "2026-02-01", "part_group": "mechanical_seal"},
            {"part_periods": {"mechanical_seal": 3}}, "over", "2025-12-01", 62, id="W8",
        ),
        pytest.param(
            {"dates": {"ex_factory": "2025-02-10"}, "reported_on": "2026-01-01", "nameplate_ex_factory": "2023-02-10"},
            {}, "to_verify", "2026-08-10", 0, id="W10",
        ),
    ],
)  # fmt: skip
def test_warranties(facts: dict[str, Any], policy: dict[str, Any], time: str, end: str, days_over: int) -> None:
    """domain.md 4.6"""
    found = result("warranty", policy=POLICY | policy, facts=facts)
    assert (found["time"], found["end"], found["days_over"]) == (time, end, days_over)
    assert found["goodwill_possible"] is (days_over == 1)


def test_without_a_known_date_nothing_is_known() -> None:
    found = result("warranty", policy=POLICY, facts={"dates": {"invoice": "2025-01-01"}, "reported_on": "2026-01-01"})
    assert found == {
        "time": "unknown",
        "basis": None,
        "start": None,
        "end": None,
        "days_over": 0,
        "goodwill_possible": False,
    }


#: domain.md 9.1, demo rate card
CARD = {
    "hourly": "80.00",
    "travel": {"mode": "whole", "bands": [{"up_to_km": 20, "flat": "60.00"}, {"up_to_km": 300, "per_km": "3.00"}]},
    "subsidy_per_person_day": "80.00",
    "subsidy_over_km": 50,
    "lodging_cap": "200.00",
    "night_flat": "100.00",
    "holiday_flat": "100.00",
    "part_factors": {"allocated": "0", "consigned": "0", "self_bought": "1.10", "emergency": "1.10"},
    "consumables_cap": "50.00",
}
SLIP = {
    "operations": [],
    "one_way_km": 14,
    "people": 1,
    "left": "2026-06-09T08:00+08:00",
    "back": "2026-06-09T12:00+08:00",
}


def claimed(card: dict[str, Any], slip: dict[str, Any]) -> tuple[dict[str, list[str]], str]:
    """The amounts of each item, and the total."""
    found = result("claim", rate_card=CARD | card, slip=SLIP | slip)
    amounts: dict[str, list[str]] = {}
    for entry in found["lines"]:
        amounts.setdefault(entry["item"], []).append(entry["amount"])
    return amounts, found["total"]


def part(quantity: int, unit_price: str, source: str) -> dict[str, Any]:
    return {"number": "X", "quantity": quantity, "unit_price": unit_price, "source": source}


def test_a_job_in_town() -> None:
    """domain.md 9.5, A1"""
    slip = {
        "operations": [{"code": "bearing", "hours": "3.0"}],
        "parts": [part(2, "42.00", "allocated")],
        "consumables": "28.00",
    }
    assert claimed({}, slip) == ({"labour": ["240.00"], "travel": ["60.00"], "consumables": ["28.00"]}, "328.00")


def test_an_outing_with_a_night() -> None:
    """domain.md 9.5, A2"""
    slip = {
        "operations": [{"code": "seal", "hours": "4.5"}, {"code": "alignment", "hours": "1.5"}],
        "one_way_km": 168,
        "people": 2,
        "left": "2026-06-11T07:30+08:00",
        "back": "2026-06-12T18:10+08:00",
        "lodging_invoice": "338.00",
        "parts": [part(1, "186.00", "self_bought")],
        "consumables": "36.00",
    }
    amounts, total = claimed({}, slip)
    assert amounts == {
        "labour": ["360.00", "120.00"],
        "travel": ["504.00"],
        "subsidy": ["320.00"],
        "lodging": ["338.00"],
        "part": ["204.60"],
        "consumables": ["36.00"],
    }
    assert total == "1882.60"


def test_parts_from_three_sources() -> None:
    """domain.md 9.5, A5"""
    parts = [part(1, "42.00", "allocated"), part(1, "22.00", "consigned"), part(1, "128.00", "self_bought")]
    assert claimed({}, {"parts": parts})[0]["part"] == ["140.80"]


def test_a_night_on_a_holiday() -> None:
    """domain.md 9.5, A6"""
    work = [{"from": "2026-10-02T03:20+08:00", "to": "2026-10-02T05:10+08:00"}]
    amounts, _ = claimed({}, {"work": work})
    assert (amounts["night"], amounts["holiday"]) == (["100.00"], ["100.00"])


def test_a_short_job_is_topped_up() -> None:
    """domain.md 9.5, A7"""
    card = {"short_job": {"max_km": 50, "min_labour": "120.00"}}
    amounts, _ = claimed(card, {"operations": [{"code": "check", "hours": 1}]})
    assert (amounts["labour"], amounts["labour_top_up"]) == (["80.00"], ["40.00"])
    assert claimed(card, {})[0]["labour_top_up"] == ["120.00"]


def test_two_trips_are_rounded_once() -> None:
    """calculations.md, claim: 100.5 km at 60 + 80 × 3.00 + 0.5 × 2.55, two trips"""
    bands = [
        {"up_to_km": 20, "flat": "60.00"},
        {"up_to_km": 100, "per_km": "3.00"},
        {"up_to_km": 300, "per_km": "2.55"},
    ]
    amounts, _ = claimed({"travel": {"mode": "progressive", "bands": bands}}, {"one_way_km": "100.5", "trips": 2})
    assert amounts["travel"] == ["602.55"]


def test_a_statement() -> None:
    """domain.md 11, worked statement"""
    amounts = "328.00 1714.60 456.00 0.00 902.50 268.00 85.00 300.00 -84.00 -200.00 -48.00".split()
    lines = [{"kind": "line", "amount": amount} for amount in amounts]
    assert result("statement", lines=lines, tax_rate="0.13") == {
        "payable": "3722.10",
        "net": "3293.89",
        "tax": "428.21",
        "capitals": "人民币叁仟柒佰贰拾贰元壹角整",
        "carried_forward": "0.00",
    }


def test_a_statement_below_zero_carries_over() -> None:
    lines = [{"kind": "a", "amount": "100.00"}, {"kind": "b", "amount": "-328.00"}]
    found = result("statement", lines=lines, brought_forward="-100", tax_rate="0.13")
    assert (found["payable"], found["capitals"], found["carried_forward"]) == ("0.00", "人民币零元整", "-328.00")


ACTUAL = ["28640.50", "41205.00", "46880.00", "33910.00"]


def lump(base: str, ratio: str, **more: Any) -> dict[str, Any]:
    fields = {
        "lines": [{"name": "all", "base": base, "ratio": ratio}],
        "actual": ACTUAL,
        "complaints": [0] * 4,
    }
    return result("lump_sum", **fields | more)


def test_a_lump_sum_that_is_overrun() -> None:
    """domain.md 12.2, B1"""
    found = lump("8600000.00", "0.015")
    assert (found["quota"], found["result"]) == ("129000.00", "-21635.50")
    assert {each["quota"] for each in found["quarters"]} == {"32250.00"}
    assert [each["cumulative_use_percent"] for each in found["quarters"]] == ["22.2", "54.1", "90.5", "116.8"]
    assert (found["use_percent"], found["needed_ratio_percent"]) == ("116.8", "1.75")


def test_a_lump_sum_on_other_bases() -> None:
    """domain.md 12.2, B2 to B4"""
    assert (lump("9100000", "0.015")["quota"], lump("9100000", "0.015")["needed_ratio_percent"]) == (
        "136500.00",
        "1.66",
    )
    lines = [
        {"name": "motors", "base": 6_000_000, "ratio": "0.012"},
        {"name": "compressors", "base": 2_600_000, "ratio": "0.02"},
    ]
    assert lump("0", "0", lines=lines)["quota"] == "124000.00"
    surplus = lump("6400000", "0.015", actual=["71300", "0", "0", "0"])
    assert (surplus["quota"], surplus["result"], surplus["use_percent"]) == ("96000.00", "24700.00", "74.3")
    assert lump("8600000.00", "0.015", next_base="9100000")["needed_ratio_percent"] == "1.66"


def test_deductions_for_complaints() -> None:
    """domain.md 12.2, B5: the quarter is 32,250.00; 5 % of it 1,612.50; at most 20 %, 6,450.00"""
    found = lump("8600000.00", "0.015", complaints=[1, 2, 3, 5])
    assert [each["deduction"] for each in found["quarters"]] == ["0.00", "500.00", "3112.50", "6450.00"]
    assert found["quarters"][2]["due"] == "29137.50"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        # domain.md 19.3
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("5003020.50", "伍佰万叁仟零贰拾元伍角整"),
        ("0.05", "伍分"),
        # calculations.md
        ("3722.10", "叁仟柒佰贰拾贰元壹角整"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("10001", "壹万零壹元整"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("0", "零元整"),
        ("-328", "负叁佰贰拾捌元整"),
        # a group that is skipped, and every place
        ("100000001", "壹亿零壹元整"),
        ("100001000", "壹亿零壹仟元整"),
        ("100100000", "壹亿零壹拾万元整"),
        ("120000000", "壹亿贰仟万元整"),
        ("100000000000", "壹仟亿元整"),
        ("10000000.01", "壹仟万元零壹分"),
        ("0.50", "伍角整"),
        ("0.55", "伍角伍分"),
        ("10.05", "壹拾元零伍分"),
        ("200.50", "贰佰元伍角整"),
        ("-0.00", "零元整"),
        ("987654321098.76", "玖仟捌佰柒拾陆亿伍仟肆佰叁拾贰万壹仟零玖拾捌元柒角陆分"),
    ],
)
def test_amounts_in_capitals(amount: str, words: str) -> None:
    assert result("capitals", amount=amount) == {"text": "人民币" + words}


def test_the_typed_days_are_those_of_the_library() -> None:
    """Two sources for the days of 2019 to 2026; the library leaves out weekend days inside a holiday."""
    listed = holidays.country_holidays("CN", years=range(2019, 2027))
    days, each = slow.Days([], []), date(2019, 1, 1)
    while each.year < 2027:
        weekend = each.weekday() > 4 and each not in listed.weekend_workdays
        assert days.is_off(each) == (weekend or each in listed), each
        each += timedelta(days=1)


def test_a_holiday_period_takes_in_the_weekend_beside_it() -> None:
    days = slow.Days([], [])
    period = [date(2024, 6, number) for number in range(1, 31) if days.in_holiday_period(date(2024, 6, number))]
    assert period == [date(2024, 6, 8), date(2024, 6, 9), date(2024, 6, 10)]  # Dragon Boat, a Monday
    assert not slow.Days([], [date(2024, 6, 10)]).in_holiday_period(date(2024, 6, 9))
    assert slow.Days([date(2027, 2, 5)], [date(2027, 2, 5)]).in_holiday_period(date(2027, 2, 7))


# ── the cases ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

QUIET = settings(
    max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
)


@pytest.mark.parametrize("kind", cases.KINDS)
def test_a_valid_case_has_a_result(kind: str) -> None:
    @QUIET
    @hypothesis.seed(1)
    @given(cases.valid(kind))
    def check(case: cases.Case) -> None:
        assert slow.answer(kind, case)["ok"], slow.answer(kind, case)

    check()


@pytest.mark.parametrize("kind", cases.KINDS)
def test_each_single_breakage_is_seen_where_it_is(kind: str) -> None:
    @settings(QUIET, max_examples=6)
    @hypothesis.seed(1)
    @given(cases.valid(kind))
    def check(case: cases.Case) -> None:
        for breakage in cases.breakages(kind, case):
            answer = slow.answer(kind, cases.changed(case, breakage.changes))
            assert not answer["ok"], breakage
            assert answer["field"] == breakage.fields or len(breakage.fields) > 1, (breakage, answer)
            assert answer["field"] <= breakage.fields, (breakage, answer)

    check()


@pytest.mark.parametrize("kind", cases.KINDS)
def test_a_broken_case_is_wrong_only_where_it_was_broken(kind: str) -> None:
    @QUIET
    @hypothesis.seed(1)
    @given(cases.broken(kind))
    def check(broken: cases.Broken) -> None:
        answer = slow.answer(kind, broken.case)
        assert not answer["ok"]
        assert answer["field"] and answer["field"] <= broken.fields

    check()


def outcomes(kind: str, case: cases.Case) -> set[str]:
    """What a case shows, in words that the next test counts."""
    found = slow.answer(kind, case)["result"]
    if kind == "clock":
        no_due = {"due never"} if found["due"] is None else set()
        exact = (
            {"met at the last minute"} if found["state"] == "met" and found["due"] == shown(case["met_at"]) else set()
        )
        return {found["state"]} | no_due | exact
    if kind == "warranty":
        return {found["time"]} | ({"goodwill"} if found["goodwill_possible"] else set())
    if kind == "claim":
        return {entry["item"] for entry in found["lines"]}
    if kind == "statement":
        return (
            {"pays"} if found["payable"] != "0.00" else {"carries"} if found["carried_forward"] != "0.00" else {"zero"}
        )
    if kind == "lump_sum":
        null = {"no percent"} if found["use_percent"] is None else set()
        deducted = {"deducted"} if any(each["deduction"] != "0.00" for each in found["quarters"]) else set()
        negative = {"overrun"} if found["result"].startswith("-") else set()
        return {"made"} | null | deducted | negative
    text = found["text"]
    return {sign for sign in "零万亿负角分" if sign in text}


def shown(instant: Any) -> str:
    minute = cases.minute_of(instant)
    assert minute is not None
    return slow.shown_instant(minute)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("clock", "met|late|overdue|paused|running|due never|met at the last minute"),
        ("warranty", "in|over|over_hours|unknown|to_verify|goodwill"),
        (
            "claim",
            "labour|labour_top_up|travel|subsidy|lodging|night|holiday|part|consumables|old_part_freight|other",
        ),
        ("statement", "pays|carries|zero"),
        ("lump_sum", "made|no percent|deducted|overrun"),
        ("capitals", "零|万|亿|负|角|分"),
    ],
)
def test_the_cases_reach_every_outcome(kind: str, expected: str) -> None:
    counted: Counter[str] = Counter()

    @settings(QUIET, max_examples=300)
    @hypothesis.seed(1)
    @given(st.data())
    def count(data: st.DataObject) -> None:
        counted.update(outcomes(kind, data.draw(cases.valid(kind))))

    count()
    assert set(expected.split("|")) == set(counted), counted
