from django.contrib.postgres.fields import ArrayField
from django.db import models

from core.tenancy import Kind, TenantModel


class CalendarYear(TenantModel):
    """The public holidays of one year as the State Council has published them (domain.md 19.2); written by the platform, read by all.

    off: days off, weekend days inside a holiday too. work: weekend days that are worked instead. It goes before the shipped list of the year.
    """

    tenancy = Kind.COMMON

    year = models.PositiveSmallIntegerField(unique=True)
    off = ArrayField(models.DateField(), default=list)
    work = ArrayField(models.DateField(), default=list)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["year"]

    def __str__(self) -> str:
        return str(self.year)
