"""Every verb of the desk as one small page: a form, an operation, a way back (domain.md 6)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from core import access, rights
from core.actions import Action, take
from core.errors import Refused
from core.tables import next_url
from equipment.queries import machines
from partners.access import Request
from tickets import rules
from tickets.forms import desk
from tickets.models import Ticket
from tickets.operations import dispatch, finish_ticket, hold_clocks, refer_ticket, share_ticket, talk
from tickets.operations.explain_late import explain_late
from tickets.queries import tickets


def _change(**arguments: Any) -> Ticket:
    """`change_ticket` from a form's flat arguments."""
    chosen = machines.several(arguments["viewer"], arguments.pop("machines"))
    names = ("fault", "urgency", "contact", "phone")
    change = finish_ticket.Change(**{name: arguments.pop(name) for name in names})
    return finish_ticket.change_ticket(change=change, machines=chosen, **arguments)


def _call(*, expected_version: int, **arguments: Any) -> Any:
    """`log_call`: a call is logged whatever changed meanwhile."""
    return talk.log_call(**arguments)


ACTIONS: dict[str, Action] = {
    "call": Action(desk.CallForm, _call, _("Log a call"), _("Save the call"), _("The call is logged."), icon="phone"),
    "contact": Action(
        desk.ContactForm,
        dispatch.contact_customer,
        _("Customer contacted"),
        _("Customer contacted"),
        _("Noted."),
        icon="phone",
    ),
    "ask_transfer": Action(
        desk.ReasonForm,
        refer_ticket.ask_transfer,
        _("Ask for a transfer?"),
        _("Ask for a transfer"),
        _("Asked. Until another dealer has accepted, the time runs on here."),
        _(
            "A referral cannot be refused. The manufacturer chooses another dealer or insists; until another one accepts, it is yours."
        ),
        danger=True,
    ),
    "appoint": Action(
        desk.AppointmentForm,
        dispatch.make_appointment,
        _("Make an appointment"),
        _("Make the appointment"),
        _("The appointment is made."),
        icon="calendar",
    ),
    "hold": Action(
        desk.HoldForm,
        hold_clocks.hold,
        _("Pause the clocks"),
        _("Pause the clocks"),
        _("The clocks stand still."),
        _("Arrival and solution stand still until you let them go on; the answer to the customer is never paused."),
        icon="circle-pause",
    ),
    "go_on": Action(
        desk.NoteOnlyForm,
        hold_clocks.go_on,
        _("Let the clocks go on?"),
        _("Let the clocks go on"),
        _("The clocks go on."),
        icon="play",
    ),
    "reverse_pause": Action(
        desk.ReversePauseForm,
        hold_clocks.reverse_pause,
        _("Take the pause back"),
        _("Take the pause back"),
        _("The pause is taken back; its time counts."),
        _("The time of this pause counts again. The dealer sees who took it back, and why."),
    ),
    "explain_late": Action(
        desk.LateForm,
        explain_late,
        _("Why so late?"),
        _("Save the reason"),
        _("The reason is noted."),
        _("The promised time of arrival was missed: the reason is still to be given."),
        icon="clock",
    ),
    "dispatch": Action(
        desk.DispatchForm, dispatch.dispatch, _("Dispatch a technician"), _("Dispatch"), _("Dispatched."), icon="send"
    ),
    "merge": Action(
        desk.MergeForm,
        finish_ticket.merge_into,
        _("Merge this report into another?"),
        _("Merge"),
        _("Merged."),
        _("Work goes on there; this ticket ends and keeps its number."),
    ),
    "cancel": Action(
        desk.CancelForm,
        finish_ticket.cancel_ticket,
        _("Cancel this report?"),
        _("Cancel the report"),
        _("The report is cancelled."),
        _("Whoever is on the way is told. A slip that has a number becomes void."),
        danger=True,
    ),
    "follow_up": Action(
        desk.FollowUpForm,
        finish_ticket.follow_up,
        _("Follow-up call"),
        _("Save the follow-up"),
        _("Followed up."),
        icon="phone",
    ),
    "close": Action(
        desk.PlainForm,
        finish_ticket.close_ticket,
        _("Close this ticket?"),
        _("Close the ticket"),
        _("Closed."),
        _("Within 90 days it can be reopened as rework."),
    ),
    "reopen": Action(
        desk.ReasonForm,
        finish_ticket.reopen_as_rework,
        _("Reopen as rework?"),
        _("Reopen"),
        _("Reopened."),
        _("The same fault is back: a new round begins, with a slip of its own."),
    ),
    "change": Action(desk.ChangeForm, _change, _("Change the report"), _("Save"), _("Changed.")),
    "share": Action(
        desk.PlainForm,
        share_ticket.share_ticket,
        _("Share this ticket with the manufacturer?"),
        _("Share"),
        _("Shared."),
        _(
            "The office in charge and HQ will see it, the customer's telephone masked. Internal notes stay here. This is not taken back."
        ),
    ),
}


@require_http_methods(["GET", "POST"])
def act(request: Request, public_id: str, verb: str) -> HttpResponse:
    """The form of a verb, and doing it. A refusal of input is shown at its field and nothing typed is lost.

    next: the page that asked for it, else the ticket's.
    """
    action = ACTIONS.get(verb)
    if action is None:
        raise Http404
    viewer = request.viewer
    ticket = tickets.one(viewer, public_id)
    rights.require(viewer, f"ticket.{verb}", ticket)
    if request.method == "GET" and verb == "share" and not rules.can_be_shared(viewer, ticket):
        raise Refused("wrong_state", status=409)
    form = action.form(request.POST or None, viewer=viewer, ticket=ticket)
    if take(request, action, form, public_id):
        return redirect(next_url(request) or reverse("tickets:ticket", args=[public_id]))
    context = {
        "ticket": ticket,
        "action": action,
        "form": form,
        "page_title": action.title,
        "crumbs": [(reverse("tickets:ticket", args=[public_id]), ticket.number)],
    }
    return render(request, "tickets/act.html", context, status=422 if form.is_bound else 200)


@require_POST
def note(request: Request, public_id: str) -> HttpResponse:
    """Write a note."""
    form = desk.NoteForm(request.POST)
    if form.is_valid():
        talk.add_note(viewer=request.viewer, public_id=public_id, now=timezone.now(), **form.cleaned_data)
    else:
        messages.error(request, _("The note is empty: write something."))
    return redirect(reverse("tickets:ticket", args=[public_id]) + "#story")


@require_POST
def unmask(request: Request, public_id: str) -> HttpResponse:
    """The customer's whole number for office and HQ; who asked is written down."""
    phone = talk.unmask_phone(viewer=request.viewer, public_id=public_id, now=timezone.now())
    access.remember(request, access.Action.PHONE_SHOWN, tickets.one(request.viewer, public_id).number)
    if request.htmx:
        return render(request, "components/masked_phone.html", {"number": phone, "full": True})
    messages.info(request, phone)
    return redirect("tickets:ticket", public_id)
