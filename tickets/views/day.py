"""The technician's day: home of the role (ui.md 3.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_GET

from core import rights
from core.actions import Button
from core.calendars import local, local_date
from core.offline import keep_for
from core.tenancy import Viewer
from partners.access import Request
from resources.queries import roster
from tickets.enums import Urgency
from tickets.models import Ticket
from tickets.queries import clocks, day
from tickets.queries.day import Group, Job
from tickets.views.ladder import Reach, due_button, reach

GROUPS = (
    (Group.OVERDUE, gettext_lazy("Overdue")),
    (Group.TODAY, pgettext_lazy("group of jobs", "Today")),
    (Group.LATER, gettext_lazy("Later")),
)

DUTY_SHOWN = 3  # of one's own coming shifts; all of them are a press away


@dataclass(frozen=True)
class Card:
    """One job as the page shows it. when: appointment or age in words; late: it should have been reached before."""

    ticket: Ticket
    url: str
    place: str
    reach: Reach
    button: Button | None
    companion: bool
    urgent: bool
    late: bool
    when: str
    draft: bool
    burning: clocks.Burning | None


@require_GET
def today(request: Request) -> HttpResponse:
    """What waits for this technician, the next step first, one press each."""
    viewer = request.viewer
    rights.require(viewer, "ticket.day")
    now = timezone.now()
    found = day.day_of(viewer, now=now)
    first = found.first
    context = {
        "page_title": _("Today"),
        "date": local_date(now),
        "weekday": local(now).weekday(),
        "first": _card(viewer, first, now) if first else None,
        "groups": [
            (label, [_card(viewer, job, now) for job in found.of(group)]) for group, label in GROUPS if found.of(group)
        ],
        "empty": not found.jobs,
        "drafts": found.drafts,
        "finished": found.finished,
        "duty": [roster.row(shift, now=now) for shift in roster.mine(viewer, now, limit=DUTY_SHOWN)],
    }
    response = render(request, "tickets/day.html", context)
    response["Cache-Control"] = "no-store"
    return keep_for(request, response)


def _card(viewer: Viewer, job: Job, now: datetime) -> Card:
    ticket = job.ticket
    place = f"{ticket.city}{ticket.district}" or ticket.province
    return Card(
        ticket=ticket,
        url=reverse("tickets:ticket", args=[ticket.public_id]),
        place=place,
        reach=reach(ticket),
        button=due_button(viewer, ticket, job.slip, back=reverse("tickets:day")),
        companion=not job.is_lead,
        urgent=ticket.urgency == Urgency.STOPPED,
        late=job.group == Group.OVERDUE,
        when=_when(ticket, now),
        draft=job.slip is not None and job.slip.state == "draft",
        burning=clocks.burning(ticket.burns, ticket.burns_at, now),
    )


def _when(ticket: Ticket, now: datetime) -> Any:
    if ticket.appointment_at is not None:
        shape = "%H:%M" if local_date(ticket.appointment_at) == local_date(now) else "%m-%d %H:%M"
        return _("Appointment %(at)s") % {"at": f"{local(ticket.appointment_at):{shape}}"}
    days = (local_date(now) - local_date(ticket.round_started_at)).days
    if days < 1:
        return _("Reported %(at)s") % {"at": f"{local(ticket.round_started_at):%H:%M}"}
    return ngettext("Reported yesterday", "Reported %(n)s days ago", days) % {"n": days}
