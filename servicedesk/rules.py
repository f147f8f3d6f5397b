"""Rights on the installation itself (domain.md 2.2: the platform's administrator looks after it and sees no business row)."""

from __future__ import annotations

from core.rights import Rule
from core.tenancy import Tier
from partners.enums import Role

RULES = [Rule("installation.read", {Tier.PLATFORM: frozenset({Role.ADMIN.value})})]
