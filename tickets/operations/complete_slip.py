"""From draft to a numbered slip that waits for the customer, and back (domain.md 8.1, 8.3)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from core import rights, transitions
from core.calendars import local, local_date
from core.errors import Refused
from core.numbering import next_number
from core.tenancy import Viewer
from equipment.models import Machine
from partners.models import Organisation
from tickets.calculations import slip_checks
from tickets.enums import TicketState
from tickets.models import FaultLineMachine, Slip, TicketMachine, Trip
from tickets.operations import field_work, save_slip, slip_trips
from tickets.operations.save_slip import SlipInput
from tickets.operations.steps import move
from tickets.queries import slips, tickets
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
) -> Slip:
    """提交待签: check everything, give the number, wait for the customer.

    written: what the form holds, saved first. A trip that is still open ends at the slip's 离开现场时间.
    Effects: number FW-… of the month of 完工时间 (kept when the slip had one), machine data filled from the nameplate,
    slip DRAFT → WAIT_SIGN, ticket IN_WORK (or ARRIVED: starting work was forgotten) → WAIT_SIGN, timeline.
    Errors: Incomplete, Refused("serial_taken"), ("month_moved"), ("leaving_before_arrival"), those of `save_slip`,
    not_allowed, wrong_state, stale.
    """
    slip = slips.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "slip.complete", slip)
    if written is not None:
        save_slip.write(viewer, slip, written)
    ticket = slip.ticket
    found = slip_checks.problems(facts_of(viewer, slip, now=now, long_stay_confirmed=long_stay_confirmed))
    if found:
        raise Incomplete(found)
    if ticket.state == TicketState.ARRIVED:
        move(viewer, ticket, "start_work", now=now, at=ticket.arrived_at)
    _end_open_trip(viewer, slip, now)
    slip_trips.take(slip, slip_trips.of_slip(viewer, slip))
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


def facts_of(viewer: Viewer, slip: Slip, *, now: datetime, long_stay_confirmed: bool = False) -> slip_checks.SlipFacts:
    """A slip as the checks read it."""
    ticket = slip.ticket
    lines = slips.faults(viewer, slip)
    covered = {item.ticket_machine_id for line in lines for item in line.covered}
    return slip_checks.SlipFacts(
        customer_name=slip.customer_name,
        address=slip.address,
        contact=slip.contact,
        phone=slip.phone,
        reported_at=ticket.round_started_at,
        arrived_at=slip.arrived_at,
        left_at=slip.left_at,
        people=slip.people,
        hours=slip.hours,
        longest_stay=_longest_stay(slip, slip_trips.of_slip(viewer, slip)),
        now=now,
        machines=[
            slip_checks.MachineFacts(
                label=f"{machine.model} {machine.serial_number}".strip(),
                serial_number=machine.serial_number,
                ex_factory_on=machine.ex_factory_on,
                unknown_reason=machine.unknown_reason,
                covered=machine.id in covered,
            )
            for machine in tickets.machines(viewer, ticket)
        ],
        faults=[
            slip_checks.FaultFacts(
                reported=line.row.reported,
                diagnosis=line.row.diagnosis,
                cause=line.row.cause,
                responsibility=line.row.responsibility,
                solution=line.row.solution,
                treatment=line.row.treatment,
                machines=len(line.covered),
            )
            for line in lines
        ],
        parts=[
            slip_checks.PartFacts(
                code=part.code,
                name=part.name,
                quantity=part.quantity,
                source=part.source,
                key_part=bool(part.part and part.part.key_part),
                supply_number=part.supply_number,
                has_supply_photo=part.supply_photo_id is not None,
            )
            for part in slips.parts(viewer, slip)
        ],
        photo_slots=slips.photo_slots(viewer, slip),
        is_remote=slip.is_remote,
        long_stay_confirmed=long_stay_confirmed,
    )


def _longest_stay(slip: Slip, trips: list[Trip]) -> timedelta | None:
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
        dealer = Organisation.objects.visible_to(viewer).one(id=slip.dealer_id)
        slip.number = next_number(
            series="FW", dealer_id=slip.dealer_id, dealer_code=dealer.code, day=local_date(finished_at)
        )
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
    _fill_machine_files(viewer, tickets.machines(viewer, slip.ticket))


def _fill_machine_files(viewer: Viewer, read: list[TicketMachine]) -> None:
    """What a machine's file does not know yet; files are locked in the order of their ids, so that two slips never wait
    for each other."""
    files = Machine.objects.visible_to(viewer).filter(id__in=[machine.machine_id for machine in read])
    told = {machine.machine_id: machine for machine in read}
    for file in files.select_for_update(of=("self",)).order_by("id"):
        plate = told[file.id]
        changes = [
            name for name in ("serial_number", "ex_factory_on") if getattr(plate, name) and not getattr(file, name)
        ]
        if not changes:
            continue
        for name in changes:
            setattr(file, name, getattr(plate, name))
        file.version += 1
        try:
            with transaction.atomic():
                file.save(update_fields=[*changes, "version", "updated_at"])
        except IntegrityError as problem:
            raise Refused("serial_taken", field="machines") from problem


def _end_open_trip(viewer: Viewer, slip: Slip, now: datetime) -> None:
    """离开 comes before completing: a trip that is still open ends at the slip's 离开现场时间."""
    ticket = slip.ticket
    trip = field_work.current_trip(viewer, ticket)
    if trip is None or trip.arrived_at is None:
        return
    assert slip.left_at is not None  # slip_checks has seen it
    if slip.left_at <= trip.arrived_at:
        raise Refused("leaving_before_arrival", field="left_at", arrived=f"{local(trip.arrived_at):%m-%d %H:%M}")
    earlier = [other for other in slip_trips.of_slip(viewer, slip) if other.pk != trip.pk]
    km, nights = slip_trips.rest(slip, earlier)
    reason = slip.times_reason or ("服务单填写" if abs(now - slip.left_at) > field_work.BY_HAND else "")
    field_work.end_trip(viewer, ticket, trip, at=slip.left_at, reason=reason, km=km, nights=nights, now=now)
