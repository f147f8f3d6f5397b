"""Rights on rate cards and the route book (domain.md 2.2, 2.3): who settles reads what is paid; technical, production and quality departments see no amounts.

Old parts (domain.md 10) carry no amounts: the dealer's store sends them, headquarters' store counts and appraises them, quality appraises.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.rights import ANY, Rule
from core.tenancy import Tier, Viewer
from equipment.rules import PUBLISHERS, of_itself, of_own_maker
from partners.enums import Department, Role
from settlement.enums import CLAIM_WRITTEN, OWED, ClaimState, DebtState, EntryState, StatementState
from settlement.workflow import CLAIM, DEBT, OLD_PART, RETURN_BOX, STATEMENT
from tickets.enums import RequestState, TicketState
from tickets.rules import READERS as DEALER_READERS

READERS = frozenset(
    {Role.ADMIN.value, Role.DISPATCHER.value, Role.ACCOUNTANT.value, Role.OWNER.value}
)  # technician and storekeeper settle nothing
#: an office's people who review claims first, and so know the ways (domain.md 9.1: entered by the office)
FIRST_REVIEW = frozenset({Role.ADMIN.value, Role.OFFICE_MANAGER.value, Role.OFFICE_ENGINEER.value})
#: who of a dealer packs and sends old parts
STORE = frozenset({Role.ADMIN.value, Role.DISPATCHER.value, Role.STOREKEEPER.value})
#: who of headquarters counts what arrives, and says what becomes of it
PARTS_STORE = frozenset({Role.PARTS_STORE.value})
#: who of headquarters answers what a dealer asks for
ANSWERING = PARTS_STORE | {Role.REVIEWER.value}


def nothing_asked(viewer: Viewer, part: Any) -> bool:
    """nothing is asked for this part, and its manufacturer is on the platform"""
    return not part.asked and part.manufacturer_id not in viewer.own_makers


def is_asked(viewer: Viewer, part: Any) -> bool:
    """something is asked for this part, and nobody has answered"""
    return bool(part.asked)


def is_of_quality(viewer: Viewer, part: Any) -> bool:
    """the viewer is of the quality department"""
    return viewer.department == Department.QUALITY


def _counting(action: str, states: frozenset[str], label: Any) -> tuple[Rule, Rule]:
    """What headquarters' store does; for a manufacturer that is not on the platform the dealer writes down what he was told."""
    return (
        Rule(action, {Tier.HQ: PARTS_STORE}, states=states, label=label),
        Rule(action, {Tier.DEALER: STORE}, states=states, when=of_own_maker, label=label),
    )


def _quality(action: str, states: frozenset[str], label: Any) -> Rule:
    """The quality department looks, too."""
    who = {Tier.HQ: frozenset({Role.DEPARTMENT.value})}
    return Rule(action, who, states=states, when=is_of_quality, label=label)


#: who reads statements, and who of the manufacturer makes and pays them
PAYERS = PUBLISHERS | {Role.FINANCE.value}
SETTLERS = {Tier.DEALER: READERS, Tier.OFFICE: ANY, Tier.HQ: PAYERS}
_FIRST = frozenset({ClaimState.FIRST.value})
#: who writes claims: the accountant, who answers for the money with the owner, and the administrator (domain.md 2.2)
CLAIMERS = {Tier.DEALER: frozenset({Role.ADMIN.value, Role.ACCOUNTANT.value, Role.OWNER.value})}


def without_office(viewer: Viewer, claim: Any) -> bool:
    """The manufacturer has no office there: the first review is headquarters' as well (domain.md 2.4)."""
    return claim.office_id is None


def is_payable(viewer: Viewer, statement: Any) -> bool:
    """there is something to pay"""
    return bool(statement.payable)


def nothing_open(viewer: Viewer, statement: Any) -> bool:
    """all of it is paid, or there is nothing to pay"""
    return bool(statement.paid == statement.payable)


#: on which a dealer asks for a pre-authorisation: every ticket that did not end without work
AUTHORISABLE = frozenset(TicketState.values) - {TicketState.CANCELLED, TicketState.MERGED, TicketState.TRANSFERRED}


