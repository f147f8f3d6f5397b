from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Stamped
from core.tenancy import Kind, TenantModel, Tier
from partners.models import MakerPublished, Organisation, Partnership


class ProductLine(MakerPublished, Stamped):
    """A family of machines of a manufacturer; product_type is the word on 表7-28 (产品类型)."""

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    product_type = models.CharField(max_length=40)
    active = models.BooleanField(default=True)
    changed_by = models.CharField(max_length=60, blank=True, editable=False)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["manufacturer", "code"],
                name="product_line_code_unique",
                violation_error_message=_("There is a product line with this code already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class ProductModel(MakerPublished, Stamped):
    """One model of a line (产品型号), for example YE3-160M-4."""

    line = models.ForeignKey(ProductLine, models.PROTECT, related_name="models")
    code = models.CharField(max_length=60)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["manufacturer", "code"],
                name="product_model_code_unique",
                violation_error_message=_("There is a model with this code already."),
            )
        ]

    def __str__(self) -> str:
        return self.code


class Part(MakerPublished, Stamped):
    """A genuine part (原厂配件). key_part: number and photo are wanted when the dealer bought it himself.

    price: list price, yuan, tax included; None = not published.
    """

    deletable_by = (Tier.HQ, Tier.DEALER)  # undoing an import; a row that is in use stays

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    unit = models.CharField(max_length=8, default="件")
    price = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    key_part = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    changed_by = models.CharField(max_length=60, blank=True, editable=False)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["manufacturer", "code"],
                name="part_code_unique",
                violation_error_message=_("There is a part with this number already."),
            ),
            models.CheckConstraint(
                condition=models.Q(price=None) | models.Q(price__gte=0), name="part_price_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class PartnershipLine(TenantModel):
    """A product line that a partnership covers; none = all lines of the manufacturer."""

    tenancy = Kind.PARTNERSHIP
    deletable_by = (Tier.HQ, Tier.PLATFORM, Tier.DEALER)

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="+")
    dealer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    manufacturer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    listed = models.BooleanField(default=True)
    line = models.ForeignKey(ProductLine, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partnership", "line"], name="partnership_line_unique")]
