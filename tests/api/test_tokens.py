"""Who a token belongs to, what it may, and when it stops to open anything."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from partners.models import Account, ApiToken
from partners.operations.api_tokens import make_token, revoke_token
from partners.operations.people import deactivate_person
from partners.queries import api_tokens
from tests import factories
from tests.people import act, refused, sees


def test_a_token_tells_who_works_with_it(people, call):
    answer = call(people.dispatcher, scope="read").get("me")
    assert answer.status_code == 200
    assert answer.json() == {
        "name": "李静",
        "roles": ["dispatcher"],
        "department": "",
        "tier": "dealer",
        "organisation": "长沙瑞启",
        "organisation_code": "CS01",
        "scope": "read",
    }


@pytest.mark.parametrize(
    "authorization", ["Bearer sdt_wrong", "Bearer ", "Basic eDp5", "Bearer", "Token abc", "Bearer \x7f"]
)
def test_what_is_no_token_is_401(people, call, authorization):
    answer = call(people.dispatcher).get("me", Authorization=authorization)
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json()["code"] == "token_unknown"


def test_without_token_and_session_it_is_401(people, client):
    answer = client.get("/api/v1/tickets")
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")


def test_an_expired_token_opens_nothing(people, call):
    program = call(people.dispatcher)
    with factories.writing():
        ApiToken._plain.filter(pk=program.token.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert program.get("me").status_code == 401


def test_a_revoked_token_opens_nothing(people, call):
    program = call(people.dispatcher)
    act(revoke_token, viewer=people.dispatcher, public_id=program.token.public_id, now=timezone.now())
    assert program.get("me").status_code == 401


def test_a_deactivated_persons_token_dies_at_once(people, call):
    program = call(people.storekeeper)
    assert program.get("me").status_code == 200
    key = people.person("storekeeper")
    act(
        deactivate_person,
        viewer=people.admin,
        public_id=key.public_id,
        expected_version=key.version,
        now=timezone.now(),
    )
    assert program.get("me").status_code == 401


def test_a_closed_accounts_token_dies_at_once(people, call):
    program = call(people.storekeeper)
    Account.objects.filter(pk=people.storekeeper.account_id).update(is_active=False)
    assert program.get("me").status_code == 401


def test_only_the_hash_is_kept(people, call):
    program = call(people.dispatcher)
    (kept,) = sees(people.dispatcher, ApiToken)
    assert kept.token_hash == api_tokens.hash_of(program.secret)
    assert program.secret not in str(vars(kept))


def test_nobody_revokes_anothers_token(people, call):
    program = call(people.dispatcher)
    for other in (people.admin, people.stranger):
        with refused("not_found"):
            act(revoke_token, viewer=other, public_id=program.token.public_id, now=timezone.now())
    assert program.get("me").status_code == 200


def test_a_token_lives_a_year_at_most(people):
    with refused("token_days", field="days"):
        act(make_token, viewer=people.dispatcher, name="x", scope="read", days=366, now=timezone.now())
    with refused("token_scope", field="scope"):
        act(make_token, viewer=people.dispatcher, name="x", scope="all", days=1, now=timezone.now())


def test_nobody_has_more_than_twenty_valid_tokens(people):
    for _number in range(20):
        act(make_token, viewer=people.owner, name="x", scope="read", days=1, now=timezone.now())
    with refused("tokens_too_many"):
        act(make_token, viewer=people.owner, name="x", scope="read", days=1, now=timezone.now())


def test_the_use_is_written_down_even_when_it_was_refused(people, call):
    program = call(people.dispatcher)
    assert program.get("tickets/zzzzzzzzzzzzzzzz").status_code == 404
    (kept,) = sees(people.dispatcher, ApiToken)
    assert kept.last_used_at is not None


def test_a_token_that_may_only_read_writes_nothing(people, call):
    answer = call(people.dispatcher, scope="read").post("tickets", {"fault": "烫手,有异响"})
    assert (answer.status_code, answer.json()["code"]) == (403, "token_read_only")


def test_a_session_reads_and_writes_only_with_the_csrf_token(people, sign_in):
    from django.test import Client

    browser = sign_in(people.dispatcher)
    assert browser.get("/api/v1/me").json()["scope"] == "write"
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    answer = strict.post("/api/v1/tickets", {}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_missing")


def test_the_page_makes_lists_and_revokes(people, sign_in):
    browser = sign_in(people.dispatcher)
    page = browser.post("/me/tokens/", {"name": "金蝶接口", "scope": "write", "days": "90"})
    secret = page.context["secret"]
    assert secret in page.content.decode()
    assert browser.get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"}).json()["scope"] == "write"
    again = browser.get("/me/tokens/").content.decode()
    assert "金蝶接口" in again
    assert secret not in again
    (kept,) = sees(people.dispatcher, ApiToken)
    assert browser.post(f"/me/tokens/{kept.public_id}/revoke/").status_code == 302
    answer = browser.get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 401


def test_a_token_does_not_open_pages(people, call, client):
    answer = client.get("/me/tokens/", headers={"Authorization": f"Bearer {call(people.dispatcher).secret}"})
    assert answer.status_code == 302
