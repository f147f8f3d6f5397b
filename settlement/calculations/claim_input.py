"""What people type on claims, as forms hand it on and operations take it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.money import ZERO

MOST_PEOPLE, MOST_TRIPS = 50, 50
#: amounts that the dealer writes beside work and way
AMOUNTS = ("lodging_invoice", "consumables", "old_part_freight", "other")


@dataclass(frozen=True)
class Given:
    """What the dealer writes on a claim. work: codes of the card's standard hours; one_way_km: of one trip; money in yuan with tax.

    is_repeat: the same fault came back after a repair.
    """

    work: Sequence[str]
    one_way_km: Decimal
    trips: int
    people: int
    left: datetime
    back: datetime
    lodging_invoice: Decimal = ZERO
    consumables: Decimal = ZERO
    old_part_freight: Decimal = ZERO
    other: Decimal = ZERO
    note: str = ""
    is_repeat: bool = False


@dataclass(frozen=True)
class Word:
    """What a reviewer says of one line: so much is approved, and where that is less than claimed, why (a CutReason)."""

    approved: Decimal
    reason: str = ""
    note: str = ""
