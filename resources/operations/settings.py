"""How a dealer plans duty, and who else may know who is on duty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from django.db import IntegrityError, transaction

from core import rights
from core.calendars import local
from core.errors import Refused
from core.tenancy import Viewer
from resources.models import DutySettings


@dataclass(frozen=True)
class Hours:
    """From and until on the clock for each kind of shift; an end that is not later lies on the next day."""

    day: tuple[time, time]
    night: tuple[time, time]
    whole: tuple[time, time]


@transaction.atomic
def save_settings(
    *, viewer: Viewer, hours: Hours, shows_makers: bool, shows_public: bool, expected_version: int, now: datetime
) -> DutySettings:
    """Keep the settings; shifts that are on the roster keep their hours. expected_version: 0 when nothing was saved yet.

    shows_makers, shows_public: whether office and headquarters of partners, or anybody with a code or link, learn who is on duty now.
    Errors: not_allowed, Refused("stale", 409).
    """
    rights.require(viewer, "duty.settings")
    kept = DutySettings.objects.visible_to(viewer).select_for_update().first()
    if (kept.version if kept else 0) != expected_version:
        raise _stale(kept)
    row = kept or DutySettings(dealer_id=viewer.org)
    row.day_from, row.day_to = hours.day
    row.night_from, row.night_to = hours.night
    row.whole_from, row.whole_to = hours.whole
    row.shows_makers, row.shows_public = shows_makers, shows_public
    row.changed_by = viewer.name[:60]
    if kept:
        row.version += 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # two at the same moment, both the first
        raise _stale(None) from None
    return row


def _stale(kept: DutySettings | None) -> Refused:
    who, at = (kept.changed_by, kept.updated_at) if kept else ("", None)
    return Refused("stale", status=409, who=who, when=f"{local(at):%m-%d %H:%M}" if at else "", at=at)
