from datetime import timedelta

import pytest

from core.calendars import local
from tests import factories
from tests.people import refused
from tests.tickets.driver import Job
from tickets.enums import TicketState
from tickets.models import Trip


@pytest.mark.parametrize(
    "state", [TicketState.DONE, TicketState.REMOTE_DONE, TicketState.FOLLOWED_UP, TicketState.CLOSED]
)
def test_a_new_round_begins_with_its_own_t0(people, state):
    job = Job(people).to(state)
    before = job.ticket
    job.reopen(reason=" 又响了 ")
    ticket = job.ticket
    assert (ticket.state, ticket.round, ticket.is_rework) == (TicketState.CONTACTED, 2, True)
    assert (ticket.round_started_at, ticket.contacted_at, ticket.reported_at) == (
        job.clock,
        job.clock,
        before.reported_at,
    )
    assert (ticket.arrived_at, ticket.finished_at, ticket.closed_at, ticket.follow_up) == (None, None, None, "")
    assert (ticket.crew_ids, ticket.worked_ids) == ([], before.worked_ids)
    assert (job.last.text, job.last.facts) == ("又响了", {"round": 2})


def test_the_round_gets_a_slip_of_its_own_and_its_own_photos(people):
    job = Job(people).to(TicketState.DONE)
    first = job.slip
    job.reopen()
    for verb in ("dispatch", "accept", "set_out", "arrive", "start_work", "leave"):
        getattr(job, verb)()
    from tickets.operations.complete_slip import Incomplete

    with pytest.raises(Incomplete):  # the photos of round 1 prove nothing now
        job.complete()
    job.photograph()
    job.complete()
    job.sign()
    assert [(s.round, s.state, s.number) for s in job.slips] == [
        (1, "signed", "FW-CS01-202606-0001"),
        (2, "signed", "FW-CS01-202606-0002"),
    ]
    assert factories.again(first).content_hash == first.content_hash
    assert [(t.round, t.sequence) for t in factories.rows(Trip, ticket=job.ticket)] == [(1, 1), (2, 1)]
    assert job.slip.arrived_at > first.left_at


def test_within_ninety_days_the_last_day_included(people):
    job = Job(people).to(TicketState.DONE)
    midnight = local(job.ticket.finished_at).replace(hour=23, minute=59) + timedelta(days=90)
    with refused("rework_too_late"):
        job.reopen(now=midnight + timedelta(minutes=2))
    job.reopen(now=midnight)
    assert job.ticket.round == 2


def test_the_customer_may_have_told_it_earlier(people):
    job = Job(people).to(TicketState.DONE)
    told = job.ticket.finished_at + timedelta(hours=1)
    with refused("rework_before_finish", field="reported_at"):
        job.reopen(reported_at=job.ticket.finished_at - timedelta(minutes=1))
    with refused("reported_in_future", field="reported_at"):
        job.reopen(reported_at=job.clock + timedelta(days=2))
    job.reopen(reported_at=told, now=told + timedelta(hours=5))
    assert (job.ticket.round_started_at, job.last.at) == (told, told)


def test_not_without_a_reason_and_not_while_it_is_open(people):
    job = Job(people).to(TicketState.DONE)
    with refused("reason_missing", field="reason"):
        job.reopen(reason=" ")
    job.reopen()
    with refused("wrong_state"):
        job.reopen()


@pytest.mark.parametrize("state", [TicketState.MERGED, TicketState.CANCELLED])
def test_what_ended_without_work_is_reported_anew(people, state):
    job = Job(people).to(state)
    with refused("wrong_state"):
        job.reopen()
