"""What old parts that stay away, or turn out to be others, cost the dealer; and telling him before (domain.md 10, 20)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from core.calendars import local_date
from core.tenancy import Viewer
from settlement import notices
from settlement.enums import OldPartCost
from settlement.models import OldPart, OldPartCharge, OldPartReminder
from settlement.queries import old_part_duties
from tickets.operations.steps import columns_of


@transaction.atomic
def remind_due(*, viewer: Viewer, now: datetime, limit: int = 200) -> int:
    """Tell a dealer's people what their old parts do by now: on day 20, when overdue, after 60 and 90 days, once each.

    Returns how many parts they were told of, 0 = nothing is left. One notice for each duty, however many parts. The mark that somebody
    was told is written with the notices: a second run tells nobody again.
    """
    due = old_part_duties.to_remind(viewer, local_date(now), limit)
    OldPartReminder.objects.bulk_create(
        [OldPartReminder(dealer_id=viewer.org, part=part, duty=duty, due_on=part.due_on, at=now) for part, duty in due]
    )
    for duty in dict.fromkeys(duty for _part, duty in due):
        notices.tell_old_parts_due(viewer, duty, [part for part, other in due if other == duty], now)
    return len(due)


def mark_reversal(viewer: Viewer, part: OldPart, now: datetime) -> None:
    """After an appraisal: what was approved for this part within the last 90 days is taken back by the next statement.

    Nothing happens when the finding takes nothing back, or when the part has been charged already: it costs once. The dealer is told.
    """
    amount = old_part_duties.reversal_amount(viewer, part)
    if not amount or OldPartCharge.objects.visible_to(viewer).filter(part=part).exists():
        return
    OldPartCharge(
        part=part, kind=OldPartCost.REVERSAL, amount=amount, because=part.finding, marked_on=local_date(now), **columns_of(part)
    ).save(force_insert=True)  # fmt: skip
    notices.old_part_reversed(viewer, part, now)


def lift_reversal(viewer: Viewer, part: OldPart) -> None:
    """A part that was missing has turned up: its reversal is gone, unless a statement has taken it."""
    waiting = OldPartCharge.objects.visible_to(viewer).filter(part=part, kind=OldPartCost.REVERSAL, taken_on=None)
    waiting.delete()


@transaction.atomic
def take_charges(
    *, viewer: Viewer, dealer_id: int, manufacturer_id: int, day: date, statement: str
) -> list[OldPartCharge]:
    """Put what old parts cost into a statement, for the operation that closes the month: whatever it answers was never taken before.

    day: of the statement; statement: its number. Effects: a deduction for each part that is more than 60 days away, and the reversals
    that wait; both carry day and number from now on. Only headquarters, whose statement it is, writes them; the caller has asked for the right.
    """
    old_part_duties.lock_unreturned(viewer, dealer_id, manufacturer_id, day)
    taken = old_part_duties.lock_reversals(viewer, dealer_id, manufacturer_id)
    for charge in taken:
        charge.taken_on, charge.taken_by = day, statement
        charge.save(update_fields=["taken_on", "taken_by"])
    for due in old_part_duties.deductions(viewer, dealer_id, manufacturer_id, day):
        made = OldPartCharge(
            part=due.part, kind=OldPartCost.DEDUCTION, amount=due.amount, marked_on=day, taken_on=day, taken_by=statement,
            **columns_of(due.part),
        )  # fmt: skip
        made.save(force_insert=True)
        taken.append(made)
    return taken


def give_back_charges(viewer: Viewer, statement: str) -> None:
    """A statement was made void: its deductions are gone, its reversals wait for the next one. statement: its number."""
    taken = OldPartCharge.objects.visible_to(viewer).filter(taken_by=statement)
    taken.filter(kind=OldPartCost.DEDUCTION).delete()
    taken.filter(kind=OldPartCost.REVERSAL).update(taken_on=None, taken_by="")
