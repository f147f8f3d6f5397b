"""Jobs of settlement."""

from __future__ import annotations

from datetime import datetime, time

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import jobs
from partners.operations.daily import plan_daily
from settlement import notices
from settlement.explain.checks import in_short
from settlement.operations import close_month, old_part_duties, remind_claims
from settlement.operations.checks import check_claim
from settlement.operations.claims import CHECK
from settlement.queries import authorisations, claims, old_parts, statements

REMIND_CLAIMS, REMIND_OLD_PARTS = "settlement.claims_remind", "settlement.remind_old_parts"
MORNING = time(8, 30)  # when office and store open; what is not urgent is gathered anyway


@jobs.handler(notices.TELL_CLAIM, _("News of a claim"))
def claim_told(run: jobs.Run) -> None:
    """Tell the people of the job's organisation; payload: claim (key), what (code)."""
    with run.step():
        claim = claims.by_id(run.viewer, run.payload["claim"])
        if claim is not None:
            notices.tell_claim(run.viewer, claim, run.payload["what"], timezone.now())


@jobs.handler(notices.TELL_STATEMENT, _("News of a statement"))
def statement_told(run: jobs.Run) -> None:
    """Tell the people of the job's organisation; payload: statement (key), what (code)."""
    with run.step():
        statement = statements.by_id(run.viewer, run.payload["statement"])
        if statement is not None:
            notices.tell_statement(run.viewer, statement, run.payload["what"], timezone.now())


@jobs.handler(close_month.CLOSE, _("Close of a month"))
def month_closed(run: jobs.Run) -> None:
    """Make the statements of a month; payload: month (its first day), tax_rate."""
    close_month.run_close(run)


@jobs.handler(notices.TELL_REVERSAL, _("An appraisal takes back what was approved"))
def reversal_told(run: jobs.Run) -> None:
    """Tell the people of the job's dealer; payload: part (key)."""
    with run.step():
        part = old_parts.by_id(run.viewer, run.payload["part"])
        if part is not None:
            notices.tell_reversal(run.viewer, part, timezone.now())


@jobs.handler(REMIND_OLD_PARTS, _("Reminders of old parts"))
def remind_old_parts(run: jobs.Run) -> None:
    """Remind of what is due at the job's dealer, some at a time; payload: nothing. A second run finds nothing left."""
    run.in_steps(lambda: old_part_duties.remind_due(viewer=run.viewer, now=timezone.now()))


@jobs.handler(CHECK, _("Automatic checks of a claim"))
def claim_checked(run: jobs.Run) -> None:
    """Check a submitted claim, in one transaction, so that a run that was killed leaves nothing; payload: claim (key), submitted_at."""
    with run.step():
        check_claim(
            viewer=run.viewer,
            claim_id=run.payload["claim"],
            submitted_at=datetime.fromisoformat(run.payload["submitted_at"]),
            say=in_short,
            now=timezone.now(),
        )


@jobs.handler(notices.TELL_AUTHORISATION, _("News of a pre-authorisation"))
def authorisation_told(run: jobs.Run) -> None:
    """Tell the people of the job's organisation; payload: authorisation (key), what (code)."""
    with run.step():
        found = authorisations.by_id(run.viewer, run.payload["authorisation"])
        if found is not None:
            notices.tell_authorisation(run.viewer, found, run.payload["what"], timezone.now())


@jobs.handler(REMIND_CLAIMS, _("Reminders of claims"))
def remind(run: jobs.Run) -> None:
    """Remind of the claims of the job's dealer that stand still, some at a time; payload: nothing. A second run finds nothing left."""
    run.in_steps(lambda: remind_claims.remind_due(viewer=run.viewer, now=timezone.now()))


def plan_morning(now: datetime) -> None:
    """Once a day one job of each kind per dealer, due in the morning (domain.md 20). Called by the tick."""
    for kind in (REMIND_CLAIMS, REMIND_OLD_PARTS):
        plan_daily(kind, MORNING, now)
