"""The automatic checks and people on the same claim at once: it moves once, and nothing of a lost run is left (domain.md 9.3, 9.4)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from core import jobs
from settlement.enums import ClaimState
from settlement.explain.checks import in_short
from settlement.models import CheckRecord, CheckRun, ClaimDecision, ClaimEvent
from settlement.operations import claims, review_claims
from settlement.operations.checks import check_claim
from tests import factories
from tests.people import act
from tests.races.threads import SEED, THREADS, Pool, codes, rounds, won
from tests.settlement.claims import Claiming
from tests.tickets.driver import Job
from tests.warranty import policy
from tickets.enums import TicketState

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

S = ClaimState


@pytest.fixture
def pool() -> Iterator[Pool]:
    with Pool() as made:
        yield made


@pytest.fixture
def chance() -> random.Random:
    print(f"SEED={SEED}")  # noqa: T201  # shown when a round breaks
    return random.Random(SEED)


def _late(people: Any) -> Claiming:
    """A claim that the checks refuse, submitted and not checked yet."""
    claiming = Claiming(people, Job(people).to(TicketState.DONE))
    claiming.do(claims.submit, now=claiming.job.clock + timedelta(days=31))
    return claiming


def _check(people: Any, claiming: Claiming) -> Any:
    row = claiming.row
    return partial(
        act, check_claim, viewer=people.hq_admin, claim_id=row.pk, submitted_at=row.submitted_at, say=in_short, now=factories.NOW
    )  # fmt: skip


def test_a_claim_is_taken_back_while_the_checks_run(people, pool, chance):
    policy(people.hq_admin)
    for turn in range(rounds(8)):
        claiming = _late(people)
        now = claiming.job.clock
        back = partial(
            act, claims.take_back, viewer=people.accountant, public_id=claiming.key, expected_version=None, now=now
        )
        check = _check(people, claiming)
        answers = pool.race([check, back] * (THREADS // 2), chance)
        assert set(codes(answers)) == {"wrong_state"}, f"round {turn}"
        runs = factories.rows(CheckRun, claim__public_id=claiming.key)
        verbs = [one.verb for one in factories.rows(ClaimEvent, claim__public_id=claiming.key)]
        if claiming.state == S.DRAFT:
            assert (runs, verbs[-1]) == ([], "take_back")
        else:
            assert (claiming.state, len(runs), verbs.count("check_refuse")) == (S.REFUSED, 1, 1)
            assert "take_back" not in verbs
        decided = factories.rows(ClaimDecision, line__claim__public_id=claiming.key)
        assert len(decided) == (len(claiming.lines()) if runs else 0)


def test_many_workers_check_a_claim_once(people, pool, chance):
    policy(people.hq_admin)
    for turn in range(rounds(6)):
        claiming = _late(people)
        answers = pool.race([_check(people, claiming)] * THREADS, chance)
        assert (codes(answers), sum(one is not None for one in won(answers))) == ([], 1), f"round {turn}"
        assert len(factories.rows(CheckRecord, run__claim__public_id=claiming.key)) == 1
    jobs.drain()
    assert len(factories.rows(CheckRun)) == rounds(6)


def test_a_reviewer_who_has_waited_and_the_checks_decide_once(people, pool, chance):
    policy(people.hq_admin)
    for turn in range(rounds(6)):
        claiming = _late(people)
        late = claiming.job.clock + timedelta(minutes=6)
        deed = partial(
            act, review_claims.pass_on, viewer=people.office, public_id=claiming.key, expected_version=None, words={}, now=late
        )  # fmt: skip
        answers = pool.race([_check(people, claiming), deed] * (THREADS // 2), chance)
        assert set(codes(answers)) == {"wrong_state"}, f"round {turn}"
        verbs = [one.verb for one in factories.rows(ClaimEvent, claim__public_id=claiming.key)]
        assert verbs.count("pass") + verbs.count("check_refuse") == 1
        assert claiming.state == (S.SECOND if "pass" in verbs else S.REFUSED)
        assert len(factories.rows(CheckRun, claim__public_id=claiming.key)) == 1
