from datetime import timedelta

from tests.people import refused
from tests.tickets.driver import T0, Job
from tickets.enums import TicketState


def test_an_appointment_names_who_agreed_and_may_be_moved(people):
    job = Job(people)
    job.appoint(appointment_at=T0 + timedelta(hours=6), agreed_with="欧阳建国")
    job.appoint(appointment_at=T0 + timedelta(hours=30), agreed_with="张工")
    ticket = job.ticket
    assert (ticket.state, ticket.appointment_at) == (TicketState.APPOINTED, T0 + timedelta(hours=30))
    assert [e.facts for e in job.log if e.verb == "appoint"] == [
        {"appointment": "06-11 16:30", "with": "欧阳建国"},
        {"appointment": "06-12 16:30", "with": "张工"},
    ]


def test_it_lies_in_the_future_and_somebody_agreed(people):
    job = Job(people)
    with refused("appointment_in_past", field="appointment_at"):
        job.appoint(appointment_at=T0)
    with refused("agreed_with_missing", field="agreed_with"):
        job.appoint(agreed_with=" ")
    assert job.ticket.appointment_at is None
