"""Shifts as instants, and the hours in which nobody is on duty, to the minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.calculations.hours import DAY_MINUTES, bars, gaps, midnight, span_of, whole_minute

START = datetime(2026, 9, 30, 16, 0, tzinfo=UTC)  # midnight before 1 October in China
MINUTE = timedelta(minutes=1)


def at(minutes: int) -> datetime:
    return START + minutes * MINUTE


@pytest.mark.parametrize(
    ("starts", "ends", "utc"),
    [
        (time(8), time(20), ("2026-10-01 00:00", "2026-10-01 12:00")),
        (time(20), time(8), ("2026-10-01 12:00", "2026-10-02 00:00")),  # over midnight in China, not in UTC
        (time(0), time(8), ("2026-09-30 16:00", "2026-10-01 00:00")),  # a Chinese day that begins the day before in UTC
        (time(8), time(8), ("2026-10-01 00:00", "2026-10-02 00:00")),  # 24 hours
        (time(0), time(0), ("2026-09-30 16:00", "2026-10-01 16:00")),
        (time(23, 59), time(0), ("2026-10-01 15:59", "2026-10-01 16:00")),
    ],
)
def test_times_on_the_clock_become_instants(starts, ends, utc):
    found = span_of(date(2026, 10, 1), starts, ends)
    assert tuple(f"{moment:%Y-%m-%d %H:%M}" for moment in found) == utc
    assert all(moment.utcoffset() == timedelta(0) for moment in found)


@pytest.mark.parametrize(
    "day", [date(2026, 12, 31), date(2028, 2, 29), date(2026, 3, 8), date(2026, 3, 29), date(2026, 11, 1)]
)
def test_every_day_in_china_has_24_hours_also_where_others_turn_their_clocks(day):
    starts, ends = span_of(day, time(8), time(8))
    assert ends - starts == timedelta(hours=24)
    assert midnight(day + timedelta(days=1)) - midnight(day) == timedelta(hours=24)


def test_a_gap_is_found_to_the_minute():
    covered = [(at(0), at(479)), (at(480), at(1200)), (at(1201), at(3000))]
    assert gaps(covered, at(0), at(2880)) == [(at(479), at(480)), (at(1200), at(1201))]


def test_what_touches_leaves_no_gap_and_what_reaches_beyond_the_ends_is_cut():
    assert gaps([(at(-60), at(720)), (at(720), at(1500))], at(0), at(1440)) == []
    assert gaps([], at(0), at(10)) == [(at(0), at(10))]
    assert gaps([(at(20), at(30)), (at(-5), at(0))], at(0), at(10)) == [(at(0), at(10))]


def test_the_night_of_the_third_of_october_is_reported():
    """domain.md 22.1, case 40."""
    shifts = [span_of(date(2026, 10, day), time(8), time(20)) for day in range(1, 8)]
    shifts += [span_of(date(2026, 10, day), time(20), time(8)) for day in range(1, 8) if day != 3]
    found = gaps(shifts, shifts[0][0], midnight(date(2026, 10, 8)))
    assert found == [span_of(date(2026, 10, 3), time(20), time(8))]


SPANS = st.lists(
    st.tuples(st.integers(-200, 900), st.integers(1, 300)).map(lambda s: (at(s[0]), at(s[0] + s[1]))), max_size=12
)


@given(covered=SPANS, first=st.integers(-100, 400), length=st.integers(1, 500))
def test_the_gaps_are_those_of_looking_at_every_minute(covered, first, length):
    begin, end = at(first), at(first + length)
    every = [begin + n * MINUTE for n in range(length)]
    free = {minute for minute in every if not any(starts <= minute < ends for starts, ends in covered)}
    found = gaps(covered, begin, end)
    assert {starts + n * MINUTE for starts, ends in found for n in range((ends - starts) // MINUTE)} == free
    assert all(starts < ends for starts, ends in found)
    assert all(one[1] < other[0] for one, other in pairwise(found)), "neighbours are one gap"


@given(covered=SPANS, first=st.integers(-100, 400), length=st.integers(1, 3000))
def test_the_bars_of_all_days_hold_every_minute_once(covered, first, length):
    begin, end = at(first), at(first + length)
    made = bars(covered, begin, end)
    minutes = [n for bar in made for spans in (bar.on, bar.off) for _start, n in spans]
    assert sum(minutes) == length
    for bar in made:
        assert all(start >= 0 and start + n <= DAY_MINUTES and n > 0 for start, n in (*bar.on, *bar.off))
    off = [
        midnight(bar.day) + start * MINUTE for bar in made for start, n in bar.off for start in range(start, start + n)
    ]
    assert all(not any(starts <= moment < ends for starts, ends in covered) for moment in off)


def test_bars_begin_with_the_minute_looked_at():
    night = span_of(date(2026, 10, 1), time(20), time(8))
    first, second = bars([night], at(19 * 60 + 30), at(2 * DAY_MINUTES))
    assert (first.day, first.on, first.off) == (date(2026, 10, 1), ((1200, 240),), ((1170, 30),))
    assert (second.on, second.off) == (((0, 480),), ((480, 960),))


def test_seconds_are_cut():
    assert whole_minute(START + timedelta(seconds=59, microseconds=7)) == START
