"""Rights on tickets and slips (domain.md 2.2, 2.3, 6): rows of the one rights table."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.rights import ANY, Condition, FieldRule, Rule, Sight, may_ever
from core.tenancy import Tier, Viewer
from partners.enums import BY_LINK, BY_REFERRAL, WITHOUT_MONEY, Department, Role
from tickets.enums import (
    BEFORE_ARRIVAL,
    BEFORE_SIGNING,
    FINISHED,
    OPEN,
    REFERRED,
    STAYS_THERE,
    EscalationState,
    SlipState,
    TicketState,
)
from tickets.workflow import ESCALATION, GOODS_RETURN, REFERRAL, SLIP, TICKET

S = TicketState
DEALER, OFFICE, HQ = Tier.DEALER, Tier.OFFICE, Tier.HQ

DESK = frozenset({Role.ADMIN.value, Role.DISPATCHER.value})
CREW = frozenset({Role.TECHNICIAN.value})
READERS = frozenset(
    {Role.ADMIN.value, Role.DISPATCHER.value, Role.OWNER.value, Role.ACCOUNTANT.value, Role.STOREKEEPER.value}
)
#: who of the dealer may do a follow-up call, unless he was on the job
CALLERS = DESK | {Role.OWNER.value}
#: where a ticket can stand when a hand-written slip comes in
BEFORE_PAPER = frozenset(BEFORE_SIGNING) - {S.NEW}
#: while a promise of arrival or solution can still be met
HOLDABLE = frozenset((*BEFORE_ARRIVAL, S.ARRIVED, S.IN_WORK))
#: somebody has been on site, and the ticket was not given up
BEHIND = frozenset(S) - frozenset((*BEFORE_ARRIVAL, S.MERGED, S.CANCELLED, S.TRANSFERRED, S.REMOTE_DONE))
SUPPORTERS = frozenset({Role.ADMIN.value, Role.REVIEWER.value, Role.CALL_CENTRE.value, Role.DEPARTMENT.value})
OFFICE_SERVICE = frozenset({Role.OFFICE_MANAGER.value, Role.OFFICE_ENGINEER.value})
HQ_SERVICE = frozenset({Role.ADMIN.value, Role.REVIEWER.value, Role.CALL_CENTRE.value})


#: who of the dealer sends goods to the factory
SENDERS = DESK | {Role.STOREKEEPER.value}
#: who of the dealer sees no amounts
STORE_ONLY = frozenset({Role.STOREKEEPER.value})
#: who of headquarters decides on goods that come back; who takes them in and looks at them
CHIEFS = frozenset({Role.ADMIN.value, Role.REVIEWER.value})
GATE = frozenset({Role.PARTS_STORE.value, Role.REVIEWER.value})


def is_of_quality(viewer: Viewer, thing: Any) -> bool:
    """the viewer is of the quality department"""
    return viewer.department == Department.QUALITY


def ends_there(viewer: Viewer, row: Any) -> bool:
    """it was scrapped or taken back"""
    return row.decision in STAYS_THERE


def comes_back(viewer: Viewer, row: Any) -> bool:
    """it was neither scrapped nor taken back"""
    return row.decision not in STAYS_THERE


def on_crew(viewer: Viewer, ticket: Any) -> bool:
    """the viewer is sent to this ticket, as lead or companion"""
    return viewer.person_id in ticket.crew_ids


def was_there(viewer: Viewer, ticket: Any) -> bool:
    """the viewer is sent to this ticket, or has worked on it"""
    return viewer.person_id in ticket.crew_ids or viewer.person_id in ticket.worked_ids


def leads(viewer: Viewer, ticket: Any) -> bool:
    """the viewer is the lead technician of this ticket"""
    return viewer.person_id is not None and viewer.person_id == ticket.lead_person_id


def did_not_do_it(viewer: Viewer, ticket: Any) -> bool:
    """the viewer was not on the job himself (separation of duties)"""
    return not was_there(viewer, ticket)


def without_office(viewer: Viewer, ticket: Any) -> bool:
    """the manufacturer has no office in charge, so HQ does its part"""
    return ticket.office_id is None


def is_open(viewer: Viewer, ticket: Any) -> bool:
    """the ticket has not ended"""
    return ticket.state in OPEN


def is_held(viewer: Viewer, ticket: Any) -> bool:
    """a pause of the ticket's clocks is open"""
    return bool(ticket.held)


