"""Pages without account: a machine's sticker, reports, a ticket's progress, complaints (domain.md 18.4, ui.md 3.10).

Every view runs without session. First the link is resolved as the login user, then the transaction takes the role app_outside, which sees
what the link has opened and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import limits
from core.calendars import local_date
from core.errors import Refused
from core.forms import apply_refusal
from core.models import public_id as random_key
from core.tenancy import identity
from equipment.models import Machine
from partners.access import without_session
from partners.models import Organisation
from resources.queries.duty import public_duty
from tickets.enums import FINISHED, OPEN, WITH_TECHNICIAN, LinkKind, LinkState, SlipState, TicketState
from tickets.explain import warranty as words
from tickets.forms.public import CompanyForm, ComplaintForm, ContactForm, FaultForm, MachineFaultForm
from tickets.models import Slip, Ticket
from tickets.operations import by_link, tries
from tickets.operations.by_link import NewMachine, Told
from tickets.queries import public, warranty
from tickets.queries.public import Opened

S = TicketState
#: wrong addresses from one place within ten minutes, before it has to wait
MISSES, MISS_MINUTES = 60, 10

View = Callable[..., HttpResponseBase]


def by(kind: LinkKind) -> Callable[[Callable[..., HttpResponseBase]], View]:
    """The view is opened by a code or token of this kind: it gets `opened`, and sees no more than that.

    What opens nothing is answered alike, whatever it is: 404 and where to ask.
    """

    def wrap(view: Callable[..., HttpResponseBase]) -> View:
        @wraps(view)
        def answer(request: HttpRequest, code: str) -> HttpResponseBase:
            now = timezone.now()
            address = limits.client_address(request)
            if limits.too_many("public-link", address, limit=MISSES):
                raise Refused("too_often", status=429, minutes=MISS_MINUTES)
            opened = public.resolve(kind, code, now)
            if opened is None:
                limits.count("public-link", address, seconds=MISS_MINUTES * 60)
                return over(request, _("This address is not known"), UNKNOWN(), status=404)
            public.enter(opened)
            response = view(request, code, opened, now)
            response["X-Robots-Tag"] = "noindex, nofollow"
            return response

        return without_session(answer)

    return wrap


def UNKNOWN() -> str:  # noqa: N802  # a sentence that must be put together in the reader's language
    """What a wrong address says."""
    return _("Check whether the whole address was copied, scan the code once more, or ask your dealer.")


def over(
    request: HttpRequest, title: str, text: str, *, status: int, dealer: Organisation | None = None
) -> HttpResponse:
    """A page that says why there is nothing to do here, and whom to ask."""
    context = {"page_title": title, "text": text, "dealer": dealer, "public_name": dealer.label if dealer else ""}
    return render(request, "tickets/public/over.html", context | _home(request), status=status)


def frame(request: HttpRequest, dealer: Organisation) -> dict[str, Any]:
    """What every page of a dealer needs."""
    return {"dealer": dealer, "public_name": dealer.label, **_home(request)}


def frame_with_duty(request: HttpRequest, opened: Opened, dealer: Organisation, now: datetime) -> dict[str, Any]:
    """As `frame`, for pages on which a customer looks for whom to call: who is on duty now, where the dealer shows it (domain.md 14)."""
    return {**frame(request, dealer), "duty": public_duty(opened.viewer, now)}


def _home(request: HttpRequest) -> dict[str, Any]:
    return {"public_home": request.path}


# ── a machine's sticker ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@require_GET
@by(LinkKind.MACHINE)
def machine(request: HttpRequest, code: str, opened: Opened, now: datetime) -> HttpResponse:
    """/q/CODE: model, dates, whom to call; a scrapped machine says so. Never customer or history."""
    found, dealer = public.machine(opened.viewer), public.dealer(opened.viewer)
    dates = [
        (_("Ex-factory date"), found.ex_factory_on),
        (_("Installation / acceptance date"), found.accepted_on),
    ]
    context = frame_with_duty(request, opened, dealer, now) | {
        "machine": found,
        "warranty": _warranty(opened, now) if found.active else "",
        "dates": [(label, day) for label, day in dates if day],
        "report_url": reverse("public:report", args=[code]),
        "page_title": found.model,
    }
    return render(request, "tickets/public/machine.html", context)


def _warranty(opened: Opened, now: datetime) -> str:
    """Until when the machine is in warranty, where the dates are known: the dealer's own policies and dates say so."""
    with public.as_dealer(opened.viewer, "") as mine:
        rows = Machine.objects.visible_to(mine).select_related("customer")
        found = rows.one(id=opened.viewer.link.machine if opened.viewer.link else 0)
        return words.until(warranty.of_machine(mine, found, local_date(now)))


