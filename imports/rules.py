"""Rights on imports as such; each kind has its own row in the room that owns its rows (import.customers, import.people …)."""

from __future__ import annotations

from core.rights import Rule
from core.tenancy import Tier
from partners.enums import Role

RULES = [
    Rule(
        "import.list",
        {
            Tier.DEALER: frozenset({Role.ADMIN.value, Role.DISPATCHER.value, Role.STOREKEEPER.value}),
            Tier.OFFICE: frozenset({Role.ADMIN.value}),
            Tier.HQ: frozenset({Role.ADMIN.value, Role.REVIEWER.value}),
        },
    ),
]
