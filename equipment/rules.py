"""Rights on customers, machines, product lines and parts (domain.md 2.2)."""

from __future__ import annotations

from typing import Any

from core.rights import ANY, Rule
from core.tenancy import Tier, Viewer
from partners.enums import Role

D, O, H = Tier.DEALER, Tier.OFFICE, Tier.HQ
DESK = frozenset({Role.ADMIN.value, Role.DISPATCHER.value})
PUBLISHERS = frozenset({Role.ADMIN.value, Role.REVIEWER.value})


def of_own_maker(viewer: Viewer, row: Any) -> bool:
    """the manufacturer is the dealer's own unlisted one"""
    return getattr(row, "manufacturer_id", row) in viewer.own_makers


RULES = [
    Rule("customer.list", {D: ANY}),
    Rule("customer.read", {D: ANY}),
    Rule("customer.add", {D: DESK}),
    Rule("customer.change", {D: DESK}),
    Rule("machine.list", {D: ANY}),
    Rule("machine.read", {D: ANY}),
    Rule("machine.add", {D: DESK | {Role.TECHNICIAN.value}}),
    Rule("machine.change", {D: DESK | {Role.TECHNICIAN.value}}),
    Rule("catalogue.read", {D: ANY, O: ANY, H: ANY}),
    Rule("catalogue.change", {H: PUBLISHERS}),
    Rule("catalogue.change", {D: frozenset({Role.ADMIN.value})}, when=of_own_maker),
]
