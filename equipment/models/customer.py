from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Stamped
from core.tenancy import Tier
from equipment.enums import CustomerGrade, CustomerSource
from partners.models import DealerPrivate


class Customer(DealerPrivate, Stamped):
    """A dealer's customer (客户). phone_digits and phone2_digits: the numbers without spaces and dashes, for search.

    changed_by: name of who wrote last, for the page that tells of a stale edit.
    """

    deletable_by = (Tier.DEALER,)  # undoing an import; a row that is in use stays

    name = models.CharField(_("customer name"), max_length=60)
    credit_code = models.CharField(_("unified credit code"), max_length=18, blank=True)
    industry = models.CharField(_("industry"), max_length=40, blank=True)
    province = models.CharField(_("province"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=30, blank=True)
    district = models.CharField(_("district"), max_length=30, blank=True)
    address = models.CharField(_("street and number"), max_length=100, blank=True)
    contact = models.CharField(_("contact"), max_length=20, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    phone2 = models.CharField(_("second telephone"), max_length=30, blank=True)
    phone_digits = models.CharField(max_length=20, blank=True, editable=False)
    phone2_digits = models.CharField(max_length=20, blank=True, editable=False)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    source = models.CharField(_("source"), max_length=12, choices=CustomerSource, default=CustomerSource.DIRECT)
    grade = models.CharField(_("grade"), max_length=10, choices=CustomerGrade, default=CustomerGrade.ORDINARY)
    note = models.TextField(_("note"), blank=True, max_length=1000)
    active = models.BooleanField(default=True)
    changed_by = models.CharField(max_length=60, blank=True, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["dealer", "-updated_at", "-id"], name="customer_recent"),
            models.Index(fields=["dealer", "name", "id"], name="customer_name"),
            models.Index(
                fields=["dealer", "phone_digits"], name="customer_phone", opclasses=["int8_ops", "text_pattern_ops"]
            ),
            models.Index(
                fields=["dealer", "phone2_digits"],
                name="customer_phone2",
                opclasses=["int8_ops", "text_pattern_ops"],
                condition=~models.Q(phone2_digits=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def full_address(self) -> str:
        """Province, city, district and street in one line, without repeating a municipality's name."""
        parts = [self.province, self.city if self.city != self.province else "", self.district, self.address]
        return "".join(parts)
