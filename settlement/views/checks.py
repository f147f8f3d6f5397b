"""Pages of the automatic checks: all of them as they are set, one with its figures and a trial (domain.md 9.3)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import rights
from core.errors import Refused
from core.forms import apply_refusal
from partners.access import Request
from settlement.calculations import checks as calculated
from settlement.enums import CheckCode
from settlement.explain import checks as words
from settlement.forms.checks import CheckForm
from settlement.operations.checks import set_check
from settlement.queries import checks, routes


@require_GET
def check_list(request: Request) -> HttpResponse:
    """The 23 checks: what each looks for, what it makes of a claim, whether it is on, its figures."""
    rights.require(request.viewer, "check.read")
    context = {
        "lines": checks.lines(request.viewer),
        "may_write": rights.may(request.viewer, "check.write"),
        "page_title": _("Automatic checks"),
    }
    return render(request, "settlement/checks.html", context)


@require_http_methods(["GET", "POST"])
def check_page(request: Request, code: str) -> HttpResponse:
    """Switch one check, set its figures, or try both on earlier claims first ("try" in the body): that writes nothing."""
    viewer = request.viewer
    rights.require(viewer, "check.write")
    if code not in CheckCode.values:
        raise Http404
    check, settings, row = CheckCode(code), checks.settings_of(viewer), checks.rows_of(viewer).get(code)
    ties = [(tie.public_id, tie.dealer.label) for tie in routes.holding(viewer)] if check == CheckCode.A01 else []
    form = CheckForm(request.POST or None, code=check, settings=settings, ties=ties, version=row.version if row else 0)
    trial = None
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = {"is_on": form.cleaned_data["is_on"], "params": form.params()}
        if "try" in request.POST:
            trial = checks.trial(viewer, check, months=form.cleaned_data["months"], now=timezone.now(), **given)
        else:
            try:
                set_check(
                    viewer=viewer,
                    code=check,
                    expected_version=form.cleaned_data["version"],
                    now=timezone.now(),
                    **given,
                )
            except Refused as refusal:
                apply_refusal(form, refusal)
            else:
                messages.success(
                    request, _("%(code)s is set; it counts for claims that are submitted from now on.") % {"code": code}
                )
                return redirect("settlement:checks")
    context = {
        "form": form,
        "check": check,
        "outcome": calculated.outcome_of(check, settings),
        "advice": _(words.ADVICE[check]),
        "trial": trial,
        "caught": [
            (one, [said.text for said in words.explained(one.findings)]) for one in (trial.caught if trial else ())
        ],
        "page_title": f"{code} {check.label}",
        "crumbs": [(reverse("settlement:checks"), _("Automatic checks"))],
        "back_url": reverse("settlement:checks"),
    }
    return render(request, "settlement/check.html", context, status=422 if form.errors else 200)
