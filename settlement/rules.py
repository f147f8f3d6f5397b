"""Rights on rate cards (domain.md 2.2, 2.3): who settles reads what is paid; technical, production and quality departments see no amounts."""

from __future__ import annotations

from core.rights import ANY, Rule
from core.tenancy import Tier
from equipment.rules import PUBLISHERS, of_itself, of_own_maker
from partners.enums import Role

READERS = frozenset(
    {Role.ADMIN.value, Role.DISPATCHER.value, Role.ACCOUNTANT.value, Role.OWNER.value}
)  # technician and storekeeper settle nothing

RULES = [
    Rule("card.read", {Tier.DEALER: READERS, Tier.OFFICE: ANY, Tier.HQ: PUBLISHERS | {Role.FINANCE.value}}),
    Rule("card.write", {Tier.HQ: PUBLISHERS}, when=of_itself),
    Rule("card.write", {Tier.DEALER: frozenset({Role.ADMIN.value})}, when=of_own_maker),
]
