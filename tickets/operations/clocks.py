"""The clocks of a ticket follow its steps: they begin with the report, are met by the answer, the arrival and the end of the work,
stand still while the customer or a part is waited for (domain.md 5, 6). Nothing here moves the ticket itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core import public_holidays
from core.calendars import local
from core.cases import CHINA_DAYS
from core.tenancy import Viewer
from core.working_days import WorkingDays
from tickets.calculations.clock import ClockFacts, Pause, clock
from tickets.calculations.promise import THRESHOLDS, Appointment, city_tier, due_of, facts_of, minutely, warnings_of
from tickets.enums import TICKING, CityTier, ClockBucket, ClockEnd, ClockKind, ClockState, PauseReason
from tickets.models import Clock, ClockPause, Ticket
from tickets.queries import clocks
from tickets.queries.clocks import InForce, in_force, windows_of

#: verbs that end a wait for a part or the customer: the work goes on, or somebody else is sent
GOES_ON = ("resume", "set_out", "dispatch")
#: and those after which nothing stands still any more
ENDS_ALL = ("arrive", "finish_remote", "cancel", "merge", "transfer")
WAITS = (PauseReason.PART, PauseReason.CUSTOMER)
#: the slip is done, or the customer refused to sign: 完工时间 of the round stands
SOLVED = ("sign", "refuse_signature")
UNDONE = ("void_slip", "void_remote_slip")
#: the round counts in no rate, whatever was met before (domain.md 5.2)
LEFT_OUT = ("cancel", "merge")


def begin(viewer: Viewer, ticket: Ticket, now: datetime, *, save: bool = True) -> list[Clock]:
    """The clocks of the ticket's present round, from its t0 on, by the promise that holds then. Not saved with save=False.

    The ticket gets its city tier and what burns first; the caller saves it. Reported to a person of the dealer, the response is met
    at t0 and counted apart (domain.md 6).
    """
    t0 = ticket.round_started_at
    promised = in_force(viewer, ticket.manufacturer_id, t0, ticket.city, ticket.district)
    ticket.city_tier = city_tier(ticket.province, ticket.city, ticket.district, promised.terms, promised.override).value
    made = [_new(ticket, kind, minutes, promised) for kind, minutes in _promised(ticket, promised)]
    if ticket.contacted_at is not None and ticket.contacted_at <= t0:
        made[0].bucket = ClockBucket.ANSWERED
        _meet(made[0], t0, (), None)
    days = _days_of(made)
    for row in made:
        reckon(row, (), now, days)
    ticket.late_unexplained = False
    _burn(ticket, made)
    if save:
        Clock.objects.bulk_create(made)
    return made


def keep(ticket: Ticket, made: Sequence[Clock]) -> None:
    """Save the clocks of a ticket that has its number now."""
    for row in made:
        row.ticket = ticket
    Clock.objects.bulk_create(made)


def follow(viewer: Viewer, ticket: Ticket, verb: str, *, at: datetime, now: datetime) -> None:
    """What a step means for the clocks. The ticket is locked, and saved by the caller: what burns first is put on it.

    at: when the step happened.
    """
    if verb == "reopen":
        begin(viewer, ticket, now)
        return
    if not _concerns(ticket, verb):
        return
    rows = clocks.of_round(viewer, ticket.pk, ticket.round)
    if not rows:
        return  # imported history, or a ticket of before there were clocks
    pauses = clocks.pauses_of_round(viewer, ticket.pk, ticket.round)
    changed = _paused(viewer, ticket, verb, pauses, at)
    by_kind = {row.kind: row for row in rows}
    days = _days_of(rows)
    before = [_what_counts(row) for row in rows]
    _step(by_kind, ticket, verb, at, pauses, days)
    for row in rows:
        reckon(row, pauses, now, days)
    touched = [row for row, was in zip(rows, before, strict=True) if was != _what_counts(row)]
    if touched or changed:
        _save(touched, now)
        _burn(ticket, rows, pauses)


def _what_counts(row: Clock) -> tuple[object, ...]:
    """What a step may change of a clock."""
    return row.state, row.bucket, row.due_at, row.ring_at, row.met_at, row.ended, row.turn, row.counts


def _days_of(rows: Sequence[Clock]) -> WorkingDays | None:
    """The working days, asked only when one of the clocks has office hours."""
    return public_holidays.working_days() if any(row.windows for row in rows) else None


def _concerns(ticket: Ticket, verb: str) -> bool:
    """Whether a step can mean anything for the clocks: most cost no statement."""
    if verb in GOES_ON:
        return ticket.held
    if verb in (*UNDONE, *LEFT_OUT):
        return True
    touches = ("contact", "appoint", "wait_part", "wait_customer", *ENDS_ALL, *SOLVED)
    return verb in touches and bool(ticket.burns or ticket.held)


def reckon_again(viewer: Viewer, ticket: Ticket, now: datetime) -> None:
    """All running clocks of the round anew: after a pause was made, ended or taken back, a promise exchanged, a day off published.

    What was met is not touched (domain.md 5: a calendar never rewrites a clock that was met).
    """
    rows = clocks.of_round(viewer, ticket.pk, ticket.round)
    pauses = clocks.pauses_of_round(viewer, ticket.pk, ticket.round)
    days = _days_of(rows)
    for row in rows:
        reckon(row, pauses, now, days)
    _save(rows, now)
    _burn(ticket, rows, pauses)
    _save_burning(viewer, ticket)


def exchange(viewer: Viewer, ticket: Ticket, promised: InForce, now: datetime) -> bool:
    """Put another promise under the round's running clocks; what was met, and every pause so far, stays. Whether anything changed.

    A warning that has rung rings again only when its time is moved into the future. A solution that is newly promised begins at the
    round's t0 with the pauses so far; one that is not promised any more ends without counting. An appointment stays.
    """
    ticket.city_tier = city_tier(ticket.province, ticket.city, ticket.district, promised.terms, promised.override).value
    rows = clocks.of_round(viewer, ticket.pk, ticket.round)
    pauses = clocks.pauses_of_round(viewer, ticket.pk, ticket.round)
    wanted = {kind: _new(ticket, kind, minutes, promised) for kind, minutes in _promised(ticket, promised)}
    running = [row for row in rows if row.met_at is None and not row.ended]
    missing = set(wanted) - {row.kind for row in rows} if running else set()
    if not running or (not missing and all(row.promise_id == promised.promise_id for row in running)):
        return False
    made = [wanted[kind] for kind in sorted(missing)]
    days = _days_of([*running, *wanted.values()])
    for row in running:
        there = wanted.get(ClockKind(row.kind))
        if there is None:
            _end(row, ClockEnd.NOT_PROMISED)
            continue
        row.allow_minutes, row.windows, row.promise_id = there.allow_minutes, there.windows, there.promise_id
        row.city_tier = ticket.city_tier
        rung = max((at for at in rings_until(row, pauses, now, days, since=0)), default=(0, now))[0]
        if rung < row.rung:
            row.rung, row.turn = rung, row.turn + 1
    for row in (*running, *made):
        reckon(row, pauses, now, days)
    _save(running, now)
    keep(ticket, made)
    _burn(ticket, [*rows, *made], pauses)
    _save_burning(viewer, ticket)
    return True


def _promised(ticket: Ticket, promised: InForce) -> list[tuple[ClockKind, int]]:
    terms = promised.terms
    near = ticket.city_tier == CityTier.CAPITAL
    arrival = terms.arrival_capital_minutes if near else terms.arrival_other_minutes
    found = [(ClockKind.RESPONSE, terms.response_minutes), (ClockKind.ARRIVAL, arrival)]
    return [*found, (ClockKind.SOLVE, terms.solve_minutes)] if terms.solve_minutes else found


def _new(ticket: Ticket, kind: ClockKind, minutes: int, promised: InForce) -> Clock:
    windows = getattr(promised.terms, f"{kind.value}_windows")
    return Clock(
        ticket=ticket,
        dealer_id=ticket.dealer_id,
        manufacturer_id=ticket.manufacturer_id,
        office_id=ticket.office_id,
        shared_with_maker=ticket.shared_with_maker,
        round=ticket.round,
        kind=kind,
        started_at=ticket.round_started_at,
        city_tier=ticket.city_tier,
        allow_minutes=minutes,
        windows=None if windows is None else [str(window).split("–") for window in windows],
        promise_id=promised.promise_id,
    )


def _step(
    rows: dict[str, Clock],
    ticket: Ticket,
    verb: str,
    at: datetime,
    pauses: Sequence[ClockPause],
    days: WorkingDays | None,
) -> None:
    response, arrival, solve = (rows.get(kind) for kind in (ClockKind.RESPONSE, ClockKind.ARRIVAL, ClockKind.SOLVE))
    if verb in ("contact", "arrive", "finish_remote") and response is not None:
        _meet(response, at, pauses, days)  # on site or solved by phone, somebody has spoken with the customer
    if verb == "appoint" and arrival is not None and ticket.appointment_at is not None and arrival.state in TICKING:
        arrival.appointment_at, arrival.appointment_made_at = ticket.appointment_at, at
        arrival.bucket = ClockBucket.APPOINTMENT
        arrival.rung, arrival.turn = 0, arrival.turn + 1
    if verb == "arrive" and arrival is not None:
        _meet(arrival, at, pauses, days)
        ticket.late_unexplained = arrival.state == ClockState.LATE and not arrival.late_reason
    if verb == "finish_remote" and arrival is not None:
        _end(arrival, ClockEnd.NOT_NEEDED)
    if verb in (*SOLVED, "finish_remote") and solve is not None:
        _meet(solve, ticket.finished_at or at, pauses, days)
    if verb in UNDONE and solve is not None and solve.met_at is not None:
        solve.met_at, solve.used_minutes, solve.state = None, None, ClockState.RUNNING
    if verb == "transfer":  # 已改派: the time ran until another dealer accepted, and counts (domain.md 6)
        for row in rows.values():
            _meet(row, at, pauses, days)
    if verb in LEFT_OUT:
        for row in rows.values():
            _end(row, ClockEnd.TICKET_ENDED)
            row.counts = False


def _meet(row: Clock, at: datetime, pauses: Sequence[ClockPause], days: WorkingDays | None) -> None:
    if row.met_at is not None or row.ended:
        return
    row.met_at = max(at, row.started_at)
    facts = _facts(row, pauses, at, days)
    _set_apart(row, facts)
    if row.appointment_at is None:
        result = clock(facts)
        row.state, row.due_at, row.used_minutes = result.state, result.due, result.used_minutes
    else:
        row.due_at = _due(row, facts)
        in_time = row.due_at is None or minutely(row.met_at) <= row.due_at
        row.state = ClockState.MET if in_time else ClockState.LATE
        row.used_minutes = clock(facts).used_minutes
    row.ring_at = None


def _end(row: Clock, why: ClockEnd) -> None:
    if row.met_at is None and not row.ended:
        row.ended, row.ring_at, row.counts = why, None, False


def reckon(row: Clock, pauses: Sequence[ClockPause], now: datetime, days: WorkingDays | None) -> None:
    """Due time, state and next warning of a clock that still runs. days: None = no clock here has office hours."""
    if row.met_at is not None or row.ended:
        row.ring_at = None
        return
    facts = _facts(row, pauses, now, days)
    _set_apart(row, facts)
    result = clock(facts)
    row.due_at = _due(row, facts)
    if row.due_at is not None and minutely(now) > row.due_at:
        row.state = ClockState.OVERDUE
    else:
        row.state = ClockState.PAUSED if result.state == ClockState.PAUSED else ClockState.RUNNING
    row.ring_at = next_ring(row, facts)


def _set_apart(row: Clock, facts: ClockFacts) -> None:
    """A clock that stood still is counted apart (domain.md 5.2), unless another bucket says more."""
    if row.bucket in (ClockBucket.NONE, ClockBucket.PAUSED):
        row.bucket = ClockBucket.PAUSED if facts.pauses else ClockBucket.NONE


def next_ring(row: Clock, facts: ClockFacts) -> datetime | None:
    """When the next threshold that has not rung is reached; None while a pause is open, or when all have rung."""
    times = warnings_of(facts, _appointment(row))
    return next((times[percent] for percent in THRESHOLDS if percent > row.rung), None)


def rings_until(
    row: Clock, pauses: Sequence[ClockPause], now: datetime, days: WorkingDays | None, *, since: int | None = None
) -> list[tuple[int, datetime]]:
    """The thresholds that are reached at `now` and have not rung, with when they were. since: all above this one, in percent."""
    times = warnings_of(_facts(row, pauses, now, days), _appointment(row))
    above = row.rung if since is None else since
    return [
        (percent, at) for percent in THRESHOLDS if percent > above and (at := times[percent]) is not None and at <= now
    ]


def _facts(row: Clock, pauses: Sequence[ClockPause], now: datetime, days: WorkingDays | None) -> ClockFacts:
    counted = [
        Pause(pause.started_at, pause.ended_at)
        for pause in pauses
        if pause.reversed_at is None and (row.kind == ClockKind.SOLVE or not pause.solve_only)
    ]
    return facts_of(
        row.started_at,
        row.allow_minutes,
        windows_of(row.windows),
        () if row.kind == ClockKind.RESPONSE else counted,
        met_at=row.met_at,
        now=now,
        days=days or CHINA_DAYS,
    )


def _appointment(row: Clock) -> Appointment | None:
    if row.appointment_at is None or row.appointment_made_at is None:
        return None
    return Appointment(minutely(row.appointment_at), minutely(row.appointment_made_at))


def _due(row: Clock, facts: ClockFacts) -> datetime | None:
    return due_of(facts, _appointment(row))


def _paused(viewer: Viewer, ticket: Ticket, verb: str, pauses: list[ClockPause], at: datetime) -> bool:
    """Waiting for a part or the customer stands still by itself; going on ends it. Whether a pause was made or ended."""
    if verb in ("wait_part", "wait_customer"):
        reason = PauseReason.PART if verb == "wait_part" else PauseReason.CUSTOMER
        pauses.append(make_pause(viewer, ticket, reason, note=ticket.wait_reason, at=at))
        return True
    if verb in GOES_ON:
        return end_pauses(viewer, [pause for pause in pauses if pause.reason in WAITS], at)
    return end_pauses(viewer, pauses, at) if verb in ENDS_ALL else False


def make_pause(viewer: Viewer, ticket: Ticket, reason: PauseReason, *, note: str, at: datetime) -> ClockPause:
    """One row; waiting for a part stops the solution only (domain.md 5.2)."""
    return ClockPause.objects.create(
        ticket=ticket,
        dealer_id=ticket.dealer_id,
        manufacturer_id=ticket.manufacturer_id,
        office_id=ticket.office_id,
        shared_with_maker=ticket.shared_with_maker,
        round=ticket.round,
        reason=reason,
        note=note[:200],
        solve_only=reason == PauseReason.PART,
        started_at=at,
        by=viewer.name,
    )


def end_pauses(viewer: Viewer, pauses: Sequence[ClockPause], at: datetime) -> bool:
    """End what is open. Whether anything was."""
    running = [pause for pause in pauses if pause.ended_at is None]
    for pause in running:
        pause.ended_at = max(at, pause.started_at)
        ClockPause.objects.visible_to(viewer).filter(pk=pause.pk).update(ended_at=pause.ended_at)
    return bool(running)


def _save(rows: Sequence[Clock], now: datetime) -> None:
    for row in rows:
        row.version += 1
        row.updated_at = now
    if rows:
        Clock._plain.bulk_update(
            rows,
            [
                "state", "bucket", "allow_minutes", "windows", "promise", "appointment_at", "appointment_made_at", "due_at", "ring_at", "rung",
                "turn", "city_tier", "met_at", "used_minutes", "ended", "counts", "version", "updated_at",
            ],
        )  # fmt: skip


def _burn(ticket: Ticket, rows: Sequence[Clock], pauses: Sequence[ClockPause] = ()) -> None:
    """The next due time among the ticket's running clocks, none while all stand still; and whether a pause is open."""
    ticket.held = any(pause.ended_at is None and pause.reversed_at is None for pause in pauses)
    running = [row for row in rows if row.met_at is None and not row.ended and row.due_at is not None]
    first = min(running, key=lambda row: row.due_at or local(row.started_at), default=None)
    ticket.burns_at, ticket.burns = (first.due_at, first.kind) if first is not None else (None, "")


def _save_burning(viewer: Viewer, ticket: Ticket) -> None:
    """Without a new version: nobody typed anything, and a page that is open must not become stale by it."""
    Ticket.objects.visible_to(viewer).filter(pk=ticket.pk).update(
        burns_at=ticket.burns_at, burns=ticket.burns, held=ticket.held, city_tier=ticket.city_tier
    )
