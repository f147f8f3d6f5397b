"""A roster for tests, planned as people do it: `Roster(people).add("technician", "2026-10-01", "night")`."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from core.calendars import local_date
from core.tenancy import Viewer
from notices.models import Notice
from resources.models import DutyChange, DutyShift, DutySwap
from resources.operations.shifts import ShiftFacts, add_shift
from resources.operations.swaps import ask_swap
from tests import factories
from tests.people import People, act

NOW = datetime.fromisoformat("2026-09-20T10:00:00+08:00")


class Roster:
    """The roster of CS01 (or of another planner's dealer), with `now` as the moment of everything that is done."""

    def __init__(self, people: People, *, now: datetime = NOW, planner: Viewer | None = None) -> None:
        self.people, self.now = people, now
        self.planner = planner or people.dispatcher

    def key(self, name: str) -> str:
        """The public id of a known person; "" stays empty."""
        return self.people.person(name).public_id if name else ""

    def facts(self, who: str, day: str | date, kind: str = "day", *, deputy: str = "", **more: Any) -> ShiftFacts:
        """What is typed about a shift; people by their known names, times as "20:00"."""
        for name in ("starts", "ends"):
            if isinstance(more.get(name), str):
                more[name] = time.fromisoformat(more[name])
        more["leader"] = self.key(more.get("leader", ""))
        on = day if isinstance(day, date) else date.fromisoformat(day)
        return ShiftFacts(day=on, kind=kind, person=self.key(who), deputy=self.key(deputy), **more)

    def add(self, who: str, day: str | date, kind: str = "day", **more: Any) -> DutyShift:
        """Put a shift on the roster."""
        return act(add_shift, viewer=self.planner, facts=self.facts(who, day, kind, **more), now=self.now)

    def ask(self, shift: DutyShift, who: str = "technician", whom: str = "second_technician", **more: Any) -> DutySwap:
        """Let somebody ask a colleague to swap."""
        return act(
            ask_swap, viewer=getattr(self.people, who), shift=shift.public_id, colleague=self.key(whom), now=self.now, **more
        )  # fmt: skip

    def standing(self) -> list[tuple[str, str, str, str]]:
        """What is on the roster: day, kind, main, deputy, in order of time."""
        with factories.writing():
            rows = DutyShift._base_manager.select_related("person", "deputy").filter(dealer_id=self.planner.org)
            return [
                (f"{row.day:%m-%d}", row.kind, row.person.name, row.deputy.name if row.deputy else "")
                for row in rows.filter(removed_at=None).order_by("starts_at")
            ]


def around_now(days: int = 0) -> date:
    """A day near the real now, for pages whose clock is the real one."""
    return local_date(datetime.now().astimezone()) + timedelta(days=days)


def told(name: str, people: People) -> list[tuple[str, dict[str, Any]]]:
    """(kind, params) of what a known person was told, in order."""
    return [(row.kind, row.params) for row in factories.rows(Notice, person_id=people.person(name).pk)]


def log() -> list[tuple[str, str, int]]:
    """(verb, by whom, number of shifts) of the roster's log, oldest first."""
    return [(row.verb, row.by_name, len(row.lines)) for row in factories.rows(DutyChange)]
