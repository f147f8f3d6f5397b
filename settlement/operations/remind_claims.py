"""Reminders of claims that stand still, on either side; nothing is ever approved by silence (domain.md 9.4, 20)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from core.calendars import local_date
from core.tenancy import Viewer
from settlement import notices
from settlement.enums import CLAIM_IN_REVIEW, ClaimReminderKind, ClaimState
from settlement.models import Claim, ClaimReminder
from settlement.queries import claim_reminders


@transaction.atomic
def remind_due(*, viewer: Viewer, now: datetime, limit: int = 100) -> int:
    """Remind of what is due at a dealer and at those who review its claims: returns how many reminders were written, 0 = nothing is left.

    The dealer's own are told at once, the reviewers by a job of their organisation. A first review that is silent for three working days
    is told to headquarters, a second one to its administrator. The mark is written with the notices: a second run tells nobody again.
    """
    today = local_date(now)
    rows = [*claim_reminders.due(viewer, today, limit), *claim_reminders.unclaimed(viewer, today, limit)]
    for due in rows:
        if due.claim is None or due.claim.state not in CLAIM_IN_REVIEW:
            notices.tell_dealer_due(viewer, due, now)
        else:
            what = "silent" if due.kind == ClaimReminderKind.SILENT else "review_late"
            notices.claim_told(viewer, due.claim, _reviewer(due.claim, silent=what == "silent"), what, now)
    ClaimReminder.objects.bulk_create(
        [ClaimReminder(dealer_id=viewer.org, slip=due.slip, kind=due.kind, due_on=due.due_on, at=now) for due in rows]
    )
    return len(rows)


def _reviewer(claim: Claim, *, silent: bool) -> int:
    """Whose turn it is; of a silent office its headquarters."""
    office = claim.office_id if claim.state == ClaimState.FIRST else None
    return office if office is not None and not silent else claim.manufacturer_id
