from datetime import timedelta

import pytest

from tests import factories
from tests.people import refused
from tests.tickets.driver import STEP, Job
from tests.tickets.facts import shared_columns
from tickets.enums import TicketState
from tickets.models import Trip


@pytest.mark.parametrize("state", [TicketState.ACCEPTED, TicketState.WAIT_PART, TicketState.WAIT_CUST])
def test_a_new_trip_begins(people, state):
    job = Job(people, companions=[people.second_technician]).to(state)
    before = len(factories.rows(Trip, ticket=job.ticket))
    job.set_out(by=people.second_technician)
    trip = factories.rows(Trip, ticket=job.ticket)[-1]
    assert (job.state, job.ticket.wait_reason) == (TicketState.EN_ROUTE, "")
    assert (trip.sequence, trip.set_out_at, trip.arrived_at) == (before + 1, job.clock, None)
    assert trip.people == ["陈志强", "刘建军"]
    assert shared_columns(trip) == shared_columns(job.ticket)


def test_a_trip_that_never_arrived_is_thrown_away_with_the_next(people):
    job = Job(people).to(TicketState.EN_ROUTE)
    job.hand_back()
    job.dispatch(lead=people.second_technician)
    job.accept()
    job.set_out()
    assert [(t.sequence, t.people) for t in factories.rows(Trip, ticket=job.ticket)] == [(1, ["刘建军"])]


def test_not_in_the_future(people):
    job = Job(people).to(TicketState.ACCEPTED)
    with refused("in_future", field="at"):
        job.set_out(at=job.clock + STEP + timedelta(minutes=2))


def test_a_minute_between_two_clocks_is_forgiven(people):
    job = Job(people).to(TicketState.ACCEPTED)
    job.set_out(at=job.clock + STEP + timedelta(seconds=40))
    assert job.last.at == job.clock
