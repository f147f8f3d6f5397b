"""Reading tokens of programs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from core.tenancy import TenantQuerySet, Viewer
from partners.enums import TokenScope
from partners.models import ApiToken

#: what every token begins with, so that a token that lies around is recognised as one
PREFIX = "sdt_"
MOST = 20


@dataclass(frozen=True)
class Row:
    """A token in finished words."""

    public_id: str
    name: str
    start: str
    scope: object
    made_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    state: str


def hash_of(secret: str) -> str:
    """What is kept of a token: SHA-256, hexadecimal. The secret has 256 random bits, so it needs no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


def mine(viewer: Viewer) -> TenantQuerySet[ApiToken]:
    """The viewer's own tokens for this organisation; nobody sees another's."""
    return ApiToken.objects.visible_to(viewer).filter(person_id=viewer.person_id or 0)


def rows(viewer: Viewer, now: datetime) -> list[Row]:
    """The viewer's latest tokens, the newest first. state: active, expired or revoked."""
    return [_row(token, now) for token in mine(viewer).order_by("-id")[:50]]


def active(viewer: Viewer, now: datetime) -> int:
    """How many of them still open something."""
    return mine(viewer).filter(revoked_at=None, expires_at__gt=now).count()


def _row(token: ApiToken, now: datetime) -> Row:
    state = "revoked" if token.revoked_at else "expired" if token.expires_at <= now else "active"
    return Row(
        public_id=token.public_id,
        name=token.name,
        start=token.start,
        scope=TokenScope(token.scope).label,
        made_at=token.created_at,
        expires_at=token.expires_at,
        last_used_at=token.last_used_at,
        state=state,
    )
