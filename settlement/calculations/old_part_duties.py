"""What it does that an old part stays away: reminder, hold, deduction, block (domain.md 10). Pure."""

from __future__ import annotations

from datetime import date, timedelta

from settlement.enums import OldPartDuty, PartFinding

#: domain.md 10: due 30 days after completion; an extension moves this day, and all that follows with it
DUE_AFTER = timedelta(days=30)
#: domain.md 10: the dealer is reminded on day 20
REMIND_ON = timedelta(days=20)
#: domain.md 10: after this many days the duty is heavier, the heaviest first; on the day itself it is still in time
AFTER = (
    (timedelta(days=90), OldPartDuty.BLOCK),
    (timedelta(days=60), OldPartDuty.DEDUCT),
    (DUE_AFTER, OldPartDuty.HOLD),
)
#: domain.md 10: an appraisal reverses an approval within this time
REVERSAL_WITHIN = timedelta(days=90)
#: findings that take back what was approved for the part (domain.md 10); what is proved or cannot be decided stands
REVERSING = frozenset(
    {PartFinding.NOT_QUALITY, PartFinding.SHORT, PartFinding.MISMATCH, PartFinding.NOT_GENUINE}
)  # fmt: skip


def duty(due_on: date, day: date) -> OldPartDuty:
    """The duty on a day for a part that is still at the dealer's.

    due_on: last day on which it may be shipped, the 30th after completion, later by what was granted. day: on a Chinese calendar.
    """
    age = day - due_on + DUE_AFTER
    for limit, heavier in AFTER:
        if age > limit:
            return heavier
    return OldPartDuty.REMIND if age >= REMIND_ON else OldPartDuty.NONE


def due_before(wanted: OldPartDuty, day: date) -> date:
    """Parts that are due before this day have the duty, or a heavier one, on `day`. Errors: KeyError for NONE, which every part has."""
    if wanted is OldPartDuty.REMIND:
        return day - REMIND_ON + DUE_AFTER + timedelta(days=1)
    limit = {heavier: limit for limit, heavier in AFTER}[wanted]
    return day - limit + DUE_AFTER


def reverses(finding: str, approved_on: date | None, appraised_on: date) -> bool:
    """Whether a finding takes back what was approved. approved_on: of the claim, None = not approved. The 90th day still counts."""
    return finding in REVERSING and approved_on is not None and appraised_on <= approved_on + REVERSAL_WITHIN


def last_day(due_on: date, wanted: OldPartDuty) -> date:
    """The last day on which a part that is due then does not have the duty yet."""
    limit = {heavier: limit for limit, heavier in AFTER}[wanted]
    return due_on - DUE_AFTER + limit
