from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Stamped
from core.tenancy import Kind, TenantModel, Tier
from partners.enums import Department
from partners.models.organisation import Organisation
from partners.models.person import Person

OF_EVERYBODY = (Tier.DEALER, Tier.OFFICE, Tier.HQ)


class Deputy(TenantModel, Stamped):
    """Who acts for somebody on leave (代理人): one period, both ends included, both people of one organisation (domain.md 2.4)."""

    tenancy = Kind.OWN
    deletable_by = OF_EVERYBODY  # a leave that has not begun and is called off

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    deputy = models.ForeignKey(Person, models.PROTECT, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()
    named_by = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="deputy_days",
                violation_error_message=_("The last day cannot be earlier than the first."),
            ),
            models.CheckConstraint(
                condition=~Q(person=F("deputy")),
                name="deputy_somebody_else",
                violation_error_message=_("Nobody is his own deputy."),
            ),
        ]
        indexes = [models.Index(fields=["organisation", "last_day"], name="deputy_days_of")]

    def __str__(self) -> str:
        return f"{self.deputy_id} for {self.person_id}"


class Contact(TenantModel, Stamped):
    """A person whom his organisation shows to its partners: whom a forward or request may name. The row exists while he is shown.

    duty: what he looks after, in words. away: his leaves that have not ended, as [first day, last day, deputy's key, deputy's name],
    kept by `partners.operations.contacts`, since a partner reads neither people nor deputies.
    """

    tenancy = Kind.CONTACT
    deletable_by = OF_EVERYBODY

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    person_id = models.BigIntegerField()
    name = models.CharField(max_length=60)
    department = models.CharField(max_length=20, choices=Department, blank=True)
    duty = models.CharField(max_length=40, blank=True)
    away = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "person_id"], name="contact_unique")]

    def __str__(self) -> str:
        return self.name
