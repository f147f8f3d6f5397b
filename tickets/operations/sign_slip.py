"""The customer answers: signature on the screen, 姓名确认, or 拒签 (domain.md 8.5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from django.db import transaction

from core import rights, signatures, transitions
from core.calendars import SHANGHAI, local_date
from core.errors import Refused
from core.tenancy import Viewer
from tickets.calculations import slip_checks
from tickets.enums import UNSATISFIED, Rating, SignatureKind
from tickets.models import Slip
from tickets.operations.complete_slip import Incomplete
from tickets.operations.freeze_slip import freeze
from tickets.operations.steps import chosen, fits, move, said
from tickets.queries import slips
from tickets.workflow import SLIP


@dataclass(frozen=True)
class Answer:
    """What the customer says and how he confirms it.

    strokes: pen points in CSS pixels, at most 5,000, kept as JSON; empty for 姓名确认. technician_strokes: the same for
    the technician. rating: one of five; an opinion is wanted with the two worst. op, at: of an answer that was given
    without a line and waited in the phone's queue: its random key, and when it was given (`hand_in_signed`); `at` also
    of one that was given on paper.
    """

    rating: str
    opinion: str = ""
    signer: str = ""
    strokes: Any = None
    technician_strokes: Any = None
    op: str = ""
    at: datetime | None = None


@transaction.atomic
def sign_slip(*, viewer: Viewer, public_id: str, expected_version: int | None, answer: Answer, now: datetime) -> Slip:
    """Take the customer's signature, drawn on the screen, and freeze the slip. WAIT_SIGN → SIGNED, ticket → DONE.

    Errors: Refused("signature_empty", field="strokes"), ("signature_malformed"), ("signature_too_long"),
    ("rating_missing"), ("opinion_missing"), Incomplete when a photo was taken away meanwhile, wrong_state (409) for a
    second signature, stale, not_allowed.
    """
    slip = _lock(viewer, public_id, expected_version, "sign")
    strokes = signatures.read_strokes(answer.strokes or [])
    return _answer(viewer, slip, answer, SignatureKind.DRAWN, strokes, now)


@transaction.atomic
def confirm_by_name(
    *, viewer: Viewer, public_id: str, expected_version: int | None, answer: Answer, now: datetime
) -> Slip:
    """姓名确认, where drawing is impossible: a kind of its own, printed as such and always drawn for call-back.

    Errors: Refused("signer_missing", field="signer") and those of `sign_slip`.
    """
    slip = _lock(viewer, public_id, expected_version, "sign")
    _name_is_there(answer)
    return _answer(viewer, slip, answer, SignatureKind.TYPED, None, now)


@transaction.atomic
def sign_on_paper(
    *,
    viewer: Viewer,
    public_id: str,
    expected_version: int | None,
    answer: Answer,
    signed_on: date | None,
    now: datetime,
) -> Slip:
    """纸面签字: the customer signed with a pen; the photo of the signed paper is the evidence (domain.md 6, 8.1, 8.5).

    A kind of its own, printed as such. signed_on: the day beside the signature, between 离开现场 and today.
    Errors: Refused("signer_missing", field="signer"), ("paper_day_wrong", field="signed_on"), Incomplete without the
    photo, and those of `sign_slip`.
    """
    slip = _lock(viewer, public_id, expected_version, "sign_on_paper")
    _name_is_there(answer)
    assert slip.left_at is not None  # a slip that waits for its signature is complete
    first, last = local_date(slip.left_at), local_date(now)
    if signed_on is None or not first <= signed_on <= last:
        raise Refused("paper_day_wrong", field="signed_on", first=f"{first:%Y-%m-%d}", last=f"{last:%Y-%m-%d}")
    noon = datetime.combine(signed_on, time(12), SHANGHAI)  # a paper knows its day alone
    at = min(max(noon, slip.left_at), now)
    return _answer(viewer, slip, replace(answer, at=at), SignatureKind.PAPER, None, now)


@transaction.atomic
def refuse_signature(
    *, viewer: Viewer, public_id: str, expected_version: int | None, reason: str, answer: Answer, now: datetime
) -> Slip:
    """拒签/未签 with reason: freezes and prints as signing does. WAIT_SIGN → REFUSED, ticket → DONE.

    A rating is kept when there is one. Errors: Refused("reason_missing", field="reason") and those of `sign_slip`.
    """
    slip = _lock(viewer, public_id, expected_version, "refuse")
    slip.refusal_reason = said(reason)
    slip.signature_kind = SignatureKind.REFUSED
    slip.rating = chosen(Rating, answer.rating, field="rating") if answer.rating else ""
    slip.opinion = fits(answer.opinion, 200, field="opinion")
    _technician(viewer, slip, answer)
    _photos_are_there(viewer, slip)
    transitions.step(SLIP, slip, "refuse")
    _finish(viewer, slip, "refuse_signature", slip.refusal_reason, now)
    return slip


def _lock(viewer: Viewer, public_id: str, expected_version: int | None, verb: str) -> Slip:
    slip = slips.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, f"slip.{verb}", slip)
    return slip


def _name_is_there(answer: Answer) -> None:
    """Where no strokes say who signed. Errors: Refused("signer_missing", field="signer")."""
    if len(answer.signer.strip()) < 2:
        raise Refused("signer_missing", field="signer")


def _answer(viewer: Viewer, slip: Slip, answer: Answer, kind: SignatureKind, strokes: Any, now: datetime) -> Slip:
    if answer.rating not in Rating.values:
        raise Refused("rating_missing", field="rating")
    if answer.rating in UNSATISFIED and not answer.opinion.strip():
        raise Refused("opinion_missing", field="opinion")
    slip.rating, slip.opinion = answer.rating, fits(answer.opinion, 200, field="opinion")
    slip.signature_kind, slip.strokes = kind, strokes
    slip.signer = fits(answer.signer, 20, field="signer") or slip.contact
    slip.signed_op = answer.op
    _technician(viewer, slip, answer)
    _photos_are_there(viewer, slip)
    transitions.step(SLIP, slip, "sign")
    _finish(viewer, slip, "sign", "", now, answered=answer)
    return slip


def _technician(viewer: Viewer, slip: Slip, answer: Answer) -> None:
    """The technician signs, too: the ticket's lead, whoever holds the phone."""
    if answer.technician_strokes:
        try:
            slip.technician_strokes = signatures.read_strokes(answer.technician_strokes)
        except Refused as refusal:
            refusal.field = "technician_strokes"
            raise
    slip.technician_id = slip.ticket.lead_person_id
    slip.technician = slip.ticket.lead_name or viewer.name
    slip.technician_phone = viewer.phone if viewer.person_id == slip.technician_id else ""
    if not slip.technician_phone:
        lead = slips.lead_phone(viewer, slip.ticket)
        slip.technician_phone = lead or viewer.phone


def _photos_are_there(viewer: Viewer, slip: Slip) -> None:
    wanted = slip_checks.wanted_photos(
        slips.treatments(viewer, slip),
        from_paper=slip.from_paper,
        on_paper=slip.signature_kind == SignatureKind.PAPER,
    )
    there = slips.photo_slots(viewer, slip)
    missing = [slot for slot in wanted if slot not in there]
    if missing:
        raise Incomplete([slip_checks.Problem("photos", "photo_missing", {"slot": slot}) for slot in missing])


def _finish(viewer: Viewer, slip: Slip, verb: str, text: str, now: datetime, *, answered: Answer | None = None) -> None:
    ticket, at = slip.ticket, answered.at if answered else None
    ticket.finished_at = slip.finished_at
    freeze(viewer, slip, now=now, at=at)
    facts = {"slip": slip.number, "rating": slip.rating, "kind": str(slip.signature_kind)}
    if answered and answered.op:
        facts["offline"] = "1"
    move(viewer, ticket, verb, now=now, at=at, text=text, facts=facts)
