"""Jobs of settlement."""

from __future__ import annotations

from datetime import datetime, time

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import jobs
from partners.operations.daily import plan_daily
from settlement import notices
from settlement.operations.remind_claims import remind_due
from settlement.queries import authorisations, claims

REMIND = "settlement.claims_remind"
MORNING = time(8, 30)


@jobs.handler(notices.TELL_CLAIM, _("News of a claim"))
def claim_told(run: jobs.Run) -> None:
    """Tell the people of the job's organisation; payload: claim (key), what (code)."""
    with run.step():
        claim = claims.by_id(run.viewer, run.payload["claim"])
        if claim is not None:
            notices.tell_claim(run.viewer, claim, run.payload["what"], timezone.now())


@jobs.handler(notices.TELL_AUTHORISATION, _("News of a pre-authorisation"))
def authorisation_told(run: jobs.Run) -> None:
    """Tell the people of the job's organisation; payload: authorisation (key), what (code)."""
    with run.step():
        found = authorisations.by_id(run.viewer, run.payload["authorisation"])
        if found is not None:
            notices.tell_authorisation(run.viewer, found, run.payload["what"], timezone.now())


@jobs.handler(REMIND, _("Reminders of claims"))
def remind(run: jobs.Run) -> None:
    """Remind of the claims of the job's dealer that stand still, some at a time; payload: nothing. A second run finds nothing left."""
    done = 0
    while True:
        with run.step():
            written = remind_due(viewer=run.viewer, now=timezone.now())
        if not written:
            return
        done += written
        run.progress(done, done)


def plan_morning(now: datetime) -> None:
    """Once a day one job per dealer, due in the morning. Called by the tick."""
    plan_daily(REMIND, MORNING, now)
