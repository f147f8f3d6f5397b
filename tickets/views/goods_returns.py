"""Pages of goods that go back to the factory: the list, the application, one with its steps, its papers, the gate (domain.md 17)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from core import rights, stored
from core.actions import Action, Button, take
from core.calendars import local_date
from core.errors import Refused
from core.forms import apply_refusal
from core.paging import cut_page
from core.tables import Column, render_list, table_of
from core.tenancy import Tier, Viewer
from equipment.queries import machines
from partners.access import Request, expected_version
from tickets.documents import goods_return_paper as papers
from tickets.enums import RETURN_ENDED, RETURN_TRAVELS, ReturnState, SheetPaper
from tickets.forms import goods_returns as forms
from tickets.forms.papers import chosen_paper
from tickets.models import GoodsReturn, GoodsReturnEvent
from tickets.operations import goods_returns as life
from tickets.queries import goods_returns

ACTIONS: dict[str, Action] = {
    "agree": Action(
        forms.AgreeForm,
        life.agree,
        gettext_lazy("Agree: it may be sent"),
        gettext_lazy("Agree"),
        gettext_lazy("Agreed; the dealer is told."),
        gettext_lazy("The dealer prints the papers with this address."),
    ),
    "refuse": Action(
        forms.ReasonForm,
        life.refuse,
        gettext_lazy("Refuse this return"),
        gettext_lazy("Do not agree"),
        gettext_lazy("Refused; the dealer is told."),
        gettext_lazy("What is sent all the same travels at the sender's cost."),
        danger=True,
    ),
    "cancel": Action(
        forms.ReasonForm,
        life.cancel,
        gettext_lazy("Cancel this return"),
        gettext_lazy("Cancel the return"),
        gettext_lazy("It is cancelled."),
        danger=True,
    ),
    "ship": Action(
        forms.ShipForm,
        life.ship,
        gettext_lazy("It leaves"),
        gettext_lazy("Ship"),
        gettext_lazy("It is on its way."),
        gettext_lazy("The sheet lies in the box, a label sticks on each piece."),
    ),
    "receive": Action(
        forms.NoteForm,
        life.receive,
        gettext_lazy("Has it arrived?"),
        gettext_lazy("Receive"),
        gettext_lazy("It is received; the dealer is told."),
        gettext_lazy("Write down what is broken or missing."),
    ),
    "inspect": Action(
        forms.InspectForm,
        life.inspect,
        gettext_lazy("Inspection"),
        gettext_lazy("Save the conclusion"),
        gettext_lazy("The conclusion is saved; the dealer reads it."),
    ),
    "decide": Action(
        forms.DecideForm,
        life.decide,
        gettext_lazy("What becomes of it?"),
        gettext_lazy("Decide what becomes of it"),
        gettext_lazy("Decided; the dealer is told."),
    ),
    "quote": Action(
        forms.QuoteForm,
        life.quote,
        gettext_lazy("Offer a repair for money"),
        gettext_lazy("Send the offer"),
        gettext_lazy("The offer is sent."),
        gettext_lazy("The dealer accepts it, or has it back as it came."),
    ),
    "accept": Action(
        forms.StepForm,
        life.accept,
        gettext_lazy("Accept the offer?"),
        gettext_lazy("Accept the offer"),
        gettext_lazy("Accepted; the manufacturer is told."),
    ),
    "decline": Action(
        forms.ReasonForm,
        life.decline,
        gettext_lazy("Decline the offer?"),
        gettext_lazy("Decline the offer"),
        gettext_lazy("Declined; it comes back as it is."),
        danger=True,
    ),
    "send_back": Action(
        forms.WayForm,
        life.send_back,
        gettext_lazy("It goes back to the dealer"),
        gettext_lazy("Put it on its way back"),
        gettext_lazy("It is on its way back."),
    ),
    "close": Action(
        forms.NoteForm,
        life.close,
        gettext_lazy("Close: it stays at the factory"),
        gettext_lazy("Close"),
        gettext_lazy("It is closed."),
    ),
    "take_back": Action(
        forms.NoteForm,
        life.take_back,
        gettext_lazy("Is it here again?"),
        gettext_lazy("It is here again"),
        gettext_lazy("It is here again; the return is closed."),
    ),
}
#: the one next step, the first that the viewer may take
NEXT = ("agree", "ship", "receive", "inspect", "decide", "accept", "send_back", "close", "take_back")
#: what the story says of a step
EVENTS = {
    "apply": gettext_lazy("Applied for"),
    "agree": gettext_lazy("Agreed"),
    "refuse": gettext_lazy("Refused"),
    "cancel": gettext_lazy("Cancelled"),
    "ship": gettext_lazy("Shipped"),
    "receive": gettext_lazy("Received"),
    "inspect": gettext_lazy("Inspected"),
    "decide": gettext_lazy("Decided"),
    "quote": gettext_lazy("Offered a repair for money"),
    "accept": gettext_lazy("Offer accepted"),
    "decline": gettext_lazy("Offer declined"),
    "send_back": gettext_lazy("Sent back"),
    "close": gettext_lazy("Closed, it stays at the factory"),
    "take_back": gettext_lazy("Here again, closed"),
}
#: what is waited for
WAITS = {
    ReturnState.ASKED: gettext_lazy("The manufacturer agrees or refuses"),
    ReturnState.AGREED: gettext_lazy("The dealer prints the papers and sends it"),
    ReturnState.SHIPPED: gettext_lazy("It is scanned at the factory's gate"),
    ReturnState.RECEIVED: gettext_lazy("It is inspected"),
    ReturnState.INSPECTED: gettext_lazy("The manufacturer decides what becomes of it"),
    ReturnState.QUOTED: gettext_lazy("The dealer answers the offer"),
    ReturnState.DECIDED: gettext_lazy("It is finished and sent back, or closed"),
    ReturnState.SENT_BACK: gettext_lazy("The dealer takes it in"),
}


@require_GET
def return_list(request: Request) -> HttpResponse:
    """The returns that the viewer may see, the latest on top."""
    viewer, today = request.viewer, local_date(timezone.now())
    rights.require(viewer, "goods_return.read")
    filters = forms.ReturnFilters(request.GET or None, viewer=viewer)
    facts = filters.facts() if filters.is_bound else goods_returns.Filters()
    page = cut_page(
        request.GET,
        goods_returns.listing(viewer, facts, today),
        orders=goods_returns.ORDERS,
        default=goods_returns.DEFAULT,
    )
    may_apply = rights.may_ever(viewer, "goods_return.apply")
    table = table_of(
        request,
        page,
        caption=_("Returns to the factory"),
        columns=[
            Column("number", _("Return")),
            Column("due", _("Due by")),
            Column("machine", _("Machine")),
            Column("customer", _("Customer")),
            Column("fault", _("Fault")),
            Column("state", _("State")),
            Column("applied", _("Applied for on"), order="applied"),
            Column("partner", _("Manufacturer") if viewer.tier is Tier.DEALER else _("Dealer")),
        ],
        row=lambda found: goods_returns.row(viewer, found, filters.offered.names, today),
        filters=filters if filters.is_bound else (),
        empty=(
            _("Machines that go to the factory appear here."),
            reverse("tickets:return_new") if may_apply else "",
            _("Apply for a return"),
        ),
        none_found=_("No return fits these filters."),
        clear_label=_("Clear the filters"),
    )
    context = {
        "table": table,
        "rows_template": "tickets/_goods_return_rows.html",
        "form": filters,
        "page_title": _("Returns to the factory"),
        "may_apply": may_apply,
        "may_scan": rights.may_ever(viewer, "goods_return.receive"),
    }
    return render_list(request, "tickets/goods_returns.html", context)


@require_http_methods(["GET", "POST"])
def new_return(request: Request) -> HttpResponse:
    """Apply for a return: first the machine (?machine=, or found by ?q=), then why."""
    viewer = request.viewer
    rights.require(viewer, "goods_return.apply")
    context: dict[str, Any] = {
        "page_title": _("Apply for a return"),
        "crumbs": [(reverse("tickets:returns"), _("Returns to the factory"))],
    }
    key = request.GET.get("machine", "")
    if not key:
        q = request.GET.get("q", "")
        found = [(one, f"{request.path}?machine={one.public_id}") for one in goods_returns.machines(viewer, q)]
        return render(request, "tickets/goods_return_machine.html", context | {"q": q, "machines": found})
    machine = machines.one(viewer, key)
    form = forms.ApplyForm(request.POST if request.method == "POST" else None, viewer=viewer, machine=machine)
    if request.method == "POST" and form.is_valid():
        try:
            made = life.apply_return(viewer=viewer, machine=key, now=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("The application %(number)s is sent.") % {"number": made.number})
            return redirect("tickets:goods_return", made.public_id)
    context |= {"form": form, "machine": machine, "back_url": reverse("tickets:returns")}
    return render(request, "tickets/goods_return_form.html", context, status=422 if form.errors else 200)


@require_GET
def scan(request: Request) -> HttpResponse:
    """The gate: what the scanner reads opens the return, ready to be received when that is its next step."""
    viewer = request.viewer
    rights.require_ever(viewer, "goods_return.receive")
    form = forms.ScanForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        found = goods_returns.by_code(viewer, form.cleaned_data["code"])
        if found is None:
            form.add_error("code", _("There is no return with this number."))
        elif rights.may(viewer, "goods_return.receive", found):
            return redirect("tickets:return_act", found.public_id, "receive")
        else:
            return redirect("tickets:goods_return", found.public_id)
    context = {
        "form": form,
        "page_title": _("Receive by scanning"),
        "crumbs": [(reverse("tickets:returns"), _("Returns to the factory"))],
    }
    return render(request, "tickets/goods_return_scan.html", context, status=422 if form.errors else 200)


@require_GET
def goods_return(request: Request, public_id: str) -> HttpResponse:
    """One return: what was applied for, the way, what was found and decided, its story; the same for every tier."""
    viewer, today = request.viewer, local_date(timezone.now())
    found = goods_returns.one(viewer, public_id)
    buttons = _buttons(viewer, found)
    first = next((verb for verb in NEXT if verb in buttons), None)
    ended = found.state in RETURN_ENDED
    context = {
        "row": found,
        "late": goods_returns.is_late(found, today),
        "due": None if ended else found.due_on,
        "next_title": WAITS.get(ReturnState(found.state), ""),
        "next": buttons.get(first) if first else None,
        "more": [button for verb, button in buttons.items() if verb != first],
        "facts": _facts(found),
        "way": _way(found),
        "found": _found(viewer, found),
        "papers": SheetPaper.choices if found.state in RETURN_TRAVELS else (),
        "story": [_event(event) for event in goods_returns.story(viewer, found)],
        "page_title": found.number,
        "crumbs": [(reverse("tickets:returns"), _("Returns to the factory"))],
    }
    return render(request, "tickets/goods_return.html", context)


def _facts(found: GoodsReturn) -> list[tuple[str, Any]]:
    return [
        (_("Machine"), f"{found.model} {found.serial_number}".strip()),
        (_("Customer"), found.customer_name),
        (_("Ex-factory date"), found.ex_factory_on.isoformat() if found.ex_factory_on else ""),
        (_("Running hours"), f"{found.hours.normalize():f}" if found.hours is not None else ""),
        (_("Operating conditions"), found.conditions),
        (_("Fault"), found.fault),
        (_("What was checked, with readings"), found.checked),
        (_("What travels with it"), found.enclosed),
        (_("Wish"), found.get_wish_display()),
        (_("Whom to ask"), found.contact),
    ]


def _way(found: GoodsReturn) -> list[tuple[str, Any]]:
    rows = [
        (_("Send it to"), found.ship_to),
        (_("Freight is paid by"), found.get_freight_display()),
        (_("It leaves until"), found.send_until.isoformat() if found.send_until else ""),
        (_("Carrier and waybill"), f"{found.carrier} {found.waybill}".strip()),
        (_("Pieces"), str(found.pieces) if found.shipped_on else ""),
        (_("Weight"), f"{found.weight.normalize():f} kg" if found.weight is not None else ""),
        (_("Received"), found.received_on.isoformat() if found.received_on else ""),
        (_("Back with"), f"{found.back_carrier} {found.back_waybill}".strip()),
    ]
    return [(label, value) for label, value in rows if value]


def _found(viewer: Viewer, found: GoodsReturn) -> list[tuple[str, Any]]:
    answer = {True: _("offer accepted"), False: _("offer declined"), None: ""}[found.offer_accepted]
    rows = [
        (_("Conclusion"), found.get_conclusion_display()),
        (_("What was found and measured"), found.inspection),
        (_("Decision"), found.get_decision_display()),
        (_("Price with tax"), goods_returns.price(viewer, found)),
        (_("Offer"), answer),
        (_("Note"), found.decision_note),
    ]
    return [(label, value) for label, value in rows if value]


def _event(event: GoodsReturnEvent) -> dict[str, Any]:
    who = " · ".join(filter(None, (event.author_name, event.author_organisation)))
    return {"at": event.at, "text": EVENTS[event.verb], "said": event.text, "who": who}


def _buttons(viewer: Viewer, found: GoodsReturn) -> dict[str, Button]:
    made = {}
    for rule in rights.buttons(viewer, "goods_return", found):
        verb = rule.action.partition(".")[2]
        url = reverse("tickets:return_act", args=[found.public_id, verb])
        made[verb] = Button(rule.label, url, danger=ACTIONS[verb].danger)
    return made


@require_http_methods(["GET", "POST"])
def return_act(request: Request, public_id: str, verb: str) -> HttpResponse:
    """The form of a step, and taking it. A refusal of input is shown at its field and nothing typed is lost."""
    action = ACTIONS.get(verb)
    if action is None:
        raise Http404
    viewer = request.viewer
    found = goods_returns.one(viewer, public_id)
    posted = request.method == "POST"
    if posted and expected_version(request) != found.version:
        raise goods_returns.stale(found)  # before the right is asked: who was faster, and how it stands now
    rights.require(viewer, f"goods_return.{verb}", found)
    form = action.form(request.POST if posted else None, returned=found)
    if take(request, action, form, public_id):
        return redirect("tickets:goods_return", public_id)
    context = {
        "row": found,
        "action": action,
        "form": form,
        "back_url": reverse("tickets:goods_return", args=[public_id]),
        "page_title": action.title,
        "crumbs": [(reverse("tickets:goods_return", args=[public_id]), found.number)],
    }
    return render(request, "tickets/goods_return_act.html", context, status=422 if form.is_bound else 200)


@require_GET
def paper(request: Request, public_id: str, kind: str) -> HttpResponseBase:
    """The sheet for the box, or the labels for its outside, as PDF; ?paper= a4, a5, third."""
    found = goods_returns.one(request.viewer, public_id)
    makers = {"sheet": papers.box_sheet, "label": papers.labels}
    if kind not in makers:
        raise Http404
    pdf = makers[kind](found, site=settings.SITE_URL, paper=chosen_paper(request.GET))
    return stored.answer_bytes(pdf, content_type="application/pdf", as_name=f"{found.number}-{kind}.pdf")
