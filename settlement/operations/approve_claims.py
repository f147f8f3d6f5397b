"""Letting several claims through at once: only those in which the automatic checks find nothing (domain.md 9.3, ui.md 8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from core import rights
from core.errors import NotFound, Refused
from core.tenancy import Viewer
from settlement.operations import review_claims
from settlement.queries import claims, reviews


@dataclass(frozen=True)
class Outcome:
    """What became of one claim. refusal: why not, None = it went; amount: what was let through."""

    public_id: str
    number: str
    customer: str
    amount: Decimal
    refusal: Refused | None = None


def let_through(*, viewer: Viewer, chosen: Sequence[tuple[str, int]], now: datetime) -> list[Outcome]:
    """Pass on or approve claims as they stand, each in a savepoint of its own: one that is refused does not stop the others.

    chosen: public id and the version that the page showed, at most reviews.MOST_AT_ONCE. Errors: not_allowed, Refused("too_many", most=…).
    """
    rights.require_ever(viewer, "claim.review")
    if len(chosen) > reviews.MOST_AT_ONCE:
        raise Refused("too_many_claims", most=reviews.MOST_AT_ONCE)
    return [_one(viewer, public_id, version, now) for public_id, version in dict(chosen).items()]


def _one(viewer: Viewer, public_id: str, version: int, now: datetime) -> Outcome:
    found = claims.one(viewer, public_id)
    told = Outcome(public_id, found.number, found.customer_name, found.claimed)
    try:
        with transaction.atomic():
            amount = _decide(viewer, public_id, version, now)
    except NotFound:
        raise
    except Refused as refusal:
        return Outcome(public_id, told.number, told.customer, told.amount, refusal)
    return Outcome(public_id, told.number, told.customer, amount)


def _decide(viewer: Viewer, public_id: str, version: int, now: datetime) -> Decimal:
    """The amount that goes on. Errors: those of the step, and Refused("claim_flagged", 409)."""
    claim = claims.lock(viewer, public_id, version=version)
    verb = reviews.verb(viewer, claim)
    if not verb:
        raise Refused("wrong_state", status=409)
    if not reviews.clean(viewer, claim, now):
        raise Refused("claim_flagged", status=409)
    operation = review_claims.pass_on if verb == "pass" else review_claims.approve
    done = operation(viewer=viewer, public_id=public_id, expected_version=version, words={}, now=now)
    return done.approved if done.approved is not None else reviews.standing_sums(viewer, [done])[done.pk]
