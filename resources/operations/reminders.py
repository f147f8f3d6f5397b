"""Reminders about the roster, each once: hours without anybody, and the roster of a holiday that is due (domain.md 14, 20)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from core.calendars import local_date
from core.tenancy import Viewer
from resources import notices
from resources.calculations.hours import gaps
from resources.enums import ReminderKind
from resources.models import DutyReminder
from resources.queries import roster


@transaction.atomic
def remind(*, viewer: Viewer, now: datetime) -> None:
    """Tell administrators and dispatchers of the viewer's dealer what is missing; doing it again the same day tells nothing twice.

    A holiday whose roster is due (7 days before its first day) and not complete is told once; hours of the next 7 days without anybody are
    told once a day. A dealer that never planned a shift does without a roster and is not reminded.
    """
    if not roster.is_planned(viewer):
        return
    ahead = roster.ahead(viewer, now)
    for period, missing in ahead.open_holidays:
        if _first_time(viewer, ReminderKind.HOLIDAY, period.first, now):
            notices.tell_holiday(viewer, period, missing, now)
    far = [(now + roster.NEAR, now + roster.HORIZON)]
    near = [span for span in ahead.gaps if span[0] < now + roster.NEAR]
    near = [cut for span in near for cut in gaps(far, *span)]  # of a long one the part that is near
    if near and _first_time(viewer, ReminderKind.GAP, local_date(now), now):
        notices.tell_gaps(viewer, near, now)


def _first_time(viewer: Viewer, kind: ReminderKind, day: date, now: datetime) -> bool:
    try:
        with transaction.atomic():
            DutyReminder.objects.create(dealer_id=viewer.org, kind=kind, day=day, told_at=now)
    except IntegrityError:
        return False
    return True
