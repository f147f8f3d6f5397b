"""Until when a return's next step is to be taken."""

from __future__ import annotations

from datetime import date

import pytest

from tickets.calculations.return_limits import due
from tickets.calculations.waybill import waybill
from tickets.enums import RETURN_ENDED, ReturnState

TODAY = date(2026, 12, 28)


def test_sending_has_the_limit_that_the_manufacturer_named():
    assert due(ReturnState.AGREED, TODAY, date(2027, 1, 3)) == date(2027, 1, 3)


@pytest.mark.parametrize(
    ("state", "day"),
    [
        ("asked", date(2027, 1, 2)), ("shipped", date(2027, 1, 12)), ("received", date(2027, 1, 7)), ("inspected", date(2027, 1, 2)),
        ("quoted", date(2027, 1, 7)), ("decided", date(2027, 1, 12)), ("sent_back", date(2027, 1, 12)),
    ],
)  # fmt: skip
def test_every_other_step_has_days(state, day):
    assert due(state, TODAY, None) == day


@pytest.mark.parametrize("state", RETURN_ENDED)
def test_what_has_ended_waits_for_nothing(state):
    assert due(state, TODAY, TODAY) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (" an20260611 ", "AN20260611"),
        ("SF-1234", "SF-1234"),
        ("12345", None),
        ("A" * 33, None),
        ("AN 20260611", None),
        ("", None),
    ],
)
def test_a_waybill_has_6_to_32_letters_digits_and_hyphens(text, found):
    assert waybill(text) == found
