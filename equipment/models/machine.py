from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Stamped, public_id
from core.tenancy import Outside, Tier
from equipment.models.catalogue import ProductLine
from equipment.models.customer import Customer
from partners.models import DealerPrivate, Organisation


class Machine(DealerPrivate, Stamped):
    """A machine at a customer's (设备档案). It may begin without number; the number is wanted when a slip is completed.

    product_type and model are words (from the manufacturer's list where it has one), so that machines of a maker
    without list, or of unknown model (不详), have their place. qr_code: unguessable, for the sticker.
    """

    deletable_by = (Tier.DEALER,)  # undoing an import; a row that is in use stays
    outside = Outside("id", "machine")

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    manufacturer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    line = models.ForeignKey(ProductLine, models.PROTECT, null=True, blank=True, related_name="+")
    product_type = models.CharField(_("product type"), max_length=40)
    model = models.CharField(_("model"), max_length=60)
    serial_number = models.CharField(_("serial number"), max_length=40, blank=True)
    ex_factory_on = models.DateField(_("ex-factory date"), null=True, blank=True)
    batch = models.CharField(_("ex-factory batch"), max_length=30, blank=True)
    shipped_on = models.DateField(_("shipping date"), null=True, blank=True)
    purchased_on = models.DateField(_("purchase date (invoice)"), null=True, blank=True)
    accepted_on = models.DateField(_("installation / acceptance date"), null=True, blank=True)
    host_brand = models.CharField(_("host machine's brand"), max_length=40, blank=True)
    host_model = models.CharField(_("host machine's model"), max_length=40, blank=True)
    host_number = models.CharField(_("host machine's number"), max_length=40, blank=True)
    location = models.CharField(_("place of installation"), max_length=60, blank=True)
    conditions = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name=_("operating conditions")
    )
    conditions_note = models.CharField(_("operating conditions, more"), max_length=200, blank=True)
    running_hours = models.DecimalField(_("running hours"), max_digits=9, decimal_places=1, null=True, blank=True)
    sold_by = models.CharField(_("sold by"), max_length=60, blank=True)
    note = models.TextField(_("note"), blank=True, max_length=1000)
    qr_code = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    active = models.BooleanField(default=True)
    changed_by = models.CharField(max_length=60, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dealer", "manufacturer", "serial_number"],
                condition=~Q(serial_number=""),
                name="machine_serial_unique",
                violation_error_message=_("You have a machine with this serial number already."),
            )
        ]
        indexes = [
            models.Index(fields=["dealer", "-updated_at", "-id"], name="machine_recent"),
            models.Index(fields=["dealer", "customer"], name="machine_customer"),
            models.Index(
                fields=["dealer", "serial_number"], name="machine_serial", opclasses=["int8_ops", "text_pattern_ops"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.serial_number}".strip()
