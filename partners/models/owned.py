"""Bases of tenant tables: the columns that their kind needs (docs/isolation.md)."""

from django.db import models

from core.tenancy import Kind, TenantModel
from partners.models.organisation import Organisation


class DealerPrivate(TenantModel):
    """Rows that only their dealer sees."""

    tenancy = Kind.DEALER_PRIVATE

    dealer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        abstract = True


class Shared(TenantModel):
    """Rows of a dealer that its manufacturer and the office in charge see once they are shared.

    office and shared_with_maker are plain columns, written only by sharing and by a dealer's move to another office.
    The three organisations have no index of their own: lists have composite ones that begin with them, and next to these a bitmap of
    all that a tenant has only tempts the planner (docs/performance.md).
    """

    tenancy = Kind.SHARED

    dealer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    manufacturer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    office = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    shared_with_maker = models.BooleanField(default=False)

    class Meta(TenantModel.Meta):
        abstract = True


class MakerPublished(TenantModel):
    """Rows that a manufacturer publishes to its offices and partners."""

    tenancy = Kind.MAKER_PUBLISHED

    manufacturer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        abstract = True
