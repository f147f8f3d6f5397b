"""The manufacturer's side of a claim: first review, second review, appeal; line by line with reasons (domain.md 9.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from core import rights
from core.errors import Refused
from core.money import ZERO, shown
from core.tenancy import Viewer
from settlement import notices
from settlement.calculations.claim_input import Word
from settlement.enums import ClaimState, CutReason, ReviewLevel
from settlement.models import Claim, ClaimDecision
from settlement.operations import limits
from settlement.operations.claims import next_turn, step
from settlement.queries import claims
from settlement.queries.checks import is_running
from settlement.queries.claims import Decided
from tickets.operations.steps import authored, columns_of, fits, said

#: of a state, the level at which its lines are decided
LEVELS = {
    ClaimState.FIRST: ReviewLevel.FIRST,
    ClaimState.SECOND: ReviewLevel.SECOND,
    ClaimState.APPEALED: ReviewLevel.APPEAL,
}


@transaction.atomic
def pass_on(
    *, viewer: Viewer, public_id: str, expected_version: int | None, words: Mapping[int, Word], now: datetime
) -> Claim:
    """初审通过: the lines as the first reviewer sees them go to the second review. words: by the line's sequence; a line without one stays.

    Errors: NotFound, not_allowed, wrong_state, stale, Refused("check_running", 409), ("approved_too_much", field="line_…"), ("amount_wrong"), ("cut_reason_missing"),
    ("line_unknown"), ("text_too_long").
    """
    claim = _locked(viewer, public_id, "claim.pass", expected_version, now)
    _decide(viewer, claim, claims.lines(viewer, claim), words, now)
    claim.first_by_id = viewer.person_id
    step(viewer, claim, "pass", now=now)
    notices.claim_told(viewer, claim, claim.manufacturer_id, "passed", now)
    return claim


@transaction.atomic
def approve(
    *, viewer: Viewer, public_id: str, expected_version: int | None, words: Mapping[int, Word], now: datetime
) -> Claim:
    """核定, whole or in part, after the second review or an appeal. Nobody decides what he has reviewed first himself, four eyes.

    words and errors as `pass_on`; also Refused("claim_four_eyes", 403), ("above_limit", 409), ("above_share", 409), ("nothing_approved", 409): that would be a refusal, and wants its reason.
    """
    claim = _locked(viewer, public_id, "claim.approve", expected_version, now)
    _two_persons(viewer, claim)
    claim.approved = _decide(viewer, claim, claims.lines(viewer, claim), words, now)
    if not claim.approved:
        raise Refused("nothing_approved", status=409)
    _within_goodwill(viewer, claim)
    limits.require_within(viewer, claim.approved)
    return _decided(viewer, claim, "approve", now)


@transaction.atomic
def refuse(
    *, viewer: Viewer, public_id: str, expected_version: int | None, cause: str, reason: str, now: datetime
) -> Claim:
    """拒绝 of the whole claim, after the second review or an appeal; each line is decided as zero.

    cause: a CutReason. Errors: NotFound, not_allowed, wrong_state, stale, claim_four_eyes, ("choice_unknown", field="cause"), ("reason_missing").
    """
    claim = _locked(viewer, public_id, "claim.refuse", expected_version, now)
    _two_persons(viewer, claim)
    why = said(reason)
    if cause not in CutReason.values:
        raise Refused("choice_unknown", field="cause")
    lines = claims.lines(viewer, claim)
    words = {line.row.sequence: Word(ZERO, cause, why) for line in lines}
    claim.approved, claim.reason = _decide(viewer, claim, lines, words, now), why
    return _decided(viewer, claim, "refuse", now, text=why)


@transaction.atomic
def send_back(*, viewer: Viewer, public_id: str, expected_version: int | None, reason: str, now: datetime) -> Claim:
    """退回: the dealer completes it and submits it again, as the next turn; the lines of this one stay with their decisions.

    Errors: NotFound, not_allowed, wrong_state, stale, Refused("check_running", 409), ("reason_missing", field="reason").
    """
    claim = _locked(viewer, public_id, "claim.send_back", expected_version, now)
    claim.reason = said(reason)
    next_turn(viewer, claim, "send_back", now=now)
    notices.claim_told(viewer, claim, claim.dealer_id, "sent_back", now)
    return claim


def _locked(viewer: Viewer, public_id: str, action: str, version: int | None, now: datetime) -> Claim:
    """The claim, locked, for a reviewer. The automatic checks come first, unless they are too late: Refused("check_running", 409)."""
    rights.require_ever(viewer, action)
    claim = claims.lock(viewer, public_id, version=version)
    rights.require(viewer, action, claim)
    if is_running(claim, now):
        raise Refused("check_running", status=409)
    return claim


def _two_persons(viewer: Viewer, claim: Claim) -> None:
    """Who reviewed first, or decided before the appeal, does not decide (domain.md 2.3)."""
    if viewer.person_id in (claim.first_by_id, claim.decided_by_id):
        raise Refused("claim_four_eyes", status=403)


def _within_goodwill(viewer: Viewer, claim: Claim) -> None:
    """照顾性保修: of the whole claim no more than the share that was granted; the rest is the customer's (domain.md 4.4)."""
    percent = claims.goodwill_percent(viewer, claim)
    most = claims.share(claim.claimed, percent)
    if claim.approved is not None and claim.approved > most:
        raise Refused("above_share", status=409, percent=percent, most=shown(most))


def _decided(viewer: Viewer, claim: Claim, verb: str, now: datetime, *, text: str = "") -> Claim:
    claim.decided_by_id, claim.decided_at = viewer.person_id, now
    step(viewer, claim, verb, now=now, text=text)
    notices.claim_told(viewer, claim, claim.dealer_id, "refused" if verb == "refuse" else "approved", now)
    return claim


def _decide(
    viewer: Viewer, claim: Claim, lines: Sequence[Decided], words: Mapping[int, Word], now: datetime
) -> Decimal:
    """Write the words, but for those that leave whole what nobody has spoken on; answers the sum that is approved then."""
    known = {line.row.sequence: line for line in lines}
    if set(words) - set(known):
        raise Refused("claim_line_unknown", status=409)
    level, made = LEVELS[ClaimState(claim.state)], []
    for place, word in words.items():
        line, field = known[place], f"approved_{place}"
        if word.approved < 0 or word.approved.as_tuple().exponent < -2:  # type: ignore[operator]  # never a NaN
            raise Refused("amount_wrong", field=field)
        if word.approved > line.row.claimed:
            raise Refused("approved_too_much", field=field)
        cut = word.approved < line.row.claimed
        if cut and word.reason not in CutReason.values:
            raise Refused("cut_reason_missing", field=f"reason_{place}")
        if not cut and not line.decisions:
            continue
        made.append(
            ClaimDecision(
                line=line.row, level=level, approved=word.approved, reason=word.reason if cut else "",
                note=fits(word.note, 200, field=f"note_{place}"), **authored(viewer, now), **columns_of(claim),
            )
        )  # fmt: skip
    ClaimDecision.objects.bulk_create(made)
    return sum((words[place].approved if place in words else line.approved for place, line in known.items()), ZERO)
