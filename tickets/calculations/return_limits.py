"""Until when the next step of a return to the factory is to be taken. Pure.

domain.md 17 wants a limit only for sending it, which the manufacturer names; the other days are our own.
"""

from __future__ import annotations

from datetime import date, timedelta

from tickets.enums import ReturnState

DAYS = {
    ReturnState.ASKED: 5,  # the manufacturer answers
    ReturnState.SHIPPED: 15,  # it arrives at the gate
    ReturnState.RECEIVED: 10,  # inspected
    ReturnState.INSPECTED: 5,  # decided
    ReturnState.QUOTED: 10,  # the dealer answers the offer
    ReturnState.DECIDED: 15,  # repaired and sent back
    ReturnState.SENT_BACK: 15,  # it arrives at the dealer's
}


def due(state: str, today: date, send_until: date | None) -> date | None:
    """The last day on which the step that a state waits for is in time; None when it waits for nothing. send_until: as the manufacturer named it."""
    if state == ReturnState.AGREED:
        return send_until
    days = DAYS.get(ReturnState(state))
    return today + timedelta(days=days) if days else None
