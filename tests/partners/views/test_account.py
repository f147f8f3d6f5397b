"""The door: sign-in and lock-out, sign-out, links, switching the organisation, language, one's own account."""

from __future__ import annotations

import logging

import pytest
import redis
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import AccessRecord
from partners.enums import Role
from partners.models import Account, Person, SignInFailures
from partners.operations import accounts
from partners.operations.people import PersonFacts, deactivate_person, invite_person
from tests import factories
from tests.factories import PASSWORD
from tests.people import act
from tests.people import sign_in as sign_in_as

NEW = "Quite-New-Word-9"
SIGN_IN = "/sign-in/"


def errors(response):
    box = BeautifulSoup(response.content, "html.parser").find(attrs={"data-error-summary": True})
    return [item.get_text(strip=True) for item in box.find_all("li")] if box else []


def enter(client, login="dispatcher", password=PASSWORD, **more):
    return client.post(SIGN_IN, {"login": login, "password": password, **more})


# ── sign-in ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_door_leads_to_where_one_wanted_to_go(client, people):
    assert client.get(SIGN_IN).status_code == 200
    response = enter(client, next="/partnerships/")
    assert (response.status_code, response["Location"]) == (302, "/partnerships/")
    assert client.get("/partnerships/").status_code == 200


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/sign-in/", ""])
def test_the_door_leads_nowhere_outside(client, people, target):
    assert enter(client, next=target)["Location"] == "/"


def test_who_is_in_already_is_sent_on(people, sign_in):
    assert sign_in(people.dispatcher).get(SIGN_IN).status_code == 302


def test_an_empty_form_says_what_is_missing(client, people):
    response = enter(client, login="", password="")
    assert response.status_code == 422
    assert len(errors(response)) == 2
    assert "错误" in BeautifulSoup(response.content, "html.parser").title.string


@pytest.mark.django_db(transaction=True)
def test_five_wrong_passwords_shut_the_door_and_neither_rollback_nor_a_lost_redis_opens_it(client, people):
    for _ in range(5):
        response = enter(client, password="wrong")
        assert response.status_code == 422
    assert SignInFailures.objects.get(login=people.dispatcher.phone).failures == 5
    redis.Redis.from_url(settings.REDIS_URL).flushdb()
    response = enter(client)
    assert response.status_code == 429
    assert "15" in errors(response)[0]
    assert "_auth_user_id" not in client.session
    assert enter(Client(), login="technician").status_code == 302, "others are not shut out"


@pytest.mark.django_db(transaction=True)
def test_a_right_password_before_the_fifth_forgets_the_wrong_ones(client, people):
    for _ in range(4):
        enter(client, password="wrong")
    assert enter(client).status_code == 302
    assert not SignInFailures.objects.exists()


def test_many_names_cannot_be_tried_out_from_one_address(client, people):
    answers = [enter(client, login=f"nobody{number}", password="wrong").status_code for number in range(66)]
    assert set(answers[:60]) == {422} and 429 in answers[60:]  # a Redis that does not answer in time costs a count
    assert enter(client).status_code == 429
    assert enter(Client(REMOTE_ADDR="10.0.0.9")).status_code == 302


def test_a_links_token_is_in_no_log(client, db, caplog):
    with caplog.at_level(logging.INFO):
        client.get(reverse("partners:link", args=["no-such-token"]))
    (console,) = [handler for handler in logging.getLogger().handlers if handler.get_name() == "console"]
    printed = "".join(console.format(record) for record in caplog.records)
    assert "partners:link" in printed and "no-such-token" not in printed


# ── sign-out, deactivation ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_after_sign_out_the_session_is_gone(people, sign_in):
    client = sign_in(people.dispatcher)
    key = client.session.session_key
    response = client.post("/sign-out/")
    assert response["Location"] == SIGN_IN and response["Clear-Site-Data"] == '"cache"'
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    assert client.get("/partnerships/").status_code == 302


def test_a_message_for_one_is_not_read_by_the_next_at_the_device(people, client):
    sign_in_as(client, people.technician)
    client.post("/me/", {"name": "陈志强", "phone": people.technician.phone})
    assert client.cookies["messages"].value
    client.post("/sign-out/")
    assert client.cookies["messages"].value == ""


