"""Saved views of lists: save the present one, take one away. Both lead back to the list."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import Refused
from core.tables import next_url
from partners.access import Request
from partners.operations.saved_views import remove_view, save_view


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
