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
    return viewer.org in (organisation.id, organisation.owner_dealer_id)


def not_oneself(viewer: Viewer, person: Any) -> bool:
    """nobody deactivates himself"""
    return viewer.person_id != person.id


RULES = [
    Rule("organisation.list", {PLATFORM: ADMIN}),
    Rule("organisation.add", {PLATFORM: ADMIN}),
    Rule("organisation.read", {PLATFORM: ADMIN}),
    Rule("organisation.read", {DEALER: ANY, OFFICE: ANY, HQ: ANY}, when=is_own),
    Rule("organisation.change", {PLATFORM: ADMIN}),
    Rule("organisation.change", {DEALER: ADMIN, OFFICE: ADMIN, HQ: ADMIN}, when=is_own),
    Rule("unlisted_maker.add", {DEALER: ADMIN}),
    Rule("person.list", {DEALER: ADMIN, OFFICE: ADMIN, HQ: ADMIN, PLATFORM: ADMIN}),
    Rule("person.invite", {DEALER: ADMIN, OFFICE: ADMIN, HQ: ADMIN, PLATFORM: ADMIN}),
    Rule("person.change", {DEALER: ADMIN, OFFICE: ADMIN, HQ: ADMIN, PLATFORM: ADMIN}),
    Rule("person.reset", {DEALER: ADMIN, OFFICE: ADMIN, HQ: ADMIN, PLATFORM: ADMIN}),
    Rule("person.deactivate", {DEALER: ADMIN, OFFICE: ADMIN, HQ: ADMIN, PLATFORM: ADMIN}, when=not_oneself),
    Rule("partnership.list", {DEALER: ANY, OFFICE: ANY, HQ: ANY, PLATFORM: ADMIN}),
    Rule("partnership.read", {DEALER: ANY, OFFICE: ANY, HQ: ANY, PLATFORM: ADMIN}),
    Rule("partnership.add", {PLATFORM: ADMIN}),
    Rule("partnership.change", {PLATFORM: ADMIN}),
    Rule("partnership.confirm", {DEALER: ADMIN, HQ: ADMIN}),
    Rule("partnership.end", {PLATFORM: ADMIN}),
    Rule("dictionary.change", {PLATFORM: ADMIN}),
    Rule("job.all", {PLATFORM: ADMIN}),
]
