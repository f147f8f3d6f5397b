"""The technician's job as a ladder of single big buttons: what is due is filled, the rest is quiet (ui.md 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core import rights
from core.actions import Button
from core.errors import Sentence
from core.tenancy import Viewer
from tickets.enums import SlipState, TicketState
from tickets.forms.field import REASONS, ReasonForm
from tickets.models import Slip, Ticket
from tickets.queries import day, slips

S = TicketState

#: verbs of the ladder in order, with icon and the words of the rung
RUNGS: tuple[tuple[str, str, Sentence], ...] = (
    ("accept", "handshake", pgettext_lazy("step", "Accept")),
    ("set_out", "truck", pgettext_lazy("step", "Set out")),
    ("arrive", "map-pin", pgettext_lazy("step", "Arrived")),
    ("start_work", "wrench", pgettext_lazy("step", "Start work")),
    ("complete_slip", "file-text", gettext_lazy("Fill in the slip")),
    ("sign", "signature", gettext_lazy("Customer signs")),
)

#: which rung is due in which state
DUE: dict[str, str] = {
    S.DISPATCHED: "accept",
    S.ACCEPTED: "set_out",
    S.EN_ROUTE: "arrive",
    S.ARRIVED: "start_work",
    S.IN_WORK: "complete_slip",
    S.WAIT_PART: "set_out",
    S.WAIT_CUST: "set_out",
    S.WAIT_SIGN: "sign",
}

#: what else he may do, each asked for where it is open to him
ASIDE = (
    "arrive",
    "leave",
    "resume",
    "wait_part",
    "wait_customer",
    "finish_remote",
    "enter_paper",
    "refuse",
    "hand_back",
)
#: steps with a page of their own
PAGES = {
    "arrive": "tickets:arrive",
    "leave": "tickets:leave",
    "finish_remote": "tickets:remote",
    "enter_paper": "tickets:paper_slip",
}
ICONS = {
    "arrive": "map-pin",
    "leave": "log-out",
    "resume": "play",
    "wait_part": "package",
    "wait_customer": "circle-pause",
    "finish_remote": "phone",
    "enter_paper": "file-text",
    "refuse": "undo-2",
    "hand_back": "undo-2",
}


@dataclass(frozen=True)
class Rung:
    """One step, as components/ladder.html wants it. state: "done", "due" or "later"."""

    label: Any
    state: str
    icon: str
    at: datetime | None = None
    hint: str = ""
    button: Button | None = None


@dataclass(frozen=True)
class Question:
    """A step that wants a reason: the sheet that asks for it."""

    id: str
    title: Any
    text: Any
    button: Any
    action: str
    danger: bool
    form: ReasonForm


@dataclass(frozen=True)
class Reach:
    """How to get to the customer. map: a geo: link that phones open with their map."""

    contact: str
    phone: str
    place: str
    map: str


@dataclass(frozen=True)
class Ladder:
    """Everything of a job that a technician needs in one hand."""

    reach: Reach
    rungs: list[Rung]
    more: list[Button]
    questions: list[Question]
    slip: Slip | None


def ladder(viewer: Viewer, ticket: Ticket) -> Ladder:
    """The ladder of a ticket for this viewer. Two statements."""
    slip = slips.valid(viewer, ticket)
    times = day.step_times(viewer, ticket)
    labels = {rule.action.split(".")[1]: rule.label for rule in rights.buttons(viewer, "ticket", ticket)}
    here = reverse("tickets:ticket", args=[ticket.public_id])
    button = due_button(viewer, ticket, slip, back=here)
    due = DUE.get(ticket.state, "")
    place = [verb for verb, _icon, _label in RUNGS].index(due) if due else len(RUNGS)
    rungs = []
    for index, (verb, icon, label) in enumerate(RUNGS):
        if index < place:
            rungs.append(Rung(label, "done", icon, at=times.get(verb)))
        elif index == place and button is not None:
            rungs.append(Rung(label, "due", icon, hint=_hint(ticket, verb), button=button))
        elif index == place:
            rungs.append(Rung(label, "later", icon, hint=_waits_for(ticket)))
        else:
            rungs.append(Rung(label, "later", icon))
    aside = [verb for verb in ASIDE if verb in labels and not (verb == due and verb != "arrive")]
    return Ladder(
        reach=reach(ticket),
        rungs=rungs,
        more=[_aside(ticket, verb, labels[verb], due) for verb in aside],
        questions=[_question(viewer, ticket, verb) for verb in aside if verb in REASONS],
        slip=slip,
    )


def due_button(viewer: Viewer, ticket: Ticket, slip: Slip | None, *, back: str) -> Button | None:
    """The one button that is the next state, or None when another person's step is next. back: where it returns to."""
    verb = DUE.get(ticket.state)
    key = ticket.public_id
    if verb is None:
        return None
    if verb in ("complete_slip", "sign"):
        return _slip_button(viewer, ticket, slip, verb)
    if not rights.may(viewer, f"ticket.{verb}", ticket):
        return None
    label = next(label for name, _icon, label in RUNGS if name == verb)
    icon = next(icon for name, icon, _label in RUNGS if name == verb)
    if verb == "set_out" and ticket.state in day.PAUSED:
        label = _("Set out again")
    fields: tuple[tuple[str, Any], ...] = (("version", ticket.version), ("next", back))
    if verb == "arrive":
        url = reverse("tickets:arrive", args=[key])
        return Button(
            label, url, post=True, icon=icon, position=True, fields=(*fields, ("lat", ""), ("lng", ""), ("acc", ""))
        )
    return Button(label, reverse("tickets:step", args=[key, verb]), post=True, icon=icon, fields=fields)


