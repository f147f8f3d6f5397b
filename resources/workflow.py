"""The whole life of a request to swap (domain.md 14: swap with consent)."""

from __future__ import annotations

from core.transitions import Table
from resources.enums import SwapState

S = SwapState

SWAP = Table(
    [
        # from     verb         to            guard
        (S.ASKED, "agree", S.AGREED, None),  # the colleague; before the shift begins
        (S.ASKED, "decline", S.DECLINED, None),  # the colleague
        (S.ASKED, "withdraw", S.WITHDRAWN, None),  # who asked
        (S.ASKED, "approve", S.APPROVED, None),  # the desk in his place, in an emergency and with a reason
        (S.ASKED, "reject", S.REJECTED, None),  # the desk, with a reason
        (S.ASKED, "expire", S.EXPIRED, None),  # the shift has begun
        (S.ASKED, "overtake", S.OVERTAKEN, None),  # somebody changed the shift meanwhile
    ]
)
