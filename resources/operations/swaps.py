"""Swapping duty with the colleague's consent (domain.md 14). Until he agrees the roster stays as it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from core import jobs, rights, transitions
from core.errors import NotFound, Refused, constraints
from core.tenancy import Viewer
from resources import notices
from resources.enums import ChangeVerb
from resources.models import DutyShift, DutySwap
from resources.operations.changes import Line, facts_of, log
from resources.operations.shifts import colleagues
from resources.queries import roster, swaps
from resources.workflow import SWAP

EXPIRE = "resources.swap_expire"


@transaction.atomic
def ask_swap(*, viewer: Viewer, shift: str, colleague: str, now: datetime, other: str = "", note: str = "") -> DutySwap:
    """Ask a colleague to take the viewer's place on a shift, or to exchange it for one of his.

    shift, other: public ids; other "" = only take over. colleague: his public id. Effects: word to the colleague, and a job that ends the
    request when the earlier shift begins. Errors: NotFound, not_allowed (it is not his shift), Refused("duty_begun"), Refused(
    "duty_person_unknown", field="colleague"), Refused("duty_same_person", field="colleague" | "other") when somebody would be main and deputy
    of one shift, Refused("duty_not_his", field="other"), Refused("duty_swap_open") while another request on one of the shifts is open.
    """
    mine = roster.one(viewer, shift)
    rights.require(viewer, "duty.ask", mine)
    theirs = roster.one(viewer, other) if other else None
    locked = roster.lock_several(viewer, [row.pk for row in (mine, theirs) if row])
    mine, theirs = locked[mine.pk], locked[theirs.pk] if theirs else None
    rights.require(viewer, "duty.ask", mine)
    if any(row.removed_at for row in locked.values()):
        raise NotFound
    begins = min(row.starts_at for row in (mine, theirs) if row)
    if begins <= now:
        raise Refused("duty_begun", status=409)
    asked = next(iter(colleagues(viewer, [colleague])), None)
    if asked is None:
        raise Refused("duty_person_unknown", field="colleague")
    if asked.pk in (viewer.person_id, mine.person_id):
        raise Refused("duty_same_person", field="colleague")
    if theirs and asked.pk not in (theirs.person_id, theirs.deputy_id):
        raise Refused("duty_not_his", field="other", who=asked.name)
    if theirs and viewer.person_id in (theirs.person_id, theirs.deputy_id):
        raise Refused("duty_same_person", field="other")
    if swaps.open_on(viewer, list(locked)).exists():
        raise Refused("duty_swap_open")
    swap = DutySwap(
        dealer_id=viewer.org, shift=mine, other=theirs, asked_by_id=viewer.person_id or 0, asked_to=asked, note=note.strip()[:200],
        asked_at=now, expires_at=begins,
    )  # fmt: skip
    with constraints(duty_swap_one_open="shift"):
        swap.save(force_insert=True)
    notices.tell_asked(viewer, swap, now)
    office = replace(viewer, person_id=None)  # the product's own errand: it stands in nobody's list of tasks
    jobs.enqueue(EXPIRE, viewer=office, now=now, run_at=begins, swap=swap.public_id)
    return swap


@transaction.atomic
def agree(*, viewer: Viewer, public_id: str, now: datetime) -> DutySwap:
    """The colleague takes over; the roster is changed and the log says from whom to whom.

    Errors: NotFound, not_allowed, Refused("wrong_state", 409) when it was answered already, Refused("duty_begun", 409).
    """
    swap = _answer(viewer, public_id, "agree", now)
    _carry_out(viewer, swap, ChangeVerb.SWAPPED, now)
    notices.tell_agreed(viewer, swap, now)
    return swap


@transaction.atomic
def decline(*, viewer: Viewer, public_id: str, now: datetime) -> DutySwap:
    """The colleague does not. Errors as `agree`."""
    swap = _answer(viewer, public_id, "decline", now)
    notices.tell_declined(viewer, swap, now)
    return swap


@transaction.atomic
def withdraw(*, viewer: Viewer, public_id: str, now: datetime) -> DutySwap:
    """Who asked does not need it any more. Errors as `agree`."""
    swap = _answer(viewer, public_id, "withdraw", now)
    notices.tell_withdrawn(viewer, swap, now)
    return swap


@transaction.atomic
def approve(*, viewer: Viewer, public_id: str, reason: str, now: datetime) -> DutySwap:
    """The desk decides in an emergency that the swap holds, in place of the colleague. Errors as `agree`, Refused("duty_reason_missing")."""
    swap = _answer(viewer, public_id, "approve", now, reason=_reason(reason))
    _carry_out(viewer, swap, ChangeVerb.APPROVED, now)
    notices.tell_approved(viewer, swap, now)
    return swap


@transaction.atomic
def reject(*, viewer: Viewer, public_id: str, reason: str, now: datetime) -> DutySwap:
    """The desk decides that everything stays as it is. Errors as `agree`, Refused("duty_reason_missing")."""
    swap = _answer(viewer, public_id, "reject", now, reason=_reason(reason))
    notices.tell_rejected(viewer, swap, now)
    return swap


@transaction.atomic
def expire(*, viewer: Viewer, public_id: str, now: datetime) -> None:
    """End a request that nobody answered before the shift began; one that was answered, or moved, is left alone."""
    swap = (
        DutySwap.objects.visible_to(viewer)
        .select_related("shift")
        .select_for_update(of=("self",))
        .one(public_id=public_id)
    )
    if SWAP.find(swap.state, "expire") is None or now < swap.expires_at:
        return
    transitions.step(SWAP, swap, "expire")
    swap.answered_at = now
    swap.save()
    notices.tell_expired(viewer, swap, now)


def _reason(text: str) -> str:
    if not text.strip():
        raise Refused("duty_reason_missing", field="reason")
    return text.strip()[:200]


def _answer(viewer: Viewer, public_id: str, verb: str, now: datetime, *, reason: str = "") -> DutySwap:
    """One step of a request, its shifts locked before it: the order in which every change of the roster locks."""
    found = swaps.one(viewer, public_id)
    shifts = roster.lock_several(viewer, [key for key in (found.shift_id, found.other_id) if key])
    rows = DutySwap.objects.visible_to(viewer).select_related("asked_by", "asked_to").select_for_update(of=("self",))
    swap = rows.one(public_id=public_id)
    rights.require(viewer, f"duty_swap.{verb}", swap)
    if now >= swap.expires_at:
        raise Refused("duty_begun", status=409)
    swap.shift, swap.other = shifts[swap.shift_id], shifts[swap.other_id] if swap.other_id else None
    transitions.step(SWAP, swap, verb)
    swap.answered_at, swap.answered_by, swap.reason = now, viewer.name[:60], reason
    swap.save()
    return swap


def _carry_out(viewer: Viewer, swap: DutySwap, verb: ChangeVerb, now: datetime) -> None:
    lines = []
    for shift, gone, come in ((swap.shift, swap.asked_by, swap.asked_to), (swap.other, swap.asked_to, swap.asked_by)):
        if shift is not None:
            before = facts_of(shift)
            if not come.active:
                raise Refused("duty_person_left", status=409)
            put_in_place(shift, gone.pk, come.pk, ON_DUTY)
            shift.changed_by = viewer.name[:60]
            shift.version += 1
            shift.save()
            lines.append(Line(shift, before, facts_of(shift)))
    log(viewer, verb, lines, now, reason=swap.reason or swap.note, tell=False)


#: the places of a shift that can be swapped; who leads stays
ON_DUTY = ("person_id", "deputy_id")


def put_in_place(shift: DutyShift, gone: int, come: int, places: Iterable[str]) -> None:
    """Give the places that one person has on a shift to another; who is main and would be deputy as well is main alone."""
    for name in places:
        if getattr(shift, name) == gone:
            setattr(shift, name, come)
    if shift.deputy_id == shift.person_id:
        shift.deputy_id = None