# ── reports: three plain forms, what was typed goes along in hidden fields ───────────────────────────────────────────────────────


@dataclass(frozen=True)
class Line:
    """One line of what was typed, to be checked before it is sent."""

    label: Any
    value: str


@require_http_methods(["GET", "POST"])
@by(LinkKind.MACHINE)
def report(request: HttpRequest, code: str, opened: Opened, now: datetime) -> HttpResponse:
    """Report a fault of the machine with this sticker."""
    found, dealer = public.machine(opened.viewer), public.dealer(opened.viewer)
    if not found.active:
        raise Refused("machine_scrapped", status=410)

    def save(data: dict[str, Any], photos: list[bytes]) -> str:
        return by_link.report_machine(viewer=opened.viewer, told=_told(data, photos), now=now)

    steps: list[Any] = [FaultForm, ContactForm]
    return _steps(request, code, opened, now, dealer, steps, save, about=f"{found.product_type} {found.model}")


@require_http_methods(["GET", "POST"])
@by(LinkKind.DEALER)
def dealer_report(request: HttpRequest, code: str, opened: Opened, now: datetime) -> HttpResponse:
    """/d/CODE: report a fault of a machine without sticker."""
    dealer, makers = public.dealer(opened.viewer), public.makers(opened.viewer)
    if not makers:
        text = _("This dealer takes no reports here yet. Please call.")
        return over(request, _("Report a fault"), text, status=409, dealer=dealer)

    def save(data: dict[str, Any], photos: list[bytes]) -> str:
        where = NewMachine(**{key: data[key] for key in NewMachine.__dataclass_fields__})
        return by_link.report_without_sticker(viewer=opened.viewer, told=_told(data, photos), where=where, now=now)

    def fault_form(*args: Any, **kwargs: Any) -> MachineFaultForm:
        return MachineFaultForm(*args, makers=makers, **kwargs)

    return _steps(request, code, opened, now, dealer, [fault_form, CompanyForm], save, about="")


def _steps(
    request: HttpRequest,
    code: str,
    opened: Opened,
    now: datetime,
    dealer: Organisation,
    kinds: Sequence[Callable[..., Any]],
    save: Callable[[dict[str, Any], list[bytes]], str],
    *,
    about: str,
) -> HttpResponse:
    """The three steps: what, who, photos and sending. The last one is counted per address and per code."""
    keys = (
        (tries.REPORTS_OF_ADDRESS, limits.client_address(request)),
        (tries.REPORTS_OF_CODE, f"{opened.kind} {code}"),
    )
    last, problem, status = len(kinds) + 1, "", 200
    if request.method == "GET":
        step, forms = 1, [kinds[0]()]
    else:
        given = _number(request.POST.get("step", ""), last)
        forms = [kind(request.POST) for kind in kinds[: min(given, len(kinds))]]
        wrong = next((place for place, form in enumerate(forms, start=1) if not form.is_valid()), 0)
        if "back" in request.POST:
            step = max(1, given - 1)
        elif wrong:
            step, status = wrong, 422
        elif given < last:
            step = given + 1
        else:
            step = last
            with identity(opened.viewer):
                for limit, key in keys:
                    tries.require(limit, key, now)
            survivors: list[Any] = request.survivors  # type: ignore[attr-defined]  # set by core.middleware
            survivors.append(lambda: [tries.count(limit, key, now) for limit, key in keys])
            try:
                data = {key: value for form in forms for key, value in form.cleaned_data.items()}
                token = save(data | {"op": request.POST.get("op", "")}, _photos(request))
            except Refused as refusal:
                if refusal.status != 422:
                    raise
                problem, status = str(refusal), 422
            else:
                return redirect(f"{reverse('public:progress', args=[token])}?new=1")
        if step <= len(kinds) and step > len(forms):
            forms.append(kinds[step - 1]())
    shown = forms[step - 1] if step < last else None
    if shown is not None and "back" in request.POST:
        shown = kinds[step - 1](initial={name: request.POST.get(name, "") for name in shown.fields})
    context = frame_with_duty(request, opened, dealer, now) | {
        "form": shown,
        "carried": [form for place, form in enumerate(forms, start=1) if place != step],
        "lines": _lines(forms) if step == last else [],
        "step": step,
        "last": last,
        "steps": [
            {"label": label, "state": "done" if place < step else "now" if place == step else ""}
            for place, label in enumerate((_("The fault"), _("You"), _("Photos, send")), start=1)
        ],
        "op": request.POST.get("op") or random_key(),
        "problem": problem,
        "has_errors": status == 422,
        "about": about,
        "max_photos": by_link.MAX_PHOTOS,
        "page_title": _("Report a fault"),
    }
    return render(request, "tickets/public/report.html", context, status=status)


