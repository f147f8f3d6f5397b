"""Limits: the dealer's owner agrees above its own, a reviewer passes up what is above his (domain.md 2.2, 9.4)."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.utils import timezone

from core import jobs
from core.calendars import local_date
from core.errors import NotFound
from notices.models import Notice
from partners.models import Deputy
from settlement.calculations.claim_input import Word
from settlement.enums import ClaimState
from settlement.models import AmountLimit, ClaimRaise, OwnerApproval
from settlement.operations import claims, limits, review_claims
from settlement.queries import reviews
from tests import factories
from tests.people import act, refused, sees
from tests.settlement.claims import Claiming
from tickets.models import WarrantyRequest

pytestmark = pytest.mark.django_db(transaction=True)
D = Decimal
DAY = timedelta(days=1)


def limit(people, who, **amounts):
    """Set limits: of the dealer by nothing but the amount, of reviewers by their names."""
    keys = {"" if name == "dealer" else people.person(name).public_id: amount for name, amount in amounts.items()}
    act(limits.set_limits, viewer=who, amounts=keys, now=factories.NOW)


def told(people, kind):
    return sorted(row.person_id for row in factories.rows(Notice) if row.kind == kind)


@pytest.fixture
def claiming(people):
    return Claiming(people)


def test_above_the_limit_the_owner_agrees_before_a_claim_is_submitted(people, claiming):
    limit(people, people.admin, dealer=claiming.row.claimed - D("0.01"))
    with refused("owner_first"):
        claiming.submit()
    with refused("owner_not_asked"):
        claiming.do(limits.owner_agree, people.owner)
    claiming.do(limits.ask_owner)
    assert told(people, "claim_owner") == [people.owner.person_id]
    with refused("owner_asked"):
        claiming.do(limits.ask_owner)
    with refused("owner_first"):
        claiming.submit()
    with refused("not_allowed"):
        claiming.do(limits.owner_agree)
    claiming.do(limits.owner_agree, people.owner)
    assert people.accountant.person_id in told(people, "claim_owner_agreed")
    claiming.submit()
    assert claiming.state == ClaimState.FIRST


def test_the_limit_itself_is_still_within(people, claiming):
    limit(people, people.owner, dealer=claiming.row.claimed)
    with refused("owner_not_needed"):
        claiming.do(limits.ask_owner)
    claiming.submit()


def test_a_claim_that_asks_for_more_is_asked_anew(people, claiming):
    limit(people, people.owner, dealer=D(10))
    claiming.do(limits.ask_owner)
    claiming.do(limits.owner_agree, people.owner)
    claiming.write()
    with refused("owner_first"):
        claiming.submit()
    claiming.do(limits.ask_owner)
    claiming.do(limits.owner_decline, people.owner, reason="先对里程")
    with refused("owner_first"):
        claiming.submit()
    assert [row.state for row in factories.rows(OwnerApproval)] == ["granted", "declined"]


def test_what_the_owner_submits_himself_needs_no_second_word(people, claiming):
    limit(people, people.owner, dealer=D(10))
    claiming.do(claims.submit, people.owner)
    assert claiming.state == ClaimState.FIRST


def test_no_manufacturer_knows_of_a_dealers_limit(people, claiming):
    limit(people, people.owner, dealer=D(10))
    claiming.do(limits.ask_owner)
    claiming.do(limits.owner_agree, people.owner)
    claiming.submit()
    for who in (people.office, people.reviewer, people.hq_admin, people.stranger):
        assert sees(who, OwnerApproval) == []
        assert sees(who, AmountLimit) == []


def test_a_reviewer_approves_up_to_his_limit_and_less_of_a_bigger_claim(people, claiming):
    claiming.write()
    claiming.submit()
    claiming.passed()
    total = claiming.row.claimed
    limit(people, people.hq_admin, reviewer=total - D("0.01"))
    with refused("above_limit"):
        claiming.approve()
    first = claiming.lines()[0][1]
    claiming.approve(line_1=Word(first - D("0.01"), "hours"))
    assert claiming.row.approved == total - D("0.01")


def test_a_claim_above_the_limit_goes_up_and_out_of_the_queue(people, claiming):
    claiming.submit()
    claiming.passed()
    with refused("within_limit"):
        claiming.do(limits.raise_claim, people.reviewer, reason="建议核定")
    limit(people, people.hq_admin, reviewer=D(100))
    before = claiming.row.due_on
    claiming.do(limits.raise_claim, people.reviewer, reason="建议核定")
    assert told(people, "claim_raised") == [people.hq_admin.person_id]
    assert act(reviews.keys, viewer=people.reviewer) == []
    assert act(reviews.keys, viewer=people.hq_admin) == [claiming.key]
    assert claiming.row.due_on == before
    with refused("raised_before"):
        claiming.do(limits.raise_claim, people.reviewer, reason="建议核定")
    claiming.approve(people.hq_admin)
    assert claiming.state == ClaimState.APPROVED
    assert sees(people.accountant, ClaimRaise) == []
    assert sees(people.office, ClaimRaise) == []


def test_when_nobody_has_a_higher_limit_it_stays(people, claiming):
    claiming.submit()
    claiming.passed()
    limit(people, people.hq_admin, reviewer=D(100), hq_admin=D(200))
    with refused("nobody_higher"):
        claiming.do(limits.raise_claim, people.reviewer, reason="建议核定")
    assert factories.rows(ClaimRaise) == []


def test_an_appeal_above_the_limit_is_passed_up_too(people, claiming):
    claiming.submit()
    claiming.passed()
    claiming.do(review_claims.refuse, people.reviewer, cause="papers", reason="缺发票")
    claiming.do(claims.appeal, reason="附上发票")
    limit(people, people.hq_admin, hq_admin=D(100))
    with refused("nobody_higher"):
        claiming.do(limits.raise_claim, people.hq_admin, reason="请定")  # the only other one decided before


def test_limits_are_set_by_administrators_for_their_own_people(people):
    for name in ("accountant", "reviewer", "office_admin", "finance"):
        with refused("not_allowed"):
            limit(people, getattr(people, name), dealer=D(1))
    with pytest.raises(NotFound):
        limit(people, people.hq_admin, other_reviewer=D(1))
    with pytest.raises(NotFound):
        limit(people, people.hq_admin, finance=D(1))
    with refused("amount_wrong"):
        limit(people, people.admin, dealer=D(-1))
    limit(people, people.admin, dealer=D(5))
    limit(people, people.admin, dealer=D(6))
    assert [row.amount for row in factories.rows(AmountLimit)] == [D("6.00")]
    limit(people, people.admin, dealer=None)
    assert factories.rows(AmountLimit) == []


def test_pages_of_limits_and_of_the_owner(people, sign_in, claiming):
    client = sign_in(people.owner)
    assert "超过此金额须老板审批" in client.get("/claims/limits/").content.decode()
    assert client.post("/claims/limits/", {"limit_": "-1"}).status_code == 422
    assert client.post("/claims/limits/", {"limit_": "100"}).status_code == 302
    accountant = sign_in(people.accountant)
    text = accountant.get(f"/claims/{claiming.key}/").content.decode()
    assert "请老板审批" in text
    assert f"/claims/{claiming.key}/submit/" not in text
    version = {"version": claiming.row.version}
    assert accountant.post(f"/claims/{claiming.key}/ask_owner/", version).status_code == 302
    owner = sign_in(people.owner)
    assert "同意提交" in owner.get(f"/claims/{claiming.key}/").content.decode()
    assert owner.post(f"/claims/{claiming.key}/owner_agree/", version).status_code == 302
    assert owner.get(f"/claims/{claiming.key}/owner_agree/").status_code == 409
    accountant = sign_in(people.accountant)
    assert f"/claims/{claiming.key}/submit/" in accountant.get(f"/claims/{claiming.key}/").content.decode()
    claiming.submit()
    claiming.passed()
    jobs.drain()
    hq = sign_in(people.hq_admin)
    key = people.person("reviewer").public_id
    assert hq.post("/claims/limits/", {f"limit_{key}": "100", f"limit_{people.person('hq_admin').public_id}": ""}).status_code == 302  # fmt: skip
    reviewer = sign_in(people.reviewer)
    text = reviewer.get(f"/claims/review/{claiming.key}/").content.decode()
    assert 'data-key="u"' in text
    sent = {"version": claiming.row.version, "reason": "建议核定"}
    assert reviewer.post(f"/claims/{claiming.key}/raise/", sent).status_code == 302
    assert "建议核定" in sign_in(people.hq_admin).get(f"/claims/{claiming.key}/").content.decode()
    assert "建议核定" not in sign_in(people.accountant).get(f"/claims/{claiming.key}/").content.decode()


def test_of_goodwill_no_more_than_the_granted_share_is_approved(people, claiming):
    """照顾性保修 of 60 %: the rest of the claim is cut, and is the customer's (domain.md 4.4)."""
    claiming.write()
    claiming.submit()
    claiming.passed()
    total = claiming.row.claimed
    row = claiming.row
    with factories.writing():
        WarrantyRequest._base_manager.create(
            dealer_id=row.dealer_id, manufacturer_id=row.manufacturer_id, office_id=row.office_id, shared_with_maker=True,
            ticket=claiming.job.ticket, kind="goodwill", state="granted", maker_percent=60, reason="批次问题", asked_by="郭伟",
            asked_by_org=row.office_id, asked_at=claiming.job.clock,
        )  # fmt: skip
    with refused("above_share"):
        claiming.approve()
    most = (total * D("0.6")).quantize(D("0.01"), ROUND_HALF_UP)
    rest = total - most
    words = {}
    for place, (_item, claimed, _approved) in enumerate(claiming.lines(), start=1):
        cut = min(rest, claimed)
        if cut:
            words[f"line_{place}"] = Word(claimed - cut, "goodwill")
        rest -= cut
    claiming.approve(**words)
    assert claiming.row.approved == most


def test_who_acts_for_a_reviewer_on_leave_is_told_too(people, claiming):
    day = local_date(claiming.job.clock)
    reviewer, deputy = people.person("reviewer"), people.person("hq_admin")
    with factories.writing():
        Deputy._base_manager.create(
            organisation=people.sf,
            person=reviewer,
            deputy=deputy,
            first_day=day,
            last_day=local_date(timezone.now()) + DAY,
            named_by="于洋",
        )
    claiming.submit()
    claiming.passed()
    jobs.drain()
    assert told(people, "claim_passed") == sorted([reviewer.pk, deputy.pk])
