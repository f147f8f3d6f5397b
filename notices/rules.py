"""Rights on channels, deliveries and one's own preferences (domain.md 18.1): what leaves the portal is the administrator's business."""

from __future__ import annotations

from core.rights import ANY, Rule
from core.tenancy import Tier
from partners.enums import Role

ADMIN = frozenset({Role.ADMIN.value})
ADMINS = dict.fromkeys((Tier.DEALER, Tier.OFFICE, Tier.HQ, Tier.PLATFORM), ADMIN)
EVERYBODY = dict.fromkeys((Tier.DEALER, Tier.OFFICE, Tier.HQ, Tier.PLATFORM), ANY)

RULES = [
    Rule("channel.list", ADMINS),
    Rule("channel.change", ADMINS),
    Rule("delivery.list", ADMINS),
    Rule("delivery.retry", ADMINS),
    Rule("notice.choose", EVERYBODY),
]