def _told(data: dict[str, Any], photos: list[bytes]) -> Told:
    op = data["op"] if 8 <= len(data["op"]) <= 32 and data["op"].isalnum() else random_key()
    return Told(
        fault=data["fault"], urgency=data["urgency"], name=data["name"], phone=data["phone"], op=op, photos=photos
    )


def _photos(request: HttpRequest) -> list[bytes]:
    """The chosen files. Errors: Refused("too_many_pictures"); what is in them is judged by core.images."""
    files = [*request.FILES.getlist("photos"), *request.FILES.getlist("camera")]
    if len(files) > by_link.MAX_PHOTOS:
        raise Refused("too_many_pictures", field="photos", n=by_link.MAX_PHOTOS)
    return [file.read() for file in files]


def _lines(forms: Sequence[Any]) -> list[Line]:
    found = []
    for form in forms:
        for field in form:
            value = field.value() or ""
            choices = {str(key): str(label) for key, label in getattr(field.field, "choices", ())}
            found.append(Line(field.label, choices.get(str(value), str(value))))
    return found


def _number(text: str, most: int) -> int:
    return min(int(text), most) if text.isdecimal() and len(text) < 3 and int(text) > 0 else 1


# ── a ticket's progress ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@require_GET
@by(LinkKind.PROGRESS)
def progress(request: HttpRequest, code: str, opened: Opened, now: datetime) -> HttpResponse:
    """/t/TOKEN: how far it is, in words; no notes, no telephone, no money but the slip's fees."""
    dealer = public.dealer(opened.viewer)
    if opened.state is not LinkState.VALID:
        return _progress_over(request, dealer)
    return _progress_page(request, code, opened, dealer, ComplaintForm(), now)


@require_POST
@by(LinkKind.PROGRESS)
def complain(request: HttpRequest, code: str, opened: Opened, now: datetime) -> HttpResponse:
    """投诉: marks the ticket and tells the desk."""
    dealer = public.dealer(opened.viewer)
    if opened.state is not LinkState.VALID:
        return _progress_over(request, dealer)
    form = ComplaintForm(request.POST)
    if form.is_valid():
        with identity(opened.viewer):
            tries.require(tries.COMPLAINTS, code, now)
            tries.count(tries.COMPLAINTS, code, now)
        try:
            by_link.complain(viewer=opened.viewer, text=form.cleaned_data["text"], now=now)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return redirect(f"{reverse('public:progress', args=[code])}?told=1")
    return _progress_page(request, code, opened, dealer, form, now, status=422)


