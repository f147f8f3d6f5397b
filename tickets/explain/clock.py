"""The clock of a promise in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_noop

from core import case_words
from core.cases import Step

SENTENCES = {
    "always": gettext_noop("Every minute counts, day and night."),
    "windows": gettext_noop("On working days in China these hours count: %(windows)s."),
    **case_words.DAYS,
    "pause": gettext_noop("The pause from %(start)s to %(end)s takes out %(length)s of the time that counts."),
    "pause_open": gettext_noop("The pause from %(start)s on has no end yet."),
    "pause_empty": gettext_noop(
        "The pause from %(start)s to %(end)s takes out nothing: it has no minute after the report."
    ),
    "pause_after_met": gettext_noop("The pause from %(start)s on is ignored: the promise was met before it began."),
    "due": gettext_noop("%(allowed)s are allowed from %(t0)s on; without the pauses they are used up at %(due)s."),
    "no_due": gettext_noop(
        "%(allowed)s min are allowed from %(t0)s on; an open pause begins before they are used up, so that there is no due time yet."
    ),
    "used_met": gettext_noop("Until it was met at %(until)s, %(used)s were used."),
    "used_now": gettext_noop("Until now, %(until)s, %(used)s are used."),
    "met": gettext_noop("The promise was met in time, %(left)s before it was due."),
    "late": gettext_noop("The promise was met %(by)s late."),
    "overdue": gettext_noop("The promise is overdue by %(by)s."),
    "paused": gettext_noop("The clock is paused now; %(left)s min are left."),
    "running": gettext_noop("The clock is running; %(left)s min are left."),
}

WRONG = {
    "before_t0": gettext_noop("This is before the report at %(t0)s: check both times."),
    "no_time": gettext_noop("Write a time of day as HH:MM, e.g. 08:30."),
    "no_start": gettext_noop("No window begins at 24:00; the day begins at 00:00."),
    "no_window": gettext_noop('A window is a list of two times, ["08:30", "12:00"].'),
    "windows_overlap": gettext_noop(
        "Windows follow each other without overlapping: this one begins before the end of %(before)s."
    ),
}


def sentences(steps: Iterable[Step]) -> list[str]:
    """Each step of the calculation, in the active language."""
    return case_words.sentences(steps, SENTENCES)