def is_not_held(viewer: Viewer, ticket: Any) -> bool:
    """no pause of the ticket's clocks is open"""
    return not ticket.held


def came_late(viewer: Viewer, ticket: Any) -> bool:
    """the arrival was late, and nobody has said why"""
    return bool(ticket.late_unexplained)


def came_late_himself(viewer: Viewer, ticket: Any) -> bool:
    """the viewer is sent to this ticket or has worked on it, the arrival was late, and nobody has said why"""
    return came_late(viewer, ticket) and was_there(viewer, ticket)


def open_on_crew(viewer: Viewer, ticket: Any) -> bool:
    """the viewer is sent to this ticket, and it has not ended"""
    return is_open(viewer, ticket) and on_crew(viewer, ticket)


def may_call_in(viewer: Viewer, state: str) -> bool:
    """Whether the viewer's role includes the follow-up call of a ticket in this state."""
    return may_ever(viewer, "ticket.follow_up") and state in TICKET.sources("follow_up")


def of_slip(condition: Condition) -> Condition:
    """The same condition, asked of the slip's ticket."""

    def ask(viewer: Viewer, slip: Any) -> bool:
        return condition(viewer, slip.ticket)

    ask.__doc__ = condition.__doc__
    return ask


def signs(viewer: Viewer, ticket: Any) -> bool:
    """the viewer is the lead technician, or helps him from the desk"""
    return leads(viewer, ticket) or viewer.has(*DESK)


def holds_link(viewer: Viewer, ticket: Any) -> bool:
    """the viewer is a customer whose link opens this ticket"""
    return viewer.link is not None and viewer.link.ticket == ticket.id


def holds_slip(viewer: Viewer, slip: Any) -> bool:
    """the viewer is a customer whose link opens this slip"""
    return viewer.link is not None and viewer.link.slip == slip.id


def is_referred(viewer: Viewer, ticket: Any) -> bool:
    """the manufacturer has referred the ticket"""
    return ticket.referral_id is not None


def not_just_referred(viewer: Viewer, ticket: Any) -> bool:
    """the ticket is no referral that nobody has accepted: that one is not refused, only its transfer is asked for"""
    return ticket.referral_id is None or ticket.state != S.NEW


def may_be_transferred(viewer: Viewer, ticket: Any) -> bool:
    """the manufacturer has referred the ticket, and its transfer is not asked for yet"""
    return ticket.referral_id is not None and ticket.transfer_asked_at is None


def has_listed_maker(viewer: Viewer, ticket: Any) -> bool:
    """the manufacturer is on the platform"""
    return ticket.manufacturer_id not in viewer.own_makers


def escalates(viewer: Viewer, ticket: Any) -> bool:
    """the viewer is sent to this ticket, and its manufacturer is on the platform"""
    return has_listed_maker(viewer, ticket) and on_crew(viewer, ticket)


def without_office_here(viewer: Viewer, escalation: Any) -> bool:
    """the manufacturer has no office in charge"""
    return escalation.office_id is None


def looks_after(viewer: Viewer, escalation: Any) -> bool:
    """it names the viewer or his department, or he is a reviewer or administrator"""
    if viewer.has(Role.ADMIN, Role.REVIEWER) or viewer.person_id == escalation.named_id:
        return True
    return bool(viewer.department) and viewer.department == (escalation.department or Department.AFTER_SALES)


def of_own_maker(viewer: Viewer, case: Any) -> bool:
    """the manufacturer is the viewer's own organisation"""
    return bool(case.manufacturer_id == viewer.org)


