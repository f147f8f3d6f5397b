"""Rotation and copied weeks: a preview, then what it showed and nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from core import tenancy
from resources.models import DutyChange
from resources.operations.changes import undo_change
from resources.operations.planning import copy_week, rotate
from resources.queries import planning
from resources.queries.planning import Rotation, WeekCopy
from tests import factories
from tests.people import act, refused
from tests.resources.roster import NOW, Roster, log, told


@pytest.fixture
def roster(people):
    return Roster(people)


def rotation(roster, *names, kinds=("day", "night"), first="2026-09-30", last="2026-10-02", **more):
    people = tuple(roster.key(name) for name in names)
    return Rotation(people, kinds, date.fromisoformat(first), date.fromisoformat(last), **more)


def preview(roster, wanted):
    show = planning.rotation if isinstance(wanted, Rotation) else planning.copied_week
    with tenancy.acting(roster.planner):
        return show(roster.planner, wanted)


def write(roster, wanted, seen=None):
    seen = planning.fingerprint(preview(roster, wanted)) if seen is None else seen
    operation = rotate if isinstance(wanted, Rotation) else copy_week
    return act(operation, viewer=roster.planner, wanted=wanted, seen=seen, now=NOW)


THREE = ("technician", "second_technician", "owner")


def test_a_rotation_is_written_as_it_was_shown(roster):
    wanted = rotation(roster, *THREE, deputies=True)
    shown = [
        (f"{p.shift.day:%m-%d}", p.shift.kind, p.shift.person.name, p.shift.deputy.name)
        for p in preview(roster, wanted)
    ]
    write(roster, wanted)
    assert roster.standing() == shown
    assert shown[:3] == [
        ("09-30", "day", "陈志强", "刘建军"), ("09-30", "night", "刘建军", "黄总"), ("10-01", "day", "黄总", "陈志强"),
    ]  # fmt: skip
    assert log() == [("rotated", "李静", 6)]


def test_each_person_is_told_once(roster, people):
    write(roster, rotation(roster, *THREE, kinds=("whole",), last="2026-10-14"))
    assert told("technician", people) == [("duty_new", {"days": "09-30, 10-03, 10-06, 10-09 +1"})]


def test_what_is_on_the_roster_stays_and_the_turn_goes_on(roster):
    roster.add("admin", "2026-10-01", "whole")
    wanted = rotation(roster, *THREE)
    assert [p.free for p in preview(roster, wanted)] == [True, True, False, False, True, True]
    write(roster, wanted)
    assert [(day, kind, main) for day, kind, main, _deputy in roster.standing()] == [
        ("09-30", "day", "陈志强"), ("09-30", "night", "刘建军"), ("10-01", "whole", "周岚"),
        ("10-02", "day", "刘建军"), ("10-02", "night", "黄总"),
    ]  # fmt: skip


def test_a_roster_that_changed_since_the_preview_is_not_written(roster):
    wanted = rotation(roster, *THREE)
    seen = planning.fingerprint(preview(roster, wanted))
    roster.add("admin", "2026-10-01", "day")
    with refused("duty_preview_old"):
        write(roster, wanted, seen)
    assert len(roster.standing()) == 1


def test_a_full_time_has_no_room(roster):
    wanted = rotation(roster, *THREE)
    write(roster, wanted)
    with refused("duty_nothing_free"):
        write(roster, wanted)


def test_a_whole_rotation_is_undone_at_once(roster, people):
    write(roster, rotation(roster, *THREE))
    change = factories.rows(DutyChange)[-1]
    act(undo_change, viewer=people.owner, public_id=change.public_id, now=NOW)
    assert roster.standing() == []
    assert told("technician", people)[-1][0] == "duty_gone"


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"last": "2026-09-29"}, "duty_days_wrong", "last"),
        ({"last": "2026-12-31"}, "duty_days_many", "last"),
        ({"kinds": ()}, "choice_unknown", "kinds"),
        ({"kinds": ("custom",)}, "choice_unknown", "kinds"),
        ({"kinds": ("day", "whole")}, "duty_kinds_overlap", "kinds"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(roster, more, code, field):
    with refused(code, field=field):
        preview(roster, rotation(roster, *THREE, **more))


def test_a_quarter_of_a_year_is_planned_at_once(roster):
    assert len(preview(roster, rotation(roster, *THREE, kinds=("whole",), last="2026-12-30"))) == 92


def test_strangers_and_who_has_left_take_no_turn(roster, people):
    gone = factories.person(people.cs01, active=False)
    for key in (people.person("stranger").public_id, gone.public_id):
        with refused("duty_person_unknown", field="people"):
            preview(roster, Rotation((key,), ("day",), date(2026, 10, 1), date(2026, 10, 1)))
    with refused("duty_person_unknown", field="people"):
        preview(roster, rotation(roster))


def test_a_week_is_copied_over_the_end_of_a_month(roster):
    roster.add("technician", "2026-09-21", "day", deputy="owner", leader="admin", phone="13800001111", note="只此一次")
    roster.add("second_technician", "2026-09-27", "night")
    copied = write(roster, WeekCopy(date(2026, 9, 23), date(2026, 9, 28), weeks=2))
    assert [(day, kind, main) for day, kind, main, _deputy in roster.standing()][2:] == [
        ("09-28", "day", "陈志强"), ("10-04", "night", "刘建军"), ("10-05", "day", "陈志强"), ("10-11", "night", "刘建军"),
    ]  # fmt: skip
    first = copied[0]
    assert (first.phone, first.note, first.deputy.name, first.leader.name) == ("13800001111", "", "黄总", "周岚")
    assert (copied[1].ends_at - copied[1].starts_at).total_seconds() == 12 * 3600


def test_who_has_left_is_not_copied(roster, people):
    roster.add("technician", "2026-09-21")
    roster.add("second_technician", "2026-09-22", deputy="technician")
    roster.add("second_technician", "2026-09-23")
    leaver = people.person("technician")
    with factories.writing():
        type(leaver)._base_manager.filter(pk=leaver.pk).update(active=False)
    wanted = WeekCopy(date(2026, 9, 21), date(2026, 9, 28))
    assert [p.left.name if p.left else "" for p in preview(roster, wanted)] == ["陈志强", "陈志强", ""]
    assert [f"{shift.day:%m-%d}" for shift in write(roster, wanted)] == ["09-30"]


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (WeekCopy(date(2026, 9, 21), date(2026, 9, 27)), "duty_week_same"),
        (WeekCopy(date(2026, 9, 21), date(2026, 9, 14), weeks=2), "duty_week_same"),
        (WeekCopy(date(2026, 9, 14), date(2026, 9, 21)), "duty_week_empty"),
        (WeekCopy(date(2026, 9, 21), date(2026, 9, 28), weeks=9), "duty_weeks_many"),
        (WeekCopy(date(2026, 9, 21), date(2026, 9, 28), weeks=0), "duty_weeks_many"),
    ],
)
def test_a_week_that_cannot_be_copied(roster, wanted, code):
    roster.add("technician", "2026-09-21")
    with refused(code):
        preview(roster, wanted)


@pytest.mark.parametrize("who", ["technician", "accountant"])
def test_only_planners_plan(people, who):
    roster = Roster(people, planner=getattr(people, who))
    with refused("not_allowed"):
        act(rotate, viewer=roster.planner, wanted=rotation(roster, "technician"), seen="", now=NOW)
    with refused("not_allowed"):
        act(copy_week, viewer=roster.planner, wanted=WeekCopy(date(2026, 9, 21), date(2026, 9, 28)), seen="", now=NOW)
