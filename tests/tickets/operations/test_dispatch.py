from tests import factories
from tests.people import act, refused, sees
from tests.tickets.driver import Job
from tests.tickets.facts import shared_columns, told
from tickets.enums import TicketState
from tickets.models import Assignment, Ticket
from tickets.operations.dispatch import dispatch
from tickets.queries import tickets


def test_one_lead_and_his_companions_are_sent_and_told(people):
    job = Job(people, companions=[people.second_technician])
    job.dispatch()
    ticket = job.ticket
    crew = [people.technician.person_id, people.second_technician.person_id]
    assert (ticket.state, ticket.lead_name, ticket.crew_ids) == (TicketState.DISPATCHED, "陈志强", crew)
    assert job.last.facts == {"crew": ["陈志强", "刘建军"]}
    sent = factories.rows(Assignment, ticket=ticket)
    assert [(a.person_id, a.is_lead, a.phone, a.active) for a in sent] == [
        (crew[0], True, people.technician.phone, True),
        (crew[1], False, people.second_technician.phone, True),
    ]
    assert {shared_columns(row) for row in sent} == {shared_columns(ticket)}
    sentence = f"New job {ticket.number}: {ticket.customer_name}, 永州市"
    assert told(people) == {"technician": [sentence], "second_technician": [sentence]}


def test_a_technician_sees_his_jobs_and_no_others(people):
    job, other = Job(people), Job(people)
    job.dispatch()
    other.dispatch(lead=people.second_technician)
    assert act(tickets_seen, viewer=people.technician) == [job.key]
    assert act(tickets_seen, viewer=people.second_technician) == [other.key]
    assert len(sees(people.dispatcher, Ticket)) == 2


def tickets_seen(*, viewer):
    return [ticket.public_id for ticket in tickets.seen_by(viewer).order_by("id")]


def test_another_dispatch_ends_the_first_and_tells_both(people):
    job = Job(people, companions=[people.second_technician])
    job.dispatch()
    job.dispatch(lead=people.second_technician, companions=[])
    assert job.ticket.crew_ids == [people.second_technician.person_id]
    assert [(a.name, a.is_lead, a.active) for a in factories.rows(Assignment, ticket=job.ticket)] == [
        ("陈志强", True, False),
        ("刘建军", False, False),
        ("刘建军", True, True),
    ]
    assert [words.split()[0] for words in told(people)["technician"]] == ["New", "You"]


def test_from_waiting_for_a_part_another_technician_goes(people):
    job = Job(people).to(TicketState.WAIT_PART)
    job.dispatch(lead=people.second_technician)
    ticket = job.ticket
    assert (ticket.state, ticket.wait_reason, ticket.lead_name) == (TicketState.DISPATCHED, "", "刘建军")
    assert ticket.worked_ids == [people.technician.person_id]  # who was there stays known


def test_the_lead_named_as_his_own_companion_goes_once(people):
    job = Job(people, companions=[people.technician, people.second_technician, people.second_technician])
    job.dispatch()
    assert len(job.ticket.crew_ids) == 2


def test_only_active_technicians_of_the_own_dealer_are_sent(people):
    job = Job(people)
    for nobody in ("", "nobody", job.key_of(people.stranger_technician), job.key_of(people.accountant)):
        with refused("lead_missing", field="lead"):
            _send(job, nobody)
        with refused("companion_unknown", field="companions"):
            _send(job, job.key_of(people.technician), [nobody])
    assert job.ticket.crew_ids == []


def _send(job, lead, companions=()):
    job.do(dispatch, job.desk, lead=lead, companions=companions)
