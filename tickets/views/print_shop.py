"""Printing beside the single slip: many at once, a dealer's look, his printers, numbers of paper forms, the guide (domain.md 8.4)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import rights, stored
from core.errors import NotFound, Refused
from core.forms import apply_refusal
from core.stale import stale_page
from partners.access import Request
from partners.queries import organisations
from tickets.documents.sample import sample_paper
from tickets.documents.slip_facts import head_of
from tickets.documents.slip_paper import SlipPaper
from tickets.documents.slip_pdf import preview_html, slip_files, triplicate
from tickets.enums import CONTINUOUS, Copy, Paper, PrintMode
from tickets.forms.print_shop import LookForm, PrinterForm, read_way
from tickets.models import PrintSettings
from tickets.operations.batch_print import order_batch
from tickets.operations.print_settings import Look, remove_printer, save_look, save_printer, small
from tickets.queries import print_shop

PDF = "application/pdf"


@require_POST
def batch(request: Request) -> HttpResponse:
    """The ticked slips as one PDF; leads to the task that makes it."""
    try:
        job = order_batch(
            viewer=request.viewer,
            public_ids=request.POST.getlist("pick"),
            paper=request.POST.get("paper", Paper.A4),
            now=timezone.now(),
        )
    except Refused as refusal:
        if refusal.status != 422:
            raise
        messages.error(request, str(refusal))
        return redirect("tickets:slips")
    return redirect("partners:task_poll", job.public_id)


@require_http_methods(["GET", "POST"])
def look(request: Request) -> HttpResponse:
    """Logo, copies, foot line and paper of the dealer's slips, a sample beside the form."""
    viewer = request.viewer
    rights.require(viewer, "print.settings")
    row = print_shop.settings(viewer)
    if request.method == "GET":
        return _look_page(request, row, LookForm(initial=LookForm.facts_of(row)))
    form = LookForm(request.POST, request.FILES, initial=LookForm.facts_of(row))
    if form.is_valid():
        version = form.cleaned_data["version"]
        try:
            save_look(viewer=viewer, look=Look(**form.look()), expected_version=version, now=timezone.now())
        except Refused as refusal:
            if refusal.code == "stale":
                theirs = LookForm(initial=LookForm.facts_of(row))
                now_is = row.version if row.pk else 0
                return stale_page(request, refusal, mine=form, theirs=theirs, version=now_is, again_url=request.path)
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("Saved. Slips signed from now on look like this; kept files stay as they are."))
            return redirect("tickets:print_look")
    return _look_page(request, row, form)


@require_POST
def preview(request: Request) -> HttpResponse:
    """The sample slip with what the form says now; nothing is saved. A fragment for htmx, the whole page for a button."""
    viewer = request.viewer
    rights.require(viewer, "print.settings")
    row = print_shop.settings(viewer)
    form = LookForm(request.POST, request.FILES, initial=LookForm.facts_of(row))
    html = _preview(request, row, form)
    if request.htmx:
        return render(request, "tickets/_print_preview.html", {"html": html})
    return _look_page(request, row, form, html=html)


@require_GET
def sample(request: Request, paper: str) -> HttpResponseBase:
    """The sample slip as PDF with what is saved, on any paper; `paper` as in the choice: a4, half, half-form."""
    from tickets.documents.slip_forms import slip_form

    viewer = request.viewer
    rights.require(viewer, "print.settings")
    size, mode = _way(paper)
    shown = _sample(request, print_shop.settings(viewer))
    content = triplicate(slip_files(shown)) if size is Paper.A4 else slip_form(shown, size, mode=mode)
    return stored.answer_bytes(content, content_type=PDF, as_name=f"sample-{paper}.pdf")


