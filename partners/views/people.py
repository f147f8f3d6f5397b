"""People of an organisation: for its administrator, and administrators for the platform."""

from __future__ import annotations

from typing import Any

import segno
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import rights
from core.errors import Refused
from core.forms import Form, apply_refusal
from core.paging import cut_page
from core.stale import stale_page
from core.tables import Column, render_list, table_of
from core.tenancy import Tier, Viewer
from partners.access import Request, expected_version
from partners.enums import LinkPurpose
from partners.forms import DeactivateForm, PersonForm
from partners.operations import accounts, handing_over
from partners.operations.accounts import IssuedLink, tier_of
from partners.operations.people import (
    PersonFacts,
    change_person,
    deactivate_person,
    invite_person,
    reactivate_person,
)
from partners.queries import organisations, people


class PeopleFilters(Form):
    """What narrows the list of people."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"type": "search", "placeholder": gettext_lazy("Name or number")}),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", gettext_lazy("all")),
            ("active", gettext_lazy("active")),
            ("invited", gettext_lazy("invited")),
            ("inactive", gettext_lazy("deactivated")),
        ],
    )


@require_GET
def people_list(request: Request) -> HttpResponse:
    """Everybody of the organisation, with roles and state; for the platform all administrators."""
    viewer = request.viewer
    rights.require(viewer, "person.list")
    filters = PeopleFilters(request.GET or None)
    asked = filters.cleaned_data if filters.is_bound and filters.is_valid() else {}
    rows = people.listing(viewer, words=asked.get("q", ""), state=asked.get("state", ""))
    page = cut_page(request.GET, rows, orders=people.ORDERS, default="name")
    columns = [
        Column("name", pgettext("person", "Name"), order="name"),
        Column("phone", _("Mobile number")),
        Column("roles", _("Roles")),
        Column("place", _("Organisation") if viewer.tier is Tier.PLATFORM else _("Department, branch, city")),
        Column("state", _("State")),
    ]
    table = table_of(
        request,
        page,
        caption=_("People"),
        columns=columns,
        row=lambda person: people.row(viewer, person),
        filters=filters if filters.is_bound else (),
        empty=(_("People whom you invite appear here."), reverse("partners:invite"), _("Invite")),
        none_found=_("Nobody fits these filters."),
        clear_label=_("Clear the filters"),
    )
    context = {
        "table": table,
        "rows_template": "partners/_people_rows.html",
        "filters": filters,
        "page_title": _("Administrators") if viewer.tier is Tier.PLATFORM else _("People"),
    }
    return render_list(request, "partners/people.html", context)


@require_http_methods(["GET", "POST"])
def invite(request: Request) -> HttpResponse:
    """Enter a person; the answer shows the link to send on."""
    viewer = request.viewer
    rights.require(viewer, "person.invite")
    organisation = organisations.own(viewer)
    if "organisation" in request.GET:
        organisation = organisations.one(viewer, request.GET["organisation"])
    foreign = organisation.pk != viewer.org
    form = PersonForm(
        request.POST if request.method == "POST" else None, tier=tier_of(organisation.kind), foreign=foreign
    )
    if request.method == "POST" and form.is_valid():
        facts = _facts(form)
        try:
            issued = invite_person(
                viewer=viewer, facts=facts, now=timezone.now(), organisation_id=organisation.pk if foreign else None
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return show_link(request, issued)
    context = {
        "form": form,
        "page_title": _("Invite a person"),
        "lead": organisation.name if foreign else "",
        "button": _("Make the invitation"),
        "crumbs": _crumbs(),
        "back_url": reverse("partners:people"),
    }
    return render(request, "partners/form.html", context, status=422 if form.errors else 200)


@require_GET
def person(request: Request, public_id: str) -> HttpResponse:
    """A person with what the administrator may do about him."""
    viewer = request.viewer
    rights.require(viewer, "person.list")
    found = people.one(viewer, public_id)
    context = {
        "person": found,
        "row": people.row(viewer, found),
        "page_title": found.name,
        "crumbs": _crumbs(),
        "may_change": rights.may(viewer, "person.change", found),
        "may_name_deputy": found.organisation_id == viewer.org and rights.may(viewer, "deputy.name", found),
        "may_show": found.organisation_id == viewer.org and rights.may(viewer, "contact.show", found),
        "may_link": found.active and rights.may(viewer, "person.reset", found),
        "may_deactivate": found.active and rights.may(viewer, "person.deactivate", found),
        "may_reactivate": not found.active and rights.may(viewer, "person.invite", found),
    }
    return render(request, "partners/person.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: Request, public_id: str) -> HttpResponse:
    """Change name, number, roles."""
    viewer = request.viewer
    found = people.one(viewer, public_id)
    rights.require(viewer, "person.change", found)
    tier = tier_of(organisations.one_by_id(viewer, found.organisation_id).kind)
    foreign = found.organisation_id != viewer.org
    form = PersonForm(
        request.POST if request.method == "POST" else None,
        tier=tier,
        foreign=foreign,
        initial=PersonForm.facts_of(found),
    )
    if request.method == "POST" and form.is_valid():
        try:
            change_person(
                viewer=viewer,
                public_id=public_id,
                facts=_facts(form),
                expected_version=expected_version(request),
                now=timezone.now(),
            )
        except Refused as refusal:
            if refusal.code == "stale":
                theirs = PersonForm(tier=tier, foreign=foreign, initial=PersonForm.facts_of(found))
                return stale_page(
                    request, refusal, mine=form, theirs=theirs, version=found.version, again_url=request.path
                )
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("partners:person", public_id)
    context = {
        "form": form,
        "version": found.version,
        "page_title": _("Change %(name)s") % {"name": found.name},
        "button": _("Save"),
        "crumbs": [*_crumbs(), (reverse("partners:person", args=[public_id]), found.name)],
        "back_url": reverse("partners:person", args=[public_id]),
    }
    return render(request, "partners/form.html", context, status=422 if form.errors else 200)


@require_POST
def make_link(request: Request, public_id: str) -> HttpResponse:
    """A new invitation for who has not come yet, a reset link for who has."""
    viewer = request.viewer
    found = people.one(viewer, public_id)
    make = accounts.make_invitation if found.account_id is None else accounts.make_reset_link
    return show_link(request, make(viewer=viewer, person=found, now=timezone.now()))


@require_http_methods(["GET", "POST"])
def deactivate(request: Request, public_id: str) -> HttpResponse:
    """Close the door to a person, after handing over the open work."""
    viewer = request.viewer
    found = people.one(viewer, public_id)
    rights.require(viewer, "person.deactivate", found)
    work = handing_over.open_work(viewer, found) if found.organisation_id == viewer.org else []
    form = DeactivateForm(
        request.POST if request.method == "POST" else None,
        colleagues=people.colleagues(viewer, found) if work else [],
        needed=bool(work),
    )
    if request.method == "POST" and form.is_valid():
        try:
            deactivate_person(
                viewer=viewer,
                public_id=public_id,
                expected_version=expected_version(request),
                now=timezone.now(),
                hand_over_to=form.cleaned_data.get("hand_over_to", ""),
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("%(name)s cannot sign in any more.") % {"name": found.name})
            return redirect("partners:person", public_id)
    context = {
        "form": form,
        "version": found.version,
        "person": found,
        "work": work,
        "page_title": _("Deactivate %(name)s?") % {"name": found.name},
        "crumbs": [*_crumbs(), (reverse("partners:person", args=[public_id]), found.name)],
    }
    return render(request, "partners/deactivate.html", context, status=422 if form.errors else 200)


@require_POST
def reactivate(request: Request, public_id: str) -> HttpResponse:
    """Let a person in again."""
    changed = reactivate_person(
        viewer=request.viewer, public_id=public_id, expected_version=expected_version(request), now=timezone.now()
    )
    messages.success(request, _("%(name)s can sign in again.") % {"name": changed.name})
    return redirect("partners:person", public_id)


def show_link(request: Request, issued: IssuedLink) -> HttpResponse:
    """The page with the link and its QR code: shown this once, only its hash is kept."""
    url = request.build_absolute_uri(reverse("partners:link", args=[issued.token]))
    invitation = issued.purpose == LinkPurpose.INVITATION
    code = segno.make(url, error="m").svg_inline(
        scale=5, border=2, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=False
    )
    context = {
        "issued": issued,
        "url": url,
        "text": _share_text(request.viewer, issued, url),
        "qr": mark_safe(code),  # noqa: S308  # drawn by segno from our own address
        "page_title": _("Invitation for %(name)s") % {"name": issued.person.name}
        if invitation
        else _("New password for %(name)s") % {"name": issued.person.name},
        "crumbs": _crumbs(),
        "person_url": reverse("partners:person", args=[issued.person.public_id]),
    }
    return render(request, "partners/issued_link.html", context)


def _share_text(viewer: Viewer, issued: IssuedLink, url: str) -> str:
    words = (
        _("%(name)s, you are invited to the service portal of %(organisation)s. Open this link and set your password:")
        if issued.purpose == LinkPurpose.INVITATION
        else _("%(name)s, open this link to set a new password for the service portal of %(organisation)s:")
    )
    organisation = issued.person.organisation.label
    return words % {"name": issued.person.name, "organisation": organisation} + "\n" + url


def _facts(form: PersonForm) -> PersonFacts:
    data: dict[str, Any] = form.cleaned_data
    return PersonFacts(**{**data, "roles": tuple(data["roles"])})


def _crumbs() -> list[tuple[str, str]]:
    return [(reverse("partners:people"), _("People"))]
