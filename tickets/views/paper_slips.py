"""Slips on paper: one that was signed with a pen is confirmed; one that is no hand-written one after all (domain.md 6, 8.5).

How a hand-written slip is begun stands with the other steps of the field (`views.field.paper_slip`).
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import rights
from core.calendars import local
from core.errors import Refused
from core.forms import apply_refusal
from partners.access import Request
from tickets.enums import FROZEN, PhotoSlot, SlipState
from tickets.forms.slip import PaperSignForm, RefusalForm
from tickets.models import Slip
from tickets.operations.complete_slip import Incomplete
from tickets.operations.enter_paper_slip import not_from_paper
from tickets.operations.sign_slip import Answer, sign_on_paper
from tickets.queries import slips, tickets
from tickets.views.photos import slots
from tickets.views.slip_pages import show_missing, signed_already


@require_POST
def drop(request: Request, public_id: str) -> HttpResponse:
    """The draft is no hand-written slip after all."""
    found = slips.one(request.viewer, public_id)
    if found.state == SlipState.DRAFT:
        not_from_paper(viewer=request.viewer, public_id=public_id, expected_version=None, now=timezone.now())
        messages.success(request, _("This slip is filled in here; nothing that was typed is lost."))
    return redirect("tickets:slip", public_id)


@require_http_methods(["GET", "POST"])
def sign(request: Request, public_id: str) -> HttpResponse:
    """纸面签字: photo of the signed paper, and what the customer wrote on it."""
    viewer = request.viewer
    slip = slips.one(viewer, public_id)
    if slip.state in FROZEN:
        return signed_already(request, slip)
    rights.require(viewer, "slip.sign_on_paper", slip)
    day = local(slip.left_at).date() if slip.left_at else None
    initial = {
        "version": slip.version,
        "rating": slip.rating,
        "opinion": slip.opinion,
        "signer": slip.contact,
        "signed_on": day,
    }
    form = PaperSignForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _signed(request, slip, form):
        return redirect("tickets:slip", public_id)
    return _page(request, slip, form)


def _signed(request: Request, slip: Slip, form: PaperSignForm) -> bool:
    data = form.cleaned_data
    try:
        sign_on_paper(
            viewer=request.viewer,
            public_id=slip.public_id,
            expected_version=data["version"],
            answer=Answer(rating=data["rating"], opinion=data["opinion"], signer=data["signer"]),
            signed_on=data["signed_on"],
            now=timezone.now(),
        )
    except Incomplete as refusal:
        show_missing(form, refusal)
        return False
    except Refused as refusal:
        apply_refusal(form, refusal)
        return False
    return True


def _page(request: Request, slip: Slip, form: PaperSignForm) -> HttpResponse:
    viewer, ticket = request.viewer, slip.ticket
    here = reverse("tickets:slip_sign_on_paper", args=[slip.public_id])
    photos = [
        photo for photo in tickets.photos(viewer, ticket) if photo.round == slip.round and photo.slot == PhotoSlot.PAPER
    ]
    context = {
        "slip": slip,
        "ticket": ticket,
        "form": form,
        "refusal_form": RefusalForm(initial={"version": slip.version}, auto_id="refuse_%s"),
        "has_errors": form.is_bound,
        "papers": photos,
        "slots": slots(
            photos,
            needed={PhotoSlot.PAPER},
            offered=(),
            may_remove=rights.may(viewer, "ticket.remove_photo", ticket),
            back=here,
        ),
        "upload_url": f"{reverse('tickets:photo_add', args=[ticket.public_id])}?next={here}",
        "page_title": _("Signed on paper"),
        "crumbs": [(reverse("tickets:slip", args=[slip.public_id]), slip.number)],
    }
    return render(request, "tickets/slip_sign_paper.html", context, status=422 if form.is_bound else 200)