CUSTOMER = frozenset({BY_LINK})


def _desk(action: str, label: Any, *, when: Any = None) -> Rule:
    verb = action.split(".")[1]
    return Rule(action, {DEALER: DESK}, states=TICKET.sources(verb), when=when, label=label)


def _field(action: str, label: Any, *, who: Any = leads) -> Rule:
    verb = action.split(".")[1]
    return Rule(action, {DEALER: CREW}, states=TICKET.sources(verb), when=who, label=label)


RULES = [
    # reading
    Rule("ticket.read", {DEALER: READERS, OFFICE: ANY, HQ: ANY}),
    Rule("ticket.read", {DEALER: CREW}, when=was_there),
    Rule("ticket.list", {DEALER: READERS | CREW, OFFICE: ANY, HQ: ANY}),
    Rule("ticket.day", {DEALER: CREW}),
    Rule("ticket.board", {DEALER: READERS}),
    Rule("ticket.shared", {OFFICE: ANY, HQ: ANY}),
    # the desk
    Rule("ticket.report", {DEALER: DESK | {BY_REFERRAL}}),
    Rule(
        "ticket.contact",
        {DEALER: DESK},
        states=TICKET.sources("contact"),
        when=is_referred,
        label=_("Accept the referral: customer contacted"),
    ),
    _desk("ticket.contact", _("Customer contacted")),
    _desk("ticket.dispatch", _("Dispatch")),
    _desk("ticket.appoint", _("Make an appointment")),
    # the clocks of its promises (domain.md 5.2)
    Rule("ticket.hold", {DEALER: DESK}, states=HOLDABLE, when=is_not_held, label=_("Pause the clocks")),
    Rule("ticket.go_on", {DEALER: DESK}, states=HOLDABLE, when=is_held, label=_("Let the clocks go on")),
    Rule("ticket.reverse_pause", {OFFICE: ANY}, states=HOLDABLE, when=is_held, label=_("Take the pause back")),
    Rule("ticket.explain_late", {DEALER: CALLERS}, states=BEHIND, when=came_late, label=_("Why so late?")),
    Rule("ticket.explain_late", {DEALER: CREW}, states=BEHIND, when=came_late_himself, label=_("Why so late?")),
    Rule("rates.read", {DEALER: CALLERS, OFFICE: ANY, HQ: HQ_SERVICE}),
    Rule("promise.read", {DEALER: ANY, OFFICE: ANY, HQ: ANY}),
    Rule("promise.set", {DEALER: frozenset({Role.ADMIN.value, Role.OWNER.value})}),
    # the technician's ladder; the desk may do the same for somebody on the phone
    _field("ticket.accept", _("Accept")),
    _field("ticket.refuse", _("Refuse")),
    _field("ticket.set_out", _("Set out"), who=on_crew),
    _field("ticket.arrive", _("Arrived"), who=on_crew),
    _field("ticket.start_work", _("Start work"), who=on_crew),
    Rule(
        "ticket.leave",
        {DEALER: CREW},
        states=frozenset({S.ARRIVED, S.IN_WORK}),
        when=on_crew,
        label=_("Leave the site"),
    ),
    _field("ticket.wait_part", _("Wait for part")),
    _field("ticket.wait_customer", _("Wait for customer")),
    _field("ticket.resume", _("Go on")),
    _field("ticket.hand_back", _("Hand back")),
    Rule("ticket.accept", {DEALER: DESK}, states=TICKET.sources("accept"), label=_("Accept for him")),
    Rule("ticket.refuse", {DEALER: DESK}, states=TICKET.sources("refuse"), label=_("Take the dispatch back")),
    Rule("ticket.set_out", {DEALER: DESK}, states=TICKET.sources("set_out"), label=_("He set out")),
    Rule("ticket.arrive", {DEALER: DESK}, states=TICKET.sources("arrive"), label=_("He arrived")),
    Rule("ticket.start_work", {DEALER: DESK}, states=TICKET.sources("start_work"), label=_("He started work")),
    Rule("ticket.leave", {DEALER: DESK}, states=frozenset({S.ARRIVED, S.IN_WORK}), label=_("He left the site")),
    Rule("ticket.wait_part", {DEALER: DESK}, states=TICKET.sources("wait_part"), label=_("Wait for part")),
    Rule("ticket.wait_customer", {DEALER: DESK}, states=TICKET.sources("wait_customer"), label=_("Wait for customer")),
    Rule("ticket.resume", {DEALER: DESK}, states=TICKET.sources("resume"), label=_("Go on")),
    Rule(
        "ticket.hand_back",
        {DEALER: DESK},
        states=TICKET.sources("hand_back"),
        label=_("Take back for another dispatch"),
    ),
    # ends
    _desk("ticket.finish_remote", _("Solved by phone")),
    Rule(
        "ticket.finish_remote",
        {DEALER: CREW},
        states=TICKET.sources("finish_remote"),
        when=leads,
        label=_("Solved by phone"),
    ),
    Rule(
        "ticket.follow_up",
        {DEALER: CALLERS, OFFICE: OFFICE_SERVICE},
        states=TICKET.sources("follow_up"),
        when=did_not_do_it,
        label=_("Follow up"),
    ),
    Rule(
        "ticket.follow_up",
        {HQ: frozenset({Role.REVIEWER.value, Role.CALL_CENTRE.value})},
        states=TICKET.sources("follow_up"),
        when=without_office,
        label=_("Follow up"),
    ),
    Rule("ticket.close", {DEALER: DESK}, states=TICKET.sources("close"), label=_("Close")),
    Rule("ticket.reopen", {DEALER: DESK}, states=TICKET.sources("reopen"), label=_("Reopen as rework")),
    Rule("ticket.merge", {DEALER: DESK}, states=TICKET.sources("merge"), when=not_just_referred, label=_("Merge")),
    Rule(
        "ticket.cancel",
        {DEALER: DESK},
        states=TICKET.sources("cancel"),
        when=not_just_referred,
        label=_("Cancel the report"),
    ),
    Rule(
        "ticket.ask_transfer",
        {DEALER: DESK},
        states=frozenset({S.NEW}),
        when=may_be_transferred,
        label=_("Ask for a transfer"),
    ),
    Rule("ticket.escalate", {DEALER: DESK}, states=frozenset(OPEN), when=has_listed_maker),
    Rule("ticket.escalate", {DEALER: CREW}, states=frozenset(OPEN), when=escalates),
    Rule("ticket.change", {DEALER: DESK}, states=frozenset(OPEN), label=_("Change the report")),
    # notes, calls and photos at any time
    Rule("ticket.note", {DEALER: DESK | {Role.OWNER.value}, OFFICE: ANY, HQ: HQ_SERVICE | {Role.DEPARTMENT.value}}),
    Rule("ticket.note", {DEALER: CREW}, when=was_there),
    Rule("ticket.call", {DEALER: DESK | {Role.OWNER.value}}),
    Rule("ticket.call", {DEALER: CREW}, when=was_there),
    Rule("ticket.photo", {DEALER: DESK}),
    Rule("ticket.photo", {DEALER: CREW}, when=was_there),
    Rule("ticket.remove_photo", {DEALER: DESK}, states=frozenset(OPEN)),
    Rule("ticket.remove_photo", {DEALER: CREW}, states=frozenset(OPEN), when=on_crew),
    Rule("ticket.share", {DEALER: DESK}, label=None),
    Rule("ticket.unmask", {OFFICE: ANY, HQ: HQ_SERVICE}),
    # 补录: a slip that was written by hand is entered afterwards
    Rule("ticket.enter_paper", {DEALER: DESK}, states=BEFORE_PAPER, label=_("Enter a hand-written slip")),
    Rule(
        "ticket.enter_paper",
        {DEALER: CREW},
        states=BEFORE_PAPER - {S.CONTACTED, S.APPOINTED},
        when=leads,
        label=_("Enter a hand-written slip"),
    ),
    Rule("ticket.fill_slip", {DEALER: DESK}, states=frozenset({S.ARRIVED, S.IN_WORK})),
    Rule("ticket.fill_slip", {DEALER: CREW}, states=frozenset({S.ARRIVED, S.IN_WORK}), when=on_crew),
    # the slip
    Rule("slip.read", {DEALER: READERS, OFFICE: ANY, HQ: ANY}),
    Rule("slip.read", {DEALER: CREW}, when=of_slip(was_there)),
    Rule("slip.list", {DEALER: READERS | CREW, OFFICE: ANY, HQ: ANY}),
    Rule("slip.save", {DEALER: DESK}, states=frozenset({SlipState.DRAFT}), when=of_slip(is_open)),
    Rule("slip.save", {DEALER: CREW}, states=frozenset({SlipState.DRAFT}), when=of_slip(open_on_crew)),
    Rule("slip.complete", {DEALER: DESK}, states=SLIP.sources("complete")),
    Rule("slip.complete", {DEALER: CREW}, states=SLIP.sources("complete"), when=of_slip(leads)),
    Rule("slip.correct", {DEALER: DESK}, states=SLIP.sources("correct"), label=_("Correct")),
    Rule("slip.correct", {DEALER: CREW}, states=SLIP.sources("correct"), when=of_slip(leads), label=_("Correct")),
    Rule("slip.sign", {DEALER: DESK | CREW}, states=SLIP.sources("sign"), when=of_slip(signs)),
    Rule("slip.sign_on_paper", {DEALER: DESK | CREW}, states=SLIP.sources("sign"), when=of_slip(signs)),
    Rule("slip.hand_in", {DEALER: DESK}),
    Rule("slip.hand_in", {DEALER: CREW}, when=of_slip(was_there)),
    Rule("slip.refuse", {DEALER: DESK | CREW}, states=SLIP.sources("refuse"), when=of_slip(signs)),
    Rule("slip.void", {DEALER: DESK}, states=SLIP.sources("void"), label=_("Void")),
    Rule("slip.print", {DEALER: READERS}, states=frozenset({SlipState.SIGNED, SlipState.REFUSED, SlipState.VOID})),
    Rule(
        "slip.print",
        {DEALER: CREW},
        states=frozenset({SlipState.SIGNED, SlipState.REFUSED, SlipState.VOID}),
        when=of_slip(was_there),
    ),
    Rule("slip.batch", {DEALER: READERS | CREW}),
    Rule("print.help", {DEALER: READERS | CREW}),
    Rule("print.numbers", {DEALER: READERS}),
    Rule("print.settings", {DEALER: frozenset({Role.ADMIN.value})}),
    Rule(
        "slip.maker_copy", {DEALER: READERS, OFFICE: ANY, HQ: HQ_SERVICE | {Role.FINANCE.value, Role.PARTS_STORE.value}}
    ),
    # a customer without account, by a code or link; the desk makes the links
    Rule("ticket.report", {DEALER: CUSTOMER}),
    Rule("ticket.read", {DEALER: CUSTOMER}, when=holds_link),
    Rule("ticket.photo", {DEALER: CUSTOMER}, when=holds_link),
    Rule("ticket.complain", {DEALER: CUSTOMER}, when=holds_link),
    Rule("slip.read", {DEALER: CUSTOMER}, when=holds_slip),
    Rule("slip.sign", {DEALER: CUSTOMER}, states=SLIP.sources("sign"), when=holds_slip),
    Rule("ticket.link", {DEALER: DESK}),
    # warranty (domain.md 4.4, 4.6 W5)
    Rule("ticket.judge", {DEALER: DESK}, states=frozenset(OPEN)),
    Rule("ticket.judge", {DEALER: CREW}, states=frozenset(OPEN), when=on_crew),
    Rule("ticket.prove", {DEALER: DESK}, states=frozenset(OPEN)),
    Rule("ticket.prove", {DEALER: CREW}, states=frozenset(OPEN), when=on_crew),
    Rule("ticket.ask_start", {DEALER: DESK}),
    Rule("ticket.ask_goodwill", {OFFICE: OFFICE_SERVICE}),
    Rule("ticket.ask_goodwill", {HQ: frozenset({Role.REVIEWER.value})}, when=without_office),
    Rule("ticket.answer_request", {HQ: frozenset({Role.REVIEWER.value})}),
    Rule("ticket.stickers", {DEALER: DESK}),
    # 转派: the manufacturer gives a case to a dealer
    Rule("referral.list", {OFFICE: ANY, HQ: HQ_SERVICE}),
    Rule("referral.read", {OFFICE: ANY, HQ: HQ_SERVICE}),
    Rule("referral.send", {OFFICE: ANY, HQ: HQ_SERVICE}),
    Rule(
        "referral.redirect",
        {OFFICE: ANY, HQ: HQ_SERVICE},
        states=REFERRAL.sources("redirect"),
        label=_("Choose another dealer"),
    ),
    Rule("referral.insist", {OFFICE: ANY, HQ: HQ_SERVICE}, states=REFERRAL.sources("insist"), label=_("Insist")),
    # 升级: the dealer asks office or HQ
    Rule("escalation.list", {DEALER: READERS | CREW, OFFICE: ANY, HQ: ANY}),
    Rule("escalation.read", {DEALER: READERS, OFFICE: ANY, HQ: ANY}),
    Rule("escalation.read", {DEALER: CREW}, when=of_slip(was_there)),
    *(
        rule
        for verb, label, states in (
            ("submit", None, frozenset({EscalationState.DRAFT})),
            ("discard", _("Throw the draft away"), frozenset({EscalationState.DRAFT})),
            ("confirm", _("Solved"), ESCALATION.sources("confirm")),
            ("send_back", _("Not solved: send back"), ESCALATION.sources("confirm")),
            ("withdraw", _("Take the request back"), ESCALATION.sources("withdraw")),
        )
        for rule in (
            Rule(f"escalation.{verb}", {DEALER: DESK}, states=states, label=label),
            Rule(f"escalation.{verb}", {DEALER: CREW}, states=states, when=of_slip(on_crew), label=label),
        )
    ),
    *(
        rule
        for verb, label, office, hq in (
            ("accept", _("Take it on"), {EscalationState.WAIT_OFFICE}, {EscalationState.WAIT_HQ}),
            ("answer", _("Answer"), {EscalationState.AT_OFFICE}, {EscalationState.AT_HQ}),
            ("forward", _("Forward to headquarters"), {EscalationState.WAIT_OFFICE, EscalationState.AT_OFFICE}, set()),
            (
                "pass_on",
                _("Pass on to a colleague"),
                {EscalationState.WAIT_OFFICE, EscalationState.AT_OFFICE},
                {EscalationState.WAIT_HQ, EscalationState.AT_HQ},
            ),
            (
                "merge",
                _("Merge"),
                {EscalationState.WAIT_OFFICE, EscalationState.AT_OFFICE},
                {EscalationState.WAIT_HQ, EscalationState.AT_HQ},
            ),
        )
        for rule in (
            Rule(f"escalation.{verb}", {OFFICE: ANY}, states=frozenset(office), label=label),
            *(
                [Rule(f"escalation.{verb}", {HQ: SUPPORTERS}, states=frozenset(hq), when=looks_after, label=label)]
                if hq
                else []
            ),
        )
    ),
    Rule(
        "escalation.publish",
        {HQ: frozenset({Role.ADMIN.value, Role.REVIEWER.value})},
        states=frozenset({EscalationState.CLOSED}),
        label=_("Publish as a case"),
    ),
    Rule("case.list", {DEALER: READERS | CREW, OFFICE: ANY, HQ: ANY}),
    Rule("case.withdraw", {HQ: frozenset({Role.ADMIN.value, Role.REVIEWER.value})}, when=of_own_maker),
    Rule("levels.read", {DEALER: READERS, OFFICE: ANY, HQ: ANY}),
    # goods that go back to the factory (domain.md 17): the dealer's desk and store send them, headquarters answers, its store and quality look
    Rule("goods_return.read", {DEALER: READERS, OFFICE: ANY, HQ: ANY}),
    Rule("goods_return.price", {DEALER: READERS - STORE_ONLY, OFFICE: ANY, HQ: CHIEFS | {Role.FINANCE.value}}),
    Rule("goods_return.apply", {DEALER: SENDERS}),
    *(
        Rule(f"goods_return.{verb}", who, states=GOODS_RETURN.sources(verb), when=condition, label=label)
        for verb, who, condition, label in (
            ("agree", {HQ: CHIEFS}, None, _("Agree")),
            ("refuse", {HQ: CHIEFS}, None, _("Do not agree")),
            ("ship", {DEALER: SENDERS}, None, _("Ship")),
            ("cancel", {DEALER: SENDERS}, None, _("Cancel")),
            ("receive", {HQ: GATE}, None, _("Receive")),
            ("inspect", {HQ: GATE}, None, _("Inspect")),
            ("inspect", {HQ: frozenset({Role.DEPARTMENT.value})}, is_of_quality, _("Inspect")),
            ("decide", {HQ: CHIEFS}, None, _("Decide what becomes of it")),
            ("quote", {HQ: CHIEFS}, None, _("Offer a repair for money")),
            ("accept", {DEALER: DESK | {Role.OWNER.value}}, None, _("Accept the offer")),
            ("decline", {DEALER: DESK | {Role.OWNER.value}}, None, _("Decline the offer")),
            ("send_back", {HQ: GATE}, comes_back, _("Put it on its way back")),
            ("close", {HQ: CHIEFS}, ends_there, _("Close")),
            ("take_back", {DEALER: SENDERS}, None, _("It is here again")),
        )
    ),
    # history
    Rule("ticket.import", {DEALER: frozenset({Role.ADMIN.value})}),
    Rule("import.work_orders", {DEALER: frozenset({Role.ADMIN.value})}),
]


