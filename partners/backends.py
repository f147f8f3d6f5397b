"""Sign-in by telephone number or user name."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from partners.models import Account


class PhoneOrNameBackend(BaseBackend):
    """Checks the password of the account with this phone or user name; same time for a missing account."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> Account | None:
        account = Account.objects.by_login(username or "")
        if account is None:
            Account().set_password(password)  # spend the same time as for an existing account
            return None
        return account if account.is_active and account.check_password(password or "") else None

    def get_user(self, user_id: int) -> Account | None:
        return Account.objects.filter(pk=user_id, is_active=True).first()
