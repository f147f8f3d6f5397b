"""The platform enters the public holidays of a year (domain.md 19.2)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core import public_holidays
from core.models import CalendarYear, Job
from partners.operations.calendar import set_year
from tests import factories
from tests.factories import NOW
from tests.people import act, refused, sees

NEW_YEAR = [date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3)]


def enter(people, by=None, **changes):
    values = {"year": 2027, "off": NEW_YEAR, "work": [date(2027, 1, 9)], **changes}
    return act(set_year, viewer=by or people.platform, now=NOW, **values)


def works(people, day):
    days = act(lambda viewer: public_holidays.working_days(), viewer=people.technician)
    return days.is_working(day.toordinal())


def test_everybody_counts_by_it_and_every_dealer_gets_a_job(people):
    assert works(people, NEW_YEAR[0])
    enter(people)
    assert not works(people, NEW_YEAR[0])
    assert works(people, date(2027, 1, 9))
    assert not works(people, date(2027, 1, 16))
    assert sees(people.technician, CalendarYear) and sees(people.reviewer, CalendarYear)
    wanted = {people.cs01.pk, people.hf01.pk}
    assert {job.organisation_id for job in factories.rows(Job) if job.kind == "tickets.reckon_clocks"} == wanted


def test_a_year_that_is_shipped_can_be_corrected_whole(people):
    whole = [date(2026, 10, 1) + timedelta(days=n) for n in range(3)]
    enter(people, year=2026, off=whole, work=[])
    assert not works(people, date(2026, 10, 1))
    assert works(people, date(2026, 10, 5)), "a Monday that the shipped list has off"
    assert not works(people, date(2026, 10, 10)), "a Saturday that the shipped list has worked"
    assert works(people, date(2026, 2, 17)), "the list that was entered is the whole year"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"off": []}, "days_missing", "off"),
        ({"off": [date(2026, 12, 31)]}, "day_of_other_year", "off"),
        ({"work": [date(2028, 1, 1)]}, "day_of_other_year", "work"),
        ({"work": [NEW_YEAR[1]]}, "day_twice", "work"),
        ({"work": [date(2027, 1, 4)]}, "worked_weekday", "work"),
        ({"year": 1999, "off": [date(1999, 1, 1)], "work": []}, "year_wrong", "year"),
    ],
)
def test_what_makes_no_sense_is_refused(people, changes, code, field):
    with refused(code, field=field):
        enter(people, **changes)
    assert factories.rows(CalendarYear) == []


def test_nobody_else_writes(people):
    for who in (people.admin, people.hq_admin, people.office):
        with refused("not_allowed"):
            enter(people, by=who)


def test_missing_is_this_year_and_from_november_on_the_next():
    assert public_holidays.missing(date(2026, 10, 31), []) is None
    assert public_holidays.missing(date(2026, 11, 1), []) == 2027
    assert public_holidays.missing(date(2026, 11, 1), [2027]) is None
    assert public_holidays.missing(date(2027, 3, 1), []) == 2027
    assert public_holidays.missing(date(2027, 12, 1), [2027]) == 2028


def test_the_shipped_years_are_whole_holidays():
    off, work = public_holidays.shipped(2025)
    assert {date(2025, 1, 28) + timedelta(days=n) for n in range(8)} <= set(off)
    assert date(2025, 1, 26) in work
    assert public_holidays.shipped(2031) == ([], [])
