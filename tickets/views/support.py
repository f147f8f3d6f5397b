"""Requests for support: the dealer's form, the queue of office and headquarters, one request, its steps (domain.md 7, ui.md 8)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import rights
from core.actions import Action, Button, take
from core.errors import Refused
from core.forms import apply_refusal
from core.models import public_id as random_key
from core.paging import cut_page
from core.tables import Column, next_url, render_list, table_of
from core.tenancy import Tier, Viewer
from partners.access import Request, expected_version
from partners.enums import Department
from partners.queries import deputies, partnerships
from tickets.calculations.readings import READINGS
from tickets.enums import ESCALATION_OPEN, EscalationState, PhotoSlot, ReadingCode
from tickets.explain import timeline
from tickets.forms import support as forms
from tickets.models import Escalation, Ticket
from tickets.operations import escalate as dealers
from tickets.operations import support as makers
from tickets.operations.photos import Shot, add_photo
from tickets.queries import cases, escalations, lists, tickets


def _answer(*, viewer: Viewer, public_id: str, expected_version: int | None, now: Any, **reply: Any) -> Any:
    return makers.answer(
        viewer=viewer, public_id=public_id, expected_version=expected_version, reply=makers.Reply(**reply), now=now
    )


def _publish(*, viewer: Viewer, public_id: str, expected_version: int | None, now: Any, **case: Any) -> Any:
    return makers.publish_case(viewer=viewer, public_id=public_id, case=makers.Case(**case), now=now)


ACTIONS: dict[str, Action] = {
    "accept": Action(
        forms.PlainSupportForm,
        makers.accept,
        gettext_lazy("Accept this request?"),
        gettext_lazy("Take it on"),
        gettext_lazy("Accepted: you look after it."),
        key="a",
    ),
    "answer": Action(
        forms.AnswerForm,
        _answer,
        gettext_lazy("Answer"),
        gettext_lazy("Send the answer"),
        gettext_lazy("The answer is sent."),
        gettext_lazy("The dealer confirms that it is solved, or sends it back."),
        key="r",
    ),
    "forward": Action(
        forms.ForwardForm,
        makers.forward,
        gettext_lazy("Forward to headquarters"),
        gettext_lazy("Forward"),
        gettext_lazy("Forwarded."),
        gettext_lazy("It names one person; when he is on leave, it goes to his deputy."),
        key="f",
    ),
    "pass_on": Action(
        forms.PassOnForm,
        makers.pass_on,
        gettext_lazy("Pass on to a colleague"),
        gettext_lazy("Pass on"),
        gettext_lazy("Passed on."),
        gettext_lazy("It names one person; when he is on leave, it goes to his deputy."),
        key="p",
    ),
    "merge": Action(
        forms.MergeSupportForm,
        makers.merge,
        gettext_lazy("Merge into another request?"),
        gettext_lazy("Merge"),
        gettext_lazy("Merged."),
        gettext_lazy("The answer of the other one counts for both."),
    ),
    "confirm": Action(
        forms.SolvedForm,
        dealers.confirm,
        gettext_lazy("Is it solved?"),
        gettext_lazy("Solved"),
        gettext_lazy("Closed as solved."),
    ),
    "send_back": Action(
        forms.WhySupportForm,
        dealers.send_back,
        gettext_lazy("Not solved?"),
        gettext_lazy("Send back"),
        gettext_lazy("Sent back."),
        gettext_lazy("It goes to whoever answered, with a new time limit."),
    ),
    "withdraw": Action(
        forms.WhySupportForm,
        dealers.withdraw,
        gettext_lazy("Withdraw this request?"),
        gettext_lazy("Take the request back"),
        gettext_lazy("Withdrawn."),
        danger=True,
    ),
    "discard": Action(
        forms.PlainSupportForm,
        dealers.discard,
        gettext_lazy("Throw this draft away?"),
        gettext_lazy("Throw away"),
        gettext_lazy("The draft is gone."),
        danger=True,
    ),
    "publish": Action(
        forms.CaseForm,
        _publish,
        gettext_lazy("Publish as a case"),
        gettext_lazy("Publish"),
        gettext_lazy("Published to all offices and dealers."),
        gettext_lazy("All offices and dealers read it. Write nobody's name and no number."),
    ),
}


@require_http_methods(["GET", "POST"])
def escalate(request: Request, public_id: str) -> HttpResponse:
    """The dealer's form: kept as a draft, or sent. `then` of the POST says which."""
    viewer, now = request.viewer, timezone.now()
    ticket = tickets.one(viewer, public_id)
    rights.require(viewer, "ticket.escalate", ticket)
    known = next((one for one in escalations.of_ticket(viewer, ticket) if one.state in ESCALATION_OPEN), None)
    if known is not None and known.state != EscalationState.DRAFT:
        return redirect("tickets:escalation", known.public_id)
    form = _form(request, viewer, ticket, known)
    if request.method == "POST" and form.is_valid():
        try:
            made = _save(request, viewer, ticket, form, now)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            sent = made.state != EscalationState.DRAFT
            messages.success(request, _("The request for support is sent.") if sent else _("Kept as a draft."))
            return redirect("tickets:escalation", made.public_id)
    context = {
        "ticket": ticket,
        "form": form,
        "draft": known,
        "page_title": _("Ask for support"),
        "crumbs": [(reverse("tickets:ticket", args=[public_id]), ticket.number)],
    }
    return render(request, "tickets/escalate.html", context, status=422 if form.errors else 200)


