from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.models import public_id
from core.tenancy import Kind, TenantModel, Tier
from notices.enums import TEST, TO_LEAVE, DeliveryState
from notices.models.channel import Channel
from partners.models import Organisation


class Delivery(TenantModel):
    """One message that is to leave by one channel: a notice to a person, or what a group is told (then person_id is empty).

    kind, params, url, urgent: a copy of what is said, so that it leaves as it was. target: address or telephone number at the last try, a
    robot's name. next_at: not before; while a worker has it in hand, when another one may take it. due_at: when it was to leave first.
    problem: code of `enums.Problem`, of the last try. message_id: given with the first try; deliveries that left together share it, and leave together again.
    """

    tenancy = Kind.OWN
    deletable_by = (Tier.DEALER, Tier.OFFICE, Tier.HQ, Tier.PLATFORM)  # after 90 days

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+", db_index=False)
    person_id = models.BigIntegerField(null=True, blank=True)
    target = models.CharField(max_length=254, blank=True)
    kind = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=200, blank=True)
    urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    next_at = models.DateTimeField()
    problem = models.CharField(max_length=16, blank=True)
    detail = models.CharField(max_length=160, blank=True)
    message_id = models.CharField(max_length=16, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "-id"], name="delivery_list"),
            models.Index(fields=["organisation", "state", "-id"], name="delivery_state"),
            models.Index(fields=["channel", "-id"], name="delivery_channel"),
            models.Index(fields=["channel", "-id"], name="delivery_test", condition=Q(kind=TEST)),
            models.Index(fields=["channel", "next_at"], name="delivery_due", condition=Q(state__in=TO_LEAVE)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"
