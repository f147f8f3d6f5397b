"""The dealer's hours of each kind of shift, and who else may know."""

from __future__ import annotations

from datetime import time

import pytest

from core import tenancy
from resources.models import DutySettings
from resources.operations.settings import Hours, save_settings
from resources.queries import roster as reading
from tests import factories
from tests.people import act, refused
from tests.resources.roster import NOW, Roster

HOURS = Hours((time(8, 30), time(18)), (time(18), time(8, 30)), (time(9), time(9)))


def save(who, version=0, **more):
    return act(
        save_settings, viewer=who, now=NOW, expected_version=version,
        **{"hours": HOURS, "shows_makers": True, "shows_public": False, **more},
    )  # fmt: skip


def test_until_they_are_saved_the_defaults_hold(people):
    with tenancy.acting(people.technician):
        found = reading.settings(people.technician)
    assert (found.pk, found.shows_makers, found.shows_public) == (None, True, False)
    assert found.hours_of("night") == (time(20), time(8))


def test_new_shifts_have_the_new_hours_and_old_ones_keep_theirs(people):
    roster = Roster(people)
    old = roster.add("technician", "2026-10-01", "day")
    save(people.admin)
    new = roster.add("technician", "2026-10-02", "day")
    assert (old.starts_at.strftime("%H:%M"), new.starts_at.strftime("%H:%M")) == ("00:00", "00:30")
    assert factories.again(old).starts_at == old.starts_at


def test_a_stale_page_is_told_who_was_faster(people):
    save(people.admin)
    with refused("stale"):
        save(people.owner)
    assert save(people.owner, version=1, shows_public=True).version == 2
    with pytest.raises(Exception) as caught:
        save(people.admin, version=1)
    assert caught.value.params["who"] == "黄总"


@pytest.mark.parametrize("who", ["dispatcher", "technician", "accountant", "office", "reviewer", "platform"])
def test_heads_of_the_dealer_only(people, who):
    with refused("not_allowed"):
        save(getattr(people, who))
    assert factories.rows(DutySettings) == []


def test_each_dealer_has_his_own(people):
    save(people.admin, shows_public=True)
    save(people.stranger_admin)
    assert [row.shows_public for row in factories.rows(DutySettings)] == [True, False]
