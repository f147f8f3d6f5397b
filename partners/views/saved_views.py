"""Saved views of lists and the choice of columns: what there is, save the present one, take one away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import exports, rights
from core.errors import NotFound, Refused
from core.tables import PAGING, chosen_columns, next_url
from partners.access import Request
from partners.operations.saved_views import remove_view, save_view
from partners.queries import saved_views

#: name of a list -> name of its page
PAGES = {
    "tickets": "tickets:tickets",
    "slips": "tickets:slips",
    "customers": "equipment:customers",
    "machines": "equipment:machines",
    "rates": "tickets:rates",
    "debts": "settlement:debts",
}


@require_GET
def show(request: Request, list_name: str) -> HttpResponse:
    """Columns and saved views of a list; a fragment for its menu (htmx), else a page. ?query= the list's parameters now."""
    viewer, source = request.viewer, exports.source(list_name)
    if source is None or list_name not in PAGES:
        raise NotFound
    params = QueryDict(request.GET.get("query", "")[:4000])
    listing = exports.columns_of(list_name, viewer, params)
    path, query = reverse(PAGES[list_name]), params.urlencode()
    may_share = rights.may(viewer, "view.share")
    context = {
        "list_name": list_name,
        "path": path,
        "query": query,
        "here": f"{path}?{query}" if query else path,
        "columns": listing,
        "chosen": chosen_columns(params, listing),
        "params": [(key, value) for key, values in params.lists() if key not in (*PAGING, "cols") for value in values],
        "views": [
            (view, may_share or view.person_id == viewer.person_id) for view in saved_views.of_list(viewer, list_name)
        ],
        "may_share": may_share,
        "page_title": _("Columns and saved views"),
        "crumbs": [(f"{path}?{query}" if query else path, _("Back to the list"))],
    }
    template = "partners/_views.html" if request.headers.get("HX-Request") else "partners/views.html"
    response = render(request, template, context)
    patch_vary_headers(response, ("HX-Request",))
    return response


@require_POST
def save(request: Request) -> HttpResponse:
    """Keep the list as it is now under a name."""
    post = request.POST
    try:
        view = save_view(
            viewer=request.viewer,
            list_name=post.get("list", ""),
            name=post.get("name", ""),
            query=post.get("query", ""),
            shared=post.get("shared") == "on",
        )
    except Refused as refusal:
        if refusal.status != 422:
            raise
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("View “%(name)s” saved.") % {"name": view.name})
    return HttpResponseRedirect(next_url(request) or "/")


@require_POST
def remove(request: Request, public_id: str) -> HttpResponse:
    """Take a view away."""
    view = remove_view(viewer=request.viewer, public_id=public_id)
    messages.success(request, _("View “%(name)s” removed.") % {"name": view.name})
    return HttpResponseRedirect(next_url(request) or "/")
