from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Stamped
from core.tenancy import Kind, TenantModel, Tier
from equipment.models.catalogue import ProductLine
from partners.models import Organisation


class MakerPrivate(TenantModel):
    """Rows of a manufacturer that its dealers do not see."""

    tenancy = Kind.MAKER_PRIVATE
    deletable_by = (Tier.HQ,)

    manufacturer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        abstract = True


class RegisterMachine(MakerPrivate, Stamped):
    """A machine in the manufacturer's register (厂家机器档案, domain.md 3): what left the factory, without dealers' names."""

    serial_number = models.CharField(_("serial number"), max_length=40)
    line = models.ForeignKey(ProductLine, models.PROTECT, null=True, blank=True, related_name="+")
    model = models.CharField(_("model"), max_length=60)
    ex_factory_on = models.DateField(_("ex-factory date"), null=True, blank=True)
    batch = models.CharField(_("ex-factory batch"), max_length=30, blank=True)
    changed_by = models.CharField(max_length=60, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["manufacturer", "serial_number"],
                name="register_serial_unique",
                violation_error_message=_("This serial number stands in the register already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.serial_number}"


class Shipment(MakerPrivate, Stamped):
    """Where a machine of the register was shipped (发货登记): a table of its own, so that the register names no dealer.

    dealer: when the name on the list is a partner's; consignee: the name as it stood there.
    """

    machine = models.ForeignKey(RegisterMachine, models.CASCADE, related_name="+")
    dealer = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    consignee = models.CharField(_("shipped to"), max_length=80, blank=True)
    shipped_on = models.DateField(_("shipping date"), null=True, blank=True)
    order_number = models.CharField(_("order number"), max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["manufacturer", "machine"], name="shipment_machine_unique")]

    def __str__(self) -> str:
        return f"{self.machine_id} → {self.consignee}"
