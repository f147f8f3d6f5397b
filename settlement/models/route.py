from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Stamped
from core.tenancy import Tier
from partners.models import Shared

WRITERS = (Tier.OFFICE, Tier.HQ)


class UsualWay(Shared, Stamped):
    """A line of the route book: kilometres, one way, from a dealer's place of work to a district (domain.md 9.1, usual distance).

    start: the dealer's branch (网点), empty = its own address. district: empty = the whole city. Entered by the office in charge, or
    by headquarters, for checks of what a dealer claims; the dealer reads it.
    """

    insertable_by = WRITERS
    deletable_by = WRITERS
    writable_columns = {Tier.DEALER: ("office_id",)}  # when the dealer goes to another office

    start = models.CharField(_("from"), max_length=30, blank=True)
    city = models.CharField(_("city"), max_length=30)
    district = models.CharField(_("district"), max_length=30, blank=True)
    km = models.DecimalField(_("kilometres, one way"), max_digits=7, decimal_places=1)
    changed_by = models.CharField(max_length=60, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dealer", "manufacturer", "start", "city", "district"], name="usual_way_unique"
            ),
            models.CheckConstraint(condition=models.Q(km__gt=0), name="usual_way_positive"),
        ]
        indexes = [
            models.Index(fields=["manufacturer", "city", "district"], name="usual_way_maker"),
            models.Index(fields=["office", "city", "district"], name="usual_way_office"),
        ]

    def __str__(self) -> str:
        return f"{self.start}–{self.city}{self.district} {self.km}"
