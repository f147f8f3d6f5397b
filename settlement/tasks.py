"""Jobs of settlement."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import jobs
from settlement import notices
from settlement.operations import close_month
from settlement.queries import claims, statements


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
