"""How I am told: channels by groups of kinds, quiet hours, gathering, one's e-mail address."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import rights
from core.errors import Refused
from core.forms import apply_refusal
from notices.enums import PERSONAL, ChannelKind
from notices.forms import CodeForm, MailForm, PreferencesForm
from notices.operations import preferences as change
from notices.queries import channels, preferences
from partners.access import Request


@require_http_methods(["GET", "POST"])
def show(request: Request) -> HttpResponse:
    """What was chosen, and the choice."""
    viewer = request.viewer
    rights.require(viewer, "notice.choose")
    if request.method == "GET":
        return _page(request)
    form = PreferencesForm(request.POST)
    if form.is_valid():
        try:
            change.choose(viewer=viewer, choice=change.Choice(**form.choice()))
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("notices:preferences")
    return _page(request, form=form)


@require_POST
def mail(request: Request) -> HttpResponse:
    """A new address: a code goes there. The button "remove" forgets the one that is there."""
    viewer = request.viewer
    if "remove" in request.POST:
        change.forget_mail(viewer=viewer)
        messages.success(request, _("The address is removed; no mail comes any more."))
        return redirect("notices:preferences")
    form = MailForm(request.POST)
    if form.is_valid():
        address = form.cleaned_data["address"]
        try:
            change.ask_for_code(viewer=viewer, address=address, now=timezone.now())
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.info(request, _("A code is on its way to %(address)s. Enter it here.") % {"address": address})
            return redirect("notices:preferences")
    return _page(request, mail_form=form)


@require_POST
def confirm(request: Request) -> HttpResponse:
    """The code that came by mail."""
    viewer = request.viewer
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            change.confirm_mail(viewer=viewer, code=form.cleaned_data["code"], now=timezone.now())
        except Refused as refusal:
            if refusal.code == "code_wrong":
                request.survivors.append(lambda: change.count_wrong_code(viewer))
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("The address is confirmed. Messages come there from now on."))
            return redirect("notices:preferences")
    return _page(request, code_form=form)


def _page(request: Request, **forms: Any) -> HttpResponse:
    viewer = request.viewer
    row = preferences.mine(viewer)
    there = channels.configured()
    bound = next(iter(forms.values()), None)
    administers = rights.may_ever(viewer, "channel.change")
    context = {
        "page_title": _("How I am told"),
        "crumbs": [(reverse("notices:list"), _("Notices"))],
        "choice_form": forms.get("form") or PreferencesForm(initial=PreferencesForm.facts_of(row)),
        "mail_form": forms.get("mail_form") or MailForm(initial={"address": row.mail}),
        "code_form": forms.get("code_form") or CodeForm(),
        "form": bound,
        "has_errors": bound is not None,
        "preferences": row,
        "waits_for_code": bool(row.mail_nonce),
        "has_mail": ChannelKind.MAIL in there,
        "has_sms": ChannelKind.SMS in there,
        "missing": [kind.label for kind in PERSONAL if kind not in there] if administers else [],
        "administers": administers,
    }
    return render(request, "notices/preferences.html", context, status=422 if bound is not None else 200)
