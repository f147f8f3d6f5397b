"""Rights on rate cards and the route book (domain.md 2.2, 2.3): who settles reads what is paid; technical, production and quality departments see no amounts."""

from __future__ import annotations

from core.rights import ANY, Rule
from core.tenancy import Tier
from equipment.rules import PUBLISHERS, of_itself, of_own_maker
from partners.enums import Role

READERS = frozenset(
    {Role.ADMIN.value, Role.DISPATCHER.value, Role.ACCOUNTANT.value, Role.OWNER.value}
)  # technician and storekeeper settle nothing
#: an office's people who review claims first, and so know the ways (domain.md 9.1: entered by the office)
FIRST_REVIEW = frozenset({Role.ADMIN.value, Role.OFFICE_MANAGER.value, Role.OFFICE_ENGINEER.value})

RULES = [
    Rule("card.read", {Tier.DEALER: READERS, Tier.OFFICE: ANY, Tier.HQ: PUBLISHERS | {Role.FINANCE.value}}),
    Rule("card.write", {Tier.HQ: PUBLISHERS}, when=of_itself),
    Rule("card.write", {Tier.DEALER: frozenset({Role.ADMIN.value})}, when=of_own_maker),
    Rule("route.read", {Tier.DEALER: READERS, Tier.OFFICE: ANY, Tier.HQ: PUBLISHERS | {Role.FINANCE.value}}),
    Rule("route.write", {Tier.OFFICE: FIRST_REVIEW, Tier.HQ: PUBLISHERS}),
]
