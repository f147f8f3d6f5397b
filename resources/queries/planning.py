"""A plan before it is written: what a rotation or a copied week would put on the roster, and what stands in its way."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.utils.translation import gettext as _

from core.errors import Refused
from core.tenancy import Viewer
from partners.models import Person
from partners.queries import people
from resources.calculations.hours import span_of
from resources.calculations.rotation import turns
from resources.enums import ShiftKind
from resources.models import DutyShift
from resources.queries import roster
from resources.queries.words import clock_words, kind_word, shift_words, weekday

MOST_DAYS = 92  # a quarter of a year at once
MOST_WEEKS = 8
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Rotation:
    """People in order (public ids), kinds of shifts, from which day to which; days_each: how long somebody keeps his kind of shift."""

    people: tuple[str, ...]
    kinds: tuple[str, ...]
    first: date
    last: date
    days_each: int = 1
    deputies: bool = False


@dataclass(frozen=True)
class WeekCopy:
    """The week of a day (Monday to Sunday) copied into `weeks` weeks, beginning with the week of `into`."""

    of: date
    into: date
    weeks: int = 1


@dataclass(frozen=True)
class Planned:
    """One shift of a plan, not yet saved. taken: the shift that has its hours already; left: somebody of it who is not active any more."""

    shift: DutyShift
    taken: DutyShift | None = None
    left: Person | None = None

    @property
    def free(self) -> bool:
        """It will be written."""
        return self.taken is None and self.left is None


def rotation(viewer: Viewer, wanted: Rotation) -> list[Planned]:
    """What a rotation would plan, in order. What is on the roster already stays, and the turn goes on.

    Errors: Refused("duty_person_unknown" | "duty_person_twice", field="people"), Refused("duty_days_wrong" | "duty_days_many", field="last"),
    Refused("duty_kinds_overlap", field="kinds") when two of the kinds have hours in common, Refused("choice_unknown", field="kinds").
    """
    _check_days(wanted.first, wanted.last)
    known = {person.public_id: person for person in people.members(viewer)}
    if not wanted.people or any(key not in known for key in wanted.people):
        raise Refused("duty_person_unknown", field="people")
    twice = next((key for place, key in enumerate(wanted.people) if key in wanted.people[:place]), None)
    if twice:
        raise Refused("duty_person_twice", field="people", who=known[twice].name)
    if not wanted.kinds or not set(wanted.kinds) <= {ShiftKind.DAY, ShiftKind.NIGHT, ShiftKind.WHOLE}:
        raise Refused("choice_unknown", field="kinds")
    hours = roster.settings(viewer)
    kinds = [kind for kind in ShiftKind.values if kind in wanted.kinds]
    made = []
    for turn in turns(
        wanted.people, kinds, wanted.first, wanted.last, days_each=wanted.days_each, deputies=wanted.deputies
    ):
        starts_at, ends_at = span_of(turn.day, *hours.hours_of(turn.kind))
        shift = DutyShift(
            dealer_id=viewer.org, day=turn.day, kind=turn.kind, starts_at=starts_at, ends_at=ends_at, person=known[turn.person]
        )  # fmt: skip
        shift.deputy = known[turn.deputy] if turn.deputy else None
        made.append(shift)
    made.sort(key=lambda shift: shift.starts_at)
    if any(one.ends_at > other.starts_at for one, other in pairwise(made)):
        raise Refused("duty_kinds_overlap", field="kinds")
    return _against_the_roster(viewer, made)


def copied_week(viewer: Viewer, wanted: WeekCopy) -> list[Planned]:
    """What copying a week would plan, in order; hand-over notes stay where they are.

    Errors: Refused("duty_week_empty", field="of"), Refused("duty_week_same", field="into"), Refused("duty_weeks_many", field="weeks").
    """
    if not 1 <= wanted.weeks <= MOST_WEEKS:
        raise Refused("duty_weeks_many", field="weeks", n=MOST_WEEKS)
    monday, target = (day - timedelta(days=day.weekday()) for day in (wanted.of, wanted.into))
    if target <= monday < target + wanted.weeks * WEEK:
        raise Refused("duty_week_same", field="into")
    source = roster.of_days(viewer, monday, monday + WEEK - timedelta(days=1))
    if not source:
        raise Refused("duty_week_empty", field="of")
    made = []
    for week in range(wanted.weeks):
        ahead = target - monday + week * WEEK
        for one in source:
            copy = DutyShift(
                dealer_id=viewer.org, day=one.day + ahead, kind=one.kind, starts_at=one.starts_at + ahead, ends_at=one.ends_at + ahead,
                person=one.person, phone=one.phone,
            )  # fmt: skip
            copy.deputy, copy.leader = one.deputy, one.leader
            made.append(copy)
    return _against_the_roster(viewer, made)


def fingerprint(plan: Sequence[Planned]) -> str:
    """Tells whether what is written is what was shown: hours, people and what stood in the way."""
    lines = [
        f"{p.shift.starts_at:%s} {p.shift.ends_at:%s} {p.shift.person_id} {p.shift.deputy_id} {p.shift.leader_id} {p.free}"
        for p in plan
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _check_days(first: date, last: date) -> None:
    if last < first:
        raise Refused("duty_days_wrong", field="last")
    if (last - first).days >= MOST_DAYS:
        raise Refused("duty_days_many", field="last", n=MOST_DAYS)


def _against_the_roster(viewer: Viewer, made: Sequence[DutyShift]) -> list[Planned]:
    there = roster.between(viewer, made[0].starts_at, max(shift.ends_at for shift in made))
    found, at = [], 0
    for shift in made:
        while at < len(there) and there[at].ends_at <= shift.starts_at:
            at += 1
        taken = there[at] if at < len(there) and there[at].starts_at < shift.ends_at else None
        involved = (shift.person, shift.deputy, shift.leader)
        left = next((person for person in involved if person and not person.active), None)
        found.append(Planned(shift, taken, left))
    return found


@dataclass(frozen=True)
class PlannedRow:
    """One shift of a preview. why: what keeps it from being written, "" = it will be."""

    day: str
    weekday: str
    word: str
    hours: str
    main: str
    deputy: str
    why: str


def row(planned: Planned) -> PlannedRow:
    """A shift of a preview in words."""
    shift, why = planned.shift, ""
    if planned.taken:
        other = planned.taken
        why = _("%(who)s is on duty already: %(hours)s") % {
            "who": other.person.name, "hours": shift_words(other),
        }  # fmt: skip
    elif planned.left:
        why = _("%(who)s is not active any more") % {"who": planned.left.name}
    return PlannedRow(
        day=shift.day.isoformat(),
        weekday=weekday(shift.day),
        word=kind_word(shift.kind),
        hours=clock_words(shift.starts_at, shift.ends_at),
        main=shift.person.name,
        deputy=shift.deputy.name if shift.deputy else "",
        why=why,
    )
