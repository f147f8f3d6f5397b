from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Stamped
from core.tenancy import Kind, TenantModel, Tier
from partners.enums import Level, OrganisationKind, Scheme, Sharing


class Organisation(TenantModel, Stamped):
    """Platform, manufacturer, regional office or dealer: what partners may know of each other.

    owner_dealer: set for a manufacturer that is not on the platform (厂家未入驻); seen by that dealer alone.
    parent: the manufacturer of an office. address and service_phone are printed on slips.
    """

    tenancy = Kind.ORGANISATION
    writable_columns = {
        Tier.DEALER: ("name", "short_name", "service_phone", "address", "version", "updated_at"),
        Tier.OFFICE: ("name", "short_name", "service_phone", "address", "version", "updated_at"),
        Tier.HQ: ("name", "short_name", "service_phone", "address", "version", "updated_at"),
    }

    kind = models.CharField(max_length=10, choices=OrganisationKind)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    short_name = models.CharField(max_length=20, blank=True)
    service_phone = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=160, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="offices")
    owner_dealer = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="unlisted_makers")
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(owner_dealer=None),
                name="organisation_code_unique",
                violation_error_message=_("This code is taken."),
            ),
            models.UniqueConstraint(
                fields=["owner_dealer", "code"],
                name="unlisted_maker_code_unique",
                violation_error_message=_("You have a manufacturer with this code already."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="office") | Q(parent__isnull=False), name="office_has_manufacturer"
            ),
            models.CheckConstraint(condition=Q(owner_dealer=None) | Q(kind="maker"), name="only_makers_are_unlisted"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The short name where there is one."""
        return self.short_name or self.name


class Partnership(TenantModel, Stamped):
    """A dealer and a manufacturer working together; holds when both have confirmed it (domain.md 2.1, 2.4).

    office: the regional office in charge, or None (then HQ does its part). listed: both sides are on the platform;
    False for a dealer's own unlisted manufacturer. districts: codes of the region, empty = no limit.
    """

    tenancy = Kind.PARTNERSHIP
    insertable_by = (Tier.PLATFORM, Tier.DEALER)
    writable_columns = {
        Tier.DEALER: ("dealer_confirmed_at", "dealer_confirmed_by", "version", "updated_at"),
        Tier.HQ: (
            "manufacturer_confirmed_at",
            "manufacturer_confirmed_by",
            "office_id",
            "level",
            "districts",
            "version",
            "updated_at",
        ),
        Tier.PLATFORM: ("office_id", "sharing", "level", "scheme", "districts", "ended_at", "version", "updated_at"),
    }

    dealer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    manufacturer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    listed = models.BooleanField(default=True)
    sharing = models.CharField(max_length=10, choices=Sharing, default=Sharing.ON_DEMAND)
    level = models.CharField(max_length=1, choices=Level, blank=True)
    scheme = models.CharField(max_length=10, choices=Scheme, blank=True)
    districts = ArrayField(models.CharField(max_length=6), default=list, blank=True)
    dealer_confirmed_at = models.DateTimeField(null=True, blank=True)
    dealer_confirmed_by = models.CharField(max_length=60, blank=True)
    manufacturer_confirmed_at = models.DateTimeField(null=True, blank=True)
    manufacturer_confirmed_by = models.CharField(max_length=60, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dealer", "manufacturer"],
                name="partnership_unique",
                violation_error_message=_("These two are partners already."),
            )
        ]
        indexes = [models.Index(fields=["manufacturer"], name="partnership_maker")]

    def __str__(self) -> str:
        return f"{self.dealer_id} × {self.manufacturer_id}"

    @property
    def holds(self) -> bool:
        """Both sides have confirmed and nobody has ended it."""
        return bool(self.dealer_confirmed_at and self.manufacturer_confirmed_at and not self.ended_at)
