"""Reading the log of the roster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.calendars import local
from core.tenancy import TenantQuerySet, Viewer
from resources.enums import UNDOABLE, ChangeVerb
from resources.models import DutyChange, DutyShift
from resources.queries.words import clock_words, kind_word

UNDO_WITHIN = timedelta(days=7)
ORDERS = {"at": ("at", "id")}


def listing(viewer: Viewer) -> TenantQuerySet[DutyChange]:
    """Everything that was done to the roster, in no order yet."""
    return DutyChange.objects.visible_to(viewer)


def latest(viewer: Viewer, limit: int) -> list[DutyChange]:
    """What was done last, newest first."""
    return list(listing(viewer).order_by("-at", "-id")[:limit])


def of_shift(viewer: Viewer, shift: DutyShift) -> list[DutyChange]:
    """What was done to one shift, newest first."""
    rows = listing(viewer).filter(lines__contains=[{"shift": shift.pk}])
    return list(rows.order_by("-at", "-id")[:50])


def can_be_undone(change: DutyChange, now: datetime) -> bool:
    """Whether undo is offered; that nothing was changed since is judged when it is done."""
    return change.undone_at is None and change.verb in UNDOABLE and now - change.at < UNDO_WITHIN


SHOWN = 4  # shifts that one line of the log writes out


@dataclass(frozen=True)
class ChangeRow:
    """One line of the log in words. lines: what was done to each shift, from whom to whom; more: how many are not written out."""

    public_id: str
    at: datetime
    who: str
    verb: str
    reason: str
    lines: tuple[str, ...]
    more: int
    undone: bool
    undo: bool


def row(change: DutyChange, *, may_undo: bool, now: datetime, only: int | None = None) -> ChangeRow:
    """What was done to the roster, in words. may_undo: the viewer plans; undo is offered where it is still possible.

    only: id of the one shift that is of interest; what was done to the others at the same time is left out.
    """
    lines = [line for line in change.lines if only in (None, line["shift"])]
    return ChangeRow(
        public_id=change.public_id,
        at=change.at,
        who=change.by_name,
        verb=str(ChangeVerb(change.verb).label),
        reason=change.reason,
        lines=tuple(_line(line["before"], line["after"]) for line in lines[:SHOWN]),
        more=max(0, len(lines) - SHOWN),
        undone=change.undone_at is not None,
        undo=may_undo and can_be_undone(change, now),
    )


def _line(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> str:
    was, became = ((_slot(facts), _people(facts)) if facts else ("", "–") for facts in (before, after))
    if before is None:
        return " ".join(became)
    slot = became[0] if became[0] in (was[0], "") else f"{was[0]} → {became[0]}"
    who = was[1] if was[1] == became[1] else f"{was[1]} → {became[1]}"
    return f"{slot or was[0]} {who}"


def _slot(facts: Mapping[str, Any]) -> str:
    starts, ends = (datetime.fromisoformat(facts[name]) for name in ("starts_at", "ends_at"))
    return f"{local(starts):%m-%d} {kind_word(facts['kind'])} {clock_words(starts, ends)}"


def _people(facts: Mapping[str, Any]) -> str:
    return " / ".join(facts[name] for name in ("person_name", "deputy_name") if facts[name])
