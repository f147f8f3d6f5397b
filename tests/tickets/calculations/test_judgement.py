"""判定结果: every row of the table in domain.md 4.4, and what the look-up decides before the period is counted."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from equipment.calculations.policy_choice import Offer, Scope, Terms
from equipment.calculations.warranty import Period, WarrantyPolicy
from equipment.enums import (
    EXCLUDABLE,
    CompareDate,
    ExchangeRule,
    ReplacedPartRule,
    Responsibility,
    WarrantyBasis,
    WarrantyTime,
)
from tickets.calculations.judgement import (
    MachineFacts,
    Repair,
    against,
    days_in_repair,
    judge,
    kept,
    outcome,
    read,
    summary,
    tick_of,
)
from tickets.enums import WarrantyOutcome as O
from tickets.enums import WarrantyTick

R, T = Responsibility, WarrantyTime
EXCLUDED = [cause.value for cause in EXCLUDABLE]


@pytest.mark.parametrize(
    ("time", "cause", "complete", "goodwill", "rework", "found"),
    [
        (T.IN, R.MANUFACTURE, True, False, False, O.IN),
        (T.IN, R.DESIGN, True, False, False, O.IN),
        (T.IN, R.MATERIAL, True, False, False, O.IN),
        (T.IN, "", True, False, False, O.IN),
        (T.IN, R.MATERIAL, False, False, False, O.EVIDENCE),
        (T.IN, "", False, False, False, O.EVIDENCE),
        *((T.IN, cause, True, False, False, O.OUT_CAUSE) for cause in EXCLUDABLE),
        (T.IN, R.OPERATION, False, False, False, O.OUT_CAUSE),
        (T.IN, R.TO_APPRAISE, True, False, False, O.APPRAISE),
        (T.IN, R.TO_APPRAISE, False, False, False, O.APPRAISE),
        (T.OVER, R.MATERIAL, True, True, False, O.GOODWILL),
        (T.OVER, R.MATERIAL, True, False, False, O.OUT_OVER),
        (T.IN, R.INSTALLATION, True, True, False, O.GOODWILL),
        (T.IN, R.OPERATION, True, True, False, O.GOODWILL),
        (T.IN, R.WEAR, True, True, False, O.OUT_CAUSE),
        (T.OVER, R.OPERATION, True, False, False, O.OUT_OVER),
        (T.OVER_HOURS, R.MATERIAL, True, False, False, O.OUT_OVER),
        (T.OVER_HOURS, R.MATERIAL, True, True, False, O.OUT_OVER),
        (T.UNKNOWN, R.MATERIAL, True, False, False, O.UNDECIDED),
        (T.UNKNOWN, R.OPERATION, False, True, False, O.UNDECIDED),
        (T.TO_VERIFY, R.MATERIAL, True, True, True, O.TO_VERIFY),
        (T.OVER, R.MATERIAL, True, False, True, O.REWORK),
        (T.IN, "", True, False, True, O.REWORK),
        (T.IN, R.OPERATION, True, False, True, O.OUT_CAUSE),
    ],
)
def test_the_table(time, cause, complete, goodwill, rework, found):
    got = outcome(time, cause, complete=complete, excluded=EXCLUDED, goodwill=goodwill, rework=rework)
    assert got is found


def test_a_policy_may_cover_more_than_usual():
    got = outcome(T.IN, R.TRANSPORT, complete=True, excluded=["wear"])
    assert got is O.IN


@pytest.mark.parametrize(
    ("result", "tick"),
    [
        (O.IN, "yes"),
        (O.EVIDENCE, "yes"),
        (O.GOODWILL, "yes"),
        (O.REWORK, "yes"),
        (O.OUT_CAUSE, "no"),
        (O.OUT_OVER, "no"),
        (O.APPRAISE, "open"),
        (O.UNDECIDED, "open"),
        (O.TO_VERIFY, "open"),
        ("", "open"),
    ],
)
def test_what_the_box_would_say(result, tick):
    assert tick_of(result) == WarrantyTick(tick)


def test_only_yes_and_no_contradict_each_other():
    contradicting = {(a, b) for a in WarrantyTick.values for b in WarrantyTick.values if against(a, b)}
    assert contradicting == {("yes", "no"), ("no", "yes")}


# ── the period, with the rules of the policy ─────────────────────────────────────────────────────────────────────────────────────


def offer(**terms):
    policy = WarrantyPolicy(
        (Period(WarrantyBasis.ACCEPTANCE, 12),), cap=Period(WarrantyBasis.EX_FACTORY, 18), goodwill_days=30
    )
    rules = Terms(**{"policy": policy, "exclusions": frozenset(EXCLUDED), **terms})
    return Offer("key", "整机", 1, Scope(), rules, date(2020, 1, 1))


FACTS = MachineFacts(
    machine=1,
    label="YE3-160M-4 2501A0001",
    product_type="三相异步电动机",
    model="YE3-160M-4",
    line=None,
    province="湖南省",
    reported_on=date(2026, 4, 2),
    dates={WarrantyBasis.ACCEPTANCE: date(2025, 3, 12), WarrantyBasis.EX_FACTORY: date(2025, 1, 31)},
    responsibility=R.MATERIAL,
    part_group="轴承",
)
BEARING = Repair(date(2026, 2, 18), date(2026, 2, 20), part_group="轴承", fitted=True)


def test_without_a_policy_it_is_judged_by_hand():
    found = judge([], FACTS)
    assert (found.outcome, found.time, found.policy) == (O.UNDECIDED, T.UNKNOWN, "")
    assert [step.code for step in found.steps] == ["no_policy"]


def test_w9_the_part_goes_with_the_machine_but_the_repair_is_the_dealers():
    found = judge([offer()], replace(FACTS, repairs=(BEARING,)))
    assert (found.time, found.outcome, found.rework_of) == (T.OVER, O.REWORK, date(2026, 2, 20))
    assert judge([offer()], replace(FACTS, repairs=(BEARING,), part_group="绕组")).outcome is O.OUT_OVER


@pytest.mark.parametrize(("day", "marked"), [(date(2026, 5, 21), True), (date(2026, 5, 22), False)])
def test_a_repair_repeats_another_for_90_days_the_last_included(day, marked):
    found = judge([offer()], replace(FACTS, reported_on=day, repairs=(BEARING,)))
    assert (found.rework_of is not None) is marked


def test_before_the_diagnosis_the_same_symptom_marks_it():
    repair = replace(BEARING, symptom="异响")
    nobody_knows = replace(FACTS, part_group="", responsibility="", repairs=(repair,))
    assert judge([offer()], nobody_knows).rework_of is None
    assert judge([offer()], replace(nobody_knows, symptom="异响")).rework_of == date(2026, 2, 20)


def test_a_fitted_part_has_its_own_period_or_the_longer_one():
    facts = replace(FACTS, reported_on=date(2026, 6, 20), repairs=(BEARING,))
    own = offer(replaced_part_rule=ReplacedPartRule.OWN, replaced_part_months=6)
    found = judge([own], facts)
    assert (found.start, found.end, found.outcome) == (date(2026, 2, 20), date(2026, 8, 20), O.IN)
    short = offer(replaced_part_rule=ReplacedPartRule.OWN, replaced_part_months=3)
    assert judge([short], facts).end == date(2026, 5, 20)
    longer = offer(replaced_part_rule=ReplacedPartRule.LONGER, replaced_part_months=1)
    early = replace(
        FACTS,
        reported_on=date(2026, 3, 1),
        repairs=(replace(BEARING, finished_on=date(2025, 9, 1), reported_on=date(2025, 9, 1)),),
    )
    assert judge([longer], early).end == date(2026, 3, 12)


def test_an_exchanged_machine_begins_anew_where_the_policy_says_so():
    exchange = Repair(date(2025, 9, 1), date(2025, 9, 3), fitted=True, exchanged=True, part_group="定子")
    facts = replace(FACTS, repairs=(exchange,))
    assert judge([offer()], facts).outcome is O.OUT_OVER
    found = judge([offer(exchange_rule=ExchangeRule.RESTART)], facts)
    assert (found.start, found.end, found.outcome) == (date(2025, 9, 3), date(2026, 9, 3), O.IN)


def test_the_day_that_is_held_against_the_end():
    facts = replace(FACTS, failed_on=date(2026, 3, 12), started_on=date(2026, 4, 3))
    assert judge([offer()], facts).outcome is O.OUT_OVER
    assert judge([offer(compare_date=CompareDate.FAILED)], facts).outcome is O.IN
    assert judge([offer(compare_date=CompareDate.STARTED)], facts).days_over == 22
    assert judge([offer(compare_date=CompareDate.FAILED)], replace(facts, failed_on=None)).days_over == 21


def test_the_proof_of_the_rule_that_was_counted_is_wanted():
    facts = replace(FACTS, reported_on=date(2026, 3, 1))
    wants = offer(evidence=(("acceptance", "nameplate"),))
    found = judge([wants], replace(facts, proved=frozenset({"nameplate"})))
    assert (found.outcome, found.missing) == (O.EVIDENCE, ("acceptance",))
    assert judge([wants], replace(facts, proved=frozenset({"nameplate", "acceptance"}))).outcome is O.IN


def test_what_the_makers_register_says_needs_no_proof():
    policy = WarrantyPolicy((Period(WarrantyBasis.EX_FACTORY, 18),))
    wants = offer(policy=policy, evidence=(("nameplate",),))
    facts = replace(FACTS, reported_on=date(2026, 3, 1))
    assert judge([wants], facts).outcome is O.EVIDENCE
    assert judge([wants], replace(facts, from_register=True)).outcome is O.IN


def test_another_start_that_was_granted_counts_without_cap():
    facts = replace(
        FACTS,
        dates={WarrantyBasis.ACCEPTANCE: date(2025, 9, 1), WarrantyBasis.EX_FACTORY: date(2024, 5, 20)},
        reported_on=date(2026, 6, 10),
    )
    assert judge([offer()], facts).end == date(2025, 11, 20)
    found = judge([offer()], replace(facts, start_granted=date(2025, 8, 20)))
    assert (found.end, found.outcome) == (date(2026, 8, 20), O.IN)


@pytest.mark.parametrize(
    ("periods", "days"),
    [
        ([((2025, 11, 3), (2025, 11, 12))], 9),
        ([((2025, 11, 3), (2025, 11, 3))], 0),
        ([((2025, 11, 3), (2025, 11, 12)), ((2025, 11, 10), (2025, 11, 20))], 17),
        ([((2025, 11, 3), (2025, 11, 20)), ((2025, 11, 5), (2025, 11, 6))], 17),
        ([((2026, 3, 30), (2026, 4, 20))], 3),
    ],
)
def test_days_in_repair_count_once_and_end_at_the_report(periods, days):
    repairs = [Repair(date(*begun), date(*ended), stopped=True) for begun, ended in periods]
    assert days_in_repair(repairs, FACTS.reported_on) == days
    assert days_in_repair([replace(repair, stopped=False) for repair in repairs], FACTS.reported_on) == 0


def test_of_several_the_one_that_wants_a_look_stands_for_all():
    fine = judge([offer()], replace(FACTS, reported_on=date(2026, 3, 1)))
    over = judge([offer()], FACTS)
    assert summary([fine, over]) == "out_over"
    assert summary([over, judge([], FACTS)]) == "undecided"
    assert summary([]) == ""


def test_a_period_beyond_the_calendar_is_for_a_person():
    policy = WarrantyPolicy((Period(WarrantyBasis.ACCEPTANCE, 12),), repair_extension=True)
    far = replace(FACTS, dates={WarrantyBasis.ACCEPTANCE: date(9999, 6, 1)})
    assert judge([offer(policy=policy)], far).outcome is O.UNDECIDED


def test_a_judgement_survives_being_kept():
    facts = replace(FACTS, nameplate=date(2024, 1, 31), repairs=(BEARING,), proved=frozenset({"meter"}), goodwill=True)
    for one in (facts, replace(FACTS, repairs=(BEARING,)), FACTS):
        found = judge([offer()], one)
        again = read(json.loads(json.dumps(kept(found))))
        assert (again.facts, again.outcome, again.end, again.rework_of) == (
            one,
            found.outcome,
            found.end,
            found.rework_of,
        )
        assert judge([offer()], again.facts) == found
