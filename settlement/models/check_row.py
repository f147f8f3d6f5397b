from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Stamped
from core.tenancy import Kind, TenantModel, Tier
from partners.models import Organisation
from settlement.enums import CheckTable


class CheckRow(TenantModel, Stamped):
    """A row of a table that the checks compare claims with (domain.md 9.3, B01 to B03); headquarters' own, imported from its ERP.

    A code without any row in a table is not judged by it. key: code of the labour, number of the part. value: what it fits: the faulty part
    as slips have it, or a model. most: how many of the part one machine of this model takes, None in the other tables.
    """

    tenancy = Kind.OWN
    insertable_by = (Tier.HQ,)
    deletable_by = (Tier.HQ,)

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    table = models.CharField(_("table"), max_length=12, choices=CheckTable)
    key = models.CharField(_("code"), max_length=40)
    value = models.CharField(_("fits"), max_length=60)
    most = models.DecimalField(_("at most in one machine"), max_digits=8, decimal_places=2, null=True, blank=True)
    changed_by = models.CharField(max_length=60, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "table", "key", "value"], name="check_row_once"),
            models.CheckConstraint(
                condition=Q(table=CheckTable.PART_MODEL, most__gt=0) | (~Q(table=CheckTable.PART_MODEL) & Q(most=None)),
                name="check_row_most",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.value}"
