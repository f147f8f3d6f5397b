"""Inviting, changing, deactivating people; what each sets for himself."""

from __future__ import annotations

import pytest

from core.errors import NotFound
from partners.enums import Department, Role
from partners.models import AccessLink, Account, Person
from partners.operations import accounts, handing_over
from partners.operations.handing_over import OpenWork
from partners.operations.people import (
    PersonFacts,
    change_person,
    change_profile,
    deactivate_person,
    invite_person,
    reactivate_person,
    set_preferences,
)
from partners.queries import viewers
from tests import factories
from tests.factories import NOW
from tests.people import act, refused


def facts(name="王海涛", phone="13900000001", roles=(Role.TECHNICIAN.value,), **more):
    return PersonFacts(name=name, phone=phone, roles=roles, **more)


def test_an_administrator_invites_a_person_with_roles_of_his_tier(people):
    link = act(invite_person, viewer=people.admin, facts=facts(city="永州市", branch="永州"), now=NOW)
    person = factories.again(link.person)
    assert (person.organisation_id, person.name, person.phone) == (people.cs01.pk, "王海涛", "13900000001")
    assert (person.roles, person.is_admin, person.city, person.branch) == (["technician"], False, "永州市", "永州")


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"name": " "}, "name_missing", "name"),
        ({"phone": "0731-88880000"}, "mobile_wrong", "phone"),
        ({"roles": ()}, "roles_wrong", "roles"),
        ({"roles": ("reviewer",)}, "roles_wrong", "roles"),
        ({"roles": ("king",)}, "roles_wrong", "roles"),
        ({"department": "kitchen"}, "roles_wrong", "department"),
    ],
)
def test_wrong_facts_are_refused_at_their_field(people, changes, code, field):
    with refused(code, field=field):
        act(invite_person, viewer=people.admin, facts=facts(**changes), now=NOW)


def test_a_department_member_needs_a_department(people):
    with refused("department_missing", field="department"):
        act(invite_person, viewer=people.hq_admin, facts=facts(roles=("department",)), now=NOW)
    member = facts(roles=("department",), department=Department.TECHNICAL)
    link = act(invite_person, viewer=people.hq_admin, facts=member, now=NOW)
    assert link.person.department == "technical"


def test_a_number_stands_once_in_an_organisation_but_may_stand_in_two(people):
    phone = people.person("technician").phone
    with refused("constraint", field="phone"):
        act(invite_person, viewer=people.admin, facts=facts(phone=phone), now=NOW)
    act(invite_person, viewer=people.stranger_admin, facts=facts(phone=phone), now=NOW)


@pytest.mark.parametrize("name", ["dispatcher", "technician", "owner", "reviewer", "office", "quality"])
def test_who_is_no_administrator_touches_nobody(people, name):
    viewer = getattr(people, name)
    person = people.person(name)
    with refused("not_allowed"):
        act(invite_person, viewer=viewer, facts=facts(), now=NOW)
    arguments = {"viewer": viewer, "public_id": person.public_id, "expected_version": 1, "now": NOW}
    with refused("not_allowed"):
        act(change_person, facts=facts(), **arguments)
    with refused("not_allowed"):
        act(deactivate_person, **arguments)


def test_an_administrator_cannot_touch_another_organisations_people(people):
    foreign = people.person("stranger_technician")
    arguments = {"viewer": people.admin, "public_id": foreign.public_id, "expected_version": 1, "now": NOW}
    with pytest.raises(NotFound):
        act(change_person, facts=facts(), **arguments)
    with pytest.raises(NotFound):
        act(deactivate_person, **arguments)
    with pytest.raises(NotFound):
        act(invite_person, viewer=people.admin, facts=facts(), now=NOW, organisation_id=people.hf01.pk)
    assert factories.again(foreign).name == foreign.name


def test_an_administrator_invites_nobody_into_a_partners_organisation(people):
    with refused("not_allowed"):
        act(invite_person, viewer=people.admin, facts=facts(), now=NOW, organisation_id=people.sf.pk)


def test_changing_a_person_keeps_what_he_signs_in_with(people):
    technician = people.person("technician")
    act(
        change_person,
        viewer=people.admin,
        public_id=technician.public_id,
        facts=facts(name="陈志强", phone="13911112222", roles=("technician", "storekeeper")),
        expected_version=1,
        now=NOW,
    )
    changed = factories.again(technician)
    assert (changed.phone, changed.roles, changed.version) == ("13911112222", ["technician", "storekeeper"], 2)
    assert Account.objects.get(pk=technician.account_id).phone == technician.phone


