"""When a message leaves the portal: quiet hours, gathering, pauses between two tries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from core.calendars import SHANGHAI, local

#: nobody wants to be woken (default of every person and group; may be changed)
QUIET_FROM, QUIET_TO = time(22, 0), time(7, 0)
#: what is gathered leaves before the day begins and before it ends
GATHERED_AT = (time(8, 0), time(17, 0))

TRIES = 10
FIRST_PAUSE, LONGEST_PAUSE = 15.0, 1_800.0  # seconds between two tries of a message
PATIENT = 5  # failures in a row before a channel rests for minutes and its administrator is told
SHORT_REST, LONGEST_REST = 5.0, 960.0  # seconds


@dataclass(frozen=True)
class Quiet:
    """Hours in which nothing leaves, on a clock in China; begin after end crosses midnight, both the same = none."""

    begin: time
    end: time

    def ends(self, moment: datetime) -> datetime:
        """The moment itself when it is not quiet then, else when it ends."""
        clock = local(moment).timetz().replace(tzinfo=None)
        inside = self.begin <= clock < self.end if self.begin <= self.end else clock >= self.begin or clock < self.end
        return _next(moment, self.end) if inside else moment


def leave_at(now: datetime, *, quiet: Quiet | None, gathered: bool, urgent: bool) -> datetime:
    """When a message of `now` leaves. Urgent ones at once, whatever was chosen; nothing is dropped, only later."""
    if urgent:
        return now
    moment = min(_next(now, clock) for clock in GATHERED_AT) if gathered else now
    return quiet.ends(moment) if quiet else moment


def pause_after(tries: int, jitter: float) -> timedelta:
    """How long a message waits after its nth failed try: 15 s, 30 s, 1 min … half an hour. jitter: 0.8 to 1.2."""
    return timedelta(seconds=min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE) * jitter)


def rest_after(failures: int) -> timedelta:
    """How long a channel is left alone after so many failures in a row: 10, 20, 40, 80 s, from the fifth on 2, 4, 8, 16 minutes."""
    if failures < PATIENT:
        return timedelta(seconds=SHORT_REST * 2**failures)
    return timedelta(seconds=min(120.0 * 2 ** (failures - PATIENT), LONGEST_REST))


def _next(moment: datetime, clock: time) -> datetime:
    """The first moment after `moment` at which a clock in China shows `clock`."""
    here = local(moment)
    found = datetime.combine(here.date(), clock, SHANGHAI)
    return found if found > here else found + timedelta(days=1)
