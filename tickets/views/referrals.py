"""Referrals of the manufacturer's side: list, a new one with proposed dealers, one, and what to do when a transfer is asked for."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import rights
from core.errors import Refused
from core.forms import apply_refusal
from core.paging import cut_page
from core.rights import Sight
from core.tables import Column, render_list, table_of
from core.tenancy import Viewer
from partners.access import Request
from tickets.forms.referral import DecisionForm, ReferralFilters, ReferralForm, proposed
from tickets.models import Referral
from tickets.operations.refer_ticket import Case, insist, redirect_referral, refer_ticket
from tickets.queries import lists, referrals


@require_GET
def referral_list(request: Request) -> HttpResponse:
    """All referrals of the viewer's side, the latest first."""
    viewer = request.viewer
    rights.require(viewer, "referral.list")
    filters = ReferralFilters(request.GET or None, viewer=viewer)
    facts = filters.facts() if filters.is_bound else referrals.Filters()
    page = cut_page(request.GET, referrals.listing(viewer, facts), orders=referrals.ORDERS, default=referrals.DEFAULT)
    known = referrals.tickets_of(viewer, [row.pk for row in page.rows])
    table = table_of(
        request,
        page,
        caption=_("Referrals"),
        columns=[
            Column("customer", _("Customer")),
            Column("sent", _("Sent"), order="sent"),
            Column("machine", _("Machine")),
            Column("dealer", _("Dealer")),
            Column("state", _("State")),
            Column("ticket", _("Ticket")),
        ],
        row=lambda found: referrals.row(found, filters.offered.names, known),
        filters=filters if filters.is_bound else (),
        empty=(
            _("What the hotline or the office refers to dealers appears here."),
            reverse("tickets:refer"),
            _("Refer"),
        ),
        none_found=_("No referral fits these filters."),
        clear_label=_("Clear the filters"),
    )
    context = {
        "table": table,
        "rows_template": "tickets/_referral_rows.html",
        "form": filters,
        "page_title": _("Referrals"),
        "may_send": rights.may_ever(viewer, "referral.send"),
    }
    return render_list(request, "tickets/referrals.html", context)


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """What the caller says; dealers are proposed by region, product line and authorisation, with reasons."""
    viewer = request.viewer
    rights.require(viewer, "referral.send")
    form = ReferralForm(request.POST if request.method == "POST" else None, viewer=viewer, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        try:
            made = refer_ticket(
                viewer=viewer, case=Case(**form.facts()), dealer=form.cleaned_data["dealer"], now=timezone.now()
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("Referred. The dealer is told."))
            return redirect("tickets:referral", made.public_id)
    given = form.data if form.is_bound else QueryDict()
    context = {
        "form": form,
        "candidates": proposed(viewer, given),
        "chosen": given.get("dealer", ""),
        "known": referrals.known_before(viewer, phone=given.get("phone", ""), serial=given.get("serial_number", "")),
        "names": lists.partner_names(viewer),
        "page_title": _("Refer a case to a dealer"),
        "crumbs": [(reverse("tickets:referrals"), _("Referrals"))],
    }
    return render(request, "tickets/refer.html", context, status=422 if form.errors else 200)


@require_GET
def dealers(request: Request) -> HttpResponse:
    """The fragment with the proposed dealers, while place and line are typed."""
    rights.require(request.viewer, "referral.send")
    context = {"candidates": proposed(request.viewer, request.GET), "chosen": request.GET.get("dealer", "")}
    return render(request, "tickets/_candidates.html", context)


@require_GET
def lookup(request: Request) -> HttpResponse:
    """The fragment with earlier referrals of the number or the machine."""
    viewer, given = request.viewer, request.GET
    rights.require(viewer, "referral.send")
    found = referrals.known_before(viewer, phone=given.get("phone", ""), serial=given.get("serial_number", ""))
    return render(request, "tickets/_known_referrals.html", {"known": found})


@require_GET
def referral(request: Request, public_id: str) -> HttpResponse:
    """One referral, where it stands, and what it was before."""
    return _page(request, referrals.one(request.viewer, public_id))


@require_POST
def decide(request: Request, public_id: str, verb: str) -> HttpResponse:
    """Choose another dealer, or insist."""
    viewer, now = request.viewer, timezone.now()
    found = referrals.one(viewer, public_id)
    if verb not in ("redirect", "insist"):
        raise Http404
    rights.require(viewer, f"referral.{verb}", found)
    form = _decision(viewer, found, request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    data = form.cleaned_data
    known: dict[str, Any] = {
        "viewer": viewer, "public_id": public_id, "expected_version": data["version"], "reason": data["reason"], "now": now,
    }  # fmt: skip
    try:
        if verb == "redirect":
            further = redirect_referral(dealer=data["dealer"], **known)
            messages.success(request, _("The other dealer is asked. The first one's time runs on until he accepts."))
            return redirect("tickets:referral", further.public_id)
        insist(**known)
    except Refused as refusal:
        apply_refusal(form, refusal)
        return _page(request, found, form)
    messages.success(request, _("It stays with this dealer; he is told why."))
    return redirect("tickets:referral", public_id)


def _decision(viewer: Viewer, found: Referral, data: Any = None) -> DecisionForm:
    had = frozenset(one.dealer_id for one in referrals.thread(viewer, found))
    place = referrals.Place(found.province, found.city, found.district)
    able = referrals.candidates(viewer, place, found.line, without=had)
    return DecisionForm(data, candidates=able, version=found.version)


def _page(request: Request, found: Referral, form: DecisionForm | None = None) -> HttpResponse:
    viewer = request.viewer
    names = lists.partner_names(viewer)
    thread = referrals.thread(viewer, found)
    known = referrals.tickets_of(viewer, [one.pk for one in thread])
    ticket = known.get(found.pk)
    decides = rights.may(viewer, "referral.redirect", found)
    context = {
        "referral": found,
        "ticket": ticket,
        "dealer": names.get(found.dealer_id, ""),
        "thread": [referrals.row(one, names, known) for one in thread] if len(thread) > 1 else [],
        "decides": decides,
        "form": form or (_decision(viewer, found) if decides else None),
        "phone_sight": rights.sight(viewer, "ticket.phone", found) if viewer.department else Sight.MASKED,
        "page_title": found.customer_name,
        "crumbs": [(reverse("tickets:referrals"), _("Referrals"))],
    }
    return render(request, "tickets/referral.html", context, status=422 if form is not None and form.errors else 200)
