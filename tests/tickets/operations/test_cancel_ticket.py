import pytest

from tests import factories
from tests.people import refused
from tests.tickets.driver import Job
from tests.tickets.facts import kinds_told
from tickets.enums import BEFORE_SIGNING, TicketState
from tickets.models import Assignment


@pytest.mark.parametrize("state", BEFORE_SIGNING)
def test_from_every_state_before_signing(people, state):
    job = Job(people, source="wechat" if state == TicketState.NEW else "phone").to(state)
    sent = bool(job.ticket.crew_ids)
    job.cancel(reason=" 客户撤销 ")
    ticket = job.ticket
    assert (ticket.state, ticket.end_reason, ticket.closed_at) == (TicketState.CANCELLED, "客户撤销", job.clock)
    assert (ticket.lead_person_id, ticket.crew_ids) == (None, [])
    assert all(not a.active for a in factories.rows(Assignment, ticket=ticket))
    assert ("ticket_dispatch_ended" in kinds_told(people, "technician")) is sent


@pytest.mark.parametrize("state", [TicketState.WAIT_SIGN, TicketState.DONE, TicketState.CLOSED, TicketState.MERGED])
def test_not_from_then_on(people, state):
    job = Job(people).to(state)
    with refused("wrong_state"):
        job.cancel()


def test_a_numbered_slip_becomes_void_and_the_number_stays_used(people):
    job = Job(people).to(TicketState.WAIT_SIGN)
    job.correct()
    job.cancel()
    assert (job.slip.state, job.slip.number, job.slip.void_reason) == ("void", "FW-CS01-202606-0001", "客户撤销")
    assert [e.verb for e in job.log[-2:]] == ["cancel", "void_slip"]
    assert Job(people).to(TicketState.WAIT_SIGN).slip.number == "FW-CS01-202606-0002"


def test_a_draft_without_number_stays_a_draft(people):
    job = Job(people).to(TicketState.IN_WORK)
    job.save()
    job.cancel()
    assert (job.slip.state, job.slip.number) == ("draft", "")


def test_not_without_a_reason(people):
    job = Job(people)
    with refused("reason_missing", field="reason"):
        job.cancel(reason="  ")
