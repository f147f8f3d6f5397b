"""Rights on rate cards and the route book (domain.md 2.2, 2.3): who settles reads what is paid; technical, production and quality departments see no amounts."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.rights import ANY, Rule
from core.tenancy import Tier, Viewer
from equipment.rules import PUBLISHERS, of_itself, of_own_maker
from partners.enums import Role
from settlement.enums import CLAIM_WRITTEN, ClaimState
from settlement.workflow import CLAIM

READERS = frozenset(
    {Role.ADMIN.value, Role.DISPATCHER.value, Role.ACCOUNTANT.value, Role.OWNER.value}
)  # technician and storekeeper settle nothing
#: an office's people who review claims first, and so know the ways (domain.md 9.1: entered by the office)
FIRST_REVIEW = frozenset({Role.ADMIN.value, Role.OFFICE_MANAGER.value, Role.OFFICE_ENGINEER.value})

_FIRST = frozenset({ClaimState.FIRST.value})
#: who writes claims: the accountant, who answers for the money with the owner, and the administrator (domain.md 2.2)
CLAIMERS = {Tier.DEALER: frozenset({Role.ADMIN.value, Role.ACCOUNTANT.value, Role.OWNER.value})}


def without_office(viewer: Viewer, claim: Any) -> bool:
    """The manufacturer has no office there: the first review is headquarters' as well (domain.md 2.4)."""
    return claim.office_id is None


RULES = [
    Rule("card.read", {Tier.DEALER: READERS, Tier.OFFICE: ANY, Tier.HQ: PUBLISHERS | {Role.FINANCE.value}}),
    Rule("card.write", {Tier.HQ: PUBLISHERS}, when=of_itself),
    Rule("card.write", {Tier.DEALER: frozenset({Role.ADMIN.value})}, when=of_own_maker),
    Rule("route.read", {Tier.DEALER: READERS, Tier.OFFICE: ANY, Tier.HQ: PUBLISHERS | {Role.FINANCE.value}}),
    Rule("route.write", {Tier.OFFICE: FIRST_REVIEW, Tier.HQ: PUBLISHERS}),
    Rule("claim.list", {Tier.DEALER: READERS, Tier.OFFICE: ANY, Tier.HQ: PUBLISHERS | {Role.FINANCE.value}}),
    Rule("claim.read", {Tier.DEALER: READERS, Tier.OFFICE: ANY, Tier.HQ: PUBLISHERS | {Role.FINANCE.value}}),
    Rule("claim.begin", CLAIMERS),
    *(
        Rule(f"claim.{verb}", CLAIMERS, states=CLAIM.sources(verb), label=label)
        for verb, label in (
            ("submit", _("Submit")),
            ("take_back", _("Take it back")),
            ("agree", _("Agree")),
            ("appeal", _("Appeal")),
            ("charge", _("Charge the customer")),
            ("void", _("Void")),
        )
    ),
    Rule("claim.change", CLAIMERS, states=frozenset(CLAIM_WRITTEN)),
    *(
        rule
        for verb, label in (("pass", _("Pass on to the second review")), ("send_back", _("Send it back")))
        for rule in (
            Rule(f"claim.{verb}", {Tier.OFFICE: FIRST_REVIEW}, states=_FIRST, label=label),
            Rule(f"claim.{verb}", {Tier.HQ: PUBLISHERS}, states=_FIRST, when=without_office, label=label),
        )
    ),
    Rule("claim.approve", {Tier.HQ: PUBLISHERS}, states=CLAIM.sources("approve"), label=_("Approve")),
    Rule("claim.refuse", {Tier.HQ: PUBLISHERS}, states=CLAIM.sources("refuse"), label=_("Refuse")),
    Rule(
        "claim.send_back", {Tier.HQ: PUBLISHERS}, states=frozenset({ClaimState.SECOND.value}), label=_("Send it back")
    ),
]
