"""Reminders: each once, to those who can mend it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from core import jobs, tick
from core.models.job import Job, JobState
from notices.models import Notice
from partners.operations import daily
from partners.operations.calendar import set_year
from partners.queries import viewers
from resources import tasks
from resources.operations.reminders import remind
from tests import factories
from tests.people import act
from tests.resources.roster import NOW, Roster, told


@pytest.fixture
def roster(people):
    return Roster(people)


def remind_at(people, now):
    act(remind, viewer=viewers.of_organisation(people.cs01.pk), now=now)


def fill(roster, first, days, *, but=()):
    for n in range(days):
        day = (datetime.fromisoformat(first) + timedelta(days=n)).date()
        if f"{day:%m-%d}" not in but:
            roster.add("technician", day, "whole")


def gaps_told(people, name="dispatcher"):
    return [params["gaps"] for kind, params in told(name, people) if kind == "duty_gap"]


def test_a_gap_of_the_next_seven_days_is_told_once_a_day_to_desk_and_administrator(people, roster):
    fill(roster, "2026-09-20", 14, but=("09-24",))
    for _run in range(2):
        remind_at(people, NOW)
    assert gaps_told(people) == gaps_told(people, "admin") == ["09-24 08:00 – 09-25 08:00"]
    assert gaps_told(people, "owner") == gaps_told(people, "technician") == []
    remind_at(people, NOW + timedelta(days=1))
    assert len(gaps_told(people)) == 2


def test_a_long_gap_is_told_as_far_as_it_is_near(people, roster):
    fill(roster, "2026-09-20", 3)
    remind_at(people, NOW)
    assert gaps_told(people) == ["09-23 08:00 – 09-27 10:00"]


def test_a_covered_week_and_a_gap_further_away_are_no_news(people, roster):
    fill(roster, "2026-09-19", 9)
    remind_at(people, NOW)
    assert told("dispatcher", people) == []


def test_who_never_planned_a_shift_is_not_reminded(people):
    remind_at(people, NOW)
    assert factories.rows(Notice) == []


def holidays_told(people):
    return [(p["first"], p["last"], p["gaps"]) for kind, p in told("dispatcher", people) if kind == "duty_holiday"]


@pytest.mark.parametrize(("days", "is_due"), [(8, False), (7, True), (3, True)])
def test_the_roster_of_a_holiday_is_due_seven_days_before_its_first_day(people, roster, days, is_due):
    """National Day 2026: 10-01 to 10-07 (domain.md 19.2)."""
    fill(roster, "2026-09-19", 14, but=())  # up to 10-02, the night of the second with it
    now = datetime(2026, 10, 1, 2, 0, tzinfo=UTC) - timedelta(days=days)
    remind_at(people, now)
    wanted = [("10-01", "10-07", "10-03 08:00 – 10-08 00:00")] if is_due else []
    assert holidays_told(people) == wanted
    remind_at(people, now + timedelta(hours=1))
    remind_at(people, now + timedelta(days=1))
    if is_due:
        assert holidays_told(people) == wanted, "each period once"


def test_a_holiday_that_the_platform_has_entered_is_due_like_the_shipped_ones(people, roster):
    fill(roster, "2026-12-20", 12)  # up to the first of January 08:00
    now = datetime(2026, 12, 28, 2, 0, tzinfo=UTC)
    remind_at(people, now)
    assert holidays_told(people) == []
    off = [date(2027, 1, day) for day in (1, 2, 3)]
    act(set_year, viewer=people.platform, year=2027, off=off, work=[], now=now)
    remind_at(people, now)
    assert holidays_told(people) == [("01-01", "01-03", "01-01 08:00 – 01-04 00:00")]


def test_a_covered_holiday_is_not_told(people, roster):
    fill(roster, "2026-09-19", 20)
    remind_at(people, datetime(2026, 9, 25, 2, 0, tzinfo=UTC))
    assert told("dispatcher", people) == []


def test_one_dealers_gap_is_not_anothers_news(people, roster):
    fill(roster, "2026-09-20", 2)
    remind_at(people, NOW)
    assert told("stranger", people) == [] and told("stranger_admin", people) == []


@pytest.mark.django_db(transaction=True)
def test_the_tick_plans_one_morning_job_per_dealer(people):
    for moment in (datetime(2026, 9, 20, 0, 0, tzinfo=UTC), datetime(2026, 9, 20, 0, 20, tzinfo=UTC)):
        daily._planned.clear()
        assert tick.tick(moment) is True
    rows = factories.rows(Job, kind=tasks.REMIND)
    due = datetime(2026, 9, 20, 0, 30, tzinfo=UTC)  # 08:30 in China
    assert [(row.organisation_id, row.run_at) for row in rows] == [(people.cs01.pk, due), (people.hf01.pk, due)]


@pytest.mark.django_db(transaction=True)
def test_the_job_reminds_under_its_dealers_role(people):
    roster = Roster(people)
    roster.add("technician", "2026-09-21")
    with factories.writing():
        Job.objects.create(kind=tasks.REMIND, organisation_id=people.cs01.pk, tier="dealer", run_at=NOW, created_at=NOW)
    jobs.drain()
    assert factories.rows(Job, kind=tasks.REMIND)[0].state == JobState.DONE
    assert len(gaps_told(people)) == 1


@pytest.mark.django_db(transaction=True)
def test_the_job_of_a_request_ends_it(people):
    """Long ago, so that the worker's own clock finds it due."""
    past = Roster(people, now=datetime(2026, 3, 1, 2, 0, tzinfo=UTC))
    swap = past.ask(past.add("technician", "2026-03-02"))
    jobs.drain()
    assert factories.again(swap).state == "expired"
