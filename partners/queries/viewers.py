"""Who is looking: from an account, a person or an organisation to a `Viewer`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.db import connection
from django.utils.crypto import constant_time_compare

from core.tenancy import Tier, Viewer
from partners.enums import TIER_OF_KIND, OrganisationKind
from partners.models import Account
from partners.queries.api_tokens import hash_of


@dataclass(frozen=True)
class Membership:
    """One organisation that the account may work in."""

    public_id: str
    name: str
    person_id: int


def of_session(session: SessionBase, person_id: int | None) -> tuple[Viewer, list[Membership]] | None:
    """The viewer of a session, as `of_account`, and the account's password hash in the same statement for Django's check of the session.

    None when nobody is signed in, the password was changed since, or no membership is active: then Django's own way tells which.
    """
    account_id = str(session.get(SESSION_KEY, ""))
    if not account_id.isdecimal():
        return None
    row = _first(
        "SELECT a.password, v.* FROM partners_account a, partners_viewer(a.id, %s, NULL) v WHERE a.id = %s AND a.is_active",
        [person_id, int(account_id)],
    )
    if row is None:
        return None
    expected = Account(pk=int(account_id), password=row["password"]).get_session_auth_hash()
    if not constant_time_compare(session.get(HASH_SESSION_KEY, ""), expected):
        return None
    return _viewer(row), _memberships(row)


@dataclass(frozen=True)
class TokenUse:
    """A request by token: which token, what it may, when it was used last."""

    token_id: int
    scope: str
    used_at: datetime | None


def of_token(secret: str, now: datetime) -> tuple[Viewer, list[Membership], TokenUse] | None:
    """The viewer whose token this is; None when it has expired, was revoked, or its person is not active any more. One statement."""
    row = _first(
        "SELECT t.*, v.* FROM partners_api_token(%s, %s) t, partners_viewer(NULL, t.token_person, t.token_organisation) v",
        [hash_of(secret), now],
    )
    if row is None:
        return None
    return _viewer(row), _memberships(row), TokenUse(row["token_id"], row["token_scope"], row["token_used_at"])


def of_account(account_id: int, person_id: int | None) -> tuple[Viewer, list[Membership]] | None:
    """The viewer of a signed-in account, in the membership `person_id` when it is still active, else in its first.

    None when no membership is active. One statement, as the login user.
    """
    row = _row(account_id, person_id, None)
    if row is None:
        return None
    return _viewer(row), _memberships(row)


def of_person(person_id: int, organisation_id: int | None = None) -> Viewer | None:
    """The viewer of a person without a session: for jobs and commands."""
    row = _row(None, person_id, organisation_id)
    return _viewer(row) if row else None


def of_organisation(organisation_id: int) -> Viewer | None:
    """An organisation itself, without a person: for nightly work."""
    row = _row(None, None, organisation_id)
    return _viewer(row) if row else None


def for_job(tier: str, organisation_id: int, person_id: int | None) -> Viewer | None:
    """How `core.jobs` finds for whom a step runs; None when the organisation is gone."""
    return (of_person(person_id, organisation_id) if person_id else None) or of_organisation(organisation_id)


def _row(account_id: int | None, person_id: int | None, org_id: int | None) -> dict[str, Any] | None:
    return _first("SELECT * FROM partners_viewer(%s, %s, %s)", [account_id, person_id, org_id])


def _first(statement: str, values: list[Any]) -> dict[str, Any] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
        names = [column.name for column in cursor.description or ()]
    return dict(zip(names, row, strict=True)) if row else None


def _memberships(row: dict[str, Any]) -> list[Membership]:
    return [Membership(m["id"], m["name"], m["person"]) for m in _json(row["memberships"])]


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _viewer(row: dict[str, Any]) -> Viewer:
    return Viewer(
        tier=Tier(TIER_OF_KIND[OrganisationKind(row["org_kind"])]),
        org=row["org_id"],
        maker=row["maker"],
        makers=tuple(row["makers"]),
        own_makers=tuple(row["own_makers"]),
        partners=tuple(row["partners"]),
        account_id=row["account_id"],
        person_id=row["person_id"],
        name=row["person_name"] or "",
        phone=row["person_phone"] or "",
        org_name=row["org_name"],
        org_code=row["org_code"],
        roles=frozenset(row["roles"] or ()),
        department=row["department"] or "",
        language=row["language"] or "",
        theme=row["theme"] or "",
        density=row["density"] or "",
    )
