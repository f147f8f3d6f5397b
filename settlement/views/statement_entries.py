"""Pages of lines that are entered by hand for the next statement (domain.md 11)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import rights
from core.calendars import local_date
from core.errors import Refused
from core.forms import apply_refusal
from core.money import shown
from core.paging import Orders, cut_page
from core.tables import Column, render_list, table_of
from core.tenancy import Tier, Viewer
from partners.access import Request, expected_version
from settlement.forms import statements as forms
from settlement.models import StatementEntry
from settlement.operations import statement_entries as entries
from settlement.queries import statements

ORDERS: Orders = {"entered": ("entered_at", "id")}


@require_GET
def entry_list(request: Request) -> HttpResponse:
    """Lines by hand, the latest on top."""
    viewer = request.viewer
    rights.require(viewer, "entry.read")
    filters = forms.EntryFilters(request.GET or None, viewer=viewer)
    facts = filters.chosen() if filters.is_bound else {}
    page = cut_page(request.GET, statements.entries(viewer, **facts), orders=ORDERS, default="-entered")
    may_enter = rights.may_ever(viewer, "entry.write")
    table = table_of(
        request,
        page,
        caption=_("Lines by hand"),
        columns=[
            Column("item", _("Kind")),
            Column("amount", _("Amount"), numeric=True),
            Column("month", _("On the statement of")),
            Column("reason", _("Reason")),
            Column("state", _("State")),
            Column("partner", _("Manufacturer") if viewer.tier is Tier.DEALER else _("Dealer")),
            Column("entered", _("Entered"), order="entered"),
        ],
        row=lambda found: _row(viewer, found, filters.offered.names),
        filters=filters if filters.is_bound else (),
        empty=(
            _("Lines that are entered by hand for a statement appear here."),
            reverse("settlement:entry_new") if may_enter else "",
            _("Enter a line"),
        ),
        none_found=_("No line fits these filters."),
        clear_label=_("Clear the filters"),
    )
    context = {
        "table": table,
        "rows_template": "settlement/_entry_rows.html",
        "form": filters,
        "page_title": _("Lines by hand"),
        "crumbs": [(reverse("settlement:statements"), _("Statements"))],
        "may_enter": may_enter,
    }
    return render_list(request, "settlement/entries.html", context)


def _row(viewer: Viewer, found: StatementEntry, names: Any) -> dict[str, Any]:
    may = rights.may(viewer, "entry.withdraw", found)
    return {
        "item": found.get_item_display(),
        "amount": shown(found.amount),
        "negative": found.amount < 0,
        "month": f"{found.month:%Y-%m}",
        "reason": found.reason,
        "paper_url": reverse("settlement:entry_paper", args=[found.public_id]),
        "state": found.state,
        "state_label": found.get_state_display(),
        "partner": names.get(found.manufacturer_id if viewer.tier is Tier.DEALER else found.dealer_id, ""),
        "entered": found.entered_at,
        "entered_by": found.entered_by,
        "withdraw_url": reverse("settlement:entry_withdraw", args=[found.public_id]) if may else "",
        "version": found.version,
    }


@require_http_methods(["GET", "POST"])
def enter(request: Request) -> HttpResponse:
    """Enter a line."""
    viewer, now = request.viewer, timezone.now()
    rights.require(viewer, "entry.write")
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = forms.EntryForm(data, files, viewer=viewer, today=local_date(now))
    if form.is_bound and form.is_valid():
        try:
            entries.enter(viewer=viewer, now=now, **form.facts())
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("Entered: it stands on the next statement."))
            return redirect("settlement:entries")
    context = {
        "form": form,
        "action": {"button": _("Enter")},
        "page_title": _("Enter a line"),
        "crumbs": [
            (reverse("settlement:statements"), _("Statements")),
            (reverse("settlement:entries"), _("Lines by hand")),
        ],
        "back_url": reverse("settlement:entries"),
    }
    return render(request, "components/act_page.html", context, status=422 if form.errors else 200)


@require_POST
def withdraw(request: Request, public_id: str) -> HttpResponse:
    """Take a line back that stands on no statement yet."""
    entries.withdraw(
        viewer=request.viewer, public_id=public_id, expected_version=expected_version(request), now=timezone.now()
    )
    messages.success(request, _("Taken back."))
    return redirect("settlement:entries")
