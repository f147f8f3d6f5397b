"""A slip as paper on the screen: before it is signed, while it is signed, afterwards (domain.md 8.2, 8.5)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import rights
from core.calendars import local
from core.errors import NotFound, Refused, Sentence
from core.forms import apply_refusal
from core.offline import keep_for
from core.rights import Sight
from core.tenancy import Tier, Viewer
from partners.access import Request
from tickets.calculations.judgement import against, tick_of
from tickets.documents.slip_facts import paper_of
from tickets.documents.slip_pdf import preview_html
from tickets.enums import FROZEN, Copy, SignatureKind, SlipState
from tickets.explain import clocks as clock_words
from tickets.explain import slip_problems
from tickets.forms.slip import RefusalForm, SignForm
from tickets.models import Slip
from tickets.operations.complete_slip import Incomplete, correct_slip
from tickets.operations.sign_slip import Answer, confirm_by_name, refuse_signature, sign_slip
from tickets.operations.void_slip import void_slip
from tickets.queries import clocks, slips, tickets
from tickets.views import files
from tickets.views.photos import slots
from tickets.views.warranty import shown

COLOURS = {Copy.DEALER: "white", Copy.CUSTOMER: "red", Copy.MAKER: "yellow"}
TABS: dict[Copy, Sentence] = {
    Copy.DEALER: gettext_lazy("Dealer's"),
    Copy.CUSTOMER: gettext_lazy("Customer's"),
    Copy.MAKER: gettext_lazy("Manufacturer's"),
}


@dataclass(frozen=True)
class Tab:
    """One copy of the slip, as components/slip_preview.html wants it."""

    key: str
    label: Any
    color: str
    url: str
    active: bool


def readable_copies(viewer: Viewer, slip: Slip) -> list[Copy]:
    """Which copies this viewer may look at: the dealer all three, office and HQ service the manufacturer's."""
    if viewer.tier is Tier.DEALER:
        return list(Copy)
    return [Copy.MAKER] if rights.may(viewer, "slip.maker_copy", slip) else []


def paper_page(request: Request, slip: Slip) -> HttpResponse:
    """The slip's page once it is not a form for this viewer: state, next step, the paper, photos, files."""
    viewer, ticket = request.viewer, slip.ticket
    copies = readable_copies(viewer, slip)
    copy = _chosen(request, copies)
    frozen = slip.state in FROZEN
    photos = [photo for photo in tickets.photos(viewer, ticket) if photo.round == slip.round]
    able = {rule.action.split(".")[1] for rule in rights.buttons(viewer, "slip", slip)}
    context = {
        "slip": slip,
        "ticket": ticket,
        "copies": _tabs(slip, copies, copy, "tickets:slip"),
        "html": preview_html(paper_of(viewer, slip), copy) if copy else "",
        "lapsed": slips.lapsed(viewer, slip),
        "facts": _facts(viewer, slip) if copy is None else None,
        "slots": slots(photos, needed=(), offered=()),
        "may_sign": rights.may(viewer, "slip.sign", slip),
        "may_correct": "correct" in able,
        "may_void": "void" in able,
        "may_print": rights.may(viewer, "slip.print", slip),
        "files": files.state_of(request, slip) if frozen else None,
        "clocks": clock_words.lines(clocks.of_round(viewer, ticket.pk, slip.round), timezone.now()),
        "may_explain": rights.may(viewer, "ticket.explain_late", ticket),
        "warranty": shown(slip if slip.judgement else ticket),
        "contradicts": against(slip.in_warranty, tick_of(slip.warranty)),
        "frozen": frozen,
        "is_dealer": viewer.tier is Tier.DEALER,
        "shows_site": rights.sight(viewer, "ticket.site", ticket) is Sight.FULL,
        "group_text": group_text(slip)
        if viewer.tier is Tier.DEALER and frozen and slip.state != SlipState.VOID
        else "",
        "page_title": slip.number or _("Service slip"),
        "crumbs": [(reverse("tickets:ticket", args=[ticket.public_id]), ticket.customer_name)],
    }
    return _private(render(request, "tickets/slip.html", context))


