"""The states of a claim as a table (domain.md 9.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.transitions import Table
from settlement.enums import CLAIM_WRITTEN
from settlement.enums import ClaimState as C

if TYPE_CHECKING:
    from settlement.models import Claim


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
