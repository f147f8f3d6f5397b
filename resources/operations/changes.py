"""What every change of the roster leaves behind: a line in the log, word to the people, an end to requests that it overtakes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from core import rights, transitions
from core.calendars import local_date
from core.errors import NotFound, Refused
from core.tenancy import Viewer
from partners.models import Person
from resources import notices
from resources.enums import ChangeVerb
from resources.models import DutyChange, DutyShift
from resources.operations.overlaps import keeping_apart
from resources.queries import changes, roster, swaps
from resources.workflow import SWAP

Facts = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One shift of a change; before None: it was not on the roster, after None: it is not any more."""

    shift: DutyShift
    before: Facts | None
    after: Facts | None


def facts_of(shift: DutyShift) -> Facts:
    """What stands on the roster of a shift, as plain JSON, with the names as they are now; needs its people."""
    found: Facts = {
        "day": shift.day.isoformat(),
        "kind": shift.kind,
        "starts_at": shift.starts_at.isoformat(),
        "ends_at": shift.ends_at.isoformat(),
        "phone": shift.phone,
        "note": shift.note,
    }
    for name in ("person", "deputy", "leader"):
        person: Person | None = getattr(shift, name)
        found[name] = person.pk if person else None
        found[f"{name}_name"] = person.name if person else ""
    return found


def log(
    viewer: Viewer, verb: ChangeVerb, lines: Sequence[Line], now: datetime, *, reason: str = "", tell: bool = True
) -> DutyChange:
    """Write what was done, end open requests on these shifts, and tell the people whom it puts on duty or takes off.

    tell: False where the two people know (a swap). Shifts that are over are nobody's news.
    """
    made = DutyChange.objects.create(
        dealer_id=viewer.org,
        verb=verb,
        at=now,
        by_id=viewer.person_id,
        by_name=viewer.name[:60],
        reason=reason[:200],
        lines=[
            {"shift": line.shift.pk, "version": line.shift.version, "before": line.before, "after": line.after}
            for line in lines
        ],
    )
    overtake(viewer, [line.shift.pk for line in lines], now)
    if tell:
        _tell_people(viewer, lines, now)
    return made


def overtake(viewer: Viewer, shift_ids: list[int], now: datetime) -> None:
    """End the open requests on these (locked) shifts: what was asked about is not what it was."""
    rows = swaps.open_on(viewer, shift_ids).select_related("shift").select_for_update(of=("self",)).order_by("id")
    for swap in rows:
        transitions.step(SWAP, swap, "overtake")
        swap.answered_at, swap.answered_by = now, viewer.name[:60]
        swap.save()
        notices.tell_overtaken(viewer, swap, now)


def _tell_people(viewer: Viewer, lines: Iterable[Line], now: datetime) -> None:
    gained, lost = defaultdict[int, set[date]](set), defaultdict[int, set[date]](set)
    for line in lines:
        before, after = (_on_it(facts, now) for facts in (line.before, line.after))
        for found, of_person in ((after - before, gained), (before - after, lost)):
            for person, starts_at, _ends_at in found:
                of_person[person].add(local_date(datetime.fromisoformat(starts_at)))
    for person, days in sorted(gained.items()):
        notices.tell_new_duty(viewer, person, days, now)
    for person, days in sorted(lost.items()):
        if gone := days - gained.get(person, set()):
            notices.tell_no_duty(viewer, person, gone, now)


def _on_it(facts: Facts | None, now: datetime) -> set[tuple[int, str, str]]:
    """Who is on duty by these facts, and in which hours; nothing of a shift that is over."""
    if facts is None or datetime.fromisoformat(facts["ends_at"]) <= now:
        return set()
    hours = facts["starts_at"], facts["ends_at"]
    return {(facts[name], *hours) for name in ("person", "deputy") if facts[name]}


@transaction.atomic
def undo_change(*, viewer: Viewer, public_id: str, now: datetime) -> DutyChange:
    """Take a plan back: what was added goes, what was removed returns, what was changed is as it was. Undoing twice is doing it again.

    Within 7 days, and only while all its shifts are as that change left them. Errors: NotFound, not_allowed,
    Refused("duty_not_undone", 409) for what cannot be undone, Refused("duty_changed_since", 409), Refused("duty_hours_gone"),
    Refused("duty_person_left", 409).
    """
    rights.require(viewer, "duty.plan")
    change = DutyChange.objects.visible_to(viewer).select_for_update().one(public_id=public_id)
    if not changes.can_be_undone(change, now):
        raise Refused("duty_not_undone", status=409)
    shifts = roster.lock_several(viewer, [line["shift"] for line in change.lines])
    if len(shifts) != len(change.lines):
        raise NotFound
    lines = []
    with keeping_apart(viewer, otherwise="duty_hours_gone"):
        # first what leaves the roster: a shift that returns may need its place
        for line in sorted(change.lines, key=lambda line: line["before"] is not None):
            shift = shifts[line["shift"]]
            if shift.version != line["version"]:
                raise Refused("duty_changed_since", status=409)
            _put_back(viewer, shift, line["before"], now)
            lines.append(Line(shift, line["after"], line["before"]))
    change.undone_at = now
    change.save(update_fields=["undone_at"])
    return log(viewer, ChangeVerb.UNDONE, lines, now)


def _put_back(viewer: Viewer, shift: DutyShift, facts: Facts | None, now: datetime) -> None:
    if facts is None:
        shift.removed_at = now
    else:
        shift.removed_at = None
        shift.day, shift.kind = date.fromisoformat(facts["day"]), facts["kind"]
        shift.starts_at, shift.ends_at = (datetime.fromisoformat(facts[name]) for name in ("starts_at", "ends_at"))
        shift.person_id, shift.deputy_id, shift.leader_id = facts["person"], facts["deputy"], facts["leader"]
        shift.phone, shift.note = facts["phone"], facts["note"]
        named = [key for key in (shift.person_id, shift.deputy_id) if key]
        if Person.objects.visible_to(viewer).filter(id__in=named, active=True).count() != len(named):
            raise Refused("duty_person_left", status=409)
    shift.changed_by = viewer.name[:60]
    shift.version += 1
    shift.save()
