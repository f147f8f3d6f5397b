from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Stamped
from core.tenancy import Kind, TenantModel
from partners.enums import Department, Role
from partners.models.account import Account
from partners.models.organisation import Organisation


class Person(TenantModel, Stamped):
    """The membership of an account in an organisation: name, phone, roles. account is empty until the link is used.

    is_admin repeats "admin" in roles, so that the platform's policy is one plain column.
    theme, density, language: how this person likes the pages.
    """

    tenancy = Kind.PEOPLE

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=20)
    roles = ArrayField(models.CharField(max_length=20, choices=Role))
    is_admin = models.BooleanField(default=False)
    department = models.CharField(max_length=20, choices=Department, blank=True)
    branch = models.CharField(max_length=40, blank=True)
    city = models.CharField(max_length=20, blank=True)
    active = models.BooleanField(default=True)
    theme = models.CharField(max_length=6, blank=True)
    density = models.CharField(max_length=8, blank=True)
    language = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "phone"],
                name="person_phone_unique",
                violation_error_message=_("Somebody in your organisation has this number already."),
            )
        ]
        indexes = [models.Index(fields=["account"], name="person_account")]

    def __str__(self) -> str:
        return self.name

    def has(self, *roles: str) -> bool:
        """Whether the person has one of these roles."""
        return not set(self.roles).isdisjoint(roles)
