"""Pages of the route book: the list, entering a way, taking it out (domain.md 9.1)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import rights
from core.errors import Refused
from core.forms import apply_refusal
from core.paging import cut_page
from core.tables import Column, render_list, table_of
from core.tenancy import Tier
from partners.access import Request
from partners.queries import partnerships
from settlement.forms.routes import DealerFilter, WayForm
from settlement.models import UsualWay
from settlement.operations.routes import enter_way, remove_way
from settlement.queries import routes


@require_GET
def route_list(request: Request) -> HttpResponse:
    """The usual distances that the viewer may see."""
    viewer = request.viewer
    rights.require(viewer, "route.read")
    may_write = rights.may(viewer, "route.write")
    is_dealer = viewer.tier is Tier.DEALER
    filters = DealerFilter(request.GET, dealers=[] if is_dealer else partnerships.other_side(viewer))
    dealer = filters.cleaned_data.get("dealer", "") if filters.is_valid() else ""
    page = cut_page(request.GET, routes.listing(viewer, dealer), orders=routes.ORDERS, default="site")
    add_url = reverse("settlement:route_new") if may_write else ""

    def row(way: UsualWay) -> routes.Row:
        return replace(routes.row(way), may_write=may_write)

    table = table_of(
        request,
        page,
        caption=_("Route book"),
        columns=[
            Column("site", _("To"), order="site"),
            Column("dealer", _("Manufacturer") if is_dealer else _("Dealer")),
            Column("start", _("From")),
            Column("km", _("Kilometres, one way"), numeric=True, order="km"),
            Column("changed", _("Entered")),
            *([Column("remove", _("Remove"))] if may_write else []),
        ],
        row=row,
        filters=() if is_dealer else filters,
        empty=(_("No distance has been entered yet."), add_url, _("Enter a distance") if add_url else ""),
    )
    context = {
        "table": table,
        "rows_template": "settlement/_route_rows.html",
        "filters": None if is_dealer else filters,
        "is_dealer": is_dealer,
        "page_title": _("Route book"),
        "add_url": add_url,
    }
    return render_list(request, "settlement/routes.html", context)


@require_http_methods(["GET", "POST"])
def enter(request: Request) -> HttpResponse:
    """Enter how far it is; with `from` begun from a line that stands there."""
    viewer = request.viewer
    rights.require(viewer, "route.write")
    ties = routes.holding(viewer)
    form = WayForm(request.POST or None, ties=ties, initial=_initial(request, ties))
    if request.method == "POST" and form.is_valid():
        try:
            way = enter_way(viewer=viewer, now=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("%(site)s is entered.") % {"site": f"{way.city}{way.district}"})
            return redirect("settlement:routes")
    context = {
        "form": form,
        "page_title": _("Enter a distance"),
        "crumbs": [(reverse("settlement:routes"), _("Route book"))],
        "back_url": reverse("settlement:routes"),
        "button": _("Save"),
        "lead": _("The same places again correct the line that stands there."),
    }
    return render(request, "partners/form.html", context, status=422 if form.errors else 200)


@require_POST
def remove(request: Request, public_id: str) -> HttpResponse:
    """Take a line out of the book."""
    remove_way(viewer=request.viewer, public_id=public_id, now=timezone.now())
    messages.success(request, _("The distance is removed."))
    return redirect("settlement:routes")


def _initial(request: Request, ties: list[Any]) -> dict[str, Any]:
    """Of the line that is to be corrected; a manufacturer with one dealer need not choose it."""
    if not request.GET.get("from"):
        return {"partnership": ties[0].public_id} if len(ties) == 1 else {}
    way = routes.one(request.viewer, request.GET["from"])
    tie = next((one for one in ties if one.dealer_id == way.dealer_id), None)
    chosen = tie.public_id if tie else ""
    return {"partnership": chosen, "start": way.start, "site": f"{way.city}{way.district}", "km": way.km}
