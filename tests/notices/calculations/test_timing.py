"""Quiet hours over midnight, gathering, growing pauses: on a clock in China."""

from datetime import UTC, datetime, time, timedelta

import pytest

from notices.calculations.timing import Quiet, leave_at, pause_after, rest_after

NIGHT = Quiet(time(22, 0), time(7, 0))
NOON = Quiet(time(12, 0), time(14, 0))


def china(day: int, clock: str) -> datetime:
    """A moment of June 2026 by the clock in China."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 6, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    ("now", "quiet", "leaves"),
    [
        ("11 21:59", NIGHT, "11 21:59"),
        ("11 22:00", NIGHT, "12 07:00"),
        ("11 23:59", NIGHT, "12 07:00"),
        ("12 00:00", NIGHT, "12 07:00"),
        ("12 06:59", NIGHT, "12 07:00"),
        ("12 07:00", NIGHT, "12 07:00"),
        ("11 11:59", NOON, "11 11:59"),
        ("11 12:00", NOON, "11 14:00"),
        ("11 13:59", NOON, "11 14:00"),
        ("11 14:00", NOON, "11 14:00"),
        ("12 03:00", None, "12 03:00"),
        ("12 03:00", Quiet(time(3, 0), time(3, 0)), "12 03:00"),
    ],
)
def test_quiet_hours_postpone_and_end_on_a_chinese_clock(now, quiet, leaves):
    moment, expected = (china(int(text[:2]), text[3:]) for text in (now, leaves))
    assert leave_at(moment, quiet=quiet, gathered=False, urgent=False) == expected


@pytest.mark.parametrize("gathered", [True, False])
@pytest.mark.parametrize("clock", ["03:00", "12:30", "23:59"])
def test_what_is_urgent_passes_quiet_hours_and_gathering(clock, gathered):
    for quiet in (NIGHT, NOON, Quiet(time(0, 0), time(23, 59))):
        assert leave_at(china(11, clock), quiet=quiet, gathered=gathered, urgent=True) == china(11, clock)


@pytest.mark.parametrize(
    ("now", "quiet", "leaves"),
    [
        ("11 07:59", None, "11 08:00"),
        ("11 08:00", None, "11 17:00"),
        ("11 16:59", None, "11 17:00"),
        ("11 17:00", None, "12 08:00"),
        ("11 23:00", NIGHT, "12 08:00"),
        (
            "11 23:00",
            Quiet(time(22, 0), time(9, 30)),
            "12 09:30",
        ),  # the gathered ones wait for the end of the quiet, too
    ],
)
def test_what_is_gathered_leaves_at_eight_and_at_five(now, quiet, leaves):
    moment, expected = (china(int(text[:2]), text[3:]) for text in (now, leaves))
    assert leave_at(moment, quiet=quiet, gathered=True, urgent=False) == expected


def test_pauses_between_tries_grow_to_half_an_hour_with_jitter():
    assert [pause_after(tries, 1.0).total_seconds() for tries in (1, 2, 3, 7, 8, 30)] == [15, 30, 60, 960, 1800, 1800]
    assert pause_after(1, 0.8) == timedelta(seconds=12)


def test_a_channel_rests_for_seconds_then_for_growing_minutes():
    assert [rest_after(n).total_seconds() for n in range(1, 11)] == [10, 20, 40, 80, 120, 240, 480, 960, 960, 960]