def test_signing_out_needs_a_post(people, sign_in):
    client = sign_in(people.dispatcher)
    assert client.get("/sign-out/").status_code == 405
    assert client.get("/partnerships/").status_code == 200


def test_a_deactivated_person_is_out_at_the_next_request(people, sign_in):
    client = sign_in(people.technician)
    assert client.get("/me/").status_code == 200
    person = people.person("technician")
    act(deactivate_person, viewer=people.admin, public_id=person.public_id, expected_version=1, now=timezone.now())
    assert client.get("/me/")["Location"].startswith(SIGN_IN)
    assert client.get("/me/", headers={"HX-Request": "true"})["HX-Redirect"] == SIGN_IN
    assert client.get("/me/", headers={"Accept": "application/json"}).status_code == 401


# ── links ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def invitation(people):
    facts = PersonFacts(name="王海涛", phone="13900000001", roles=(Role.TECHNICIAN.value,))
    return act(invite_person, viewer=people.admin, facts=facts, now=timezone.now())


def use(client, token, phone="13900000001", password=NEW, again=None):
    return client.post(
        reverse("partners:link", args=[token]), {"phone": phone, "password": password, "again": again or password}
    )


def test_an_invitation_ends_signed_in(client, invitation):
    page = client.get(reverse("partners:link", args=[invitation.token])).content.decode()
    assert "王海涛" in page and "长沙瑞启" in page
    response = use(client, invitation.token)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert "王海涛" in client.get("/me/").content.decode()


def test_a_used_and_an_invented_link_explain_themselves(client, invitation):
    use(client, invitation.token)
    for token in (invitation.token, "no-such-token"):
        response = Client().get(reverse("partners:link", args=[token]))
        assert response.status_code == 410
        assert "<form" not in str(BeautifulSoup(response.content, "html.parser").main.find(class_="stack"))


def test_a_wrong_number_and_differing_passwords_are_told_at_their_fields(client, invitation):
    response = use(client, invitation.token, phone="13900000002")
    assert response.status_code == 422 and len(errors(response)) == 1
    response = use(client, invitation.token, again="Something-Else-1")
    assert response.status_code == 422 and len(errors(response)) == 1
    response = use(client, invitation.token, password="1234")
    assert response.status_code == 422 and len(errors(response)) == 1
    assert factories.again(invitation.person).account_id is None


@pytest.mark.django_db(transaction=True)
def test_numbers_cannot_be_tried_out_at_a_link(client, invitation):
    for _ in range(5):
        use(client, invitation.token, phone="13900000002")
    assert use(client, invitation.token).status_code == 429


@pytest.mark.django_db(transaction=True)
def test_a_known_accounts_password_cannot_be_tried_out_at_a_link(client, people):
    phone = people.person("stranger").phone
    facts = PersonFacts(name="孙浩", phone=phone, roles=(Role.DISPATCHER.value,))
    link = act(invite_person, viewer=people.admin, facts=facts, now=timezone.now())
    for _ in range(5):
        assert use(client, link.token, phone=phone).status_code == 422
    assert use(client, link.token, phone=phone, password=PASSWORD).status_code == 429


def test_a_reset_signs_other_devices_out(people, sign_in, client):
    sign_in(people.technician)
    technician = people.person("technician")
    link = act(accounts.make_reset_link, viewer=people.admin, person=technician, now=timezone.now())
    phone = Client()
    use(phone, link.token, phone=technician.phone)
    assert phone.get("/me/").status_code == 200
    assert client.get("/me/").status_code == 302


# ── several organisations ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_one_switches_between_ones_organisations(people, client):
    account = Account.objects.get(pk=people.person("dispatcher").account_id)
    other = factories.person(people.hf01, Role.DISPATCHER, account=account, name="李静")
    sign_in_as(client, people.dispatcher)
    page = BeautifulSoup(client.get("/me/").content, "html.parser")
    assert page.find(class_="topbar").find(class_="home").get_text(strip=True) == "长沙瑞启"
    response = client.post(reverse("partners:switch", args=[other.public_id]))
    assert response["Location"] == "/"
    page = BeautifulSoup(client.get("/me/").content, "html.parser")
    assert page.find(class_="topbar").find(class_="home").get_text(strip=True) == "合肥恒聚"
    assert "HC" not in client.get("/people/").content.decode()


