"""Jobs of settlement."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import jobs
from settlement import notices
from settlement.explain.checks import in_short
from settlement.operations.checks import check_claim
from settlement.operations.claims import CHECK
from settlement.queries import claims


@jobs.handler(notices.TELL_CLAIM, _("News of a claim"))
def claim_told(run: jobs.Run) -> None:
    """Tell the people of the job's organisation; payload: claim (key), what (code)."""
    with run.step():
        claim = claims.by_id(run.viewer, run.payload["claim"])
        if claim is not None:
            notices.tell_claim(run.viewer, claim, run.payload["what"], timezone.now())


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