@require_GET
def preview(request: Request, public_id: str) -> HttpResponse:
    """One copy, large: a phone scrolls in it, a desktop sees it as wide as it prints."""
    viewer = request.viewer
    slip = slips.one(viewer, public_id)
    copies = readable_copies(viewer, slip)
    copy = _chosen(request, copies)
    if copy is None:
        raise NotFound
    context = {
        "slip": slip,
        "copies": _tabs(slip, copies, copy, "tickets:slip_preview"),
        "html": preview_html(paper_of(viewer, slip), copy),
        "page_title": _("Preview"),
        "crumbs": [(reverse("tickets:slip", args=[public_id]), slip.number or _("Service slip"))],
    }
    return _private(render(request, "tickets/slip_preview.html", context))


@require_http_methods(["GET", "POST"])
def sign(request: Request, public_id: str) -> HttpResponse:
    """The customer's page: what is signed, fees, rating, opinion, two signatures, or the name instead."""
    viewer = request.viewer
    slip = slips.one(viewer, public_id)
    if slip.state in FROZEN:
        return signed_already(request, slip)
    rights.require(viewer, "slip.sign", slip)
    if slip.from_paper and request.method == "GET":
        return redirect("tickets:slip_sign_on_paper", public_id)
    form = SignForm(
        request.POST or None, initial={"version": slip.version, "rating": slip.rating, "signer": slip.contact}
    )
    if request.method == "POST" and form.is_valid() and _answered(request, slip, form):
        return redirect("tickets:slip", public_id)
    return _sign_page(request, slip, form, RefusalForm(initial={"version": slip.version}, auto_id="refuse_%s"))


@require_POST
def refuse(request: Request, public_id: str) -> HttpResponse:
    """拒签/未签: with a reason it freezes and prints as signing does."""
    viewer = request.viewer
    slip = slips.one(viewer, public_id)
    if slip.state in FROZEN:
        return signed_already(request, slip)
    rights.require(viewer, "slip.refuse", slip)
    form = RefusalForm(request.POST, auto_id="refuse_%s")
    if form.is_valid():
        try:
            refuse_signature(
                viewer=viewer,
                public_id=public_id,
                expected_version=form.cleaned_data["version"],
                reason=form.text(),
                answer=Answer(rating="", opinion=""),
                now=timezone.now(),
            )
        except Incomplete as refusal:
            show_missing(form, refusal)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return redirect("tickets:slip", public_id)
    return _sign_page(request, slip, SignForm(initial={"version": slip.version, "signer": slip.contact}), form)


@require_POST
def correct(request: Request, public_id: str) -> HttpResponse:
    """Back to the form before the customer signs; the number stays."""
    slip = slips.one(request.viewer, public_id)
    if slip.state != SlipState.DRAFT:
        correct_slip(
            viewer=request.viewer,
            public_id=public_id,
            expected_version=_version(request),
            reason=request.POST.get("reason", ""),
            now=timezone.now(),
        )
    return redirect("tickets:slip", public_id)


@require_http_methods(["GET", "POST"])
def void(request: Request, public_id: str) -> HttpResponse:
    """作废, with reason; GET asks on a page of its own, for browsers without JavaScript."""
    slip = slips.one(request.viewer, public_id)
    if slip.state == SlipState.VOID:
        messages.info(request, _("Slip %(number)s is void already.") % {"number": slip.number})
        return redirect("tickets:slip", public_id)
    rights.require(request.viewer, "slip.void", slip)
    problem = ""
    if request.method == "POST":
        try:
            void_slip(
                viewer=request.viewer,
                public_id=public_id,
                expected_version=_version(request),
                reason=request.POST.get("reason", ""),
                now=timezone.now(),
            )
        except Refused as refusal:
            if refusal.code != "reason_missing":
                raise
            problem = str(refusal)
        else:
            messages.success(request, _("Slip %(number)s is void.") % {"number": slip.number})
            return redirect("tickets:slip", public_id)
    context = {
        "slip": slip,
        "problem": problem,
        "has_errors": bool(problem),
        "page_title": _("Void this slip?"),
        "crumbs": [(reverse("tickets:slip", args=[public_id]), slip.number)],
    }
    return render(request, "tickets/slip_void.html", context, status=422 if problem else 200)


def group_text(slip: Slip) -> str:
    """复制发微信群 after the signature. Chinese, as the group is."""
    ticket = slip.ticket
    lines = [
        f"【{'已签字' if slip.state == SlipState.SIGNED else '未签字'}】{slip.number}{'(补录)' if slip.from_paper else ''}",
        f"客户:{slip.customer_name}",
        f"设备:{ticket.model_summary}",
    ]
    if slip.arrived_at and slip.left_at:
        lines.append(f"到达 {local(slip.arrived_at):%m-%d %H:%M},离开 {local(slip.left_at):%m-%d %H:%M}")
    if slip.rating:
        lines.append(f"评价:{_RATINGS[slip.rating]}")
    if slip.technician:
        lines.append(f"技师:{slip.technician}")
    return "\n".join(lines)


