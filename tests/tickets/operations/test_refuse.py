import pytest

from tests import factories
from tests.people import act, refused
from tests.tickets.driver import Job
from tests.tickets.facts import kinds_told, told
from tickets.enums import TicketState
from tickets.models import Assignment
from tickets.queries import tickets


@pytest.mark.parametrize(
    ("verb", "state", "kind"),
    [("refuse", TicketState.DISPATCHED, "ticket_refused"), ("hand_back", TicketState.EN_ROUTE, "ticket_handed_back")],
)
def test_the_job_goes_back_to_the_desk_with_the_reason(people, verb, state, kind):
    job = Job(people, companions=[people.second_technician]).to(state)
    getattr(job, verb)(reason=" 在另一现场 ")
    ticket = job.ticket
    assert (ticket.state, ticket.lead_person_id, ticket.lead_name, ticket.crew_ids) == ("contacted", None, "", [])
    assert (job.last.verb, job.last.text) == (verb, "在另一现场")
    ended = factories.rows(Assignment, ticket=ticket)
    assert [(a.active, a.ended_at, a.end_reason) for a in ended] == [(False, job.clock, "在另一现场")] * 2
    assert kinds_told(people, "dispatcher") == kinds_told(people, "admin") == [kind]
    assert kinds_told(people, "second_technician") == ["ticket_new_job", "ticket_dispatch_ended"]
    assert kinds_told(people, "technician") == ["ticket_new_job"]
    assert "陈志强" in told(people)["dispatcher"][0] and "在另一现场" in told(people)["dispatcher"][0]


@pytest.mark.parametrize(("verb", "state"), [("refuse", TicketState.DISPATCHED), ("hand_back", TicketState.ACCEPTED)])
def test_the_desk_takes_a_job_back_and_the_crew_is_told(people, verb, state):
    job = Job(people).to(state)
    getattr(job, verb)(by=people.dispatcher)
    assert job.state == TicketState.CONTACTED
    assert kinds_told(people, "technician") == ["ticket_new_job", "ticket_dispatch_ended"]
    assert kinds_told(people, "dispatcher") == []


@pytest.mark.parametrize("verb", ["refuse", "hand_back"])
def test_not_without_a_reason(people, verb):
    job = Job(people).to(TicketState.DISPATCHED if verb == "refuse" else TicketState.ACCEPTED)
    with refused("reason_missing", field="reason"):
        getattr(job, verb)(reason="  ")
    assert job.ticket.crew_ids == [people.technician.person_id]


def test_who_handed_back_does_not_see_it_any_more(people):
    job = Job(people).to(TicketState.EN_ROUTE)
    job.hand_back()
    with refused("not_found"):
        act(lambda viewer: tickets.one(viewer, job.key), viewer=people.technician)
