"""Partnerships: who works with whom, on which terms, and whether both sides have confirmed."""

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
from partners.enums import Level, OrganisationKind, Scheme, Sharing
from partners.forms import AssignmentForm, ProposalForm, TermsForm, region_words
from partners.models import Partnership
from partners.operations.partnerships import (
    Assignment,
    Terms,
    assign_partnership,
    change_terms,
    confirm_partnership,
    end_partnership,
    propose_partnership,
    revive_partnership,
)
from partners.queries import organisations, partnerships


@require_GET
def partnership_list(request: Request) -> HttpResponse:
    """The partnerships of one's organisation; for the platform all listed ones."""
    viewer = request.viewer
    rights.require(viewer, "partnership.list")
    page = cut_page(request.GET, partnerships.listing(viewer), orders=partnerships.ORDERS, default="dealer")
    may_add = rights.may(viewer, "partnership.add")
    table = table_of(
        request,
        page,
        caption=_("Partnerships"),
        columns=[
            Column("dealer", _("Dealer"), order="dealer"),
            Column("manufacturer", _("Manufacturer"), order="manufacturer"),
            Column("office", _("Office in charge")),
            Column("level", _("Level")),
            Column("sharing", _("What the manufacturer sees")),
            Column("state", _("State")),
        ],
        row=partnerships.row,
        empty=(
            _("The platform proposes partnerships; they appear here to be confirmed."),
            reverse("partners:propose") if may_add else "",
            _("Propose") if may_add else "",
        ),
    )
    context = {
        "table": table,
        "rows_template": "partners/_partnership_rows.html",
        "page_title": _("Partnerships"),
        "add_url": reverse("partners:propose") if may_add else "",
        "add_label": _("Propose a partnership"),
    }
    return render_list(request, "partners/list.html", context)


@require_GET
def partnership(request: Request, public_id: str) -> HttpResponse:
    """One partnership: terms, confirmations, what the viewer may do."""
    viewer = request.viewer
    rights.require(viewer, "partnership.read")
    found = partnerships.one(viewer, public_id)
    context = {
        "partnership": found,
        "row": partnerships.row(found),
        "page_title": f"{found.dealer.label} × {found.manufacturer.label}",
        "crumbs": _crumbs(),
        "pairs": [
            (_("Dealer"), found.dealer.name),
            (_("Manufacturer"), found.manufacturer.name),
            (_("Office in charge"), found.office.name if found.office else _("none, headquarters itself")),
            (_("Authorisation level"), Level(found.level).label),
            (_("What the manufacturer sees"), Sharing(found.sharing).label),
            (_("Settlement"), Scheme(found.scheme).label),
            (_("Region"), "、".join(region_words(found.districts)) or _("everywhere")),
        ],
        "sides": [
            (found.dealer.label, found.dealer_confirmed_at, found.dealer_confirmed_by),
            (found.manufacturer.label, found.manufacturer_confirmed_at, found.manufacturer_confirmed_by),
        ],
        "buttons": {
            verb: rights.may(viewer, f"partnership.{verb}", found)
            for verb in ("confirm", "change", "assign", "end", "revive")
        },
    }
    return render(request, "partners/partnership.html", context)


