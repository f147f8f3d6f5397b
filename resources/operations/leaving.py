"""Duty of a person who leaves goes to a colleague (domain.md 2.4); `partners` asks when somebody is deactivated."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from core.tenancy import TenantQuerySet, Tier, Viewer
from partners.models import Person
from resources.enums import ChangeVerb
from resources.models import DutyShift
from resources.operations.changes import Line, facts_of, log
from resources.operations.swaps import ON_DUTY, put_in_place
from resources.queries import roster


def shifts_to_come(viewer: Viewer, person: Person) -> int:
    """How many running and coming shifts the person is on, as main, deputy or leader."""
    return _theirs(viewer, person, timezone.now()).count() if viewer.tier is Tier.DEALER else 0


def hand_over(viewer: Viewer, person: Person, to: Person, now: datetime) -> None:
    """Put `to` in the person's place on all of them; open requests on them are off. Effects: one line of the log, word to `to`."""
    ids = list(_theirs(viewer, person, now).values_list("id", flat=True))
    lines = []
    for shift in roster.lock_several(viewer, ids).values():
        before = facts_of(shift)
        put_in_place(shift, person.pk, to.pk, (*ON_DUTY, "leader_id"))
        shift.changed_by = viewer.name[:60]
        shift.version += 1
        shift.save()
        lines.append(Line(shift, before, facts_of(shift)))
    log(viewer, ChangeVerb.HANDED_OVER, lines, now, reason=person.name)


def _theirs(viewer: Viewer, person: Person, now: datetime) -> TenantQuerySet[DutyShift]:
    on_it = Q(person_id=person.pk) | Q(deputy_id=person.pk) | Q(leader_id=person.pk)
    return DutyShift.objects.visible_to(viewer).filter(on_it, removed_at=None, ends_at__gt=now).order_by("id")
