"""Clocks follow the ticket's steps (domain.md 5, 6): begun at t0, met by answer, arrival and the end of the work, held by waiting."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from core import jobs, tenancy
from core.calendars import local
from core.models import Job as JobRow
from notices.models import Notice
from tests import factories
from tests.tickets.driver import Job
from tests.tickets.support import refer, ticket_of
from tickets.enums import ClockKind, TicketState
from tickets.models import Clock, ClockPause, ClockRing, Promise
from tickets.operations import ring_clocks

MINUTES = timedelta(minutes=1)
S = TicketState


def capital(people, **more):
    """A job in the capital: on site in four hours."""
    return Job(
        people, customer=factories.customer(people.cs01, province="湖南省", city="长沙市", district="岳麓区"), **more
    )


def clocks(job, round_=1):
    return {row.kind: row for row in factories.rows(Clock, ticket=job.ticket, round=round_)}


def promise(people, **values):
    base = {"valid_from": factories.NOW - timedelta(days=30), "made_at": factories.NOW, "office": people.sf_hn}
    with factories.writing():
        return Promise.objects.create(
            dealer=people.cs01, manufacturer=people.sf, shared_with_maker=True, **{**base, **values}
        )


def test_a_telephone_report_is_answered_at_t0_and_counted_apart(people):
    job = capital(people)
    found = clocks(job)
    assert set(found) == {"response", "arrival"}
    response, arrival = found["response"], found["arrival"]
    assert (response.state, response.bucket, response.used_minutes) == ("met", "answered", 0)
    assert (arrival.state, arrival.allow_minutes, arrival.due_at) == ("running", 240, factories.NOW + 240 * MINUTES)
    assert (job.ticket.city_tier, job.ticket.burns, job.ticket.burns_at) == ("capital", "arrival", arrival.due_at)
    assert arrival.ring_at == factories.NOW + 120 * MINUTES


def test_a_report_by_wechat_runs_until_somebody_has_spoken(people):
    job = Job(people, source="wechat")
    assert clocks(job)["response"].state == "running"
    assert (job.ticket.burns, job.ticket.burns_at) == ("response", factories.NOW + 60 * MINUTES)
    job.contact(now=factories.NOW + 52 * MINUTES)
    response = clocks(job)["response"]
    assert (response.state, response.used_minutes, response.ring_at) == ("met", 52, None)
    assert job.ticket.burns == "arrival"


def test_a_late_answer_is_late(people):
    job = Job(people, source="wechat")
    job.contact(now=factories.NOW + 61 * MINUTES)
    assert clocks(job)["response"].state == "late"


def test_another_city_has_twelve_hours(people):
    job = Job(people, customer=factories.customer(people.cs01, province="湖南省", city="衡阳市", district=""))
    assert (job.ticket.city_tier, clocks(job)["arrival"].allow_minutes) == ("other", 720)


def test_the_arrival_is_met_by_the_first_check_in(people):
    job = capital(people).to(S.EN_ROUTE)
    at = factories.NOW + 265 * MINUTES
    job.arrive(now=at)
    arrival = clocks(job)["arrival"]
    assert (arrival.state, arrival.used_minutes, job.ticket.burns_at) == ("late", 265, None)


def test_solved_by_phone_needs_no_arrival(people):
    job = Job(people).to(S.REMOTE_DONE)
    arrival = clocks(job)["arrival"]
    assert (arrival.ended, arrival.met_at, arrival.ring_at, job.ticket.burns) == ("not_needed", None, None, "")


def test_a_cancelled_ticket_stops_its_clocks_without_counting(people):
    job = Job(people, source="wechat").to(S.CANCELLED)
    assert {row.ended for row in clocks(job).values()} == {"ticket_ended"}


def test_waiting_for_a_part_holds_the_solution_only(people):
    promise(people, solve_minutes=480)
    job = Job(people).to(S.WAIT_PART)
    solve = clocks(job)["solve"]
    assert (solve.state, solve.due_at, solve.ring_at) == ("paused", None, None)
    (pause,) = factories.rows(ClockPause, ticket=job.ticket)
    assert (pause.reason, pause.solve_only, pause.ended_at) == ("part", True, None)
    waited = 90 * MINUTES
    job.resume(now=pause.started_at + waited)
    solve = clocks(job)["solve"]
    assert (solve.state, solve.due_at) == ("running", factories.NOW + 480 * MINUTES + waited)


def test_an_appointment_replaces_the_due_time_and_counts_apart(people):
    job = Job(people)
    wanted = factories.NOW + timedelta(days=1)
    job.appoint(appointment_at=wanted)
    arrival = clocks(job)["arrival"]
    assert (arrival.bucket, arrival.due_at, job.ticket.burns_at) == ("appointment", wanted, wanted)


def test_rework_has_clocks_of_its_own_from_its_own_t0(people):
    job = Job(people).to(S.DONE)
    job.reopen()
    first, second = clocks(job)["arrival"], clocks(job, 2)["arrival"]
    assert first.met_at is not None and second.started_at == job.ticket.round_started_at > first.started_at
    assert second.state == "running" and job.ticket.burns_at == second.due_at


def test_the_promise_of_the_time_of_the_report_holds(people):
    promise(people, arrival_capital_minutes=300)
    promise(people, valid_from=factories.NOW + timedelta(hours=1), arrival_capital_minutes=90)
    assert clocks(capital(people))["arrival"].allow_minutes == 300


def test_office_hours_of_a_promise(people):
    promise(people, arrival_windows=[["08:30", "17:30"]])
    arrival = clocks(capital(people, at=factories.NOW.replace(hour=8)))["arrival"]  # 16:30 on a Thursday
    assert f"{local(arrival.due_at):%m-%d %H:%M}" == "06-12 11:30"


def test_a_shared_ticket_shows_its_clocks_to_the_office(people):
    job = Job(people)
    with tenancy.acting(people.office):
        assert Clock.objects.visible_to(people.office).filter(ticket=job.ticket).count() == 2
    with tenancy.acting(people.stranger):
        assert not Clock.objects.visible_to(people.stranger).exists()


# ── warnings ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def ring(people, at):
    with tenancy.acting(people.dispatcher):
        return ring_clocks.ring_due(viewer=people.dispatcher, now=at)


def notices(people, name):
    rows = factories.rows(Notice, person_id=people.person(name).pk)
    return [row.kind for row in rows if row.kind.startswith("clock_")]


def test_each_warning_leaves_once_to_dispatcher_owner_and_technician(people):
    job = capital(people).to(S.ACCEPTED)
    half = factories.NOW + 120 * MINUTES
    assert ring(people, half - MINUTES) == 0
    assert ring(people, half) == 1
    assert ring(people, half + MINUTES) == 0
    assert notices(people, "technician") == notices(people, "owner") == ["clock_arrival_50"]
    assert ring(people, factories.NOW + 192 * MINUTES) == 1
    assert ring(people, factories.NOW + 240 * MINUTES) == 1
    assert [row.threshold for row in factories.rows(ClockRing, clock__ticket=job.ticket)] == [50, 80, 100]
    arrival = clocks(job)["arrival"]
    assert (arrival.state, arrival.ring_at, arrival.rung) == ("overdue", None, 100)


def test_what_was_missed_rings_once_and_tells_the_last(people):
    job = capital(people).to(S.ACCEPTED)
    late = factories.NOW + timedelta(hours=9)
    assert ring(people, late) == 3
    assert notices(people, "technician") == ["clock_arrival_100"]
    rows = factories.rows(ClockRing, clock__ticket=job.ticket)
    assert [row.due_at for row in rows] == [factories.NOW + n * MINUTES for n in (120, 192, 240)]
    assert {row.rung_at for row in rows} == {late}


@pytest.mark.django_db(transaction=True)
def test_the_tick_rings_for_all_dealers_and_a_failing_one_holds_up_nobody(people, monkeypatch):
    from core import tick

    theirs_of = factories.customer(people.hf01, province="安徽省", city="合肥市", district="")
    mine = capital(people)
    theirs = Job(people, desk=people.stranger, lead=people.stranger_technician, customer=theirs_of)
    real = ring_clocks.ring_due

    def one_fails(*, viewer, now, most=ring_clocks.AT_ONCE):
        if viewer.org == people.cs01.pk:
            raise RuntimeError("broken")
        return real(viewer=viewer, now=now, most=most)

    monkeypatch.setattr(ring_clocks, "ring_due", one_fails)
    assert tick.tick(factories.NOW + timedelta(hours=2))
    assert factories.rows(ClockRing, clock__ticket=mine.ticket) == []
    assert len(factories.rows(ClockRing, clock__ticket=theirs.ticket)) == 1
    monkeypatch.undo()
    assert tick.tick(factories.NOW + timedelta(hours=2))
    assert len(factories.rows(ClockRing, clock__ticket=mine.ticket)) == 1


def test_kinds_have_words(people):
    from notices.queries import kinds

    for kind in ClockKind:
        for threshold in (50, 80, 100):
            words = kinds.words(
                f"clock_{kind}_{threshold}", {"number": "BX-1", "customer": "某厂", "due": "06-11 14:30"}
            )
            assert "BX-1" in words and "06-11 14:30" in words


@pytest.mark.django_db(transaction=True)
def test_the_office_hears_of_the_breach_of_a_referral_and_of_no_other(people):
    own, referred = capital(people), ticket_of(refer(people, people.call_centre, people.cs01))
    late = referred.reported_at + timedelta(days=2)
    assert ring(people, late) > 0
    with factories.writing():  # the clock of this machine is not that late
        JobRow._plain.update(run_at=timezone.now())
    jobs.drain()
    told = [row for row in factories.rows(Notice) if row.kind == "referral_breach"]
    assert {row.person_id for row in told} == {people.person("office").pk, people.person("office_engineer").pk}
    assert {row.params["number"] for row in told} == {referred.number} != {own.ticket.number}
    assert all(row.urgent for row in told)


def test_a_hundred_warnings_take_as_many_statements_as_one(people, django_assert_max_num_queries):
    for _ in range(12):
        capital(people)
    with django_assert_max_num_queries(20):
        assert ring(people, factories.NOW + timedelta(hours=2)) == 12
