"""Of which claims, and slips without claim, somebody has to be reminded (domain.md 9.4, 20)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q

from core.calendars import local_date
from core.tenancy import Viewer
from settlement.calculations.claim_limits import SILENT_DAYS, SUBMIT_DAYS, over_since
from settlement.enums import CLAIM_IN_REVIEW, CLAIM_OPEN, ClaimReminderKind, ClaimState
from settlement.models import Claim, ClaimReminder
from settlement.queries import claims
from tickets.models import Slip

#: days before the end of the time to submit, 20 and 28 days after completion; of what was sent back after 5 of its 10 days
SOON_DAYS, LAST_DAYS, AGAIN_DAYS = 10, 2, 5


@dataclass(frozen=True)
class Due:
    """One reminder. claim: None = nobody has begun one for the slip."""

    kind: ClaimReminderKind
    slip: Slip
    due_on: date
    claim: Claim | None = None


def due(viewer: Viewer, today: date, limit: int) -> list[Due]:
    """What a dealer's claims are to be reminded of today, each kind and due day once; the claims are locked. At most `limit` of each kind."""
    found = []
    for kind, when in _conditions(today):
        told = ClaimReminder.objects.visible_to(viewer).filter(
            slip=OuterRef("slip"), kind=kind, due_on=OuterRef("due_on")
        )
        rows = Claim.objects.visible_to(viewer).filter(when, ~Exists(told)).select_related("slip")
        locked = rows.select_for_update(of=["self"], skip_locked=True).order_by("due_on", "id")[:limit]
        found += [Due(kind, row.slip, row.due_on, row) for row in locked]
    return found


def _conditions(today: date) -> list[tuple[ClaimReminderKind, Q]]:
    def between(first: int, last: int) -> Q:
        return Q(due_on__gte=today + timedelta(days=first), due_on__lte=today + timedelta(days=last))

    draft, returned = Q(state=ClaimState.DRAFT), Q(state=ClaimState.RETURNED)
    return [
        (ClaimReminderKind.SOON, draft & between(LAST_DAYS + 1, SOON_DAYS)),
        (ClaimReminderKind.LAST, draft & between(0, LAST_DAYS)),
        (ClaimReminderKind.AGAIN, returned & between(0, AGAIN_DAYS)),
        (ClaimReminderKind.LATE, Q(state__in=CLAIM_OPEN, due_on__lte=over_since(today, 1))),
        (ClaimReminderKind.SILENT, Q(state__in=CLAIM_IN_REVIEW, due_on__lte=over_since(today, SILENT_DAYS))),
    ]


def unclaimed(viewer: Viewer, today: date, limit: int) -> list[Due]:
    """Slips on which no claim stands and whose time to submit ends soon, each kind once. What is over is said by the list alone."""
    found = []
    for kind, first, last in (
        (ClaimReminderKind.SOON, LAST_DAYS + 1, SOON_DAYS),
        (ClaimReminderKind.LAST, 0, LAST_DAYS),
    ):
        told = ClaimReminder.objects.visible_to(viewer).filter(slip=OuterRef("pk"), kind=kind)
        days = [today + timedelta(days=left - SUBMIT_DAYS) for left in (first, last)]
        rows = claims.unclaimed(viewer).filter(finished_at__date__gte=days[0], finished_at__date__lte=days[1])
        for slip in rows.filter(~Exists(told)).order_by("finished_at", "id")[:limit]:
            found.append(Due(kind, slip, local_date(claims.finished(slip)) + timedelta(days=SUBMIT_DAYS)))
    return found
