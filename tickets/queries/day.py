"""The technician's day: what waits for him, in the order in which he should look at it (ui.md 3.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.calendars import local_date
from core.tenancy import Viewer
from tickets.enums import WITH_TECHNICIAN, SlipState, TicketState, Urgency
from tickets.models import Entry, Slip, Ticket

S = TicketState

#: he is on his way or in front of the machine: this job comes first, whatever else waits
AT_IT = (S.EN_ROUTE, S.ARRIVED, S.IN_WORK, S.WAIT_SIGN)
#: nothing to do before a part or the customer is there
PAUSED = (S.WAIT_PART, S.WAIT_CUST)

RECENT = timedelta(days=7)
#: two presses of one button arrive within seconds; later it is another person's page that is old
DOUBLE_PRESS = timedelta(minutes=2)

_URGENCY = {Urgency.STOPPED: 0, Urgency.AFFECTED: 1, Urgency.NORMAL: 2}


class Group(StrEnum):
    """超时 / 今天 / 之后."""

    OVERDUE = "overdue"
    TODAY = "today"
    LATER = "later"


@dataclass(frozen=True)
class Job:
    """One ticket in a technician's day. slip: the valid slip of its round, if one is begun."""

    ticket: Ticket
    group: Group
    is_lead: bool
    slip: Slip | None


@dataclass(frozen=True)
class Day:
    """jobs: all that is open, the one to do next first. drafts: slips begun and not handed in. finished: of the last days."""

    jobs: list[Job]
    drafts: int
    finished: list[Slip]

    @property
    def first(self) -> Job | None:
        """The job to do next, or None on a free day; a paused one never is."""
        return next((job for job in self.jobs if job.ticket.state not in PAUSED), None)

    def of(self, group: Group) -> list[Job]:
        """The jobs of a group without the first one."""
        return [job for job in self.jobs if job.group == group and job is not self.first]


def day_of(viewer: Viewer, *, now: datetime) -> Day:
    """The open tickets that this technician is sent to, as lead or companion, and what he finished lately. Three statements."""
    rows = Ticket.objects.visible_to(viewer).filter(state__in=WITH_TECHNICIAN, crew_ids__contains=[viewer.person_id])
    found = list(rows.order_by("reported_at", "id"))
    begun = Slip.objects.visible_to(viewer).filter(ticket__in=found).exclude(state=SlipState.VOID)
    slips = {(slip.ticket_id, slip.round): slip for slip in begun.order_by("id")}
    jobs = [
        Job(
            ticket=ticket,
            group=group_of(ticket, now),
            is_lead=ticket.lead_person_id == viewer.person_id,
            slip=slips.get((ticket.id, ticket.round)),
        )
        for ticket in found
    ]
    jobs.sort(key=_place)
    frozen = Slip.objects.visible_to(viewer).filter(
        finished_at__gte=now - RECENT,
        ticket__worked_ids__contains=[viewer.person_id],
        state__in=(SlipState.SIGNED, SlipState.REFUSED),
    )
    return Day(
        jobs=jobs,
        drafts=sum(1 for job in jobs if job.slip and job.slip.state == SlipState.DRAFT),
        finished=list(frozen.select_related("ticket").order_by("-finished_at", "-id")[:8]),
    )


def group_of(ticket: Ticket, now: datetime) -> Group:
    """By appointment where there is one, else by age: a report of an earlier day that nobody has reached is late.

    Promises and their clocks come later; nothing here pretends to be one.
    """
    if ticket.state in PAUSED:
        return Group.LATER
    if ticket.state in AT_IT:
        return Group.TODAY
    if ticket.appointment_at is not None:
        if ticket.appointment_at < now:
            return Group.OVERDUE
        return Group.TODAY if local_date(ticket.appointment_at) == local_date(now) else Group.LATER
    return Group.TODAY if local_date(ticket.round_started_at) == local_date(now) else Group.OVERDUE


def just_done(viewer: Viewer, public_id: str, verb: str, *, now: datetime) -> bool:
    """Whether this person did this step a moment ago: the second press of a button is no stale page."""
    rows = Entry.objects.visible_to(viewer).filter(
        ticket__public_id=public_id, author_id=viewer.person_id, recorded_at__gte=now - DOUBLE_PRESS
    )
    return rows.order_by("-recorded_at", "-id").values_list("verb", flat=True).first() == verb


def step_times(viewer: Viewer, ticket: Ticket) -> dict[str, datetime]:
    """When each step of the present round was taken last, by verb."""
    rows = Entry.objects.visible_to(viewer).filter(ticket=ticket, at__gte=ticket.round_started_at).exclude(verb="")
    return dict(rows.order_by("at", "id").values_list("verb", "at"))


def _place(job: Job) -> tuple[int, int, int, datetime]:
    ticket = job.ticket
    order = 0 if ticket.state in AT_IT else 1
    group = list(Group).index(job.group)
    return order, group, _URGENCY[Urgency(ticket.urgency)], ticket.appointment_at or ticket.reported_at
