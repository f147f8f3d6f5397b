"""Days off and holiday periods of 2026 as the State Council published them (domain.md 19.2)."""

from __future__ import annotations

from datetime import date, timedelta

from resources.calculations import days

PERIODS = [((1, 1), (1, 3)), ((2, 15), (2, 23)), ((4, 4), (4, 6)), ((5, 1), (5, 5)), ((6, 19), (6, 21)), ((9, 25), (9, 27)), ((10, 1), (10, 7))]  # fmt: skip
WORKED = [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)]


def test_the_periods_of_2026_are_the_published_ones():
    found = days.holiday_periods(date(2026, 1, 1), date(2026, 12, 31))
    assert [((p.first.month, p.first.day), (p.last.month, p.last.day)) for p in found] == PERIODS


def test_weekends_that_are_worked_in_exchange():
    year = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    assert [(day.month, day.day) for day in year if days.is_worked_weekend(day)] == WORKED


def test_a_weekend_day_inside_a_period_is_off_and_no_public_holiday():
    sunday = date(2026, 10, 4)
    assert (days.is_day_off(sunday), days.is_public_holiday(sunday)) == (True, False)
    assert (days.is_day_off(date(2026, 10, 8)), days.is_day_off(date(2026, 10, 11))) == (False, True)


def test_a_period_is_whole_even_when_only_a_part_was_asked_for():
    (period,) = days.holiday_periods(date(2026, 10, 5), date(2026, 10, 5))
    assert (period.first, period.last) == (date(2026, 10, 1), date(2026, 10, 7))
    assert days.holiday_periods(date(2026, 10, 8), date(2026, 10, 31)) == []


def test_a_plain_weekend_is_no_holiday():
    assert days.holiday_periods(date(2026, 11, 1), date(2026, 11, 30)) == []


def test_a_year_that_nobody_has_published_has_weekends_only():
    """The library's later years are estimates without swap days."""
    new_year = date(2050, 1, 1)  # a Saturday
    assert days.is_day_off(new_year) and not days.is_public_holiday(new_year)
    assert not days.is_day_off(date(2050, 10, 3)) and not days.is_worked_weekend(date(2050, 10, 2))
    assert days.holiday_periods(date(2050, 1, 1), date(2050, 12, 31)) == []
