"""Districts that count otherwise than their city (domain.md 5.2)."""

from __future__ import annotations

import pytest

from tests import factories
from tests.people import act, refused
from tests.tickets.driver import Job
from tickets.models import Clock, DistrictTier
from tickets.operations.set_district_tier import remove_district_tier, set_district_tier

NOW = factories.NOW


def put(people, place="长沙市浏阳市", tier="other", by=None):
    return act(set_district_tier, viewer=by or people.admin, place=place, tier=tier, now=NOW)


def minutes_in(people, city, district):
    job = Job(people, customer=factories.customer(people.cs01, province="湖南省", city=city, district=district))
    return next(row.allow_minutes for row in factories.rows(Clock, ticket=job.ticket, kind="arrival"))


def test_a_county_of_the_capital_counts_as_elsewhere_from_now_on(people):
    before = Job(people, customer=factories.customer(people.cs01, province="湖南省", city="长沙市", district="浏阳市"))
    row = put(people, "浏阳")
    assert (row.city, row.district, row.tier) == ("长沙市", "浏阳市", "other")
    assert minutes_in(people, "长沙市", "浏阳市") == 720
    assert minutes_in(people, "长沙市", "岳麓区") == 240
    assert factories.rows(Clock, ticket=before.ticket, kind="arrival")[0].allow_minutes == 240


def test_a_second_time_changes_it_and_taking_it_out_ends_it(people):
    first = put(people)
    assert put(people, tier="capital").pk == first.pk
    gone = act(remove_district_tier, viewer=people.owner, district=first.pk)
    assert (gone.district, factories.rows(DistrictTier)) == ("浏阳市", [])


@pytest.mark.parametrize("place", ["", "长沙市", "月球", "长沙市浏阳市荷花街道", "湖南省"])
def test_what_names_no_district_is_refused(people, place):
    with refused("district_not_found", field="place"):
        put(people, place)


def test_an_unknown_tier_is_refused(people):
    with refused("choice_unknown", field="tier"):
        put(people, tier="near")


def test_who_may_not(people):
    for who in (people.dispatcher, people.technician, people.office, people.reviewer):
        with refused("not_allowed"):
            put(people, by=who)


def test_each_dealer_has_his_own(people):
    put(people)
    found = act(lambda viewer: list(DistrictTier.objects.visible_to(viewer)), viewer=people.stranger)
    assert found == []
