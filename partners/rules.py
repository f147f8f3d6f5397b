"""Rights on organisations, people and partnerships (domain.md 2.2, 2.4)."""

from __future__ import annotations

from typing import Any

from core.rights import ANY, Rule
from core.tenancy import Tier, Viewer
from partners.enums import Role

DEALER, OFFICE, HQ, PLATFORM = Tier.DEALER, Tier.OFFICE, Tier.HQ, Tier.PLATFORM
ADMIN = frozenset({Role.ADMIN.value})


def is_own(viewer: Viewer, organisation: Any) -> bool:
    """the organisation is the viewer's own, or its unlisted manufacturer"""
    return bool(viewer.org in (organisation.id, organisation.owner_dealer_id))


def not_the_platform(viewer: Viewer, organisation: Any) -> bool:
    """the platform does not close itself"""
    return bool(viewer.org != organisation.id)


def waits_for(viewer: Viewer, partnership: Any) -> bool:
    """the own side has not confirmed yet, and nobody has ended it"""
    mine = (
        partnership.dealer_confirmed_at
        if viewer.org == partnership.dealer_id
        else partnership.manufacturer_confirmed_at
    )
    return mine is None and partnership.ended_at is None


def not_ended(viewer: Viewer, partnership: Any) -> bool:
    """nobody has ended it"""
    return partnership.ended_at is None


def is_ended(viewer: Viewer, partnership: Any) -> bool:
    """it was ended"""
    return partnership.ended_at is not None


def not_oneself(viewer: Viewer, person: Any) -> bool:
    """nobody deactivates himself"""
    return bool(viewer.person_id != person.id)


def is_oneself(viewer: Viewer, person: Any) -> bool:
    """the person is the viewer himself"""
    return bool(viewer.person_id == person.id)


RULES = [
    Rule("deputy.name", {DEALER: ANY, OFFICE: ANY, HQ: ANY}, when=is_oneself),
    Rule("deputy.name", {DEALER: ADMIN, OFFICE: ADMIN, HQ: ADMIN}),
    Rule("contact.show", {DEALER: ADMIN, OFFICE: ADMIN, HQ: ADMIN}),
    Rule("organisation.list", {PLATFORM: ADMIN}),
    Rule("organisation.add", {PLATFORM: ADMIN}),
    Rule("organisation.read", {PLATFORM: ADMIN}),
    Rule("organisation.read", {DEALER: ANY, OFFICE: ANY, HQ: ANY}, when=is_own),
    Rule("organisation.change", {PLATFORM: ADMIN}),
    Rule("organisation.change", {DEALER: ADMIN, OFFICE: ADMIN, HQ: ADMIN}, when=is_own),
    Rule("organisation.close", {PLATFORM: ADMIN}, when=not_the_platform),
    Rule("unlisted_maker.list", {DEALER: ANY}),
    Rule("unlisted_maker.add", {DEALER: ADMIN}),
    Rule("person.list", {DEALER: ADMIN, OFFICE: ADMIN, HQ: ADMIN, PLATFORM: ADMIN}),
    Rule("person.invite", {DEALER: ADMIN, OFFICE: ADMIN, HQ: ADMIN, PLATFORM: ADMIN}),
    Rule("import.people", {DEALER: ADMIN, OFFICE: ADMIN, HQ: ADMIN}),
    Rule("person.change", {DEALER: ADMIN, OFFICE: ADMIN, HQ: ADMIN, PLATFORM: ADMIN}),
    Rule("person.reset", {DEALER: ADMIN, OFFICE: ADMIN, HQ: ADMIN, PLATFORM: ADMIN}),
    Rule("person.deactivate", {DEALER: ADMIN, OFFICE: ADMIN, HQ: ADMIN, PLATFORM: ADMIN}, when=not_oneself),
    Rule("partnership.list", {DEALER: ANY, OFFICE: ANY, HQ: ANY, PLATFORM: ADMIN}),
    Rule("partnership.read", {DEALER: ANY, OFFICE: ANY, HQ: ANY, PLATFORM: ADMIN}),
    Rule("partnership.add", {PLATFORM: ADMIN}),
    Rule("partnership.change", {PLATFORM: ADMIN}, when=not_ended),
    Rule("partnership.assign", {PLATFORM: ADMIN, HQ: ADMIN}, when=not_ended),
    Rule("partnership.confirm", {DEALER: ADMIN, HQ: ADMIN}, when=waits_for),
    Rule("partnership.end", {PLATFORM: ADMIN}, when=not_ended),
    Rule("partnership.revive", {PLATFORM: ADMIN}, when=is_ended),
    Rule("profile.change", {DEALER: ANY, OFFICE: ANY, HQ: ANY, PLATFORM: ANY}),
    Rule("token.make", {DEALER: ANY, OFFICE: ANY, HQ: ANY, PLATFORM: ANY}),
    Rule("view.save", {DEALER: ANY, OFFICE: ANY, HQ: ANY, PLATFORM: ANY}),
    Rule("view.share", {DEALER: ADMIN, OFFICE: ADMIN, HQ: ADMIN, PLATFORM: ADMIN}),
    Rule("access.list", {DEALER: ADMIN, OFFICE: ADMIN, HQ: ADMIN, PLATFORM: ADMIN}),
    Rule("dictionary.read", {DEALER: ANY, OFFICE: ANY, HQ: ANY, PLATFORM: ADMIN}),
    Rule("dictionary.change", {PLATFORM: ADMIN}),
    Rule("calendar.read", {DEALER: ANY, OFFICE: ANY, HQ: ANY, PLATFORM: ADMIN}),
    Rule("calendar.set", {PLATFORM: ADMIN}),
    Rule("job.failed", {DEALER: ADMIN, OFFICE: ADMIN, HQ: ADMIN, PLATFORM: ADMIN}),
    Rule("job.all", {PLATFORM: ADMIN}),
]
