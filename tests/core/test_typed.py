"""What people type is understood or refused (domain.md 8.1, 18.6)."""

from datetime import date, time
from decimal import Decimal

import pytest

from core import typed


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("13800001111", "13800001111"),
        (" 138 0000 1111 ", "13800001111"),
        ("138-0000-1111", "13800001111"),
        ("+86 138 0000 1111", "13800001111"),
        ("0086-13800001111", "13800001111"),
        ("8613800001111", "13800001111"),
        ("１３８００００１１１１", "13800001111"),
        ("0731-88880000", "0731-88880000"),
        ("0731 8888 0000", "073188880000"),
        ("（0731）88880000", "073188880000"),
        ("0731—88880000", "0731-88880000"),
        ("010-12345678", "010-12345678"),
        ("0731-88880000-12", "0731-88880000-12"),
        ("0731-88880000转12", "0731-88880000-12"),
        ("+86 731 88880000", "073188880000"),
        ("+86 10 12345678", "01012345678"),
        ("400-800-1234", "400-800-1234"),
        ("4008001234", "4008001234"),
        ("800 810 8888", "8008108888"),
    ],
)
def test_telephone_numbers_are_kept_in_one_form(text: str, kept: str) -> None:
    assert typed.phone(text) == kept


@pytest.mark.parametrize(
    "text",
    ["", "张工", "12345", "1380000111", "138000011112", "12800001111", "23800001111", "731-88880000", "500-800-1234"],
)
def test_what_is_no_telephone_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no telephone number"):
        typed.phone(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [("+86 138-0000 1111", "13800001111"), ("0731-88880000", "073188880000"), ("１９９", "199"), ("张工", "")],
)
def test_digits_are_how_numbers_are_compared(text: str, kept: str) -> None:
    assert typed.digits(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "2026-06-03",
        "2026-6-3",
        "2026.6.3",
        "2026/6/3",
        "20260603",
        "2026年6月3日",
        "２０２６．６．３",
        " 2026 年 6 月 3 日 ",
    ],
)
def test_dates_are_read_as_people_write_them(text: str) -> None:
    assert typed.day(text) == date(2026, 6, 3)


@pytest.mark.parametrize("text", ["", "6月3日", "2026-13-01", "2026-02-30", "202663", "26.6.3", "昨天"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        typed.day(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("12.5", "12.5"),
        ("１２．５", "12.5"),
        ("1,882.60", "1882.60"),
        ("￥1,882.60", "1882.60"),
        ("42元", "42"),
        ("-3", "-3"),
    ],
)
def test_figures_are_read_as_people_write_them(text: str, kept: str) -> None:
    assert typed.number(text) == Decimal(kept)


@pytest.mark.parametrize("text", ["", "abc", "1e5", "nan", "Infinity", "1,2", "1_000", "12 km"])
def test_what_is_no_figure_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no figure"):
        typed.number(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("08:30", time(8, 30)), ("8:30", time(8, 30)), ("0830", time(8, 30)), (" 20 : 00 ", time(20)), ("8：30", time(8, 30)),
        ("8点", time(8)), ("8点半", time(8, 30)), ("8时30分", time(8, 30)), ("08:30:00", time(8, 30)), ("24:00", time()), ("00:00", time()),
    ],
)  # fmt: skip
def test_times_on_the_clock_are_read(text: str, kept: time) -> None:
    assert typed.clock(text) == kept


@pytest.mark.parametrize("text", ["", "8", "830", "8:3", "25:00", "24:01", "08:60", "08:30:15", "8:00:00:00", "早上"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        typed.clock(text)
