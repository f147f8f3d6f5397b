"""One's own page: name, number, password, how the pages look."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from core import rights, tenancy
from core.errors import Refused
from core.forms import apply_refusal
from partners.access import Request
from partners.forms import LookForm, PasswordForm, ProfileForm
from partners.operations import accounts
from partners.operations.people import change_profile, set_preferences
from partners.queries import people


@require_http_methods(["GET", "POST"])
def me(request: Request) -> HttpResponse:
    """Name and number of the viewer; the other forms of the page have addresses of their own."""
    viewer = request.viewer
    rights.require(viewer, "profile.change")
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            change_profile(viewer=viewer, now=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("partners:me")
    return _page(request, form=form)


@require_POST
def look(request: Request) -> HttpResponse:
    """Language, colours, height of rows."""
    form = LookForm(request.POST)
    if not form.is_valid():
        return _page(request, look_form=form)
    set_preferences(viewer=request.viewer, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("partners:me")


@sensitive_post_parameters("present", "new", "again")
@require_POST
def password(request: Request) -> HttpResponse:
    """A new password; other devices are signed out by it, this one stays."""
    viewer, now = request.viewer, timezone.now()
    form = PasswordForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            account = accounts.change_password(viewer=viewer, present=data["present"], new=data["new"], now=now)
        except Refused as refusal:
            if refusal.code == "present_password_wrong":
                _count(request)
            form.add_error(refusal.field, str(refusal))
        else:
            with tenancy.identity(viewer):
                request.user = account  # else Django would look for the account by a session of the old password
                update_session_auth_hash(request, account)
            messages.success(request, _("Your password is changed. Other devices have to sign in again."))
            return redirect("partners:me")
    return _page(request, password_form=form)


def _count(request: Request) -> None:
    account_id, now = request.viewer.account_id, timezone.now()
    request.survivors.append(lambda: accounts.count_failure_of(account_id, now=now))


def _initial(request: Request) -> dict[str, Any]:
    person = people.me(request.viewer)
    return {"name": person.name, "phone": person.phone}


def _page(request: Request, **forms: Any) -> HttpResponse:
    viewer = request.viewer
    chosen = {
        "language": get_language() or "zh-hans",
        "theme": viewer.theme or "auto",
        "density": viewer.density or "standard",
    }
    bound = next((form for form in forms.values() if form.is_bound), None)
    context = {
        "page_title": _("My account"),
        "profile_form": forms.get("form") or ProfileForm(initial=_initial(request)),
        "look_form": forms.get("look_form") or LookForm(initial=chosen),
        "password_form": forms.get("password_form") or PasswordForm(),
        "may_name_deputy": rights.may_ever(viewer, "deputy.name"),
        "form": bound,
        "has_errors": bound is not None,
    }
    return render(request, "partners/me.html", context, status=422 if bound is not None else 200)
