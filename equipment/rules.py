"""Rights on customers, machines, product lines and parts (domain.md 2.2)."""

from __future__ import annotations

from typing import Any

from core.rights import ANY, FieldRule, Rule, Sight
from core.tenancy import Tier, Viewer
from partners.enums import BY_LINK, BY_REFERRAL, WITHOUT_MONEY, Role

DEALER, OFFICE, HQ = Tier.DEALER, Tier.OFFICE, Tier.HQ
DESK = frozenset({Role.ADMIN.value, Role.DISPATCHER.value})
PUBLISHERS = frozenset({Role.ADMIN.value, Role.REVIEWER.value})


def of_own_maker(viewer: Viewer, row: Any) -> bool:
    """the manufacturer is the dealer's own unlisted one"""
    return getattr(row, "manufacturer_id", row) in viewer.own_makers


def of_itself(viewer: Viewer, row: Any) -> bool:
    """the manufacturer is the viewer's own organisation"""
    return bool(getattr(row, "manufacturer_id", row) == viewer.org)


RULES = [
    Rule("customer.list", {DEALER: ANY}),
    Rule("customer.read", {DEALER: ANY}),
    Rule("customer.add", {DEALER: DESK | {BY_LINK, BY_REFERRAL}}),
    Rule("customer.change", {DEALER: DESK}),
    Rule("customer.merge", {DEALER: DESK}),
    Rule("machine.merge", {DEALER: DESK}),
    Rule("machine.list", {DEALER: ANY}),
    Rule("machine.read", {DEALER: ANY}),
    Rule("machine.add", {DEALER: DESK | {Role.TECHNICIAN.value, BY_LINK, BY_REFERRAL}}),
    Rule("machine.change", {DEALER: DESK | {Role.TECHNICIAN.value}}),
    Rule("machine.scrap", {DEALER: DESK}),
    Rule("catalogue.read", {DEALER: ANY, OFFICE: ANY, HQ: ANY}),
    Rule("catalogue.change", {HQ: PUBLISHERS}, when=of_itself),
    Rule("catalogue.change", {DEALER: frozenset({Role.ADMIN.value})}, when=of_own_maker),
    Rule("policy.read", {DEALER: ANY, OFFICE: ANY, HQ: ANY}),
    Rule("policy.write", {HQ: PUBLISHERS}, when=of_itself),
    Rule("policy.write", {DEALER: frozenset({Role.ADMIN.value})}, when=of_own_maker),
    Rule("coverage.read", {DEALER: ANY, OFFICE: ANY, HQ: ANY}),
    Rule("coverage.change", {HQ: PUBLISHERS}, when=of_itself),
    Rule("import.customers", {DEALER: DESK}),
    Rule("import.machines", {DEALER: DESK}),
    Rule("import.parts", {HQ: PUBLISHERS}, when=of_itself),
    Rule("import.parts", {DEALER: frozenset({Role.ADMIN.value, Role.STOREKEEPER.value})}, when=of_own_maker),
    Rule("import.register", {HQ: PUBLISHERS}),
]


def price_sight(viewer: Viewer, part: Any) -> Sight:
    """technical, production and quality departments never see money"""
    return Sight.HIDDEN if viewer.department in WITHOUT_MONEY else Sight.FULL


FIELDS = [FieldRule("part.price", price_sight)]
