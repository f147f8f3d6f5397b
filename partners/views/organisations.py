"""Organisations: the own one for everybody, all of them for the platform, a dealer's unlisted manufacturers."""

from __future__ import annotations

from typing import Any

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
from core.paging import cut_page
from core.stale import stale_page
from core.tables import Column, render_list, table_of
from partners.access import Request, expected_version
from partners.enums import OrganisationKind
from partners.forms import CardForm, OrganisationForm, UnlistedMakerForm
from partners.models import Organisation
from partners.operations.organisations import (
    Card,
    add_organisation,
    add_unlisted_maker,
    change_organisation,
    close_organisation,
    reopen_organisation,
)
from partners.queries import organisations
from partners.views.people import show_link


@require_GET
def organisation_list(request: Request) -> HttpResponse:
    """Everybody on the platform."""
    viewer = request.viewer
    rights.require(viewer, "organisation.list")
    page = cut_page(request.GET, organisations.listing(viewer), orders=organisations.ORDERS, default="kind")
    table = table_of(
        request,
        page,
        caption=_("Organisations"),
        columns=[
            Column("code", _("Code"), order="code"),
            Column("name", _("Name")),
            Column("kind", _("Kind"), order="kind"),
            Column("parent", _("Belongs to")),
            Column("state", _("State")),
        ],
        row=organisations.row,
        empty=(_("Manufacturers, offices and dealers appear here."), reverse("partners:organisation_add"), _("Add")),
    )
    context = {
        "table": table,
        "rows_template": "partners/_organisation_rows.html",
        "page_title": _("Organisations"),
        "add_url": reverse("partners:organisation_add"),
    }
    return render_list(request, "partners/list.html", context)


