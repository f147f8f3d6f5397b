"""The whole life of an old part, of a box of them, of a claim and of a statement, readable by the service manager (domain.md 9.4 to 11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.transitions import Table
from settlement.enums import CLAIM_WRITTEN, BoxState, OldPartState, StatementState
from settlement.enums import ClaimState as C
from settlement.enums import DebtState as D

if TYPE_CHECKING:
    from settlement.models import Claim, OldPart, ReturnBox, Statement

P = OldPartState


def is_in_a_box(part: OldPart) -> str | None:
    """A packed part lies in a box."""
    return None if part.box_id else "box_missing"


def has_finding(part: OldPart) -> str | None:
    """An appraisal says what was found."""
    return None if part.finding else "finding_missing"


def has_photo(part: OldPart) -> str | None:
    """Destroying is proved by a photo."""
    return None if part.photo else "destruction_photo_missing"


OLD_PART = Table(
    [
        # from                          verb                to             guard
        (P.DUE, "pack", P.BOXED, is_in_a_box),
        (P.BOXED, "unpack", P.DUE, None),
        (P.BOXED, "ship", P.SHIPPED, is_in_a_box),
        (P.SHIPPED, "receive", P.RECEIVED, None),
        (P.SHIPPED, "miss", P.MISSING, None),  # was not in the box when it was counted
        (P.MISSING, "find", P.RECEIVED, None),  # turned up later
        (P.RECEIVED, "take", P.APPRAISING, None),
        ((P.RECEIVED, P.APPRAISING), "confirm", P.CONFIRMED, has_finding),
        ((P.RECEIVED, P.APPRAISING), "mismatch", P.MISMATCH, has_finding),
        ((P.RECEIVED, P.APPRAISING), "short", P.MISSING, has_finding),
        (P.CONFIRMED, "claim", P.CLAIMED, None),  # 认领: the supplier takes it
        ((P.CONFIRMED, P.MISMATCH), "destroy", P.DESTROYED, has_photo),
        ((P.CONFIRMED, P.MISMATCH), "give_back", P.RETURNED, None),
        ((P.DUE, P.BOXED), "exempt", P.EXEMPT, None),  # headquarters agreed that it need not go back
        ((P.DUE, P.BOXED, P.EXEMPT), "void", P.VOID, None),  # its slip is void; what has left goes its way
    ]
)


def has_waybill(box: ReturnBox) -> str | None:
    """A box travels with a carrier and a waybill."""
    return None if box.carrier and box.waybill else "waybill_wrong"


RETURN_BOX = Table(
    [
        (BoxState.PACKING, "ship", BoxState.SHIPPED, has_waybill),
        (BoxState.SHIPPED, "receive", BoxState.RECEIVED, None),
    ]
)


DEBT = Table(
    [
        # from                          verb       to
        ((D.OPEN, D.PART, D.PAID), "part", D.PART, None),
        ((D.OPEN, D.PART, D.PAID), "settle", D.PAID, None),
        ((D.PART, D.PAID), "empty", D.OPEN, None),  # all that was written was corrected
        ((D.OPEN, D.PART), "waive", D.WAIVED, None),
    ]
)


def first_appeal(claim: Claim) -> str | None:
    """申诉 once only."""
    return "appealed_before" if claim.appealed_at else None


CLAIM = Table(
    [
        # from                                 verb         to           guard
        (CLAIM_WRITTEN, "submit", C.FIRST, None),
        (C.FIRST, "take_back", C.DRAFT, None),  # nobody has decided yet
        (C.FIRST, "pass", C.SECOND, None),
        (C.FIRST, "check_refuse", C.REFUSED, None),  # 系统自审: by the checks (operations/checks.py)
        (C.FIRST, "check_return", C.RETURNED, None),
        (C.FIRST, "check_approve", C.APPROVED, None),
        ((C.FIRST, C.SECOND), "send_back", C.RETURNED, None),
        (C.SECOND, "approve", C.APPROVED, None),
        (C.SECOND, "refuse", C.REFUSED, None),
        ((C.APPROVED, C.REFUSED), "appeal", C.APPEALED, first_appeal),
        (C.APPEALED, "approve", C.APPROVED, None),
        (C.APPEALED, "refuse", C.REFUSED, None),
        (C.APPROVED, "agree", C.AGREED, None),
        ((*CLAIM_WRITTEN, C.REFUSED), "charge", C.CHARGED, None),
        (CLAIM_WRITTEN, "void", C.VOID, None),
        (C.AGREED, "state", C.STATED, None),  # by the month close
        (C.STATED, "unstate", C.AGREED, None),  # its statement was made void
        (C.STATED, "settle", C.SETTLED, None),
        (C.SETTLED, "unsettle", C.STATED, None),  # a payment was a mistake
    ]
)


def nothing_to_pay(statement: Statement) -> str | None:
    """Without payment a statement closes only when there is none to make."""
    return "statement_unpaid" if statement.payable else None


def something_to_pay(statement: Statement) -> str | None:
    """An invoice over nothing cannot be."""
    return None if statement.payable else "statement_empty"


S = StatementState
STATEMENT = Table(
    [
        # from                                 verb         to           guard
        (S.CHECKING, "object", S.CHECKING, None),
        (S.CHECKING, "confirm", S.CONFIRMED, None),
        (S.CHECKING, "set_rate", S.CHECKING, None),
        (S.CONFIRMED, "notify", S.NOTIFIED, something_to_pay),
        (S.NOTIFIED, "invoice", S.INVOICED, None),
        (S.INVOICED, "verify", S.RECEIVED, None),
        (S.INVOICED, "reject", S.NOTIFIED, None),
        (S.RECEIVED, "reverse", S.NOTIFIED, None),  # 冲红, before anything is paid
        ((S.RECEIVED, S.PAYING), "pay", S.PAYING, None),
        ((S.RECEIVED, S.PAYING), "pay_rest", S.PAID, None),
        ((S.PAYING, S.PAID), "unpay", S.PAYING, None),
        ((S.PAYING, S.PAID), "unpay_all", S.RECEIVED, None),
        (S.PAID, "close", S.CLOSED, None),
        (S.CONFIRMED, "close", S.CLOSED, nothing_to_pay),
        ((S.CHECKING, S.CONFIRMED, S.NOTIFIED), "void", S.VOID, None),
    ]
)
