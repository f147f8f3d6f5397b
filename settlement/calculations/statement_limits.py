"""Until when the next step of a statement is to be taken (domain.md 11, monthly rhythm). Pure."""

from __future__ import annotations

from datetime import date, timedelta

from settlement.enums import StatementState

#: day of the following month by which the dealer confirms, and by which the invoice is there
CONFIRM_DAY, INVOICE_DAY = 15, 22
#: days that somebody has at least when a step comes later than that
AT_LEAST = timedelta(days=7)
#: days of the other steps: asking for the invoice, verifying it, paying after that, the dealer's word that the money came
STEP_DAYS = {
    StatementState.CONFIRMED: 3,
    StatementState.INVOICED: 3,
    StatementState.RECEIVED: 30,
    StatementState.PAYING: 30,
    StatementState.PAID: 10,
}


def due(state: str, month: date, since: date) -> date:
    """The last day on which what a state waits for is in time. month: the statement's; since: the day on which the state began."""
    if state == StatementState.CHECKING:
        return max(following(month).replace(day=CONFIRM_DAY), since + AT_LEAST)
    if state == StatementState.NOTIFIED:
        return max(following(month).replace(day=INVOICE_DAY), since + AT_LEAST)
    return since + timedelta(days=STEP_DAYS.get(StatementState(state), 0))


def following(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)
