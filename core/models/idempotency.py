from django.db import models

from core.tenancy import Kind, TenantModel, Tier


class IdempotencyKey(TenantModel):
    """A write that a program sent with `Idempotency-Key`, and its answer: sent again within 24 hours, it is answered the same.

    fingerprint: SHA-256 of method, address and body. The row is inserted before the work and committed with it, so that of two
    requests with one key the second waits for the first. Numbers, not keys: the row outlives what it names.
    """

    tenancy = Kind.OWN
    deletable_by = (Tier.DEALER, Tier.OFFICE, Tier.HQ, Tier.PLATFORM)

    organisation_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "person_id", "key"], name="idempotency_key_unique")
        ]
        indexes = [models.Index(fields=["organisation_id", "created_at"], name="idempotency_key_age")]
