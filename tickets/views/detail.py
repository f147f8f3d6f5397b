"""One ticket on one page: number, state, next step, facts, story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core import rights
from core.calendars import local
from core.rights import Sight
from core.tenancy import Tier, Viewer
from equipment.queries.sections import collect
from partners.access import Request
from partners.enums import Role
from tickets import rules
from tickets.calculations.slip_checks import wanted_photos
from tickets.enums import FINISHED, OPEN, PhotoSlot, TicketState
from tickets.explain import clocks as clock_words
from tickets.explain import timeline
from tickets.forms import desk
from tickets.models import Ticket, TicketMachine
from tickets.queries import clocks, escalations, sections, slips, tickets
from tickets.views import warranty
from tickets.views.actions import ACTIONS
from tickets.views.ladder import PAGES, ladder
from tickets.views.photos import slots

S = TicketState

#: the one next step of each state, the first that the viewer may do; everything else stands under 更多
NEXT: dict[str, tuple[str, ...]] = {
    S.NEW: ("contact",),
    S.CONTACTED: ("dispatch",),
    S.APPOINTED: ("dispatch",),
    S.DISPATCHED: ("accept",),
    S.ACCEPTED: ("set_out",),
    S.EN_ROUTE: ("arrive",),
    S.ARRIVED: ("start_work",),
    S.WAIT_PART: ("set_out", "resume"),
    S.WAIT_CUST: ("set_out", "resume"),
    S.DONE: ("follow_up",),
    S.REMOTE_DONE: ("follow_up",),
    S.FOLLOWED_UP: ("close",),
}

#: steps that need nothing but a press
PRESSED = {"accept", "start_work", "resume", "set_out"}
DANGEROUS = {"cancel", "refuse", "hand_back"}


@dataclass(frozen=True)
class Button:
    """As components/button.html wants it."""

    label: Any
    url: str
    verb: str
    post: bool = False
    danger: bool = False
    icon: str = ""
    dialog: str = ""
    fields: Sequence[tuple[str, Any]] = field(default_factory=tuple)


def button(ticket: Ticket, verb: str, label: Any) -> Button:
    """The way to a verb: pressed at once, a page of its own, or a question that wants a reason."""
    key = ticket.public_id
    if verb in ACTIONS:
        action = ACTIONS[verb]
        return Button(label, reverse("tickets:act", args=[key, verb]), verb, danger=action.danger, icon=action.icon)
    if verb in PAGES:
        return Button(label, reverse(PAGES[verb], args=[key]), verb)
    url = reverse("tickets:step", args=[key, verb])
    if verb in PRESSED:
        return Button(label, url, verb, post=True, fields=(("version", ticket.version),))
    return Button(label, url, verb, danger=verb in DANGEROUS)


def buttons(viewer: Viewer, ticket: Ticket) -> tuple[Button | None, list[Button]]:
    """The next step and the others that this viewer has now."""
    able = {rule.action.split(".")[1]: rule.label for rule in rights.buttons(viewer, "ticket", ticket)}
    first = next((verb for verb in NEXT.get(ticket.state, ()) if verb in able), None)
    if rights.may(viewer, "ticket.share", ticket) and rules.can_be_shared(viewer, ticket):
        able["share"] = _("Share with the manufacturer")
    rest = [button(ticket, verb, label) for verb, label in able.items() if verb != first]
    return (button(ticket, first, able[first]) if first else None), rest


@require_GET
def ticket(request: Request, public_id: str) -> HttpResponse:
    """The ticket's page, the same for every tier; what a viewer may not see is not in it."""
    viewer = request.viewer
    found = tickets.one(viewer, public_id)
    machines = tickets.machines(viewer, found)
    first, rest = buttons(viewer, found)
    crew = tickets.crew(viewer, found)
    photos = tickets.photos(viewer, found)
    known_slips = slips.of_ticket(viewer, found)
    slip = next((s for s in known_slips if s.round == found.round and s.state != "void"), None)
    sight = rights.sight(viewer, "ticket.phone", found)
    story = timeline.lines(tickets.timeline(viewer, found), viewer.org_name)
    shows_site = rights.sight(viewer, "ticket.site", found) is Sight.FULL
    now = timezone.now()
    context = {
        "ticket": found,
        "clocks": clock_words.lines(clocks.of_round(viewer, found.pk, found.round), now),
        "machines": machines,
        "crew": crew,
        "trips": tickets.trips(viewer, found),
        "slips": known_slips,
        "slip": slip,
        "may_fill_slip": rights.may(viewer, "ticket.fill_slip", found),
        "next": first,
        "next_title": _next_title(found, first),
        "more": rest,
        "dispatch_form": desk.DispatchForm(viewer=viewer, ticket=found) if first and first.verb == "dispatch" else None,
        "facts": _facts(found, shows_site=shows_site),
        "shows_site": shows_site,
        "phone_sight": sight.value,
        "may_unmask": rules.may_unmask(viewer, found) and rights.may(viewer, "ticket.unmask", found),
        "shows_money": rights.sight(viewer, "ticket.money", found) is Sight.FULL,
        "slots": slots(
            photos,
            needed=wanted_photos([], from_paper=bool(slip and slip.from_paper)),
            offered=(PhotoSlot.AFTER, PhotoSlot.OTHER),
            may_remove=rights.may(viewer, "ticket.remove_photo", found),
        ),
        "escalations": escalations.of_ticket(viewer, found),
        "may_explain": rights.may(viewer, "ticket.explain_late", found),
        "may_escalate": rights.may(viewer, "ticket.escalate", found),
        "may_photo": rights.may(viewer, "ticket.photo", found),
        "may_note": rights.may(viewer, "ticket.note", found),
        "may_call": rights.may(viewer, "ticket.call", found),
        "may_link": rights.may(viewer, "ticket.link", found),
        "may_change": rights.may(viewer, "ticket.change", found),
        "warranty": warranty.section(viewer, found),
        "links": collect(sections.ticket_links, viewer, found),
        "ladder": ladder(viewer, found) if _works_here(viewer, found) else None,
        "story": story,
        "is_dealer": viewer.tier is Tier.DEALER,
        "is_technician": _works_here(viewer, found),
        "is_open": found.state in OPEN,
        "is_finished": found.state in FINISHED,
        "group_text": group_text(found, machines) if viewer.tier is Tier.DEALER else "",
    }
    return render(request, "tickets/ticket.html", context)


