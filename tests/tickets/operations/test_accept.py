from tests.people import refused
from tests.tickets.driver import Job
from tickets.enums import TicketState


def test_the_lead_accepts_a_companion_does_not(people):
    job = Job(people, companions=[people.second_technician]).to(TicketState.DISPATCHED)
    with refused("not_allowed"):
        job.accept(by=people.second_technician)
    job.accept()
    assert (job.state, job.last.author_name) == (TicketState.ACCEPTED, "陈志强")


def test_a_dispatch_that_was_taken_back_is_not_accepted(people):
    job = Job(people).to(TicketState.DISPATCHED)
    version = job.ticket.version
    job.refuse(by=people.dispatcher)
    with refused("not_found"):  # he is not sent any more, so he does not see it
        job.accept(expected_version=version)