def phone_sight(viewer: Viewer, ticket: Any) -> Sight:
    """dealer full; office and HQ masked; technical, production and quality hidden"""
    if viewer.tier is DEALER:
        return Sight.FULL
    if viewer.department in WITHOUT_MONEY:
        return Sight.HIDDEN
    return Sight.MASKED


def can_be_shared(viewer: Viewer, ticket: Any) -> bool:
    """a ticket is shared once, and with a manufacturer that is on the platform"""
    return not ticket.shared_with_maker and ticket.manufacturer_id not in viewer.own_makers


def money_sight(viewer: Viewer, thing: Any) -> Sight:
    """technical, production and quality departments never see money"""
    return Sight.HIDDEN if viewer.department in WITHOUT_MONEY else Sight.FULL


def site_sight(viewer: Viewer, thing: Any) -> Sight:
    """technical, production and quality departments see the customer's city, not his address, nor whom to ask there"""
    return Sight.HIDDEN if viewer.department in WITHOUT_MONEY else Sight.FULL


def may_unmask(viewer: Viewer, ticket: Any) -> bool:
    """a masked number may be shown (and is written down) when the manufacturer referred the ticket, or supports it now"""
    return (ticket.source in REFERRED or ticket.supported_since is not None) and phone_sight(
        viewer, ticket
    ) is Sight.MASKED


def maker_sees_phone(ticket: Any) -> bool:
    """Whether the manufacturer's copy of the slip shows the customer's number (domain.md 2.3): it referred the ticket."""
    return ticket.source in REFERRED


FIELDS = [
    FieldRule("ticket.phone", phone_sight),
    FieldRule("ticket.site", site_sight),
    FieldRule("ticket.money", money_sight),
]

__all__ = ["FIELDS", "FINISHED", "RULES", "may_unmask"]
