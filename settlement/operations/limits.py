"""Limits of amounts: set them, ask the dealer's owner, pass a claim up to a reviewer with a higher one (domain.md 2.2, 9.4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from core import rights
from core.errors import NotFound, Refused
from core.money import LIMIT, shown
from core.tenancy import Tier, Viewer
from partners.enums import Role
from settlement import notices
from settlement.models import AmountLimit, Claim, ClaimRaise, OwnerApproval
from settlement.queries import claims, limits
from tickets.enums import RequestState
from tickets.operations.steps import fits, said


@transaction.atomic
def set_limits(*, viewer: Viewer, amounts: Mapping[str, Decimal | None], now: datetime) -> None:
    """Write the limits anew. amounts: by public id of a reviewer of headquarters, of a dealer "" alone; None takes the limit away.

    Errors: not_allowed, NotFound for whom does not decide on claims here, Refused("amount_wrong", field="limit_…").
    """
    rights.require(viewer, "limit.set")
    known = {"": None} if viewer.tier is Tier.DEALER else {row.public_id: row.pk for row in limits.reviewers(viewer)}
    before = limits.all_of(viewer)
    for key, amount in amounts.items():
        if key not in known:
            raise NotFound
        if amount is not None and not 0 <= amount < LIMIT:
            raise Refused("amount_wrong", field=f"limit_{key}")
        person = known[key]
        if before.get(person) == amount:
            continue
        limits.of(viewer, person).delete()
        if amount is not None:
            AmountLimit.objects.create(
                organisation_id=viewer.org, person_id=person, amount=amount, set_at=now, set_by=viewer.name
            )


def require_owner(viewer: Viewer, claim: Claim) -> None:
    """Refuse to submit what is above the dealer's limit, unless the owner has agreed or submits it himself. Errors: Refused("owner_first", 409)."""
    if not viewer.has(Role.OWNER) and limits.wants_owner(viewer, claim, limits.approvals(viewer, claim)):
        raise Refused("owner_first", status=409, limit=shown(limits.own(viewer) or Decimal(0)))


def require_within(viewer: Viewer, amount: Decimal) -> None:
    """Refuse to approve more than the reviewer may alone. Errors: Refused("above_limit", 409)."""
    limit = limits.own(viewer)
    if limit is not None and amount > limit:
        raise Refused("above_limit", status=409, limit=shown(limit))


@transaction.atomic
def ask_owner(*, viewer: Viewer, public_id: str, expected_version: int | None, now: datetime) -> OwnerApproval:
    """Ask the owner to agree before a claim above the limit is submitted; he is told.

    Errors: NotFound, not_allowed, wrong_state, stale, Refused("owner_not_needed", 409), ("owner_asked", 409).
    """
    claim = claims.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "claim.ask_owner", claim)
    known = limits.approvals(viewer, claim)
    if not limits.wants_owner(viewer, claim, known):
        raise Refused("owner_not_needed", status=409)
    if known and known[0].state == RequestState.ASKED:
        raise Refused("owner_asked", status=409)
    made = OwnerApproval.objects.create(
        dealer_id=viewer.org, claim=claim, amount=claim.claimed, asked_at=now, asked_by=viewer.name
    )
    notices.tell_owner(viewer, claim, now)
    return made


@transaction.atomic
def owner_agree(*, viewer: Viewer, public_id: str, expected_version: int | None, now: datetime) -> OwnerApproval:
    """The owner agrees to the claim as it stands: it may be submitted. Errors: NotFound, not_allowed, wrong_state, stale, ("owner_not_asked", 409)."""
    return _answer(viewer, public_id, expected_version, "owner_agree", RequestState.GRANTED, "", now)


@transaction.atomic
def owner_decline(
    *, viewer: Viewer, public_id: str, expected_version: int | None, reason: str, now: datetime
) -> OwnerApproval:
    """The owner does not agree. Errors: as `owner_agree`, ("reason_missing", field="reason")."""
    return _answer(viewer, public_id, expected_version, "owner_decline", RequestState.DECLINED, said(reason), now)


def _answer(
    viewer: Viewer, public_id: str, version: int | None, verb: str, state: RequestState, answer: str, now: datetime
) -> OwnerApproval:
    claim = claims.lock(viewer, public_id, version=version)
    rights.require(viewer, f"claim.{verb}", claim)
    known = limits.approvals(viewer, claim)
    if not known or known[0].state != RequestState.ASKED:
        raise Refused("owner_not_asked", status=409)
    asked = known[0]
    asked.state, asked.answer, asked.answered_at, asked.answered_by = state, answer, now, viewer.name
    asked.amount = claim.claimed
    asked.version += 1
    asked.save()
    notices.tell_owners_word(viewer, claim, answer, now)
    return asked


@transaction.atomic
def raise_claim(
    *, viewer: Viewer, public_id: str, expected_version: int | None, reason: str, now: datetime
) -> ClaimRaise:
    """转上级: a claim above the reviewer's limit goes to those with a higher one, who are told; its due day stays as it was.

    reason: what he recommends. Errors: NotFound, not_allowed, wrong_state, stale, Refused("within_limit", 409), ("raised_before", 409),
    ("nobody_higher", 409), ("reason_missing", field="reason"), ("text_too_long").
    """
    rights.require_ever(viewer, "claim.raise")
    claim = claims.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "claim.raise", claim)
    note = fits(said(reason), 200, field="reason")
    limit = limits.own(viewer)
    if limit is None or claim.claimed <= limit:
        raise Refused("within_limit", status=409)
    mine = [row for row in limits.raises(viewer, claim) if row.author_id == viewer.person_id]
    if any(row.state == claim.state and row.turn == claim.turn for row in mine):
        raise Refused("raised_before", status=409)
    above = limits.higher(viewer, claim, claim.claimed)
    if not above:
        raise Refused("nobody_higher", status=409)
    made = ClaimRaise.objects.create(
        organisation_id=viewer.org, claim=claim, state=claim.state, turn=claim.turn, note=note, at=now,
        author_id=viewer.person_id or 0, author_name=viewer.name,
    )  # fmt: skip
    notices.tell_raised(viewer, claim, [person.pk for person in above], now)
    return made
