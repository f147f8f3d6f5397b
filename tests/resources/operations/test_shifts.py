"""Shifts by hand: put in, changed, removed, undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import ProgrammingError

from core import tenancy
from resources.models import DutyChange, DutyShift
from resources.operations.changes import undo_change
from resources.operations.shifts import add_shift, change_shift, remove_shift
from tests import factories
from tests.people import act, refused, sees
from tests.resources.roster import NOW, Roster, log, told


@pytest.fixture
def roster(people):
    return Roster(people)


def undo_last(roster, now=NOW):
    change = factories.rows(DutyChange)[-1]
    return act(undo_change, viewer=roster.planner, public_id=change.public_id, now=now)


def test_a_shift_has_the_hours_of_its_kind_and_a_night_ends_the_next_day(roster):
    night = roster.add("technician", "2026-10-01", "night", deputy="second_technician", note="水务泵房钥匙在门卫")
    assert (night.starts_at.isoformat(), night.ends_at.isoformat()) == (
        "2026-10-01T12:00:00+00:00", "2026-10-02T00:00:00+00:00",
    )  # fmt: skip
    assert roster.standing() == [("10-01", "night", "陈志强", "刘建军")]
    assert log() == [("added", "李静", 1)]
    assert told("technician", roster.people) == [("duty_new", {"days": "10-01"})]
    assert told("second_technician", roster.people) == [("duty_new", {"days": "10-01"})]


def test_times_that_are_typed_hold_for_every_kind(roster):
    shift = roster.add("technician", "2026-10-01", "day", starts="09:30")
    assert (shift.ends_at - shift.starts_at) == timedelta(hours=10, minutes=30)
    own = roster.add("technician", "2026-10-02", "custom", starts="12:15", ends="12:45")
    assert (own.ends_at - own.starts_at) == timedelta(minutes=30)
    with refused("duty_hours_missing", field="ends"):
        roster.add("technician", "2026-10-03", "custom", starts="12:15")


def test_the_number_is_the_persons_own_unless_another_is_written(roster):
    own = roster.add("technician", "2026-10-01")
    other = roster.add("technician", "2026-10-02", phone="13800001111")
    assert (own.number, other.number) == (roster.people.person("technician").phone, "13800001111")


@pytest.mark.parametrize("who", ["technician", "second_technician"])
def test_hours_that_somebody_has_already_are_refused_with_his_name(roster, who):
    roster.add("technician", "2026-10-01", "night")
    with refused("duty_taken", field="day"):
        roster.add(who, "2026-10-02", "custom", starts="07:59", ends="09:00")
    assert len(roster.standing()) == 1 and log() == [("added", "李静", 1)]


def test_the_sentence_says_who_and_when(roster):
    roster.add("technician", "2026-10-01", "night")
    with pytest.raises(Exception) as caught:
        roster.add("second_technician", "2026-10-01", "whole")
    assert str(caught.value) == "陈志强 10-01 20:00 – 10-02 08:00 已在值班。请另选时间,或修改那个班次。"


def test_shifts_that_touch_follow_each_other(roster):
    roster.add("technician", "2026-10-01", "day")
    roster.add("second_technician", "2026-10-01", "night")
    roster.add("technician", "2026-10-02", "day")
    assert len(roster.standing()) == 3


def test_nobody_is_main_and_deputy_at_once_and_the_leader_may_be_one_of_them(roster):
    with refused("duty_same_person", field="deputy"):
        roster.add("technician", "2026-10-01", deputy="technician")
    assert roster.add("owner", "2026-10-01", leader="owner").leader_id == roster.people.owner.person_id


@pytest.mark.parametrize("field", ["person", "deputy", "leader"])
def test_a_stranger_and_who_has_left_are_refused_alike(people, roster, field):
    gone = factories.person(people.cs01, "technician", active=False)
    for key in (people.person("stranger_technician").public_id, gone.public_id, "zzzzzzzzzzzzzzzz"):
        facts = roster.facts("technician", "2026-10-01")
        with refused("duty_person_unknown", field=field):
            act(add_shift, viewer=people.dispatcher, facts=replace(facts, **{field: key}), now=NOW)
    assert factories.rows(DutyShift) == []


@pytest.mark.parametrize("who", ["technician", "storekeeper", "accountant", "office", "reviewer", "platform"])
def test_who_does_not_plan_puts_nobody_on_duty(people, who):
    roster = Roster(people, planner=getattr(people, who))
    with refused("not_allowed"):
        roster.add("technician", "2026-10-01")


@pytest.mark.parametrize("who", ["admin", "dispatcher", "owner"])
def test_who_plans(people, who):
    assert Roster(people, planner=getattr(people, who)).add("technician", "2026-10-01").pk


def test_another_dealer_neither_sees_nor_touches_it(people, roster):
    shift = roster.add("technician", "2026-10-01")
    assert sees(people.stranger, DutyShift) == [] and sees(people.office, DutyShift) == []
    with refused("not_found"):
        act(remove_shift, viewer=people.stranger, public_id=shift.public_id, expected_version=None, now=NOW)


def test_a_change_tells_who_comes_and_who_goes(people, roster):
    shift = roster.add("technician", "2026-10-01")
    changed = act(
        change_shift, viewer=people.admin, public_id=shift.public_id, expected_version=1, now=NOW,
        facts=roster.facts("second_technician", "2026-10-01"),
    )  # fmt: skip
    assert (changed.version, changed.changed_by) == (2, "周岚")
    assert roster.standing() == [("10-01", "day", "刘建军", "")]
    assert told("technician", people)[-1] == ("duty_gone", {"days": "10-01"})
    assert told("second_technician", people) == [("duty_new", {"days": "10-01"})]
    with refused("stale"):
        act(remove_shift, viewer=people.admin, public_id=shift.public_id, expected_version=1, now=NOW)


def test_saving_the_same_again_changes_nothing(people, roster):
    shift = roster.add("technician", "2026-10-01")
    facts = roster.facts("technician", "2026-10-01")
    again = act(change_shift, viewer=people.admin, public_id=shift.public_id, facts=facts, expected_version=1, now=NOW)
    assert again.version == 1 and log() == [("added", "李静", 1)]


def test_what_was_removed_comes_back_and_goes_again(people, roster):
    shift = roster.add("technician", "2026-10-01", deputy="second_technician", note="钥匙")
    act(remove_shift, viewer=people.owner, public_id=shift.public_id, expected_version=1, now=NOW)
    assert roster.standing() == []
    undo_last(roster)
    assert roster.standing() == [("10-01", "day", "陈志强", "刘建军")]
    assert factories.again(shift).note == "钥匙"
    undo_last(roster)
    assert roster.standing() == []
    assert [verb for verb, _who, _n in log()] == ["added", "removed", "undone", "undone"]


def test_undoing_a_change_restores_hours_and_people(people, roster):
    shift = roster.add("technician", "2026-10-01", "night")
    facts = roster.facts("second_technician", "2026-10-02", "day", phone="13800001111")
    act(change_shift, viewer=people.admin, public_id=shift.public_id, facts=facts, expected_version=1, now=NOW)
    undo_last(roster)
    kept = factories.again(shift)
    assert roster.standing() == [("10-01", "night", "陈志强", "")]
    assert (kept.starts_at, kept.phone, kept.version) == (shift.starts_at, "", 3)


def test_what_somebody_has_changed_since_is_not_undone(people, roster):
    shift = roster.add("technician", "2026-10-01")
    first = factories.rows(DutyChange)[0]
    facts = roster.facts("second_technician", "2026-10-01")
    act(change_shift, viewer=people.admin, public_id=shift.public_id, facts=facts, expected_version=1, now=NOW)
    with refused("duty_changed_since"):
        act(undo_change, viewer=people.dispatcher, public_id=first.public_id, now=NOW)
    assert roster.standing() == [("10-01", "day", "刘建军", "")]


def test_a_place_that_is_taken_meanwhile_is_not_given_back(people, roster):
    shift = roster.add("technician", "2026-10-01")
    act(remove_shift, viewer=people.admin, public_id=shift.public_id, expected_version=1, now=NOW)
    removal = factories.rows(DutyChange)[-1]
    roster.add("second_technician", "2026-10-01")
    with refused("duty_hours_gone"):
        act(undo_change, viewer=people.admin, public_id=removal.public_id, now=NOW)
    assert roster.standing() == [("10-01", "day", "刘建军", "")]


def test_undo_ends_after_seven_days_and_is_done_once(people, roster):
    roster.add("technician", "2026-10-01")
    change = factories.rows(DutyChange)[0]
    with refused("duty_not_undone"):
        act(undo_change, viewer=people.admin, public_id=change.public_id, now=NOW + timedelta(days=7))
    act(undo_change, viewer=people.admin, public_id=change.public_id, now=NOW)
    with refused("duty_not_undone"):
        act(undo_change, viewer=people.admin, public_id=change.public_id, now=NOW)
    with refused("not_allowed"):
        act(undo_change, viewer=people.technician, public_id=change.public_id, now=NOW)


def test_nobody_is_put_back_who_has_left(people, roster):
    shift = roster.add("technician", "2026-10-01")
    act(remove_shift, viewer=people.admin, public_id=shift.public_id, expected_version=1, now=NOW)
    leaver = people.person("technician")
    with factories.writing():
        type(leaver)._base_manager.filter(pk=leaver.pk).update(active=False)
    with refused("duty_person_left"):
        undo_last(roster)


def test_the_log_cannot_be_rewritten(people, roster):
    """The database grants the dealer's role nothing but the mark that a line was undone."""
    roster.add("technician", "2026-10-01")
    with pytest.raises(ProgrammingError, match="permission denied"), tenancy.acting(people.admin):
        DutyChange.objects.visible_to(people.admin).update(by_name="别人")
    with pytest.raises(ProgrammingError, match="permission denied"), tenancy.acting(people.admin):
        DutyChange.objects.visible_to(people.admin).delete()
