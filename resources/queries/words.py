"""Days, hours and shifts in words, as every page, message and paper of the roster says them."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from core.calendars import local
from resources.calculations.hours import DAY_MINUTES, Span
from resources.enums import SHORT
from resources.models import DutyShift


def span_words(span: Span) -> str:
    """A stretch of time as 10-03 20:00 – 10-04 08:00, on the Chinese clock; the second day only when it is another."""
    starts, ends = (local(moment) for moment in span)
    same = starts.date() == ends.date()
    return f"{starts:%m-%d %H:%M} – {ends:{'%H:%M' if same else '%m-%d %H:%M'}}"


def clock_words(starts: datetime, ends: datetime) -> str:
    """Two instants on the Chinese clock as 20:00–08:00, where the day stands beside them."""
    return f"{local(starts):%H:%M}–{local(ends):%H:%M}"


def minutes_words(start: int, minutes: int) -> str:
    """A part of a day as 20:00–24:00."""
    return f"{_minute(start)}–{_minute(start + minutes)}"


def _minute(minute: int) -> str:
    return "24:00" if minute == DAY_MINUTES else f"{minute // 60:02}:{minute % 60:02}"


def shift_words(shift: DutyShift) -> str:
    """The hours of a shift as 10-03 20:00 – 10-04 08:00."""
    return span_words((shift.starts_at, shift.ends_at))


def kind_word(kind: str) -> str:
    """A kind of shift in one word."""
    return str(SHORT[kind])


def weekday(day: date) -> str:
    """The day of the week."""
    days = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    return days[day.weekday()]
