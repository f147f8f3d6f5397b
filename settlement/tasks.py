"""Jobs of settlement."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import jobs
from settlement import notices
from settlement.queries import claims


@jobs.handler(notices.TELL_CLAIM, _("News of a claim"))
def claim_told(run: jobs.Run) -> None:
    """Tell the people of the job's organisation; payload: claim (key), what (code)."""
    with run.step():
        claim = claims.by_id(run.viewer, run.payload["claim"])
        if claim is not None:
            notices.tell_claim(run.viewer, claim, run.payload["what"], timezone.now())
