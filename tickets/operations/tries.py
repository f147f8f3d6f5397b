"""How often somebody without account may try: counted in PostgreSQL, so that a lost Redis opens no door (reliability.md 9)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from core import tenancy
from core.errors import Refused
from core.tenancy import Viewer
from tickets.models import LinkTries


@dataclass(frozen=True)
class Limit:
    """At most `most` within `within`, counted from the first."""

    name: str
    most: int
    within: timedelta


HOUR = timedelta(hours=1)
REPORTS_OF_ADDRESS = Limit("report from", 20, timedelta(minutes=10))
REPORTS_OF_CODE = Limit("report at", 20, HOUR)
COMPLAINTS = Limit("complaint at", 3, HOUR)
DIGITS = Limit("digits at", 5, HOUR)
DIGITS_OF_ADDRESS = Limit("digits from", 30, HOUR)


def require(limit: Limit, key: str, now: datetime) -> None:
    """Runs as the login user. Errors: Refused("too_often", 429) with the minutes that are left."""
    row = LinkTries.objects.filter(key=_key(limit, key), tries__gte=limit.most, since__gt=now - limit.within).first()
    if row is not None:
        raise _too_often(limit, row, now)


@transaction.atomic
def count(limit: Limit, key: str, now: datetime) -> None:
    """Count one more; runs as the login user, in a transaction that is kept."""
    _add(_lock(limit, key, now), limit, now)


@transaction.atomic
def check_digits(*, viewer: Viewer, token: str, address: str, given: str, wanted: frozenset[str], now: datetime) -> int:
    """Compare the four digits with those of the contact's number; 5 wrong ones an hour at a link, 30 from an address.

    The counters are locked while the digits are compared, so that many tries at once are not more tries; the caller must let this
    transaction be committed when they are wrong. Returns the tries that are left, -1 when the digits are right.
    Errors: Refused("too_often", 429), Refused("no_number", 409) when there is no number to compare with.
    """
    if not wanted:
        raise Refused("no_number", status=409)
    with tenancy.identity(viewer):
        at_link, from_address = _lock(DIGITS, token, now), _lock(DIGITS_OF_ADDRESS, address, now)
        for limit, row in ((DIGITS, at_link), (DIGITS_OF_ADDRESS, from_address)):
            if row.since > now - limit.within and row.tries >= limit.most:
                raise _too_often(limit, row, now)
        if given in wanted:
            left = -1
        else:
            _add(at_link, DIGITS, now)
            _add(from_address, DIGITS_OF_ADDRESS, now)
            left = DIGITS.most - at_link.tries
    return left


def _lock(limit: Limit, key: str, now: datetime) -> LinkTries:
    name = _key(limit, key)
    LinkTries.objects.bulk_create([LinkTries(key=name, since=now)], ignore_conflicts=True)
    return LinkTries.objects.select_for_update().get(key=name)


def _add(row: LinkTries, limit: Limit, now: datetime) -> None:
    if row.since <= now - limit.within:
        row.tries, row.since = 0, now
    elif row.tries == 0:
        row.since = now
    row.tries += 1
    row.save()


def _too_often(limit: Limit, row: LinkTries, now: datetime) -> Refused:
    left = row.since + limit.within - now
    return Refused("too_often", status=429, minutes=max(1, -(-int(left.total_seconds()) // 60)))


def _key(limit: Limit, key: str) -> str:
    return f"{limit.name} {hashlib.sha256(key.encode()).hexdigest()[:48]}"
