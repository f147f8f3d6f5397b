"""The list of slips for dealer, office and HQ."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from core import rights
from core.calendars import local_date
from core.forms import Form
from core.paging import cut_page
from core.tables import Column, render_list, table_of
from core.tenancy import Tier, Viewer
from partners.access import Request
from tickets.enums import Paper, SlipState
from tickets.queries import print_shop, slip_list

STATES = [("", gettext_lazy("all")), *((state.value, state.label) for state in SlipState)]


class SlipFilters(Form):
    """What narrows the list of slips."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        widget=forms.TextInput({"type": "search", "placeholder": gettext_lazy("Number or customer")}),
    )
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False, choices=STATES)
    month = forms.ChoiceField(label=gettext_lazy("Month"), required=False)
    technician = forms.ChoiceField(label=gettext_lazy("Technician"), required=False)

    def __init__(self, data: Any, *, viewer: Viewer) -> None:
        super().__init__(data)
        everyone = [("", _("all"))]
        months = slip_list.months(local_date(timezone.now()))
        self.fields["month"].choices = everyone + [(f"{m:%Y-%m}", f"{m:%Y-%m}") for m in months]  # type: ignore[attr-defined]
        names = slip_list.technicians(viewer)
        self.fields["technician"].choices = everyone + [(name, name) for name in names]  # type: ignore[attr-defined]

    def facts(self) -> slip_list.Filters:
        """The filters as the query takes them; nonsense in the address narrows nothing."""
        self.is_valid()
        data = {name: value for name, value in self.cleaned_data.items() if value}
        month = date.fromisoformat(f"{data.pop('month')}-01") if "month" in data else None
        return slip_list.Filters(**data, month=month)


@require_GET
def slips_page(request: Request) -> HttpResponse:
    """All slips with a number that the viewer may list, the latest first."""
    viewer = request.viewer
    rights.require(viewer, "slip.list")
    filters = SlipFilters(request.GET, viewer=viewer)
    page = cut_page(
        request.GET,
        slip_list.listing(viewer, filters.facts()),
        orders=slip_list.ORDERS,
        default=slip_list.DEFAULT,
    )
    dealer = viewer.tier is Tier.DEALER
    table = table_of(
        request,
        page,
        caption=_("Service slips"),
        columns=[
            Column("number", _("Slip")),
            Column("finished", _("Finished"), order="finished"),
            Column("customer", _("Customer")),
            Column("machine", _("Machine")),
            Column("technician", _("Technician")),
            Column("state", _("State")),
            Column("rating", _("Rating")),
        ],
        row=slip_list.row,
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
