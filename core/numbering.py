"""Document numbers: series-dealer-month-four digits, for example FW-CS01-202606-0017 (domain.md 8.3)."""

from __future__ import annotations

from datetime import date

from django.db import connection


def next_number(*, series: str, dealer_id: int, dealer_code: str, day: date) -> str:
    """The next number of `series` for the dealer in the month of `day` (a local date), without gaps.

    Locks the counter's row until the transaction ends: a rollback gives the number back, two at once queue up.
    """
    return next_numbers(series=series, dealer_id=dealer_id, dealer_code=dealer_code, day=day, count=1)[0]


def next_numbers(*, series: str, dealer_id: int, dealer_code: str, day: date, count: int) -> list[str]:
    """The next `count` numbers at once, for imports; otherwise as `next_number`."""
    period = f"{day:%Y%m}"
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO core_counter (dealer_id, series, period, "last") VALUES (%s, %s, %s, %s)'
            ' ON CONFLICT (dealer_id, series, period) DO UPDATE SET "last" = core_counter."last" + excluded."last"'
            ' RETURNING "last"',
            [dealer_id, series, period, count],
        )
        (last,) = cursor.fetchone()
    return [f"{series}-{dealer_code}-{period}-{at:04d}" for at in range(last - count + 1, last + 1)]
