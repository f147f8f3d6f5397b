"""The warranty period: worked examples of domain.md 4.6, and each sentence of calculations.md, warranty."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from equipment.calculations.warranty import Period, WarrantyFacts, WarrantyPolicy, warranty
from equipment.enums import WarrantyBasis
from tests.cases import FULL, changed, explained, result, wrong_field

# domain.md 4.6: acceptance + 12 months, capped at ex factory + 18; ex factory alone: + 12 and 6 of grace
POLICY = {
    "start_rules": [{"basis": "acceptance", "months": 12}, {"basis": "ex_factory", "months": 12}],
    "cap": {"basis": "ex_factory", "months": 18},
    "grace_months": 6,
    "goodwill_days": 30,
}


def case(dates: dict[str, str | None], reported_on: str, policy: dict[str, Any] | None = None, **facts: Any) -> Any:
    """A machine with these dates; policy: what differs from POLICY."""
    return {
        "policy": {**POLICY, **(policy or {})},
        "facts": {"dates": dates, "reported_on": reported_on, **facts},
    }


def judged(*arguments: Any, **facts: Any) -> Any:
    return result("warranty", case(*arguments, **facts))


def end(*arguments: Any, **facts: Any) -> Any:
    return judged(*arguments, **facts)["end"]


def months(start: str, count: int, **policy: Any) -> Any:
    """The end of a period of so many months from a day of acceptance."""
    rules = {"start_rules": [{"basis": "acceptance", "months": count}], "cap": None, **policy}
    return end({"acceptance": start}, start, rules)


ACCEPTED = {"acceptance": "2025-03-12", "ex_factory": "2025-01-31"}


def test_w1_the_last_day_is_in() -> None:
    assert judged(ACCEPTED, "2026-03-12") == {
        "time": "in", "basis": "acceptance", "start": "2025-03-12", "end": "2026-03-12",
        "days_over": 0, "goodwill_possible": False,
    }  # fmt: skip


def test_w2_the_day_after_is_over_with_goodwill() -> None:
    found = judged(ACCEPTED, "2026-03-13")
    assert (found["time"], found["days_over"], found["goodwill_possible"]) == ("over", 1, True)


def test_w3_days_in_repair_extend_the_period() -> None:
    found = judged(ACCEPTED, "2026-03-13", repair_days=9)
    assert (found["time"], found["end"]) == ("in", "2026-03-21")


def test_w4_ex_factory_alone_has_grace_and_ends_with_the_month() -> None:
    found = judged({"ex_factory": "2024-08-31"}, "2026-02-28")
    assert (found["time"], found["basis"], found["end"]) == ("in", "ex_factory", "2026-02-28")


def test_w5_the_cap_comes_first() -> None:
    found = judged({"ex_factory": "2024-05-20", "acceptance": "2025-09-01"}, "2026-06-10")
    assert (found["time"], found["end"], found["days_over"]) == ("over", "2025-11-20", 202)
    assert found["goodwill_possible"] is False


def test_w6_hours_are_a_limit_of_their_own() -> None:
    found = judged({"acceptance": "2025-06-20"}, "2026-06-01", {"hours_limit": 3000}, meter_hours=3140)
    assert (found["time"], found["end"], found["days_over"]) == ("over_hours", "2026-06-20", 0)


def test_w8_a_part_group_has_a_period_of_its_own() -> None:
    found = judged(
        {"acceptance": "2025-09-01"}, "2026-02-01", {"part_periods": {"mechanical_seal": 3}},
        part_group="mechanical_seal",
    )  # fmt: skip
    assert (found["time"], found["start"], found["end"]) == ("over", "2025-09-01", "2025-12-01")


def test_w10_a_nameplate_that_differs_is_to_be_verified() -> None:
    found = judged({"ex_factory": "2025-02-10"}, "2026-01-10", nameplate_ex_factory="2023-02-10")
    assert found == {
        "time": "to_verify", "basis": "ex_factory", "start": "2025-02-10", "end": "2026-08-10",
        "days_over": 0, "goodwill_possible": False,
    }  # fmt: skip


# ── the nameplate ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_nameplate_that_agrees_changes_nothing() -> None:
    assert judged(ACCEPTED, "2026-03-12", nameplate_ex_factory="2025-01-31")["time"] == "in"


def test_a_nameplate_without_a_known_date_is_to_be_verified() -> None:
    assert judged({"acceptance": "2025-03-12"}, "2026-03-12", nameplate_ex_factory="2025-01-31") == {
        "time": "to_verify", "basis": "acceptance", "start": "2025-03-12", "end": "2026-03-12",
        "days_over": 0, "goodwill_possible": False,
    }  # fmt: skip


def test_what_is_to_be_verified_keeps_the_other_fields() -> None:
    over = judged(ACCEPTED, "2026-03-20", nameplate_ex_factory="2023-01-31")
    assert (over["time"], over["end"], over["days_over"], over["goodwill_possible"]) == (
        "to_verify", "2026-03-12", 8, True,
    )  # fmt: skip
    assert judged({}, "2026-03-20", nameplate_ex_factory="2023-01-31") == {
        "time": "to_verify", "basis": None, "start": None, "end": None, "days_over": 0, "goodwill_possible": False,
    }  # fmt: skip


# ── the start ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_first_rule_whose_date_is_known_counts() -> None:
    rules = [{"basis": basis, "months": n} for n, basis in enumerate(["installation", "invoice", "arrival"], 1)]
    found = judged(
        {"arrival": "2025-01-01", "invoice": "2025-03-01"}, "2025-01-01", {"start_rules": rules, "cap": None}
    )
    assert (found["basis"], found["start"], found["end"]) == ("invoice", "2025-03-01", "2025-05-01")


@pytest.mark.parametrize("basis", ["acceptance", "installation", "invoice", "arrival", "shipped", "ex_factory"])
def test_each_basis_can_start_and_cap(basis: str) -> None:
    policy = {"start_rules": [{"basis": basis, "months": 12}], "cap": {"basis": basis, "months": 10}, "grace_months": 0}
    found = judged({basis: "2025-01-15"}, "2025-01-15", policy)
    assert (found["basis"], found["end"]) == (basis, "2025-11-15")


@pytest.mark.parametrize("dates", [{}, {"shipped": "2025-01-01"}, {"acceptance": None, "ex_factory": None}])
def test_no_rule_with_a_known_date_leaves_it_unknown(dates: dict[str, Any]) -> None:
    assert judged(dates, "2026-01-01") == {
        "time": "unknown", "basis": None, "start": None, "end": None, "days_over": 0, "goodwill_possible": False,
    }  # fmt: skip


def test_ex_factory_that_no_rule_names_is_unknown_with_all_its_grace() -> None:
    rules = {"start_rules": [{"basis": "acceptance", "months": 12}]}
    assert judged({"ex_factory": "2025-01-01"}, "2025-01-02", rules)["time"] == "unknown"


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({"ex_factory": "2025-01-31"}, "2026-07-31"),
        ({"ex_factory": "2025-01-31", "shipped": None}, "2026-07-31"),
        # another date is known, though no rule names it
        ({"ex_factory": "2025-01-31", "shipped": "2025-02-05"}, "2026-01-31"),
    ],
)
def test_grace_needs_ex_factory_to_be_the_only_date_known(dates: dict[str, Any], expected: str) -> None:
    assert end(dates, "2025-06-01", {"cap": None}) == expected


def test_months_and_grace_are_added_before_the_day_is_clamped() -> None:
    # 31 August + 6 + 6 is 31 August again, not 28
    policy = {"start_rules": [{"basis": "ex_factory", "months": 6}], "cap": None, "grace_months": 6}
    assert end({"ex_factory": "2025-08-31"}, "2025-09-01", policy) == "2026-08-31"


def test_grace_is_not_for_the_cap() -> None:
    assert (
        end({"ex_factory": "2025-01-31"}, "2025-06-01", {"cap": {"basis": "ex_factory", "months": 12}}) == "2026-01-31"
    )


# ── the end ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        ("2025-01-31", 1, "2025-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2025-12-31", 2, "2026-02-28"),
        ("2025-03-31", 3, "2025-06-30"),
        ("2025-12-15", 1, "2026-01-15"),
        ("2025-11-30", 1, "2025-12-30"),
        ("2025-06-15", 0, "2025-06-15"),
        ("1999-12-31", 96000 - 12, "9998-12-31"),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(start: str, count: int, expected: str) -> None:
    assert months(start, count) == expected


def test_with_an_exclusive_end_the_anniversary_is_out() -> None:
    assert months("2025-03-12", 12, inclusive_end=False) == "2026-03-11"
    assert months("2025-03-01", 12, inclusive_end=False) == "2026-02-28"
    found = judged(ACCEPTED, "2026-03-12", {"inclusive_end": False})
    assert (found["time"], found["days_over"]) == ("over", 1)


def test_an_exclusive_end_and_days_in_repair_both_count() -> None:
    assert end(ACCEPTED, "2026-03-12", {"inclusive_end": False}, repair_days=9) == "2026-03-20"


def test_days_in_repair_extend_the_cap_and_the_part_too() -> None:
    stocked = {"ex_factory": "2024-05-20", "acceptance": "2025-09-01"}
    assert end(stocked, "2025-11-01", repair_days=10) == "2025-11-30"
    seal = {"part_periods": {"seal": 3}}
    assert end({"acceptance": "2025-09-01"}, "2025-11-01", seal, part_group="seal", repair_days=10) == "2025-12-11"


def test_days_in_repair_count_only_where_the_policy_says_so() -> None:
    assert end(ACCEPTED, "2026-03-12", {"repair_extension": False}, repair_days=9) == "2026-03-12"


def test_the_cap_needs_its_date() -> None:
    assert end({"acceptance": "2025-09-01"}, "2025-10-01") == "2026-09-01"


def test_the_cap_may_be_later_than_the_period() -> None:
    assert end(ACCEPTED, "2026-03-12", {"cap": {"basis": "ex_factory", "months": 60}}) == "2026-03-12"


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("seal", "2025-06-12"),
        ("wearing", "2025-03-12"),
        ("long", "2026-03-12"),
        ("bearing", "2026-03-12"),
        (None, "2026-03-12"),
    ],
)
def test_the_earlier_of_part_and_machine_ends_it(group: str | None, expected: str) -> None:
    periods = {"part_periods": {"seal": 3, "wearing": 0, "long": 60}}
    assert end(ACCEPTED, "2025-03-12", periods, part_group=group) == expected


def test_a_part_has_no_grace() -> None:
    policy = {"part_periods": {"seal": 3}, "cap": None}
    assert end({"ex_factory": "2025-01-31"}, "2025-02-01", policy, part_group="seal") == "2025-04-30"


# ── the report ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_report_before_the_start_is_in() -> None:
    assert judged(ACCEPTED, "2024-12-01")["time"] == "in"


@pytest.mark.parametrize(
    ("reported_on", "goodwill_days", "over", "possible"),
    [
        ("2026-04-11", 30, 30, True),
        ("2026-04-12", 30, 31, False),
        ("2026-03-13", 0, 1, False),
        ("2026-03-12", 0, 0, False),
    ],
)
def test_goodwill_is_possible_up_to_so_many_days(
    reported_on: str, goodwill_days: int, over: int, possible: bool
) -> None:
    found = judged(ACCEPTED, reported_on, {"goodwill_days": goodwill_days})
    assert (found["days_over"], found["goodwill_possible"]) == (over, possible)


def test_there_is_no_goodwill_unless_the_policy_says_so() -> None:
    policy = {key: value for key, value in POLICY.items() if key != "goodwill_days"}
    found = result("warranty", {"policy": policy, "facts": {"dates": ACCEPTED, "reported_on": "2026-03-13"}})
    assert (found["time"], found["goodwill_possible"]) == ("over", False)


@pytest.mark.parametrize(
    ("limit", "meter", "time"),
    [
        (3000, 3000, "in"), (3000, "3000.1", "over_hours"), ("2999.5", 3000, "over_hours"), (0, 0, "in"),
        (0, "0.1", "over_hours"), (None, 99999, "in"), (3000, None, "in"),
    ],
)  # fmt: skip
def test_hours_above_the_limit_are_over(limit: Any, meter: Any, time: str) -> None:
    assert judged(ACCEPTED, "2026-03-12", {"hours_limit": limit}, meter_hours=meter)["time"] == time


def test_days_go_before_hours() -> None:
    found = judged(ACCEPTED, "2026-03-13", {"hours_limit": 10}, meter_hours=20)
    assert (found["time"], found["days_over"]) == ("over", 1)


# ── input ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("policy.start_rules[0].basis", "delivery", "policy.start_rules[0].basis"),
        ("policy.start_rules[1].months", -1, "policy.start_rules[1].months"),
        ("policy.start_rules", [], "policy.start_rules"),
        ("policy.cap", {"basis": "ex_factory"}, "policy.cap.months"),
        ("policy.cap.basis", "nameplate", "policy.cap.basis"),
        ("policy.inclusive_end", 1, "policy.inclusive_end"),
        ("policy.repair_extension", "true", "policy.repair_extension"),
        ("policy.part_periods", {"seal": "three"}, "policy.part_periods.seal"),
        ("facts.dates", {"delivery": "2025-01-01"}, "facts.dates.delivery"),
        ("facts.dates", {"acceptance": "2025-02-29"}, "facts.dates.acceptance"),
        ("facts.dates", {"acceptance": "20250212"}, "facts.dates.acceptance"),
        ("facts.dates", {"acceptance": "2025-W10-1"}, "facts.dates.acceptance"),
        ("facts.reported_on", "2026-03-12T10:00+08:00", "facts.reported_on"),
        ("facts.nameplate_ex_factory", "2023-2-10", "facts.nameplate_ex_factory"),
    ],
)
def test_input_that_makes_no_sense_is_named(path: str, value: object, field: str) -> None:
    assert wrong_field("warranty", changed(FULL["warranty"], path, value)) == field


@pytest.mark.parametrize("count", [96000, 10**6, 10**400])
def test_an_end_beyond_the_calendar_is_an_error_of_the_months(count: int) -> None:
    rules = [{"basis": "invoice", "months": 1}, {"basis": "acceptance", "months": count}]
    far = case({"acceptance": "2025-01-01"}, "2025-01-01", {"start_rules": rules, "cap": None})
    assert wrong_field("warranty", far) == "policy.start_rules[1].months"


def test_the_last_day_of_the_calendar_can_be_an_end() -> None:
    last = {"start_rules": [{"basis": "acceptance", "months": 0}], "cap": None}
    assert end({"acceptance": "9999-12-31"}, "9999-12-31", last) == "9999-12-31"
    assert "9999-12-31 加 0 个月:9999-12-31" in explained(
        "warranty", case({"acceptance": "9999-12-31"}, "9999-12-31", last)
    )
    assert end({"acceptance": "0001-01-01"}, "0001-01-01", last) == "0001-01-01"
    assert wrong_field(
        "warranty", case({"acceptance": "0001-01-01"}, "0001-01-01", {**last, "inclusive_end": False})
    ) == ("policy.start_rules[0].months")


@pytest.mark.parametrize("count", [3_000_000, 10**400])
def test_an_end_beyond_the_calendar_is_an_error_of_the_days_in_repair(count: int) -> None:
    assert wrong_field("warranty", case(ACCEPTED, "2026-01-01", repair_days=count)) == "facts.repair_days"


def test_only_the_end_that_counts_needs_a_date() -> None:
    rules = {"start_rules": [{"basis": "acceptance", "months": 10**6}]}
    assert end(ACCEPTED, "2026-01-01", rules) == "2026-07-31"
    assert end(ACCEPTED, "2026-01-01", {"cap": {"basis": "ex_factory", "months": 10**400}}) == "2026-03-12"


def test_each_step_is_told_with_its_numbers() -> None:
    policy = {"part_periods": {"seal": 15}, "inclusive_end": False, "hours_limit": "3000"}
    told = explained(
        "warranty",
        case(ACCEPTED, "2026-03-25", policy, part_group="seal", repair_days=9, nameplate_ex_factory="2023-01-31"),
    )
    assert told.splitlines() == [
        "从验收日期 2025-03-12 起算:政策里第一个已知的日期。",
        "2025-03-12 加 12 个月:2026-03-12。",
        "部件组 seal 从 2025-03-12 起 15 个月:不晚于 2026-06-12。",
        "上限:出厂日期 2025-01-31 加 18 个月,不晚于 2026-07-31。",
        "到期日当天不算在期:最后一天是 2026-03-11。",
        "维修占用 9 天,顺延:最后一天是 2026-03-20。",
        "报修 2026-03-25,最后一天 2026-03-20:超期 5 天。",
        "可申请照顾性保修:超期 5 天,最多允许 30 天。",
        "铭牌上的出厂日期是 2023-01-31,档案是 2025-01-31:先核实。",
    ]


@pytest.mark.parametrize(
    ("facts", "policy", "words"),
    [
        (
            {"reported_on": "2026-03-12", "meter_hours": 3140},
            {"hours_limit": 3000},
            "小时表 3,140 小时,超过上限 3,000 小时。",
        ),
        ({"reported_on": "2026-03-12", "meter_hours": 100}, {"hours_limit": 3000}, "小时表 100 小时,上限 3,000 小时。"),
        ({"reported_on": "2026-04-11"}, {}, "可申请照顾性保修:超期 30 天,最多允许 30 天。"),
        ({"reported_on": "2026-12-12"}, {}, "不能照顾性保修:超期 275 天,最多允许 30 天。"),
        ({"reported_on": "2026-12-12", "dates": {}}, {}, "起算日期一个都不知道"),
        ({"reported_on": "2025-12-12", "dates": {"ex_factory": "2025-01-31"}}, {}, "在 12 个月上加宽限 6 个月"),
        ({"reported_on": "2025-12-12", "dates": {}, "nameplate_ex_factory": "2023-01-31"}, {}, "档案没有出厂日期"),
    ],
)
def test_what_decides_is_worded(facts: dict[str, Any], policy: dict[str, Any], words: str) -> None:
    given = {"policy": {**POLICY, **policy}, "facts": {"dates": ACCEPTED, **facts}}
    assert words in explained("warranty", given)


@pytest.mark.parametrize(("limit", "meter"), [(None, 3140), (3000, None), (None, None)])
def test_hours_are_told_only_where_both_are_known(limit: object, meter: object) -> None:
    told = explained("warranty", case(ACCEPTED, "2026-03-12", {"hours_limit": limit}, meter_hours=meter))
    assert "小时表" not in told


def test_a_policy_of_our_own_has_the_same_defaults_as_a_case() -> None:
    policy = WarrantyPolicy(start_rules=(Period(WarrantyBasis.ACCEPTANCE, 12),))
    facts = WarrantyFacts({WarrantyBasis.ACCEPTANCE: date(2025, 3, 12)}, date(2026, 3, 22), repair_days=9)
    found = warranty(policy, facts)
    assert (found.end, found.days_over, found.goodwill_possible) == (date(2026, 3, 21), 1, False)
