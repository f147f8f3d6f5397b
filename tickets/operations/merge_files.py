"""Tickets follow when two customers or two machines are merged; what is signed keeps its copy (it has its own words)."""

from __future__ import annotations

from core.errors import Refused
from core.tenancy import Viewer
from tickets.enums import RETURN_ENDED
from tickets.models import GoodsReturn, Ticket, TicketMachine


def move_tickets(viewer: Viewer, source: int, target: int, only: list[int] | None) -> list[int]:
    """The tickets of a customer to another; only: these, back again. Copies of name and site stay as they were told."""
    rows = Ticket.objects.visible_to(viewer).filter(customer_id=source)
    if only is not None:
        rows = rows.filter(id__in=only)
    moved = list(rows.order_by("id").values_list("id", flat=True))
    Ticket.objects.visible_to(viewer).filter(id__in=moved).update(customer_id=target)
    return moved


def move_machines(viewer: Viewer, source: int, target: int, only: list[int] | None) -> list[int]:
    """The history of a machine to another. Errors: Refused("merge_both_on_ticket")."""
    rows = TicketMachine.objects.visible_to(viewer).filter(machine_id=source)
    if only is not None:
        rows = rows.filter(id__in=only)
    moved = list(rows.order_by("id").values_list("id", flat=True))
    on_both = TicketMachine.objects.visible_to(viewer).filter(machine_id=target, ticket__in=rows.values("ticket_id"))
    if on_both.exists():
        raise Refused("merge_both_on_ticket")
    TicketMachine.objects.visible_to(viewer).filter(id__in=moved).update(machine_id=target)
    return moved


def move_returns(viewer: Viewer, source: int, target: int, only: list[int] | None) -> list[int]:
    """The returns to the factory of a machine to another. Errors: Refused("merge_both_return") when both are on their way."""
    rows = GoodsReturn.objects.visible_to(viewer).filter(machine_id=source)
    if only is not None:
        rows = rows.filter(id__in=only)
    moved = list(rows.order_by("id").values_list("id", flat=True))
    both = (
        GoodsReturn.objects.visible_to(viewer).filter(machine_id__in=(source, target)).exclude(state__in=RETURN_ENDED)
    )
    if only is None and both.count() > 1:
        raise Refused("merge_both_return")
    GoodsReturn.objects.visible_to(viewer).filter(id__in=moved).update(machine_id=target)
    return moved
