"""Numbers that people sign in with."""

import pytest

from partners.calculations.phones import is_mobile, normalised


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13800138000", "13800138000"),
        (" +86 138-0013-8000 ", "13800138000"),
        ("8613800138000", "13800138000"),
        ("(138) 0013 8000", "13800138000"),
        ("", ""),
        ("李静", "李静"),
    ],
)
def test_blanks_dashes_and_the_country_go(typed, kept):
    assert normalised(typed) == kept


@pytest.mark.parametrize(
    ("digits", "mobile"), [("19900000001", True), ("12800138000", False), ("1380013800", False), ("", False)]
)
def test_a_mobile_number_has_eleven_digits(digits, mobile):
    assert is_mobile(digits) is mobile
