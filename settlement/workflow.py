"""The whole life of an old part, of a box of them, and of a claim, readable by the service manager (domain.md 9.4, 10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.transitions import Table
from settlement.enums import CLAIM_WRITTEN, BoxState, OldPartState
from settlement.enums import ClaimState as C
from settlement.enums import DebtState as D

if TYPE_CHECKING:
    from settlement.models import Claim, OldPart, ReturnBox

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
        ((C.FIRST, C.SECOND), "send_back", C.RETURNED, None),
        (C.SECOND, "approve", C.APPROVED, None),
        (C.SECOND, "refuse", C.REFUSED, None),
        ((C.APPROVED, C.REFUSED), "appeal", C.APPEALED, first_appeal),
        (C.APPEALED, "approve", C.APPROVED, None),
        (C.APPEALED, "refuse", C.REFUSED, None),
        (C.APPROVED, "agree", C.AGREED, None),
        ((*CLAIM_WRITTEN, C.REFUSED), "charge", C.CHARGED, None),
        (CLAIM_WRITTEN, "void", C.VOID, None),
    ]
)