def _form(request: Request, viewer: Viewer, ticket: Ticket, known: Escalation | None) -> forms.EscalationForm:
    partnership = partnerships.with_maker(viewer, ticket.manufacturer_id)
    office = partnership.office_id if partnership else None
    posted = request.POST if request.method == "POST" else None
    return forms.EscalationForm(
        posted,
        machines=tickets.machines(viewer, ticket),
        photos=[photo for photo in tickets.photos(viewer, ticket) if not photo.internal],
        contacts=deputies.contacts(viewer, office or ticket.manufacturer_id),
        draft=known,
        new_photos=len(request.FILES.getlist("new_photos")),
    )


def _save(request: Request, viewer: Viewer, ticket: Ticket, form: forms.EscalationForm, now: Any) -> Escalation:
    key = ticket.public_id
    shots = [
        Shot(data=upload.read(), op=random_key(), slot=PhotoSlot.FAULT)
        for upload in request.FILES.getlist("new_photos")
    ]
    taken = [add_photo(viewer=viewer, public_id=key, shot=shot, now=now).public_id for shot in shots]
    facts = dealers.Facts(**form.facts(taken))
    version = form.cleaned_data.get("version") or None
    made = dealers.save_draft(viewer=viewer, ticket_public_id=key, facts=facts, expected_version=version, now=now)
    if request.POST.get("then") != "submit":
        return made
    to = form.cleaned_data.get("to", "")
    return dealers.submit(viewer=viewer, public_id=made.public_id, expected_version=made.version, to=to, now=now)


@require_GET
def queue(request: Request) -> HttpResponse:
    """The requests that are open, what is due first on top; j k Enter, a accepts, f forwards, r answers."""
    viewer, now = request.viewer, timezone.now()
    rights.require(viewer, "escalation.list")
    filters = forms.EscalationFilters(request.GET or None, viewer=viewer)
    facts = filters.facts() if filters.is_bound else escalations.Filters()
    page = cut_page(
        request.GET, escalations.listing(viewer, facts), orders=escalations.ORDERS, default=escalations.DEFAULT
    )
    table = table_of(
        request,
        page,
        caption=_("Requests for support"),
        columns=[
            Column("number", _("Request")),
            Column("due", _("Due"), order="due"),
            Column("customer", _("Customer")),
            Column("machine", _("Machine")),
            Column("what", _("What happens")),
            Column("state", _("State")),
            Column("named", _("Who looks after it")),
            Column("begun", _("Since"), order="begun"),
            Column("partner", _("Manufacturer") if viewer.tier is Tier.DEALER else _("Dealer")),
        ],
        row=lambda found: escalations.row(viewer, found, filters.offered.names, now),
        filters=filters if filters.is_bound else (),
        empty=(_("Requests for support of a ticket appear here."), "", ""),
        none_found=_("No request fits these filters."),
        clear_label=_("Clear the filters"),
    )
    context = {
        "table": table,
        "rows_template": "tickets/_escalation_rows.html",
        "form": filters,
        "page_title": _("Support"),
        "here": request.get_full_path(),
        "is_dealer": viewer.tier is Tier.DEALER,
    }
    return render_list(request, "tickets/escalations.html", context)


#: the one next step, the first that the viewer may do
NEXT = ("accept", "answer", "confirm", "submit")


