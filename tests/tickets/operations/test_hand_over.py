"""Open tickets of a technician who leaves change hands when he is deactivated."""

from __future__ import annotations

import pytest

from partners.operations.people import deactivate_person
from tests import factories
from tests.people import act, refused
from tests.tickets.driver import Job
from tests.tickets.facts import kinds_told
from tickets.enums import TicketState
from tickets.models import Assignment


def deactivate(people, job, to=""):
    key = people.person(to).public_id if to else ""
    technician = people.person("technician")
    arguments = {"public_id": technician.public_id, "expected_version": 1, "now": job.tick()}
    return act(deactivate_person, viewer=people.admin, hand_over_to=key, **arguments)


def running(job):
    rows = factories.rows(Assignment, ticket_id=job.ticket.pk, active=True)
    return [(row.name, row.is_lead) for row in rows]


@pytest.mark.parametrize("state", [TicketState.DISPATCHED, TicketState.IN_WORK, TicketState.WAIT_PART])
def test_the_lead_is_replaced_and_the_state_stays(people, state):
    job = Job(people).to(state)
    with refused("hand_over_missing", field="hand_over_to"):
        deactivate(people, job)
    crew = job.ticket.crew_ids
    deactivate(people, job, "second_technician")
    ticket = job.ticket
    assert (ticket.state, ticket.lead_name) == (state, "刘建军" if crew else "")
    assert running(job) == ([("刘建军", True)] if crew else [])
    assert (job.last.verb, job.last.facts) == ("handed_over", {"from": "陈志强", "to": "刘建军"})
    assert kinds_told(people, "second_technician") == ["ticket_new_job"]


def test_a_companion_who_takes_over_becomes_the_lead(people):
    job = Job(people, companions=[people.second_technician]).to(TicketState.ACCEPTED)
    deactivate(people, job, "second_technician")
    assert job.ticket.crew_ids == [people.person("second_technician").pk]
    assert running(job) == [("刘建军", True)]


def test_a_companion_who_leaves_is_replaced_without_touching_the_lead(people):
    job = Job(people, lead=people.second_technician, companions=[people.technician]).to(TicketState.ACCEPTED)
    deactivate(people, job, "second_technician")
    assert job.ticket.crew_ids == [people.person("second_technician").pk]
    assert running(job) == [("刘建军", True)]


def test_only_a_technician_takes_over(people):
    job = Job(people).to(TicketState.DISPATCHED)
    with refused("colleague_no_technician", field="hand_over_to"):
        deactivate(people, job, "storekeeper")
    assert running(job) == [("陈志强", True)]


def test_finished_tickets_are_not_touched(people):
    job = Job(people).to(TicketState.CLOSED)
    before = (job.ticket.version, len(job.log))
    deactivate(people, job)
    assert (job.ticket.version, len(job.log)) == before
