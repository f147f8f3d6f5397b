"""The kept files of a slip: how far they are, each copy with its own right, the triplicate to print (domain.md 8.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import jobs, rights, stored
from core.errors import NotFound, Refused
from core.forms import apply_refusal
from core.models import JobState
from core.tenancy import Tier, Viewer
from partners.access import Request
from tickets.documents import kept_files
from tickets.documents.slip_facts import paper_of
from tickets.enums import CONTINUOUS, FROZEN, Copy, Paper, PrintMode
from tickets.forms.print_shop import PrintForm, read_way
from tickets.models import Slip
from tickets.operations.print_slip import print_slip
from tickets.queries import print_shop, slips


@dataclass(frozen=True)
class Download:
    """One file to take."""

    label: Any
    url: str
    color: str


@dataclass(frozen=True)
class Files:
    """How far the files of a slip are. wait: seconds until the page asks again, 0 = not any more."""

    downloads: list[Download]
    triplicate: str
    making: bool
    failed: bool
    wait: int
    poll_url: str
    printed: int
    form: PrintForm | None = None


def state_of(request: Request, slip: Slip) -> Files:
    """The files this viewer may take, or how far they are."""
    viewer = request.viewer
    kept = slips.files(viewer, slip)
    copies = [copy for copy in Copy if copy in kept and kept_files.may_take(viewer, copy, slip)]
    wanted = len(Copy) if viewer.tier is Tier.DEALER else 1
    complete = len(copies) >= wanted
    job = None if complete else kept_files.job_of(viewer, slip)
    failed = job is not None and job.state in (JobState.FAILED, JobState.CANCELLED)
    asked = _number(request.GET.get("asked", ""))
    prints = complete and viewer.tier is Tier.DEALER and rights.may(viewer, "slip.print", slip)
    poll = reverse("tickets:slip_files", args=[slip.public_id])
    return Files(
        downloads=[
            Download(
                copy.label,
                reverse("tickets:slip_pdf", args=[slip.public_id, copy.value]),
                {"dealer": "white", "customer": "red", "maker": "yellow"}[copy.value],
            )
            for copy in copies
        ],
        triplicate=reverse("tickets:slip_print", args=[slip.public_id]) if prints else "",
        making=not complete and not failed and wanted > len(copies) and viewer.tier is Tier.DEALER,
        failed=failed,
        wait=0 if complete or failed or asked >= 60 else 1 if asked < 5 else 3 if asked < 20 else 10,
        poll_url=f"{poll}?asked={asked + 1}",
        printed=slip.printed,
        form=print_form(viewer, slip) if prints else None,
    )


def print_form(viewer: Viewer, slip: Slip, data: Any = None) -> PrintForm:
    """Paper, printer and number of the paper form; the dealer's own paper is chosen."""
    chosen = {"paper": print_shop.settings(viewer).default_paper, "paper_number": slip.paper_number}
    return PrintForm(data, printers=print_shop.printers(viewer), initial=chosen, auto_id="print_%s")


@require_http_methods(["GET", "POST"])
def progress(request: Request, public_id: str) -> HttpResponse:
    """The fragment that asks again until the files are there. POST: make them once more after a failure."""
    viewer = request.viewer
    slip = slips.one(viewer, public_id)
    if slip.state not in FROZEN:
        raise NotFound
    if request.method == "POST":
        rights.require(viewer, "slip.print", slip)
        job = kept_files.job_of(viewer, slip)
        if job is None or job.state in (JobState.FAILED, JobState.CANCELLED):
            jobs.enqueue(
                kept_files.KIND, viewer=viewer, now=timezone.now(), title=slip.number, of=3, slip=slip.public_id
            )
        return redirect("tickets:slip", public_id)
    return render(request, "tickets/_slip_files.html", {"slip": slip, "files": state_of(request, slip)})


@require_GET
def pdf(request: Request, public_id: str, copy: str) -> HttpResponseBase:
    """One copy, or the triplicate. A void slip carries 作废 on every page, a reprint 补打 n; the kept files stay as they are."""
    viewer = request.viewer
    slip = slips.one(viewer, public_id)
    return kept_files.answer(request, viewer, slip, copy)


@require_GET
def on_paper(request: Request, public_id: str, paper: str) -> HttpResponseBase:
    """The slip on a paper other than A4, drawn when asked for; `paper` as in the choice: half, half-form. ?printer= moves a form."""
    from tickets.documents.slip_forms import NO_OFFSET, slip_form

    viewer = request.viewer
    slip = slips.one(viewer, public_id)
    if slip.state not in FROZEN or not rights.may(viewer, "slip.print", slip):
        raise NotFound
    try:
        size, mode = read_way(paper)
    except ValueError:
        raise NotFound from None
    if size is Paper.A4 or (mode is PrintMode.FORM and size not in CONTINUOUS):
        raise NotFound
    chosen = request.GET.get("printer", "")
    printer = print_shop.printer(viewer, chosen) if chosen else None
    content = slip_form(
        paper_of(viewer, slip),
        size,
        mode=mode,
        offset=(printer.offset_x, printer.offset_y) if printer else NO_OFFSET,
        reprint_no=slip.printed - 1 if slip.printed > 1 else None,
    )
    return stored.answer_bytes(content, content_type=kept_files.PDF, as_name=f"{slip.number}-{paper}.pdf")


@require_POST
def print_again(request: Request, public_id: str) -> HttpResponse:
    """Print on the chosen paper: counted first, then the file; from the second time on it says 补打 n.

    Without a choice it is the triplicate on A4.
    """
    viewer = request.viewer
    slip = slips.one(viewer, public_id)
    rights.require(viewer, "slip.print", slip)
    form = print_form(viewer, slip, {"paper": Paper.A4.value, **request.POST.dict()})
    if form.is_valid():
        number = form.cleaned_data["paper_number"] if "paper_number" in request.POST else None
        try:
            print_slip(viewer=viewer, public_id=public_id, now=timezone.now(), paper_number=number)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            size, _mode = form.way()
            if size is Paper.A4:
                return redirect("tickets:slip_pdf", public_id, "triplicate")
            chosen = form.cleaned_data.get("printer")
            address = reverse("tickets:slip_paper", args=[public_id, form.cleaned_data["paper"]])
            return redirect(f"{address}?{urlencode({'printer': chosen})}" if chosen else address)
    context = {
        "slip": slip,
        "form": form,
        "page_title": gettext("Print slip %(number)s") % {"number": slip.number},
        "crumbs": [(reverse("tickets:slip", args=[public_id]), slip.number)],
    }
    return render(request, "tickets/slip_print.html", context, status=422)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 5 else 0
