from datetime import timedelta
from decimal import Decimal

import pytest

from tests import factories
from tests.people import refused
from tests.tickets.driver import Job
from tickets.enums import TicketState
from tickets.models import Trip


def trips(job):
    return factories.rows(Trip, ticket=job.ticket)


def test_leaving_ends_the_trip_and_nothing_else(people):
    job = Job(people).to(TicketState.IN_WORK)
    before = job.ticket
    job.leave(km=Decimal("318.0"), nights=1, transport="own_car")
    (trip,) = trips(job)
    assert (trip.left_at, trip.km, trip.nights, trip.transport) == (job.clock, Decimal("318.0"), 1, "own_car")
    assert (job.state, job.ticket.version) == (TicketState.IN_WORK, before.version + 1)
    assert (job.last.verb, job.last.kind, job.last.facts) == ("leave", "fact", {"km": "318.0"})


def test_leaving_at_once_counts_as_having_worked(people):
    job = Job(people).to(TicketState.ARRIVED)
    before = job.ticket.version
    job.leave()
    assert job.state == TicketState.IN_WORK
    assert [(e.verb, e.at) for e in job.log[-2:]] == [("start_work", trips(job)[0].arrived_at), ("leave", job.clock)]
    assert job.ticket.version == before + 2


def test_not_before_or_at_the_arrival(people):
    job = Job(people).to(TicketState.IN_WORK)
    arrived = trips(job)[0].arrived_at
    for moment in (arrived, arrived - timedelta(minutes=1)):
        with refused("leaving_before_arrival", field="at"):
            job.leave(at=moment, reason="补录")


def test_a_time_typed_later_wants_its_reason(people):
    job = Job(people).to(TicketState.IN_WORK)
    when = job.clock
    with refused("by_hand_reason_missing", field="reason"):
        job.leave(at=when, now=when + timedelta(minutes=20))
    job.leave(at=when, now=when + timedelta(minutes=30), reason="忘记打卡")
    assert (trips(job)[0].left_at, trips(job)[0].manual_reason) == (when, "忘记打卡")
    assert job.last.facts == {"km": "27.5", "by_hand": True}


def test_nobody_leaves_twice(people):
    job = Job(people).to(TicketState.IN_WORK)
    job.leave()
    with refused("no_open_trip"):
        job.leave()


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ({"km": Decimal(-1)}, "number_wrong", "km"),
        ({"km": Decimal(10_000)}, "number_wrong", "km"),
        ({"nights": -1}, "number_wrong", "nights"),
        ({"transport": "donkey"}, "choice_unknown", "transport"),
    ],
)
def test_what_cannot_be_is_refused(people, facts, code, field):
    job = Job(people).to(TicketState.IN_WORK)
    with refused(code, field=field):
        job.leave(**facts)
    assert trips(job)[0].left_at is None


def test_a_draft_follows_the_trips_unless_it_was_changed_by_hand(people):
    job = Job(people).to(TicketState.IN_WORK)
    job.open_slip()
    job.leave(km=Decimal("27.5"), nights=1)
    first = job.slip
    assert (first.left_at, first.km, first.nights) == (job.clock, Decimal("27.5"), 1)
    job.wait_part()
    job.set_out()
    job.arrive()
    job.start_work()
    job.leave(km=Decimal("30.0"))
    assert (job.slip.left_at, job.slip.km, job.slip.nights) == (job.clock, Decimal("57.5"), 1)
    assert job.slip.arrived_at == trips(job)[0].arrived_at
    assert job.slip.version == first.version  # the form on the phone is not stale by this


def test_kilometres_typed_on_the_slip_have_the_last_word(people):
    job = Job(people).to(TicketState.IN_WORK)
    job.save(km=Decimal("99.0"))
    job.leave(km=Decimal("27.5"))
    assert job.slip.km == Decimal("99.0")
