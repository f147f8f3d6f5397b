"""Several people on one request for support or referral: what must happen once happens once."""

from __future__ import annotations

import random
from functools import partial
from typing import Any

import pytest

from partners.enums import Role
from tests import factories
from tests.people import act
from tests.races.threads import SEED, THREADS, Pool, codes, rounds, won
from tests.tickets.driver import Job
from tests.tickets.support import MOTOR, PHENOMENON, Support, refer, ticket_of
from tickets.enums import EscalationState, TicketState
from tickets.models import Entry, Escalation, Ticket
from tickets.operations import dispatch, escalate, refer_ticket, support
from tickets.operations.escalate import Facts

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def chance() -> random.Random:
    print(f"SEED={SEED}")  # noqa: T201  # shown when a round breaks
    return random.Random(SEED)


@pytest.fixture
def pool() -> Any:
    with Pool() as made:
        yield made


def test_two_people_accept_and_one_has_it(people, pool, chance):
    for _ in range(rounds(8)):
        request = Support(people)
        request.submit()
        facts = {"public_id": request.key, "expected_version": request.row.version, "now": request.job.clock}
        who = [people.office, people.office_engineer] * (THREADS // 2)
        answers = pool.race([partial(act, support.accept, viewer=one, **facts) for one in who], chance)
        assert (len(won(answers)), set(codes(answers)) <= {"stale", "wrong_state"}) == (1, True)
        assert request.row.accepted_by == won(answers)[0].accepted_by
        assert len(factories.rows(Entry, ticket__public_id=request.job.key, verb="support_accept")) == 1


def test_the_dealer_withdraws_while_the_office_accepts(people, pool, chance):
    """In both orders there is one end, no deadlock, and the flag of the ticket agrees with it."""
    for _ in range(rounds(8)):
        request = Support(people)
        request.submit()
        version, now = request.row.version, request.job.clock
        facts = {"public_id": request.key, "expected_version": version, "now": now}
        deeds = [partial(act, support.accept, viewer=people.office, **facts)] * (THREADS // 2)
        deeds += [partial(act, escalate.withdraw, viewer=people.dispatcher, reason="已解决", **facts)] * (THREADS // 2)
        assert len(won(pool.race(deeds, chance))) == 1
        gone = request.row.state == EscalationState.WITHDRAWN
        assert (request.job.ticket.supported_since is None) is gone


def test_eight_forms_at_once_begin_one_request(people, pool, chance):
    for _ in range(rounds(6)):
        job = Job(people)
        photo = job.photo(by=job.desk)
        facts = Facts(phenomenon=PHENOMENON, readings=MOTOR, photos=[photo.public_id])
        who = [people.dispatcher, people.admin] * (THREADS // 2)
        deeds = [
            partial(act, escalate.save_draft, viewer=one, ticket_public_id=job.key, facts=facts, now=job.clock)
            for one in who
        ]
        pool.race(deeds, chance)
        assert len(factories.rows(Escalation, ticket__public_id=job.key)) == 1


def test_a_referral_that_arrives_eight_times_is_one_ticket(people, pool, chance):
    for turn in range(1, rounds(6) + 1):
        referral = refer(people, people.call_centre, people.cs01, serial_number="", phone=f"1387465{turn:04d}")
        deed = partial(
            act, refer_ticket.receive_referral, viewer=people.dispatcher, referral_id=referral.pk, now=referral.sent_at
        )
        pool.race([deed] * THREADS, chance)
        assert len(factories.rows(Ticket, referral_id=referral.pk)) == 1


def test_headquarters_decides_while_the_dealer_accepts(people, pool, chance):
    """Insisting and redirecting by the maker, accepting by the dealer: all lock ticket and referral in one order."""
    other = factories.dealer()
    factories.partnership(other, people.sf)
    factories.person(other, Role.DISPATCHER)
    for turn in range(rounds(6)):
        referral = refer(people, people.call_centre, people.cs01, serial_number="", phone=f"1387466{turn:04d}")
        ticket = ticket_of(referral)
        now = factories.again(ticket).reported_at
        key = {"public_id": ticket.public_id, "expected_version": None, "now": now}
        act(refer_ticket.ask_transfer, viewer=people.dispatcher, reason="不在区域", **key)
        maker = {"public_id": referral.public_id, "expected_version": None, "now": now, "reason": "归他"}
        deeds = [partial(act, refer_ticket.insist, viewer=people.call_centre, **maker)] * 3
        deeds += [
            partial(act, refer_ticket.redirect_referral, viewer=people.reviewer, dealer=other.public_id, **maker)
        ] * 2
        deeds += [
            partial(act, dispatch.contact_customer, viewer=people.dispatcher, channel="phone", note="", **key)
        ] * 3
        answers = pool.race(deeds, chance)
        assert len(won(answers[5:])) == 1
        assert factories.again(ticket).state == TicketState.CONTACTED
        assert len(won(answers[:5])) <= 1
