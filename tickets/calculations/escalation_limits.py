"""Until when an escalation is to be accepted and answered (domain.md 7). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tickets.calculations.clock import ClockFacts, Window, clock

#: working hours of office and HQ (domain.md 5.4)
WORKING_HOURS = (Window(8 * 60 + 30, 17 * 60 + 30),)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many minutes; working: of working hours, else around the clock."""

    minutes: int
    working: bool


#: (who, what) -> limit; domain.md 7
LIMITS = {
    ("office", "accept"): Limit(120, working=True),
    ("office", "answer"): Limit(8 * 60, working=True),
    ("hq", "accept"): Limit(4 * 60, working=True),
    ("hq", "answer"): Limit(24 * 60, working=False),
}
#: production stands still, or somebody is in danger: by telephone, whoever has to accept it
STOPPED = Limit(30, working=False)


def due(who: str, what: str, since: datetime, *, urgent: bool = False) -> datetime:
    """The instant until which `who` ("office", "hq") has to "accept" or "answer". since: aware; urgent: stopped production or safety."""
    limit = STOPPED if urgent and what == "accept" else LIMITS[who, what]
    start = since.replace(second=0, microsecond=0)
    facts = ClockFacts(start, limit.minutes, WORKING_HOURS if limit.working else None, now=start)
    found = clock(facts).due
    assert found is not None  # no pause stands in the way
    return found
