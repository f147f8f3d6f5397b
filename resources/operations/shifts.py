"""Shifts put in, changed and removed by hand (domain.md 14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction

from core import rights
from core.errors import Refused
from core.tenancy import Viewer
from partners.models import Person
from resources.calculations.hours import span_of
from resources.enums import ChangeVerb, ShiftKind
from resources.models import DutyShift
from resources.operations.changes import Line, facts_of, log
from resources.operations.overlaps import keeping_apart
from resources.queries import roster


@dataclass(frozen=True)
class ShiftFacts:
    """What is written about a shift. day: the Chinese day on which it begins. person, deputy, leader: public ids of colleagues.

    starts, ends: on the clock; None takes the hours of the kind (`DutySettings`), which a shift with hours of its own has not. An end that is
    not later than its start lies on the next day. phone: "" is the person's own.
    """

    day: date
    kind: str
    person: str
    starts: time | None = None
    ends: time | None = None
    deputy: str = ""
    leader: str = ""
    phone: str = ""
    note: str = ""


@transaction.atomic
def add_shift(*, viewer: Viewer, facts: ShiftFacts, now: datetime) -> DutyShift:
    """Put a shift on the roster.

    Effects: log, word to main and deputy. Errors: not_allowed, Refused("duty_person_unknown", field="person" | "deputy" | "leader") for a
    stranger and for who has left, Refused("duty_same_person", field="deputy"), Refused("duty_hours_missing", field="starts" | "ends"),
    Refused("duty_taken", field="day") when somebody is on main duty in these hours, Refused("choice_unknown", field="kind").
    """
    rights.require(viewer, "duty.plan")
    shift = DutyShift(dealer_id=viewer.org)
    _fill(viewer, shift, facts)
    with keeping_apart(viewer, (shift.starts_at, shift.ends_at)):
        shift.save(force_insert=True)
    log(viewer, ChangeVerb.ADDED, [Line(shift, None, facts_of(shift))], now)
    return shift


@transaction.atomic
def change_shift(
    *, viewer: Viewer, public_id: str, facts: ShiftFacts, expected_version: int | None, now: datetime
) -> DutyShift:
    """Change hours or people of a shift; open requests on it are off. Errors: NotFound, Refused("stale", 409), those of `add_shift`."""
    rights.require(viewer, "duty.plan")
    shift = roster.lock(viewer, public_id, version=expected_version)
    before = facts_of(shift)
    _fill(viewer, shift, facts)
    after = facts_of(shift)
    if after == before:
        return shift
    shift.version += 1
    with keeping_apart(viewer, (shift.starts_at, shift.ends_at), but=shift.pk):
        shift.save()
    log(viewer, ChangeVerb.CHANGED, [Line(shift, before, after)], now)
    return shift


@transaction.atomic
def remove_shift(*, viewer: Viewer, public_id: str, expected_version: int | None, now: datetime) -> DutyShift:
    """Take a shift off the roster; `undo_change` brings it back. Errors: NotFound, not_allowed, Refused("stale", 409)."""
    rights.require(viewer, "duty.plan")
    shift = roster.lock(viewer, public_id, version=expected_version)
    before = facts_of(shift)
    shift.removed_at, shift.changed_by = now, viewer.name[:60]
    shift.version += 1
    shift.save()
    log(viewer, ChangeVerb.REMOVED, [Line(shift, before, None)], now)
    return shift


def _fill(viewer: Viewer, shift: DutyShift, facts: ShiftFacts) -> None:
    if facts.kind not in ShiftKind.values:
        raise Refused("choice_unknown", field="kind")
    starts, ends = facts.starts, facts.ends
    if facts.kind != ShiftKind.CUSTOM and not (starts and ends):
        usual = roster.settings(viewer).hours_of(facts.kind)
        starts, ends = starts or usual[0], ends or usual[1]
    if starts is None or ends is None:
        raise Refused("duty_hours_missing", field="starts" if starts is None else "ends")
    shift.day, shift.kind = facts.day, facts.kind
    shift.starts_at, shift.ends_at = span_of(facts.day, starts, ends)
    wanted = {"person": facts.person, "deputy": facts.deputy, "leader": facts.leader}
    known = {person.public_id: person for person in colleagues(viewer, [key for key in wanted.values() if key])}
    for name, key in wanted.items():
        if (key or name == "person") and key not in known:
            raise Refused("duty_person_unknown", field=name)
        setattr(shift, name, known.get(key))
    if shift.deputy_id == shift.person_id:
        raise Refused("duty_same_person", field="deputy")
    shift.phone, shift.note, shift.changed_by = facts.phone.strip(), facts.note.strip(), viewer.name[:60]


def colleagues(viewer: Viewer, public_ids: list[str]) -> list[Person]:
    """The active people of the dealer among these; who has left, and anybody of another organisation, is not among them."""
    rows = Person.objects.visible_to(viewer).filter(organisation_id=viewer.org, active=True, public_id__in=public_ids)
    return list(rows.order_by("id"))
