from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Stamped
from core.tenancy import Tier
from equipment.models import Machine
from partners.models import Shared
from tickets.enums import RETURN_ENDED, ReturnConclusion, ReturnDecision, ReturnFreight, ReturnState, ReturnWish
from tickets.models.ticket import SHARING_ONLY, maker_side


class GoodsReturn(Shared, Stamped):
    """A machine that goes back to the factory, is looked at, and comes back or stays (返厂, domain.md 17). Shared from the application on.

    model, serial_number, ex_factory_on, customer_name: copies, so that the manufacturer's side reads nothing else. hours: it has run. checked:
    what was looked at, with readings. enclosed: what travels with it. ship_to: address of the factory. send_until: last day of sending; due_on: of
    the step that it waits for. weight: kilograms of all pieces. price: of the offer, yuan. offer_accepted: None = not answered.
    """

    insertable_by = (Tier.DEALER,)

    machine = models.ForeignKey(Machine, models.PROTECT, related_name="+", db_index=False)
    number = models.CharField(max_length=30)
    state = models.CharField(max_length=10, choices=ReturnState, default=ReturnState.ASKED)
    customer_name = models.CharField(max_length=60)
    model = models.CharField(max_length=60)
    serial_number = models.CharField(max_length=40, blank=True)
    ex_factory_on = models.DateField(null=True, blank=True)
    hours = models.DecimalField(max_digits=9, decimal_places=1, null=True, blank=True)
    conditions = models.CharField(max_length=400)
    fault = models.CharField(max_length=300)
    checked = models.CharField(max_length=500)
    enclosed = models.CharField(max_length=300, blank=True)
    contact = models.CharField(max_length=80)
    wish = models.CharField(max_length=10, choices=ReturnWish)
    applied_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)

    ship_to = models.CharField(max_length=200, blank=True)
    freight = models.CharField(max_length=6, choices=ReturnFreight, blank=True)
    send_until = models.DateField(null=True, blank=True)
    carrier = models.CharField(max_length=40, blank=True)
    waybill = models.CharField(max_length=32, blank=True)
    pieces = models.PositiveSmallIntegerField(default=1)
    weight = models.DecimalField(max_digits=8, decimal_places=1, null=True, blank=True)
    shipped_on = models.DateField(null=True, blank=True)
    received_on = models.DateField(null=True, blank=True)

    conclusion = models.CharField(max_length=12, choices=ReturnConclusion, blank=True)
    inspection = models.CharField(max_length=500, blank=True)
    decision = models.CharField(max_length=8, choices=ReturnDecision, blank=True)
    decision_note = models.CharField(max_length=300, blank=True)
    price = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    offer_accepted = models.BooleanField(null=True, blank=True)
    back_carrier = models.CharField(max_length=40, blank=True)
    back_waybill = models.CharField(max_length=32, blank=True)
    end_reason = models.CharField(max_length=200, blank=True)
    changed_by = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealer", "number"], name="goods_return_number_unique"),
            models.UniqueConstraint(
                fields=["dealer", "machine"],
                condition=~Q(state__in=RETURN_ENDED),
                name="one_open_return_per_machine",
                violation_error_message=_("This machine is on its way to the factory already."),
            ),
            models.CheckConstraint(condition=Q(price=None) | Q(price__gt=0), name="goods_return_price_positive"),
        ]
        indexes = [
            models.Index(fields=["dealer", "-applied_on", "-id"], name="goods_return_dealer"),
            *maker_side("goods_return", "-applied_on"),
        ]

    def __str__(self) -> str:
        return self.number


class GoodsReturnEvent(Shared):
    """A line of a return's story: a step, what was said, who and when. Append-only."""

    writable_columns = SHARING_ONLY
    insertable_by = (Tier.DEALER, Tier.HQ)

    goods_return = models.ForeignKey(GoodsReturn, models.CASCADE, related_name="+")
    verb = models.CharField(max_length=20)
    text = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    author_name = models.CharField(max_length=60, blank=True)
    author_organisation = models.CharField(max_length=80, blank=True)
