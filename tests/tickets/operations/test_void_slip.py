import pytest

from tests import factories
from tests.people import refused
from tests.tickets.driver import Job
from tickets.enums import TicketState
from tickets.models import Slip


@pytest.mark.parametrize(
    "state", [TicketState.WAIT_SIGN, TicketState.DONE, TicketState.FOLLOWED_UP, TicketState.CLOSED]
)
def test_the_ticket_goes_back_to_work_and_the_round_gets_a_new_slip(people, state):
    job = Job(people).to(state)
    number = job.slip.number
    job.void(reason=" 里程写错 ")
    slip, ticket = job.slip, job.ticket
    assert (slip.state, slip.number, slip.void_reason, slip.voided_by) == ("void", number, "里程写错", "李静")
    assert slip.voided_at == job.clock
    assert (ticket.state, ticket.finished_at, ticket.closed_at, ticket.follow_up) == (
        TicketState.IN_WORK,
        None,
        None,
        "",
    )
    assert (job.last.verb, job.last.text, job.last.facts) == ("void_slip", "里程写错", {"slip": number})
    job.complete()
    job.sign()
    assert [s.number for s in job.slips] == ["FW-CS01-202606-0001", "FW-CS01-202606-0002"]


def test_a_refused_slip_is_voided_alike(people):
    job = Job(people).to(TicketState.WAIT_SIGN)
    job.refuse_signature()
    job.void()
    assert (job.slip.state, job.state) == ("void", TicketState.IN_WORK)


@pytest.mark.parametrize("state", [TicketState.REMOTE_DONE, "followed_up", "closed"])
def test_a_remote_slip_takes_the_ticket_back_to_the_desk(people, state):
    job = Job(people).to(TicketState.REMOTE_DONE)
    if state != TicketState.REMOTE_DONE:
        job.follow_up(by=people.admin)
    if state == "closed":
        job.close()
    job.void()
    assert (job.slip.state, job.state, job.last.verb) == ("void", TicketState.CONTACTED, "void_remote_slip")
    job.finish_remote()
    assert [s.state for s in job.slips] == ["void", "signed"]


def test_a_numbered_draft_is_voided_where_it_stands(people):
    job = Job(people).to(TicketState.WAIT_SIGN)
    job.correct()
    version = job.ticket.version
    job.void()
    assert (job.slip.state, job.state, job.ticket.version) == ("void", TicketState.IN_WORK, version)
    assert (job.last.kind, job.last.verb, job.last.text) == ("fact", "void_slip", "里程写错")


def test_a_draft_without_number_is_changed_not_voided(people):
    job = Job(people).to(TicketState.IN_WORK)
    job.save()
    with refused("slip_without_number"):
        job.void()


def test_not_without_a_reason_and_not_twice(people):
    job = Job(people).to(TicketState.DONE)
    with refused("reason_missing", field="reason"):
        job.void(reason=" ")
    job.void()
    with refused("wrong_state"):
        job.void()


def test_a_slip_on_which_a_claim_stands_stays(people):
    job = Job(people).to(TicketState.DONE)
    with factories.writing():
        Slip._base_manager.filter(pk=job.slip.pk).update(locked=True)
    with refused("slip_locked"):
        job.void()
    assert (job.slip.state, job.state) == ("signed", TicketState.DONE)


def test_the_slip_of_an_earlier_round_stays(people):
    job = Job(people).to(TicketState.DONE)
    job.reopen()
    with refused("slip_of_earlier_round"):
        job.void()


def test_the_event_is_told_for_a_frozen_slip_only(people, monkeypatch):
    from core import events

    heard = []
    monkeypatch.setitem(events._handlers, "slip_voided", [lambda **facts: heard.append(facts["slip"].number)])
    waiting, done = Job(people).to(TicketState.WAIT_SIGN), Job(people).to(TicketState.DONE)
    waiting.void()
    done.void()
    assert heard == [done.slip.number]
