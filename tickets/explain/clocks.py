"""How the promises of a ticket stand, in words (ui.md 4.4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.calendars import local
from tickets.enums import ClockBucket, ClockKind, ClockState, LateReason
from tickets.models import Clock
from tickets.queries.clocks import countdown, length


@dataclass(frozen=True)
class Line:
    """One clock as the ticket's page shows it. family: of its chip; runs_until: while its words count down; late: why it was late,
    where somebody has said it.
    """

    label: str
    family: str
    state: str
    due: str
    used: str
    apart: str
    late: str
    runs_until: datetime | None = None


def lines(rows: Iterable[Clock], now: datetime) -> list[Line]:
    """The clocks of a round in the order of the promise: answer, arrival, solution."""
    order = list(ClockKind)
    return [_line(row, now) for row in sorted(rows, key=lambda row: order.index(ClockKind(row.kind)))]


def _line(row: Clock, now: datetime) -> Line:
    family, state = _state(row, now)
    return Line(
        label=str(ClockKind(row.kind).label),
        family=family,
        state=state,
        due=f"{local(row.due_at):%m-%d %H:%M}" if row.due_at else "–",
        used="" if row.used_minutes is None else length(timedelta(minutes=row.used_minutes)),
        runs_until=row.due_at if _runs(row) else None,
        apart="" if row.bucket == ClockBucket.NONE else str(ClockBucket(row.bucket).label),
        late=" · ".join(
            filter(None, [str(LateReason(row.late_reason).label) if row.late_reason else "", row.late_note])
        ),
    )


def _runs(row: Clock) -> bool:
    return row.met_at is None and not row.ended and row.due_at is not None


def _state(row: Clock, now: datetime) -> tuple[str, str]:
    if row.ended:
        return "waiting", str(row.get_ended_display())
    if row.met_at is not None:
        return ("bad" if row.state == ClockState.LATE else "good"), str(ClockState(row.state).label)
    if row.due_at is None:
        return "waiting", str(ClockState.PAUSED.label)
    words = countdown(row.due_at, now)
    if row.due_at < now:
        return "bad", words
    return ("waiting" if row.state == ClockState.PAUSED else "warning" if row.rung >= 80 else "active"), words
