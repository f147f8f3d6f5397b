"""Reading requests to swap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from core import rights
from core.errors import NotFound
from core.tenancy import TenantQuerySet, Viewer
from resources.enums import FAMILIES, SwapState
from resources.models import DutySwap
from resources.queries.words import shift_words

#: newest first
ORDERS = {"asked": ("asked_at", "id")}


def all_of(viewer: Viewer) -> TenantQuerySet[DutySwap]:
    """The requests that the viewer may read, with shifts and people: a planner all, anybody else those he takes part in."""
    rows = DutySwap.objects.visible_to(viewer)
    if not rights.may_ever(viewer, "duty.plan"):
        me = viewer.person_id or 0
        rows = rows.filter(Q(asked_by_id=me) | Q(asked_to_id=me))
    return rows.select_related("shift", "shift__person", "other", "other__person", "asked_by", "asked_to")


def listing(viewer: Viewer, *, only_mine: bool = False) -> TenantQuerySet[DutySwap]:
    """As `all_of`, in no order yet. only_mine: those that the viewer takes part in, whatever else he may read."""
    rows, me = all_of(viewer), viewer.person_id or 0
    return rows.filter(Q(asked_by_id=me) | Q(asked_to_id=me)) if only_mine else rows


def one(viewer: Viewer, public_id: str) -> DutySwap:
    """A request. Errors: NotFound, also for a colleague whom it does not concern."""
    swap = all_of(viewer).one(public_id=public_id)
    if not rights.may(viewer, "duty_swap.read", swap):
        raise NotFound
    return swap


def open_ones(viewer: Viewer, now: datetime, *, only_mine: bool = False) -> list[DutySwap]:
    """The requests that still wait for an answer, the most urgent first. One statement."""
    rows = listing(viewer, only_mine=only_mine).filter(state=SwapState.ASKED, expires_at__gt=now)
    return list(rows.order_by("expires_at", "id")[:50])


def open_on(viewer: Viewer, shift_ids: list[int]) -> TenantQuerySet[DutySwap]:
    """The open requests in which one of these shifts is given away or taken, in no order yet."""
    rows = DutySwap.objects.visible_to(viewer).filter(state=SwapState.ASKED)
    return rows.filter(Q(shift_id__in=shift_ids) | Q(other_id__in=shift_ids))


@dataclass(frozen=True)
class SwapRow:
    """A request in words. shift, other: hours of the two shifts; family: look of its state."""

    public_id: str
    by: str
    to: str
    shift: str
    other: str
    note: str
    state: str
    family: str
    asked_at: datetime
    answered_at: datetime | None
    answered_by: str
    reason: str


def row(swap: DutySwap, now: datetime) -> SwapRow:
    """A request in words; needs its shifts and people. One whose shift has begun is over, whether that is written down yet or not."""
    state = SwapState(swap.state)
    if state is SwapState.ASKED and now >= swap.expires_at:
        state = SwapState.EXPIRED
    return SwapRow(
        public_id=swap.public_id,
        by=swap.asked_by.name,
        to=swap.asked_to.name,
        shift=shift_words(swap.shift),
        other=shift_words(swap.other) if swap.other else "",
        note=swap.note,
        state=str(state.label),
        family=FAMILIES[state],
        asked_at=swap.asked_at,
        answered_at=swap.answered_at,
        answered_by=swap.answered_by,
        reason=swap.reason,
    )
