"""Working days in China: the published lists, days that go before them, counting, holiday periods."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.working_days import LAST_DAY, WorkingDays, unpublished

PUBLISHED = WorkingDays()


def days(first: str, last: str) -> list[date]:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    return [begin + timedelta(days=n) for n in range((end - begin).days + 1)]


def written(text: str) -> set[date]:
    """Days as domain.md 19.2 writes them: 01-01~03; 02-15~23."""
    found: set[date] = set()
    for part in text.split(";"):
        first, _, last = part.strip().partition("~")
        found |= set(days(f"2026-{first}", f"2026-{first[:3]}{last or first[3:]}"))
    return found


OFF_2026 = written("01-01~03; 02-15~23; 04-04~06; 05-01~05; 06-19~21; 09-25~27; 10-01~07")
WORKED_2026 = written("01-04; 02-14; 02-28; 05-09; 09-20; 10-10")


@pytest.mark.parametrize("day", days("2026-01-01", "2026-12-31"), ids=str)
def test_each_day_of_2026_is_as_the_notice_says(day: date) -> None:
    expected = day in WORKED_2026 or (day.weekday() < 5 and day not in OFF_2026)
    assert PUBLISHED.is_working(day.toordinal()) is expected
    assert PUBLISHED.touches_holiday_period(day.toordinal(), day.toordinal()) is (day in OFF_2026)


def test_the_library_says_the_same_of_2026() -> None:
    china = holidays.country_holidays("CN", years=2026)
    differing = [
        day for day in days("2026-01-01", "2026-12-31")
        if china.is_working_day(day) is not PUBLISHED.is_working(day.toordinal())
    ]  # fmt: skip
    assert differing == []


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2025-10-08", False),  # Mid-Autumn and National Day together, eight days
        ("2025-10-11", True),  # a Saturday worked for it
        ("2020-01-31", False),  # the holiday of that spring was longer
        ("2005-12-31", True),  # a Saturday worked for a holiday of the next year, on whose list it stands
        ("2027-01-01", True),  # nobody has published 2027: a Friday is a Friday
        ("2027-02-06", False),
        ("1949-10-03", True),
        ("9999-12-31", True),
    ],
)
def test_years_are_as_published_and_else_monday_to_friday(day: str, works: bool) -> None:
    assert PUBLISHED.is_working(date.fromisoformat(day).toordinal()) is works


def test_given_days_go_before_the_lists_and_off_before_work() -> None:
    both = WorkingDays(
        off=[date(2026, 6, 8), date(2027, 2, 8)], work=[date(2026, 6, 8), date(2026, 6, 20), date(2026, 6, 22)]
    )
    works = {day.isoformat(): both.is_working(day.toordinal()) for day in days("2026-06-08", "2026-06-08")}
    works |= {day.isoformat(): both.is_working(day.toordinal()) for day in days("2026-06-19", "2026-06-22")}
    assert works == {
        "2026-06-08": False, "2026-06-19": False, "2026-06-20": True, "2026-06-21": False, "2026-06-22": True,
    }  # fmt: skip
    assert not both.is_working(date(2027, 2, 8).toordinal())


some_days = st.dates(date(2025, 11, 1), date(2027, 3, 31))


@given(st.lists(some_days, max_size=8), st.lists(some_days, max_size=8), some_days, st.integers(0, 400))
def test_counting_is_what_a_walk_over_the_days_counts(
    off: list[date], work: list[date], first: date, length: int
) -> None:
    china = WorkingDays(off, work)
    begin = first.toordinal()
    worked = [day for day in range(begin, begin + length) if china.is_working(day)]
    assert china.before(begin + length) - china.before(begin) == len(worked)
    before = china.before(begin)
    assert [china.nth(before + 1 + n) for n in range(min(len(worked), 5))] == worked[:5]


def test_the_last_working_day_has_a_number_and_none_comes_after() -> None:
    last = PUBLISHED.before(LAST_DAY + 1)
    assert PUBLISHED.nth(last) == LAST_DAY  # 9999-12-31 is a Friday
    assert PUBLISHED.nth(last + 1) is None
    assert PUBLISHED.nth(10**400) is None
    assert PUBLISHED.nth(1) == 1


def test_the_first_week_counts_from_its_monday() -> None:
    assert [PUBLISHED.before(ordinal) for ordinal in (1, 2, 6, 7, 8, 9)] == [0, 1, 5, 5, 5, 6]


D = date.fromisoformat


@pytest.mark.parametrize(
    ("off", "work", "first", "last", "touches"),
    [
        # a weekend beside a holiday belongs to its run, one that a working day parts from it does not
        ([], [], "2025-10-04", "2025-10-05", True),
        ([], [], "2026-09-26", "2026-09-27", True),
        ([], [], "2026-06-06", "2026-06-07", False),
        # the days between are worked, both ends are not in a period
        ([], [], "2026-06-22", "2026-06-26", False),
        # a long stretch with the holiday in its middle
        ([], [], "2026-09-01", "2026-11-30", True),
        # a day given as off is a public holiday, and the weekend beside it joins
        (["2027-02-05"], [], "2027-02-07", "2027-02-07", True),
        (["2027-02-05"], [], "2027-02-08", "2027-02-08", False),
        (["2027-02-06"], [], "2027-02-07", "2027-02-07", True),
        # a holiday that is worked is none, and parts what lies on its sides
        ([], ["2026-06-19"], "2026-06-19", "2026-06-19", False),
        ([], ["2026-05-01", "2026-05-02", "2026-05-04", "2026-05-05"], "2026-05-01", "2026-05-02", False),
        # a year without a list has no public holiday
        ([], [], "2027-01-01", "2027-12-31", False),
    ],
)
def test_a_holiday_period_is_a_run_of_days_off_with_a_public_holiday(
    off: list[str], work: list[str], first: str, last: str, touches: bool
) -> None:
    china = WorkingDays(map(D, off), map(D, work))
    assert china.touches_holiday_period(D(first).toordinal(), D(last).toordinal()) is touches


@given(st.lists(some_days, max_size=8), st.lists(some_days, max_size=8), some_days, st.integers(0, 12))
def test_a_stretch_touches_a_period_when_one_of_its_days_lies_in_one(
    off: list[date], work: list[date], first: date, length: int
) -> None:
    china = WorkingDays(off, work)
    begin = first.toordinal()
    each = [china.touches_holiday_period(day, day) for day in range(begin, begin + length + 1)]
    assert china.touches_holiday_period(begin, begin + length) is any(each)


@pytest.mark.parametrize(
    ("first", "last", "periods"),
    [
        ("2026-04-05", "2026-05-01", [("2026-04-04", "2026-04-06"), ("2026-05-01", "2026-05-05")]),
        ("2026-10-07", "2026-10-31", [("2026-10-01", "2026-10-07")]),
        ("2026-11-01", "2026-11-30", []),  # plain weekends
        ("2026-12-28", "2027-12-31", []),  # nobody has published 2027
    ],
)
def test_a_holiday_period_is_whole_even_where_only_a_part_was_asked_for(
    first: str, last: str, periods: list[tuple[str, str]]
) -> None:
    found = PUBLISHED.holiday_periods(D(first).toordinal(), D(last).toordinal())
    assert found == [(D(begin).toordinal(), D(end).toordinal()) for begin, end in periods]


@given(st.lists(some_days, max_size=8), st.lists(some_days, max_size=8), some_days, st.integers(0, 12))
def test_the_periods_of_a_stretch_are_the_days_that_touch_one(
    off: list[date], work: list[date], first: date, length: int
) -> None:
    china = WorkingDays(off, work)
    begin, end = first.toordinal(), first.toordinal() + length
    inside = {day for one, other in china.holiday_periods(begin, end) for day in range(one, other + 1)}
    touching = {day for day in range(begin, end + 1) if china.touches_holiday_period(day, day)}
    assert {day for day in inside if begin <= day <= end} == touching


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [
        (2020, 2026, []), (2026, 2027, ["2027"]), (2026, 2031, ["2027–2031"]), (1940, 1960, ["1940–1949"]),
        (1940, 1945, ["1940–1945"]), (1949, 2027, ["1949", "2027"]), (2030, 2030, ["2030"]),
    ],
)  # fmt: skip
def test_years_that_nobody_has_published_are_named(first: int, last: int, years: list[str]) -> None:
    assert unpublished(first, last) == years
