"""远程解决: a job solved by phone, with a numbered 远程服务单 without times on site, photos and signature (domain.md 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from core import rights, transitions
from core.errors import Refused
from core.tenancy import Viewer
from tickets.calculations import slip_checks
from tickets.enums import SignatureKind, Treatment, WarrantyTick
from tickets.models import Slip
from tickets.operations import save_slip
from tickets.operations.complete_slip import Incomplete, facts_of, give_number, keep_machine_data
from tickets.operations.dispatch import end_assignments
from tickets.operations.freeze_slip import freeze
from tickets.operations.save_slip import FaultInput, MachineInput, SlipInput
from tickets.operations.steps import move
from tickets.queries import slips, tickets
from tickets.workflow import SLIP


@dataclass(frozen=True)
class PhoneResult:
    """What was found and advised on the telephone. solved_at: time of the result = 完工时间."""

    diagnosis: str
    cause: str
    responsibility: str
    solution: str
    treatment: str = Treatment.ADVISE
    in_warranty: str = WarrantyTick.OPEN
    unknown_reason: str = ""
    solved_at: datetime | None = None


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
    slip.is_remote = True
    save_slip.write(viewer, slip, _written(viewer, slip, result))
    found = slip_checks.problems(facts_of(viewer, slip, now=now))
    if found:
        raise Incomplete(found)
    give_number(viewer, slip, finished_at=solved_at)
    keep_machine_data(viewer, slip)
    slip.completed_at = now
    slip.signature_kind = SignatureKind.REMOTE
    slip.technician_id, slip.technician, slip.technician_phone = viewer.person_id, viewer.name, viewer.phone
    transitions.step(SLIP, slip, "finish_remote")
    ticket.finished_at = solved_at
    if ticket.contacted_at is None:
        ticket.contacted_at = solved_at
    ticket.worked_ids = sorted(set(ticket.worked_ids) | ({viewer.person_id} if viewer.person_id else set()))
    end_assignments(viewer, ticket, now=now, reason="")
    freeze(viewer, slip, now=now)
    move(
        viewer, ticket, "finish_remote", now=now, at=solved_at, text=result.solution[:500], facts={"slip": slip.number}
    )
    return slip


def _written(viewer: Viewer, slip: Slip, result: PhoneResult) -> SlipInput:
    machines = tickets.machines(viewer, slip.ticket)
    reported = slip.ticket.fault
    return SlipInput(
        contact=slip.contact,
        phone=slip.phone,
        address=slip.address,
        in_warranty=result.in_warranty,
        conditions=tuple(slip.conditions),
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
                reported=reported,
                diagnosis=result.diagnosis,
                cause=result.cause,
                responsibility=result.responsibility,
                solution=result.solution,
                treatment=result.treatment,
                machines=tuple(machine.id for machine in machines),
            )
        ],
    )
