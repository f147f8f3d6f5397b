"""The clock of a promise: when it is due, how it stands, how much of it is used (domain.md 5.2-5.4; calculations.md, clock). Pure.

Everything inside is whole minutes of `core.calendars.minute_of`, so that a due time years away is found by counting days, not minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from core.calendars import DAY_MINUTES, END, MINUTE, minute_of, moment_of
from core.cases import CHINA_DAYS, Step, Wrong
from core.working_days import WorkingDays, unpublished
from tickets.enums import ClockState


@dataclass(frozen=True, slots=True)
class Window:
    """Open hours of a working day: [start, end) in minutes of the day, 0 ≤ start < end ≤ 1440."""

    start: int
    end: int

    def __str__(self) -> str:
        return "–".join(f"{minute // 60:02}:{minute % 60:02}" for minute in (self.start, self.end))


@dataclass(frozen=True, slots=True)
class Pause:
    """[start, end) does not count; end None: until the promise is met, else open. start ≤ end."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """What a clock knows. Instants are aware, in whole minutes, none before t0 but starts and ends of pauses.

    allow_minutes: ≥ 1. windows: rising, not overlapping; None is 7×24. now: needed without met_at, else ignored.
    """

    t0: datetime
    allow_minutes: int
    windows: tuple[Window, ...] | None = None
    pauses: tuple[Pause, ...] = ()
    met_at: datetime | None = None
    now: datetime | None = None
    days: WorkingDays = CHINA_DAYS


@dataclass(frozen=True, slots=True)
class ClockResult:
    """due: None when an open pause stands in the way. used_minutes: until met_at, else now."""

    due: datetime | None
    state: ClockState
    used_minutes: int
    steps: tuple[Step, ...]


Stretch = tuple[int, int]  # [start, end) in minutes; an open pause ends at END


def clock(facts: ClockFacts) -> ClockResult:
    """Due time, state and used minutes of a promise.

    Errors: Wrong of allow_minutes when the due time lies beyond the year 9999, ValueError without met_at and now.
    """
    until = facts.met_at or facts.now
    if until is None:
        raise ValueError("a clock needs met_at or now")
    start, end = minute_of(facts.t0), minute_of(until)
    hours = _OpenHours(facts.windows, facts.days)
    paused = _merged(_counted(facts, start))
    due = _due(hours, start, facts.allow_minutes, paused)
    used = sum(hours.between(begin, stop) for begin, stop in _unpaused(start, end, paused))
    state = _state(facts, end, due, paused)
    due_at = None if due is None else moment_of(due)
    return ClockResult(due_at, state, used, tuple(_steps(facts, hours, paused, due, used, state)))


class _OpenHours:
    """How many minutes are open between two minutes, and where so many are reached."""

    def __init__(self, windows: tuple[Window, ...] | None, days: WorkingDays) -> None:
        self.windows = windows
        self.days = days
        self.in_a_day = sum(window.end - window.start for window in windows or ())

    def between(self, start: int, end: int) -> int:
        return self._before(end) - self._before(start)

    def reached(self, start: int, open_minutes: int) -> int | None:
        """The first minute at which so many (≥ 1) are over since start; None beyond the year 9999."""
        if self.windows is None:
            minute = start + open_minutes
        else:
            days, rest = divmod(self._before(start) + open_minutes - 1, self.in_a_day)
            ordinal = self.days.nth(days + 1)
            if ordinal is None:
                return None
            minute = (ordinal - 1) * DAY_MINUTES + self._minute_of_day(rest + 1)
        return minute if minute < END else None

    def _before(self, minute: int) -> int:
        """Open minutes from 0001-01-01 on."""
        if self.windows is None:
            return minute
        day, of_day = divmod(minute, DAY_MINUTES)
        found = self.days.before(day + 1) * self.in_a_day
        if self.days.is_working(day + 1):
            found += sum(min(max(of_day, window.start), window.end) - window.start for window in self.windows)
        return found

    def _minute_of_day(self, open_minutes: int) -> int:
        """Where on a working day so many (≥ 1) are over; exactly at a window's end it stays there."""
        for window in self.windows or ():
            length = window.end - window.start
            if open_minutes <= length:
                return window.start + open_minutes
            open_minutes -= length
        raise AssertionError("more minutes than a day has")


