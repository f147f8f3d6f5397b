"""Reading how people want to be told."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings

from core.tenancy import Viewer
from notices.calculations import signing
from notices.enums import ChannelKind
from notices.models import Preferences
from notices.queries.kinds import Group


def mine(viewer: Viewer) -> Preferences:
    """The viewer's own; the defaults (not saved) when he never chose."""
    return _rows(viewer, [viewer.person_id or 0]).get(viewer.person_id or 0) or _defaults(viewer, viewer.person_id or 0)


def of_people(viewer: Viewer, person_ids: Iterable[int]) -> dict[int, Preferences]:
    """Those of people of the viewer's organisation, by person; defaults for who never chose. One statement."""
    ids = list(person_ids)
    found = _rows(viewer, ids)
    return {person_id: found.get(person_id) or _defaults(viewer, person_id) for person_id in ids}


def chosen(preferences: Preferences, group: Group) -> list[str]:
    """The channels by which this person wants to be told of a group."""
    said = preferences.choices.get(group.code)
    return list(said) if said is not None else sorted(kind.value for kind in group.on)


def wants(preferences: Preferences, group: Group, kind: ChannelKind) -> bool:
    """Whether this person wants to be told of a group by a channel."""
    return kind.value in chosen(preferences, group)


def code_for(address: str, nonce: str) -> str:
    """The six digits that prove an address; worked out when the mail is written and when they are typed, kept nowhere."""
    return signing.code(settings.SECRET_KEY, "mail", address, nonce)


def _rows(viewer: Viewer, person_ids: list[int]) -> dict[int, Preferences]:
    rows = Preferences.objects.visible_to(viewer).filter(organisation_id=viewer.org, person_id__in=person_ids)
    return {row.person_id: row for row in rows.order_by("id")}


def _defaults(viewer: Viewer, person_id: int) -> Preferences:
    return Preferences(organisation_id=viewer.org, person_id=person_id)