def test_when_the_active_membership_ends_the_other_one_is_active(people, client):
    account = Account.objects.get(pk=people.person("dispatcher").account_id)
    other = factories.person(people.hf01, Role.DISPATCHER, account=account, name="李静")
    sign_in_as(client, other)
    with factories.writing():
        Person._base_manager.filter(pk=other.pk).update(active=False)
    page = BeautifulSoup(client.get("/me/").content, "html.parser")
    assert page.find(class_="topbar").find(class_="home").get_text(strip=True) == "长沙瑞启"


# ── language, look, profile ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_stranger_chooses_the_language(client, people):
    assert "登录" in client.get(SIGN_IN).content.decode()
    response = client.post("/language/", {"language": "en", "next": f"{SIGN_IN}?next=/me/"})
    assert response["Location"] == f"{SIGN_IN}?next=/me/"
    page = client.get(SIGN_IN).content.decode()
    assert '<html lang="en"' in page and "Sign in" in page


def test_the_chosen_language_is_kept_with_the_person(people, sign_in):
    sign_in(people.dispatcher).post("/language/", {"language": "en", "next": "/me/"})
    other_device = sign_in_as(Client(), people.dispatcher)
    assert '<html lang="en"' in other_device.get("/me/").content.decode()
    other_device.post("/language/", {"language": "xx"})
    assert people.fresh("dispatcher").language == "en"


def test_theme_and_density_are_kept_with_the_person(people, sign_in):
    client = sign_in(people.dispatcher)
    client.post("/me/preferences/", {"theme": "dark", "next": "/me/"})
    response = client.post("/me/preferences/", {"density": "compact", "next": "/me/"})
    assert response["Location"] == "/me/"
    page = client.get("/me/").content.decode()
    assert 'data-theme="dark"' in page and 'data-density="compact"' in page


def test_one_changes_name_and_number(people, sign_in):
    client = sign_in(people.technician)
    assert client.post("/me/", {"name": "陈志强", "phone": "139 1111 2222"}).status_code == 302
    assert people.fresh("technician").phone == "13911112222"
    response = client.post("/me/", {"name": "", "phone": "123"})
    assert response.status_code == 422 and len(errors(response)) == 1
    assert 'value="123"' in response.content.decode(), "what was typed is kept"


def test_one_chooses_how_the_pages_look(people, sign_in):
    client = sign_in(people.technician)
    client.post("/me/look/", {"language": "en", "theme": "light", "density": "compact"})
    me = people.fresh("technician")
    assert (me.language, me.theme, me.density) == ("en", "light", "compact")
    assert client.post("/me/look/", {"theme": "pink"}).status_code == 422


def test_a_new_password_keeps_this_device_and_signs_the_others_out(people, client):
    other = sign_in_as(Client(), people.technician)
    sign_in_as(client, people.technician)
    body = {"present": PASSWORD, "new": NEW, "again": NEW}
    assert client.post("/me/password/", body)["Location"] == "/me/"
    assert client.get("/me/").status_code == 200
    assert other.get("/me/").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_the_present_password_cannot_be_tried_out(people, client):
    sign_in_as(client, people.technician)
    for _ in range(5):
        assert client.post("/me/password/", {"present": "wrong", "new": NEW, "again": NEW}).status_code == 422
    response = client.post("/me/password/", {"present": PASSWORD, "new": NEW, "again": NEW})
    assert "15" in errors(response)[0]


# ── what survives, what is told ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db(transaction=True)
def test_refused_access_is_remembered_although_the_request_is_rolled_back(people, sign_in):
    assert sign_in(people.technician).get("/people/").status_code == 403
    (record,) = factories.rows(AccessRecord)
    assert (record.organisation_id, record.person_name) == (people.cs01.pk, "陈志强")
    assert (record.action, record.thing) == ("refused", "GET /people/")
    page = sign_in(people.admin).get("/access/").content.decode()
    assert "陈志强" in page and "/people/" in page
    assert "陈志强" not in sign_in(people.stranger_admin).get("/access/").content.decode()


def test_a_form_without_its_secret_is_refused_kindly(people):
    client = Client(enforce_csrf_checks=True)
    response = client.post(SIGN_IN, {"login": "dispatcher", "password": PASSWORD})
    assert response.status_code == 403
    assert BeautifulSoup(response.content, "html.parser").h1.get_text(strip=True) == "页面打开太久了"
