"""How long the work took, as the slip proposes it (domain.md 8.1: (离开−到达)×人数, in steps of 0.5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

STEP = Decimal("0.5")
LEAST, MOST = Decimal("0.5"), Decimal(200)

#: arrival, departure, people on site
Stay = tuple[datetime, datetime, int]


def service_hours(stays: Iterable[Stay]) -> Decimal | None:
    """Hours of all stays together, each times its people, to the nearest half hour; None without a stay.

    A stay that ends before it begins counts nothing. Between 0.5 and 200 hours.
    """
    minutes, any_stay = 0, False
    for arrived, left, people in stays:
        any_stay = True
        minutes += max(0, int((left - arrived).total_seconds() // 60)) * max(people, 1)
    if not any_stay:
        return None
    halves = (Decimal(minutes) / 30).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return min(MOST, max(LEAST, halves * STEP))
