"""The whole life of an old part and of a box of them, readable by the service manager (domain.md 10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.transitions import Table
from settlement.enums import BoxState, OldPartState

if TYPE_CHECKING:
    from settlement.models import OldPart, ReturnBox

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
