"""Jobs of the roster: the day's reminders, and the end of requests that nobody answered."""

from __future__ import annotations

from datetime import datetime, time

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import jobs
from partners.operations.daily import plan_daily
from resources.operations import reminders, swaps

REMIND = "resources.duty_remind"
MORNING = time(8, 30)  # when the desk opens, so that a gap of the night can still be filled


@jobs.handler(REMIND, _("Reminders about the duty roster"))
def remind(run: jobs.Run) -> None:
    """Remind the job's dealer of what is missing on his roster; payload: nothing. A second run of the same day tells nothing twice."""
    with run.step():
        reminders.remind(viewer=run.viewer, now=timezone.now())


@jobs.handler(swaps.EXPIRE, _("The end of a request to swap duty"))
def end_swap(run: jobs.Run) -> None:
    """End a request that nobody answered; payload: swap = its public id. A second run finds it ended."""
    with run.step():
        swaps.expire(viewer=run.viewer, public_id=str(run.payload["swap"]), now=timezone.now())


def plan_morning(now: datetime) -> None:
    """Once a day one job per dealer, due in the morning (domain.md 20: duty gap)."""
    plan_daily(REMIND, MORNING, now)
