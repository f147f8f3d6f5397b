"""Tokens with which programs work for a person (docs/api.md)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from core import rights
from core.errors import Refused
from core.tenancy import Viewer
from partners.enums import TokenScope
from partners.models import ApiToken
from partners.queries import api_tokens

LONGEST = timedelta(days=365)


@dataclass(frozen=True)
class Issued:
    """A token that was just made. secret: told once, nowhere kept."""

    token: ApiToken
    secret: str


@transaction.atomic
def make_token(*, viewer: Viewer, name: str, scope: str, days: int, now: datetime) -> Issued:
    """Make a token for the viewer in his present organisation.

    days: how long it lives, 1 to 365. Errors: Refused("name_missing"), ("choice_unknown", field="scope"), ("token_days", field="days"),
    ("tokens_too_many"), not_allowed. A token cannot make tokens: its page takes sessions only.
    """
    rights.require(viewer, "token.make")
    if not name.strip():
        raise Refused("name_missing", field="name")
    if scope not in TokenScope.values:
        raise Refused("token_scope", field="scope")
    if not 1 <= days <= LONGEST.days:
        raise Refused("token_days", field="days", most=LONGEST.days)
    if api_tokens.active(viewer, now) >= api_tokens.MOST:
        raise Refused("tokens_too_many", most=api_tokens.MOST)
    secret = api_tokens.PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        organisation_id=viewer.org,
        person_id=viewer.person_id or 0,
        name=name.strip()[:60],
        scope=scope,
        start=secret[:8],
        token_hash=api_tokens.hash_of(secret),
        expires_at=now + timedelta(days=days),
    )
    return Issued(token, secret)


@transaction.atomic
def revoke_token(*, viewer: Viewer, public_id: str, now: datetime) -> ApiToken:
    """End a token of one's own at once; doing it twice changes nothing. Errors: NotFound, also for another's token."""
    rights.require(viewer, "token.make")
    token = api_tokens.mine(viewer).select_for_update().one(public_id=public_id)
    if token.revoked_at is None:
        token.revoked_at = now
        token.version += 1
        token.save(update_fields=["revoked_at", "version", "updated_at"])
    return token


@transaction.atomic
def note_use(*, viewer: Viewer, token_id: int, now: datetime) -> None:
    """Write down that a token was used; asked for once an hour at most."""
    api_tokens.mine(viewer).filter(id=token_id).update(last_used_at=now)
