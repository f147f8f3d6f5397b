from typing import ClassVar

from django.db import models

from core.tenancy import Kind, TenantModel, Tier


class AccessRecord(TenantModel):
    """What must survive a rollback: refused access, a telephone number unmasked. Append-only.

    Numbers, not keys: the record outlives what it names.
    """

    tenancy = Kind.OWN
    writable_columns: ClassVar[dict[Tier, tuple[str, ...]]] = dict.fromkeys(
        (Tier.DEALER, Tier.OFFICE, Tier.HQ, Tier.PLATFORM), ()
    )

    organisation_id = models.BigIntegerField()
    person_id = models.BigIntegerField(null=True)
    person_name = models.CharField(max_length=60, blank=True)
    action = models.CharField(max_length=60)
    thing = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "-at"], name="access_org_at")]
