"""From draft to a numbered slip that waits for the customer, and back (domain.md 8.1, 8.3)."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from core import rights, transitions
from core.calendars import local_date
from core.errors import Refused
from core.numbering import next_number
from core.tenancy import Viewer
from equipment.models import Machine
from partners.models import Organisation
from tickets.calculations import slip_checks
from tickets.models import FaultLineMachine, Slip, Ticket, TicketMachine
from tickets.operations import field_work, save_slip
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
    slip DRAFT → WAIT_SIGN, ticket IN_WORK → WAIT_SIGN, timeline.
    Errors: Incomplete, Refused("serial_taken"), ("month_moved"), not_allowed, wrong_state, stale.
    """
    slip = slips.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "slip.complete", slip)
    if written is not None:
        save_slip.write(viewer, slip, written)
    ticket = slip.ticket
    found = slip_checks.problems(facts_of(viewer, slip, now=now, long_stay_confirmed=long_stay_confirmed))
    if found:
        raise Incomplete(found)
    _end_open_trip(viewer, ticket, slip, now)
    save_slip.take_times(viewer, slip)
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
    """Back to the draft before the customer signs; the number stays. WAIT_SIGN → DRAFT, ticket → IN_WORK."""
    slip = slips.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "slip.correct", slip)
    transitions.step(SLIP, slip, "correct")
    slip.save()
    move(viewer, slip.ticket, "correct_slip", now=now, text=reason.strip()[:500], facts={"slip": slip.number})
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


def keep_machine_data(viewer: Viewer, slip: Slip) -> None:
    """Copy the machines' data on to the slip's lines, and what the nameplate told into the dealer's machine file.

    Errors: Refused("serial_taken") when another machine of the dealer has this number.
    """
    rows = FaultLineMachine.objects.visible_to(viewer).filter(line__slip=slip).select_related("ticket_machine")
    for item in rows:
        machine = item.ticket_machine
        for name in ("product_type", "model", "serial_number", "ex_factory_on", "batch", "unknown_reason"):
            setattr(item, name, getattr(machine, name))
        item.save()
    for machine in tickets.machines(viewer, slip.ticket):
        _fill_machine_file(viewer, machine)


def _fill_machine_file(viewer: Viewer, machine: TicketMachine) -> None:
    file = Machine.objects.visible_to(viewer).select_for_update().one(id=machine.machine_id)
    changes = {}
    if machine.serial_number and not file.serial_number:
        changes["serial_number"] = machine.serial_number
    if machine.ex_factory_on and not file.ex_factory_on:
        changes["ex_factory_on"] = machine.ex_factory_on
    if not changes:
        return
    for name, value in changes.items():
        setattr(file, name, value)
    file.version += 1
    try:
        with transaction.atomic():
            file.save()
    except IntegrityError as problem:
        raise Refused("serial_taken", field="machines") from problem


def _end_open_trip(viewer: Viewer, ticket: Ticket, slip: Slip, now: datetime) -> None:
    trip = field_work.current_trip(viewer, ticket)
    if trip is None:
        return
    assert slip.left_at is not None  # slip_checks has seen it
    field_work.leave(
        viewer=viewer,
        public_id=ticket.public_id,
        expected_version=None,
        at=slip.left_at,
        reason=slip.times_reason or "服务单填写",
        km=slip.km,
        nights=slip.nights,
        now=now,
    )
    ticket.refresh_from_db()
    slip.ticket = ticket
