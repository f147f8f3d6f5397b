"""The lists: the dispatcher's tickets, and what offices and HQ see of them."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core import rights
from core.exports import Listing
from core.paging import cut_page
from core.tables import Column, address, render_list, table_of
from core.tenancy import Tier, Viewer
from equipment.queries import customers, machines
from partners.access import Request
from tickets.forms.lists import TicketFilters
from tickets.queries import lists


def _columns(viewer: Viewer) -> list[Column]:
    partner = _("Manufacturer") if viewer.tier is Tier.DEALER else _("Dealer")
    return [
        Column("number", _("Ticket")),
        Column("reported", _("Reported"), order="reported"),
        Column("customer", _("Customer")),
        Column("machine", _("Machine")),
        Column("fault", _("Fault")),
        Column("state", _("State"), cell="state_label"),
        Column("warranty", _("Warranty"), cell="warranty_label"),
        Column("lead", _("Technician")),
        Column("partner", partner),
    ]


def _listing(viewer: Viewer, filters: TicketFilters, facts: lists.Filters) -> Listing:
    return Listing(
        title=_("Tickets"),
        columns=_columns(viewer),
        rows=lists.listing(viewer, facts),
        row=lambda values: lists.row(values, filters.offered.names),
    )


def export(viewer: Viewer, params: QueryDict) -> Listing:
    """The list for its export."""
    rights.require(viewer, "ticket.list")
    filters = TicketFilters(params or None, viewer=viewer)
    return _listing(viewer, filters, filters.facts() if filters.is_bound else lists.Filters())


@require_GET
def ticket_list(request: Request) -> HttpResponse:
    """All tickets the viewer may list: open ones first asked for, newest report first."""
    viewer = request.viewer
    rights.require(viewer, "ticket.list")
    filters = TicketFilters(request.GET or None, viewer=viewer)
    facts = filters.facts() if filters.is_bound else lists.Filters()
    listing = _listing(viewer, filters, facts)
    page = cut_page(request.GET, listing.rows, orders=lists.ORDERS, default=lists.DEFAULT)
    may_report = rights.may_ever(viewer, "ticket.report")
    empty = (
        (_("Reports of your customers appear here."), "/tickets/new/", _("New report"))
        if may_report
        else (_("Tickets that are shared with you, or that you are sent to, appear here."), "", "")
    )
    table = table_of(
        request,
        page,
        caption=_("Tickets"),
        columns=listing.columns,
        row=listing.row,
        filters=filters if filters.is_bound else (),
        empty=empty,
        none_found=_("No ticket fits these filters."),
        clear_label=_("Clear the filters"),
        keep=True,
        export="tickets",
    )
    narrowed = _narrowed_to(request, facts)
    if narrowed:
        table = replace(table, pills=[*narrowed, *table.pills])
    context = {
        "table": table,
        "rows_template": "tickets/_ticket_rows.html",
        "filters": filters,
        "may_report": may_report,
        "page_title": _("Tickets") if viewer.tier is Tier.DEALER else _("Shared tickets"),
    }
    return render_list(request, "tickets/list.html", context)


def _narrowed_to(request: Request, facts: lists.Filters) -> list[tuple[str, str]]:
    """Pills for the customer or machine whose page led here. Errors: NotFound for another dealer's."""
    pills = []
    if request.viewer.tier is Tier.DEALER and facts.customer:
        pills.append((customers.one(request.viewer, facts.customer).name, address(request, drop=["customer"])))
    if request.viewer.tier is Tier.DEALER and facts.machine:
        pills.append((str(machines.one(request.viewer, facts.machine)), address(request, drop=["machine"])))
    return pills
