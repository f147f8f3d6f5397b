from datetime import timedelta
from decimal import Decimal

import pytest

from tests import factories
from tests.people import refused
from tests.tickets.driver import T0, Job
from tickets.enums import TicketState
from tickets.models import Trip
from tickets.operations.field_work import Position


def trips(job):
    return factories.rows(Trip, ticket=job.ticket)


def test_checking_in_notes_time_people_and_place(people):
    job = Job(people, companions=[people.second_technician]).to(TicketState.EN_ROUTE)
    job.arrive(position=Position(Decimal("26.435900"), Decimal("111.608000"), 12))
    ticket, (trip,) = job.ticket, trips(job)
    assert (ticket.state, ticket.arrived_at, trip.arrived_at) == (TicketState.ARRIVED, job.clock, job.clock)
    assert ticket.worked_ids == sorted([people.technician.person_id, people.second_technician.person_id])
    assert (trip.latitude, trip.longitude, trip.accuracy_m) == (Decimal("26.435900"), Decimal("111.608000"), 12)
    assert (trip.manual_reason, job.last.facts) == ("", {})


def test_a_position_is_not_needed(people):
    job = Job(people).to(TicketState.ARRIVED)
    assert trips(job)[0].latitude is None


def test_setting_out_may_be_forgotten(people):
    job = Job(people).to(TicketState.ACCEPTED)
    job.arrive()
    (trip,) = trips(job)
    assert (job.state, trip.set_out_at, trip.arrived_at) == (TicketState.ARRIVED, None, job.clock)


def test_a_time_typed_later_wants_its_reason(people):
    job = Job(people).to(TicketState.ACCEPTED)
    when = job.clock + timedelta(minutes=5)
    now = when + timedelta(minutes=11)
    with refused("by_hand_reason_missing", field="reason"):
        job.arrive(at=when, now=now)
    job.arrive(at=when, reason="没有信号", now=now)
    assert (job.ticket.arrived_at, trips(job)[0].manual_reason) == (when, "没有信号")
    assert (job.last.at, job.last.recorded_at, job.last.text) == (when, now, "没有信号")
    assert job.last.facts == {"by_hand": True}


def test_not_before_the_report(people):
    job = Job(people).to(TicketState.ACCEPTED)
    with refused("arrival_before_report", field="at"):
        job.arrive(at=T0 - timedelta(minutes=1), reason="补录")


def test_not_before_setting_out_and_not_before_the_last_departure(people):
    job = Job(people).to(TicketState.EN_ROUTE)
    with refused("arrival_before_departure", field="at"):
        job.arrive(at=job.clock - timedelta(minutes=1), reason="补录")
    waiting = Job(people).to(TicketState.WAIT_PART)
    left = trips(waiting)[0].left_at
    waiting.dispatch()
    waiting.accept()
    with refused("arrival_before_departure", field="at"):
        waiting.arrive(at=left - timedelta(minutes=1), reason="补录")
    assert waiting.state == TicketState.ACCEPTED


def test_not_in_the_future(people):
    job = Job(people).to(TicketState.EN_ROUTE)
    with refused("in_future", field="at"):
        job.arrive(at=job.clock + timedelta(hours=1))


@pytest.mark.parametrize("by_dispatch", [False, True])
def test_the_first_arrival_of_the_round_stays_the_arrival(people, by_dispatch):
    job = Job(people).to(TicketState.WAIT_PART)
    first = job.ticket.arrived_at
    if by_dispatch:
        job.dispatch(lead=people.second_technician)
        job.accept()
    job.set_out()
    job.arrive()
    assert job.ticket.arrived_at == first
    assert [trip.sequence for trip in trips(job)] == [1, 2]
