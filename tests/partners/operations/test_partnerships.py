"""Proposed by the platform, confirmed by both sides, each with its own columns only."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError

from core import events, tenancy
from core.errors import NotFound
from partners.enums import Scheme, Sharing
from partners.models import Partnership
from partners.operations.partnerships import (
    Assignment,
    Terms,
    assign_partnership,
    change_terms,
    confirm_partnership,
    end_partnership,
    propose_partnership,
    revive_partnership,
)
from partners.queries import partnerships
from tests import factories
from tests.factories import NOW
from tests.people import act, refused, sees

TERMS = Terms(sharing=Sharing.FULL, scheme=Scheme.PER_SLIP)


@pytest.fixture
def proposed(people):
    assignment = Assignment(office=people.hc_ah.public_id, level="2", districts=("430100",))
    return act(
        propose_partnership,
        viewer=people.platform,
        dealer=people.cs01.public_id,
        manufacturer=people.hc.public_id,
        terms=TERMS,
        assignment=assignment,
        now=NOW,
    )


def confirm(viewer, partnership, version=1):
    return act(confirm_partnership, viewer=viewer, public_id=partnership.public_id, expected_version=version, now=NOW)


def test_a_proposed_partnership_holds_when_both_sides_have_confirmed(people, proposed):
    assert not proposed.holds
    assert not confirm(people.fresh("admin"), proposed).holds
    assert people.hc.pk not in people.fresh("dispatcher").makers
    held = confirm(people.fresh("other_hq_admin"), proposed, version=2)
    assert held.holds
    assert (held.dealer_confirmed_by, held.manufacturer_confirmed_by) == ("周岚", "梁宇")
    assert people.hc.pk in people.fresh("dispatcher").makers


def test_who_confirmed_last_is_told_as_an_event(people, proposed, monkeypatch):
    told = []
    monkeypatch.setitem(
        events._handlers, "partnership_confirmed", [lambda partnership, **_: told.append(partnership.pk)]
    )
    confirm(people.fresh("admin"), proposed)
    assert told == []
    confirm(people.fresh("other_hq_admin"), proposed, version=2)
    assert told == [proposed.pk]


def test_a_side_confirms_once_and_only_for_itself(people, proposed):
    confirm(people.fresh("admin"), proposed)
    with refused("not_allowed"):
        confirm(people.fresh("admin"), proposed, version=2)
    for stranger in ("stranger_admin", "hq_admin"):
        with pytest.raises(NotFound):
            confirm(getattr(people, stranger), proposed, version=2)
    with refused("not_allowed"):
        confirm(people.fresh("dispatcher"), proposed, version=2)
    with refused("not_allowed"):
        confirm(people.platform, proposed, version=2)


def test_the_database_lets_each_side_write_its_own_confirmation_only(people, proposed):
    with pytest.raises(ProgrammingError, match="permission denied"), tenancy.acting(people.admin):
        Partnership.objects.visible_to(people.admin).filter(id=proposed.pk).update(manufacturer_confirmed_at=NOW)
    hq = people.other_hq_admin
    with pytest.raises(ProgrammingError, match="permission denied"), tenancy.acting(hq):
        Partnership.objects.visible_to(hq).filter(id=proposed.pk).update(dealer_confirmed_at=NOW)
    for column in ("dealer_confirmed_at", "manufacturer_confirmed_at"):
        with pytest.raises(ProgrammingError, match="permission denied"), tenancy.acting(people.platform):
            Partnership.objects.visible_to(people.platform).filter(id=proposed.pk).update(**{column: NOW})


def test_a_change_of_terms_voids_both_confirmations(people):
    changed = act(
        change_terms,
        viewer=people.platform,
        public_id=people.other_partnership.public_id,
        terms=TERMS,
        expected_version=1,
        now=NOW,
    )
    assert (changed.sharing, changed.dealer_confirmed_at, changed.manufacturer_confirmed_at) == ("full", None, None)
    assert not changed.holds


def test_the_database_voids_the_confirmations_whoever_changes_the_terms(people):
    with tenancy.acting(people.platform):
        rows = Partnership.objects.visible_to(people.platform).filter(id=people.other_partnership.pk)
        rows.update(sharing=Sharing.FULL)
    assert factories.again(people.other_partnership).dealer_confirmed_at is None


def test_terms_read_before_a_change_cannot_be_confirmed(people, proposed):
    changed = Terms(sharing=Sharing.ON_DEMAND, scheme=Scheme.PER_SLIP)
    act(
        change_terms,
        viewer=people.platform,
        public_id=proposed.public_id,
        terms=changed,
        expected_version=1,
        now=NOW,
    )
    with refused("stale"):
        confirm(people.fresh("admin"), proposed, version=1)


def test_the_manufacturer_assigns_its_own_office_and_the_confirmations_stay(people):
    arguments = {"public_id": people.partnership.public_id, "expected_version": 1, "now": NOW}
    with refused("office_wrong", field="office"):
        wrong = Assignment(office=people.hc_ah.public_id)
        act(assign_partnership, viewer=people.hq_admin, assignment=wrong, **arguments)
    with refused("not_allowed"):
        act(assign_partnership, viewer=people.admin, assignment=Assignment(), **arguments)
    with refused("district_unknown", field="districts"):
        act(assign_partnership, viewer=people.hq_admin, assignment=Assignment(districts=("999999",)), **arguments)
    changed = act(
        assign_partnership,
        viewer=people.hq_admin,
        assignment=Assignment(office="", level="3", districts=("430100", "431100")),
        **arguments,
    )
    assert (changed.office, changed.level, changed.districts) == (None, "3", ["430100", "431100"])
    assert changed.holds


def test_an_ended_partnership_is_read_only_and_stays_readable(people):
    arguments = {"viewer": people.platform, "public_id": people.partnership.public_id, "now": NOW}
    with tenancy.acting(people.dispatcher):
        partnerships.require_holding(people.dispatcher, dealer_id=people.cs01.pk, manufacturer_id=people.sf.pk)
    act(end_partnership, expected_version=1, **arguments)
    assert not factories.again(people.partnership).holds
    for name in ("dispatcher", "reviewer", "office"):
        viewer = people.fresh(name)
        assert sees(viewer, Partnership) == [people.partnership]
        with refused("partnership_ended"), tenancy.acting(viewer):
            partnerships.require_holding(viewer, dealer_id=people.cs01.pk, manufacturer_id=people.sf.pk)
    assert people.sf.pk in people.fresh("dispatcher").makers
    with refused("not_allowed"):
        act(end_partnership, expected_version=2, **arguments)
    with refused("not_allowed"):
        act(change_terms, terms=TERMS, expected_version=2, **arguments)


def test_a_revived_partnership_wants_both_confirmations_again(people):
    arguments = {"viewer": people.platform, "public_id": people.partnership.public_id, "now": NOW}
    with refused("not_allowed"):
        act(revive_partnership, terms=TERMS, expected_version=1, **arguments)
    act(end_partnership, expected_version=1, **arguments)
    revived = act(revive_partnership, terms=TERMS, expected_version=2, **arguments)
    assert (revived.ended_at, revived.dealer_confirmed_at, revived.manufacturer_confirmed_at) == (None, None, None)


def test_two_are_partners_once(people, proposed):
    with refused("constraint", field="manufacturer"):
        act(
            propose_partnership,
            viewer=people.platform,
            dealer=people.cs01.public_id,
            manufacturer=people.hc.public_id,
            terms=TERMS,
            assignment=Assignment(),
            now=NOW,
        )


@pytest.mark.parametrize("name", ["admin", "hq_admin", "office_admin"])
def test_only_the_platform_proposes(people, name):
    with refused("not_allowed"):
        act(
            propose_partnership,
            viewer=getattr(people, name),
            dealer=people.cs01.public_id,
            manufacturer=people.hc.public_id,
            terms=TERMS,
            assignment=Assignment(),
            now=NOW,
        )
