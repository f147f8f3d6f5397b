from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Stamped
from core.models import public_id as random_key
from core.tenancy import Tier
from equipment.models import ProductLine
from partners.models import Shared
from tickets.enums import ReferralState, Source, Urgency
from tickets.models.ticket import maker_side


class Referral(Shared, Stamped):
    """The manufacturer gives a user to one dealer (转派, domain.md 6): what its hotline or office wrote down, and how it went there.

    One row for each dealer: when another one is chosen, a new row of the same thread goes to him. thread: random, no key, for the rows
    of a thread belong to several dealers. The dealer sees his own row, as his ticket's beginning. customer_reported_at: when the
    customer told the manufacturer; arrived_at: t0 of the dealer's clock. sender: the organisation that referred it.
    """

    insertable_by = (Tier.OFFICE, Tier.HQ)

    thread = models.CharField(max_length=16, default=random_key, editable=False)
    sequence = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=13, choices=ReferralState, default=ReferralState.SENT)
    source = models.CharField(max_length=16, choices=Source)
    sender_id = models.BigIntegerField()
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=60, blank=True)
    sent_by_id = models.BigIntegerField(null=True)
    sent_from = models.CharField(max_length=80, blank=True)

    customer_name = models.CharField(_("customer name"), max_length=60)
    contact = models.CharField(max_length=20, blank=True)
    phone = models.CharField(max_length=30)
    phone_digits = models.CharField(max_length=20, blank=True)
    province = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=30, blank=True)
    district = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=100, blank=True)
    host_machine = models.CharField(max_length=60, blank=True)
    product_type = models.CharField(max_length=40)
    line = models.ForeignKey(ProductLine, models.PROTECT, null=True, blank=True, related_name="+")
    model = models.CharField(max_length=60)
    serial_number = models.CharField(max_length=40, blank=True)
    fault = models.CharField(max_length=200)
    urgency = models.CharField(max_length=10, choices=Urgency, default=Urgency.NORMAL)
    customer_reported_at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)

    arrived_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.CharField(max_length=60, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.CharField(max_length=60, blank=True)
    ask_reason = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=60, blank=True)
    decision = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dealer", "thread"],
                name="referral_once_per_dealer",
                violation_error_message=_("This case was with this dealer already. Choose another one."),
            )
        ]
        indexes = [
            models.Index(fields=["manufacturer", "thread"], name="referral_thread"),
            models.Index(fields=["manufacturer", "phone_digits"], name="referral_phone"),
            models.Index(fields=["manufacturer", "serial_number"], name="referral_serial"),
            *maker_side("referral", "-sent_at"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_name} {self.sent_at:%Y-%m-%d}"
