"""Which policy counts for a machine, and why: the order of domain.md 4.3, line by line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from equipment.calculations.policy_choice import Offer, Scope, Subject, Terms, choose, clash, fits
from equipment.calculations.warranty import Period, WarrantyPolicy
from equipment.enums import PolicyRank, WarrantyBasis

TERMS = Terms(WarrantyPolicy((Period(WarrantyBasis.ACCEPTANCE, 12),)))
MOTOR = Subject("三相异步电动机", 7, "YE3-160M-4", date(2025, 3, 6), "湖南省")
DAY = date(2026, 6, 1)


def offer(name: str, begins: date = date(2020, 1, 1), until: date | None = None, **scope: Any) -> Offer:
    return Offer(name, name, 1, Scope(**scope), TERMS, begins, until)


@pytest.mark.parametrize(
    ("better", "worse", "rank"),
    [
        ({"model": "YE3-160M-4"}, {"line": 7}, PolicyRank.MODEL),
        ({"line": 7}, {}, PolicyRank.LINE),
        ({"product_type": "三相异步电动机"}, {}, PolicyRank.LINE),
        ({"model": "YE3-160M-4"}, {"model": "YE3-", "exact": False}, PolicyRank.MODEL),
        ({"model": "YE3-160", "exact": False}, {"model": "YE3-", "exact": False}, PolicyRank.MODEL),
        ({"model": "YE3-", "exact": False, "province": "湖南省"}, {"model": "YE3-", "exact": False}, PolicyRank.MODEL),
        (
            {"model": "YE3-", "exact": False, "made_from": date(2025, 1, 1)},
            {"model": "YE3-", "exact": False},
            PolicyRank.MODEL,
        ),
        ({"line": 7}, {"product_type": "三相异步电动机"}, PolicyRank.LINE),
        ({"province": "湖南省"}, {}, PolicyRank.MAKER),
        ({"line": 7, "priority": 10}, {"line": 7, "province": "湖南省"}, PolicyRank.LINE),
    ],
)
def test_the_closer_one_counts_in_whichever_order_they_come(better, worse, rank):
    one, other = offer("better", **better), offer("worse", **worse)
    for offers in ([one, other], [other, one]):
        found = choose(offers, MOTOR, DAY)
        assert (found.offer, found.rank, found.passed_over) == (one, rank, ("worse",))


@pytest.mark.parametrize(
    "scope",
    [
        {"model": "YE3-160M-6"},
        {"model": "YE3-160M", "exact": True},
        {"model": "YE4-", "exact": False},
        {"line": 8},
        {"product_type": "潜污泵"},
        {"province": "安徽省"},
        {"made_from": date(2025, 3, 7)},
        {"made_until": date(2025, 3, 5)},
    ],
)
def test_a_policy_for_other_machines_is_none(scope):
    assert choose([offer("other", **scope)], MOTOR, DAY).offer is None


def test_both_ends_of_a_range_are_in_it_and_an_unknown_date_is_in_none():
    scope = Scope(made_from=date(2025, 3, 6), made_until=date(2025, 3, 6))
    assert fits(scope, MOTOR)
    assert not fits(scope, replace(MOTOR, made_on=None))
    assert fits(Scope(), replace(MOTOR, made_on=None))


def test_a_model_is_read_whatever_its_letters():
    assert fits(Scope(model="ye3-160m-4"), MOTOR)


def test_reports_outside_a_version_fall_to_the_next_policy():
    old = offer("old", until=date(2026, 5, 31), model="YE3-160M-4")
    rest = offer("rest")
    assert choose([old, rest], MOTOR, date(2026, 5, 31)).offer is old
    assert choose([old, rest], MOTOR, date(2026, 6, 1)).offer is rest
    assert choose([old], MOTOR, date(2026, 6, 1)).offer is None
    assert choose([offer("later", begins=date(2026, 6, 2))], MOTOR, date(2026, 6, 1)).offer is None


@pytest.mark.parametrize(
    ("one", "other", "clashes"),
    [
        ({}, {}, True),
        ({}, {"priority": 90}, False),
        ({"line": 7}, {"line": 7}, True),
        ({"line": 7}, {"line": 8}, False),
        ({"model": "YE3-", "exact": False}, {"model": "ye3-", "exact": False}, True),
        ({"model": "YE3-", "exact": False}, {"model": "YE3-", "exact": True}, False),
        ({"made_from": date(2025, 1, 1)}, {"made_until": date(2025, 1, 1)}, True),
        ({"made_from": date(2025, 1, 2)}, {"made_until": date(2025, 1, 1)}, False),
        ({"made_from": date(2025, 1, 1)}, {}, False),
        ({"province": "湖南省"}, {}, False),
    ],
)
def test_two_that_could_not_be_told_apart_clash(one, other, clashes):
    assert (clash(Scope(**one), [Scope(**other)]) == 0) is clashes
    assert (clash(Scope(**other), [Scope(**one)]) == 0) is clashes