def reach(ticket: Ticket) -> Reach:
    """Telephone and way to the site."""
    phone = ticket.phone or ticket.reporter_phone
    site = ticket.site
    return Reach(
        contact=ticket.contact or ticket.reporter,
        phone=phone,
        place=site,
        map=f"geo:0,0?q={quote(site)}" if site else "",
    )


def _slip_button(viewer: Viewer, ticket: Ticket, slip: Slip | None, verb: str) -> Button | None:
    if verb == "sign" and slip is not None and rights.may(viewer, "slip.sign", slip):
        return Button(_("Customer signs"), reverse("tickets:slip", args=[slip.public_id]), icon="signature")
    if slip is not None and slip.state == SlipState.DRAFT and rights.may(viewer, "slip.save", slip):
        return Button(_("Fill in the slip"), reverse("tickets:slip", args=[slip.public_id]), icon="file-text")
    if slip is None and rights.may(viewer, "ticket.fill_slip", ticket):
        return Button(
            _("Fill in the slip"), reverse("tickets:slip_open", args=[ticket.public_id]), post=True, icon="file-text"
        )
    return None


def _aside(ticket: Ticket, verb: str, label: Any, due: str) -> Button:
    key = ticket.public_id
    if verb == "arrive" and due == "arrive":
        label = _("Enter the arrival later")
    if verb in PAGES:
        return Button(label, reverse(PAGES[verb], args=[key]), icon=ICONS[verb])
    url = reverse("tickets:step", args=[key, verb])
    if verb in REASONS:
        danger = REASONS[verb].danger
        return Button(label, url, icon=ICONS[verb], dialog=f"ask-{verb}", danger=danger)
    return Button(label, url, post=True, icon=ICONS[verb], fields=(("version", ticket.version),))


def _question(viewer: Viewer, ticket: Ticket, verb: str) -> Question:
    asked = REASONS[verb]
    form = ReasonForm(viewer=viewer, ticket=ticket, verb=verb, auto_id=f"{verb}_%s")
    url = reverse("tickets:step", args=[ticket.public_id, verb])
    return Question(f"ask-{verb}", asked.title, asked.text, asked.button, url, asked.danger, form)


def _hint(ticket: Ticket, verb: str) -> str:
    if ticket.state in day.PAUSED:
        return ticket.wait_reason
    if verb == "arrive":
        return _("The time is noted, and the place if your phone tells it.")
    return ""


def _waits_for(ticket: Ticket) -> str:
    return _("%(who)s does this") % {"who": ticket.lead_name} if ticket.lead_name else ""
