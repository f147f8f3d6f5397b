"""Local time of China at the border; UTC inside."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

# The clock of the calculations (calculations.md: out in +08:00), the same in every year: SHANGHAI has the summer time of 1986-1991.
CHINA = timezone(timedelta(hours=8))
FIRST = datetime(1, 1, 1, tzinfo=CHINA)
MINUTE = timedelta(minutes=1)
DAY_MINUTES = 24 * 60
END = date.max.toordinal() * DAY_MINUTES  # the first minute that has no date any more


def local(moment: datetime) -> datetime:
    """The same instant on a Chinese clock."""
    return moment.astimezone(SHANGHAI)


def local_date(moment: datetime) -> date:
    """The Chinese day of an instant; a day in China is not a UTC day."""
    return local(moment).date()


def minute_of(moment: datetime) -> int:
    """Whole minutes from 0001-01-01 00:00 in China to an instant; minute // DAY_MINUTES + 1 is the ordinal of its day."""
    return (moment - FIRST) // MINUTE


def moment_of(minute: int) -> datetime:
    """The instant of `minute_of`, on the clock of China. Errors: OverflowError from END on."""
    return FIRST + MINUTE * minute
