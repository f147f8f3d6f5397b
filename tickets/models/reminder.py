from __future__ import annotations

from django.db import models

from partners.models import DealerPrivate
from tickets.enums import ReminderKind
from tickets.models.ticket import Ticket


class Reminder(DealerPrivate):
    """That somebody was reminded of a ticket: written with the notices, so that nobody is reminded twice.

    day: on which the site was left (UNSIGNED), or of the reminder itself (PART, PAUSED), on a Chinese calendar.
    """

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=ReminderKind)
    day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealer", "ticket", "kind", "day"], name="reminder_once"),
        ]
