from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Stamped
from core.money import CNY, ZERO
from core.tenancy import Tier
from partners.models import DealerPrivate
from settlement.enums import DebtState, PaymentWay
from settlement.models.claim import Claim
from tickets.models import Slip


class CustomerDebt(DealerPrivate, Stamped):
    """What a customer owes for one slip that no manufacturer pays (转收费, domain.md 9.4, A4); only its dealer ever sees it.

    claim: the one that was charged to the customer; None = by hand, for work outside warranty. what: what it is for, as the customer reads it.
    amount: yuan with tax; paid: the sum of its payments.
    """

    slip = models.ForeignKey(Slip, models.PROTECT, related_name="+", db_index=False)
    claim = models.ForeignKey(Claim, models.PROTECT, null=True, blank=True, related_name="+")
    number = models.CharField(max_length=30)
    state = models.CharField(max_length=10, choices=DebtState, default=DebtState.OPEN)
    customer_name = models.CharField(max_length=60)
    what = models.CharField(_("what for"), max_length=300)
    currency = models.CharField(max_length=3, default=CNY, editable=False)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    paid = models.DecimalField(max_digits=14, decimal_places=2, default=ZERO)
    begun_on = models.DateField()
    begun_by = models.CharField(max_length=60, blank=True)
    waived_at = models.DateTimeField(null=True, blank=True)
    waived_by = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealer", "number"], name="debt_number_unique"),
            models.UniqueConstraint(
                fields=["dealer", "slip"],
                condition=~Q(state=DebtState.WAIVED),
                name="one_debt_per_slip",
                violation_error_message=_("The customer is charged for this slip already."),
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="debt_positive"),
            models.CheckConstraint(condition=Q(paid__gte=0, paid__lte=F("amount")), name="debt_paid_within"),
        ]
        indexes = [models.Index(fields=["dealer", "begun_on", "id"], name="debt_dealer")]

    def __str__(self) -> str:
        return self.number


class DebtPayment(DealerPrivate):
    """Money that came for a debt, or, below zero, a correction of what was written wrongly. Append-only."""

    writable_columns: ClassVar[dict[Tier, tuple[str, ...]]] = {Tier.DEALER: ()}

    debt = models.ForeignKey(CustomerDebt, models.PROTECT, related_name="+", db_index=False)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    paid_on = models.DateField()
    way = models.CharField(max_length=10, choices=PaymentWay)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    author_id = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="debt_payment_not_zero")]
        indexes = [models.Index(fields=["debt", "id"], name="debt_payment_debt")]
