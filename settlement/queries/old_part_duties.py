"""What old parts that stay away do to the month's settlement (domain.md 10): for the month close, the reminders and the page of a part.

The settlement price of a part is the manufacturer's list price of its number: both sides read it, while the unit price on the slip is the
dealer's own. A part whose number has no list price costs what was claimed for its line, and nothing when nothing was.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef

from core import rights
from core.calendars import local_date
from core.money import ZERO, cents
from core.tenancy import TenantQuerySet, Viewer
from equipment.models import Part
from settlement.calculations.old_part_duties import due_before, reverses
from settlement.enums import ClaimState, FeeItem, OldPartCost, OldPartDuty
from settlement.models import Claim, OldPart, OldPartCharge, OldPartReminder
from settlement.queries import claims
from settlement.queries.old_parts import unreturned

#: a claim that asks the manufacturer for nothing (any more)
_ENDED = (ClaimState.VOID, ClaimState.CHARGED, ClaimState.REFUSED)
_HEAVIER = (OldPartDuty.REMIND, OldPartDuty.HOLD, OldPartDuty.DEDUCT, OldPartDuty.BLOCK)


@dataclass(frozen=True)
class Deduction:
    """An old part to be deducted. amount: yuan, above zero."""

    part: OldPart
    amount: Decimal


def holds(viewer: Viewer, dealer_id: int, manufacturer_id: int, day: date) -> list[int]:
    """Ids of the claims that are held (暂扣) on this day: a part of their slip is overdue and has cost nothing yet. One statement.

    Once the part is deducted, the claim is free again: the dealer has paid for the part.
    """
    late = _uncharged(viewer, dealer_id, manufacturer_id, OldPartDuty.HOLD, day)
    found = Claim.objects.visible_to(viewer).filter(dealer_id=dealer_id, manufacturer_id=manufacturer_id)
    held = found.filter(slip__in=late.values("slip")).exclude(state__in=_ENDED)
    return list(held.order_by("id").values_list("id", flat=True))


def deductions(viewer: Viewer, dealer_id: int, manufacturer_id: int, day: date) -> list[Deduction]:
    """The parts to be deducted on this day: away for more than 60 days and not charged yet, the first due on top."""
    rows = list(_uncharged(viewer, dealer_id, manufacturer_id, OldPartDuty.DEDUCT, day).order_by("due_on", "id"))
    prices = _list_prices(viewer, manufacturer_id, {part.code for part in rows})
    priced = [(part, _worth(viewer, part, prices)) for part in rows]
    return [Deduction(part, amount) for part, amount in priced if amount]


def reversals(viewer: Viewer, dealer_id: int, manufacturer_id: int) -> list[OldPartCharge]:
    """The reversals that no statement has taken yet, with their parts, the oldest first."""
    rows = OldPartCharge.objects.visible_to(viewer).filter(dealer_id=dealer_id, manufacturer_id=manufacturer_id)
    return list(rows.filter(kind=OldPartCost.REVERSAL, taken_on=None).select_related("part").order_by("id"))


def _uncharged(
    viewer: Viewer, dealer_id: int, manufacturer_id: int, heavy: OldPartDuty, day: date
) -> TenantQuerySet[OldPart]:
    charged = OldPartCharge.objects.visible_to(viewer).filter(part=OuterRef("pk"))
    rows = unreturned(viewer).filter(dealer_id=dealer_id, manufacturer_id=manufacturer_id)
    return rows.filter(~Exists(charged), due_on__lt=due_before(heavy, day))


def reversal_amount(viewer: Viewer, part: OldPart) -> Decimal:
    """What the appraisal of a part takes back, zero when it takes back nothing (domain.md 10).

    Within 90 days of the approval of its slip's claim: what was approved for the part's line; where the card pays nothing for such
    parts, because the manufacturer gave them, its settlement price, as for a part that does not come back.
    """
    claim = _claim(viewer, part)
    if claim is None or part.appraised_at is None or claim.approved is None or claim.state in _ENDED:
        return ZERO
    approved_on = local_date(claim.decided_at) if claim.decided_at else None
    if not reverses(part.finding, approved_on, local_date(part.appraised_at)):
        return ZERO
    line = _line(viewer, part, claim)
    return line.approved if line else _worth(viewer, part, _list_prices(viewer, part.manufacturer_id, {part.code}))


def _worth(viewer: Viewer, part: OldPart, prices: dict[str, Decimal]) -> Decimal:
    """What the part costs the dealer, yuan: its settlement price times its pieces."""
    if part.code in prices:
        return cents(prices[part.code] * part.quantity)
    claim = _claim(viewer, part)
    line = _line(viewer, part, claim) if claim else None
    return line.row.claimed if line else ZERO


def _claim(viewer: Viewer, part: OldPart) -> Claim | None:
    """The claim that stands on the part's slip; who appraises may see the part alone, and no slip."""
    return Claim.objects.visible_to(viewer).filter(slip_id=part.slip_id).exclude(state=ClaimState.VOID).first()


