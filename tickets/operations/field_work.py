"""The technician's ladder: set out, arrive, work, leave, wait, go on (domain.md 5.5, 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from core import rights
from core.calendars import local
from core.errors import Refused
from core.tenancy import Viewer
from tickets.enums import EntryKind, TicketState, Transport
from tickets.models import Assignment, Ticket, Trip
from tickets.operations import slip_trips
from tickets.operations.steps import chosen, columns_of, said, take_step, write_entry
from tickets.queries import tickets

#: a time typed by hand that differs by more needs its reason (补录)
BY_HAND = timedelta(minutes=10)


@dataclass(frozen=True)
class Position:
    """Where the phone says it is; WGS-84 degrees, accuracy in metres. Optional everywhere."""

    latitude: Decimal
    longitude: Decimal
    accuracy_m: int


@transaction.atomic
def set_out(
    *,
    viewer: Viewer,
    public_id: str,
    expected_version: int | None,
    at: datetime | None = None,
    now: datetime,
) -> Ticket:
    """出发: a new trip begins. ACCEPTED, WAIT_PART, WAIT_CUST → EN_ROUTE. Errors: Refused("in_future", field="at")."""
    ticket = tickets.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "ticket.set_out", ticket)
    at = _moment(at, now, field="at")
    ticket.wait_reason = ""
    take_step(viewer, ticket, "set_out", now=now, at=at)
    _begin_trip(viewer, ticket, set_out_at=at)
    return ticket


@transaction.atomic
def arrive(
    *,
    viewer: Viewer,
    public_id: str,
    expected_version: int | None,
    at: datetime | None = None,
    reason: str = "",
    position: Position | None = None,
    now: datetime,
) -> Ticket:
    """到达打卡: check-in at the site, position optional. EN_ROUTE, ACCEPTED (setting out was forgotten) → ARRIVED.

    at: when he arrived, if typed later; more than 10 minutes off needs a reason (补录).
    Errors: Refused("arrival_before_report"), ("arrival_before_departure"), ("in_future"), ("by_hand_reason_missing").
    """
    ticket = tickets.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "ticket.arrive", ticket)
    at = _moment(at, now, field="at")
    if at < ticket.round_started_at:
        raise Refused("arrival_before_report", field="at", reported=f"{local(ticket.round_started_at):%m-%d %H:%M}")
    by_hand = abs(now - at) > BY_HAND
    if by_hand and not reason.strip():
        raise Refused("by_hand_reason_missing", field="reason")
    forgot = ticket.state == TicketState.ACCEPTED
    trip = (None if forgot else current_trip(viewer, ticket)) or _begin_trip(viewer, ticket, set_out_at=None)
    if trip.set_out_at and trip.set_out_at > at:
        raise Refused("arrival_before_departure", field="at", departed=f"{local(trip.set_out_at):%m-%d %H:%M}")
    last = _last_departure(viewer, ticket, trip)
    if last and at < last:
        raise Refused("arrival_before_departure", field="at", departed=f"{local(last):%m-%d %H:%M}")
    trip.arrived_at, trip.manual_reason = at, reason.strip()[:200]
    if position is not None:
        trip.latitude, trip.longitude, trip.accuracy_m = position.latitude, position.longitude, position.accuracy_m
    trip.save()
    ticket.arrived_at = ticket.arrived_at or at
    ticket.worked_ids = sorted(set(ticket.worked_ids) | set(ticket.crew_ids))
    facts = {"by_hand": True} if by_hand else {}
    take_step(viewer, ticket, "arrive", now=now, at=at, text=reason.strip(), facts=facts)
    return ticket


@transaction.atomic
def start_work(*, viewer: Viewer, public_id: str, expected_version: int | None, now: datetime) -> Ticket:
    """开始处理. ARRIVED → IN_WORK."""
    ticket = tickets.lock(viewer, public_id, version=expected_version)
    take_step(viewer, ticket, "start_work", now=now)
    return ticket


@transaction.atomic
def leave(
    *,
    viewer: Viewer,
    public_id: str,
    expected_version: int | None,
    at: datetime | None = None,
    reason: str = "",
    km: Decimal | None = None,
    nights: int = 0,
    transport: str = "",
    now: datetime,
) -> Ticket:
    """离开: ends the trip; comes before waiting and before the slip is completed. The state becomes IN_WORK.

    km: one way. The draft of the slip follows: departure, kilometres and nights, unless they were changed by hand.
    Errors: Refused("no_open_trip"), ("leaving_before_arrival"), ("in_future"), ("by_hand_reason_missing"),
    ("number_wrong"), ("choice_unknown").
    """
    ticket = tickets.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "ticket.leave", ticket)
    at = _moment(at, now, field="at")
    trip = current_trip(viewer, ticket)
    if trip is None or trip.arrived_at is None:
        raise Refused("no_open_trip", status=409)
    if at <= trip.arrived_at:
        raise Refused("leaving_before_arrival", field="at", arrived=f"{local(trip.arrived_at):%m-%d %H:%M}")
    if abs(now - at) > BY_HAND and not reason.strip():
        raise Refused("by_hand_reason_missing", field="reason")
    if km is not None and not 0 <= km < 10_000:
        raise Refused("number_wrong", field="km")
    if not 0 <= nights <= 60:
        raise Refused("number_wrong", field="nights")
    if ticket.state == TicketState.ARRIVED:
        take_step(viewer, ticket, "start_work", now=now, at=trip.arrived_at)
    trip.transport = chosen(Transport, transport, field="transport") if transport else ""
    end_trip(viewer, ticket, trip, at=at, reason=reason.strip(), km=km, nights=nights, now=now)
    slip_trips.follow(viewer, ticket, trip)
    return ticket


def end_trip(
    viewer: Viewer,
    ticket: Ticket,
    trip: Trip,
    *,
    at: datetime,
    reason: str,
    km: Decimal | None,
    nights: int,
    now: datetime,
) -> None:
    """End a trip of a locked ticket and write it down; the state stays. All checks were made before."""
    trip.left_at, trip.km, trip.nights = at, km, nights
    trip.manual_reason = "; ".join(filter(None, [trip.manual_reason, reason]))[:200]
    trip.save()
    ticket.version += 1
    ticket.save(update_fields=["version", "updated_at"])
    facts: dict[str, object] = {"km": str(km)} if km is not None else {}
    if abs(now - at) > BY_HAND:
        facts["by_hand"] = True
    write_entry(viewer, ticket, EntryKind.FACT, verb="leave", text=reason, facts=facts, at=at, now=now)


@transaction.atomic
def wait_for_part(
    *, viewer: Viewer, public_id: str, expected_version: int | None, reason: str, now: datetime
) -> Ticket:
    """待配件, with what is missing. IN_WORK → WAIT_PART. Errors: Refused("still_on_site")."""
    return _wait(viewer, public_id, expected_version, "wait_part", reason, now)


@transaction.atomic
def wait_for_customer(
    *, viewer: Viewer, public_id: str, expected_version: int | None, reason: str, now: datetime
) -> Ticket:
    """待客户, with reason. IN_WORK → WAIT_CUST. Errors: Refused("still_on_site")."""
    return _wait(viewer, public_id, expected_version, "wait_customer", reason, now)


@transaction.atomic
def resume(*, viewer: Viewer, public_id: str, expected_version: int | None, now: datetime) -> Ticket:
    """Go on without another trip. WAIT_PART, WAIT_CUST → IN_WORK."""
    ticket = tickets.lock(viewer, public_id, version=expected_version)
    ticket.wait_reason = ""
    take_step(viewer, ticket, "resume", now=now)
    return ticket


def current_trip(viewer: Viewer, ticket: Ticket) -> Trip | None:
    """The trip that has not ended, or None."""
    rows = Trip.objects.visible_to(viewer).filter(ticket=ticket, round=ticket.round, left_at=None)
    return rows.order_by("-sequence").first()


def _begin_trip(viewer: Viewer, ticket: Ticket, *, set_out_at: datetime | None) -> Trip:
    rows = Trip.objects.visible_to(viewer).filter(ticket=ticket, round=ticket.round)
    rows.filter(arrived_at=None).delete()  # set out and never arrived: handed back
    last = rows.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    sent = Assignment.objects.visible_to(viewer).filter(ticket=ticket, active=True).order_by("-is_lead", "id")
    trip = Trip(ticket=ticket, round=ticket.round, sequence=last + 1, set_out_at=set_out_at, **columns_of(ticket))
    trip.people = list(sent.values_list("name", flat=True))
    trip.save(force_insert=True)
    return trip


def _last_departure(viewer: Viewer, ticket: Ticket, trip: Trip) -> datetime | None:
    rows = Trip.objects.visible_to(viewer).filter(ticket=ticket, round=ticket.round, sequence__lt=trip.sequence)
    return rows.order_by("-sequence").values_list("left_at", flat=True).first()


def _wait(
    viewer: Viewer, public_id: str, expected_version: int | None, verb: str, reason: str, now: datetime
) -> Ticket:
    ticket = tickets.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, f"ticket.{verb}", ticket)
    if current_trip(viewer, ticket) is not None:
        raise Refused("still_on_site", status=409)
    ticket.wait_reason = said(reason)
    take_step(viewer, ticket, verb, now=now, text=ticket.wait_reason)
    return ticket


def _moment(at: datetime | None, now: datetime, *, field: str) -> datetime:
    """`at`, or now; to the minute as a clock on the wall. A minute of difference between clocks is forgiven."""
    moment = at or now
    if moment > now + timedelta(minutes=1):
        raise Refused("in_future", field=field)
    return min(moment, now)