def on_the_platform(viewer: Viewer, ticket: Any) -> bool:
    """the manufacturer is on the platform"""
    return not of_own_maker(viewer, ticket)


RULES = [
    Rule("card.read", {Tier.DEALER: READERS, Tier.OFFICE: ANY, Tier.HQ: PUBLISHERS | {Role.FINANCE.value}}),
    Rule("card.write", {Tier.HQ: PUBLISHERS}, when=of_itself),
    Rule("card.write", {Tier.DEALER: frozenset({Role.ADMIN.value})}, when=of_own_maker),
    Rule("route.read", {Tier.DEALER: READERS, Tier.OFFICE: ANY, Tier.HQ: PUBLISHERS | {Role.FINANCE.value}}),
    Rule("route.write", {Tier.OFFICE: FIRST_REVIEW, Tier.HQ: PUBLISHERS}),
    # old parts
    Rule("old_part.read", {Tier.DEALER: DEALER_READERS, Tier.OFFICE: ANY, Tier.HQ: ANY}),
    Rule("old_part.pack", {Tier.DEALER: STORE}, states=OLD_PART.sources("pack")),
    Rule("old_part.unpack", {Tier.DEALER: STORE}, states=OLD_PART.sources("unpack"), label=_("Take out of the box")),
    Rule(
        "old_part.extension",
        {Tier.DEALER: STORE},
        states=frozenset(OWED),
        when=nothing_asked,
        label=_("Ask for more time"),
    ),
    Rule(
        "old_part.exemption",
        {Tier.DEALER: STORE},
        states=frozenset(OWED),
        when=nothing_asked,
        label=_("Ask to keep it"),
    ),
    Rule("old_part.agree", {Tier.HQ: ANSWERING}, states=frozenset(OWED), when=is_asked, label=_("Agree")),
    Rule("old_part.refuse", {Tier.HQ: ANSWERING}, when=is_asked, label=_("Decline")),
    *_counting("old_part.find", OLD_PART.sources("find"), _("It has turned up")),
    *_counting("old_part.take", OLD_PART.sources("take"), _("Begin the appraisal")),
    _quality("old_part.take", OLD_PART.sources("take"), _("Begin the appraisal")),
    *_counting("old_part.appraise", OLD_PART.sources("confirm"), _("Appraise")),
    _quality("old_part.appraise", OLD_PART.sources("confirm"), _("Appraise")),
    *_counting("old_part.claim", OLD_PART.sources("claim"), _("Claimed by the supplier")),
    *_counting("old_part.destroy", OLD_PART.sources("destroy"), _("Destroyed")),
    *_counting("old_part.give_back", OLD_PART.sources("give_back"), _("Give back")),
    Rule("return_box.read", {Tier.DEALER: DEALER_READERS, Tier.OFFICE: ANY, Tier.HQ: ANY}),
    Rule("return_box.pack", {Tier.DEALER: STORE}),
    Rule("return_box.ship", {Tier.DEALER: STORE}, states=RETURN_BOX.sources("ship"), label=_("Ship")),
    *_counting("return_box.receive", RETURN_BOX.sources("receive"), _("Count and receive")),
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
    # pre-authorisations (domain.md 4.5, 9.1)
    Rule("authorisation.list", {Tier.DEALER: READERS, Tier.OFFICE: ANY, Tier.HQ: PUBLISHERS | {Role.FINANCE.value}}),
    Rule("authorisation.read", {Tier.DEALER: READERS, Tier.OFFICE: ANY, Tier.HQ: PUBLISHERS | {Role.FINANCE.value}}),
    Rule("authorisation.ask", {Tier.DEALER: READERS}, states=AUTHORISABLE, when=on_the_platform),
    *(
        Rule(
            f"authorisation.{verb}",
            {Tier.OFFICE: FIRST_REVIEW, Tier.HQ: PUBLISHERS},
            states=frozenset({RequestState.ASKED.value}),
            label=label,
        )
        for verb, label in (("grant", _("Grant")), ("decline", _("Decline")))
    ),
    # what customers owe: the dealer's own
    Rule("debt.list", {Tier.DEALER: READERS}),
    Rule("debt.read", {Tier.DEALER: READERS}),
    Rule("debt.begin", {Tier.DEALER: READERS}),
    Rule("debt.receive", {Tier.DEALER: READERS}, states=DEBT.sources("settle"), label=_("Write down a payment")),
    Rule("debt.change", {Tier.DEALER: READERS}, states=frozenset({DebtState.OPEN.value}), label=_("Change")),
    Rule(
        "debt.waive",
        {Tier.DEALER: frozenset({Role.ADMIN.value, Role.OWNER.value})},
        states=DEBT.sources("waive"),
        label=_("Waive"),
    ),
    # limits (domain.md 2.2)
    Rule(
        "limit.set",
        {
            Tier.DEALER: frozenset({Role.ADMIN.value, Role.OWNER.value}),
            Tier.HQ: frozenset({Role.ADMIN.value}),
        },
    ),
    Rule(
        "claim.ask_owner",
        {Tier.DEALER: frozenset({Role.ADMIN.value, Role.ACCOUNTANT.value})},
        states=frozenset(CLAIM_WRITTEN),
        label=_("Ask the owner"),
    ),
    *(
        Rule(
            f"claim.{verb}",
            {Tier.DEALER: frozenset({Role.OWNER.value})},
            states=frozenset(CLAIM_WRITTEN),
            label=label,
        )
        for verb, label in (("owner_agree", _("Agree to submit it")), ("owner_decline", _("Do not agree")))
    ),
    Rule(
        "claim.raise",
        {Tier.HQ: PUBLISHERS},
        states=frozenset({ClaimState.SECOND.value, ClaimState.APPEALED.value}),
        label=_("Pass it up"),
    ),
    Rule("claim.review", {Tier.OFFICE: FIRST_REVIEW, Tier.HQ: PUBLISHERS}),
    Rule("claim.approve", {Tier.HQ: PUBLISHERS}, states=CLAIM.sources("approve"), label=_("Approve")),
    Rule("claim.refuse", {Tier.HQ: PUBLISHERS}, states=CLAIM.sources("refuse"), label=_("Refuse the claim")),
    Rule(
        "claim.send_back", {Tier.HQ: PUBLISHERS}, states=frozenset({ClaimState.SECOND.value}), label=_("Send it back")
    ),
    # statements
    *(Rule(f"{thing}.read", SETTLERS) for thing in ("statement", "entry")),
    Rule("statement.make", {Tier.HQ: PAYERS}),
    *(
        Rule(f"statement.{verb}", CLAIMERS, states=STATEMENT.sources(verb), label=label)
        for verb, label in (
            ("confirm", _("Confirm the statement")),
            ("invoice", _("Hand in the invoice")),
        )
    ),
    Rule(
        "statement.close", CLAIMERS, states=STATEMENT.sources("close"), when=nothing_open, label=_("The money is here")
    ),
    Rule("statement.object", CLAIMERS, states=STATEMENT.sources("object")),
    Rule("statement.answer", {Tier.HQ: PUBLISHERS}, states=frozenset(set(StatementState.values) - {"void"})),
    *(
        Rule(f"statement.{verb}", {Tier.HQ: PAYERS}, states=STATEMENT.sources(verb), label=label)
        for verb, label in (
            ("verify", _("The invoice is genuine")),
            ("pay", _("Enter a payment")),
            ("set_rate", _("Another tax rate")),
            ("reject", _("Reject the invoice")),
            ("reverse", _("Reverse the invoice")),
            ("unpay", _("Take a payment back")),
            ("void", _("Void")),
        )
    ),
    Rule(
        "statement.notify",
        {Tier.HQ: PAYERS},
        states=STATEMENT.sources("notify"),
        when=is_payable,
        label=_("Ask for the invoice"),
    ),
    Rule("entry.write", {Tier.HQ: PAYERS}),
    Rule("entry.withdraw", {Tier.HQ: PAYERS}, states=frozenset({EntryState.WAITING.value})),
    # automatic checks: how they are set is headquarters' own
    Rule("check.read", {Tier.HQ: PUBLISHERS | {Role.FINANCE.value}}),
    Rule("check.write", {Tier.HQ: PUBLISHERS}),
    Rule("import.check_rows", {Tier.HQ: PUBLISHERS}),
]
