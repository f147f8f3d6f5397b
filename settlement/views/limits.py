"""The page of limits: above which amount a claim goes to somebody higher (domain.md 2.2, 9.4)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import rights
from core.errors import Refused
from core.forms import apply_refusal
from core.tenancy import Tier, Viewer
from partners.access import Request
from settlement.forms.limits import LimitsForm
from settlement.operations.limits import set_limits
from settlement.queries import limits


@require_http_methods(["GET", "POST"])
def page(request: Request) -> HttpResponse:
    """The limits of the viewer's organisation."""
    viewer = request.viewer
    rights.require(viewer, "limit.set")
    form = LimitsForm(request.POST if request.method == "POST" else None, rows=_rows(viewer))
    if form.is_bound and form.is_valid():
        try:
            set_limits(viewer=viewer, amounts=form.amounts(), now=timezone.now())
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("The limits are saved."))
            return redirect("settlement:limits")
    explain = (
        _("Above this amount the owner agrees before a claim is submitted. Empty: there is no limit.")
        if viewer.tier is Tier.DEALER
        else _(
            "Above his amount a reviewer passes a claim up to a colleague with a higher one. Empty: there is no limit."
        )
    )
    context = {
        "form": form,
        "action": {"button": _("Save"), "explain": explain},
        "back_url": reverse("settlement:claims"),
        "page_title": _("Limits for claims"),
        "crumbs": [(reverse("settlement:claims"), _("Claims"))],
    }
    return render(request, "settlement/limits.html", context, status=422 if form.errors else 200)


def _rows(viewer: Viewer) -> list[tuple[str, Any, Decimal | None]]:
    known = limits.all_of(viewer)
    if viewer.tier is Tier.DEALER:
        return [("", _("The owner agrees above"), known.get(None))]
    return [(person.public_id, person.name, known.get(person.pk)) for person in limits.reviewers(viewer)]
