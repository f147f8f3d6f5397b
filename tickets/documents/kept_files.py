"""The kept PDF files of a slip on their way out: each copy with its own right (domain.md 8.2, docs/isolation.md)."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponseBase

from core import rights, stored
from core.errors import NotFound
from core.models import Job
from core.tenancy import Tier, Viewer
from tickets.documents.slip_pdf import SlipFiles, stamped
from tickets.enums import FROZEN, Copy, SlipState
from tickets.models import Slip, SlipFile
from tickets.queries import slips

PDF = "application/pdf"
KIND = "tickets.slip_pdf"
NAMES = {Copy.DEALER: "存根联", Copy.CUSTOMER: "客户联", Copy.MAKER: "厂家联"}


def may_take(viewer: Viewer, copy: Copy, slip: Slip) -> bool:
    """Whether the viewer may have this copy of the slip."""
    if slip.state not in FROZEN:
        return False
    if copy is Copy.MAKER and viewer.tier is not Tier.DEALER:
        return rights.may(viewer, "slip.maker_copy", slip)
    return rights.may(viewer, "slip.print", slip)


def answer(request: HttpRequest, viewer: Viewer, slip: Slip, copy: str) -> HttpResponseBase:
    """One copy ("dealer", "customer", "maker"), or all as "triplicate". A void slip carries 作废, a reprint 补打 n.

    Errors: NotFound for a copy that is not there, or not for this viewer.
    """
    wanted = list(Copy) if copy == "triplicate" else [Copy(copy)] if copy in Copy.values else []
    if not wanted or any(not may_take(viewer, one, slip) for one in wanted):
        raise NotFound
    kept = slips.files(viewer, slip)
    if any(one not in kept for one in wanted):
        raise NotFound
    name = f"{slip.number}-{NAMES[wanted[0]] if len(wanted) == 1 else '三联'}.pdf"
    void = slip.void_reason if slip.state == SlipState.VOID else None
    reprint = slip.printed - 1 if len(wanted) > 1 and slip.printed > 1 else None
    if len(wanted) == 1 and void is None:
        return stored.answer(request, kept[wanted[0]].file.name, content_type=PDF, as_name=name)
    merged = stamped(_read(kept, wanted), wanted, reprint_no=reprint, void_reason=void)
    return stored.answer_bytes(merged, content_type=PDF, as_name=name)


def job_of(viewer: Viewer, slip: Slip) -> Job | None:
    """The latest task that makes the slip's files, or None."""
    rows = Job.objects.visible_to(viewer).filter(kind=KIND, payload__slip=slip.public_id)
    return rows.order_by("-id").first()


def _read(kept: dict[str, SlipFile], wanted: list[Copy]) -> SlipFiles:
    content = dict.fromkeys((copy.value for copy in Copy), b"")
    for copy in wanted:
        with default_storage.open(kept[copy].file.name or "", "rb") as file:
            content[copy.value] = file.read()
    return SlipFiles(**content)
