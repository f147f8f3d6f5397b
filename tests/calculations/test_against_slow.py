"""The product's calculations against the second implementation (slow.py), on cases that hypothesis makes (cases.py).

EXAMPLES=n makes more cases of each test, SEED=n makes the same ones again.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import hypothesis
import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings

from servicedesk.calculate import answer
from tests.calculations import cases, slow
from tests.calculations.cases import Broken, Case, line

SEED, EXAMPLES = os.environ.get("SEED"), int(os.environ.get("EXAMPLES", "100"))


def many(examples: int = EXAMPLES) -> Callable[[Any], Any]:
    """How often, and from which seed; making a case may take as long as it takes."""
    quiet = settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    if SEED is None:
        return quiet
    return lambda test: hypothesis.seed(int(SEED))(settings(quiet, database=None)(test))


def assert_agrees(kind: str, case: Case) -> None:
    """The product answers a valid case exactly as the second implementation does, and explains it."""
    expected = slow.answer(kind, case)
    assert expected["ok"], expected
    found = answer(kind, line(case))
    explain = found.get("explain")
    assert found == {"id": case["id"], "ok": True, "result": expected["result"], "explain": explain}
    assert isinstance(explain, list) and explain and all(isinstance(each, str) and each for each in explain)
    assert json.loads(json.dumps(found)) == found


def assert_refused(found: dict[str, Any], id: str | None, fields: frozenset[str]) -> None:
    """An answer without result that names one of the wrong fields."""
    assert set(found) == {"id", "ok", "error"} and set(found["error"]) == {"field", "message"}, found
    assert found["id"] == id and found["ok"] is False
    assert found["error"]["field"] in fields, (found, fields)
    assert isinstance(found["error"]["message"], str) and found["error"]["message"]


@pytest.mark.parametrize("kind", cases.KINDS)
def test_a_valid_case_has_the_same_result(kind: str) -> None:
    @many()
    @given(cases.valid(kind))
    def check(case: Case) -> None:
        assert_agrees(kind, case)

    check()


@pytest.mark.parametrize("kind", cases.KINDS)
def test_a_broken_case_names_a_field_that_is_wrong(kind: str) -> None:
    @many()
    @given(cases.broken(kind))
    def check(broken: Broken) -> None:
        assert_refused(answer(kind, line(broken.case)), broken.case["id"], broken.fields)

    check()


@pytest.mark.parametrize("kind", cases.KINDS)
def test_every_breakage_of_a_case_is_named(kind: str) -> None:
    """Not a choice of them: all, one after the other, on a few cases."""

    @many(max(2, EXAMPLES // 30))
    @given(cases.valid(kind))
    def check(case: Case) -> None:
        for breakage in cases.breakages(kind, case):
            found = answer(kind, line(cases.changed(case, breakage.changes)))
            assert_refused(found, case["id"], breakage.fields)

    check()


@pytest.mark.parametrize("kind", cases.KINDS)
def test_the_words_change_with_the_language_and_the_result_does_not(kind: str) -> None:
    @many(max(2, EXAMPLES // 20))
    @given(cases.valid(kind))
    def check(case: Case) -> None:
        with translation.override("en"):
            english = answer(kind, line(case))
        with translation.override("zh-hans"):
            chinese = answer(kind, line(case))
        assert english["result"] == chinese["result"]
        assert english["explain"] != chinese["explain"]

    check()


# ── lines ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "[]", '["id"]', "5", "null", "true", '"x"', "x", "{", '{"id": "a", "amount": "1"', "{'id': 'a', 'amount': '1'}",
        '{"id": "a", "amount": "1"} {"id": "b"}', '{"id": "a", "amount": 01}', '{"id": "a", "amount": .5}', "{id: 1}",
        '{"id": "a", "amount": "1",}', "[" * 100_000, '{"id":' * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_json_object_has_no_id_and_no_field(text: str) -> None:
    for kind in cases.KINDS:
        assert_refused(answer(kind, text), None, frozenset({""}))


@pytest.mark.parametrize("id", ["", None, 5, 0, True, False, Decimal("1.5"), [], ["a"], {}])
def test_an_id_that_is_no_text_is_not_repeated(id: Any) -> None:
    assert_refused(answer("capitals", line({"id": id, "amount": "1"})), None, frozenset({"id"}))


def test_a_line_without_id_names_it() -> None:
    assert_refused(answer("capitals", '{"amount": "1"}'), None, frozenset({"id"}))
    assert_refused(answer("capitals", '{"amount": "x"}'), None, frozenset({"id", "amount"}))
    assert_refused(answer("capitals", "{}"), None, frozenset({"id", "amount"}))


def test_blanks_around_a_line_and_escapes_in_it_mean_nothing() -> None:
    found = answer("capitals", '  { "amount" : "1" , "\\u0069d":"\\u7532\\"\\n" } \r\n')
    assert (found["id"], found["result"]) == ('甲"\n', {"text": "人民币壹元整"})


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
def test_what_only_some_programs_call_a_number_is_none(amount: str) -> None:
    """It is no JSON; a reader that takes it finds that it is no number."""
    found = answer("capitals", f'{{"id": "a", "amount": {amount}}}')
    assert_refused(found, found["id"], frozenset({"", "amount"}))
    assert found["id"] == (None if found["error"]["field"] == "" else "a")


@pytest.mark.parametrize(
    "amount", ["9" * 5000, "1e999999", "1E+400000000", "-1e13", '"' + "9" * 5000 + '"', "[" * 50_000]
)
def test_a_number_without_measure_is_refused(amount: str) -> None:
    """Too long for any reader, too large for any amount, or too deep to be one: an answer, and soon."""
    found = answer("capitals", f'{{"id": "a", "amount": {amount}}}')
    assert_refused(found, found["id"], frozenset({"", "amount"}))


# ── corners that chance seldom finds ─────────────────────────────────────────────────────────────────────────────────────────────


def clock(**fields: Any) -> Case:
    return {"id": "a", "t0": "2026-06-05T16:45+08:00", "allow_minutes": 60, "calendar": "7x24"} | fields


@pytest.mark.parametrize(
    "case",
    [
        clock(calendar={"open": "08:30", "close": "17:30"}, allow_minutes=300_000, now="2026-06-05T16:45+08:00"),
        clock(calendar={"windows": [["23:58", "24:00"]]}, allow_minutes=700, now="2028-01-01T00:00+08:00"),
        clock(allow_minutes=800_000, met_at="2027-01-01T00:00+08:00"),
    ],
    ids=["office hours", "two minutes a day", "around the clock"],
)
def test_there_is_no_horizon(case: Case) -> None:
    assert_agrees("clock", case)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"t0": "0001-01-01T00:00+14:00"}, "t0"),
        ({"t0": "9999-12-31T23:00-12:00"}, "t0"),
        ({"now": "9999-12-31T23:00-12:00"}, "now"),
        ({"allow_minutes": 10**13}, "allow_minutes"),
        ({"allow_minutes": 10**10, "calendar": {"open": "08:30", "close": "17:30"}}, "allow_minutes"),
    ],
)
def test_an_instant_that_no_calendar_holds_is_an_answer_too(changes: Case, field: str) -> None:
    """Before the year 1 and after 9999 there are no instants; the rule says nothing, but the next lines must still run."""
    case = clock(now="2026-06-05T16:45+08:00") | changes
    assert_refused(answer("clock", line(case)), "a", frozenset({field, "t0"} if field == "allow_minutes" else {field}))


def test_an_end_of_warranty_that_no_calendar_holds_is_an_answer_too() -> None:
    policy: Case = {"start_rules": [{"basis": "invoice", "months": 10**9}]}
    facts = {"dates": {"invoice": "2026-01-01"}, "reported_on": "2026-01-01"}
    found = answer("warranty", line({"id": "a", "policy": policy, "facts": facts}))
    assert found["ok"] is False and found["error"]["field"].startswith(("policy", "facts"))


@pytest.mark.parametrize("t0", ["2025-06-09T09:00+08:00", "2026-06-08T09:00+08:00"])
def test_a_year_that_nobody_has_published_is_said(t0: str) -> None:
    """The same Monday morning in June, in a published year and in another: apart from figures, only one text warns."""

    def explained(t0: str) -> str:
        case = clock(t0=t0, now=t0, calendar={"open": "08:30", "close": "17:30"})
        assert_agrees("clock", case)
        return re.sub("[0-9]+", "#", " ".join(answer("clock", line(case))["explain"]))

    assert explained(t0) != explained("2031-06-09T09:00+08:00")


@pytest.mark.parametrize("kind", ["clock", "claim"])
@pytest.mark.parametrize("days", [{"off": ["2026-06-05"], "holiday": []}, {"off": [None]}, {"work": [["2026-06-05"]]}])
def test_days_are_read_even_where_no_rule_asks_for_them(kind: str, days: Case) -> None:
    case = clock(now="2026-06-05T16:45+08:00") if kind == "clock" else claim()
    field = "days.holiday" if "holiday" in days else f"days.{next(iter(days))}[0]"
    assert_refused(answer(kind, line(case | {"days": days})), "a", frozenset({field}))


def claim(**slip: Any) -> Case:
    """One kilometre at one cent, no other money."""
    card = {
        "hourly": "0.01",
        "travel": {"mode": "progressive", "bands": [{"up_to_km": 1000, "per_km": "0.01"}]},
        "subsidy_per_person_day": 0,
        "subsidy_over_km": 0,
        "lodging_cap": 0,
        "night_flat": "100.00",
        "holiday_flat": "10.00",
        "part_factors": {"own": "1.005"},
        "consumables_cap": 0,
    }
    day = {"left": "2026-06-05T08:00+08:00", "back": "2026-06-05T09:00+08:00"}
    return {"id": "a", "rate_card": card, "slip": {"operations": [], "one_way_km": 1, "people": 1, **day, **slip}}


def part(quantity: Any, unit_price: Any) -> Case:
    return {"number": "x", "quantity": quantity, "unit_price": unit_price, "source": "own"}


@pytest.mark.parametrize(
    "slip",
    [
        {"one_way_km": "0.49999999999999999999999999999999999999999999"},
        {"one_way_km": "0.5"},
        {"one_way_km": Decimal("0.50000000000000000000000000000000000000000001")},
        {"one_way_km": "0.25", "trips": 2},
        {"operations": [{"code": "x", "hours": "0.5"}] * 3},
        {"parts": [part("0.0049751243781094527363184079601990049751", "1.00")]},
        {"parts": [part("999999999.999999999", "999999999.99")]},
        {"parts": [part("1000", "999999999999.99")]},
    ],
)
def test_amounts_are_exact_until_they_are_rounded_once(slip: Case) -> None:
    assert_agrees("claim", claim(**slip))


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("2026-06-05T21:59", "2026-06-05T22:00"),
        ("2026-06-05T22:00", "2026-06-05T22:01"),
        ("2026-06-06T05:59", "2026-06-06T06:00"),
        ("2026-06-06T06:00", "2026-06-06T22:00"),
        ("2026-06-06T06:00", "2026-06-07T06:00"),
        ("2026-06-18T23:59", "2026-06-19T00:00"),
        ("2026-06-18T23:59", "2026-06-19T00:01"),
        ("2026-06-21T23:59", "2026-06-22T08:00"),
        ("2024-06-08T12:00", "2024-06-08T13:00"),  # the Saturday before Dragon Boat on a Monday
        ("2023-12-30T12:00", "2023-12-30T13:00"),  # the Saturday before a New Year on a Monday, in another list
        ("2026-09-20T12:00", "2026-09-20T13:00"),  # a Sunday that is worked
        ("2026-06-13T12:00", "2026-06-13T13:00"),  # a weekend like any other
        ("2027-10-01T12:00", "2027-10-01T13:00"),  # nobody has published it
    ],
)
def test_night_and_holiday_begin_and_end_with_their_minute(begin: str, end: str) -> None:
    assert_agrees("claim", claim(work=[{"from": f"{begin}+08:00", "to": f"{end}+08:00"}]))


@pytest.mark.parametrize(
    "days",
    [
        {},
        {"off": ["2026-06-12"]},
        {"off": ["2026-06-15"]},
        {"off": ["2026-06-14"], "work": ["2026-06-14"]},
        {"off": ["2026-06-12"], "work": ["2026-06-13"]},
        {"off": ["2026-06-15"], "work": ["2026-06-14"]},
        {"off": ["2026-06-11"]},
        {"work": ["2026-06-13"]},
    ],
)
def test_a_day_off_makes_the_weekend_beside_it_a_holiday(days: Case) -> None:
    work = [{"from": "2026-06-13T08:00+08:00", "to": "2026-06-13T09:00+08:00"}]
    assert_agrees("claim", claim(work=work) | {"days": days})


@pytest.mark.parametrize("mode", ["whole", "progressive"])
@pytest.mark.parametrize("one_way_km", ["0", "0.1", "20", "20.0001", "50", "50.5", "100", "100.5", "300"])
@pytest.mark.parametrize("first", [{"flat": "60.00"}, {"per_km": "1.15"}])
def test_a_distance_at_the_end_of_a_band(mode: str, one_way_km: str, first: Case) -> None:
    case = claim(one_way_km=one_way_km, trips=3)
    case["rate_card"]["travel"] = {
        "mode": mode,
        "bands": [
            {"up_to_km": 20, **first},
            {"up_to_km": "50", "flat": "25.00"},
            {"up_to_km": Decimal("100.0"), "per_km": "3.00", "flat": None},
            {"up_to_km": "300.00", "per_km": "2.55"},
        ],
    }
    assert_agrees("claim", case)


@pytest.mark.parametrize(
    ("policy", "facts"),
    [
        ({"grace_months": 6}, {"dates": {"ex_factory": "2025-08-31"}}),
        ({"grace_months": 6}, {"dates": {"ex_factory": "2025-08-31", "invoice": None}}),
        ({"grace_months": 6}, {"dates": {"ex_factory": "2025-08-31", "invoice": "2025-09-30"}}),
        (
            {"grace_months": 6, "part_periods": {"seal": 12}},
            {"dates": {"ex_factory": "2025-08-31"}, "part_group": "seal"},
        ),
        ({"part_periods": {"seal": 36}}, {"dates": {"ex_factory": "2025-08-31"}, "part_group": "seal"}),
        ({"part_periods": {"seal": 0}}, {"dates": {"ex_factory": "2025-08-31"}, "part_group": "seal"}),
        ({"part_periods": {"seal": 0}}, {"dates": {"ex_factory": "2025-08-31"}, "part_group": "bearing"}),
        ({"cap": {"basis": "shipped", "months": 6}}, {"dates": {"ex_factory": "2025-08-31"}}),
        ({"cap": {"basis": "shipped", "months": 6}}, {"dates": {"ex_factory": "2025-08-31", "shipped": "2024-08-31"}}),
        (
            {"cap": {"basis": "ex_factory", "months": 6}, "inclusive_end": False},
            {"dates": {"ex_factory": "2025-08-31"}, "repair_days": 9},
        ),
        ({"repair_extension": False}, {"dates": {"ex_factory": "2025-08-31"}, "repair_days": 9}),
        ({"hours_limit": 0}, {"dates": {"ex_factory": "2025-08-31"}, "meter_hours": 0}),
        ({"hours_limit": 0}, {"dates": {"ex_factory": "2025-08-31"}, "meter_hours": "0.1"}),
        ({"hours_limit": 0}, {"dates": {"ex_factory": "2025-08-31"}}),
        ({"start_rules": [{"basis": "ex_factory", "months": 18}]}, {"dates": {"ex_factory": "2024-08-31"}}),
        ({"start_rules": [{"basis": "ex_factory", "months": 6}]}, {"dates": {"ex_factory": "2023-08-31"}}),
        ({"start_rules": [{"basis": "ex_factory", "months": 12}]}, {"dates": {"ex_factory": "2024-02-29"}}),
        ({"start_rules": [{"basis": "ex_factory", "months": 48}]}, {"dates": {"ex_factory": "2024-02-29"}}),
        ({}, {"dates": {"ex_factory": "2025-08-31"}, "nameplate_ex_factory": "2025-08-31"}),
        ({"goodwill_days": 400}, {"dates": {"ex_factory": "2024-08-31"}, "nameplate_ex_factory": "2024-08-30"}),
        ({}, {"dates": {"acceptance": "2025-08-31"}, "nameplate_ex_factory": "2025-08-31"}),
        ({}, {"dates": {"invoice": "2025-08-31"}, "nameplate_ex_factory": "2025-08-31"}),
        ({}, {"dates": {}}),
    ],
)
def test_corners_of_the_warranty(policy: Case, facts: Case) -> None:
    """Asked on the days around the end."""
    rules = [{"basis": "acceptance", "months": 12}, {"basis": "ex_factory", "months": 12}]
    case = {"id": "a", "policy": {"start_rules": rules} | policy, "facts": {"reported_on": "2026-03-01"} | facts}
    end = slow.answer("warranty", case)["result"]["end"] or "2026-03-01"
    for more in range(-3, 4):
        reported_on = (date.fromisoformat(end) + timedelta(days=more)).isoformat()
        assert_agrees("warranty", case | {"facts": facts | {"reported_on": reported_on}})


@pytest.mark.parametrize(
    "lines",
    [["0.02"], ["0.01"], ["0.03"], ["0.06"], ["0.005"], ["0.00"], ["0.01", "0.01"], ["100.01"], ["100.02"], ["100.03"]],
)
def test_quarters_take_the_rest_even_where_it_is_less_than_nothing(lines: list[str]) -> None:
    """A quota of 0.02 has quarters of 0.01, 0.01, 0.01 and −0.01."""
    entries = [{"name": "x", "base": "1000", "ratio": format(Decimal(each) / 1000, "f")} for each in lines]
    case = {"id": "a", "lines": entries, "actual": ["0.01"] * 4, "complaints": [0, 2, 3, 9]}
    assert_agrees("lump_sum", case)


@pytest.mark.parametrize("payable", ["0.01", "0.04", "0.12", "1.13", "0.57", "999999999999.99", "333333333333.33"])
@pytest.mark.parametrize("tax_rate", ["0", "0.13", "0.9999999999999999999999999999999999999999", "0.6", "0.28"])
def test_net_and_tax_add_up(payable: str, tax_rate: str) -> None:
    assert_agrees("statement", {"id": "a", "lines": [{"kind": "x", "amount": payable}], "tax_rate": tax_rate})
