"""Who is on duty by turns."""

from __future__ import annotations

from datetime import date

from resources.calculations.rotation import turns

FIRST = date(2026, 10, 30)


def names(**more):
    return [(f"{t.day:%m-%d}", t.kind, t.person, t.deputy) for t in turns(**{"first": FIRST, **more})]


def test_people_follow_each_other_over_the_end_of_a_month():
    found = names(people=["A", "B", "C"], kinds=["whole"], last=date(2026, 11, 2))
    assert [(day, person) for day, _kind, person, _deputy in found] == [
        ("10-30", "A"), ("10-31", "B"), ("11-01", "C"), ("11-02", "A"),
    ]  # fmt: skip


def test_day_and_night_of_one_turn_are_neighbours_in_the_order():
    found = names(people=["A", "B", "C"], kinds=["day", "night"], last=date(2026, 10, 31))
    assert [(kind, person) for _day, kind, person, _deputy in found] == [
        ("day", "A"), ("night", "B"), ("day", "C"), ("night", "A"),
    ]  # fmt: skip


def test_somebody_keeps_his_kind_of_shift_for_several_days():
    found = names(people=["A", "B", "C"], kinds=["day", "night"], last=date(2026, 11, 2), days_each=2)
    assert [person for _day, kind, person, _deputy in found if kind == "day"] == ["A", "A", "C", "C"]
    assert [person for _day, kind, person, _deputy in found if kind == "night"] == ["B", "B", "A", "A"]


def test_the_deputy_is_who_follows_and_nobody_is_his_own():
    two = names(people=["A", "B"], kinds=["whole"], last=date(2026, 10, 31), deputies=True)
    assert [(person, deputy) for _day, _kind, person, deputy in two] == [("A", "B"), ("B", "A")]
    alone = names(people=["A"], kinds=["day", "night"], last=FIRST, deputies=True)
    assert [(person, deputy) for _day, _kind, person, deputy in alone] == [("A", None), ("A", None)]
