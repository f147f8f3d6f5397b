"""Warnings of promises: at half the time, at four fifths and at breach, once each, to the right people (domain.md 5.2, reliability.md 5)."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import connection, transaction

from core import public_holidays, tenancy
from core.tenancy import Tier, Viewer
from tickets import notices
from tickets.calculations.promise import BREACH
from tickets.enums import ClockState
from tickets.models import Clock, ClockPause, ClockRing, Ticket
from tickets.operations.clocks import reckon, rings_until

log = logging.getLogger(__name__)

DEALERS = 200  # at one tick, those that wait longest first
AT_ONCE = 500  # clocks of a dealer at one tick


def ring(now: datetime) -> None:
    """What the tick does: every dealer with a warning that is due, each in its own savepoint and under its own role.

    Notices are in the transaction of the tick: a process that dies in it has rung nothing, and the next one rings it all. A dealer that
    fails does not hold up the others.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT tickets_clocks_due(%s, %s)", [now, DEALERS])
        due = [dealer for (dealer,) in cursor.fetchall()]
    for dealer in due:
        viewer = Viewer(tier=Tier.DEALER, org=dealer, partners=(dealer,))
        try:
            with tenancy.acting(viewer):
                ring_due(viewer=viewer, now=now)
        except Exception:  # the next dealer must not wait for the repair of this one
            log.exception("warnings of dealer %s failed", dealer)
    if due:
        tenancy.enter(tenancy.system())


@transaction.atomic
def ring_due(*, viewer: Viewer, now: datetime, most: int = AT_ONCE) -> int:
    """Ring the dealer's warnings that are due; returns how many left. A clock that somebody else has locked comes next time.

    Each threshold has one row (unique), also when several were passed while nobody rang; then one notice tells the last of them.
    """
    rows = list(
        Clock.objects.visible_to(viewer)
        .filter(ring_at__lte=now)
        .order_by("ring_at", "id")
        .select_for_update(skip_locked=True, of=("self",))[:most]
    )
    if not rows:
        return 0
    ids = [row.ticket_id for row in rows]
    tickets = {ticket.pk: ticket for ticket in Ticket.objects.visible_to(viewer).filter(pk__in=ids).order_by()}
    pauses: dict[int, list[ClockPause]] = {}
    for pause in ClockPause.objects.visible_to(viewer).filter(ticket_id__in=ids).order_by("started_at"):
        pauses.setdefault(pause.ticket_id, []).append(pause)
    days = public_holidays.working_days() if any(row.windows for row in rows) else None
    rung: list[ClockRing] = []
    told: list[tuple[Ticket, Clock, int]] = []
    for row in rows:
        held = [pause for pause in pauses.get(row.ticket_id, ()) if pause.round == row.round]
        passed = rings_until(row, held, now, days)
        rung.extend(_row(row, threshold, at, now) for threshold, at in passed)
        if passed:
            row.rung = passed[-1][0]
            told.append((tickets[row.ticket_id], row, row.rung))
        reckon(row, held, now, days)
        if row.rung == BREACH:
            row.state = ClockState.OVERDUE
    written = ClockRing.objects.bulk_create(rung)
    Clock._plain.bulk_update(rows, ["rung", "ring_at", "state", "due_at"])
    notices.tell_clocks(viewer, told, now)
    return len(written)


def _row(clock: Clock, threshold: int, due_at: datetime, now: datetime) -> ClockRing:
    return ClockRing(
        clock=clock,
        turn=clock.turn,
        dealer_id=clock.dealer_id,
        manufacturer_id=clock.manufacturer_id,
        office_id=clock.office_id,
        shared_with_maker=clock.shared_with_maker,
        threshold=threshold,
        due_at=due_at,
        rung_at=now,
    )