def _line(viewer: Viewer, part: OldPart, claim: Claim) -> claims.Decided | None:
    """The line of a claim that asks for this part; None when it asks for none. Two equal lines are told apart by their order."""
    label = f"{part.code} {part.name} × {part.quantity.normalize():f}"
    same = [line for line in claims.lines(viewer, claim) if line.row.item == FeeItem.PART and line.row.label == label]
    twins = OldPart.objects.visible_to(viewer).filter(
        slip=part.slip_id, code=part.code, quantity=part.quantity, sequence__lt=part.sequence
    )
    place = twins.count() if len(same) > 1 else 0
    return same[place] if place < len(same) else None


def _list_prices(viewer: Viewer, manufacturer_id: int, codes: Collection[str]) -> dict[str, Decimal]:
    if not codes:
        return {}
    rows = Part.objects.visible_to(viewer).filter(manufacturer_id=manufacturer_id, code__in=codes, price__gt=0)
    return {part.code: part.price for part in rows.order_by("id") if part.price is not None}


def charge_of(viewer: Viewer, part: OldPart) -> OldPartCharge | None:
    """What the part costs the dealer; None also for who sees no amounts."""
    if not rights.may(viewer, "claim.list"):
        return None
    return OldPartCharge.objects.visible_to(viewer).filter(part=part).first()


def lock_reversals(viewer: Viewer, dealer_id: int, manufacturer_id: int) -> list[OldPartCharge]:
    """As `reversals`, locked in the order of their ids."""
    rows = OldPartCharge.objects.visible_to(viewer).filter(dealer_id=dealer_id, manufacturer_id=manufacturer_id)
    waiting = rows.filter(kind=OldPartCost.REVERSAL, taken_on=None)
    return list(waiting.select_for_update(of=("self",)).select_related("part").order_by("id"))


def lock_unreturned(viewer: Viewer, dealer_id: int, manufacturer_id: int, day: date) -> None:
    """Lock the parts that could be deducted, so that two month closes do not take one twice."""
    rows = unreturned(viewer).filter(dealer_id=dealer_id, manufacturer_id=manufacturer_id)
    list(rows.filter(due_on__lt=due_before(OldPartDuty.DEDUCT, day)).select_for_update().order_by("id"))


def to_remind(viewer: Viewer, day: date, limit: int) -> list[tuple[OldPart, OldPartDuty]]:
    """A dealer's parts with the duty of this day of which nobody was told yet, locked, the first due on top.

    Of a manufacturer that is not on the platform only the reminder: nothing is settled with it here.
    """
    found: list[tuple[OldPart, OldPartDuty]] = []
    for now, next_one in zip(_HEAVIER, (*_HEAVIER[1:], None), strict=True):
        told = OldPartReminder.objects.visible_to(viewer).filter(
            part=OuterRef("pk"), duty=now, due_on=OuterRef("due_on")
        )
        rows = unreturned(viewer).filter(~Exists(told), due_on__lt=due_before(now, day))
        if next_one is not None:
            rows = rows.filter(due_on__gte=due_before(next_one, day))
        if now is not OldPartDuty.REMIND:
            rows = rows.exclude(manufacturer_id__in=viewer.own_makers)
        locked = rows.select_for_update(of=("self",), skip_locked=True).order_by("due_on", "id")[:limit]
        found += [(part, now) for part in locked]
    return found
