"""What tickets add to the pages of a customer and of a machine: the service history, and the way to a new report."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from core import rights
from core.tenancy import Viewer
from equipment.models import Customer, Machine
from equipment.queries.sections import Link, Section
from tickets.models import TicketMachine
from tickets.queries import lists

TEMPLATE = "tickets/_history.html"


def of_customer(viewer: Viewer, customer: Customer) -> Section:
    """All tickets of the customer."""
    return _section(lists.of_customer(viewer, customer.pk), customer=customer.public_id)


def of_machine(viewer: Viewer, machine: Machine) -> Section:
    """All tickets of the machine."""
    return _section(lists.of_machine(viewer, machine.pk), machine=machine.public_id)


def report_of_customer(viewer: Viewer, customer: Customer) -> Link | None:
    """A new report of this customer."""
    return _report(viewer, customer=customer.public_id) if customer.active else None


def report_of_machine(viewer: Viewer, machine: Machine) -> Link | None:
    """A new report about this machine."""
    if not machine.active:
        return None
    return _report(viewer, customer=machine.customer.public_id, machines=machine.public_id)


def sticker_of_machine(viewer: Viewer, machine: Machine) -> Link | None:
    """A QR label for the machine."""
    if not machine.active or not rights.may_ever(viewer, "ticket.stickers"):
        return None
    return Link(_("QR label"), f"{reverse('tickets:stickers')}?{urlencode({'machines': machine.public_id})}", "printer")


def return_of_machine(viewer: Viewer, machine: Machine) -> Link | None:
    """An application to send the machine to the factory."""
    if not machine.active or machine.manufacturer_id in viewer.own_makers:
        return None
    if not rights.may_ever(viewer, "goods_return.apply"):
        return None
    return Link(
        _("To the factory"), f"{reverse('tickets:return_new')}?{urlencode({'machine': machine.public_id})}", "factory"
    )


def has_tickets(viewer: Viewer, machine: Machine) -> bool:
    """Whether there is work on this machine: then its manufacturer stays."""
    return TicketMachine.objects.visible_to(viewer).filter(machine=machine).exists()


def _section(history: lists.History, **narrowed: str) -> Section:
    everything = f"{reverse('tickets:tickets')}?{urlencode({'state': 'all', **narrowed})}" if history.more else ""
    has_cost = any(row.cost for row in history.rows)
    return Section(TEMPLATE, {"rows": history.rows, "everything": everything, "has_cost": has_cost})


def _report(viewer: Viewer, **given: str) -> Link | None:
    if not rights.may_ever(viewer, "ticket.report"):
        return None
    return Link(_("New report"), f"{reverse('tickets:new')}?{urlencode(given)}", "plus")
