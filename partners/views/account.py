"""Before and around sign-in: signing in and out, links that set a password, language, switching the organisation."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from core import limits
from core.errors import NotFound, Refused
from partners.access import OpenRequest, Request, account_page, public
from partners.calculations import phones
from partners.enums import LinkPurpose
from partners.forms import LinkForm, SignInForm
from partners.middleware import SESSION_PERSON
from partners.models import Account
from partners.operations import accounts
from partners.operations.people import LANGUAGES, set_preferences

ADDRESS_FAILURES, ADDRESS_MINUTES = (
    60,
    15,
)  # a whole firm behind one address has bad days; somebody who tries names has more


@account_page
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: OpenRequest) -> HttpResponse:
    """The door: phone number or user name, and password."""
    target = _next(request)
    if target.startswith(reverse("partners:sign_in")):
        target = "/"
    if request.method == "GET":
        if request.viewer is not None:
            return redirect(target)
        return render(request, "partners/sign_in.html", {"form": SignInForm(), "next": target})
    form, now = SignInForm(request.POST), timezone.now()
    status = 422
    if form.is_valid():
        try:
            _require_patience(request)
            account = accounts.sign_in(request=request, now=now, **form.cleaned_data)
        except Refused as refusal:
            if refusal.code == "sign_in_wrong":
                _count(request, accounts.login_key(form.cleaned_data["login"]), now)
            form.add_error(None, str(refusal))
            status = refusal.status
        else:
            login(request, account)
            return redirect(target)
    return render(request, "partners/sign_in.html", {"form": form, "next": target}, status=status)


@account_page
@require_POST
def sign_out(request: OpenRequest) -> HttpResponse:
    """Out: the session is gone, and what the browser kept of our pages with it."""
    logout(request)
    response = redirect("partners:sign_in")
    response["Clear-Site-Data"] = '"cache"'
    response.delete_cookie(CookieStorage.cookie_name)  # a message for him is not read by the next one at this device
    return response


@account_page
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def link(request: OpenRequest, token: str) -> HttpResponse:
    """An invitation or reset: set the password and be signed in. A used or expired link explains itself."""
    now = timezone.now()
    try:
        found = accounts.open_link(token, now)
    except Refused as refusal:
        return render(request, "partners/link_over.html", {"refusal": refusal}, status=refusal.status)
    form = LinkForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                account, person_id = _accept(token, form, now)
            except Refused as refusal:
                if refusal.code == "link_phone_wrong":
                    _count(request, accounts.link_key(token), now)
                elif refusal.code == "account_password_wrong":
                    _count(request, phones.normalised(form.cleaned_data["phone"]), now)
                form.add_error(refusal.field, str(refusal))
                status = refusal.status
            else:
                return _welcome(request, account, person_id)
    context = {"form": form, "link": found, "is_invitation": found.purpose == LinkPurpose.INVITATION}
    return render(request, "partners/link.html", context, status=status)


@require_POST
def switch(request: Request, public_id: str) -> HttpResponse:
    """Work in another of one's organisations. Errors: 404 for a membership that is not one's own."""
    wanted = [membership for membership in request.memberships if membership.public_id == public_id]
    if not wanted:
        raise NotFound
    request.session[SESSION_PERSON] = wanted[0].person_id
    messages.success(request, _("You work in %(organisation)s now.") % {"organisation": wanted[0].name})
    return redirect("home")


@public
@require_POST
def set_language(request: OpenRequest) -> HttpResponse:
    """Chinese or English: in a cookie, and in the profile of who is signed in."""
    language = request.POST.get("language", "")
    response = redirect(_next(request))
    if language in LANGUAGES:
        if request.viewer is not None:
            set_preferences(viewer=request.viewer, language=language)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 24 * 3600,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
        translation.activate(language)
    return response


@require_POST
def preferences(request: Request) -> HttpResponse:
    """Light or dark, standard or compact."""
    chosen = {name: request.POST.get(name, "") for name in ("theme", "density")}
    set_preferences(viewer=request.viewer, **chosen)
    return redirect(_next(request))


def _accept(token: str, form: LinkForm, now: datetime) -> tuple[Account, int | None]:
    data = form.cleaned_data
    return accounts.accept_link(token=token, phone=data["phone"], password=data["password"], now=now)


def _welcome(request: OpenRequest, account: Account, person_id: int | None) -> HttpResponse:
    logout(request)  # whoever was signed in on this device before
    login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
    if person_id is not None:
        request.session[SESSION_PERSON] = person_id
    messages.success(request, _("Your password is set. You are signed in."))
    return redirect("home")


def _count(request: OpenRequest, key: str, now: datetime) -> None:
    limits.count("sign-in", limits.client_address(request), seconds=ADDRESS_MINUTES * 60)
    request.survivors.append(lambda: accounts.count_failure(key=key, now=now))


def _require_patience(request: OpenRequest) -> None:
    """Who tries many accounts from one address waits, too. Errors: Refused("sign_in_locked", 429)."""
    if limits.too_many("sign-in", limits.client_address(request), limit=ADDRESS_FAILURES):
        raise Refused("sign_in_locked", status=429, minutes=ADDRESS_MINUTES)


def _next(request: OpenRequest | Request) -> str:
    target = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if allowed else "/"
