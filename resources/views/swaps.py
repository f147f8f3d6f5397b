"""Swapping duty: asking, answering, and the desk's word in an emergency."""

from __future__ import annotations

from collections.abc import Callable
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
from partners.access import Request
from resources.forms import ReasonForm, SwapForm
from resources.models import DutySwap
from resources.operations import swaps as operations
from resources.queries import roster, swaps
from resources.queries.words import shift_words


@require_http_methods(["GET", "POST"])
def ask(request: Request, public_id: str) -> HttpResponse:
    """Ask a colleague to take over one of one's own shifts, or to exchange it for one of his."""
    viewer, now = request.viewer, timezone.now()
    shift = roster.one(viewer, public_id)
    rights.require(viewer, "duty.ask", shift)
    others = roster.to_exchange(viewer, shift, now)
    form = SwapForm(request.POST if request.method == "POST" else None, viewer=viewer, others=others)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            swap = operations.ask_swap(viewer=viewer, shift=public_id, now=now, **data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(
                request, _("%(who)s is asked. Until he agrees you are on duty.") % {"who": swap.asked_to.name}
            )
            return redirect("resources:swap", swap.public_id)
    context = {
        "form": form,
        "row": roster.row(shift),
        "page_title": _("Ask for a swap"),
        "crumbs": [(reverse("resources:shift", args=[public_id]), shift_words(shift))],
        "back_url": reverse("resources:shift", args=[public_id]),
    }
    return render(request, "resources/swap_form.html", context, status=422 if form.errors else 200)


@require_GET
def swap_list(request: Request) -> HttpResponse:
    """All requests that the viewer may read, newest first: a planner's are all, anybody else's his own."""
    viewer, now = request.viewer, timezone.now()
    rights.require(viewer, "duty.read")
    page = cut_page(request.GET, swaps.listing(viewer), orders=swaps.ORDERS, default="-asked")
    context = {
        "swaps": [swaps.row(swap, now) for swap in page.rows],
        "newer_url": f"?before={page.before}" if page.before else "",
        "older_url": f"?after={page.after}" if page.after else "",
        "page_title": _("Requests to swap"),
        "crumbs": [(reverse("resources:roster"), _("Duty roster"))],
    }
    return render(request, "resources/swaps.html", context)


@require_GET
def swap_page(request: Request, public_id: str) -> HttpResponse:
    """One request, with the answers that the viewer may give."""
    return _page(request, swaps.one(request.viewer, public_id), ReasonForm())


@require_POST
def agree(request: Request, public_id: str) -> HttpResponse:
    """Take over."""
    return _answered(request, public_id, operations.agree, _("Agreed. The roster is changed."))


@require_POST
def decline(request: Request, public_id: str) -> HttpResponse:
    """Not."""
    return _answered(request, public_id, operations.decline, _("Declined. Everything stays as it was."))


@require_POST
def withdraw(request: Request, public_id: str) -> HttpResponse:
    """Not needed any more."""
    return _answered(request, public_id, operations.withdraw, _("Withdrawn. Everything stays as it was."))


@require_POST
def approve(request: Request, public_id: str) -> HttpResponse:
    """The desk decides that it holds."""
    return _decided(request, public_id, operations.approve, _("Decided. The roster is changed, both are told."))


@require_POST
def reject(request: Request, public_id: str) -> HttpResponse:
    """The desk decides that everything stays."""
    return _decided(request, public_id, operations.reject, _("Decided. Everything stays as it was, both are told."))


def _answered(request: Request, public_id: str, operation: Callable[..., DutySwap], said: str) -> HttpResponse:
    operation(viewer=request.viewer, public_id=public_id, now=timezone.now())
    messages.success(request, said)
    return redirect("resources:swap", public_id)


def _decided(request: Request, public_id: str, operation: Callable[..., DutySwap], said: str) -> HttpResponse:
    swap = swaps.one(request.viewer, public_id)
    rights.require(request.viewer, f"duty_swap.{operation.__name__}", swap)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            operation(
                viewer=request.viewer, public_id=public_id, reason=form.cleaned_data["reason"], now=timezone.now()
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, said)
            return redirect("resources:swap", public_id)
    return _page(request, swap, form)


def _page(request: Request, swap: DutySwap, form: ReasonForm) -> HttpResponse:
    viewer, now = request.viewer, timezone.now()
    is_open = now < swap.expires_at
    context: dict[str, Any] = {
        "swap": swap,
        "row": swaps.row(swap, now),
        "form": form,
        "rights": {verb: is_open and rights.may(viewer, f"duty_swap.{verb}", swap) for verb in _VERBS},
        "page_title": _("Swap of duty"),
        "crumbs": [(reverse("resources:swaps"), _("Requests to swap"))],
    }
    return render(request, "resources/swap.html", context, status=422 if form.errors else 200)


_VERBS = ("agree", "decline", "withdraw", "approve", "reject")
