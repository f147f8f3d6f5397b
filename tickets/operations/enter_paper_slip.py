"""补录: a slip that was written by hand is entered afterwards (domain.md 6, 8.5, 18.1)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from core import rights
from core.calendars import local
from core.errors import Refused
from core.tenancy import Viewer
from tickets.enums import EntryKind, TicketState
from tickets.models import Slip, Ticket, Trip
from tickets.operations import dispatch, field_work, save_slip
from tickets.operations.print_slip import save_with_paper_number
from tickets.operations.steps import move, write_entry
from tickets.queries import slips, tickets

S = TicketState

#: why times differ, or are entered late; on the slip and its trips, in Chinese as they print
REASON = "按手写服务单补录"


@dataclass(frozen=True)
class WrittenByHand:
    """What the paper says about itself and the visit. paper_number: 纸质单号, "" for a form without; lead: public id of the
    technician who was there, where nobody has been sent yet."""

    arrived_at: datetime
    left_at: datetime
    paper_number: str = ""
    lead: str = ""


@transaction.atomic
def enter_paper_slip(
    *, viewer: Viewer, public_id: str, expected_version: int | None, paper: WrittenByHand, now: datetime
) -> Slip:
    """Bring the ticket to where a slip is written, with the times of the paper, and mark the draft as 补录.

    The ladder is walked as if each step had been pressed: sent, accepted, arrived, at work, left; each line of the
    timeline says that its time was entered by hand. A trip that was checked in stays, one that is open ends at the
    paper's 离开现场时间. Fields, photo of the paper and signature follow on the slip's own pages (`complete_slip`,
    `sign_on_paper`). → IN_WORK.

    Errors: Refused("lead_missing", field="lead"), ("paper_number_wrong"), ("paper_number_taken"),
    ("arrival_before_report"), ("arrival_before_departure"), ("leaving_before_arrival"), ("in_future"), not_allowed,
    wrong_state, stale.
    """
    ticket = tickets.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "ticket.enter_paper", ticket)
    _times_are_possible(ticket, paper, now)
    _walk(viewer, ticket, paper, now)
    ticket = tickets.lock(viewer, public_id, version=None)
    slip = slips.valid(viewer, ticket) or save_slip.begin(viewer, ticket)
    slip.from_paper, slip.is_remote = True, False
    trips = slips.trips(viewer, slip)
    slip.arrived_at, slip.left_at = paper.arrived_at, paper.left_at
    if trips and (trips[0].arrived_at, trips[-1].left_at) != (paper.arrived_at, paper.left_at):
        slip.times_reason = slip.times_reason or REASON
    save_slip.mark_saved(viewer, slip)
    save_with_paper_number(viewer, slip, paper.paper_number)
    facts = {"paper": slip.paper_number or "–"}
    write_entry(viewer, ticket, EntryKind.FACT, verb="enter_paper", facts=facts, now=now)
    return slip


@transaction.atomic
def not_from_paper(*, viewer: Viewer, public_id: str, expected_version: int | None, now: datetime) -> Slip:
    """The draft is no 补录 after all: mark and paper number go, times and all that was typed stay.

    Errors: not_allowed, wrong_state, stale.
    """
    slip = slips.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "slip.save", slip)
    if slip.from_paper:
        slip.from_paper, slip.paper_number = False, ""
        save_slip.mark_saved(viewer, slip)
        slip.save()
        write_entry(viewer, slip.ticket, EntryKind.FACT, verb="not_from_paper", now=now)
    return slip


def _times_are_possible(ticket: Ticket, paper: WrittenByHand, now: datetime) -> None:
    if paper.arrived_at < ticket.round_started_at:
        raise Refused(
            "arrival_before_report", field="arrived_at", reported=f"{local(ticket.round_started_at):%m-%d %H:%M}"
        )
    if paper.left_at > now + timedelta(minutes=1):
        raise Refused("in_future", field="left_at")
    if paper.left_at <= paper.arrived_at:
        raise Refused("leaving_before_arrival", field="left_at", arrived=f"{local(paper.arrived_at):%m-%d %H:%M}")


def _walk(viewer: Viewer, ticket: Ticket, paper: WrittenByHand, now: datetime) -> None:
    """From wherever the locked ticket stands to IN_WORK, with nobody on site any more."""
    key, arrived = ticket.public_id, paper.arrived_at
    if ticket.state in (S.CONTACTED, S.APPOINTED):
        ticket = dispatch.dispatch(
            viewer=viewer, public_id=key, expected_version=None, lead=paper.lead, tell=False, now=now
        )
    if ticket.state == S.DISPATCHED:
        move(viewer, ticket, "accept", now=now, at=arrived, facts={"by_hand": True})
    if ticket.state in (S.WAIT_PART, S.WAIT_CUST):
        ticket.wait_reason = ""
        verb = "set_out" if _is_another_trip(viewer, ticket, arrived) else "resume"
        move(viewer, ticket, verb, now=now, at=arrived, facts={"by_hand": True})
    if ticket.state in (S.ACCEPTED, S.EN_ROUTE):
        with _told_at("arrived_at"):
            ticket = field_work.arrive(
                viewer=viewer, public_id=key, expected_version=None, at=arrived, reason=REASON, now=now
            )
    if field_work.current_trip(viewer, ticket) is not None:
        with _told_at("left_at"):
            ticket = field_work.leave(
                viewer=viewer, public_id=key, expected_version=None, at=paper.left_at, reason=REASON, now=now
            )
    if ticket.state == S.ARRIVED:
        move(viewer, ticket, "start_work", now=now, at=arrived)


def _is_another_trip(viewer: Viewer, ticket: Ticket, arrived: datetime) -> bool:
    """Whether the paper's arrival lies after all trips that are known; else the paper tells of those."""
    trips = Trip.objects.visible_to(viewer).filter(ticket=ticket, round=ticket.round)
    return not trips.filter(left_at__gt=arrived).exists()


@contextmanager
def _told_at(field: str) -> Iterator[None]:
    """What a step says of its time belongs to this field of the form."""
    try:
        yield
    except Refused as refusal:
        if refusal.field == "at":
            refusal.field = field
        raise
