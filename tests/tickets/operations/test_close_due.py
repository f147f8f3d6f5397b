from datetime import timedelta

from partners.models import Partnership
from partners.queries import viewers
from tests import factories
from tests.people import act
from tests.tickets.driver import Job
from tickets.enums import TicketState
from tickets.operations.finish_ticket import close_due


def close(people, now, **more):
    nobody = viewers.of_organisation(people.cs01.pk)
    return act(close_due, viewer=nobody, now=now, **more)


def test_a_followed_up_ticket_closes_after_seven_days(people):
    job = Job(people).to(TicketState.FOLLOWED_UP)
    called = job.clock
    assert close(people, called + timedelta(days=7)) == 0
    assert close(people, called + timedelta(days=7, seconds=1)) == 1
    assert (job.state, job.ticket.closed_at) == (TicketState.CLOSED, called + timedelta(days=7, seconds=1))
    assert (job.last.facts, job.last.author_id, job.last.author_name) == ({"automatic": True}, None, "")


def test_notes_after_the_call_do_not_keep_it_open(people):
    job = Job(people).to(TicketState.FOLLOWED_UP)
    called = job.clock
    job.note()
    assert close(people, called + timedelta(days=8)) == 1


def test_a_second_call_counts_from_its_own_day(people):
    job = Job(people).to(TicketState.FOLLOWED_UP)
    job.void()
    for verb in ("complete", "sign"):
        getattr(job, verb)()
    job.follow_up(now=job.clock + timedelta(days=20))
    assert close(people, job.clock + timedelta(days=6)) == 0


def test_one_without_follow_up_closes_thirty_days_after_the_work_marked(people):
    for state in (TicketState.DONE, TicketState.REMOTE_DONE):
        job = Job(people).to(state)
        finished = job.ticket.finished_at
        assert close(people, finished + timedelta(days=30)) == 0
        assert close(people, finished + timedelta(days=30, minutes=1)) == 1
        assert (job.state, job.last.facts) == (TicketState.CLOSED, {"automatic": True, "not_followed_up": True})


def test_it_closes_a_few_at_a_time_and_only_the_own_dealers(people):
    jobs = [Job(people).to(TicketState.REMOTE_DONE) for _ in range(3)]
    other = Job(people, desk=people.stranger).to(TicketState.REMOTE_DONE)
    later = jobs[0].clock + timedelta(days=31)
    assert [close(people, later, limit=2), close(people, later, limit=2), close(people, later, limit=2)] == [2, 1, 0]
    assert other.state == TicketState.REMOTE_DONE


def test_open_tickets_and_records_of_an_ended_partnership_stay(people):
    waiting, done = Job(people).to(TicketState.WAIT_SIGN), Job(people).to(TicketState.DONE)
    with factories.writing():
        Partnership._base_manager.filter(pk=people.partnership.pk).update(ended_at=done.clock)
    assert close(people, done.clock + timedelta(days=400)) == 0
    assert (waiting.state, done.state) == (TicketState.WAIT_SIGN, TicketState.DONE)
