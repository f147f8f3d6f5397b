"""From draft to a numbered slip that waits for the customer, and back (domain.md 8.1, 8.3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from core import rights, transitions
from core.calendars import local, local_date
from core.errors import Refused
from core.numbering import next_number
from core.tenancy import Viewer
from equipment.models import Machine
from tickets.calculations import slip_checks
from tickets.calculations.judgement import tick_of
from tickets.calculations.slip_input import SlipInput
from tickets.enums import TicketState
from tickets.models import FaultLineMachine, Slip, TicketMachine, Trip
from tickets.operations import field_work, judge, save_slip, slip_trips
from tickets.operations.steps import move
from tickets.queries import slips
from tickets.workflow import SLIP


class Incomplete(Refused):
    """The slip still lacks something; `problems` says what, in the order of the form."""

    def __init__(self, problems: list[slip_checks.Problem]) -> None:
        super().__init__("slip_incomplete", n=len(problems))
        self.problems = problems


@transaction.atomic
def complete_slip(
    *,
    viewer: Viewer,
    public_id: str,
    expected_version: int | None,
    written: SlipInput | None = None,
    long_stay_confirmed: bool = False,
    now: datetime,
    sign_in: str = "",
    without_line: bool = False,
) -> Slip:
    """提交待签: check everything, give the number, wait for the customer.

    written: what the form holds, saved first. without_line: it was signed on the phone, which did not know the computed warranty. A trip that is still open ends at the slip's 离开现场时间.
    Effects: number FW-… of the month of 完工时间 (kept when the slip had one), machine data filled from the nameplate,
    slip DRAFT → WAIT_SIGN, ticket IN_WORK (or ARRIVED: starting work was forgotten) → WAIT_SIGN, timeline.
    Errors: Incomplete, Refused("serial_taken"), ("month_moved"), ("leaving_before_arrival"), those of `save_slip`,
    not_allowed, wrong_state, stale.
    """
    slip = slips.lock(viewer, public_id, version=expected_version, sign_in=sign_in)
    rights.require(viewer, "slip.complete", slip)
    content = None if written is None else save_slip.write(viewer, slip, written, sign_in=sign_in, judging=False)
    content = content or slips.content(viewer, slip)
    judge.of_slip(viewer, slip, content, now=now)
    facts = facts_of(
        viewer, slip, now=now, long_stay_confirmed=long_stay_confirmed, content=content, without_line=without_line
    )
    found = slip_checks.problems(facts)
    if found:
        raise Incomplete(found)
    ticket, trips = slip.ticket, content.trips
    if ticket.state == TicketState.ARRIVED:
        move(viewer, ticket, "start_work", now=now, at=ticket.arrived_at)
    _end_open_trip(viewer, slip, trips, now)
    slip_trips.take(slip, trips)
    assert slip.left_at is not None  # slip_checks has seen it
    give_number(viewer, slip, finished_at=slip.left_at)
    keep_machine_data(viewer, slip)
    slip.completed_at = now
    transitions.step(SLIP, slip, "complete")
    slip.save()
    move(viewer, ticket, "complete_slip", now=now, facts={"slip": slip.number})
    return slip


@transaction.atomic
def correct_slip(*, viewer: Viewer, public_id: str, expected_version: int | None, reason: str, now: datetime) -> Slip:
    """Back to the draft before the customer signs; the number stays, and with it the month of 完工时间.

    WAIT_SIGN → DRAFT, ticket → IN_WORK. Errors: not_allowed, wrong_state, stale.
    """
    slip = slips.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "slip.correct", slip)
    transitions.step(SLIP, slip, "correct")
    slip.save()
    move(viewer, slip.ticket, "correct_slip", now=now, text=reason.strip(), facts={"slip": slip.number})
    return slip


def facts_of(
    viewer: Viewer,
    slip: Slip,
    *,
    now: datetime,
    long_stay_confirmed: bool = False,
    content: slips.Content | None = None,
    without_line: bool = False,
) -> slip_checks.SlipFacts:
    """A slip as the checks read it. content: of the slip, when it is known already; without_line: see `complete_slip`."""
    found = slips.content(viewer, slip) if content is None else content
    covered = {machine for line in found.faults for machine in line.machines}
    return slip_checks.SlipFacts(
        customer_name=slip.customer_name,
        address=slip.address,
        contact=slip.contact,
        phone=slip.phone,
        reported_at=slip.ticket.round_started_at,
        arrived_at=slip.arrived_at,
        left_at=slip.left_at,
        people=slip.people,
        hours=slip.hours,
        longest_stay=_longest_stay(slip, found.trips),
        now=now,
        machines=[
            slip_checks.MachineFacts(
                label=f"{machine.model} {machine.serial_number}".strip(),
                serial_number=machine.serial_number,
                ex_factory_on=machine.ex_factory_on,
                unknown_reason=machine.unknown_reason,
                covered=machine.id in covered,
            )
            for machine in found.machines
        ],
        faults=[
            slip_checks.FaultFacts(
                reported=line.row.reported,
                diagnosis=line.row.diagnosis,
                cause=line.row.cause,
                responsibility=line.row.responsibility,
                solution=line.row.solution,
                treatment=line.row.treatment,
                machines=len(line.machines),
            )
            for line in found.faults
        ],
        parts=[
            slip_checks.PartFacts(
                code=part.code,
                name=part.name,
                quantity=part.quantity,
                source=part.source,
                key_part=part.part_id in found.key_parts,
                supply_number=part.supply_number,
                has_supply_photo=part.supply_photo_id is not None,
            )
            for part in found.parts
        ],
        photo_slots=frozenset(photo.slot for photo in found.photos if photo.round == slip.round),
        is_remote=slip.is_remote,
        from_paper=slip.from_paper,
        long_stay_confirmed=long_stay_confirmed,
        in_warranty=slip.in_warranty,
        computed_tick=tick_of(slip.warranty),
        warranty_reason=slip.warranty_reason,
        late_unexplained=slip.ticket.late_unexplained,
        without_line=without_line,
    )


def _longest_stay(slip: Slip, trips: Sequence[Trip]) -> timedelta | None:
    """The longest of several trips; None: the slip's own times are the stay."""
    if len(trips) < 2 or slip.left_at is None:
        return None
    return max((trip.left_at or slip.left_at) - trip.arrived_at for trip in trips if trip.arrived_at)


