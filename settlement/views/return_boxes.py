"""Pages of boxes of old parts: the list, one with its content, shipping, counting, the list that lies in it (domain.md 10)."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import rights, stored
from core.calendars import local_date
from core.errors import Refused
from core.forms import apply_refusal
from core.paging import cut_page
from core.tables import Column, render_list, table_of
from core.tenancy import Tier
from partners.access import Request, expected_version
from settlement.documents import old_parts as papers
from settlement.forms.old_parts import BoxFilters, CountForm, ScanForm, ShipForm
from settlement.operations import return_boxes as boxes
from settlement.queries import old_parts, return_boxes
from tickets.enums import SheetPaper
from tickets.forms.papers import chosen_paper


@require_GET
def box_list(request: Request) -> HttpResponse:
    """The boxes that the viewer may see, the latest on top."""
    viewer = request.viewer
    rights.require(viewer, "return_box.read")
    filters = BoxFilters(request.GET or None, viewer=viewer)
    asked = filters.chosen() if filters.is_bound else {}
    page = cut_page(
        request.GET,
        return_boxes.listing(viewer, **asked),
        orders=return_boxes.ORDERS,
        default=return_boxes.DEFAULT,
    )
    table = table_of(
        request,
        page,
        caption=_("Boxes of old parts"),
        columns=[
            Column("number", _("Box")),
            Column("state", _("State")),
            Column("partner", _("Manufacturer") if viewer.tier is Tier.DEALER else _("Dealer")),
            Column("count", _("Sent / came"), numeric=True),
            Column("carrier", _("Carrier")),
            Column("waybill", _("Waybill")),
            Column("begun", _("Begun"), order="begun"),
            Column("shipped", _("Shipped")),
        ],
        row=lambda box: return_boxes.row(viewer, box, filters.offered.names),
        filters=filters if filters.is_bound else (),
        empty=(_("Boxes appear here when old parts are packed."), "", ""),
        none_found=_("No box fits these filters."),
        clear_label=_("Clear the filters"),
    )
    context = {
        "table": table,
        "rows_template": "settlement/_return_box_rows.html",
        "form": filters,
        "page_title": _("Boxes of old parts"),
        "may_pack": rights.may(viewer, "return_box.pack"),
        "may_scan": viewer.tier is Tier.HQ and rights.may_ever(viewer, "return_box.receive"),
    }
    return render_list(request, "settlement/return_boxes.html", context)


@require_GET
def box_page(request: Request, public_id: str) -> HttpResponse:
    """One box: who sends it to whom and how, and what is in it."""
    viewer, today = request.viewer, local_date(timezone.now())
    box = return_boxes.one(viewer, public_id)
    context = {
        "box": box,
        "row": return_boxes.row(viewer, box, {}),
        "parts": [old_parts.row(viewer, part, {}, today) for part in old_parts.in_box(viewer, box)],
        "papers": SheetPaper.choices,
        "may_ship": rights.may(viewer, "return_box.ship", box),
        "may_receive": rights.may(viewer, "return_box.receive", box),
        "page_title": box.number,
        "crumbs": [(reverse("settlement:return_boxes"), _("Boxes of old parts"))],
    }
    return render(request, "settlement/return_box.html", context)


@require_http_methods(["GET", "POST"])
def ship(request: Request, public_id: str) -> HttpResponse:
    """The box leaves: carrier, waybill, transport."""
    viewer = request.viewer
    box = return_boxes.one(viewer, public_id)
    posted = request.method == "POST"
    if posted and expected_version(request) != box.version:
        raise old_parts.stale(box)
    rights.require(viewer, "return_box.ship", box)
    form = ShipForm(request.POST if posted else None, box=box)
    if posted and form.is_valid():
        data = dict(form.cleaned_data)
        version = data.pop("version")
        try:
            boxes.ship(viewer=viewer, public_id=public_id, expected_version=version, now=timezone.now(), **data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("The box is on its way."))
            return redirect("settlement:return_box", public_id)
    context = {
        "form": form,
        "page_title": _("Ship the box"),
        "crumbs": [(reverse("settlement:return_box", args=[public_id]), box.number)],
        "back_url": reverse("settlement:return_box", args=[public_id]),
        "button": _("Ship"),
        "lead": _("The manufacturer sees box and parts from now on; nothing can be taken out any more."),
    }
    return render(request, "partners/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def receive(request: Request, public_id: str) -> HttpResponse:
    """Count a box that has arrived: scan the labels, or tick the parts; what is not there is missing."""
    viewer = request.viewer
    box = return_boxes.one(viewer, public_id)
    posted = request.method == "POST"
    if posted and expected_version(request) != box.version:
        raise old_parts.stale(box)
    rights.require(viewer, "return_box.receive", box)
    parts = old_parts.in_box(viewer, box)
    form = CountForm(request.POST if posted else None, box=box, parts=parts)
    if posted and form.is_valid():
        data = form.cleaned_data
        try:
            done = boxes.receive(
                viewer=viewer,
                public_id=public_id,
                expected_version=data["version"],
                there=data["there"],
                codes=data["codes"].split(),
                now=timezone.now(),
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            told = _("Received: %(came)s of %(sent)s.") % {"came": done.came, "sent": done.sent}
            messages.success(request, told)
            return redirect("settlement:return_box", public_id)
    today = local_date(timezone.now())
    context = {
        "form": form,
        "box": box,
        "rows": [old_parts.row(viewer, part, {}, today) for part in parts],
        "chosen": set(request.POST.getlist("there") if posted else request.GET.getlist("seen")),
        "page_title": _("Count the box"),
        "crumbs": [(reverse("settlement:return_box", args=[public_id]), box.number)],
    }
    return render(request, "settlement/count.html", context, status=422 if form.errors else 200)


@require_GET
def scan(request: Request) -> HttpResponse:
    """At the gate: whatever label is read first opens its box, with that part ticked already; the other parts are scanned there."""
    viewer = request.viewer
    rights.require_ever(viewer, "return_box.receive")
    form = ScanForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        found = return_boxes.by_code(viewer, form.cleaned_data["code"])
        if found is None:
            form.add_error("code", _("No box that is on its way, or has come, holds this."))
        else:
            box, part = found
            if not rights.may(viewer, "return_box.receive", box):
                return redirect("settlement:return_box", box.public_id)
            seen = f"?seen={part.public_id}" if part else ""
            return redirect(f"{reverse('settlement:return_box_receive', args=[box.public_id])}{seen}")
    context = {
        "form": form,
        "page_title": _("Receive by scanning"),
        "crumbs": [(reverse("settlement:return_boxes"), _("Boxes of old parts"))],
    }
    return render(request, "settlement/scan.html", context, status=422 if form.errors else 200)


@require_GET
def sheet(request: Request, public_id: str) -> HttpResponseBase:
    """旧件返回清单: the list that lies in the box, as PDF."""
    viewer = request.viewer
    box = return_boxes.one(viewer, public_id)
    paper = chosen_paper(request.GET)
    pdf = papers.box_sheet(box, old_parts.in_box(viewer, box), site=settings.SITE_URL, paper=paper)
    return stored.answer_bytes(pdf, content_type="application/pdf", as_name=f"{box.number}.pdf")
