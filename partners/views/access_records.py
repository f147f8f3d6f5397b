"""谁看了电话: who looked at telephone numbers, who was refused, who set a password by link."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from core import rights
from core.forms import Form
from core.tables import Column, Table, address
from partners.access import Request
from partners.queries import access_records


class AccessFilters(Form):
    """What narrows the list."""

    action = forms.ChoiceField(
        label=gettext_lazy("What happened"),
        required=False,
        choices=[("", gettext_lazy("all")), *access_records.LABELS.items()],
    )


def _time(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and is_aware(found) else None


@require_GET
def record_list(request: Request) -> HttpResponse:
    """The access records of the own organisation, newest first."""
    viewer = request.viewer
    rights.require(viewer, "access.list")
    filters = AccessFilters(request.GET or None)
    action = filters.cleaned_data["action"] if filters.is_bound and filters.is_valid() else ""
    before = _time(request.GET.get("before", ""))
    rows, older = access_records.page(viewer, action=action, before=before)
    table = Table(
        caption=_("Access records"),
        columns=[
            Column("who", _("Who")),
            Column("at", _("When")),
            Column("action", _("What happened")),
            Column("thing", _("Which")),
        ],
        rows=rows,
        count=access_records.listing(viewer, action)[:1000].count(),
        empty_text=_("Nobody looked at a masked number and nobody was refused."),
        older_url=address(request, before=older.isoformat()) if older else "",
        newer_url=address(request) if before else "",
    )
    context = {
        "table": table,
        "rows_template": "partners/_access_rows.html",
        "filters": filters,
        "page_title": _("Who looked at numbers"),
    }
    return render(request, "partners/people.html", context)
