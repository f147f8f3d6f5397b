"""The kept files of a slip: how far they are, each copy with its own right, the triplicate to print (domain.md 8.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import jobs, rights
from core.errors import NotFound
from core.models import JobState
from core.tenancy import Tier
from partners.access import Request
from tickets.documents import kept_files
from tickets.enums import FROZEN, Copy
from tickets.models import Slip
from tickets.operations.print_slip import print_slip
from tickets.queries import slips


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
        triplicate=reverse("tickets:slip_print", args=[slip.public_id])
        if complete and viewer.tier is Tier.DEALER and rights.may(viewer, "slip.print", slip)
        else "",
        making=not complete and not failed and wanted > len(copies) and viewer.tier is Tier.DEALER,
        failed=failed,
        wait=0 if complete or failed or asked >= 60 else 1 if asked < 5 else 3 if asked < 20 else 10,
        poll_url=f"{poll}?asked={asked + 1}",
        printed=slip.printed,
    )


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


@require_POST
def print_again(request: Request, public_id: str) -> HttpResponse:
    """Print the triplicate: counted first, then the file; from the second time on it says 补打 n."""
    print_slip(viewer=request.viewer, public_id=public_id, now=timezone.now())
    return redirect("tickets:slip_pdf", public_id, "triplicate")


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 5 else 0
