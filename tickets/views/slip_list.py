"""The list of slips for dealer, office and HQ."""

from __future__ import annotations

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core import rights
from core.exports import Listing
from core.paging import cut_page
from core.tables import Column, render_list, table_of
from core.tenancy import Tier, Viewer
from partners.access import Request
from tickets.enums import Paper
from tickets.forms.lists import SlipFilters
from tickets.queries import print_shop, slip_list


def _listing(viewer: Viewer, filters: SlipFilters) -> Listing:
    columns = [
        Column("number", _("Slip")),
        Column("finished", _("Finished"), order="finished"),
        Column("customer", _("Customer")),
        Column("machine", _("Machine")),
        Column("technician", _("Technician")),
        Column("state", _("State"), cell="state_words"),
        Column("warranty", _("Warranty"), cell="warranty_label"),
        Column("rating", _("Rating")),
    ]
    return Listing(_("Service slips"), columns, slip_list.listing(viewer, filters.facts()), slip_list.row)


def export(viewer: Viewer, params: QueryDict) -> Listing:
    """The list for its export."""
    rights.require(viewer, "slip.list")
    return _listing(viewer, SlipFilters(params, viewer=viewer))


@require_GET
def slips_page(request: Request) -> HttpResponse:
    """All slips with a number that the viewer may list, the latest first."""
    viewer = request.viewer
    rights.require(viewer, "slip.list")
    filters = SlipFilters(request.GET, viewer=viewer)
    listing = _listing(viewer, filters)
    page = cut_page(
        request.GET,
        listing.rows,
        orders=slip_list.ORDERS,
        default=slip_list.DEFAULT,
    )
    dealer = viewer.tier is Tier.DEALER
    table = table_of(
        request,
        page,
        caption=_("Service slips"),
        columns=listing.columns,
        row=listing.row,
        filters=filters,
        empty=(
            _("Slips appear here once they are handed in and have a number.")
            if dealer
            else _("Slips that dealers share with you appear here."),
            "",
            "",
        ),
        none_found=_("No slip fits these filters."),
        clear_label=_("Clear the filters"),
        keep=True,
        export="slips",
    )
    context = {
        "table": table,
        "rows_template": "tickets/_slip_pick_rows.html" if dealer else "tickets/_slip_rows.html",
        "form": filters,
        "pick": dealer,
        "papers": Paper.choices if dealer else [],
        "default_paper": print_shop.settings(viewer).default_paper if dealer else "",
        "may_set": rights.may_ever(viewer, "print.settings"),
        "may_count": rights.may_ever(viewer, "print.numbers"),
        "page_title": _("Service slips") if dealer else _("Shared slips"),
    }
    return render_list(request, "tickets/slips.html", context)
