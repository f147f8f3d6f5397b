"""Many shifts at once: by rotation and by copying a week. What is on the roster already stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from core import rights
from core.errors import Refused
from core.tenancy import Viewer
from resources.enums import ChangeVerb
from resources.models import DutyShift
from resources.operations.changes import Line, facts_of, log
from resources.operations.overlaps import keeping_apart
from resources.queries import planning
from resources.queries.planning import Planned, Rotation, WeekCopy


@transaction.atomic
def rotate(*, viewer: Viewer, wanted: Rotation, seen: str, now: datetime) -> list[DutyShift]:
    """Write a rotation. seen: the fingerprint of the preview.

    Effects: one line of the log for all, which can be undone; one word to each person. Errors: not_allowed, those of `planning.rotation`,
    Refused("duty_preview_old") when the roster has changed since the preview, Refused("duty_nothing_free").
    """
    rights.require(viewer, "duty.plan")
    return _write(viewer, planning.rotation(viewer, wanted), seen, ChangeVerb.ROTATED, now)


@transaction.atomic
def copy_week(*, viewer: Viewer, wanted: WeekCopy, seen: str, now: datetime) -> list[DutyShift]:
    """Write copies of a week. Effects and errors as `rotate`, with those of `planning.copied_week`."""
    rights.require(viewer, "duty.plan")
    return _write(viewer, planning.copied_week(viewer, wanted), seen, ChangeVerb.COPIED, now)


def _write(viewer: Viewer, plan: Sequence[Planned], seen: str, verb: ChangeVerb, now: datetime) -> list[DutyShift]:
    if planning.fingerprint(plan) != seen:
        raise Refused("duty_preview_old")
    free = [planned.shift for planned in plan if planned.free]
    if not free:
        raise Refused("duty_nothing_free")
    for shift in free:
        shift.changed_by = viewer.name[:60]
    with keeping_apart(viewer):
        DutyShift.objects.bulk_create(free)
    log(viewer, verb, [Line(shift, None, facts_of(shift)) for shift in free], now)
    return free
