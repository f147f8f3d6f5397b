"""A slip that was signed without a line arrives: completed and signed in one transaction, once (domain.md 8.5, 18.2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from core import rights, signatures
from core.errors import NotFound, Refused
from core.tenancy import Viewer
from tickets import notices
from tickets.calculations.slip_input import SlipInput
from tickets.enums import EntryKind, Rating, SlipState
from tickets.models import LapsedSignature, Slip
from tickets.operations.complete_slip import complete_slip
from tickets.operations.save_slip import save_slip
from tickets.operations.sign_slip import Answer, confirm_by_name, sign_slip
from tickets.operations.steps import write_entry
from tickets.queries import slips


@dataclass(frozen=True)
class HandedIn:
    """What became of it. lapsed: why the signature did not take effect; None: the slip is signed."""

    slip: Slip
    lapsed: LapsedSignature | None = None


@transaction.atomic
def hand_in_signed(
    *,
    viewer: Viewer,
    public_id: str,
    expected_version: int | None,
    written: SlipInput | None,
    long_stay_confirmed: bool = False,
    answer: Answer,
    now: datetime,
    sign_in: str = "",
    say: Callable[[Refused], str] = str,
) -> HandedIn:
    """Complete a draft as it was written and signed on the phone; of a slip that waits for the customer only the answer counts.

    written: what the form held; None: the slip was handed in before the line was lost. answer: with `op` (8–40 characters,
    the phone's random key; the same key again changes nothing and tells what became of it) and `at`, when it was given.

    What is refused then is no error of this operation: the slip goes as far as it can (待客户确认, or the draft as
    it was typed; untouched when somebody else wrote on it), the answer is kept as 未生效签字 with the reason, and the one who
    sent it is told. say: puts a refusal into words for the record. Errors: NotFound, not_allowed, Refused("op_missing").
    """
    if not 8 <= len(answer.op) <= 40:
        raise Refused("op_missing")
    rights.require_ever(viewer, "slip.hand_in")
    slip = slips.lock(viewer, public_id, version=None)
    rights.require(viewer, "slip.hand_in", slip)
    if slip.signed_op == answer.op:
        return HandedIn(slip)
    known = LapsedSignature.objects.visible_to(viewer).filter(slip=slip, op=answer.op).first()
    if known is not None:
        return HandedIn(slip, known)
    answer = replace(answer, at=_believable(answer.at, slip, written, now))
    try:
        with transaction.atomic():
            version = expected_version
            if slip.state == SlipState.DRAFT:
                _complete(viewer, public_id, version, written, long_stay_confirmed, now, sign_in)
                version = None
            do = sign_slip if answer.strokes else confirm_by_name
            return HandedIn(do(viewer=viewer, public_id=public_id, expected_version=version, answer=answer, now=now))
    except NotFound:
        raise
    except Refused as refusal:
        reason = refusal
    if slip.state == SlipState.DRAFT and written is not None:
        _as_far_as_it_goes(viewer, public_id, expected_version, written, long_stay_confirmed, now, sign_in)
    return _lapse(viewer, public_id, answer, say(reason), now)


def _complete(
    viewer: Viewer,
    public_id: str,
    version: int | None,
    written: SlipInput | None,
    long_stay_confirmed: bool,
    now: datetime,
    sign_in: str,
) -> None:
    complete_slip(
        viewer=viewer,
        public_id=public_id,
        expected_version=version,
        written=written,
        long_stay_confirmed=long_stay_confirmed,
        now=now,
        sign_in=sign_in,
        without_line=True,
    )


def _as_far_as_it_goes(
    viewer: Viewer,
    public_id: str,
    version: int | None,
    written: SlipInput,
    long_stay_confirmed: bool,
    now: datetime,
    sign_in: str,
) -> None:
    """Handed in without the signature; else kept as typed; else left alone."""
    try:
        with transaction.atomic():
            _complete(viewer, public_id, version, written, long_stay_confirmed, now, sign_in)
        return
    except Refused:
        pass
    try:
        with transaction.atomic():
            save_slip(
                viewer=viewer,
                public_id=public_id,
                expected_version=version,
                written=written,
                now=now,
                sign_in=sign_in,
            )
    except Refused:
        pass


def _lapse(viewer: Viewer, public_id: str, answer: Answer, reason: str, now: datetime) -> HandedIn:
    slip = slips.lock(viewer, public_id, version=None)
    assert answer.at is not None
    lapsed = LapsedSignature.objects.create(
        dealer_id=slip.dealer_id,
        slip=slip,
        op=answer.op,
        reason=reason[:300],
        rating=answer.rating if answer.rating in Rating.values else "",
        opinion=answer.opinion[:200],
        signer=(answer.signer or slip.contact)[:20],
        strokes=_readable(answer.strokes),
        technician_strokes=_readable(answer.technician_strokes),
        sent_by=viewer.name,
        signed_at=answer.at,
        arrived_at=now,
    )
    write_entry(
        viewer,
        slip.ticket,
        EntryKind.FACT,
        verb="signature_lapsed",
        facts={"reason": lapsed.reason, "signer": lapsed.signer},
        internal=True,
        at=answer.at,
        now=now,
    )
    notices.tell_lapsed(viewer, slip.ticket, lapsed, now)
    return HandedIn(slip, lapsed)


def _readable(strokes: Any) -> Any:
    """Strokes as they are kept, or nothing when they are none."""
    try:
        return signatures.read_strokes(strokes or [])
    except Refused:
        return None


def _believable(at: datetime | None, slip: Slip, written: SlipInput | None, now: datetime) -> datetime:
    """The phone's time, between the departure on the slip and now; a phone whose clock is wrong signs when it arrives."""
    left = (written.left_at if written else None) or slip.left_at
    if at is None or at > now or (left is not None and at < left):
        return now
    return at