@require_http_methods(["GET", "POST"])
def add(request: Request) -> HttpResponse:
    """A new organisation with its first administrator; the answer shows his invitation."""
    viewer = request.viewer
    rights.require(viewer, "organisation.add")
    form = OrganisationForm(
        request.POST if request.method == "POST" else None,
        makers=organisations.of_kind(viewer, OrganisationKind.MAKER),
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            _organisation, issued = add_organisation(
                viewer=viewer,
                kind=data["kind"],
                code=data["code"],
                parent=data["parent"],
                card=_card(data),
                admin_name=data["admin_name"],
                admin_phone=data["admin_phone"],
                now=timezone.now(),
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return show_link(request, issued)
    context = {
        "form": form,
        "page_title": _("Add an organisation"),
        "button": _("Add and invite"),
        "crumbs": [(reverse("partners:organisations"), _("Organisations"))],
        "back_url": reverse("partners:organisations"),
    }
    return render(request, "partners/form.html", context, status=422 if form.errors else 200)


@require_GET
def own(request: Request) -> HttpResponse:
    """One's own organisation."""
    return _page(request, organisations.own(request.viewer))


@require_GET
def organisation(request: Request, public_id: str) -> HttpResponse:
    """An organisation for who may read it: the platform all, everybody his own and his own unlisted manufacturers."""
    return _page(request, organisations.one(request.viewer, public_id))


@require_http_methods(["GET", "POST"])
def edit(request: Request, public_id: str) -> HttpResponse:
    """Change name, short name, service telephone, address."""
    viewer = request.viewer
    found = organisations.one(viewer, public_id)
    rights.require(viewer, "organisation.change", found)
    back = _address(request, found)
    form = CardForm(request.POST if request.method == "POST" else None, initial=CardForm.facts_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            change_organisation(
                viewer=viewer,
                public_id=public_id,
                card=_card(form.cleaned_data),
                expected_version=expected_version(request),
                now=timezone.now(),
            )
        except Refused as refusal:
            if refusal.code == "stale":
                theirs = CardForm(initial=CardForm.facts_of(found))
                return stale_page(
                    request, refusal, mine=form, theirs=theirs, version=found.version, again_url=request.path
                )
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect(back)
    context = {
        "form": form,
        "version": found.version,
        "page_title": _("Change %(name)s") % {"name": found.label},
        "button": _("Save"),
        "crumbs": [(back, found.label)],
        "back_url": back,
    }
    return render(request, "partners/form.html", context, status=422 if form.errors else 200)


@require_POST
def close(request: Request, public_id: str) -> HttpResponse:
    """Nobody of this organisation signs in any more."""
    found = close_organisation(
        viewer=request.viewer, public_id=public_id, expected_version=expected_version(request), now=timezone.now()
    )
    messages.success(request, _("%(name)s is closed.") % {"name": found.label})
    return redirect("partners:organisation", public_id)


@require_POST
def reopen(request: Request, public_id: str) -> HttpResponse:
    """Its people sign in again."""
    found = reopen_organisation(
        viewer=request.viewer, public_id=public_id, expected_version=expected_version(request), now=timezone.now()
    )
    messages.success(request, _("%(name)s is open again.") % {"name": found.label})
    return redirect("partners:organisation", public_id)


# ── 厂家未入驻 ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@require_GET
def unlisted_makers(request: Request) -> HttpResponse:
    """The dealer's own manufacturers."""
    viewer = request.viewer
    rights.require(viewer, "unlisted_maker.list")
    rows = [organisations.row(maker) for maker in organisations.unlisted_makers(viewer)]
    context = {
        "rows": rows,
        "page_title": _("Manufacturers not on the platform"),
        "may_add": rights.may(viewer, "unlisted_maker.add"),
    }
    return render(request, "partners/unlisted_makers.html", context)


@require_http_methods(["GET", "POST"])
def add_unlisted(request: Request) -> HttpResponse:
    """Enter a manufacturer that is not on the platform."""
    viewer = request.viewer
    rights.require(viewer, "unlisted_maker.add")
    form = UnlistedMakerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            maker = add_unlisted_maker(viewer=viewer, code=data["code"], card=_card(data), now=timezone.now())
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("%(name)s can be chosen from now on.") % {"name": maker.label})
            return redirect("partners:unlisted_makers")
    context = {
        "form": form,
        "page_title": _("Enter a manufacturer"),
        "lead": _("Nobody but you sees it, its product lines and its parts."),
        "button": _("Enter"),
        "crumbs": [(reverse("partners:unlisted_makers"), _("Manufacturers not on the platform"))],
        "back_url": reverse("partners:unlisted_makers"),
    }
    return render(request, "partners/form.html", context, status=422 if form.errors else 200)


def _page(request: Request, found: Organisation) -> HttpResponse:
    viewer = request.viewer
    rights.require(viewer, "organisation.read", found)
    crumbs = []
    if rights.may_ever(viewer, "organisation.list"):
        crumbs = [(reverse("partners:organisations"), _("Organisations"))]
    elif found.owner_dealer_id:
        crumbs = [(reverse("partners:unlisted_makers"), _("Manufacturers not on the platform"))]
    context = {
        "organisation": found,
        "row": organisations.row(found),
        "page_title": found.name,
        "crumbs": crumbs,
        "pairs": [
            (_("Code"), found.code),
            (_("Short name"), found.short_name),
            (_("Service telephone"), found.service_phone),
            (_("Address"), found.address),
            (_("Belongs to"), found.parent.label if found.parent else ""),
        ],
        "may_change": rights.may(viewer, "organisation.change", found),
        "may_close": rights.may(viewer, "organisation.close", found),
        "may_invite": found.pk != viewer.org and rights.may_ever(viewer, "organisation.add"),
        "may_list_people": found.pk == viewer.org and rights.may_ever(viewer, "person.list"),
    }
    return render(request, "partners/organisation.html", context)


def _address(request: Request, found: Organisation) -> str:
    if found.pk == request.viewer.org:
        return reverse("partners:own_organisation")
    return reverse("partners:organisation", args=[found.public_id])


def _card(data: dict[str, Any]) -> Card:
    return Card(**{name: data[name] for name in ("name", "short_name", "service_phone", "address")})