def _progress_page(
    request: HttpRequest,
    code: str,
    opened: Opened,
    dealer: Organisation,
    form: ComplaintForm,
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    ticket, slip = public.ticket(opened.viewer), public.slip(opened.viewer)
    ended = ticket.state in (S.CANCELLED, S.MERGED, S.TRANSFERRED)
    known = ticket.state in WITH_TECHNICIAN or ticket.state in FINISHED
    context = frame_with_duty(request, opened, dealer, now) | {
        "ticket": ticket,
        "steps": [] if ended else _four_steps(ticket),
        "words": _words(ticket),
        "technician": ticket.lead_name if known else "",
        "appointment": ticket.appointment_at if ticket.state in OPEN else None,
        "fees": _fees(slip),
        "form": form,
        "is_new": "new" in request.GET,
        "was_told": "told" in request.GET,
        "url": request.build_absolute_uri(reverse("public:progress", args=[code])),
        "complain_url": reverse("public:complain", args=[code]),
        "page_title": _("Progress of your report"),
    }
    return render(request, "tickets/public/progress.html", context, status=status)


def _progress_over(request: HttpRequest, dealer: Organisation) -> HttpResponse:
    text = _("Progress can be read until 30 days after the work was finished. For questions please call the dealer.")
    return over(request, _("This link is over"), text, status=410, dealer=dealer)


def _four_steps(ticket: Ticket) -> list[dict[str, Any]]:
    """已受理 → 已派工 → 已到达 → 已完工, of the present round."""
    moments = [
        (_("Taken up"), ticket.contacted_at, ticket.state != S.NEW),
        (_("Technician sent"), ticket.dispatched_at, ticket.state in WITH_TECHNICIAN or ticket.state in FINISHED),
        (_("Technician arrived"), ticket.arrived_at, ticket.state in _ON_SITE or ticket.state in FINISHED),
        (_("Work finished"), ticket.finished_at, ticket.state in FINISHED),
    ]
    reached = max((place for place, (_label, _at, done) in enumerate(moments) if done), default=-1)
    return [
        {
            "label": label,
            "at": at if place <= reached else None,
            "state": "now" if place == reached and reached < 3 else "done" if place <= reached else "",
        }
        for place, (label, at, _done) in enumerate(moments)
    ]


_ON_SITE = (S.ARRIVED, S.IN_WORK, S.WAIT_PART, S.WAIT_CUST, S.WAIT_SIGN)


def _words(ticket: Ticket) -> str:
    """The state as one sentence to the customer."""
    return str(
        {
            S.NEW: _("Your report has arrived. The dealer will call you."),
            S.CONTACTED: _("The dealer has taken up your report and is arranging a technician."),
            S.APPOINTED: _("An appointment is made."),
            S.DISPATCHED: _("A technician is being sent."),
            S.ACCEPTED: _("The technician has accepted the job."),
            S.EN_ROUTE: _("The technician is on the way."),
            S.ARRIVED: _("The technician has arrived."),
            S.IN_WORK: _("The technician is working on it."),
            S.WAIT_PART: _("Waiting for a part. The technician will come again."),
            S.WAIT_CUST: _("Waiting for you. The dealer will agree on the next step with you."),
            S.WAIT_SIGN: _("The work is finished and waits for your confirmation."),
            S.DONE: _("The work is finished."),
            S.REMOTE_DONE: _("Solved by phone."),
            S.FOLLOWED_UP: _("The work is finished."),
            S.CLOSED: _("The work is finished."),
            S.MERGED: _("Your report is handled together with another one about the same fault."),
            S.CANCELLED: _("This report was cancelled."),
            S.TRANSFERRED: _("Another dealer has taken over your report and will call you."),
        }[TicketState(ticket.state)]
    )


def _fees(slip: Slip | None) -> dict[str, Any] | None:
    """The fees of a slip that was answered; before that they may still change."""
    if slip is None or slip.state not in (SlipState.SIGNED, SlipState.REFUSED):
        return None
    return fees_of(slip)


def fees_of(slip: Slip) -> dict[str, Any]:
    """What the customer pays by the slip: in warranty nothing."""
    return {
        "free": slip.in_warranty == "yes",
        "parts": slip.parts_fee,
        "labour": slip.labour_fee,
        "total": slip.parts_fee + slip.labour_fee,
    }