def give_number(viewer: Viewer, slip: Slip, *, finished_at: datetime) -> None:
    """Number the slip in the month of 完工时间, gap-free; a corrected slip keeps its number and its month."""
    if slip.number:
        if slip.finished_at and local_date(slip.finished_at).replace(day=1) != local_date(finished_at).replace(day=1):
            raise Refused("month_moved", field="left_at")
    else:
        day = local_date(finished_at)
        slip.number = next_number(series="FW", dealer_id=viewer.org, dealer_code=viewer.org_code, day=day)
    slip.finished_at = finished_at


_KEPT = ("product_type", "model", "serial_number", "ex_factory_on", "batch", "unknown_reason")


def keep_machine_data(viewer: Viewer, slip: Slip) -> None:
    """Copy the machines' data on to the slip's lines, and what the nameplate told into the dealer's machine file.

    Errors: Refused("serial_taken") when another machine of the dealer has this number.
    """
    rows = FaultLineMachine.objects.visible_to(viewer).filter(line__slip=slip).select_related("ticket_machine")
    lines = list(rows.order_by("id"))
    for item in lines:
        for name in _KEPT:
            setattr(item, name, getattr(item.ticket_machine, name))
    FaultLineMachine.objects.visible_to(viewer).bulk_update(lines, _KEPT)
    _fill_machine_files(viewer, [item.ticket_machine for item in lines])


def _fill_machine_files(viewer: Viewer, read: list[TicketMachine]) -> None:
    """What a machine's file does not know yet; files are locked in the order of their ids, so that two slips never wait
    for each other."""
    files = Machine.objects.visible_to(viewer).filter(id__in=[machine.machine_id for machine in read])
    told = {machine.machine_id: machine for machine in read}
    filled = []
    for file in files.select_for_update(of=("self",)).order_by("id"):
        plate = told[file.id]
        changes = [
            name for name in ("serial_number", "ex_factory_on") if getattr(plate, name) and not getattr(file, name)
        ]
        for name in changes:
            setattr(file, name, getattr(plate, name))
        if changes:
            file.version, file.updated_at = file.version + 1, timezone.now()  # a column's own time, as auto_now sets it
            filled.append(file)
    if not filled:
        return
    try:
        with transaction.atomic():
            files.bulk_update(filled, ["serial_number", "ex_factory_on", "version", "updated_at"])
    except IntegrityError as problem:
        raise Refused("serial_taken", field="machines") from problem


def _end_open_trip(viewer: Viewer, slip: Slip, trips: Sequence[Trip], now: datetime) -> None:
    """离开 comes before completing: a trip that is still open ends at the slip's 离开现场时间."""
    trip = next((trip for trip in reversed(trips) if trip.left_at is None), None)
    if trip is None or trip.arrived_at is None:
        return
    assert slip.left_at is not None  # slip_checks has seen it
    if slip.left_at <= trip.arrived_at:
        raise Refused("leaving_before_arrival", field="left_at", arrived=f"{local(trip.arrived_at):%m-%d %H:%M}")
    km, nights = slip_trips.rest(slip, [other for other in trips if other.pk != trip.pk])
    reason = slip.times_reason or ("服务单填写" if abs(now - slip.left_at) > field_work.BY_HAND else "")
    field_work.end_trip(viewer, slip.ticket, trip, at=slip.left_at, reason=reason, km=km, nights=nights, now=now)
