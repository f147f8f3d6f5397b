"""Links, passwords, lock-out (domain.md 2.4)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import RequestFactory

from core.models import AccessRecord
from partners.enums import LinkPurpose, Role
from partners.models import AccessLink, Account, Person, SignInFailures
from partners.operations import accounts
from partners.operations.people import PersonFacts, invite_person
from tests import factories
from tests.factories import NOW, PASSWORD
from tests.people import act, refused

NEW = "Quite-New-Word-9"


@pytest.fixture
def invited(people):
    facts = PersonFacts(name="王海涛", phone="139 0000 0001", roles=(Role.TECHNICIAN.value,))
    return act(invite_person, viewer=people.admin, facts=facts, now=NOW)


def accept(token, phone="13900000001", password=NEW, now=NOW):
    return accounts.accept_link(token=token, phone=phone, password=password, now=now)


def sign_in(login, password=PASSWORD, now=NOW):
    return accounts.sign_in(request=RequestFactory().post("/sign-in/"), login=login, password=password, now=now)


# ── invitations ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_invitation_makes_the_account_and_binds_the_person(invited):
    account, person_id = accept(invited.token)
    person = factories.again(invited.person)
    assert (person.pk, person.account_id) == (person_id, account.pk)
    assert account.phone == "13900000001" and account.check_password(NEW)
    assert sign_in("139 0000 0001".replace(" ", ""), NEW) == account


def test_only_the_hash_of_a_link_is_kept(invited):
    link = AccessLink.objects.get(person_id=invited.person.pk)
    assert invited.token not in str(link.__dict__)
    assert link.token_hash == accounts.token_hash(invited.token)


def test_an_invitation_works_once(invited):
    accept(invited.token)
    with refused("link_used"):
        accept(invited.token)


def test_an_invitation_ends_after_seven_days(invited):
    with refused("link_expired"):
        accept(invited.token, now=NOW + timedelta(days=7))
    accept(invited.token, now=NOW + timedelta(days=7) - timedelta(seconds=1))


def test_an_invitation_wants_the_number_it_was_made_for(invited):
    with refused("link_phone_wrong", field="phone"):
        accept(invited.token, phone="13900000002")
    assert factories.again(invited.person).account_id is None


def test_an_invented_link_is_unknown(people):
    with refused("link_unknown"):
        accept("no-such-token")


def test_a_newer_invitation_ends_the_older_one(people, invited):
    newer = act(accounts.make_invitation, viewer=people.admin, person=invited.person, now=NOW)
    with refused("link_expired"):
        accept(invited.token)
    accept(newer.token)


def test_a_weak_password_is_refused_at_its_field(invited):
    with refused("password_weak", field="password"):
        accept(invited.token, password="1234")


def test_an_invitation_of_somebody_who_has_an_account_wants_his_present_password(people):
    """Who makes a link in one organisation must not open another's door with it."""
    phone = people.person("stranger").phone
    facts = PersonFacts(name="孙浩", phone=phone, roles=(Role.DISPATCHER.value,))
    link = act(invite_person, viewer=people.admin, facts=facts, now=NOW)
    with refused("account_password_wrong", field="password"):
        accept(link.token, phone=phone, password=NEW)
    account, _ = accept(link.token, phone=phone, password=PASSWORD)
    assert account.pk == people.person("stranger").account_id
    assert account.check_password(PASSWORD)


def test_nobody_works_in_organisations_of_two_tiers(people):
    phone = people.person("reviewer").phone
    facts = PersonFacts(name="吴丽", phone=phone, roles=(Role.OWNER.value,))
    link = act(invite_person, viewer=people.admin, facts=facts, now=NOW)
    with refused("link_other_tier"):
        accept(link.token, phone=phone, password=PASSWORD)


# ── resets ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_reset_link_sets_a_new_password_and_opens_a_shut_door(people):
    technician = people.person("technician")
    for _ in range(accounts.FAILURES):
        accounts.count_failure(key=technician.phone, now=NOW)
    link = act(accounts.make_reset_link, viewer=people.admin, person=technician, now=NOW)
    accept(link.token, phone=technician.phone)
    assert sign_in(technician.phone, NEW).pk == technician.account_id
    with refused("sign_in_wrong"):
        sign_in(technician.phone, PASSWORD)


