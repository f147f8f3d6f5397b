"""Policies of warranty: what can be written, what stands once it is in force, and who may."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError

from core.errors import Refused
from equipment.calculations.policy_input import RuleFacts, ScopeFacts
from equipment.models import WarrantyPolicy, WarrantyVersion
from equipment.operations.warranty import (
    add_policy,
    change_policy,
    discard_draft,
    end_version,
    put_in_force,
    write_draft,
)
from equipment.queries import warranty
from tests import factories
from tests.people import act, refused
from tests.warranty import draft, force, next_draft, policy, terms

NOW = factories.NOW


def add(viewer, scope=None, maker=None, **changes):
    facts = ScopeFacts(**{"name": "整机三包"} | (scope or {}))
    return act(
        add_policy, viewer=viewer, manufacturer_id=maker or viewer.org, scope=facts, terms=terms(**changes), now=NOW
    )


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"start_rules": ()}, "start_rule_missing", "rules-0-basis"),
        ({"start_rules": (RuleFacts("invoice", 12), RuleFacts("invoice", 6))}, "start_rule_twice", "rules-1-basis"),
        ({"start_rules": (RuleFacts("birth", 12),)}, "choice_unknown", "rules-0-basis"),
        ({"start_rules": (RuleFacts("invoice", 0),)}, "months_wrong", "rules-0-months"),
        ({"start_rules": (RuleFacts("invoice", 12, ("gossip",)),)}, "choice_unknown", "rules-0-evidence"),
        ({"valid_until": date(2019, 12, 31)}, "version_range_backwards", "valid_until"),
        ({"cap_months": None}, "cap_incomplete", "cap_months"),
        ({"cap_basis": ""}, "cap_incomplete", "cap_months"),
        ({"replaced_part_rule": "own"}, "replaced_months_missing", "replaced_part_months"),
        ({"exclusions": ("manufacture",)}, "choice_unknown", "exclusions"),
        ({"goodwill_days": 4000}, "days_wrong", "goodwill_days"),
        ({"hours_limit": Decimal(-1)}, "hours_limit_wrong", "hours_limit"),
        ({"part_periods": {"机封": 601}}, "months_wrong", "part_periods"),
    ],
)
def test_terms_that_cannot_be(people, changes, code, field):
    with refused(code, field=field):
        add(people.hq_admin, **changes)
    assert factories.rows(WarrantyPolicy) == []


@pytest.mark.parametrize(
    ("scope", "code", "field"),
    [
        ({"name": " "}, "name_missing", "name"),
        ({"made_from": date(2026, 1, 2), "made_until": date(2026, 1, 1)}, "policy_range_backwards", "made_until"),
        ({"province": "湖南"}, "province_unknown", "province"),
        ({"match": "like"}, "choice_unknown", "match"),
    ],
)
def test_machines_that_cannot_be_named_so(people, scope, code, field):
    with refused(code, field=field):
        add(people.hq_admin, scope)


def test_two_policies_for_the_same_machines_are_refused_by_name(people):
    add(people.hq_admin, {"name": "一", "model": "YE3-", "match": "prefix", "made_from": date(2025, 1, 1)})
    same = {"name": "二", "model": "ye3-", "match": "prefix", "made_until": date(2025, 6, 1)}
    with pytest.raises(Refused) as caught:
        add(people.hq_admin, same)
    assert (caught.value.code, caught.value.params["name"]) == ("policy_clash", "一")
    other = add(people.hq_admin, same | {"priority": 50})
    with refused("policy_clash", field="priority"):
        act(
            change_policy, viewer=people.hq_admin, public_id=other.public_id, scope=ScopeFacts(**same), expected_version=1, now=NOW
        )  # fmt: skip
    act(
        change_policy, viewer=people.hq_admin, public_id=other.public_id, scope=ScopeFacts(**same | {"priority": 40}),
        expected_version=1, now=NOW,
    )  # fmt: skip


def test_a_version_in_force_ends_the_one_before_it_the_day_before(people):
    first = policy(people.hq_admin)
    second = force(people.hq_admin, next_draft(people.hq_admin, first, valid_from=date(2026, 7, 1), grace_months=3))
    first = factories.again(first)
    assert (first.state, first.valid_until) == ("replaced", date(2026, 6, 30))
    assert (second.state, second.number, second.in_force_by) == ("in_force", 2, "于洋")
    third = next_draft(people.hq_admin, first, valid_from=date(2026, 7, 1))
    with refused("version_begins_early", field="valid_from"):
        force(people.hq_admin, third)


def test_what_is_in_force_is_never_changed(people):
    version = policy(people.hq_admin)
    for change in (
        {"grace_months": 3},
        {"valid_until": date(2030, 1, 1), "note": "x"},
        {"state": "draft"},
        {"number": 9},
    ):
        with pytest.raises(IntegrityError, match="in force"), factories.writing():
            WarrantyVersion._plain.filter(pk=version.pk).update(**change)
    with pytest.raises(IntegrityError, match="in force"), factories.writing():
        WarrantyVersion._plain.filter(pk=version.pk).delete()
    with pytest.raises(IntegrityError, match="has a version in force"), factories.writing():
        WarrantyPolicy._plain.filter(pk=version.policy_id).update(model="YE4-")
    key = factories.rows(WarrantyPolicy)[0]
    with refused("policy_stands"):
        act(
            change_policy, viewer=people.hq_admin, public_id=key.public_id, scope=ScopeFacts("整机三包", model="YE4-"),
            expected_version=key.version, now=NOW,
        )  # fmt: skip
    act(
        change_policy, viewer=people.hq_admin, public_id=key.public_id, scope=ScopeFacts("另一名称"), expected_version=key.version,
        now=NOW,
    )  # fmt: skip
    assert factories.again(key).name == "另一名称"


def test_the_last_day_comes_earlier_never_later(people):
    version = policy(people.hq_admin)

    def end(day):
        return act(
            end_version,
            viewer=people.hq_admin,
            public_id=version.public_id,
            last_day=day,
            expected_version=None,
            now=NOW,
        )

    end(date(2026, 12, 31))
    for day in (date(2026, 12, 31), date(2027, 1, 1), date(2026, 6, 10)):
        with refused("end_not_earlier", field="last_day"):
            end(day)
    end(date(2026, 6, 30))
    with pytest.raises(IntegrityError), factories.writing():
        WarrantyVersion._plain.filter(pk=version.pk).update(valid_until=date(2026, 7, 1))


def test_a_draft_that_somebody_else_wrote_meanwhile_is_stale(people):
    version = draft(people.hq_admin)
    key = factories.rows(WarrantyPolicy)[0].public_id
    writing = {"viewer": people.reviewer, "public_id": key, "now": NOW}
    act(write_draft, terms=terms(note="一"), expected_version=1, **writing)
    with refused("stale"):
        act(write_draft, terms=terms(note="二"), expected_version=1, **writing)
    with refused("stale"):
        act(write_draft, terms=terms(note="二"), expected_version=None, **writing)
    with refused("stale"):
        act(put_in_force, viewer=people.reviewer, public_id=version.public_id, expected_version=1, now=NOW)
    act(put_in_force, viewer=people.reviewer, public_id=version.public_id, expected_version=2, now=NOW)
    with refused("wrong_state"):
        act(put_in_force, viewer=people.reviewer, public_id=version.public_id, expected_version=None, now=NOW)
    with refused("wrong_state"):
        act(write_draft, terms=terms(note="三"), expected_version=2, **writing)


def test_a_draft_is_thrown_away_and_with_the_last_one_its_policy(people):
    version = draft(people.hq_admin)
    assert act(discard_draft, viewer=people.hq_admin, public_id=version.public_id, now=NOW) is None
    assert factories.rows(WarrantyPolicy) == []
    first = policy(people.hq_admin)
    second = next_draft(people.hq_admin, first, valid_from=date(2026, 7, 1))
    assert act(discard_draft, viewer=people.hq_admin, public_id=second.public_id, now=NOW) is not None
    with refused("wrong_state"):
        act(discard_draft, viewer=people.hq_admin, public_id=first.public_id, now=NOW)


@pytest.mark.parametrize("name", ["dispatcher", "admin", "office", "quality", "finance", "call_centre", "platform"])
def test_who_does_not_write_policies(people, name):
    with refused("not_allowed"):
        add(getattr(people, name), maker=people.sf.pk)
    version = policy(people.reviewer)
    if name != "platform":
        with refused("not_allowed"):
            act(put_in_force, viewer=getattr(people, name), public_id=version.public_id, expected_version=None, now=NOW)


def test_another_manufacturers_policies_are_not_there(people):
    version = policy(people.hq_admin)
    with refused("not_found"):
        act(discard_draft, viewer=people.other_hq_admin, public_id=version.public_id, now=NOW)
    assert act(warranty.offers, viewer=people.other_hq_admin, manufacturer_id=people.sf.pk) == []
    assert len(act(warranty.offers, viewer=people.dispatcher, manufacturer_id=people.sf.pk)) == 1
    assert act(warranty.offers, viewer=people.stranger, manufacturer_id=people.sf.pk) == []


def test_a_dealer_writes_those_of_its_unlisted_manufacturer(people):
    unlisted = factories.maker("UM01", owner_dealer=people.cs01)
    factories.partnership(people.cs01, unlisted, listed=False)
    made = add(people.fresh("admin"), maker=unlisted.pk)
    version = factories.rows(WarrantyVersion, policy=made)[0]
    act(put_in_force, viewer=people.admin, public_id=version.public_id, expected_version=1, now=NOW)
    with refused("not_allowed"):
        add(people.fresh("dispatcher"), maker=unlisted.pk)


def test_a_scope_names_lines_of_its_own_manufacturer(people):
    foreign = factories.product_line(people.hc)
    with refused("not_found"):
        add(people.hq_admin, {"line": foreign.public_id})
    own = factories.product_line(people.sf)
    assert add(people.hq_admin, {"line": own.public_id}).line_id == own.pk


def test_the_same_terms_twice_are_one_look_up(people):
    first = policy(people.hq_admin)
    offer = act(warranty.offers, viewer=people.hq_admin, manufacturer_id=people.sf.pk)[0]
    assert (offer.key, offer.terms.policy.grace_months, offer.valid_from) == (first.public_id, 6, date(2020, 1, 1))
    assert offer.holds_on(date(2020, 1, 1)) and not offer.holds_on(date(2020, 1, 1) - timedelta(days=1))
