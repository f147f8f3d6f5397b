"""An organisation's channels: robots are added, changed, paused and removed by its administrator; each can be tried out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, time

from django.db import transaction

from core import jobs, outward, rights
from core.errors import Refused, constraints
from core.tenancy import Viewer
from notices.enums import ROBOTS, SIGNING, TEST, ChannelKind, Problem
from notices.models import Channel, Delivery
from notices.operations import deliver
from notices.operations.outgoing import Said, personal_channel, written
from notices.queries import channels, kinds, preferences

_KEY = re.compile(r"[A-Za-z0-9_-]{8,200}")


@dataclass(frozen=True)
class RobotFacts:
    """What an administrator writes about a robot. address, secret: "" leaves what is there; drop_secret takes the secret away.

    groups: codes of the groups of kinds that it tells. quiet_from, quiet_to: None = it may speak at any hour.
    """

    kind: str
    name: str
    address: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    drop_secret: bool = False
    groups: tuple[str, ...] = ()
    quiet_from: time | None = None
    quiet_to: time | None = None


@transaction.atomic
def open_personal(*, viewer: Viewer) -> None:
    """Make the organisation's rows for mail and SMS where the installation has them; nothing happens a second time."""
    rights.require(viewer, "channel.list")
    there = {way.kind for way in channels.all_of(viewer)}
    for kind in channels.configured():
        if kind not in there:
            personal_channel(viewer, kind)


@transaction.atomic
def add_robot(*, viewer: Viewer, facts: RobotFacts, now: datetime) -> Channel:
    """Enter a robot. Its address is looked at as it is at every message (core.outward).

    Errors: not_allowed, Refused("robot_name_missing" | "choice_unknown" | "robot_address" | "address_refused" | "text_too_long"),
    the constraint on names with field "name".
    """
    rights.require(viewer, "channel.change")
    if facts.kind not in ROBOTS:
        raise Refused("choice_unknown", field="kind")
    channel = Channel(organisation_id=viewer.org, kind=facts.kind)
    if not facts.address.strip():
        raise Refused("robot_address", field="address", base=channels.base_of(facts.kind))
    _fill(channel, facts)
    _save(channel)
    return channel


@transaction.atomic
def change_robot(*, viewer: Viewer, public_id: str, expected_version: int, facts: RobotFacts, now: datetime) -> Channel:
    """Change a robot; its kind stays. A new address is tried at once, whatever the old one did. Errors: as `add_robot`, NotFound, stale."""
    rights.require(viewer, "channel.change")
    channel = _robot(viewer, public_id, version=expected_version)
    _fill(channel, facts)
    if facts.address or facts.secret or facts.drop_secret:
        channel.failures, channel.rests_until = 0, None
    channel.version += 1
    _save(channel)
    return channel


@transaction.atomic
def pause_channel(*, viewer: Viewer, public_id: str, now: datetime) -> Channel:
    """Stop a channel: nothing new is written for it, and what waits stays. Pausing a paused one changes nothing."""
    rights.require(viewer, "channel.change")
    channel = channels.lock(viewer, public_id)
    channel.active = False
    channel.save(update_fields=["active", "updated_at"])
    return channel


@transaction.atomic
def resume_channel(*, viewer: Viewer, public_id: str, now: datetime) -> Channel:
    """Let a channel work again, now, also one that rests after failures."""
    rights.require(viewer, "channel.change")
    channel = channels.lock(viewer, public_id)
    channel.active, channel.rests_until = True, None
    channel.save(update_fields=["active", "rests_until", "updated_at"])
    return channel


@transaction.atomic
def remove_robot(*, viewer: Viewer, public_id: str, now: datetime) -> Channel:
    """Take a robot away: its key and secret are wiped, what waits for it is given up, what it has said stays in the list."""
    rights.require(viewer, "channel.change")
    channel = _robot(viewer, public_id, version=None)
    channel.active, channel.removed_at = False, now
    channel.key = channel.key_end = channel.secret = ""
    channel.save()
    deliver.give_up_all(viewer, channel)
    return channel


@transaction.atomic
def send_test(*, viewer: Viewer, public_id: str, now: datetime) -> Delivery:
    """Send a test message at once: into the robot's group, or by mail or SMS to the administrator himself. It is tried once.

    Errors: not_allowed, NotFound, Refused("channel_paused"), Refused("mail_unconfirmed").
    """
    rights.require(viewer, "channel.change")
    channel = channels.lock(viewer, public_id)
    if not channel.active:
        raise Refused("channel_paused")
    mine = preferences.mine(viewer)
    if channel.kind == ChannelKind.MAIL and not mine.confirmed_mail:
        raise Refused("mail_unconfirmed")
    said = Said(TEST, {"who": viewer.name}, f"/channels/{channel.public_id}/", urgent=True)
    person_id = None if channel.is_robot else viewer.person_id
    test = written(viewer, channel, said, due=now, now=now, person_id=person_id, to=channel.name)
    test.save()
    channel.rests_until = channel.ready_at = None
    channel.save(update_fields=["rests_until", "ready_at"])
    jobs.wake(deliver.KIND, [deliver.lane(viewer.org, viewer.tier, channel.pk, channel.kind)], now=now)
    return test


def _robot(viewer: Viewer, public_id: str, *, version: int | None) -> Channel:
    channel = channels.lock(viewer, public_id, version=version)
    if not channel.is_robot:
        raise Refused("channel_of_installation", status=409)
    return channel


def _fill(channel: Channel, facts: RobotFacts) -> None:
    channel.name = facts.name.strip()
    if not channel.name:
        raise Refused("robot_name_missing", field="name")
    if len(channel.name) > 40:
        raise Refused("text_too_long", field="name", n=40)
    known = {group.code for group in kinds.groups() if group.for_robots}
    if not set(facts.groups) <= known:
        raise Refused("choice_unknown", field="groups")
    channel.groups = sorted(set(facts.groups))
    channel.quiet_from, channel.quiet_to = facts.quiet_from, facts.quiet_to
    if facts.address:
        channel.key = _key_of(channel.kind, facts.address.strip())
        channel.key_end = channel.key[-4:]
    if facts.drop_secret or channel.kind not in SIGNING:
        channel.secret = ""
    elif facts.secret:
        channel.secret = facts.secret.strip()[:200]


def _key_of(kind: str, address: str) -> str:
    """What stands after the base address. Errors: Refused("robot_address"), Refused("address_refused"), both with field "address"."""
    base = channels.base_of(kind)
    key = address.removeprefix(base)
    if not address.startswith(base) or not _KEY.fullmatch(key):
        raise Refused("robot_address", field="address", base=base)
    try:
        outward.check(address)
    except outward.Unsent as problem:
        raise Refused("address_refused", field="address", why=Problem(problem.fault.value).label) from None
    return key


def _save(channel: Channel) -> None:
    with constraints(channel_name_unique="name"):
        channel.save()
