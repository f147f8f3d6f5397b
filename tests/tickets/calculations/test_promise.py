"""City tiers, due times and warnings of a promise (domain.md 5.2, 5.3)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.calendars import CHINA
from tickets.calculations.clock import Pause, Window
from tickets.calculations.promise import DEFAULT, Appointment, city_tier, due_of, facts_of, warnings_of

T0 = datetime(2026, 6, 5, 16, 45, tzinfo=CHINA)


def at(day: int, hour: int, minute: int = 0, month: int = 6) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA)


def facts(allow=240, *, t0=T0, windows=None, pauses=(), now=None):
    return facts_of(t0, allow, windows, pauses, met_at=None, now=now or t0)


@pytest.mark.parametrize(
    ("province", "city", "district", "tier"),
    [
        ("湖南省", "长沙市", "岳麓区", "capital"),
        ("湖南省", "长沙市", "宁乡市", "capital"),  # the whole prefecture, by the letter
        ("湖南省", "衡阳市", "", "other"),
        ("新疆维吾尔自治区", "乌鲁木齐市", "", "capital"),
        ("内蒙古自治区", "呼和浩特", "", "capital"),
        ("北京市", "北京市", "", "capital"),
        ("重庆市", "市辖区", "万州区", "capital"),
        ("广东省", "深圳市", "", "other"),
        ("吉林省", "长春市", "", "capital"),
        ("", "", "", "other"),
    ],
)
def test_which_city_is_a_capital(province, city, district, tier):
    assert city_tier(province, city, district) == tier


def test_counties_municipalities_and_what_the_dealer_has_set():
    strict = replace(DEFAULT, whole_prefecture=False, municipalities=False)
    assert city_tier("湖南省", "长沙市", "宁乡市", strict) == "other"
    assert city_tier("湖南省", "长沙市", "长沙县", strict) == "other"
    assert city_tier("湖南省", "长沙市", "岳麓区", strict) == "capital"
    assert city_tier("上海市", "上海市", "浦东新区", strict) == "other"
    assert city_tier("湖南省", "长沙市", "浏阳市", override="other") == "other"
    assert city_tier("湖南省", "衡阳市", "", override="capital") == "capital"


def test_warnings_at_half_four_fifths_and_breach():
    assert warnings_of(facts()) == {50: at(5, 18, 45), 80: at(5, 19, 57), 100: at(5, 20, 45)}


def test_warnings_in_office_hours_count_open_minutes():
    opened = (Window(8 * 60 + 30, 17 * 60 + 30),)
    assert warnings_of(facts(60, windows=opened)) == {50: at(5, 17, 15), 80: at(8, 8, 33), 100: at(8, 8, 45)}


def test_an_open_pause_holds_the_warnings_that_lie_behind_it():
    paused = facts(pauses=[Pause(at(5, 19), None)])
    assert warnings_of(paused) == {50: at(5, 18, 45), 80: None, 100: None}


def test_an_appointment_takes_the_place_of_the_due_time():
    agreed = Appointment(at(6, 10), made_at=at(5, 18))
    assert due_of(facts(), agreed) == at(6, 10)
    assert warnings_of(facts(), agreed) == {50: at(6, 2), 80: at(6, 6, 48), 100: at(6, 10)}


def test_only_pauses_after_it_was_made_move_an_appointment():
    agreed = Appointment(at(6, 10), made_at=at(5, 18))
    before, after = Pause(at(5, 17), at(5, 17, 30)), Pause(at(6, 8), at(6, 9))
    assert due_of(facts(pauses=[before]), agreed) == at(6, 10)
    assert due_of(facts(pauses=[before, after]), agreed) == at(6, 11)
    assert due_of(facts(pauses=[after, Pause(at(6, 8, 30), at(6, 9, 30))]), agreed) == at(6, 11, 30)
    assert due_of(facts(pauses=[Pause(at(6, 9), None)]), agreed) is None
    assert due_of(facts(pauses=[Pause(at(6, 12), at(6, 13))]), agreed) == at(6, 10)


def test_seconds_make_nobody_late():
    cut = facts_of(T0 + timedelta(seconds=59), 60, None, (), met_at=T0 + timedelta(minutes=60, seconds=58), now=T0)
    assert (cut.t0, cut.met_at) == (T0, T0 + timedelta(minutes=60))
