import pytest

from tests.people import refused
from tests.tickets.driver import Job
from tickets.enums import TicketState


def test_after_the_follow_up_it_just_closes(people):
    job = Job(people).to(TicketState.CLOSED)
    assert (job.ticket.closed_at, job.last.facts) == (job.clock, {})


@pytest.mark.parametrize("state", [TicketState.DONE, TicketState.REMOTE_DONE])
def test_without_follow_up_it_is_marked(people, state):
    job = Job(people).to(state)
    job.close()
    assert (job.state, job.last.facts) == (TicketState.CLOSED, {"not_followed_up": True})


def test_what_is_not_done_does_not_close(people):
    job = Job(people).to(TicketState.WAIT_SIGN)
    with refused("wrong_state"):
        job.close()