@require_http_methods(["GET", "POST"])
def propose(request: Request) -> HttpResponse:
    """A new partnership, to be confirmed by both sides."""
    viewer = request.viewer
    rights.require(viewer, "partnership.add")
    form = ProposalForm(
        request.POST if request.method == "POST" else None,
        dealers=organisations.of_kind(viewer, OrganisationKind.DEALER),
        makers=organisations.of_kind(viewer, OrganisationKind.MAKER),
        offices=organisations.of_kind(viewer, OrganisationKind.OFFICE),
        initial={"sharing": Sharing.ON_DEMAND},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = propose_partnership(
                viewer=viewer,
                dealer=data["dealer"],
                manufacturer=data["manufacturer"],
                terms=_terms(data),
                assignment=_assignment(data),
                now=timezone.now(),
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("Proposed. Both sides find it under partnerships."))
            return redirect("partners:partnership", made.public_id)
    return _form(request, form, _("Propose a partnership"), _("Propose"), reverse("partners:partnerships"))


@require_POST
def confirm(request: Request, public_id: str) -> HttpResponse:
    """Confirm the terms for one's own side."""
    found = confirm_partnership(**_subject(request, public_id))
    messages.success(
        request, _("Confirmed. It holds now.") if found.holds else _("Confirmed. The other side comes next.")
    )
    return redirect("partners:partnership", public_id)


@require_http_methods(["GET", "POST"])
def terms(request: Request, public_id: str) -> HttpResponse:
    """Change the terms of a partnership, or propose an ended one anew."""
    viewer = request.viewer
    found = partnerships.one(viewer, public_id)
    ended = found.ended_at is not None
    rights.require(viewer, "partnership.revive" if ended else "partnership.change", found)
    form = TermsForm(request.POST if request.method == "POST" else None, initial=TermsForm.facts_of(found))
    if request.method == "POST" and form.is_valid():
        operation = revive_partnership if ended else change_terms
        try:
            operation(terms=_terms(form.cleaned_data), **_subject(request, public_id))
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("Saved. Both sides have to confirm."))
            return redirect("partners:partnership", public_id)
    title = _("Propose anew") if ended else _("Change the terms")
    lead = _("Both sides have to confirm before it holds; until then no new reports are taken.")
    return _form(request, form, title, title, reverse("partners:partnership", args=[public_id]), found, lead)


@require_http_methods(["GET", "POST"])
def assign(request: Request, public_id: str) -> HttpResponse:
    """Change office, level, region."""
    viewer = request.viewer
    found = partnerships.one(viewer, public_id)
    rights.require(viewer, "partnership.assign", found)
    everywhere = organisations.of_kind(viewer, OrganisationKind.OFFICE)
    offices = [office for office in everywhere if office.parent_id == found.manufacturer_id]
    form = AssignmentForm(
        request.POST if request.method == "POST" else None,
        offices=offices,
        initial=AssignmentForm.facts_of(found),
    )
    if request.method == "POST" and form.is_valid():
        try:
            assign_partnership(assignment=_assignment(form.cleaned_data), **_subject(request, public_id))
        except Refused as refusal:
            if refusal.code == "stale":
                theirs = AssignmentForm(offices=offices, initial=AssignmentForm.facts_of(found))
                return stale_page(
                    request, refusal, mine=form, theirs=theirs, version=found.version, again_url=request.path
                )
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("partners:partnership", public_id)
    back = reverse("partners:partnership", args=[public_id])
    return _form(request, form, _("Office, level, region"), _("Save"), back, found)


@require_POST
def end(request: Request, public_id: str) -> HttpResponse:
    """End a partnership; its records stay readable."""
    end_partnership(**_subject(request, public_id))
    messages.success(request, _("Ended. Its records can be read, but not changed any more."))
    return redirect("partners:partnership", public_id)


def _subject(request: Request, public_id: str) -> dict[str, Any]:
    return {
        "viewer": request.viewer,
        "public_id": public_id,
        "expected_version": expected_version(request),
        "now": timezone.now(),
    }


def _form(
    request: Request, form: Any, title: str, button: str, back: str, found: Partnership | None = None, lead: str = ""
) -> HttpResponse:
    context = {
        "form": form,
        "version": found.version if found else "",
        "page_title": title,
        "lead": lead,
        "button": button,
        "crumbs": _crumbs(),
        "back_url": back,
    }
    return render(request, "partners/form.html", context, status=422 if form.errors else 200)


def _terms(data: dict[str, Any]) -> Terms:
    return Terms(sharing=data["sharing"], scheme=data["scheme"])


def _assignment(data: dict[str, Any]) -> Assignment:
    return Assignment(office=data["office"], level=data["level"], districts=data["districts"])


def _crumbs() -> list[tuple[str, str]]:
    return [(reverse("partners:partnerships"), _("Partnerships"))]
