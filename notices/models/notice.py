from __future__ import annotations

from django.db import models

from core.models.base import public_id
from core.tenancy import Kind, TenantModel
from partners.models import Organisation


class Notice(TenantModel):
    """A message to a person of the own organisation, in the portal. kind names the sentence, params its values.

    The sentence is put together when it is read, in the reader's language (`notices.queries`). urgent: a breach, not to be overlooked.
    """

    tenancy = Kind.OWN

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=200, blank=True)
    urgent = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "person_id", "-id"], name="notice_person"),
            models.Index(fields=["organisation", "person_id"], name="notice_unread", condition=models.Q(read_at=None)),
        ]
