"""Versions of promises (domain.md 5.2)."""

from __future__ import annotations

from datetime import timedelta

from tests import factories
from tests.people import act, refused
from tickets.calculations.promise import Version
from tickets.models import Promise
from tickets.operations.set_promise import set_promise

NOW = factories.NOW


def promise(people, by=None, maker=None, **changes):
    values = {"valid_from": NOW, "response_minutes": 30, "arrival_capital_minutes": 180, "arrival_other_minutes": 600}
    version = Version(**{**values, **changes})
    return act(
        set_promise, viewer=by or people.admin, manufacturer=(maker or people.sf).public_id, version=version, now=NOW
    )


def test_a_version_is_shared_with_the_manufacturer_and_changes_nothing_before(people):
    made = promise(people, by=people.owner)
    assert (made.made_by, made.office_id, made.shared_with_maker) == ("黄总", people.sf_hn.pk, True)
    assert [row.response_minutes for row in factories.rows(Promise)] == [30]


def test_the_past_stays_as_it_was(people):
    with refused("promise_in_past", field="valid_from"):
        promise(people, valid_from=NOW - timedelta(days=1))


def test_two_versions_do_not_begin_at_once(people):
    promise(people)
    with refused("promise_twice", field="valid_from"):
        promise(people, response_minutes=45)


def test_only_the_dealers_administrator_and_owner_promise(people):
    for who in (people.dispatcher, people.technician, people.reviewer, people.office):
        with refused("not_allowed"):
            promise(people, by=who)


def test_a_foreign_manufacturer_is_none(people):
    with refused("choice_unknown", field="manufacturer"):
        promise(people, maker=people.hc)
