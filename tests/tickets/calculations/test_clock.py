"""The clock of a promise: worked examples of domain.md 5.3 and 5.4, and each sentence of calculations.md, clock."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cases import answered, at, explained, result, wrong_field

HOURS = {"open": "08:30", "close": "17:30"}
LUNCH = {"windows": [["08:30", "12:00"], ["13:30", "18:00"]]}


def case(t0: str, minutes: int, calendar: Any = "7x24", **more: Any) -> dict[str, Any]:
    """A clock; now is t0 unless given."""
    now = {} if "met_at" in more or "now" in more else {"now": at(t0)}
    return {"t0": at(t0), "allow_minutes": minutes, "calendar": calendar, **now, **more}


def due(t0: str, minutes: int, calendar: Any = "7x24", **more: Any) -> str | None:
    """The due time as 2026-06-08 08:45, None when there is none."""
    found = result("clock", case(t0, minutes, calendar, **more))["due"]
    if found is None:
        return None
    assert found.endswith("+08:00")
    return str(found[:16].replace("T", " "))


def pause(start: str, end: str | None = None) -> dict[str, Any]:
    return {"from": at(start), "to": at(end) if end else None}


@pytest.mark.parametrize(
    ("t0", "hours", "expected"),
    [
        ("2026-10-01 23:40", 1, "2026-10-02 00:40"),
        ("2026-10-01 23:40", 4, "2026-10-02 03:40"),
        ("2026-10-01 23:40", 12, "2026-10-02 11:40"),
        ("2026-06-05 16:45", 1, "2026-06-05 17:45"),
        ("2026-06-05 16:45", 4, "2026-06-05 20:45"),
        ("2026-06-05 16:45", 12, "2026-06-06 04:45"),
        ("2026-02-16 21:05", 1, "2026-02-16 22:05"),
        ("2026-02-16 21:05", 4, "2026-02-17 01:05"),
        ("2026-06-30 22:30", 1, "2026-06-30 23:30"),
        ("2026-06-30 22:30", 12, "2026-07-01 10:30"),
    ],
)
def test_the_examples_day_and_night(t0: str, hours: int, expected: str) -> None:
    assert due(t0, hours * 60) == expected  # domain.md 5.3


@pytest.mark.parametrize(
    ("t0", "one", "four", "twelve"),
    [
        ("2026-06-05 16:45", "2026-06-08 08:45", "2026-06-08 11:45", "2026-06-09 10:45"),
        ("2026-06-08 12:15", "2026-06-08 13:15", "2026-06-08 16:15", "2026-06-09 15:15"),
        ("2026-06-18 20:10", "2026-06-22 09:30", "2026-06-22 12:30", "2026-06-23 11:30"),
        ("2026-05-08 15:00", "2026-05-08 16:00", "2026-05-09 10:00", "2026-05-11 09:00"),
        ("2026-09-30 17:00", "2026-10-08 09:00", "2026-10-08 12:00", "2026-10-09 11:00"),
        ("2026-10-09 17:00", "2026-10-10 09:00", "2026-10-10 12:00", "2026-10-12 11:00"),
        ("2026-02-13 16:00", "2026-02-13 17:00", "2026-02-14 11:00", "2026-02-24 10:00"),
    ],
)
def test_the_examples_of_business_hours(t0: str, one: str, four: str, twelve: str) -> None:
    assert [due(t0, hours * 60, HOURS) for hours in (1, 4, 12)] == [one, four, twelve]  # domain.md 5.4


def test_the_pause_example() -> None:
    found = result(
        "clock",
        case(
            "2026-06-09 08:00", 720,
            pauses=[pause("2026-06-09 11:00", "2026-06-09 18:00")], met_at=at("2026-06-09 19:20"),
        ),
    )  # fmt: skip
    assert found == {"due": "2026-06-10T03:00+08:00", "state": "met", "used_minutes": 260}


def test_the_late_example() -> None:
    late = case("2026-06-09 09:00", 240, met_at=at("2026-06-09 13:25"))
    assert result("clock", late) == {"due": "2026-06-09T13:00+08:00", "state": "late", "used_minutes": 265}
    assert "25 分钟" in explained("clock", late)


# ── open hours ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("t0", "minutes", "calendar", "expected"),
    [
        # exactly at a window's end it stays there, one minute more is in the next one
        ("2026-06-08 11:00", 60, LUNCH, "2026-06-08 12:00"),
        ("2026-06-08 11:00", 61, LUNCH, "2026-06-08 13:31"),
        ("2026-06-08 11:00", 60 + 270, LUNCH, "2026-06-08 18:00"),
        ("2026-06-08 11:00", 60 + 271, LUNCH, "2026-06-09 08:31"),
        ("2026-06-05 17:00", 30, HOURS, "2026-06-05 17:30"),
        ("2026-06-05 17:00", 31, HOURS, "2026-06-08 08:31"),
        # a window is [open, close): its last minute counts, its end is closed already
        ("2026-06-05 17:30", 1, HOURS, "2026-06-08 08:31"),
        ("2026-06-05 17:29", 1, HOURS, "2026-06-05 17:30"),
        ("2026-06-08 08:30", 1, HOURS, "2026-06-08 08:31"),
        ("2026-06-08 12:30", 1, LUNCH, "2026-06-08 13:31"),
        # windows may touch
        ("2026-06-08 11:00", 61, {"windows": [["08:00", "12:00"], ["12:00", "17:00"]]}, "2026-06-08 12:01"),
        # 24:00 as an end, and the minute before midnight
        ("2026-06-08 23:59", 1, {"open": "00:00", "close": "24:00"}, "2026-06-09 00:00"),
        ("2026-06-05 23:59", 2, {"open": "00:00", "close": "24:00"}, "2026-06-08 00:01"),
        ("2026-06-08 23:30", 31, {"windows": [["20:00", "24:00"]]}, "2026-06-09 20:01"),
        # whole days
        ("2026-06-08 08:30", 540, HOURS, "2026-06-08 17:30"),
        ("2026-06-08 08:30", 5 * 540, HOURS, "2026-06-12 17:30"),
        ("2026-06-08 08:30", 5 * 540 + 1, HOURS, "2026-06-15 08:31"),
    ],
)
def test_open_time_is_each_window_of_a_working_day(t0: str, minutes: int, calendar: Any, expected: str) -> None:
    assert due(t0, minutes, calendar) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({"off": ["2026-06-08"]}, "2026-06-09 08:45"),
        ({"work": ["2026-06-06"]}, "2026-06-06 08:45"),
        ({"work": ["2026-06-07"], "off": []}, "2026-06-07 08:45"),
        ({"off": ["2026-06-06"], "work": ["2026-06-06"]}, "2026-06-08 08:45"),  # in both: off
        ({"off": None, "work": None}, "2026-06-08 08:45"),
        ({}, "2026-06-08 08:45"),
        ({"off": ["2026-06-05"]}, "2026-06-08 09:30"),
    ],
)
def test_given_days_go_before_the_published_ones(days: dict[str, Any], expected: str) -> None:
    assert due("2026-06-05 16:45", 60, HOURS, days=days) == expected


def test_earlier_years_have_their_published_days() -> None:
    assert due("2025-09-30 17:00", 60, HOURS) == "2025-10-09 09:00"
    assert due("2025-10-10 17:00", 60, HOURS) == "2025-10-11 09:00"  # a Saturday worked for the holiday


def test_a_year_that_nobody_has_published_counts_monday_to_friday_and_says_so() -> None:
    beyond = case("2026-12-31 17:00", 60, HOURS)
    assert result("clock", beyond)["due"] == "2027-01-01T09:00+08:00"
    assert "2027 年的放假安排尚未公布" in explained("clock", beyond)
    given = case("2026-12-31 17:00", 60, HOURS, days={"off": ["2027-01-01"]})
    assert result("clock", given)["due"] == "2027-01-04T09:00+08:00"
    assert "2027–2031 年" in explained("clock", case("2027-03-01 09:00", 60, HOURS, now=at("2031-03-01 09:00")))
    assert "尚未公布" not in explained("clock", case("2026-06-05 16:45", 60, HOURS))
    assert "尚未公布" not in explained("clock", case("2026-12-31 23:30", 60))


@pytest.mark.parametrize(
    ("t0", "minutes", "calendar", "expected"),
    [
        ("2026-06-08 00:00", 10 * 365 * 1440, "7x24", "2036-06-05 00:00"),
        # 2027 has 261 days from Monday to Friday, 2028 has 260
        ("2027-01-01 08:30", 261 * 540, HOURS, "2027-12-31 17:30"),
        ("2027-01-01 08:30", (261 + 260) * 540, HOURS, "2028-12-29 17:30"),
        ("2027-01-01 08:30", 400 * 5 * 540, HOURS, "2034-08-31 17:30"),
        # every Monday to Friday up to the last day that has a date
        ("9999-12-27 08:30", 5 * 540, HOURS, "9999-12-31 17:30"),
    ],
)
def test_a_due_time_years_away_is_computed(t0: str, minutes: int, calendar: Any, expected: str) -> None:
    assert due(t0, minutes, calendar) == expected


@pytest.mark.parametrize(
    ("t0", "minutes", "calendar"),
    [
        ("9999-12-31 23:00", 60, "7x24"),
        ("9999-12-31 23:00", 60, {"open": "20:00", "close": "24:00"}),
        ("9999-12-27 08:30", 5 * 540 + 1, HOURS),
        ("2026-06-08 08:30", 10**10, "7x24"),
        ("2026-06-08 08:30", 10**10, HOURS),
        ("2026-06-08 08:30", 10**400, HOURS),
    ],
)
def test_a_due_time_beyond_the_calendar_is_an_error_of_the_minutes(t0: str, minutes: int, calendar: Any) -> None:
    assert wrong_field("clock", case(t0, minutes, calendar)) == "allow_minutes"


def test_the_last_minute_of_the_calendar_can_be_due() -> None:
    assert due("9999-12-31 23:00", 59) == "9999-12-31 23:59"


# ── pauses ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

T0 = "2026-06-08 09:00"


@pytest.mark.parametrize(
    ("pauses", "expected"),
    [
        # [from, to): exactly at a pause's start it stays there
        ([("2026-06-08 10:00", "2026-06-08 11:00")], "2026-06-08 10:00"),
        ([("2026-06-08 09:59", "2026-06-08 11:00")], "2026-06-08 11:01"),
        # any order, overlapping, touching, one in another
        ([("2026-06-08 09:40", "2026-06-08 10:30"), ("2026-06-08 09:10", "2026-06-08 09:20")], "2026-06-08 11:00"),
        ([("2026-06-08 09:10", "2026-06-08 09:40"), ("2026-06-08 09:30", "2026-06-08 09:50")], "2026-06-08 10:40"),
        ([("2026-06-08 09:10", "2026-06-08 09:40"), ("2026-06-08 09:40", "2026-06-08 09:50")], "2026-06-08 10:40"),
        ([("2026-06-08 09:10", "2026-06-08 09:50"), ("2026-06-08 09:20", "2026-06-08 09:30")], "2026-06-08 10:40"),
        ([("2026-06-08 09:10", "2026-06-08 09:20")] * 3, "2026-06-08 10:10"),
        # from = to takes nothing
        ([("2026-06-08 09:30", "2026-06-08 09:30")], "2026-06-08 10:00"),
        # began before t0: counts from t0; ended before it, or at it: not at all
        ([("2026-06-08 08:00", "2026-06-08 09:15")], "2026-06-08 10:15"),
        ([("2026-06-08 08:00", "2026-06-08 09:00")], "2026-06-08 10:00"),
        ([("2026-06-01 08:00", "2026-06-01 09:00")], "2026-06-08 10:00"),
        # begins at t0
        ([("2026-06-08 09:00", "2026-06-08 09:15")], "2026-06-08 10:15"),
        # a pause after the due time changes nothing
        ([("2026-06-08 10:30", "2026-06-08 11:00")], "2026-06-08 10:00"),
    ],
)
def test_pauses_are_taken_out(pauses: list[tuple[str, str]], expected: str) -> None:
    assert due(T0, 60, pauses=[pause(*one) for one in pauses]) == expected


@pytest.mark.parametrize(
    ("pauses", "expected"),
    [
        ([("2026-06-08 09:30", None)], None),
        ([("2026-06-08 09:59", None)], None),
        ([("2026-06-08 10:00", None)], "2026-06-08 10:00"),  # used up exactly at its start
        ([("2026-06-09 10:00", None)], "2026-06-08 10:00"),
        ([("2026-06-01 10:00", None)], None),  # began before t0: counts from t0
        ([("2026-06-08 09:10", None), ("2026-06-08 09:00", "2026-06-08 09:10")], None),
        ([("2026-06-08 09:30", None), ("2026-06-08 09:40", "2026-06-08 12:00")], None),
        ([("2026-06-08 10:00", None), ("2026-06-08 09:40", "2026-06-08 09:50")], None),
    ],
)
def test_an_open_pause_in_the_way_leaves_no_due_time(
    pauses: list[tuple[str, str | None]], expected: str | None
) -> None:
    assert due(T0, 60, pauses=[pause(*one) for one in pauses]) == expected


def test_a_pause_outside_the_open_hours_takes_out_nothing() -> None:
    assert due("2026-06-05 16:45", 60, HOURS, pauses=[pause("2026-06-05 17:30", "2026-06-08 08:30")]) == (
        "2026-06-08 08:45"
    )
    # used up at closing time: it stays there, although the pause begins later and has no end
    assert due("2026-06-05 16:30", 60, HOURS, pauses=[pause("2026-06-05 20:00")]) == "2026-06-05 17:30"


def test_an_open_pause_ends_when_the_promise_is_met() -> None:
    met = case(T0, 60, pauses=[pause("2026-06-08 09:30")], met_at=at("2026-06-08 12:00"))
    assert result("clock", met) == {"due": "2026-06-08T12:30+08:00", "state": "met", "used_minutes": 30}


@pytest.mark.parametrize("start", ["2026-06-08 10:30", "2026-06-08 10:31"])
def test_an_open_pause_that_begins_when_it_is_met_or_later_is_ignored(start: str) -> None:
    met = case(T0, 60, pauses=[pause(start)], met_at=at("2026-06-08 10:30"))
    assert result("clock", met) == {"due": "2026-06-08T10:00+08:00", "state": "late", "used_minutes": 90}


def test_a_pause_with_an_end_counts_whenever_the_promise_was_met() -> None:
    met = case(T0, 120, pauses=[pause("2026-06-08 10:00", "2026-06-08 18:00")], met_at=at("2026-06-08 10:30"))
    assert result("clock", met) == {"due": "2026-06-08T19:00+08:00", "state": "met", "used_minutes": 60}


# ── state and used time ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("more", "state", "used"),
    [
        ({"met_at": at("2026-06-08 10:00")}, "met", 60),
        ({"met_at": at("2026-06-08 10:01")}, "late", 61),
        ({"met_at": at(T0)}, "met", 0),
        ({"now": at("2026-06-08 10:00")}, "running", 60),
        ({"now": at("2026-06-08 10:01")}, "overdue", 61),
        ({"now": at(T0)}, "running", 0),
    ],
)
def test_the_state_compares_with_the_due_time(more: dict[str, str], state: str, used: int) -> None:
    found = result("clock", case(T0, 60, **more))
    assert (found["state"], found["used_minutes"]) == (state, used)


@pytest.mark.parametrize(
    ("pauses", "now", "state", "used"),
    [
        ([("2026-06-08 09:30", "2026-06-08 10:30")], "2026-06-08 09:29", "running", 29),
        ([("2026-06-08 09:30", "2026-06-08 10:30")], "2026-06-08 09:30", "paused", 30),
        ([("2026-06-08 09:30", "2026-06-08 10:30")], "2026-06-08 10:29", "paused", 30),
        ([("2026-06-08 09:30", "2026-06-08 10:30")], "2026-06-08 10:30", "running", 30),
        ([("2026-06-08 09:30", None)], "2030-06-08 09:30", "paused", 30),
        ([("2026-06-08 09:30", None)], "2026-06-08 09:20", "running", 20),
        ([("2026-06-01 09:30", None)], T0, "paused", 0),
        ([("2026-06-08 09:30", "2026-06-08 09:30")], "2026-06-08 09:30", "running", 30),
        # overdue goes before paused; exactly due at the pause's start it is not overdue
        ([("2026-06-08 10:00", None)], "2026-06-08 10:30", "overdue", 60),
        ([("2026-06-08 10:00", None)], "2026-06-08 10:00", "paused", 60),
    ],
)
def test_without_met_at_it_is_overdue_paused_or_running(
    pauses: list[tuple[str, str | None]], now: str, state: str, used: int
) -> None:
    found = result("clock", case(T0, 60, pauses=[pause(*one) for one in pauses], now=at(now)))
    assert (found["state"], found["used_minutes"]) == (state, used)


def test_used_time_counts_open_minutes_only() -> None:
    used = case(
        "2026-06-05 16:45",
        6000,
        LUNCH,
        now=at("2026-06-08 13:45"),
        pauses=[pause("2026-06-05 17:00", "2026-06-05 17:30")],
    )
    assert result("clock", used)["used_minutes"] == 15 + 30 + 210 + 15
    years = case("2027-01-01 00:00", 10**6, HOURS, now=at("2029-01-01 00:00"))
    assert result("clock", years)["used_minutes"] == (261 + 260) * 540


def test_hours_when_nobody_works_leave_the_clock_running() -> None:
    night = case("2026-06-05 18:00", 60, HOURS, now=at("2026-06-08 08:30"))
    assert result("clock", night) == {"due": "2026-06-08T09:30+08:00", "state": "running", "used_minutes": 0}


# ── input ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("now", ["soon", 5, [], {"a": {}}, at("2026-06-01 00:00"), None, float("nan")])
def test_now_is_ignored_with_met_at_whatever_it_holds(now: object) -> None:
    assert result("clock", case(T0, 60, met_at=at("2026-06-08 09:30"), now=now))["state"] == "met"


def test_now_is_needed_without_met_at() -> None:
    assert wrong_field("clock", {"t0": at(T0), "allow_minutes": 60, "calendar": "7x24"}) == "now"
    assert wrong_field("clock", case(T0, 60, now=None)) == "now"
    assert wrong_field("clock", case(T0, 60, met_at=None, now=None)) == "now"
    assert wrong_field("clock", case(T0, 60, now="soon")) == "now"


def test_nothing_happens_before_the_report() -> None:
    assert wrong_field("clock", case(T0, 60, met_at=at("2026-06-08 08:59"))) == "met_at"
    assert wrong_field("clock", case(T0, 60, now=at("2026-06-08 08:59"))) == "now"


@pytest.mark.parametrize("minutes", [0, -5, 1.5, "60", True, 60.0])
def test_minutes_are_whole_and_at_least_one(minutes: object) -> None:
    assert wrong_field("clock", {**case(T0, 1), "allow_minutes": minutes}) == "allow_minutes"


@pytest.mark.parametrize(
    ("calendar", "field"),
    [
        ("24x7", "calendar"),
        (["08:30", "17:30"], "calendar"),
        ({}, "calendar.open"),
        ({"open": "08:30"}, "calendar.close"),
        ({"open": "08:30", "close": "08:30"}, "calendar.close"),
        ({"open": "22:00", "close": "06:00"}, "calendar.close"),
        ({"open": "24:00", "close": "24:00"}, "calendar.open"),
        ({"open": "8:30", "close": "17:30"}, "calendar.open"),
        ({"open": "08:60", "close": "17:30"}, "calendar.open"),
        ({"open": "08:30", "close": "24:01"}, "calendar.close"),
        ({"open": "08:30", "close": "25:00"}, "calendar.close"),
        ({"open": "08:30:00", "close": "17:30"}, "calendar.open"),
        ({"open": 830, "close": "17:30"}, "calendar.open"),
        ({"open": "08:30", "close": "17:30", "lunch": 60}, "calendar.lunch"),
        ({"open": "08:30", "close": "17:30", "windows": [["08:30", "17:30"]]}, "calendar.open"),
        ({"windows": []}, "calendar.windows"),
        ({"windows": "08:30"}, "calendar.windows"),
        ({"windows": ["08:30"]}, "calendar.windows[0]"),
        ({"windows": [["08:30"]]}, "calendar.windows[0]"),
        ({"windows": [["08:30", "12:00", "13:00"]]}, "calendar.windows[0]"),
        ({"windows": [["08:30", None]]}, "calendar.windows[0][1]"),
        ({"windows": [["12:00", "08:30"]]}, "calendar.windows[0][1]"),
        ({"windows": [["08:30", "08:30"]]}, "calendar.windows[0][1]"),
        ({"windows": [["24:00", "24:00"]]}, "calendar.windows[0][0]"),
        ({"windows": [["08:30", "12:00"], ["11:59", "18:00"]]}, "calendar.windows[1][0]"),
        ({"windows": [["13:30", "18:00"], ["08:30", "12:00"]]}, "calendar.windows[1][0]"),
        ({"windows": [["08:30", "12:00"], ["08:30", "12:00"]]}, "calendar.windows[1][0]"),
        ({"windows": [["08:00", "09:00"], ["10:00", "11:00"], ["10:30", "12:00"]]}, "calendar.windows[2][0]"),
    ],
)
def test_a_calendar_that_makes_no_sense_is_named(calendar: Any, field: str) -> None:
    assert wrong_field("clock", case(T0, 60, calendar)) == field


def test_windows_that_overlap_name_the_one_before() -> None:
    overlapping = case(T0, 60, {"windows": [["08:30", "12:00"], ["11:59", "24:00"]]})
    assert "08:30–12:00" in answered("clock", overlapping)["error"]["message"]


def test_the_other_form_of_a_calendar_may_be_null() -> None:
    assert due(T0, 60, {"open": "08:30", "close": "17:30", "windows": None}) == "2026-06-08 10:00"


@pytest.mark.parametrize(
    ("pauses", "field"),
    [
        ({}, "pauses"),
        ([None], "pauses[0]"),
        ([pause("2026-06-08 10:00", "2026-06-08 11:00"), {"to": at(T0)}], "pauses[1].from"),
        ([pause("2026-06-08 10:00", "2026-06-08 09:59")], "pauses[0].to"),
        ([{"from": at(T0), "to": "later"}], "pauses[0].to"),
        ([{"from": at(T0), "until": at(T0)}], "pauses[0].until"),
    ],
)
def test_a_pause_that_makes_no_sense_is_named(pauses: Any, field: str) -> None:
    assert wrong_field("clock", case(T0, 60, pauses=pauses)) == field


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ([], "days"),
        ({"off": "2026-06-08"}, "days.off"),
        ({"off": ["2026-06-08", "2026-02-30"]}, "days.off[1]"),
        ({"work": [None]}, "days.work[0]"),
        ({"holidays": []}, "days.holidays"),
    ],
)
def test_days_that_make_no_sense_are_named(days: Any, field: str) -> None:
    assert wrong_field("clock", case(T0, 60, days=days)) == field


def test_other_offsets_are_brought_to_the_clock_of_china() -> None:
    berlin = {"t0": "2026-06-05T10:45+02:00", "allow_minutes": 60, "calendar": HOURS, "now": "2026-06-05T08:50Z"}
    assert result("clock", berlin) == {"due": "2026-06-08T08:45+08:00", "state": "running", "used_minutes": 5}


def test_the_clock_of_china_knows_no_summer_time() -> None:
    # the summers of 1986 to 1991 had one; +08:00 is meant (calculations.md)
    assert due("1988-07-04 16:45", 60, HOURS) == "1988-07-05 08:45"


def test_each_step_is_told_with_its_numbers() -> None:
    told = explained(
        "clock",
        case(
            "2026-06-05 16:45", 240, HOURS, now=at("2026-06-08 09:00"),
            pauses=[pause("2026-06-05 17:00", "2026-06-05 17:30"), pause("2026-06-05 10:00", "2026-06-05 11:00")],
        ),
    ).splitlines()  # fmt: skip
    assert told == [
        "只计工作日(含调休上班)的这些时段:08:30–17:30。",
        "2026-06-05 10:00 至 2026-06-05 11:00 的暂停不扣时间:报修之后没有一分钟属于它。",
        "2026-06-05 17:00 至 2026-06-05 17:30 暂停,扣除计时 30 分钟。",
        "从 2026-06-05 16:45 起允许 4 小时 00 分(240 分钟);扣除暂停后,用完的时刻是 2026-06-08 12:15。",
        "到现在 2026-06-08 09:00 为止,用了 45 分钟。",
        "正在计时;还剩 195 分钟。",
    ]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"now": at("2026-06-08 11:00")}, "已逾期 1 小时 00 分(60 分钟)。"),
        ({"met_at": at("2026-06-08 09:30")}, "按时达成,比到期早 30 分钟。"),
        ({"now": at("2026-06-08 09:45"), "pauses": [pause("2026-06-08 09:40")]}, "现在处于暂停;还剩 20 分钟。"),
        ({"now": at("2026-06-08 09:45"), "pauses": [pause("2026-06-08 09:40")]}, "用完之前有尚未结束的暂停"),
        (
            {"now": at("2026-06-08 09:45"), "pauses": [pause("2026-06-08 09:40")]},
            "从 2026-06-08 09:40 起的暂停还没有结束",
        ),
        ({"met_at": at("2026-06-08 09:45"), "pauses": [pause("2026-06-08 09:50")]}, "在它开始之前已经达成"),
        ({"met_at": at("2026-06-08 09:45"), "pauses": [pause("2026-06-08 09:45")]}, "在它开始之前已经达成"),
        ({"now": at("2026-06-08 09:45"), "pauses": [pause("2026-06-08 09:30", "2026-06-08 09:30")]}, "的暂停不扣时间"),
    ],
)
def test_states_and_open_pauses_are_worded(more: dict[str, Any], words: str) -> None:
    assert words in explained("clock", case(T0, 60, **more))