def _counted(facts: ClockFacts, t0: int) -> Iterator[Stretch]:
    """The pauses that count, from t0 on."""
    for pause in facts.pauses:
        end = _end_of(pause, facts)
        if end is not None and end > max(minute_of(pause.start), t0):
            yield max(minute_of(pause.start), t0), end


def _end_of(pause: Pause, facts: ClockFacts) -> int | None:
    """Where a pause ends: END when it is open, None when it began only after the promise was met."""
    if pause.end is not None:
        return minute_of(pause.end)
    if facts.met_at is None:
        return END
    return minute_of(facts.met_at) if facts.met_at > pause.start else None


def _merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The stretches in order; those that overlap or touch as one, for a minute is paused once (two reasons, one waiting customer)."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _unpaused(start: int, end: int, paused: list[Stretch]) -> Iterator[Stretch]:
    """What is left of [start, end) outside the pauses."""
    for begin, stop in paused:
        if begin >= end:
            break
        yield start, begin
        start = stop
    if start < end:
        yield start, end


def _due(hours: _OpenHours, start: int, allowed: int, paused: list[Stretch]) -> int | None:
    left = allowed
    for begin, stop in paused:
        opened = hours.between(start, begin)
        if left <= opened:
            break
        if stop == END:
            return None
        left -= opened
        start = stop
    due = hours.reached(start, left)
    if due is None:
        raise Wrong("allow_minutes", "beyond_calendar")
    return due


def _state(facts: ClockFacts, end: int, due: int | None, paused: list[Stretch]) -> ClockState:
    if facts.met_at is not None:
        # with met_at no pause stays open, so that due is known
        return ClockState.MET if due is None or end <= due else ClockState.LATE
    if due is not None and end > due:
        return ClockState.OVERDUE
    if any(begin <= end < stop for begin, stop in paused):
        return ClockState.PAUSED
    return ClockState.RUNNING


def _steps(
    facts: ClockFacts, hours: _OpenHours, paused: list[Stretch], due: int | None, used: int, state: ClockState
) -> Iterator[Step]:
    until = facts.met_at or facts.now
    assert until is not None
    if facts.windows is None:
        yield Step("always")
    else:
        yield Step("windows", {"windows": ", ".join(str(window) for window in facts.windows)})
        asked = [minute_of(facts.t0), minute_of(until), due or 0, *(begin for begin, _stop in paused)]
        for years in unpublished(moment_of(asked[0]).year, moment_of(max(asked)).year):
            yield Step("unpublished", {"years": years})
    for pause in facts.pauses:
        end = _end_of(pause, facts)
        if end is None:
            yield Step("pause_after_met", {"start": pause.start})
        elif end <= max(minute_of(pause.start), minute_of(facts.t0)):
            yield Step("pause_empty", {"start": pause.start, "end": moment_of(end)})
    for begin, stop in paused:
        if stop == END:
            yield Step("pause_open", {"start": moment_of(begin)})
        else:
            length = MINUTE * hours.between(begin, stop)
            yield Step("pause", {"start": moment_of(begin), "end": moment_of(stop), "length": length})
    if due is None:
        yield Step("no_due", {"t0": facts.t0, "allowed": facts.allow_minutes})
    else:
        yield Step("due", {"t0": facts.t0, "allowed": MINUTE * facts.allow_minutes, "due": moment_of(due)})
    yield Step("used_met" if facts.met_at else "used_now", {"until": until, "used": MINUTE * used})
    if state in (ClockState.RUNNING, ClockState.PAUSED):
        yield Step(state.value, {"left": max(facts.allow_minutes - used, 0)})
    elif due is not None:
        yield Step(state.value, {"by" if until > moment_of(due) else "left": abs(until - moment_of(due))})
