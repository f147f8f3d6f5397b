"""Reminders of tickets that stand still: once each, to whom it concerns (domain.md 20)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import jobs, tick
from core.models import Job as JobRow
from notices.models import Notice
from partners.queries import viewers
from tests import factories
from tests.people import act
from tests.tickets.driver import Job
from tickets import tasks
from tickets.enums import TicketState
from tickets.models import Entry, Reminder, Trip
from tickets.operations import hold_clocks
from tickets.operations.remind import remind_due

DAY = timedelta(days=1)


def remind(people, now, **more):
    nobody = viewers.of_organisation(people.cs01.pk)
    return act(remind_due, viewer=nobody, now=now, **more)


def told(people, kind):
    names = {people.person(name).pk: name for name in ("admin", "dispatcher", "technician", "storekeeper", "owner")}
    return sorted(names.get(row.person_id, "?") for row in factories.rows(Notice) if row.kind == kind)


def left_at(job):
    return factories.rows(Trip, "-sequence", ticket=job.ticket)[0].left_at


def waits_since(job):
    return factories.rows(Entry, "-at", ticket=job.ticket, target_state=TicketState.WAIT_PART)[0].at


@pytest.mark.parametrize("state", [TicketState.WAIT_SIGN, TicketState.IN_WORK])
def test_a_day_after_the_site_was_left_an_unsigned_slip_is_reminded_of_once(people, state):
    job = Job(people).to(TicketState.WAIT_SIGN if state == TicketState.WAIT_SIGN else TicketState.IN_WORK)
    if state == TicketState.IN_WORK:
        assert remind(people, job.clock + 3 * DAY) == 0, "he is still there"
        job.leave()
    left = left_at(job)
    assert remind(people, left + DAY) == 0
    assert remind(people, left + DAY + timedelta(seconds=1)) == 1
    assert told(people, "slip_unsigned") == ["admin", "dispatcher", "technician"]
    (notice,) = [row for row in factories.rows(Notice) if row.kind == "slip_unsigned"][:1]
    assert notice.params["number"] == job.ticket.number and notice.url == f"/tickets/{job.key}/"
    for days in (1, 2, 3, 30):
        assert remind(people, left + days * DAY + timedelta(hours=1)) == 0
    assert len(factories.rows(Reminder)) == 1


def test_what_is_signed_or_waits_for_part_or_customer_is_no_unsigned_slip(people):
    jobs_ = [Job(people).to(state) for state in (TicketState.DONE, TicketState.WAIT_PART, TicketState.WAIT_CUST)]
    assert remind(people, max(job.clock for job in jobs_) + 2 * DAY) == 0


def test_a_part_that_is_awaited_for_more_than_three_days_is_reminded_of_once_a_day(people):
    job = Job(people).to(TicketState.WAIT_PART)
    since = waits_since(job)
    assert remind(people, since + 3 * DAY) == 0
    first = since + 3 * DAY + timedelta(minutes=1)
    assert [remind(people, first), remind(people, first + timedelta(hours=2))] == [1, 0]
    assert told(people, "ticket_part_late") == ["admin", "dispatcher", "storekeeper"]
    assert [remind(people, first + DAY), remind(people, first + DAY)] == [1, 0]
    assert len(factories.rows(Reminder)) == 2


def test_a_wait_that_begins_anew_counts_from_its_own_day(people):
    job = Job(people).to(TicketState.WAIT_PART)
    first = job.clock
    job.resume(now=first + 2 * DAY)
    job.wait_part(now=first + 2 * DAY + timedelta(hours=1))
    assert remind(people, first + 4 * DAY) == 0
    assert remind(people, first + 5 * DAY + timedelta(hours=2)) == 1


def test_a_dealer_is_reminded_of_his_own_tickets_only(people):
    other = Job(people, desk=people.stranger, lead=people.stranger_technician).to(TicketState.WAIT_SIGN)
    assert remind(people, other.clock + 5 * DAY) == 0


def test_it_goes_on_until_nothing_is_left(people):
    made = [Job(people).to(TicketState.WAIT_SIGN) for _ in range(3)]
    later = max(job.clock for job in made) + 2 * DAY
    assert [remind(people, later, limit=2), remind(people, later, limit=2), remind(people, later, limit=2)] == [2, 1, 0]


def test_the_tick_wakes_each_dealers_job_once_in_a_quarter_of_an_hour(people):
    now = factories.NOW

    def rows():
        return factories.rows(JobRow, kind=tasks.REMIND)

    for moment in (now, now + timedelta(minutes=5)):
        tasks._looked.clear()  # another process each time
        assert tick.tick(moment)
    assert {row.organisation_id for row in rows()} == {people.cs01.pk, people.hf01.pk} and len(rows()) == 2
    jobs.drain()
    tasks._looked.clear()
    tick.tick(now + timedelta(minutes=10))
    assert {row.state for row in rows()} == {"done"}, "not again in this quarter"
    tick.tick(now + timedelta(minutes=16))
    assert {row.state for row in rows()} == {"waiting"} and len(rows()) == 2


def test_clocks_that_stand_still_for_two_days_are_reminded_of_once_a_day(people):
    job = Job(people)
    since = job.clock + timedelta(minutes=10)
    arguments = {"viewer": people.dispatcher, "public_id": job.key, "expected_version": None}
    act(hold_clocks.hold, **arguments, reason="customer_stop", since=since, now=since)
    assert remind(people, since + 2 * DAY) == 0
    first = since + 2 * DAY + timedelta(minutes=1)
    assert [remind(people, first), remind(people, first + timedelta(hours=1)), remind(people, first + DAY)] == [1, 0, 1]
    assert told(people, "ticket_paused_long") == sorted(["admin", "dispatcher"] * 2)
    act(hold_clocks.go_on, **arguments, now=first + DAY)
    assert remind(people, first + 3 * DAY) == 0
