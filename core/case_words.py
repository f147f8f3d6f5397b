"""Words for what `core.cases` tells in codes: the steps of a calculation, and why a case cannot be calculated. In the active language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Choices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.calendars import CHINA
from core.cases import Step, Wrong

WRONG = {
    # the line
    "not_utf8": gettext_noop("The line is not UTF-8 at byte %(at)s: save the file as UTF-8."),
    "not_json": gettext_noop("The line cannot be read as JSON at character %(at)s: one whole object belongs on each line."),
    "too_deep": gettext_noop("The line is nested too deeply: a case has a few levels only."),
    "no_kind": gettext_noop("There is no kind of calculation called %(kind)s; choose one of: %(kinds)s."),
    # fields
    "missing": gettext_noop("This field is required: add it."),
    "unknown": gettext_noop("There is no such field: correct its name or leave it out. Known here: %(known)s."),
    "repeated": gettext_noop("This field stands twice in its object: keep one of them."),
    "no_object": gettext_noop("An object in curly braces is needed here."),
    "no_list": gettext_noop("A list in square brackets is needed here."),
    "empty_list": gettext_noop("This list needs at least one entry."),
    "wrong_length": gettext_noop("This list needs %(count)s entries and has %(found)s."),
    "no_text": gettext_noop("A text in quotation marks is needed here."),
    "empty_text": gettext_noop("This text is empty: fill it in."),
    "no_choice": gettext_noop("Write one of these words: %(choices)s."),
    "no_truth": gettext_noop("Write true or false, without quotation marks."),
    # numbers
    "no_whole": gettext_noop("Write a whole number, without decimals and quotation marks."),
    "no_decimal": gettext_noop("Write a number like 12.50, in digits, without exponent, blanks or thousands commas."),
    "too_small": gettext_noop("The number must be %(least)s or more."),
    "too_large": gettext_noop("The number must be %(most)s or less."),
    "not_below": gettext_noop("The number must be below %(limit)s."),
    "not_above": gettext_noop("The number must be above %(limit)s."),
    "too_fine": gettext_noop("Money has two decimals at most: round the amount first, written zeros count too."),
    # dates and times
    "no_date": gettext_noop("Write a date as YYYY-MM-DD, e.g. 2026-06-05."),
    "no_such_date": gettext_noop("There is no such day in the calendar: check month and day."),
    "no_instant": gettext_noop("Write a point in time with date, time and offset, e.g. 2026-06-05T16:45+08:00."),
    "no_offset": gettext_noop("The offset is missing: write +08:00 behind the time in China."),
    "no_such_instant": gettext_noop("There is no such point in time: check date, time and offset."),
    "seconds": gettext_noop("Only whole minutes are counted: cut the seconds off, or write 00."),
    "end_before_start": gettext_noop("The end comes before its start: check both times."),
    "end_not_after_start": gettext_noop("The end must come after its start: check both times."),
    "beyond_calendar": gettext_noop("With this number the result lies outside the calendar, which has the years 1 to 9999."),
}  # fmt: skip

# Steps of every kind that asks for working days.
DAYS = {
    "unpublished": gettext_noop(
        "Nobody has published the days off of %(years)s: Monday to Friday count as working days there, apart from days given here."
    ),
}


def sentences(steps: Iterable[Step], texts: Mapping[str, str]) -> list[str]:
    """The steps in words, one sentence each. texts: of the app's `explain`, English by code."""
    return [_(texts[step.code]) % _shown(step.params) for step in steps]


def problem(wrong: Wrong, texts: Mapping[str, str]) -> str:
    """Why a case cannot be calculated, and what to do. texts: those that the kinds add to the general ones."""
    return _(texts.get(wrong.code) or WRONG[wrong.code]) % _shown(wrong.params)


def _shown(params: Mapping[str, object]) -> dict[str, str]:
    return {name: shown(value) for name, value in params.items()}


def shown(value: object) -> str:
    """A value for reading: 1,882.60; 2026-06-08 08:45; 4 h 20 min; the label of a choice."""
    if isinstance(value, Choices):
        return str(value.label)
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, timedelta):
        return _duration(value)
    if isinstance(value, datetime):
        return value.astimezone(CHINA).isoformat(" ", "minutes")[:16]
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _number(value: Decimal) -> str:
    """1,882.60; zeros behind the second decimal, which only come from a product, are left out."""
    before, point, decimals = f"{value:,f}".replace("-", "−").partition(".")
    return before + point + decimals[:2] + decimals[2:].rstrip("0")


def _duration(length: timedelta) -> str:
    """4 h 20 min (260 min), the minutes alone below an hour."""
    minutes = length // timedelta(minutes=1)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)s min") % {"minutes": minutes}
    return _("%(hours)s h %(rest)s min (%(minutes)s min)") % {"hours": hours, "rest": f"{rest:02}", "minutes": minutes}