def test_a_reset_link_ends_after_a_day(people):
    technician = people.person("technician")
    link = act(accounts.make_reset_link, viewer=people.admin, person=technician, now=NOW)
    with refused("link_expired"):
        accept(link.token, phone=technician.phone, now=NOW + timedelta(hours=24))


def test_an_administrator_cannot_reset_an_account_that_opens_another_organisation_too(people):
    stranger = people.person("stranger")
    account = Account.objects.get(pk=stranger.account_id)
    second = factories.person(people.cs01, Role.OWNER, account=account, phone=stranger.phone)
    link = act(accounts.make_reset_link, viewer=people.admin, person=second, now=NOW)
    with refused("reset_elsewhere"):
        accept(link.token, phone=stranger.phone)
    assert Account.objects.get(pk=stranger.account_id).check_password(PASSWORD)


def test_the_operator_resets_any_account(people):
    stranger = people.person("stranger")
    token = accounts.reset_link_of_operator(phone=stranger.phone, now=NOW)
    account, person_id = accept(token, phone=stranger.phone)
    assert (account.pk, person_id) == (stranger.account_id, None)
    assert account.check_password(NEW)


def test_a_dispatcher_makes_no_links(people):
    with refused("not_allowed"):
        act(accounts.make_reset_link, viewer=people.dispatcher, person=people.person("technician"), now=NOW)


def test_the_link_of_somebody_deactivated_does_nothing(people, invited):
    with factories.writing():
        Person._base_manager.filter(pk=invited.person.pk).update(active=False)
    with refused("link_expired"):
        accept(invited.token)


def test_the_organisation_reads_that_a_password_was_set_by_link(people, invited):
    accept(invited.token)
    (record,) = factories.rows(AccessRecord, organisation_id=people.cs01.pk)
    assert (record.action, record.person_name, record.at) == ("password_set", "王海涛", NOW)
    assert people.person("admin").name in record.thing and str(LinkPurpose.INVITATION.label) in record.thing


# ── sign-in and lock-out ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_one_signs_in_with_phone_number_or_user_name(people):
    account = Account.objects.get(pk=people.person("dispatcher").account_id)
    assert sign_in(account.phone) == sign_in("dispatcher") == account


def test_a_wrong_password_and_an_unknown_name_are_refused_alike(people):
    for login in ("dispatcher", "nobody"):
        with refused("sign_in_wrong"):
            sign_in(login, "wrong")


def test_five_failures_shut_the_door_for_fifteen_minutes_whichever_name_was_typed(people):
    phone = people.person("dispatcher").phone
    for place in range(5):
        accounts.count_failure(key=accounts.login_key("dispatcher" if place % 2 else phone), now=NOW)
    for login in ("dispatcher", phone):
        with refused("sign_in_locked"):
            sign_in(login, now=NOW + timedelta(minutes=14, seconds=59))
    assert sign_in("dispatcher", now=NOW + timedelta(minutes=15))
    assert not SignInFailures.objects.exists()


def test_four_failures_and_a_right_password_count_nothing_any_more(people):
    phone = people.person("dispatcher").phone
    for _ in range(4):
        accounts.count_failure(key=phone, now=NOW)
    sign_in("dispatcher")
    accounts.count_failure(key=phone, now=NOW)
    assert SignInFailures.objects.get(login=phone).failures == 1


def test_failures_are_forgotten_after_fifteen_minutes(people):
    for _ in range(4):
        accounts.count_failure(key="x", now=NOW)
    accounts.count_failure(key="x", now=NOW + timedelta(minutes=15))
    row = SignInFailures.objects.get(login="x")
    assert (row.failures, row.locked_until) == (1, None)


def test_who_is_active_nowhere_is_told_so(people):
    with factories.writing():
        Person._base_manager.filter(pk=people.person("technician").pk).update(active=False)
    with refused("no_membership"):
        sign_in("technician")


# ── one's own password ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_one_changes_the_own_password_with_the_present_one(people):
    act(accounts.change_password, viewer=people.technician, present=PASSWORD, new=NEW, now=NOW)
    assert sign_in("technician", NEW)
    with refused("present_password_wrong", field="present"):
        act(accounts.change_password, viewer=people.technician, present=PASSWORD, new="Other-Word-77", now=NOW)
    with refused("password_weak", field="new"):
        act(accounts.change_password, viewer=people.technician, present=NEW, new="short", now=NOW)
