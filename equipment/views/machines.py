"""Pages of machines: list, entry at a customer, the machine with its history and code."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import rights
from core.errors import Refused
from core.exports import Listing
from core.forms import apply_refusal
from core.paging import cut_page
from core.stale import stale_page
from core.tables import render_list, table_of
from core.tenancy import Viewer
from equipment.forms import MachineFilters, MachineForm, MoreMachineFilters, machine_filter
from equipment.models import Machine
from equipment.operations.machines import MachineFacts, add_machine, change_machine, restore_machine, scrap_machine
from equipment.queries import catalogue, customers, machines, merging, sections
from equipment.tables import MACHINE_COLUMNS, machine_row
from equipment.views.customers import draft_key
from partners.access import Request


def _listing(viewer: Viewer, filters: MachineFilters, more: MoreMachineFilters) -> Listing:
    return Listing(_("Machines"), MACHINE_COLUMNS, machines.listing(viewer, machine_filter(filters, more)), machine_row)


def export(viewer: Viewer, params: QueryDict) -> Listing:
    """The list for its export."""
    rights.require(viewer, "machine.list")
    return _listing(viewer, MachineFilters(params, viewer=viewer), MoreMachineFilters(params))


@require_GET
def machine_list(request: Request) -> HttpResponse:
    """All machines of the dealer's customers, last changed first."""
    viewer = request.viewer
    rights.require(viewer, "machine.list")
    filters, more = MachineFilters(request.GET, viewer=viewer), MoreMachineFilters(request.GET)
    listing = _listing(viewer, filters, more)
    table = table_of(
        request,
        cut_page(request.GET, listing.rows, orders=machines.ORDERS, default="-recent"),
        caption=_("Machines"),
        columns=MACHINE_COLUMNS,
        row=machine_row,
        filters=[filters, more],
        empty=(_("Machines are entered at their customer."), reverse("equipment:customers"), _("Customers")),
        none_found=_("No machine fits these filters."),
        clear_label=_("Clear the filters"),
        keep=True,
        export="machines",
    )
    context = {
        "table": table,
        "rows_template": "equipment/_machine_rows.html",
        "filters": filters,
        "more": more,
        "more_open": any(more.data.get(name) for name in more.fields),
        "page_title": _("Machines"),
    }
    return render_list(request, "equipment/machines.html", context)


@require_http_methods(["GET", "POST"])
def new_machine(request: Request, public_id: str) -> HttpResponse:
    """Enter a machine at a customer (public_id is the customer's)."""
    viewer = request.viewer
    customer = customers.one(viewer, public_id)
    rights.require(viewer, "machine.add")
    form = MachineForm(request.POST or None, viewer=viewer)
    taken = None
    if request.method == "POST" and form.is_valid():
        facts = MachineFacts(**form.facts())
        try:
            machine = add_machine(viewer=viewer, customer=customer, facts=facts, now=timezone.now())
        except Refused as refusal:
            taken = _holder(viewer, refusal, facts)
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": machine})
            return redirect("equipment:machine", machine.public_id)
    way_back = (reverse("equipment:customer", args=[public_id]), customer.name)
    return _form_page(request, form, _("New machine"), way_back, taken)


@require_http_methods(["GET", "POST"])
def edit_machine(request: Request, public_id: str) -> HttpResponse:
    """Change a machine; a stale page shows both versions (409)."""
    viewer = request.viewer
    machine = machines.one(viewer, public_id)
    rights.require(viewer, "machine.change", machine)
    initial = MachineForm.initial_of(machine)
    form = MachineForm(request.POST or None, viewer=viewer, initial=initial)
    page = reverse("equipment:machine", args=[public_id])
    taken = None
    if request.method == "POST" and form.is_valid():
        facts, version = MachineFacts(**form.facts()), form.cleaned_data["version"] or 0
        try:
            change_machine(
                viewer=viewer, public_id=public_id, facts=facts, expected_version=version, now=timezone.now()
            )
        except Refused as refusal:
            if refusal.code == "stale":
                theirs = MachineForm(viewer=viewer, initial=initial)
                again = reverse("equipment:machine_edit", args=[public_id])
                return stale_page(request, refusal, mine=form, theirs=theirs, version=machine.version, again_url=again)
            taken = _holder(viewer, refusal, facts)
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("The machine is saved."))
            return redirect(page)
    merge_url = ""
    if taken is not None and rights.may(viewer, "machine.merge", machine):
        merge_url = (
            reverse("equipment:machine_merge", args=[public_id]) + "?" + urlencode({"number": taken.serial_number})
        )
    return _form_page(request, form, _("Edit machine"), (page, str(machine)), taken, merge_url)


