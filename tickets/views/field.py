"""The technician's steps: one press, a reason, a time that is entered later (domain.md 5.5, 6)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import rights
from core.errors import Refused
from core.forms import apply_refusal
from core.tables import next_url
from partners.access import Request
from tickets.explain import slip_problems
from tickets.forms.desk import TicketForm
from tickets.forms.field import REASONS, ArrivalForm, DepartureForm, PaperSlipForm, ReasonForm, RemoteForm
from tickets.models import Ticket
from tickets.operations import dispatch, field_work
from tickets.operations.complete_slip import Incomplete
from tickets.operations.enter_paper_slip import WrittenByHand, enter_paper_slip
from tickets.operations.field_work import Position
from tickets.operations.finish_remote import PhoneResult, finish_remote
from tickets.queries import day, tickets

PRESSED: dict[str, Callable[..., Ticket]] = {
    "accept": dispatch.accept,
    "set_out": field_work.set_out,
    "start_work": field_work.start_work,
    "resume": field_work.resume,
}
ASKED: dict[str, Callable[..., Ticket]] = {
    "refuse": dispatch.refuse,
    "hand_back": dispatch.hand_back,
    "wait_part": field_work.wait_for_part,
    "wait_customer": field_work.wait_for_customer,
}
#: after these the ticket is somebody else's
GONE = {"refuse", "hand_back"}

METRE = Decimal("0.000001")  # six decimals of a degree are 0.1 m


@require_http_methods(["GET", "POST"])
def step(request: Request, public_id: str, verb: str) -> HttpResponse:
    """One step of the ladder. POST: version, next, reason; GET: the question as a page, for browsers without JavaScript."""
    if verb in PRESSED:
        return _press(request, public_id, verb)
    if verb not in ASKED:
        raise Http404
    viewer = request.viewer
    ticket = tickets.one(viewer, public_id)
    if _again(request, public_id, verb):
        return _back(request, public_id)
    rights.require(viewer, f"ticket.{verb}", ticket)
    form = ReasonForm(request.POST or None, viewer=viewer, ticket=ticket, verb=verb)
    if request.method == "POST" and _done(request, form, ASKED[verb], public_id):
        return (
            redirect(_home(request))
            if verb in GONE and not request.viewer.has("dispatcher", "admin")
            else _back(request, public_id)
        )
    asked = REASONS[verb]
    words = {"title": asked.title, "explain": asked.text, "button": asked.button, "danger": asked.danger}
    return _page(request, ticket, form, words)


@require_http_methods(["GET", "POST"])
def arrive(request: Request, public_id: str) -> HttpResponse:
    """到达打卡: a press with nothing in it is "now"; a late time has its page."""
    viewer = request.viewer
    ticket = tickets.one(viewer, public_id)
    if _again(request, public_id, "arrive"):
        return _back(request, public_id)
    rights.require(viewer, "ticket.arrive", ticket)
    form = ArrivalForm(request.POST or None, viewer=viewer, ticket=ticket)

    def do(*, lat: Decimal | None, lng: Decimal | None, acc: int | None, **given: Any) -> Ticket:
        place = None
        if lat is not None and lng is not None:
            place = Position(lat.quantize(METRE), lng.quantize(METRE), acc or 0)
        return field_work.arrive(position=place, **given)

    if request.method == "POST" and _done(request, form, do, public_id):
        return _back(request, public_id)
    words = {"title": _("Enter the arrival"), "button": _("Arrived"), "position": True}
    return _page(request, ticket, form, words)


@require_http_methods(["GET", "POST"])
def leave(request: Request, public_id: str) -> HttpResponse:
    """离开: ends the trip, with distance, nights and means of travel."""
    viewer = request.viewer
    ticket = tickets.one(viewer, public_id)
    if _again(request, public_id, "leave"):
        return _back(request, public_id)
    rights.require(viewer, "ticket.leave", ticket)
    form = DepartureForm(request.POST or None, viewer=viewer, ticket=ticket)
    if request.method == "POST" and _done(request, form, field_work.leave, public_id):
        return _back(request, public_id)
    words = {
        "title": _("Leave the site"),
        "button": _("Leave the site"),
        "explain": _("Ends this trip. Needed before you wait for a part or for the customer."),
    }
    return _page(request, ticket, form, words)


@require_http_methods(["GET", "POST"])
def remote(request: Request, public_id: str) -> HttpResponse:
    """远程解决: what was said on the telephone becomes a numbered slip without trip and signature."""
    viewer = request.viewer
    ticket = tickets.one(viewer, public_id)
    if _again(request, public_id, "finish_remote"):
        return _back(request, public_id)
    rights.require(viewer, "ticket.finish_remote", ticket)
    form = RemoteForm(request.POST or None, viewer=viewer, ticket=ticket, machines=tickets.machines(viewer, ticket))
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data.pop("version")
        try:
            slip = finish_remote(
                viewer=viewer,
                public_id=public_id,
                expected_version=version,
                result=PhoneResult(**form.cleaned_data),
                now=timezone.now(),
            )
        except Incomplete as refusal:
            for problem in slip_problems.sentences(refusal.problems):
                name = problem.field.rsplit("-", 1)[-1]
                form.add_error(name if name in form.fields else None, problem.text)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("Solved by phone, slip %(number)s.") % {"number": slip.number})
            return redirect("tickets:slip", slip.public_id)
    words = {
        "title": _("Solved by phone"),
        "button": _("Finish the job"),
        "explain": _(
            "Writes a numbered slip without trip, photos and signature. The follow-up call is made as after every job."
        ),
    }
    return _page(request, ticket, form, words)


@require_http_methods(["GET", "POST"])
def paper_slip(request: Request, public_id: str) -> HttpResponse:
    """补录: times and number of the paper; then the slip is typed on its own page, beside the photo of the paper."""
    viewer = request.viewer
    ticket = tickets.one(viewer, public_id)
    rights.require(viewer, "ticket.enter_paper", ticket)
    trips = tickets.reached(viewer, ticket, ticket.round)
    known = {"arrived_at": trips[0].arrived_at, "left_at": trips[-1].left_at} if trips else {}
    form = PaperSlipForm(request.POST or None, viewer=viewer, ticket=ticket, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            slip = enter_paper_slip(
                viewer=viewer,
                public_id=public_id,
                expected_version=form.cleaned_data["version"],
                paper=WrittenByHand(**form.arguments()),
                now=timezone.now(),
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return redirect("tickets:slip", slip.public_id)
    words = {
        "title": _("Enter a hand-written slip"),
        "button": _("Go on to the slip"),
        "explain": _(
            "The slip was written on paper and signed with a pen. Enter its times first; then photograph the paper and "
            "type what it says. It is marked as entered later everywhere."
        ),
    }
    return _page(request, ticket, form, words)


def _press(request: Request, public_id: str, verb: str) -> HttpResponse:
    if request.method != "POST":
        return redirect("tickets:ticket", public_id)
    tickets.one(request.viewer, public_id)
    if not _again(request, public_id, verb):
        PRESSED[verb](
            viewer=request.viewer, public_id=public_id, expected_version=_version(request), now=timezone.now()
        )
    return _back(request, public_id)


def _done(request: Request, form: TicketForm, operation: Callable[..., Any], public_id: str) -> bool:
    if not form.is_valid():
        return False
    try:
        operation(
            viewer=request.viewer,
            public_id=public_id,
            expected_version=form.cleaned_data["version"],
            now=timezone.now(),
            **form.arguments(),
        )
    except Refused as refusal:
        apply_refusal(form, refusal)
        return False
    return True


def _again(request: Request, public_id: str, verb: str) -> bool:
    """The second of two fast presses: the step is done, so it is answered like the first."""
    return request.method == "POST" and day.just_done(request.viewer, public_id, verb, now=timezone.now())


def _version(request: Request) -> int | None:
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else None


def _back(request: Request, public_id: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(next_url(request) or reverse("tickets:ticket", args=[public_id]))


def _home(request: Request) -> str:
    return "tickets:day" if rights.may_ever(request.viewer, "ticket.day") else "tickets:tickets"


def _page(request: Request, ticket: Ticket, form: TicketForm, words: dict[str, Any]) -> HttpResponse:
    context = {
        "ticket": ticket,
        "form": form,
        "page_title": words["title"],
        "action": words,
        "crumbs": [(reverse("tickets:ticket", args=[ticket.public_id]), ticket.customer_name)],
    }
    return render(request, "tickets/step.html", context, status=422 if form.is_bound else 200)
