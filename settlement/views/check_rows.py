"""Pages of the tables that the checks compare with: the list, taking a row out; rows come by import (domain.md 9.3)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import rights
from core.paging import cut_page
from core.tables import Column, render_list, table_of
from partners.access import Request
from settlement.forms.check_rows import RowFilters
from settlement.models import CheckRow
from settlement.operations.import_check_rows import remove_row
from settlement.queries import check_rows


@require_GET
def row_list(request: Request) -> HttpResponse:
    """All rows by their codes."""
    viewer = request.viewer
    rights.require(viewer, "check.read")
    may_write = rights.may(viewer, "check.write")
    filters = RowFilters(request.GET or None)
    data = filters.cleaned_data if filters.is_bound and filters.is_valid() else {}
    page = cut_page(request.GET, check_rows.listing(viewer, **data), orders=check_rows.ORDERS, default="key")
    upload_url = reverse("imports:new", args=["check_rows"]) if may_write else ""

    def row(found: CheckRow) -> dict[str, Any]:
        return {**asdict(check_rows.row(found)), "may_write": may_write}

    table = table_of(
        request,
        page,
        caption=_("Tables for the checks"),
        columns=[
            Column("key", _("Code of labour or part"), order="key"),
            Column("table", _("Table")),
            Column("value", _("Fits")),
            Column("most", _("At most in one machine"), numeric=True),
            Column("changed", _("Entered")),
            *([Column("remove", _("Remove"))] if may_write else []),
        ],
        row=row,
        filters=filters if filters.is_bound else (),
        empty=(_("No row yet: what has none is not compared."), upload_url, _("Import a table") if upload_url else ""),
        none_found=_("No row fits these filters."),
        clear_label=_("Clear the filters"),
    )
    context = {
        "table": table,
        "rows_template": "settlement/_check_rows.html",
        "form": filters,
        "upload_url": upload_url,
        "page_title": _("Tables for the checks"),
        "crumbs": [(reverse("settlement:checks"), _("Automatic checks"))],
    }
    return render_list(request, "settlement/check_rows.html", context)


@require_POST
def remove(request: Request, public_id: str) -> HttpResponse:
    """Take a row out of its table."""
    remove_row(viewer=request.viewer, public_id=public_id, now=timezone.now())
    messages.success(request, _("The row is removed."))
    return redirect("settlement:check_rows")
