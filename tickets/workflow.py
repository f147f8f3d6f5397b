"""The whole life of a ticket and of a slip, readable by the service manager (domain.md 6, 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.transitions import Table
from tickets.enums import (
    BEFORE_ARRIVAL,
    BEFORE_SIGNING,
    STAYS_THERE,
    SUPPORTING,
    WITH_MAKER,
    EscalationState,
    ReferralState,
    ReturnState,
    SlipState,
    TicketState,
)

if TYPE_CHECKING:
    from tickets.models import Escalation, GoodsReturn, Referral, Slip, Ticket

S = TicketState


def has_reason(ticket: Ticket) -> str | None:
    """Cancelling and merging say why."""
    return None if ticket.end_reason.strip() else "reason_missing"


def has_wait_reason(ticket: Ticket) -> str | None:
    """Waiting says for what."""
    return None if ticket.wait_reason.strip() else "reason_missing"


def has_lead(ticket: Ticket) -> str | None:
    """Somebody must be sent."""
    return None if ticket.lead_person_id else "lead_missing"


def has_appointment(ticket: Ticket) -> str | None:
    """An appointment has its time."""
    return None if ticket.appointment_at else "appointment_missing"


TICKET = Table(
    [
        # from                                        verb            to               guard
        (S.NEW, "contact", S.CONTACTED, None),
        ((S.CONTACTED, S.APPOINTED), "appoint", S.APPOINTED, has_appointment),
        ((S.CONTACTED, S.APPOINTED, S.DISPATCHED, S.WAIT_PART, S.WAIT_CUST), "dispatch", S.DISPATCHED, has_lead),
        (S.DISPATCHED, "refuse", S.CONTACTED, None),  # 退回派工, with reason
        (S.DISPATCHED, "accept", S.ACCEPTED, None),
        ((S.ACCEPTED, S.EN_ROUTE), "hand_back", S.CONTACTED, None),  # with reason
        ((S.ACCEPTED, S.WAIT_PART, S.WAIT_CUST), "set_out", S.EN_ROUTE, None),
        ((S.ACCEPTED, S.EN_ROUTE), "arrive", S.ARRIVED, None),  # from ACCEPTED: setting out was forgotten
        (S.ARRIVED, "start_work", S.IN_WORK, None),
        (S.IN_WORK, "wait_part", S.WAIT_PART, has_wait_reason),
        (S.IN_WORK, "wait_customer", S.WAIT_CUST, has_wait_reason),
        ((S.WAIT_PART, S.WAIT_CUST), "resume", S.IN_WORK, None),
        (S.IN_WORK, "complete_slip", S.WAIT_SIGN, None),
        (S.WAIT_SIGN, "correct_slip", S.IN_WORK, None),
        (S.WAIT_SIGN, "sign", S.DONE, None),
        (S.WAIT_SIGN, "refuse_signature", S.DONE, None),
        (BEFORE_ARRIVAL, "finish_remote", S.REMOTE_DONE, None),
        ((S.DONE, S.REMOTE_DONE), "follow_up", S.FOLLOWED_UP, None),
        ((S.DONE, S.REMOTE_DONE, S.FOLLOWED_UP), "close", S.CLOSED, None),
        ((S.DONE, S.REMOTE_DONE, S.FOLLOWED_UP, S.CLOSED), "reopen", S.CONTACTED, None),  # 返修
        ((S.WAIT_SIGN, S.DONE, S.FOLLOWED_UP, S.CLOSED), "void_slip", S.IN_WORK, None),
        ((S.REMOTE_DONE, S.FOLLOWED_UP, S.CLOSED), "void_remote_slip", S.CONTACTED, None),
        (BEFORE_SIGNING, "merge", S.MERGED, has_reason),
        (BEFORE_SIGNING, "cancel", S.CANCELLED, has_reason),
        (BEFORE_SIGNING, "transfer", S.TRANSFERRED, None),  # 已改派: another dealer has accepted the referral
    ]
)


def has_number(slip: Slip) -> str | None:
    """A draft that never had a number is thrown away, not voided."""
    return None if slip.number else "slip_without_number"


def has_refusal_reason(slip: Slip) -> str | None:
    """拒签/未签 says why."""
    return None if slip.refusal_reason.strip() else "reason_missing"


def is_not_locked(slip: Slip) -> str | None:
    """A slip on which a claim stands is not voided."""
    return "slip_locked" if slip.locked else None


def is_remote(slip: Slip) -> str | None:
    """Only a job solved by phone freezes without signature."""
    return None if slip.is_remote else "slip_not_remote"


SLIP = Table(
    [
        #  from               verb               to                   guard
        (SlipState.DRAFT, "complete", SlipState.WAIT_SIGN, None),  # gives the number
        (SlipState.WAIT_SIGN, "correct", SlipState.DRAFT, None),  # the number stays
        (SlipState.WAIT_SIGN, "sign", SlipState.SIGNED, None),
        (SlipState.WAIT_SIGN, "refuse", SlipState.REFUSED, has_refusal_reason),  # 拒签: always a call-back
        (SlipState.DRAFT, "finish_remote", SlipState.SIGNED, is_remote),  # gives the number, no signature
        ((SlipState.DRAFT, SlipState.WAIT_SIGN), "void", SlipState.VOID, has_number),
        ((SlipState.SIGNED, SlipState.REFUSED), "void", SlipState.VOID, is_not_locked),
    ]
)


def asks_with_reason(referral: Referral) -> str | None:
    """申请改派 says why."""
    return None if referral.ask_reason.strip() else "reason_missing"


R = ReferralState

REFERRAL = Table(
    [
        # from                     verb           to               guard
        (R.SENT, "arrive", R.ARRIVED, None),  # the dealer has his ticket: t0 of his clock
        ((R.ARRIVED, R.ASKED), "accept", R.ACCEPTED, None),  # he has spoken with the customer
        (R.ARRIVED, "ask", R.ASKED, asks_with_reason),  # 申请改派; it cannot be refused
        (R.ASKED, "insist", R.ARRIVED, None),
        (R.ASKED, "redirect", R.REDIRECTED, None),  # a new referral goes to another dealer
        ((R.ARRIVED, R.ACCEPTED, R.ASKED, R.REDIRECTED), "transfer", R.TRANSFERRED, None),  # the other one has accepted
    ]
)


def has_office(escalation: Escalation) -> str | None:
    """A partnership without office escalates to headquarters at once."""
    return None if escalation.office_id else "no_office"


def gives_reason(escalation: Escalation) -> str | None:
    """Withdrawing and merging say why."""
    return None if escalation.end_reason.strip() else "reason_missing"


E = EscalationState

ESCALATION = Table(
    [
        # from                        verb              to               guard
        (E.DRAFT, "submit", E.WAIT_OFFICE, has_office),
        (E.DRAFT, "submit_to_hq", E.WAIT_HQ, None),
        (E.WAIT_OFFICE, "accept", E.AT_OFFICE, None),
        (E.WAIT_HQ, "accept", E.AT_HQ, None),
        ((E.WAIT_OFFICE, E.AT_OFFICE), "forward", E.WAIT_HQ, None),  # names one person of headquarters
        ((E.WAIT_OFFICE, E.AT_OFFICE), "pass_on", E.WAIT_OFFICE, None),  # names one colleague
        ((E.WAIT_HQ, E.AT_HQ), "pass_on", E.WAIT_HQ, None),  # also into another department
        ((E.AT_OFFICE, E.AT_HQ), "answer", E.ANSWERED, None),
        (E.ANSWERED, "confirm", E.CLOSED, None),  # solved
        (E.ANSWERED, "send_back", E.AT_OFFICE, None),  # not solved; the office had answered
        (E.ANSWERED, "send_back_to_hq", E.AT_HQ, None),  # headquarters had answered
        (SUPPORTING, "withdraw", E.WITHDRAWN, gives_reason),
        (WITH_MAKER, "merge", E.MERGED, gives_reason),
    ]
)


def has_address(row: GoodsReturn) -> str | None:
    """Who agrees says where to, who pays and until when."""
    return None if row.ship_to.strip() and row.freight and row.send_until else "ship_to_missing"


def travels(row: GoodsReturn) -> str | None:
    """What travels has a carrier and a waybill."""
    return None if row.carrier and row.waybill else "waybill_wrong"


def is_concluded(row: GoodsReturn) -> str | None:
    """An inspection says what was found, and concludes."""
    return None if row.conclusion and row.inspection.strip() else "inspection_missing"


def stays_there(row: GoodsReturn) -> str | None:
    """Only what was scrapped or taken back ends at the factory."""
    return None if row.decision in STAYS_THERE else "goods_travel_back"


def travels_back(row: GoodsReturn) -> str | None:
    """What was scrapped or taken back is not sent back; everything else with a waybill."""
    if row.decision in STAYS_THERE:
        return "goods_stay_there"
    return None if row.back_carrier and row.back_waybill else "waybill_wrong"


def ends_with_reason(row: GoodsReturn) -> str | None:
    """Refusing and cancelling say why."""
    return None if row.end_reason.strip() else "reason_missing"


G = ReturnState

GOODS_RETURN = Table(
    [
        # from              verb          to              guard
        (G.ASKED, "agree", G.AGREED, has_address),
        (G.ASKED, "refuse", G.REFUSED, ends_with_reason),
        ((G.ASKED, G.AGREED), "cancel", G.CANCELLED, ends_with_reason),  # before it leaves
        (G.AGREED, "ship", G.SHIPPED, travels),
        (G.SHIPPED, "receive", G.RECEIVED, None),  # scanned at the gate
        (G.RECEIVED, "inspect", G.INSPECTED, is_concluded),
        (G.INSPECTED, "decide", G.DECIDED, None),
        (G.INSPECTED, "quote", G.QUOTED, None),  # 收费报价
        (G.QUOTED, "accept", G.DECIDED, None),
        (G.QUOTED, "decline", G.DECIDED, None),  # goes back as it came
        (G.DECIDED, "send_back", G.SENT_BACK, travels_back),
        (G.DECIDED, "close", G.CLOSED, stays_there),
        (G.SENT_BACK, "take_back", G.CLOSED, None),  # the dealer has it again
    ]
)
