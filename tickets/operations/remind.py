"""Reminders about tickets that stand still (domain.md 20)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from core.calendars import local_date
from core.tenancy import Viewer
from tickets import notices
from tickets.enums import ReminderKind
from tickets.models import Reminder, Ticket
from tickets.queries import reminders

UNSIGNED_AFTER, PART_AFTER, PAUSED_AFTER = timedelta(hours=24), timedelta(days=3), timedelta(hours=48)  # domain.md 20


@transaction.atomic
def remind_due(*, viewer: Viewer, now: datetime, limit: int = 100) -> int:
    """Remind of what is due at a dealer: slips unsigned 24 h after the site was left, once; parts awaited for more than three days and
    clocks paused for more than 48 h, once a day. Returns how many reminders were written, at most three times `limit`: 0 = nothing is left.

    The mark that somebody was told is written with the notices: a second run tells nobody again.
    """
    today = local_date(now)
    written = []
    for due in reminders.unsigned(viewer, left_before=now - UNSIGNED_AFTER, limit=limit):
        written.append(_mark(viewer, due.ticket, ReminderKind.UNSIGNED, local_date(due.since), now))
        notices.tell_unsigned(viewer, due.ticket, due.since, now)
    for due in reminders.waiting_for_part(viewer, since_before=now - PART_AFTER, day=today, limit=limit):
        written.append(_mark(viewer, due.ticket, ReminderKind.PART, today, now))
        notices.tell_part_late(viewer, due.ticket, due.since, now)
    for due in reminders.paused_long(viewer, since_before=now - PAUSED_AFTER, day=today, limit=limit):
        written.append(_mark(viewer, due.ticket, ReminderKind.PAUSED, today, now))
        notices.tell_paused_long(viewer, due.ticket, due.since, due.why, now)
    Reminder.objects.bulk_create(written)
    return len(written)


def _mark(viewer: Viewer, ticket: Ticket, kind: ReminderKind, day: date, now: datetime) -> Reminder:
    return Reminder(dealer_id=viewer.org, ticket=ticket, kind=kind, day=day, at=now)
