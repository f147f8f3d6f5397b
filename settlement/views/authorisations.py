"""Pages of pre-authorisations: the list, asking on a ticket, one with its answer (domain.md 4.5, 9.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from core import rights
from core.actions import Action, Button, take
from core.errors import Refused
from core.forms import apply_refusal
from core.money import shown
from core.paging import cut_page
from core.tables import Column, render_list, table_of
from core.tenancy import Tier, Viewer
from partners.access import Request, expected_version
from settlement.calculations.cards import figure
from settlement.forms import authorisations as forms
from settlement.models import PreAuthorisation
from settlement.operations import authorisations as life
from settlement.queries import authorisations
from tickets.queries import tickets

ACTIONS: dict[str, Action] = {
    "grant": Action(
        forms.GrantForm,
        life.grant,
        gettext_lazy("Grant the pre-authorisation"),
        gettext_lazy("Grant"),
        gettext_lazy("Granted; the dealer is told."),
        gettext_lazy("The claim of this ticket names it by itself."),
        key="a",
    ),
    "decline": Action(
        forms.DeclineForm,
        life.decline,
        gettext_lazy("Decline what the dealer asks?"),
        gettext_lazy("Decline"),
        gettext_lazy("Declined."),
        danger=True,
        key="x",
    ),
}


@dataclass(frozen=True)
class Row:
    """A pre-authorisation in the list, ready to show."""

    url: str
    number: str
    ticket: str
    kind: Any
    asked: str
    granted: str
    until: date | None
    state: str
    state_label: Any
    partner: str


@require_GET
def listing(request: Request) -> HttpResponse:
    """The pre-authorisations that the viewer may see, the latest on top."""
    viewer = request.viewer
    rights.require(viewer, "authorisation.list")
    filters = forms.AuthorisationFilters(request.GET or None, viewer=viewer)
    facts = filters.facts() if filters.is_bound else authorisations.Filters()
    page = cut_page(
        request.GET,
        authorisations.listing(viewer, facts),
        orders=authorisations.ORDERS,
        default=authorisations.DEFAULT,
    )
    table = table_of(
        request,
        page,
        caption=_("Pre-authorisations"),
        columns=[
            Column("number", _("Pre-authorisation")),
            Column("kind", _("What for")),
            Column("asked", _("Asked"), numeric=True),
            Column("granted", _("Granted"), numeric=True),
            Column("until", _("Valid until")),
            Column("state", _("State")),
            Column("partner", _("Manufacturer") if viewer.tier is Tier.DEALER else _("Dealer")),
        ],
        row=lambda found: _row(viewer, found, filters.offered.names),
        filters=filters if filters.is_bound else (),
        empty=(_("What a dealer asks for beforehand on a ticket appears here."), "", ""),
        none_found=_("No pre-authorisation fits these filters."),
        clear_label=_("Clear the filters"),
    )
    context = {
        "table": table,
        "rows_template": "settlement/_authorisation_rows.html",
        "form": filters,
        "page_title": _("Pre-authorisations"),
    }
    return render_list(request, "settlement/authorisations.html", context)


def _row(viewer: Viewer, found: PreAuthorisation, names: Any) -> Row:
    partner = found.manufacturer_id if viewer.tier is Tier.DEALER else found.dealer_id
    return Row(
        url=reverse("settlement:authorisation", args=[found.public_id]),
        number=found.number,
        ticket=found.ticket.number,
        kind=found.get_kind_display(),
        asked=_asked(found),
        granted=shown(found.granted_amount) if found.granted_amount is not None else "",
        until=found.valid_until,
        state=found.state,
        state_label=found.get_state_display(),
        partner=names.get(partner, ""),
    )


def _asked(found: PreAuthorisation) -> str:
    """Amount and distance that were asked for."""
    amount = shown(found.amount) if found.amount is not None else ""
    way = _("%(km)s km") % {"km": figure(found.km)} if found.km is not None else ""
    return " · ".join(filter(None, (amount, way)))


@require_http_methods(["GET", "POST"])
def new(request: Request, public_id: str) -> HttpResponse:
    """Ask on a ticket."""
    viewer = request.viewer
    ticket = tickets.one(viewer, public_id)
    rights.require(viewer, "authorisation.ask", ticket)
    form = forms.AskForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = life.ask(viewer=viewer, ticket_public_id=public_id, now=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("Asked; the manufacturer is told."))
            return redirect("settlement:authorisation", made.public_id)
    back = reverse("tickets:ticket", args=[public_id])
    context = {
        "form": form,
        "action": {
            "button": _("Ask"),
            "explain": _("The manufacturer sees the ticket from then on, and answers before the work is done."),
        },
        "back_url": back,
        "page_title": _("Ask for a pre-authorisation"),
        "crumbs": [(back, ticket.number)],
    }
    return render(request, "settlement/authorisation_act.html", context, status=422 if form.errors else 200)


@require_GET
def page(request: Request, public_id: str) -> HttpResponse:
    """One: what was asked, and what was answered."""
    viewer = request.viewer
    found = authorisations.one(viewer, public_id)
    buttons = [
        Button(rule.label, reverse("settlement:authorisation_act", args=[public_id, verb]), ACTIONS[verb].key, danger=ACTIONS[verb].danger)
        for rule in rights.buttons(viewer, "authorisation", found)
        if (verb := rule.action.partition(".")[2]) in ACTIONS
    ]  # fmt: skip
    answered = [
        (_("Granted amount"), shown(found.granted_amount) if found.granted_amount is not None else ""),
        (_("Valid until"), found.valid_until.isoformat() if found.valid_until else ""),
        (_("Answer"), found.answer),
        (_("Answered by"), found.answered_by),
    ]
    context = {
        "authorisation": found,
        "facts": [
            (_("What for"), found.get_kind_display()),
            (_("Asked"), _asked(found)),
            (_("Reason"), found.reason),
            (_("Asked by"), found.asked_by),
            (_("Machine"), found.ticket.model_summary),
            *(answered if found.answered_at else ()),
        ],
        "next": buttons[0] if buttons else None,
        "more": buttons[1:],
        "next_title": found.get_state_display(),
        "page_title": found.number,
        "crumbs": [(reverse("settlement:authorisations"), _("Pre-authorisations"))],
    }
    return render(request, "settlement/authorisation.html", context)


@require_http_methods(["GET", "POST"])
def act(request: Request, public_id: str, verb: str) -> HttpResponse:
    """The form of an answer, and giving it."""
    action = ACTIONS.get(verb)
    if action is None:
        raise Http404
    viewer = request.viewer
    found = authorisations.one(viewer, public_id)
    posted = request.method == "POST"
    if posted and expected_version(request) != found.version:
        raise authorisations.stale(found)
    rights.require(viewer, f"authorisation.{verb}", found)
    form = action.form(request.POST if posted else None, authorisation=found)
    if take(request, action, form, public_id):
        return redirect("settlement:authorisation", public_id)
    back = reverse("settlement:authorisation", args=[public_id])
    context = {
        "form": form,
        "action": action,
        "back_url": back,
        "page_title": action.title,
        "crumbs": [(back, found.number)],
    }
    return render(request, "settlement/authorisation_act.html", context, status=422 if form.is_bound else 200)
