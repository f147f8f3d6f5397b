"""What an old part that stays away does by its day (domain.md 10)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from settlement.calculations.old_part_duties import DUE_AFTER, due_before, duty, last_day, reverses
from settlement.enums import OldPartDuty as D
from settlement.enums import PartFinding


@pytest.mark.parametrize(
    ("age", "found"),
    [
        (0, D.NONE), (19, D.NONE), (20, D.REMIND), (29, D.REMIND), (30, D.REMIND), (31, D.HOLD), (60, D.HOLD), (61, D.DEDUCT),
        (90, D.DEDUCT), (91, D.BLOCK), (400, D.BLOCK),
    ],
)  # fmt: skip
@pytest.mark.parametrize("finished", [date(2026, 1, 31), date(2024, 2, 29), date(2026, 6, 11), date(2026, 12, 2)])
def test_the_day_decides(finished, age, found):
    due_on = finished + DUE_AFTER
    assert duty(due_on, finished + timedelta(days=age)) is found


@pytest.mark.parametrize(
    ("finished", "day", "found"),
    [
        (date(2026, 1, 31), date(2026, 3, 2), D.REMIND),  # day 30, February has 28
        (date(2026, 1, 31), date(2026, 3, 3), D.HOLD),
        (date(2026, 3, 31), date(2026, 4, 30), D.REMIND),
        (date(2026, 3, 31), date(2026, 5, 1), D.HOLD),
        (date(2026, 4, 1), date(2026, 5, 31), D.HOLD),  # day 60
        (date(2026, 4, 1), date(2026, 6, 30), D.DEDUCT),  # day 90
        (date(2026, 4, 1), date(2026, 7, 1), D.BLOCK),
    ],
)
def test_months_of_any_length_count_by_days(finished, day, found):
    assert duty(finished + DUE_AFTER, day) is found


def test_an_extension_moves_all_that_follows():
    due_on = date(2026, 7, 11) + timedelta(days=20)  # granted; the part was replaced on 11 June
    assert [duty(due_on, date(2026, 6, 11) + timedelta(days=age)) for age in (39, 40, 50, 51, 80, 81, 110, 111)] == [
        D.NONE, D.REMIND, D.REMIND, D.HOLD, D.HOLD, D.DEDUCT, D.DEDUCT, D.BLOCK,
    ]  # fmt: skip


@pytest.mark.parametrize("heavy", [D.REMIND, D.HOLD, D.DEDUCT, D.BLOCK])
def test_the_limit_for_the_database_is_the_limit_of_the_rule(heavy):
    order, day = list(D), date(2026, 3, 2)
    for days in range(-100, 101):
        due_on = day + timedelta(days=days)
        assert (due_on < due_before(heavy, day)) is (order.index(duty(due_on, day)) >= order.index(heavy)), due_on


def test_the_last_day_before_a_duty():
    assert [last_day(date(2026, 7, 11), heavy) for heavy in (D.HOLD, D.DEDUCT, D.BLOCK)] == [
        date(2026, 7, 11),
        date(2026, 8, 10),
        date(2026, 9, 9),
    ]


@pytest.mark.parametrize("finding", list(PartFinding))
def test_which_findings_take_back(finding):
    wanted = finding not in (PartFinding.QUALITY, PartFinding.UNDECIDED)
    assert reverses(finding, date(2026, 6, 1), date(2026, 6, 2)) is wanted


def test_ninety_days_after_the_approval_nothing_is_taken_back():
    approved = date(2026, 1, 31)
    assert reverses("mismatch", approved, date(2026, 5, 1))  # the 90th day
    assert not reverses("mismatch", approved, date(2026, 5, 2))
    assert not reverses("mismatch", None, date(2026, 5, 1)), "nobody has approved anything"
