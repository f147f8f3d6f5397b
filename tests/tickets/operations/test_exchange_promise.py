"""A promise exchanged in mid-run, a calendar changed in mid-run: pauses count on, what was met stays (domain.md 5.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core import jobs
from core.calendars import local
from partners.operations.calendar import set_year
from tests import factories
from tests.people import act
from tests.tickets.driver import Job
from tests.tickets.operations.test_clocks import MINUTES, capital, clocks, notices, promise, ring
from tickets.calculations.promise import Version
from tickets.enums import EntryKind, TicketState
from tickets.models import ClockPause, ClockRing
from tickets.operations import exchange_promise, hold_clocks
from tickets.operations.set_promise import set_promise

S = TicketState
NOW = factories.NOW
VERSION = Version(valid_from=NOW, response_minutes=60, arrival_capital_minutes=480, arrival_other_minutes=720)


def exchange(people, at, maker=None):
    return act(
        exchange_promise.exchange_some,
        viewer=people.dispatcher,
        manufacturer_id=(maker or people.sf).pk,
        after=0,
        limit=100,
        now=at,
    )


def held(people, job, since, until=None):
    arguments = {"viewer": people.dispatcher, "public_id": job.key, "expected_version": None}
    act(hold_clocks.hold, **arguments, reason="customer_stop", since=since, now=since)
    if until is not None:
        act(hold_clocks.go_on, **arguments, now=until)


def test_a_pause_of_before_counts_on_under_the_new_promise(people):
    job = capital(people)
    held(people, job, NOW + 30 * MINUTES, NOW + 90 * MINUTES)
    assert clocks(job)["arrival"].due_at == NOW + 300 * MINUTES
    promise(people, valid_from=NOW + 100 * MINUTES, arrival_capital_minutes=480)
    assert exchange(people, NOW + 100 * MINUTES)[1:] == (1, 1)
    arrival = clocks(job)["arrival"]
    assert (arrival.allow_minutes, arrival.due_at) == (480, NOW + 540 * MINUTES)
    assert job.ticket.burns_at == arrival.due_at
    assert job.last.facts == {"automatic": True} and job.last.verb == "promise_exchanged"


def test_a_pause_that_is_open_stays_open(people):
    job = capital(people)
    held(people, job, NOW + 30 * MINUTES)
    promise(people, valid_from=NOW, arrival_capital_minutes=480)
    exchange(people, NOW + 60 * MINUTES)
    assert (clocks(job)["arrival"].state, clocks(job)["arrival"].due_at, job.ticket.held) == ("paused", None, True)
    act(hold_clocks.go_on, viewer=people.dispatcher, public_id=job.key, expected_version=None, now=NOW + 90 * MINUTES)
    assert clocks(job)["arrival"].due_at == NOW + 540 * MINUTES
    assert len(factories.rows(ClockPause)) == 1


def test_what_was_met_stays_and_twice_is_once(people):
    job = Job(people, source="wechat")
    job.contact(now=NOW + 50 * MINUTES)
    promise(people, valid_from=NOW, response_minutes=30, arrival_other_minutes=600)
    assert exchange(people, NOW + 55 * MINUTES)[2] == 1
    response = clocks(job)["response"]
    assert (response.state, response.allow_minutes, response.used_minutes) == ("met", 60, 50)
    entries = len(job.log)
    assert exchange(people, NOW + 56 * MINUTES)[2] == 0
    assert len(job.log) == entries


def test_a_shorter_promise_is_late_at_once_and_warns_of_the_last_only(people):
    job = capital(people).to(S.ACCEPTED)
    promise(people, valid_from=NOW, arrival_capital_minutes=60)
    exchange(people, NOW + 100 * MINUTES)
    assert clocks(job)["arrival"].state == "overdue"
    assert ring(people, NOW + 100 * MINUTES) == 3
    assert notices(people, "owner") == ["clock_arrival_100"]


def test_a_longer_promise_warns_anew_when_its_own_half_is_over(people):
    job = capital(people)
    assert ring(people, NOW + 120 * MINUTES) == 1
    promise(people, valid_from=NOW, arrival_capital_minutes=480)
    exchange(people, NOW + 130 * MINUTES)
    assert ring(people, NOW + 239 * MINUTES) == 0
    assert ring(people, NOW + 240 * MINUTES) == 1
    rows = factories.rows(ClockRing, clock__ticket=job.ticket)
    assert [(row.turn, row.threshold) for row in rows] == [(1, 50), (2, 50)]


def test_a_half_that_is_over_under_both_promises_has_rung_once(people):
    capital(people)
    assert ring(people, NOW + 150 * MINUTES) == 1
    promise(people, valid_from=NOW, arrival_capital_minutes=250)
    exchange(people, NOW + 155 * MINUTES)
    assert ring(people, NOW + 156 * MINUTES) == 0
    assert ring(people, NOW + 200 * MINUTES) == 1


def test_an_appointment_warns_anew_too_and_stays_through_an_exchange(people):
    job = capital(people)
    assert ring(people, NOW + 120 * MINUTES) == 1
    wanted = NOW + timedelta(days=1)
    job.appoint(appointment_at=wanted, now=NOW + 125 * MINUTES)
    promise(people, valid_from=NOW, arrival_capital_minutes=600)
    exchange(people, NOW + 130 * MINUTES)
    arrival = clocks(job)["arrival"]
    assert (arrival.due_at, arrival.bucket, arrival.turn) == (wanted, "appointment", 2)
    half = NOW + 125 * MINUTES + (wanted - NOW - 125 * MINUTES) / 2
    assert ring(people, half) == 1, "the same threshold a second time, of another due time"
    assert ring(people, wanted) == 2


def test_a_solution_comes_and_goes_with_the_promise(people):
    job = Job(people)
    promise(people, valid_from=NOW, solve_minutes=1440)
    exchange(people, NOW + 10 * MINUTES)
    assert clocks(job)["solve"].due_at == NOW + 1440 * MINUTES
    promise(people, valid_from=NOW + 20 * MINUTES)
    exchange(people, NOW + 20 * MINUTES)
    solve = clocks(job)["solve"]
    assert (solve.ended, solve.ring_at) == ("not_promised", None)
    assert job.ticket.burns == "arrival"


def test_another_manufacturers_work_and_another_dealers_is_left_alone(people):
    mine, theirs = capital(people), Job(people, desk=people.stranger, lead=people.stranger_technician)
    promise(people, valid_from=NOW, arrival_capital_minutes=60)
    assert exchange(people, NOW + MINUTES, maker=people.hc)[1] == 0
    exchange(people, NOW + MINUTES)
    assert clocks(mine)["arrival"].allow_minutes == 60
    assert {row.promise_id for row in clocks(theirs).values()} == {None}


@pytest.mark.django_db(transaction=True)
def test_the_form_asks_for_it_and_a_job_does_it(people):
    job = capital(people)
    begin = job.ticket.reported_at + 60 * MINUTES
    act(
        set_promise,
        viewer=people.admin,
        manufacturer=people.sf.public_id,
        version=replace(VERSION, valid_from=begin),
        running=True,
        now=begin,
    )
    jobs.drain()
    assert clocks(job)["arrival"].allow_minutes == 480


# ── the list of holidays ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db(transaction=True)
def test_a_day_off_that_is_published_late_moves_running_clocks_and_no_met_one(people):
    promise(people, arrival_windows=[["08:30", "17:30"]], response_windows=[["08:30", "17:30"]])
    job = capital(people, at=NOW.replace(hour=8), source="wechat")  # 16:30 on Thursday 2026-06-11
    job.contact(now=NOW.replace(hour=8, minute=50))
    before = clocks(job)["response"]
    assert f"{local(clocks(job)['arrival'].due_at):%m-%d %H:%M}" == "06-12 11:30"
    off = [date(2026, 6, 12), *(date(2026, 6, 19) + timedelta(days=n) for n in range(3))]
    act(set_year, viewer=people.platform, year=2026, off=off, work=[], now=NOW.replace(hour=9))
    jobs.drain()
    arrival, response = clocks(job)["arrival"], clocks(job)["response"]
    assert f"{local(arrival.due_at):%m-%d %H:%M}" == "06-15 11:30"
    assert job.ticket.burns_at == arrival.due_at
    assert (response.due_at, response.used_minutes, response.state) == (before.due_at, before.used_minutes, "met")
    assert not [entry for entry in job.log if entry.kind == EntryKind.FACT and entry.verb == "promise_exchanged"]
