from __future__ import annotations

from django.db import models

from core.models import Stamped
from core.tenancy import Kind, TenantModel, Tier


class SavedView(TenantModel, Stamped):
    """A list as somebody likes to see it: filters, order and columns under a name; a shared one is everybody's in the organisation.

    list_name: as in core/exports.py ("tickets"). query: the parameters of the list's address, without its place.
    """

    tenancy = Kind.OWN
    deletable_by = (Tier.DEALER, Tier.OFFICE, Tier.HQ, Tier.PLATFORM)

    organisation_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    list_name = models.CharField(max_length=20)
    name = models.CharField(max_length=30)
    query = models.CharField(max_length=1000, blank=True)
    shared = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "person_id", "list_name", "name"], name="saved_view_name_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.name
