from django.db import models

from core.tenancy import Kind, TenantModel


class Counter(TenantModel):
    """The last number given in a series ("FW", "202606") of a dealer; locked while a number is taken."""

    tenancy = Kind.DEALER_PRIVATE

    dealer_id = models.BigIntegerField()
    series = models.CharField(max_length=8)
    period = models.CharField(max_length=6, blank=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dealer_id", "series", "period"], name="counter_series_unique")]
