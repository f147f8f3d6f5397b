"""Local time of China at the border; UTC inside."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(moment: datetime) -> datetime:
    """The same instant on a Chinese clock."""
    return moment.astimezone(SHANGHAI)


def local_date(moment: datetime) -> date:
    """The Chinese day of an instant; a day in China is not a UTC day."""
    return local(moment).date()
