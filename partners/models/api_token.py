from __future__ import annotations

from django.db import models

from core.models import Stamped
from core.tenancy import Kind, TenantModel, Tier
from partners.enums import TokenScope


class ApiToken(TenantModel, Stamped):
    """A key with which a program works for one person in one organisation. Only the SHA-256 of its secret is kept.

    start: the first characters, by which people tell their tokens apart. Who is deactivated takes his tokens with him: the
    viewer is asked for at every request (partners/sql/api_token.sql).
    """

    tenancy = Kind.OWN
    writable_columns = dict.fromkeys(
        (Tier.DEALER, Tier.OFFICE, Tier.HQ, Tier.PLATFORM), ("revoked_at", "last_used_at", "version", "updated_at")
    )

    organisation_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    name = models.CharField(max_length=60)
    scope = models.CharField(max_length=5, choices=TokenScope)
    start = models.CharField(max_length=12)
    token_hash = models.CharField(max_length=64, editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "person_id", "-id"], name="api_token_person"),
            models.Index(fields=["token_hash"], name="api_token_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.start}…"
