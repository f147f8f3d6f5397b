"""Who leaves hands his coming duty over; what is over stays his."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from core.calendars import local
from partners.operations.people import deactivate_person
from tests import factories
from tests.people import act, refused
from tests.resources.roster import Roster, around_now, log, told


@pytest.fixture
def roster(people):
    return Roster(people, now=timezone.now())


def leave(people, name, to=""):
    person = people.person(name)
    return act(
        deactivate_person, viewer=people.admin, public_id=person.public_id, expected_version=person.version, now=timezone.now(),
        hand_over_to=people.person(to).public_id if to else "",
    )  # fmt: skip


def test_coming_shifts_have_to_go_to_somebody(people, roster):
    roster.add("storekeeper", around_now(3))
    with refused("hand_over_missing", field="hand_over_to"):
        leave(people, "storekeeper")


def test_main_deputy_and_leader_are_handed_over_and_the_past_stays(people, roster):
    roster.add("storekeeper", around_now(-2))
    roster.add("storekeeper", around_now(2), deputy="technician")
    roster.add("technician", around_now(3), deputy="storekeeper", leader="storekeeper")
    swap = roster.ask(roster.add("storekeeper", around_now(4)), who="storekeeper", whom="owner")
    leave(people, "storekeeper", to="technician")
    assert [(main, deputy) for _day, _kind, main, deputy in roster.standing()] == [
        ("何小明", ""), ("陈志强", ""), ("陈志强", ""), ("陈志强", ""),
    ]  # fmt: skip
    assert log()[-1] == ("handed_over", "周岚", 3)
    assert told("technician", people)[-1][0] == "duty_new"
    assert factories.again(swap).state == "overtaken"


def test_who_has_no_duty_leaves_without_it(people, roster):
    roster.add("storekeeper", around_now(-2))
    assert not leave(people, "storekeeper").active


def test_the_running_shift_goes_along(people, roster):
    at = local(roster.now)
    hours = {"starts": f"{at:%H:%M}", "ends": f"{at + timedelta(hours=2):%H:%M}"}
    roster.add("storekeeper", at.date(), "custom", **hours)
    leave(people, "storekeeper", to="owner")
    assert [main for _day, _kind, main, _deputy in roster.standing()] == ["黄总"]