@require_http_methods(["GET", "POST"])
def printer_save(request: Request, public_id: str = "") -> HttpResponse:
    """A new printer, or another name or offset for one."""
    viewer = request.viewer
    rights.require(viewer, "print.settings")
    row = print_shop.printer(viewer, public_id) if public_id else None
    facts = {"name": row.name, "offset_x": row.offset_x, "offset_y": row.offset_y} if row else {}
    form = PrinterForm(request.POST if request.method == "POST" else None, initial=facts)
    if form.is_valid():
        data = form.cleaned_data
        try:
            save_printer(
                viewer=viewer,
                public_id=public_id,
                name=data["name"],
                x=data["offset_x"],
                y=data["offset_y"],
                now=timezone.now(),
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("tickets:print_look")
    context = {
        "form": form,
        "printer": row,
        "rulers": [(reverse("tickets:printer_ruler", args=[public_id, size.value]), size.label) for size in CONTINUOUS]
        if row
        else [],
        "page_title": row.name if row else _("New printer"),
        "crumbs": [(reverse("tickets:print_look"), _("Print settings"))],
    }
    return render(request, "tickets/printer.html", context, status=422 if form.errors else 200)


@require_POST
def printer_remove(request: Request, public_id: str) -> HttpResponse:
    """Take a printer off the list."""
    remove_printer(viewer=request.viewer, public_id=public_id, now=timezone.now())
    messages.success(request, _("The printer is off the list."))
    return redirect("tickets:print_look")


@require_GET
def printer_ruler(request: Request, public_id: str, paper: str) -> HttpResponseBase:
    """Crosses and rulers in mm for this printer, with its offset."""
    from tickets.documents.slip_forms import ruler

    viewer = request.viewer
    rights.require(viewer, "print.settings")
    row = print_shop.printer(viewer, public_id)
    if paper not in CONTINUOUS:
        raise NotFound
    content = ruler(Paper(paper), (row.offset_x, row.offset_y))
    return stored.answer_bytes(content, content_type=PDF, as_name=f"ruler-{paper}.pdf")


@require_GET
def numbers(request: Request) -> HttpResponse:
    """纸质单号 that no slip has, between the lowest and the highest used."""
    viewer = request.viewer
    rights.require(viewer, "print.numbers")
    context = {
        "series": print_shop.paper_series(viewer),
        "page_title": _("Missing paper numbers"),
        "crumbs": [(reverse("tickets:slips"), _("Service slips"))],
    }
    return render(request, "tickets/paper_numbers.html", context)


@require_GET
def guide(request: Request) -> HttpResponse:
    """How a printer and Windows are set up so that paper and print agree, with drawings."""
    rights.require(request.viewer, "print.help")
    context = {
        "page_title": _("How to print slips"),
        "crumbs": [(reverse("tickets:slips"), _("Service slips"))],
        "may_set": rights.may_ever(request.viewer, "print.settings"),
    }
    return render(request, "tickets/print_help.html", context)


def _look_page(request: Request, row: PrintSettings, form: LookForm, *, html: SafeString | None = None) -> HttpResponse:
    viewer = request.viewer
    has_errors = bool(form.is_bound and form.errors)
    context = {
        "form": form,
        "html": html if html is not None else _preview(request, row, form),
        "has_logo": bool(row.logo),
        "printers": print_shop.printers(viewer),
        "samples": [
            *((reverse("tickets:print_sample", args=[size.value]), size.label) for size in Paper),
            *(
                (
                    reverse("tickets:print_sample", args=[f"{size.value}-{PrintMode.FORM}"]),
                    _("data only: %s") % size.label,
                )
                for size in CONTINUOUS
            ),
        ],
        "has_errors": has_errors,
        "page_title": _("Print settings"),
        "crumbs": [(reverse("tickets:slips"), _("Service slips"))],
    }
    return render(request, "tickets/print_look.html", context, status=422 if has_errors else 200)


def _preview(request: Request, row: PrintSettings, form: LookForm) -> SafeString:
    """The sample with what the form says where it is right, and with what is saved elsewhere."""
    logo = None
    if form.is_bound:
        form.is_valid()
        for name, value in form.cleaned_data.items():
            if name not in ("logo", "drop_logo", "version"):
                setattr(row, name, value)
        if form.cleaned_data.get("logo"):
            try:
                logo = small(form.cleaned_data["logo"].read())
            except Refused as refusal:
                form.add_error("logo", str(refusal))
        if form.cleaned_data.get("drop_logo"):
            row.logo.name = ""
    return preview_html(_sample(request, row, logo=logo), Copy.DEALER)


def _sample(request: Request, row: PrintSettings, *, logo: bytes | None = None) -> SlipPaper:
    return sample_paper(head_of(organisations.own(request.viewer), row, logo=logo))


def _way(text: str) -> tuple[Paper, PrintMode]:
    try:
        size, mode = read_way(text)
    except ValueError:
        raise NotFound from None
    if mode is PrintMode.FORM and size not in CONTINUOUS:
        raise NotFound
    return size, mode
