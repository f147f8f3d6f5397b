"""Reading what somebody has to be reminded of (domain.md 20)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import TruncDate

from core.calendars import SHANGHAI
from core.tenancy import Viewer
from tickets.enums import PauseReason, ReminderKind, TicketState
from tickets.models import ClockPause, Entry, Reminder, Ticket, Trip


@dataclass(frozen=True)
class Due:
    """A ticket about which somebody has to be reminded, locked. since: when the site was left, the wait or the pause began; why: of a pause."""

    ticket: Ticket
    since: datetime
    why: str = ""


def unsigned(viewer: Viewer, *, left_before: datetime, limit: int) -> list[Due]:
    """Tickets whose site was left before this moment and whose slip is not signed yet, nobody having been told.

    Who has gone to fetch a part or waits for the customer will come again, so that is no late signature.
    """
    trips = Trip.objects.visible_to(viewer).filter(ticket=OuterRef("pk"), round=OuterRef("round"))
    told = Reminder.objects.visible_to(viewer).filter(
        ticket=OuterRef("pk"), kind=ReminderKind.UNSIGNED, day=OuterRef("left_on")
    )
    rows = (
        Ticket.objects.visible_to(viewer)
        .filter(state__in=(TicketState.IN_WORK, TicketState.WAIT_SIGN))
        .annotate(left_at=Subquery(trips.order_by("-sequence").values("left_at")[:1]))
        .annotate(left_on=TruncDate("left_at", tzinfo=SHANGHAI))
        .filter(~Exists(told), left_at__lt=left_before)
    )
    return [Due(row, row.left_at) for row in _locked(rows, "left_at", limit)]


def waiting_for_part(viewer: Viewer, *, since_before: datetime, day: date, limit: int) -> list[Due]:
    """Tickets that have been waiting for a part since before this moment, nobody having been told on this day."""
    steps = Entry.objects.visible_to(viewer).filter(ticket=OuterRef("pk"), target_state=TicketState.WAIT_PART)
    told = Reminder.objects.visible_to(viewer).filter(ticket=OuterRef("pk"), kind=ReminderKind.PART, day=day)
    rows = (
        Ticket.objects.visible_to(viewer)
        .filter(state=TicketState.WAIT_PART)
        .annotate(waits_since=Subquery(steps.order_by("-at", "-id").values("at")[:1]))
        .filter(~Exists(told), waits_since__lt=since_before)
    )
    return [Due(row, row.waits_since) for row in _locked(rows, "waits_since", limit)]


def paused_long(viewer: Viewer, *, since_before: datetime, day: date, limit: int) -> list[Due]:
    """Tickets whose clocks have stood still since before this moment, nobody having been told on this day.

    A wait for a part has a reminder of its own.
    """
    pauses = (
        ClockPause.objects.visible_to(viewer)
        .filter(ticket=OuterRef("pk"), round=OuterRef("round"), ended_at=None, reversed_at=None)
        .exclude(reason=PauseReason.PART)
        .order_by("started_at")
    )
    told = Reminder.objects.visible_to(viewer).filter(ticket=OuterRef("pk"), kind=ReminderKind.PAUSED, day=day)
    open_long = ClockPause.objects.visible_to(viewer).filter(ended_at=None, started_at__lt=since_before)
    rows = (
        Ticket.objects.visible_to(viewer)
        .filter(held=True, pk__in=open_long.values("ticket"))
        .annotate(paused_since=Subquery(pauses.values("started_at")[:1]), why=Subquery(pauses.values("reason")[:1]))
        .filter(~Exists(told), paused_since__lt=since_before)
    )
    return [Due(row, row.paused_since, row.why) for row in _locked(rows, "paused_since", limit)]


def _locked(rows: Any, order: str, limit: int) -> Any:  # Any: the rows carry what their query has annotated
    """The rows, the oldest first; what somebody is just working on waits for the next time."""
    return rows.select_for_update(of=["self"], skip_locked=True).order_by(order, "id")[:limit]
