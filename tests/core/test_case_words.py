"""How values of a calculation are shown to people."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from core.case_words import shown
from tickets.enums import ClockState


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1882.6"), "1,882.6"),
        (Decimal("-84.00"), "−84.00"),
        (Decimal("1.5000"), "1.50"),
        (Decimal("10.1250"), "10.125"),
        (Decimal(3000), "3,000"),
        (Decimal("1E+3"), "1,000"),
        (Decimal("0.00"), "0.00"),
        (timedelta(0), "0 min"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(hours=4, minutes=5), "4 h 05 min (245 min)"),
        (timedelta(days=2), "48 h 00 min (2880 min)"),
        (datetime(2026, 6, 5, 16, 45, tzinfo=UTC), "2026-06-06 00:45"),
        (date(2026, 6, 5), "2026-06-05"),
        (ClockState.MET, "met in time"),
        (7, "7"),
        ("KIT-DG46", "KIT-DG46"),
    ],
)
def test_values_are_readable(value: object, text: str) -> None:
    with translation.override("en"):
        assert shown(value) == text