@require_GET
def escalation(request: Request, public_id: str) -> HttpResponse:
    """One request: what was asked, readings, photos side by side, answers, similar cases; the same for every tier."""
    viewer, now = request.viewer, timezone.now()
    found = escalations.one(viewer, public_id)
    buttons = _buttons(viewer, found)
    first = next((buttons[verb] for verb in NEXT if verb in buttons), None)
    names = lists.partner_names(viewer)
    context = {
        "escalation": found,
        "ticket": found.ticket,
        "row": escalations.row(viewer, found, names, now),
        "readings": _readings(found),
        "photos": escalations.photos(viewer, found),
        "answers": escalations.answers(viewer, found),
        "similar": cases.similar(viewer, found) if viewer.tier is not Tier.DEALER or first else [],
        "story": timeline.lines(escalations.story(viewer, found), viewer.org_name),
        "next": first,
        "next_title": _next_title(found),
        "more": [button for verb, button in buttons.items() if button is not first],
        "department": Department(found.department).label if found.department else "",
        "page_title": found.number or _("Draft"),
        "crumbs": [(reverse("tickets:escalations"), _("Support"))],
    }
    return render(request, "tickets/escalation.html", context)


def _readings(found: Escalation) -> list[tuple[Any, str]]:
    units = {reading.code: reading.unit for reading in READINGS[found.family]}
    return [
        (ReadingCode(code).label, f"{value} {units.get(code, '')}".strip())
        for code, value in found.readings.items()
        if code in ReadingCode.values
    ]


def _buttons(viewer: Viewer, found: Escalation) -> dict[str, Button]:
    able = {rule.action.split(".")[1]: rule.label for rule in rights.buttons(viewer, "escalation", found)}
    made = {}
    for verb, label in able.items():
        action = ACTIONS[verb]
        url = reverse("tickets:escalation_act", args=[found.public_id, verb])
        if verb == "accept":
            made[verb] = Button(label, url, action.key, post=True, fields=(("version", found.version),))
        else:
            made[verb] = Button(label, url, action.key, danger=action.danger)
    if rights.may(viewer, "escalation.submit", found):
        made["submit"] = Button(_("Write on"), reverse("tickets:escalate", args=[found.ticket.public_id]))
    return made


def _next_title(found: Escalation) -> str:
    state = EscalationState
    said = {
        state.DRAFT: _("A draft: nobody else sees it yet"),
        state.WAIT_OFFICE: _("Waits for the office to accept it"),
        state.AT_OFFICE: _("%(who)s of the office looks after it"),
        state.WAIT_HQ: _("Waits for %(who)s of headquarters to accept it"),
        state.AT_HQ: _("%(who)s of headquarters looks after it"),
        state.ANSWERED: _("Answered: the dealer confirms or sends back"),
        state.CLOSED: _("Solved"),
        state.WITHDRAWN: _("Withdrawn"),
        state.MERGED: _("Merged"),
    }
    return said[state(found.state)] % {"who": found.named or "–"}


@require_http_methods(["GET", "POST"])
def act(request: Request, public_id: str, verb: str) -> HttpResponse:
    """The form of a verb, and doing it. A refusal of input is shown at its field and nothing typed is lost."""
    action = ACTIONS.get(verb)
    if action is None:
        raise Http404
    viewer = request.viewer
    found = escalations.one(viewer, public_id)
    posted = request.method == "POST"
    if posted and expected_version(request) != found.version:
        raise escalations.stale(viewer, found)  # before the right is asked: who was faster, and how it stands now
    rights.require(viewer, f"escalation.{verb}", found)
    form = action.form(request.POST if posted else None, viewer=viewer, escalation=found)
    if take(request, action, form, public_id):
        if verb == "discard":
            return redirect("tickets:ticket", found.ticket.public_id)
        return HttpResponseRedirect(next_url(request) or reverse("tickets:escalation", args=[public_id]))
    context = {
        "escalation": found,
        "ticket": found.ticket,
        "action": action,
        "form": form,
        "back_url": reverse("tickets:escalation", args=[public_id]),
        "page_title": action.title,
        "crumbs": [(reverse("tickets:escalation", args=[public_id]), found.number or _("Draft"))],
    }
    return render(request, "tickets/escalation_act.html", context, status=422 if form.is_bound else 200)


@require_GET
def solved(request: Request) -> HttpResponse:
    """已解决案例: by machine type, model and words."""
    viewer = request.viewer
    rights.require(viewer, "case.list")
    filters = forms.CaseFilters(request.GET or None)
    asked = (
        {name: value for name, value in filters.cleaned_data.items() if value}
        if filters.is_bound and filters.is_valid()
        else {}
    )
    context = {
        "form": filters,
        "cases": cases.search(viewer, **asked),
        "page_title": _("Solved cases"),
        "crumbs": [(reverse("tickets:escalations"), _("Support"))],
    }
    return render(request, "tickets/cases.html", context)


@require_POST
def case_withdraw(request: Request, public_id: str) -> HttpResponse:
    """Take a published case back."""
    makers.withdraw_case(viewer=request.viewer, public_id=public_id, now=timezone.now())
    messages.success(request, _("The case is not shown any more."))
    return redirect("tickets:cases")
