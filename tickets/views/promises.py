"""What the dealer promises, version by version, and a new one."""

from __future__ import annotations

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
from partners.access import Request
from tickets.calculations.promise import DEFAULT
from tickets.forms.promises import DistrictTierForm, PromiseForm
from tickets.operations.set_district_tier import remove_district_tier, set_district_tier
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
                running=form.cleaned_data["running"],
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


@require_http_methods(["GET", "POST"])
def districts(request: Request) -> HttpResponse:
    """The districts that count otherwise than their city, and a form for one more."""
    viewer = request.viewer
    rights.require(viewer, "promise.set")
    form = DistrictTierForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = set_district_tier(
                viewer=viewer,
                place=form.cleaned_data["place"],
                tier=form.cleaned_data["tier"],
                now=timezone.now(),
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            words = {"place": f"{row.city}{row.district}", "tier": row.get_tier_display()}
            messages.success(
                request, _("%(place)s counts as: %(tier)s. It holds for what is reported from now on.") % words
            )
            return redirect("tickets:promise_districts")
    context = {
        "page_title": _("Districts that count otherwise"),
        "crumbs": [(reverse("tickets:promises"), _("Service promises"))],
        "rows": clocks.districts(viewer),
        "form": form,
    }
    return render(request, "tickets/promise_districts.html", context, status=422 if form.errors else 200)


@require_POST
def remove_district(request: Request, district: int) -> HttpResponse:
    """Take a district out of the list."""
    row = remove_district_tier(viewer=request.viewer, district=district)
    words = {"place": f"{row.city}{row.district}"}
    messages.success(request, _("%(place)s counts as its city does.") % words)
    return redirect("tickets:promise_districts")