def _works_here(viewer: Viewer, ticket: Ticket) -> bool:
    return viewer.tier is Tier.DEALER and viewer.has(Role.TECHNICIAN) and rules.on_crew(viewer, ticket)


def group_text(ticket: Ticket, machines: Sequence[TicketMachine]) -> str:
    """复制发微信群: what the group has to know, without anything that belongs to the manufacturer. Chinese, as the group is."""
    models = "、".join(f"{m.model} {m.serial_number}".strip() for m in machines)
    lines = [
        f"【{TicketState(ticket.state).label}】{ticket.number}",
        f"客户:{ticket.customer_name}",
        f"地址:{ticket.site}",
        f"联系:{ticket.contact} {ticket.phone}",
        f"设备:{models}",
        f"故障:{ticket.fault}",
        f"报修:{local(ticket.reported_at):%m-%d %H:%M}",
    ]
    if ticket.appointment_at:
        lines.append(f"预约:{local(ticket.appointment_at):%m-%d %H:%M}")
    if ticket.lead_name:
        lines.append(f"技师:{ticket.lead_name}")
    return "\n".join(lines)


def _next_title(ticket: Ticket, first: Button | None) -> str:
    waiting = {
        S.DISPATCHED: _("Waits for %(who)s to accept"),
        S.ACCEPTED: _("%(who)s has accepted the job"),
        S.EN_ROUTE: _("%(who)s is on the way"),
        S.ARRIVED: _("%(who)s has arrived"),
        S.IN_WORK: _("%(who)s is at work"),
        S.WAIT_PART: _("Waits for a part"),
        S.WAIT_CUST: _("Waits for the customer"),
        S.WAIT_SIGN: _("Waits for the customer's signature"),
        S.NEW: _("Nobody has spoken with the customer yet"),
        S.CONTACTED: _("Nobody is sent yet"),
        S.APPOINTED: _("Nobody is sent yet"),
        S.DONE: _("Done; the follow-up call is next"),
        S.REMOTE_DONE: _("Solved by phone; the follow-up call is next"),
        S.FOLLOWED_UP: _("Followed up"),
        S.CLOSED: _("Closed"),
        S.MERGED: _("Merged"),
        S.CANCELLED: _("Cancelled"),
        S.TRANSFERRED: _("Another dealer has accepted the referral"),
    }
    return waiting[TicketState(ticket.state)] % {"who": ticket.lead_name}


def _facts(ticket: Ticket, *, shows_site: bool) -> list[tuple[str, Any]]:
    facts = [
        (_("How it came in"), ticket.get_source_display()),
        *([(_("Reported by"), ticket.reporter)] if shows_site else []),
        (_("Entered by"), ticket.recorded_by),
    ]
    if ticket.appointment_at:
        agreed_with = ticket.appointment_with if shows_site else ""
        facts.append((_("Appointment"), f"{local(ticket.appointment_at):%m-%d %H:%M} {agreed_with}"))
    if ticket.referral_id is not None:
        facts.append((_("Referred by"), ticket.referred_by))
    if ticket.customer_reported_at:
        facts.append((_("The customer told the manufacturer"), f"{local(ticket.customer_reported_at):%m-%d %H:%M}"))
    if ticket.end_reason:
        facts.append((_("Why it ended"), ticket.end_reason))
    return facts