#: the words of 表7-27, for the group
_RATINGS = {"5": "非常满意", "4": "满意", "3": "一般", "2": "不满意", "1": "很不满意"}


def _answered(request: Request, slip: Slip, form: SignForm) -> bool:
    data = form.cleaned_data
    kind = form.kind
    if kind is SignatureKind.NONE:
        form.add_error("strokes", _("Please sign in the box, or confirm by name below it."))
        return False
    do = sign_slip if kind is SignatureKind.DRAWN else confirm_by_name
    try:
        do(
            viewer=request.viewer,
            public_id=slip.public_id,
            expected_version=data["version"],
            answer=answer_of(form),
            now=timezone.now(),
        )
    except Incomplete as refusal:
        show_missing(form, refusal)
        return False
    except Refused as refusal:
        if refusal.code.startswith("signature_"):
            refusal.field = "strokes"
        apply_refusal(form, refusal)
        return False
    return True


def answer_of(form: SignForm, *, op: str = "", at: datetime | None = None) -> Answer:
    """What the customer answered, as far as it can be read; what is missing, the operation says."""
    read = form.cleaned_data.get
    drawn = form.kind is SignatureKind.DRAWN
    return Answer(
        rating=read("rating", ""),
        opinion=read("opinion", ""),
        signer=read("signer", ""),
        strokes=_strokes(read("strokes", "")) if drawn else None,
        technician_strokes=_strokes(read("technician_strokes", "")),
        op=op,
        at=at,
    )


def show_missing(form: Any, refusal: Incomplete) -> None:
    """What is missing, on top of a form that has no field for it."""
    for item in slip_problems.sentences(refusal.problems):
        form.add_error(None, item.text)


def _sign_page(request: Request, slip: Slip, form: SignForm, refusal_form: RefusalForm) -> HttpResponse:
    viewer = request.viewer
    wrong = form if form.is_bound else refusal_form if refusal_form.is_bound else None
    context = {
        "slip": slip,
        "ticket": slip.ticket,
        "faults": slips.faults(viewer, slip),
        "parts": slips.parts(viewer, slip),
        "form": form,
        "refusal_form": refusal_form,
        "strokes_error": "".join(str(error) for error in form.errors.get("strokes", [])[:1]),
        "technician_error": "".join(str(error) for error in form.errors.get("technician_strokes", [])[:1]),
        "wrong": wrong,
        "has_errors": wrong is not None,
        "free": slip.in_warranty == "yes",
        "technician": slip.ticket.lead_name or viewer.name,
        "today": local(timezone.now()),
        "page_title": _("Please check and sign"),
        "crumbs": [(reverse("tickets:slip", args=[slip.public_id]), slip.number)],
    }
    response = render(request, "tickets/slip_sign.html", context, status=422 if wrong is not None else 200)
    return keep_for(request, _private(response))


def signed_already(request: Request, slip: Slip) -> HttpResponse:
    """To the slip, which says who was faster."""
    messages.info(
        request, _("Answered already, number %(number)s; nothing was saved a second time.") % {"number": slip.number}
    )
    return redirect("tickets:slip", slip.public_id)


def _tabs(slip: Slip, copies: list[Copy], active: Copy | None, name: str) -> list[Tab]:
    page = reverse(name, args=[slip.public_id])
    return [Tab(copy.value, TABS[copy], COLOURS[copy], f"{page}?copy={copy.value}", copy is active) for copy in copies]


def _chosen(request: Request, copies: list[Copy]) -> Copy | None:
    wish = request.GET.get("copy", "")
    if not copies:
        return None
    if wish and wish in Copy.values and wish not in copies:
        raise NotFound
    return Copy(wish) if wish in copies else copies[0]


def _facts(viewer: Viewer, slip: Slip) -> dict[str, Any]:
    """What a department reads of a slip: fault, machine, work; no telephone, no money (domain.md 2.3)."""
    return {
        "faults": slips.faults(viewer, slip),
        "parts": slips.parts(viewer, slip),
        "money": rights.sight(viewer, "ticket.money", slip.ticket) is Sight.FULL,
    }


def _strokes(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text


def _version(request: Request) -> int | None:
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else None


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
