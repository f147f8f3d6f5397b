"""远程解决: a job solved by phone, with a numbered 远程服务单 without times on site, photos and signature (domain.md 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from core import rights, transitions
from core.errors import Refused
from core.tenancy import Viewer
from tickets import notices
from tickets.calculations import slip_checks
from tickets.calculations.slip_input import FaultInput, MachineInput, SlipInput
from tickets.enums import SignatureKind, Treatment, WarrantyTick
from tickets.models import Slip
from tickets.operations import judge, save_slip
from tickets.operations.accept_referral import note_accepted
from tickets.operations.complete_slip import Incomplete, facts_of, give_number, keep_machine_data
from tickets.operations.dispatch import end_assignments
from tickets.operations.freeze_slip import freeze
from tickets.operations.steps import move
from tickets.queries import slips, tickets
from tickets.workflow import SLIP


@dataclass(frozen=True)
class PhoneResult:
    """What was found and advised on the telephone. solved_at: time of the result = 完工时间.

    unknown_reason: why number or ex-factory date of the machines stay 不详; standard_hours: 定额工时.
    """

    diagnosis: str
    cause: str
    responsibility: str
    solution: str
    treatment: str = Treatment.ADVISE
    in_warranty: str = WarrantyTick.OPEN
    warranty_reason: str = ""
    unknown_reason: str = ""
    solved_at: datetime | None = None
    symptom: str = ""
    fault_part: str = ""
    standard_hours: Decimal | None = None
    other_service: str = ""


@transaction.atomic
def finish_remote(
    *, viewer: Viewer, public_id: str, expected_version: int | None, result: PhoneResult, now: datetime
) -> Slip:
    """Write and freeze the remote slip. Ticket → REMOTE_DONE from every state before the arrival.

    Errors: Incomplete, Refused("solved_before_report"), ("in_future"), not_allowed, wrong_state, stale.
    """
    ticket = tickets.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "ticket.finish_remote", ticket)
    solved_at = min(result.solved_at or now, now)
    if result.solved_at and result.solved_at > now + timedelta(minutes=1):
        raise Refused("in_future", field="solved_at")
    if solved_at < ticket.round_started_at:
        raise Refused("solved_before_report", field="solved_at")
    slip = slips.valid(viewer, ticket) or save_slip.begin(viewer, ticket, is_remote=True)
    _without_site(slip)
    content = save_slip.write(viewer, slip, _written(viewer, slip, result), judging=False)
    judge.of_slip(viewer, slip, content, now=now)
    found = slip_checks.problems(facts_of(viewer, slip, now=now, content=content))
    if found:
        raise Incomplete(found)
    give_number(viewer, slip, finished_at=solved_at)
    keep_machine_data(viewer, slip)
    slip.completed_at = now
    slip.signature_kind = SignatureKind.REMOTE
    slip.technician_id, slip.technician, slip.technician_phone = viewer.person_id, viewer.name, viewer.phone
    transitions.step(SLIP, slip, "finish_remote")
    ticket.finished_at = solved_at
    note_accepted(viewer, ticket, now=now)
    if ticket.contacted_at is None:
        ticket.contacted_at = solved_at
    ticket.worked_ids = sorted(set(ticket.worked_ids) | ({viewer.person_id} if viewer.person_id else set()))
    sent = end_assignments(viewer, ticket, now=now, reason="")
    freeze(viewer, slip, now=now)
    move(viewer, ticket, "finish_remote", now=now, at=solved_at, text=result.solution, facts={"slip": slip.number})
    notices.tell_dispatch_ended(viewer, ticket, sent, now)
    return slip


def _without_site(slip: Slip) -> None:
    """A remote slip has no times on site, people and kilometres, whatever a draft of an earlier trip says."""
    slip.is_remote = True
    slip.arrived_at = slip.left_at = None
    slip.people = slip.hours = slip.km = None
    slip.times_reason, slip.nights = "", 0


def _written(viewer: Viewer, slip: Slip, result: PhoneResult) -> SlipInput:
    machines = tickets.machines(viewer, slip.ticket)
    return SlipInput(
        contact=slip.contact,
        phone=slip.phone,
        address=slip.address,
        in_warranty=result.in_warranty,
        warranty_reason=result.warranty_reason,
        conditions=tuple(slip.conditions),
        conditions_note=slip.conditions_note,
        other_service=result.other_service,
        machines=[
            MachineInput(
                id=machine.id,
                serial_number=machine.serial_number,
                ex_factory_on=machine.ex_factory_on,
                unknown_reason=machine.unknown_reason or result.unknown_reason,
            )
            for machine in machines
        ],
        faults=[
            FaultInput(
                reported=slip.ticket.fault,
                symptom=result.symptom,
                fault_part=result.fault_part,
                diagnosis=result.diagnosis,
                cause=result.cause,
                responsibility=result.responsibility,
                solution=result.solution,
                treatment=result.treatment,
                standard_hours=result.standard_hours,
                machines=tuple(machine.id for machine in machines),
            )
        ],
    )
