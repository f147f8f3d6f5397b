import pytest

from tests.people import refused
from tests.tickets.driver import Job
from tickets.enums import TicketState

WAITING = [("wait_part", TicketState.WAIT_PART), ("wait_customer", TicketState.WAIT_CUST)]


@pytest.mark.parametrize(("verb", "state"), WAITING)
def test_waiting_says_for_what_and_ends_without_another_trip(people, verb, state):
    job = Job(people).to(TicketState.IN_WORK)
    job.leave()
    getattr(job, verb)(reason=" 轴承 6309 两套 ")
    assert (job.state, job.ticket.wait_reason, job.last.text) == (state, "轴承 6309 两套", "轴承 6309 两套")
    job.resume()
    assert (job.state, job.ticket.wait_reason) == (TicketState.IN_WORK, "")


@pytest.mark.parametrize(("verb", "state"), WAITING)
def test_nobody_waits_on_site(people, verb, state):
    job = Job(people).to(TicketState.IN_WORK)
    with refused("still_on_site"):
        getattr(job, verb)()


@pytest.mark.parametrize(("verb", "state"), WAITING)
def test_not_without_a_reason(people, verb, state):
    job = Job(people).to(TicketState.IN_WORK)
    job.leave()
    with refused("reason_missing", field="reason"):
        getattr(job, verb)(reason=" ")
