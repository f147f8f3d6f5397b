from __future__ import annotations

from django.db import models

from partners.models import DealerPrivate
from settlement.enums import ClaimReminderKind
from tickets.models import Slip


class ClaimReminder(DealerPrivate):
    """That somebody was reminded of the claim of a slip, or that it has none yet: written with the notices, so that nobody is reminded twice.

    due_on: the day of which it was reminded; a new due day is reminded of anew.
    """

    slip = models.ForeignKey(Slip, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=ClaimReminderKind)
    due_on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealer", "slip", "kind", "due_on"], name="claim_reminder_once"),
        ]
