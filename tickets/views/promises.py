"""What the dealer promises, version by version, and a new one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import rights
from core.errors import Refused
from core.forms import apply_refusal
from partners.access import Request
from tickets.calculations.promise import DEFAULT
from tickets.forms.promises import PromiseForm
from tickets.operations.set_promise import set_promise
from tickets.queries import clocks, lists


@require_GET
def promises(request: Request) -> HttpResponse:
    """The versions that the viewer may see, the newest first; for office and HQ those of their dealers."""
    viewer = request.viewer
    rights.require(viewer, "promise.read")
    context = {
        "page_title": _("Service promises"),
        "versions": clocks.promised(viewer, lists.partner_names(viewer), timezone.now()),
        "may_set": rights.may(viewer, "promise.set"),
    }
    return render(request, "tickets/promises.html", context)


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """A new version. What was typed stays when something is wrong."""
    viewer = request.viewer
    rights.require(viewer, "promise.set")
    usual = {
        "valid_from": timezone.now(),
        "response_minutes": DEFAULT.response_minutes,
        "arrival_capital_hours": DEFAULT.arrival_capital_minutes // 60,
        "arrival_other_hours": DEFAULT.arrival_other_minutes // 60,
    }
    form = PromiseForm(request.POST or None, viewer=viewer, initial=usual)
    if request.method == "POST" and form.is_valid():
        try:
            set_promise(
                viewer=viewer,
                manufacturer=form.cleaned_data["manufacturer"],
                version=form.version(),
                now=timezone.now(),
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("Promised."))
            return redirect("tickets:promises")
    back = reverse("tickets:promises")
    context = {
        "form": form,
        "page_title": _("New promise"),
        "button": _("Promise"),
        "back_url": back,
        "crumbs": [(back, _("Service promises"))],
    }
    return render(request, "partners/form.html", context, status=422 if form.is_bound else 200)