def test_a_stale_change_is_refused(people):
    technician = people.person("technician")
    arguments = {"viewer": people.admin, "public_id": technician.public_id, "facts": facts(), "now": NOW}
    act(change_person, expected_version=1, **arguments)
    with refused("stale"):
        act(change_person, expected_version=1, **arguments)


def test_a_new_number_ends_the_link_to_the_old_one(people):
    link = act(invite_person, viewer=people.admin, facts=facts(), now=NOW)
    act(
        change_person,
        viewer=people.admin,
        public_id=link.person.public_id,
        facts=facts(phone="13900000009"),
        expected_version=1,
        now=NOW,
    )
    with refused("link_expired"):
        accounts.accept_link(token=link.token, phone="13900000001", password="Quite-New-Word-9", now=NOW)


def test_an_organisation_keeps_an_administrator(people):
    admin = people.person("admin")
    with refused("last_admin", field="roles"):
        act(
            change_person,
            viewer=people.admin,
            public_id=admin.public_id,
            facts=facts(phone=admin.phone, roles=("owner",)),
            expected_version=1,
            now=NOW,
        )
    with refused("last_admin"):
        act(deactivate_person, viewer=people.platform, public_id=admin.public_id, expected_version=1, now=NOW)


def test_nobody_deactivates_himself(people):
    factories.person(people.cs01, Role.ADMIN)
    with refused("not_allowed"):
        act(
            deactivate_person,
            viewer=people.admin,
            public_id=people.person("admin").public_id,
            expected_version=1,
            now=NOW,
        )


def test_deactivating_closes_the_door_and_reactivating_opens_it(people):
    technician = people.person("technician")
    arguments = {"viewer": people.admin, "public_id": technician.public_id, "now": NOW}
    act(deactivate_person, expected_version=1, **arguments)
    assert viewers.of_account(technician.account_id, technician.pk) is None
    with refused("wrong_state"):
        act(deactivate_person, expected_version=2, **arguments)
    act(reactivate_person, expected_version=2, **arguments)
    assert viewers.of_account(technician.account_id, technician.pk) is not None


def test_deactivating_ends_the_persons_links(people):
    technician = people.person("technician")
    act(accounts.make_reset_link, viewer=people.admin, person=technician, now=NOW)
    act(deactivate_person, viewer=people.admin, public_id=technician.public_id, expected_version=1, now=NOW)
    assert [link.expires_at for link in AccessLink.objects.order_by("id")] == [NOW]


def test_open_work_must_be_handed_over_to_an_active_colleague(people, monkeypatch):
    handed: list[tuple[str, str]] = []
    work = OpenWork(
        "jobs", lambda viewer, person: 2, lambda viewer, person, to, now: handed.append((person.name, to.name))
    )
    monkeypatch.setattr(handing_over, "_kinds", [work])
    technician = people.person("technician")
    arguments = {"viewer": people.admin, "public_id": technician.public_id, "expected_version": 1, "now": NOW}
    with refused("hand_over_missing", field="hand_over_to"):
        act(deactivate_person, **arguments)
    for nobody in (technician, people.person("stranger_technician")):
        with refused("colleague_unknown", field="hand_over_to"):
            act(deactivate_person, hand_over_to=nobody.public_id, **arguments)
    act(deactivate_person, hand_over_to=people.person("second_technician").public_id, **arguments)
    assert handed == [("陈志强", "刘建军")]
    assert factories.again(technician).active is False


def test_one_sets_ones_own_preferences(people):
    act(set_preferences, viewer=people.technician, theme="dark", density="compact")
    act(set_preferences, viewer=people.technician, language="en")
    me = people.fresh("technician")
    assert (me.theme, me.density, me.language) == ("dark", "compact", "en")
    assert people.fresh("second_technician").theme == ""
    with refused("preference_unknown"):
        act(set_preferences, viewer=people.technician, theme="pink")


def test_ones_own_new_number_is_also_the_one_to_sign_in_with(people):
    act(change_profile, viewer=people.technician, name="陈志强", phone="+86 139-1111-2222", now=NOW)
    technician = people.person("technician")
    assert factories.again(technician).phone == "13911112222"
    assert Account.objects.get(pk=technician.account_id).phone == "13911112222"
    with refused("phone_taken", field="phone"):
        act(change_profile, viewer=people.technician, name="陈志强", phone=people.stranger.phone, now=NOW)
    assert Person.objects is not None and factories.again(technician).phone == "13911112222"
