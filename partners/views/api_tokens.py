"""Tokens of programs: make one (shown once), see what there is, end one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from core import rights
from core.errors import Refused
from core.forms import apply_refusal
from partners.access import Request
from partners.forms import TokenForm
from partners.operations.api_tokens import Issued, make_token, revoke_token
from partners.queries import api_tokens

STATES = {
    "active": ("good", gettext_lazy("valid")),
    "expired": ("waiting", gettext_lazy("expired")),
    "revoked": ("bad", gettext_lazy("revoked")),
}


@require_http_methods(["GET", "POST"])
def tokens(request: Request) -> HttpResponse:
    """One's own tokens and the form for a new one; a new one is told in the answer and never again."""
    rights.require(request.viewer, "token.make")
    form = TokenForm(request.POST if request.method == "POST" else None)
    issued: Issued | None = None
    if request.method == "POST" and form.is_valid():
        try:
            issued = make_token(viewer=request.viewer, now=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            form = TokenForm()
    return _page(request, form, issued)


@require_POST
def revoke(request: Request, public_id: str) -> HttpResponse:
    """End a token at once."""
    token = revoke_token(viewer=request.viewer, public_id=public_id, now=timezone.now())
    messages.success(request, _("The token “%(name)s” is revoked.") % {"name": token.name})
    return redirect("partners:tokens")


def _page(request: Request, form: TokenForm, issued: Issued | None) -> HttpResponse:
    rows = [(row, *STATES[row.state]) for row in api_tokens.rows(request.viewer, timezone.now())]
    context: dict[str, Any] = {
        "page_title": _("Tokens for programs"),
        "crumbs": [(reverse("partners:me"), _("My account"))],
        "form": form,
        "has_errors": form.is_bound and bool(form.errors),
        "issued": issued,
        "secret": issued.secret if issued else "",
        "tokens": rows,
    }
    response = render(request, "partners/tokens.html", context, status=422 if context["has_errors"] else 200)
    response["Cache-Control"] = "no-store"
    return response
