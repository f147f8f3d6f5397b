from tests.people import refused
from tests.tickets.driver import Job
from tickets.enums import TicketState


def test_work_begins_after_the_arrival_only(people):
    job = Job(people).to(TicketState.EN_ROUTE)
    with refused("wrong_state"):
        job.start_work()
    job.arrive()
    job.start_work()
    assert job.state == TicketState.IN_WORK
