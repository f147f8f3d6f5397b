"""Ways from a ticket's page that upper rooms add: asking for a pre-authorisation, a customer's debt (as equipment.queries.sections)."""

from __future__ import annotations

from collections.abc import Callable

from core.tenancy import Viewer
from equipment.queries.sections import Link
from tickets.models import Ticket

#: in an upper room's `apps.py`: ``sections.ticket_links.append(ask_link)``; costs no statement
ticket_links: list[Callable[[Viewer, Ticket], Link | None]] = []