@require_GET
def machine_page(request: Request, public_id: str) -> HttpResponse:
    """One machine: facts, host machine, conditions, code, and what upper rooms add (the service history)."""
    viewer = request.viewer
    machine = machines.one(viewer, public_id)
    rights.require(viewer, "machine.read", machine)
    customer = machine.customer
    links = sections.collect(sections.machine_links, viewer, machine)
    context = {
        "machine": machine,
        "facts": facts_of(machine),
        "host": host_of(machine),
        "qr": qr_svg(machine),
        "qr_url": qr_url(machine),
        "sections": sections.collect(sections.of_machine, viewer, machine),
        "first_link": links[0] if links else None,
        "links": links[1:],
        "may_change": rights.may(viewer, "machine.change", machine),
        "may_merge": machine.active and rights.may(viewer, "machine.merge", machine),
        "merges": merging.of_row(viewer, "machine", machine.pk, timezone.now()),
        "may_scrap": rights.may(viewer, "machine.scrap", machine),
        "crumbs": [
            (reverse("equipment:customers"), _("Customers")),
            (reverse("equipment:customer", args=[customer.public_id]), customer.name),
        ],
    }
    return render(request, "equipment/machine.html", context)


@require_POST
def scrap(request: Request, public_id: str) -> HttpResponse:
    """Mark a machine as scrapped; the page offers to undo it."""
    scrap_machine(viewer=request.viewer, public_id=public_id, now=timezone.now())
    messages.success(request, _("The machine is marked as scrapped."))
    return redirect("equipment:machine", public_id)


@require_POST
def restore(request: Request, public_id: str) -> HttpResponse:
    """Take a scrapped machine back into use."""
    restore_machine(viewer=request.viewer, public_id=public_id, now=timezone.now())
    messages.success(request, _("The machine is in use again."))
    return redirect("equipment:machine", public_id)


def qr_url(machine: Machine) -> str:
    """The address behind the machine's code (domain.md 18.4)."""
    return f"{settings.SITE_URL}/q/{machine.qr_code}"


def qr_svg(machine: Machine) -> SafeString:
    """The code as a picture for the page; black on white in dark mode, too, or scanners fail."""
    code = segno.make(qr_url(machine), error="m", micro=False)
    picture = code.svg_inline(scale=4, border=4, light="#fff", svgclass="qr", lineclass="", omitsize=True)
    return mark_safe(picture)  # noqa: S308  # made from our own address by segno, nothing of it is typed


def facts_of(machine: Machine) -> list[tuple[str, Any]]:
    """Label and value of what is written about a machine; the host machine stands by itself."""
    conditions = "、".join(machine.conditions)
    return [
        (_("Product type"), machine.product_type),
        (_("Manufacturer"), machine.manufacturer.label),
        (_("Ex-factory date"), _day(machine.ex_factory_on)),
        (_("Ex-factory batch"), machine.batch),
        (_("Shipping date"), _day(machine.shipped_on)),
        (_("Purchase date (invoice)"), _day(machine.purchased_on)),
        (_("Installation / acceptance date"), _day(machine.accepted_on)),
        (_("Running hours"), _hours(machine)),
        (_("Place of installation"), machine.location),
        (_("Sold by"), machine.sold_by),
        (_("Operating conditions"), ";".join(filter(None, (conditions, machine.conditions_note)))),
        (_("Note"), machine.note),
    ]


def host_of(machine: Machine) -> list[tuple[str, str]]:
    """Brand, model and number of the host machine (配套), or nothing when there is none."""
    pairs = [
        (_("Host machine's brand"), machine.host_brand),
        (_("Host machine's model"), machine.host_model),
        (_("Host machine's number"), machine.host_number),
    ]
    return pairs if any(value for _label, value in pairs) else []


def _day(value: Any) -> str:
    return value.isoformat() if value else ""


def _hours(machine: Machine) -> str:
    hours = machine.running_hours
    return "" if hours is None else _("%(hours)s h") % {"hours": f"{hours.normalize():,f}"}


def _holder(viewer: Viewer, refusal: Refused, facts: MachineFacts) -> Machine | None:
    """The machine that has the serial number already."""
    if refusal.code != "serial_taken":
        return None
    return machines.with_serial(viewer, facts.manufacturer_id, facts.serial_number)


def _form_page(
    request: Request,
    form: MachineForm,
    title: str,
    way_back: tuple[str, str],
    taken: Machine | None,
    merge_url: str = "",
) -> HttpResponse:
    maker_id = form.maker_ids.get(form["manufacturer_id"].value() or "")
    context = {
        "form": form,
        "page_title": title,
        "crumbs": [way_back],
        "cancel_url": way_back[0],
        "draft": draft_key(request),
        "taken": taken,
        "merge_url": merge_url,
        "model_codes": catalogue.model_codes(request.viewer, maker_id) if maker_id else [],
    }
    return render(request, "equipment/machine_form.html", context, status=422 if form.errors else 200)
