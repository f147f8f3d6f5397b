"""From a slip and what the dealer adds to the lines of a claim, by the engine of `claim.py` (domain.md 9.2). Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from core.cases import CHINA_DAYS, Step
from core.money import ZERO
from core.working_days import WorkingDays
from settlement.calculations.cards import HoursFacts
from settlement.calculations.claim import ClaimSlip, FittedPart, Operation, RateCard, Work, claim
from settlement.enums import FeeItem

#: the frame size in a model: the first number of two or three digits after a dash, YE3-160M-4
_SIZE = re.compile(r"-(\d{2,3})(?!\d)")


@dataclass(frozen=True, slots=True)
class TripFacts:
    """A trip as it was recorded. km: one way; None where nobody wrote it."""

    set_out: datetime | None
    arrived: datetime
    left: datetime
    people: int
    km: Decimal | None


@dataclass(frozen=True, slots=True)
class PartFacts:
    """A part line of the slip; price None = free or not written."""

    code: str
    name: str
    quantity: Decimal
    price: Decimal | None
    source: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the dealer claims beside the slip. work: codes with their standard hours; money in yuan with tax, lodging by invoice."""

    work: Sequence[HoursFacts] = ()
    one_way_km: Decimal = Decimal(0)
    trips: int = 1
    people: int = 1
    left: datetime | None = None
    back: datetime | None = None
    lodging_invoice: Decimal = ZERO
    consumables: Decimal = ZERO
    old_part_freight: Decimal = ZERO
    other: Decimal = ZERO
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that can be claimed. label: which work or part."""

    item: FeeItem
    label: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Priced:
    """Lines, their sum, and how each came about."""

    lines: tuple[Line, ...]
    total: Decimal
    steps: tuple[Step, ...]


def frame_size(model: str) -> int | None:
    """The frame size in millimetres that a motor's model names; None where it names none."""
    found = _SIZE.search(model)
    return int(found[1]) if found else None


def proposal(trips: Sequence[TripFacts], finished: datetime) -> Facts:
    """What a slip itself says of way and people: the farthest trip, once (a second one wants an authorisation, domain.md 9.5 A8).

    The way back is taken to be as long as the way there.
    """
    if not trips:
        return Facts(trips=0, left=finished - timedelta(hours=1), back=finished)  # solved by phone
    first = trips[0]
    left = min(first.set_out or first.arrived, first.arrived)
    way = first.arrived - left
    back = first.left + way
    return Facts(
        one_way_km=max((trip.km for trip in trips if trip.km is not None), default=Decimal(0)),
        people=max(1, *(trip.people for trip in trips)),
        left=left if left < back else back - timedelta(minutes=1),
        back=back,
    )


def priced(
    card: RateCard,
    facts: Facts,
    parts: Sequence[PartFacts],
    work: Sequence[tuple[datetime, datetime]],
    days: WorkingDays = CHINA_DAYS,
) -> Priced:
    """The lines of a claim by this card. work: times on site.

    Parts that the card pays nothing for are left out, so that what the dealer gave for them is not told.

    Errors: Wrong of slip.one_way_km beyond the last band.
    """
    assert facts.left is not None
    assert facts.back is not None
    fitted = [(part, part.price) for part in parts if part.price is not None and card.part_factors[part.source]]
    result = claim(
        card,
        ClaimSlip(
            operations=tuple(Operation(row.code, row.hours) for row in facts.work),
            one_way_km=facts.one_way_km,
            people=facts.people,
            left=facts.left,
            back=facts.back,
            trips=facts.trips,
            lodging_invoice=facts.lodging_invoice,
            work=tuple(Work(start, end) for start, end in work),
            parts=tuple(FittedPart(part.code, part.quantity, price, part.source) for part, price in fitted),
            consumables=facts.consumables,
            old_part_freight=facts.old_part_freight,
            other=facts.other,
        ),
        days,
    )
    labels = {
        FeeItem.LABOUR: [f"{row.code} {row.name}".strip() for row in facts.work],
        FeeItem.PART: [f"{part.code} {part.name} × {part.quantity.normalize():f}" for part, _price in fitted],
    }
    lines = tuple(
        Line(line.item, "" if line.place is None else labels[line.item][line.place], line.amount)
        for line in result.lines
    )
    return Priced(lines, result.total, result.steps)
