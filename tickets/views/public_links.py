"""Links and stickers that the dealer gives to customers: progress, signature on the own phone, labels for machines."""

from __future__ import annotations

from typing import Any

import segno
from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import rights, stored
from core.errors import Refused
from core.forms import apply_refusal
from equipment.queries import machines
from partners.access import Request
from partners.queries import organisations
from tickets.documents import stickers as paper
from tickets.forms.public import StickerForm
from tickets.operations import by_link
from tickets.queries import slips, tickets


@require_POST
def progress_link(request: Request, public_id: str) -> HttpResponse:
    """The address of the ticket's progress page, to send to the customer; asked again, it is the same."""
    token = by_link.make_progress_link(viewer=request.viewer, public_id=public_id, now=timezone.now())
    ticket = tickets.one(request.viewer, public_id)
    url = f"{settings.SITE_URL}{reverse('public:progress', args=[token])}"
    context = {
        "url": url,
        "text": _("Progress of your report %(number)s, %(dealer)s:")
        % {"number": ticket.number, "dealer": request.viewer.org_name}
        + f"\n{url}",
        "hint": _("The customer sees state, appointment and technician, until 30 days after the work was finished."),
        "page_title": _("Link for the customer"),
        "back_url": reverse("tickets:ticket", args=[public_id]),
        "crumbs": [(reverse("tickets:ticket", args=[public_id]), ticket.customer_name)],
    }
    return _shown(request, context)


@require_POST
def sign_link(request: Request, public_id: str) -> HttpResponse:
    """The code by which the customer signs on his own phone; shown this once, earlier ones end."""
    token = by_link.make_sign_link(viewer=request.viewer, public_id=public_id, now=timezone.now())
    slip = slips.one(request.viewer, public_id)
    url = f"{settings.SITE_URL}{reverse('public:sign', args=[token])}"
    context = {
        "url": url,
        "text": _("Please check and sign service slip %(number)s, %(dealer)s:")
        % {"number": slip.number, "dealer": request.viewer.org_name}
        + f"\n{url}",
        "hint": _(
            "Let the customer scan the code with his own phone. Valid once, for 72 hours, with the last four digits of the"
            " contact's number. A new code ends this one."
        ),
        "page_title": _("Sign on the customer's phone"),
        "back_url": reverse("tickets:slip", args=[public_id]),
        "crumbs": [(reverse("tickets:slip", args=[public_id]), slip.number)],
    }
    return _shown(request, context)


def _shown(request: Request, context: dict[str, Any]) -> HttpResponse:
    response = render(request, "tickets/public/issued.html", context | {"qr": qr_svg(context["url"])})
    response["Cache-Control"] = "no-store"
    return response


def qr_svg(url: str) -> SafeString:
    """The QR code of one of our own addresses, for a page."""
    code = segno.make(url, error="m", micro=False).svg_inline(
        scale=5, border=2, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=False
    )
    return mark_safe(code)  # noqa: S308  # drawn by segno from our own address


@require_http_methods(["GET", "POST"])
def stickers(request: Request) -> HttpResponseBase:
    """Labels with QR codes for chosen machines on A4 sheets of 24; GET finds and chooses, POST makes the PDF."""
    viewer = request.viewer
    rights.require(viewer, "ticket.stickers")
    form = StickerForm(request.POST) if request.method == "POST" else StickerForm()
    if request.method == "POST" and form.is_valid():
        chosen = machines.several(viewer, form.cleaned_data["machines"])
        try:
            pdf = paper.sheets(
                chosen,
                dealer=paper.Dealer(viewer.org_name, organisations.own(viewer).service_phone),
                site=settings.SITE_URL,
                skip=form.cleaned_data["first"] - 1,
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return stored.answer_bytes(pdf, content_type="application/pdf", as_name="设备二维码标签.pdf")
    text = request.GET.get("q", "").strip()[:60]
    chosen_ids = request.POST.getlist("machines") or request.GET.getlist("machines")
    found = machines.listing(viewer, machines.MachineFilter(text=text))
    if request.GET.getlist("machines"):
        found = found.filter(public_id__in=request.GET.getlist("machines"))
    rows = found.order_by("-updated_at", "-id")[: paper.MOST]
    context = {
        "form": form,
        "q": text,
        "rows": list(rows),
        "chosen": set(chosen_ids),
        "most": paper.MOST,
        "report_url": f"{settings.SITE_URL}{reverse('public:dealer', args=[viewer.org_code])}",
        "qr": qr_svg(f"{settings.SITE_URL}{reverse('public:dealer', args=[viewer.org_code])}"),
        "page_title": _("QR labels"),
        "crumbs": [(reverse("equipment:machines"), _("Machines"))],
    }
    return render(request, "tickets/stickers.html", context, status=422 if form.errors else 200)
