"""Reading the ways out of the portal. Keys and secrets stay in the database: only `lock` and `lock_by_id` read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from core.calendars import local
from core.errors import Refused
from core.tenancy import TenantQuerySet, Viewer
from notices.enums import PERSONAL, ROBOTS, ChannelKind, Problem
from notices.models import Channel
from notices.queries import kinds


def configured() -> tuple[ChannelKind, ...]:
    """The channels to single people that this installation has."""
    ready = {ChannelKind.MAIL: settings.NOTICES_MAIL, ChannelKind.SMS: settings.SMS_GATEWAY is not None}
    return tuple(kind for kind in PERSONAL if ready[kind])


def base_of(kind: str) -> str:
    """What stands before the key in the address of a robot of this kind."""
    return str(settings.NOTICES_ROBOT_URLS[kind])


def all_of(viewer: Viewer) -> list[Channel]:
    """The organisation's channels that exist, mail and SMS first, then robots by name. One statement."""
    rows = _rows(viewer).filter(removed_at=None)
    there = {*configured(), *ROBOTS}
    return sorted((row for row in rows.order_by("name", "id") if row.kind in there), key=lambda row: row.is_robot)


def one(viewer: Viewer, public_id: str) -> Channel:
    """A channel. Errors: NotFound."""
    return _rows(viewer).filter(removed_at=None).one(public_id=public_id)


def lock(viewer: Viewer, public_id: str, *, version: int | None = None) -> Channel:
    """The channel, locked. Errors: NotFound, Refused("stale", 409)."""
    rows = Channel.objects.visible_to(viewer).filter(organisation_id=viewer.org, removed_at=None)
    found = rows.select_for_update().one(public_id=public_id)
    if version is not None and version != found.version:
        at = found.updated_at
        raise Refused("stale", status=409, who="", when=f"{local(at):%m-%d %H:%M}", at=at)
    return found


def lock_by_id(viewer: Viewer, channel_id: int) -> Channel | None:
    """The channel with key and secret, locked, for who sends; None when it is not the organisation's."""
    rows = Channel.objects.visible_to(viewer).filter(organisation_id=viewer.org)
    return rows.select_for_update().filter(id=channel_id).first()


def _rows(viewer: Viewer) -> TenantQuerySet[Channel]:
    rows: TenantQuerySet[Channel] = Channel.objects.visible_to(viewer).filter(organisation_id=viewer.org)
    return rows.defer("key", "secret")


@dataclass(frozen=True)
class Row:
    """A channel in finished words. family: of the chip. trouble: why and until when, "" when all is well."""

    public_id: str
    name: str
    kind: Any
    key: str
    groups: str
    family: str
    state: str
    trouble: str
    active: bool
    last_success_at: datetime | None
    last_failure_at: datetime | None


def row(channel: Channel, now: datetime) -> Row:
    """The channel in words."""
    family, state = _state(channel)
    labels = [str(group.label) for group in kinds.groups() if group.code in channel.groups]
    return Row(
        public_id=channel.public_id,
        name=str(channel),
        kind=channel.get_kind_display(),
        key=f"…{channel.key_end}" if channel.key_end else "",
        groups=_(", ").join(labels),
        family=family,
        state=state,
        trouble=_trouble(channel, now),
        active=channel.active,
        last_success_at=channel.last_success_at,
        last_failure_at=channel.last_failure_at,
    )


def _state(channel: Channel) -> tuple[str, str]:
    if not channel.active:
        return "waiting", _("paused")
    if channel.is_troubled:
        return "bad", _("rests after failures")
    if channel.failures:
        return "warning", _("failed last time")
    return ("good", _("works")) if channel.last_success_at else ("new", _("not used yet"))


def _trouble(channel: Channel, now: datetime) -> str:
    if not channel.failures:
        return ""
    parts = [failure_words(channel.last_problem, channel.last_detail)]
    if channel.is_troubled:
        parts.append(_("Failed %(n)s times in a row.") % {"n": channel.failures})
    if channel.active and channel.rests_until and channel.rests_until > now:
        parts.append(_("Tried again at %(time)s.") % {"time": f"{local(channel.rests_until):%H:%M}"})
    return " ".join(parts)


def failure_words(problem: str, detail: str) -> str:
    """Why something failed, as a sentence, with what the other side said in brackets."""
    if not problem:
        return ""
    words = str(Problem(problem).label)
    return f"{words} ({detail})" if detail else words
