"""The reviewer's queue, one claim after the other, and letting several through at once (domain.md 9.4, ui.md 8)."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import jobs
from settlement.calculations.claim_input import Word
from settlement.enums import ClaimState
from settlement.models import Claim
from settlement.operations import claims, review_claims
from settlement.queries import reviews
from tests import factories
from tests.people import act
from tests.settlement.claims import Claiming, given
from tests.tickets.driver import Job
from tests.warranty import policy
from tickets.enums import TicketState
from tickets.models import Photo

pytestmark = pytest.mark.django_db(transaction=True)
D = Decimal
ALLOWED: dict[str, int] = json.loads((Path(__file__).parent.parent / "query_counts.json").read_text())


@pytest.fixture
def claiming(people):
    policy(people.reviewer)
    made = Claiming(people)
    made.submit()
    jobs.drain()  # the automatic checks
    return made


def another(claiming, *, passed=False, **written):
    """A further submitted claim of the same dealer; its key."""
    job = Job(claiming.people, at=claiming.job.clock).to(TicketState.DONE)
    with factories.writing():  # pictures of tests are all the same, which the checks would find
        for photo in Photo._base_manager.filter(ticket=job.ticket):
            Photo._base_manager.filter(pk=photo.pk).update(sha256=f"{photo.pk:064d}")
    who = claiming.people.accountant
    key = act(claims.begin_claim, viewer=who, slip_public_id=job.slip.public_id, now=job.clock).public_id
    if written:
        act(
            claims.change_claim,
            viewer=who,
            public_id=key,
            given=given(job, **written),
            expected_version=None,
            now=job.clock,
        )
    act(claims.submit, viewer=who, public_id=key, expected_version=None, now=job.clock)
    jobs.drain()
    if passed:
        act(review_claims.pass_on, viewer=claiming.people.office, public_id=key, expected_version=None, words={}, now=job.clock)  # fmt: skip
    claiming.job.clock = job.clock
    return key


def states(*keys):
    return [factories.rows(Claim, public_id=key)[0].state for key in keys]


def due(key, days):
    """Put the due day of a claim some days off."""
    with factories.writing():
        row = Claim._base_manager.get(public_id=key)
        Claim._base_manager.filter(pk=row.pk).update(due_on=row.due_on.replace(day=row.due_on.day + days))


def whole(claiming):
    return {f"approved_{place}": f"{line[1]:.2f}" for place, line in enumerate(claiming.lines(), start=1)}


def test_the_queue_begins_with_what_is_due_first_and_goes_on_after_a_decision(people, sign_in, claiming):
    second, third = another(claiming), another(claiming)
    due(claiming.key, 2)
    due(second, 1)
    client = sign_in(people.office)
    assert client.get("/claims/review/")["Location"] == f"/claims/review/{third}/"
    text = client.get(f"/claims/review/{second}/").content.decode()
    assert "第 2 单,共 3 单" in text
    assert f'href="/claims/review/{third}/" data-key="k"' in text
    assert f'href="/claims/review/{claiming.key}/" data-key="j"' in text
    row = factories.rows(Claim, public_id=second)[0]
    assert f"/claims/{second}/pass/?next=%2Fclaims%2Freview%2F{claiming.key}%2F" in text
    sent = {**whole(claiming), "version": row.version}
    answer = client.post(f"/claims/{second}/pass/?next=/claims/review/{claiming.key}/", sent)
    assert answer["Location"] == f"/claims/review/{claiming.key}/"
    assert states(second) == [ClaimState.SECOND]
    assert client.get(f"/claims/review/{second}/")["Location"] == "/claims/review/"
    last = client.get(f"/claims/review/{claiming.key}/").content.decode()
    assert "第 2 单,共 2 单" in last
    assert '?next=%2Fclaims%2Freview%2F"' in last


def test_the_last_decision_leads_to_the_end_of_the_queue(people, sign_in, claiming):
    client = sign_in(people.office)
    sent = {"version": claiming.row.version, "reason": "缺照片"}
    answer = client.post(f"/claims/{claiming.key}/send_back/?next=/claims/review/", sent, follow=True)
    assert "没有等您审核的结算申请" in answer.content.decode()
    assert claiming.state == ClaimState.RETURNED


def test_one_page_has_slip_photos_distance_checks_and_former_claims(people, sign_in, claiming):
    claiming.passed(line_1=Word(D("1.00"), "hours"))
    claiming.approve()
    key = another(claiming, passed=True)
    text = sign_in(people.reviewer).get(f"/claims/review/{key}/").content.decode()
    for words in (
        "服务单内容",
        "自审",
        "本机其他维修",
        "该经销商近期结算申请",
        claiming.row.number,
        "扣减",
        "照片",
    ):
        assert words in text, words
    for key_of in ("a", "x", "b"):
        assert f'data-key="{key_of}"' in text
    assert 'name="cause"' in text


def test_who_reviewed_first_does_not_find_it_again(people, sign_in, claiming):
    with factories.writing():
        Claim._base_manager.filter(public_id=claiming.key).update(office_id=None)
    assert act(reviews.keys, viewer=people.reviewer) == [claiming.key]
    claiming.do(review_claims.pass_on, people.reviewer, words={})
    assert act(reviews.keys, viewer=people.reviewer) == []
    assert act(reviews.keys, viewer=people.hq_admin) == [claiming.key]
    assert sign_in(people.reviewer).get(f"/claims/review/{claiming.key}/")["Location"] == "/claims/review/"


@pytest.mark.parametrize("name", ["accountant", "finance", "technician", "quality"])
def test_only_reviewers_have_a_queue(people, sign_in, claiming, name):
    client = sign_in(getattr(people, name))
    for address in ("/claims/review/", f"/claims/review/{claiming.key}/", "/claims/review/several/"):
        assert client.get(address).status_code == 403


@pytest.mark.parametrize("name", ["other_office", "other_reviewer"])
def test_another_makers_reviewers_find_nothing(people, sign_in, claiming, name):
    client = sign_in(getattr(people, name))
    assert client.get(f"/claims/review/{claiming.key}/").status_code == 404
    assert client.get(f"/claims/review/several/?claim={claiming.key}").status_code == 404
    assert client.post("/claims/review/several/", {"claim": f"{claiming.key}:1"}).status_code == 404
    assert claiming.state == ClaimState.FIRST


def test_only_claims_without_a_finding_go_through_together(people, sign_in, claiming):
    """The second one is beyond the limit of people (M03): it stays, and the page says why."""
    flagged, third = another(claiming, people=3), another(claiming)
    client = sign_in(people.office)
    page = client.get("/claims/review/several/").content.decode()
    for key in (claiming.key, flagged, third):
        assert f'value="{key}"' in page
    query = "&".join(f"claim={key}" for key in (claiming.key, flagged, third))
    text = client.get(f"/claims/review/several/?{query}").content.decode()
    assert f'value="{flagged}:' not in text
    assert "自动检查发现问题" in text
    for key in (claiming.key, third):
        assert f'value="{key}:{factories.rows(Claim, public_id=key)[0].version}"' in text


def test_each_one_is_decided_by_itself_and_the_page_says_what_became_of_it(people, sign_in, claiming):
    """A stale one and one with a finding stay; the good one goes."""
    good, stale, flagged = claiming.key, another(claiming), another(claiming, people=3)
    client = sign_in(people.office)
    versions = {key: factories.rows(Claim, public_id=key)[0].version for key in (good, stale, flagged)}
    act(claims.take_back, viewer=people.accountant, public_id=stale, expected_version=None, now=claiming.job.clock)
    act(claims.submit, viewer=people.accountant, public_id=stale, expected_version=None, now=claiming.job.clock)
    sent = [f"{key}:{version}" for key, version in versions.items()]
    answer = client.post("/claims/review/several/", {"claim": sent})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "已通过 1 单" in text
    assert "自动检查发现问题" in text
    assert states(good, stale, flagged) == [ClaimState.SECOND, ClaimState.FIRST, ClaimState.FIRST]


def test_the_sum_is_what_stands_after_the_first_review(people, sign_in, claiming):
    claiming.passed(line_1=Word(D("1.00"), "hours"))
    cut = claiming.row.claimed - claiming.lines()[0][1] + D("1.00")
    sums = act(reviews.standing_sums, viewer=people.reviewer, chosen=[claiming.row])
    assert sums == {claiming.row.pk: cut}


def test_too_many_at_once_are_refused(people, sign_in, claiming):
    sent = [f"{claiming.key}:{version}" for version in range(reviews.MOST_AT_ONCE + 1)]
    answer = sign_in(people.office).post("/claims/review/several/", {"claim": sent})
    assert answer.status_code == 422


def test_a_longer_queue_costs_no_more_statements(people, sign_in, claiming):
    client = sign_in(people.office)
    counts = {"review": [], "bulk": []}
    for _round in range(2):
        for name, address in (("review", f"/claims/review/{claiming.key}/"), ("bulk", "/claims/review/several/")):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts[name].append(sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in queries))
        for _more in range(2):
            another(claiming)
    assert counts == {name: [ALLOWED[name]] * 2 for name in counts}
