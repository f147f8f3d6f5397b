from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from core.tenancy import Kind
from partners.enums import LinkPurpose


class AccountManager(BaseUserManager["Account"]):
    """Accounts are found by telephone number or user name."""

    def by_login(self, login: str) -> Account | None:
        """The account that signs in with `login` (phone or user name), or None."""
        login = login.strip()
        return self.filter(models.Q(phone=login) | models.Q(username=login)).first() if login else None

    def get_by_natural_key(self, username: str | None) -> Account:
        """For django.contrib.auth."""
        return self.get(phone=username)


class Account(AbstractBaseUser):
    """Credentials of a human being; memberships in organisations are `Person` rows.

    Kind identity: no tier role may read it, so a lazy `person.account.phone` in a template fails at once.
    """

    tenancy = Kind.IDENTITY

    phone = models.CharField(max_length=20, unique=True)
    username = models.CharField(max_length=40, unique=True, null=True, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "phone"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = AccountManager()

    def __str__(self) -> str:
        return self.username or self.phone


class AccessLink(models.Model):
    """A link that sets a password once: invitation or reset. Only the hash of its token is kept.

    Kind identity: written by the product under the login user after the rights table was asked.
    """

    tenancy = Kind.IDENTITY

    token_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=10, choices=LinkPurpose)
    organisation_id = models.BigIntegerField()
    tier = models.CharField(max_length=10)
    person_id = models.BigIntegerField()
    person_name = models.CharField(max_length=60)
    organisation_name = models.CharField(max_length=80)
    phone = models.CharField(max_length=20)
    made_by = models.CharField(max_length=60, blank=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person_id"], name="access_link_person")]


class SignInFailures(models.Model):
    """Failed sign-ins of one login name, counted in PostgreSQL so that a lost Redis opens no door."""

    tenancy = Kind.IDENTITY

    login = models.CharField(max_length=64, unique=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.login
