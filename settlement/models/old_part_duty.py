from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.money import CNY
from core.tenancy import Tier
from partners.models import DealerPrivate, Shared
from settlement.enums import OldPartCost, OldPartDuty
from settlement.models.old_part import OldPart

#: what the month close writes on a cost: in which statement it stands
TAKEN = ("taken_on", "taken_by")


class OldPartReminder(DealerPrivate):
    """That the dealer was told of a duty of an old part: written with the notices, so that nobody is told twice.

    due_on: the day that counted then; a part that was given more time is reminded of anew.
    """

    part = models.ForeignKey(OldPart, models.CASCADE, related_name="+", db_index=False)
    duty = models.CharField(max_length=6, choices=OldPartDuty)
    due_on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealer", "part", "duty", "due_on"], name="old_part_reminder_once"),
        ]


class OldPartCharge(Shared):
    """What an old part costs the dealer, once and for all (domain.md 10): a deduction, or the reversal of what was approved.

    A deduction is written when a month close takes it; a reversal waits from the appraisal until one takes it. amount: yuan, above
    zero; the statement shows it as a negative line. because: the finding behind a reversal. taken_on: day of the statement; taken_by: its number.
    """

    writable_columns: ClassVar[dict[Tier, tuple[str, ...]]] = {
        Tier.DEALER: ("office_id", "shared_with_maker"), Tier.OFFICE: (), Tier.HQ: TAKEN,
    }  # fmt: skip
    insertable_by = (Tier.HQ,)
    deletable_by = (Tier.HQ,)  # a part that was missing has turned up before the reversal was taken

    part = models.ForeignKey(OldPart, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=OldPartCost)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3, default=CNY, editable=False)
    because = models.CharField(max_length=12, blank=True)
    marked_on = models.DateField()
    taken_on = models.DateField(null=True, blank=True)
    taken_by = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealer", "part"], name="old_part_costs_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="old_part_charge_positive"),
            models.CheckConstraint(
                condition=Q(kind=OldPartCost.REVERSAL) | Q(taken_on__isnull=False), name="old_part_deduction_is_taken"
            ),
        ]
        indexes = [
            models.Index(
                fields=["manufacturer", "dealer"], name="old_part_charge_waits", condition=Q(taken_on__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
