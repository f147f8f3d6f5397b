"""What is to leave the portal: rows that are written with the notice, in its transaction; the worker sends them (docs/decisions/0009)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.tenancy import Viewer
from notices.calculations.timing import leave_at
from notices.enums import ChannelKind, Pace
from notices.models import Channel, Delivery, Preferences
from notices.queries import channels, kinds, preferences


@dataclass(frozen=True)
class Said:
    """What is said, before it is put into words."""

    kind: str
    params: dict[str, Any]
    url: str
    urgent: bool = False


def write_deliveries(viewer: Viewer, told: Sequence[tuple[Said, Mapping[int, str]]], *, now: datetime) -> int:
    """Write what leaves: for each person by the channels he chose, for each robot that tells this group of kinds; returns how many.

    told: what is said, and the people who are told it with their numbers. However much is said, one statement when nothing leaves by
    any channel, three or four otherwise.
    """
    ways = channels.all_of(viewer)
    robots = [way for way in ways if way.is_robot and way.active]
    rows = [_to_group(viewer, way, said, now) for said, _phones in told for way in robots if _tells(way, said.kind)]
    personal = [kind for kind in channels.configured() if not any(way.kind == kind and not way.active for way in ways)]
    people = {person_id for _said, phones in told for person_id in phones}
    if personal and people:
        found = preferences.of_people(viewer, people)
        for kind in personal:
            wanted = [
                (said, chosen, address)
                for said, phones in told
                for person_id, phone in phones.items()
                if preferences.wants(chosen := found[person_id], kinds.group_of(said.kind), kind)
                and (address := chosen.confirmed_mail if kind == ChannelKind.MAIL else phone)
            ]
            if wanted:
                way = next((way for way in ways if way.kind == kind), None) or personal_channel(viewer, kind)
                rows += [_to_person(viewer, way, said, chosen, address, now) for said, chosen, address in wanted]
    if rows:
        Delivery.objects.bulk_create(rows)
    return len(rows)


def personal_channel(viewer: Viewer, kind: ChannelKind) -> Channel:
    """The organisation's mail or SMS, made when it is needed first."""
    Channel.objects.bulk_create([Channel(organisation_id=viewer.org, kind=kind)], ignore_conflicts=True)
    return Channel.objects.visible_to(viewer).filter(organisation_id=viewer.org).get(kind=kind)


def written(
    viewer: Viewer,
    way: Channel,
    said: Said,
    *,
    due: datetime,
    now: datetime,
    person_id: int | None = None,
    to: str = "",
) -> Delivery:
    """A delivery that waits, not saved yet."""
    return Delivery(
        organisation_id=viewer.org,
        channel=way,
        person_id=person_id,
        target=to,
        kind=said.kind,
        params=said.params,
        url=said.url,
        urgent=said.urgent,
        due_at=due,
        next_at=due,
        created_at=now,
    )


def _tells(way: Channel, kind: str) -> bool:
    return kinds.is_for_robots(kind) and kinds.group_of(kind).code in way.groups


def _to_group(viewer: Viewer, way: Channel, said: Said, now: datetime) -> Delivery:
    due = leave_at(now, quiet=way.quiet, gathered=False, urgent=said.urgent)
    return written(viewer, way, said, due=due, now=now, to=way.name)


def _to_person(viewer: Viewer, way: Channel, said: Said, chosen: Preferences, to: str, now: datetime) -> Delivery:
    gathered = chosen.pace == Pace.GATHERED
    due = leave_at(now, quiet=chosen.quiet, gathered=gathered, urgent=said.urgent)
    return written(viewer, way, said, due=due, now=now, person_id=chosen.person_id, to=to)
