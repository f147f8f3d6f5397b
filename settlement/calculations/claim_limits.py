"""Until when the next step of a claim is to be taken (domain.md 9.4, deadlines). Pure."""

from __future__ import annotations

from datetime import date, timedelta

from core.cases import CHINA_DAYS
from core.working_days import WorkingDays
from settlement.enums import ClaimState

#: days in which the dealer submits after the job was finished
SUBMIT_DAYS = 30
#: days in which he submits again what was sent back
AGAIN_DAYS = 10
#: working days of the first review, the second one, an appeal and the dealer's answer to a decision
REVIEW_DAYS = {
    ClaimState.FIRST: 3,
    ClaimState.SECOND: 5,
    ClaimState.APPEALED: 5,
    ClaimState.APPROVED: 5,
    ClaimState.REFUSED: 5,
}


#: working days of a silent reviewer after which somebody above him is told (our own; domain.md 9.4: reminder, then escalation)
SILENT_DAYS = 3


def days_late(due_on: date, today: date, days: WorkingDays = CHINA_DAYS) -> int:
    """Working days from the day after the last one that was in time until today, both counted; 0 while it is in time."""
    return max(days.before(today.toordinal() + 1) - days.before(due_on.toordinal() + 1), 0)


def over_since(today: date, late: int, days: WorkingDays = CHINA_DAYS) -> date:
    """The latest due day that is over by so many working days today, at least one."""
    found = days.nth(days.before(today.toordinal() + 1) - late + 1)
    return date.fromordinal(found - 1) if found else date.min


def due(state: str, since: date, days: WorkingDays = CHINA_DAYS) -> date:
    """The last day on which what a state waits for is in time. since: the day it began, for a draft the day the job was finished."""
    if state == ClaimState.DRAFT:
        return since + timedelta(days=SUBMIT_DAYS)
    if state == ClaimState.RETURNED:
        return since + timedelta(days=AGAIN_DAYS)
    count = REVIEW_DAYS.get(ClaimState(state))
    if count is None:
        return since
    found = days.nth(days.before(since.toordinal() + 1) + count)
    return date.fromordinal(found) if found else date.max
