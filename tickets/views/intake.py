"""New report: typed while on the telephone (ui.md 3.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import rights
from core.errors import Refused
from core.forms import apply_refusal
from core.models import public_id as random_key
from core.tenancy import Viewer
from core.typed import digits
from equipment.models import Customer, Machine
from equipment.queries import customers, machines
from partners.access import Request
from tickets.forms.report import ReportForm
from tickets.operations.photos import Shot, add_photo
from tickets.operations.take_report import Call, take_report
from tickets.queries import tickets


@dataclass(frozen=True)
class KnownMachine:
    """A machine to tick, with the open tickets that stand on it."""

    machine: Machine
    chosen: bool
    open_tickets: list[Any]


@dataclass(frozen=True)
class Known:
    """What a telephone number brings: customers, the chosen one, its machines."""

    customers: list[Customer]
    chosen: Customer | None
    machines: list[KnownMachine]


def known(viewer: Viewer, phone: str, customer_id: str, machine_ids: list[str]) -> Known:
    """Customers of this number and the machines of the chosen one (the only one is chosen by itself)."""
    found = customers.by_phone(viewer, digits(phone)) if phone else []
    if customer_id and customer_id != "new" and all(item.public_id != customer_id for item in found):
        found = [customers.one(viewer, customer_id), *found]
    exact = [item for item in found if digits(phone) in (item.phone_digits, item.phone2_digits)]
    chosen = next((item for item in found if item.public_id == customer_id), None)
    if chosen is None and customer_id != "new" and len(exact) == 1:
        chosen = exact[0]
    if chosen is None:
        return Known(found, None, [])
    owned = [machine for machine in machines.of_customer(viewer, chosen) if machine.active]
    running = tickets.open_by_machine(viewer, [machine.id for machine in owned])
    only = len(owned) == 1
    return Known(
        found,
        chosen,
        [
            KnownMachine(machine, machine.public_id in machine_ids or only, running.get(machine.id, []))
            for machine in owned
        ],
    )


@require_GET
def lookup(request: Request) -> HttpResponse:
    """The fragment under the telephone number: who calls, and about which machine."""
    rights.require(request.viewer, "ticket.report")
    params = request.GET
    found = known(request.viewer, params.get("phone", ""), params.get("customer", ""), params.getlist("machines"))
    context = {
        "known": found,
        "typed": len(digits(params.get("phone", ""))) >= 4,
        "typed_new": params.get("customer") == "new",
    }
    return render(request, "tickets/_known.html", context)


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """The intake form; saved, it leads to the ticket, whose next step is the dispatch."""
    viewer = request.viewer
    rights.require(viewer, "ticket.report")
    if request.method == "POST":
        form = ReportForm(request.POST, viewer=viewer)
        if form.is_valid():
            try:
                ticket = save(request, form, timezone.now())
            except Refused as refusal:
                apply_refusal(form, refusal)
            else:
                messages.success(request, _("Report %(number)s is saved.") % {"number": ticket.number})
                return redirect("tickets:ticket", ticket.public_id)
        status = 422
    else:
        given = {name: request.GET[name] for name in ("phone", "customer") if name in request.GET}
        form = ReportForm(viewer=viewer, initial=given)
        status = 200
    data = form.data if form.is_bound else form.initial
    chosen = (request.POST if form.is_bound else request.GET).getlist("machines")
    found = known(viewer, str(data.get("phone", "")), str(data.get("customer", "")), chosen)
    context = {
        "form": form,
        "known": found,
        "typed": bool(data.get("phone")),
        "typed_new": data.get("customer") == "new",
    }
    return render(request, "tickets/new.html", context, status=status)


def save(request: Request, form: ReportForm, now: datetime) -> Any:
    """Customer, machines, ticket and photos from one form, in the request's one transaction."""
    viewer = request.viewer
    ticket = take_report(viewer=viewer, call=Call(**form.call()), now=now)
    for upload in request.FILES.getlist("photos"):
        shot = Shot(data=upload.read(), op=random_key(), slot=request.POST.get("photo_slot", "fault"))
        add_photo(viewer=viewer, public_id=ticket.public_id, shot=shot, now=now)
    return ticket
