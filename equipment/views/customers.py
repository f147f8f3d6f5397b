"""Pages of customers: list, entry, the customer with machines and history."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
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
from equipment.forms import CustomerFilters, CustomerForm
from equipment.models import Customer
from equipment.operations.customers import (
    CustomerFacts,
    activate_customer,
    add_customer,
    change_customer,
    deactivate_customer,
)
from equipment.queries import customers, machines, merging, sections
from equipment.tables import CUSTOMER_COLUMNS, customer_row
from partners.access import Request


def _listing(viewer: Viewer, filters: CustomerFilters) -> Listing:
    return Listing(_("Customers"), CUSTOMER_COLUMNS, customers.listing(viewer, filters.facts()), customer_row)


def export(viewer: Viewer, params: QueryDict) -> Listing:
    """The list for its export."""
    rights.require(viewer, "customer.list")
    return _listing(viewer, CustomerFilters(params, viewer=viewer))


@require_GET
def customer_list(request: Request) -> HttpResponse:
    """All customers of the dealer, last changed first."""
    viewer = request.viewer
    rights.require(viewer, "customer.list")
    filters = CustomerFilters(request.GET, viewer=viewer)
    listing = _listing(viewer, filters)
    may_add = rights.may_ever(viewer, "customer.add")
    new = (reverse("equipment:customer_new"), _("New customer")) if may_add else ("", "")
    table = table_of(
        request,
        cut_page(request.GET, listing.rows, orders=customers.ORDERS, default="-recent"),
        caption=_("Customers"),
        columns=CUSTOMER_COLUMNS,
        row=customer_row,
        filters=filters,
        empty=(_("Customers come here when their first report is taken, or by hand."), *new),
        none_found=_("No customer fits these filters."),
        clear_label=_("Clear the filters"),
        keep=True,
        export="customers",
    )
    context = {"table": table, "rows_template": "equipment/_customer_rows.html", "filters": filters, "may_add": may_add}
    return render_list(request, "equipment/customers.html", context | {"page_title": _("Customers")})


@require_http_methods(["GET", "POST"])
def new_customer(request: Request) -> HttpResponse:
    """Enter a customer."""
    viewer = request.viewer
    rights.require(viewer, "customer.add")
    form = CustomerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            customer = add_customer(viewer=viewer, facts=CustomerFacts(**form.facts()), now=timezone.now())
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": customer.name})
            return redirect("equipment:customer", customer.public_id)
    return _form_page(request, form, _("New customer"), (reverse("equipment:customers"), _("Customers")))


@require_http_methods(["GET", "POST"])
def edit_customer(request: Request, public_id: str) -> HttpResponse:
    """Change a customer; a stale page shows both versions (409)."""
    viewer = request.viewer
    customer = customers.one(viewer, public_id)
    rights.require(viewer, "customer.change", customer)
    initial = CustomerForm.initial_of(customer)
    form = CustomerForm(request.POST or None, initial=initial)
    page = reverse("equipment:customer", args=[public_id])
    if request.method == "POST" and form.is_valid():
        facts, version = CustomerFacts(**form.facts()), form.cleaned_data["version"] or 0
        try:
            change_customer(
                viewer=viewer, public_id=public_id, facts=facts, expected_version=version, now=timezone.now()
            )
        except Refused as refusal:
            if refusal.code == "stale":
                theirs = CustomerForm(initial=initial)
                again = reverse("equipment:customer_edit", args=[public_id])
                return stale_page(request, refusal, mine=form, theirs=theirs, version=customer.version, again_url=again)
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": facts.name})
            return redirect(page)
    return _form_page(request, form, _("Edit customer"), (page, customer.name))


@require_GET
def customer_page(request: Request, public_id: str) -> HttpResponse:
    """One customer: facts, machines, and what upper rooms add (the service history)."""
    viewer = request.viewer
    customer = customers.one(viewer, public_id)
    rights.require(viewer, "customer.read", customer)
    links = sections.collect(sections.customer_links, viewer, customer)
    context = {
        "customer": customer,
        "facts": facts_of(customer),
        "machines": machines.of_customer(viewer, customer),
        "sections": sections.collect(sections.of_customer, viewer, customer),
        "first_link": links[0] if links else None,
        "links": links[1:],
        "may_change": rights.may(viewer, "customer.change", customer),
        "may_merge": customer.active and rights.may(viewer, "customer.merge", customer),
        "merges": merging.of_row(viewer, "customer", customer.pk, timezone.now()),
        "may_add_machine": customer.active and rights.may(viewer, "machine.add"),
        "crumbs": [(reverse("equipment:customers"), _("Customers"))],
    }
    return render(request, "equipment/customer.html", context)


@require_POST
def deactivate(request: Request, public_id: str) -> HttpResponse:
    """Take a customer out of use; the page offers to undo it."""
    customer = deactivate_customer(viewer=request.viewer, public_id=public_id, now=timezone.now())
    messages.success(request, _("%(name)s is deactivated.") % {"name": customer.name})
    return redirect("equipment:customer", public_id)


@require_POST
def activate(request: Request, public_id: str) -> HttpResponse:
    """Take a customer back into use."""
    customer = activate_customer(viewer=request.viewer, public_id=public_id, now=timezone.now())
    messages.success(request, _("%(name)s is in use again.") % {"name": customer.name})
    return redirect("equipment:customer", public_id)


def facts_of(customer: Customer) -> list[tuple[str, str]]:
    """Label and value of what is written about a customer; name, telephone and state stand elsewhere on the page."""
    return [
        (_("Address"), customer.full_address),
        (_("Contact"), customer.contact),
        (_("Industry"), customer.industry),
        (_("Grade"), customer.get_grade_display()),
        (_("Source"), customer.get_source_display()),
        (_("Unified credit code"), customer.credit_code),
        (_("Note"), customer.note),
    ]


def _form_page(request: Request, form: CustomerForm, title: str, way_back: tuple[str, str]) -> HttpResponse:
    context = {
        "form": form,
        "page_title": title,
        "crumbs": [way_back],
        "cancel_url": way_back[0],
        "draft": draft_key(request),
    }
    return render(request, "equipment/customer_form.html", context, status=422 if form.errors else 200)


def draft_key(request: Request) -> str:
    """Under which name the phone keeps what is typed: entries only, since a kept edit would hide what others changed."""
    return request.path if request.path.endswith("/new/") else ""
