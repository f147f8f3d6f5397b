"""Walks the planned jobs through the product's own operations, each step by its person at its moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from core import tenancy
from core.calendars import local
from core.tenancy import Viewer
from equipment.models import Customer, Machine
from partners.models import Person
from servicedesk.demo.faults import FAULTS
from servicedesk.demo.organisations import MAKERS
from servicedesk.demo.pictures import Subject, draw
from servicedesk.demo.plan import JobPlan, MachinePlan, Plan, SlipPlan, Step, Verb
from servicedesk.demo.products import MODEL, PART
from servicedesk.demo.strokes import sign
from servicedesk.demo.warranty import REASONS
from tickets.calculations.slip_input import FaultInput, MachineInput, PartInput, SlipInput
from tickets.enums import LateReason, PhotoSlot, PhotoSource, SignatureKind, Treatment
from tickets.models import Slip, Ticket
from tickets.operations import dispatch, field_work, finish_ticket, talk, warranty_requests
from tickets.operations.complete_slip import Incomplete, complete_slip, correct_slip
from tickets.operations.explain_late import explain_late
from tickets.operations.finish_remote import PhoneResult, finish_remote
from tickets.operations.photos import Shot, add_photo
from tickets.operations.report_fault import Report, report_fault
from tickets.operations.save_slip import open_slip
from tickets.operations.sign_slip import Answer, confirm_by_name, refuse_signature, sign_slip
from tickets.operations.void_slip import void_slip
from tickets.queries import slips, tickets, warranty

HALF = Decimal("0.5")
#: why somebody came late, with words of his own where he has some
LATE = (
    (LateReason.PREVIOUS_JOB, ""),
    (LateReason.TRAFFIC, ""),
    (LateReason.SENT_LATE, ""),
    (LateReason.PART, "先到仓库取轴承"),
)
MAKER_NAMES = {maker.code: maker.name for maker in MAKERS}


@dataclass(frozen=True)
class World:
    """What stands before the first report: who acts, and the rows that the plan names by keys."""

    viewers: dict[str, Viewer]
    people: dict[str, Person]
    customers: dict[tuple[str, str], Customer]
    machines: dict[str, Machine]


@dataclass
class Walk:
    """The jobs on their way; tickets by the keys of their jobs."""

    plan: Plan
    world: World
    plans: dict[str, MachinePlan] = field(init=False)
    tickets: dict[str, Ticket] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.plans = {machine.key: machine for machine in self.plan.machines}

    def steps(self) -> Iterator[tuple[JobPlan, Step]]:
        """All steps of all jobs in order of time."""
        order = sorted(
            ((step.at, job.key, at) for job in self.plan.jobs for at, step in enumerate(job.steps)),
        )
        jobs = {job.key: job for job in self.plan.jobs}
        for _, key, at in order:
            yield jobs[key], jobs[key].steps[at]

    def take(self, job: JobPlan, step: Step) -> None:
        """Do one step as its person, under that person's role."""
        viewer = self.world.viewers[step.by]
        with tenancy.acting(viewer):
            _DEEDS[step.verb](self, viewer, job, step)

    def key(self, job: JobPlan) -> str:
        """The public id of a job's ticket."""
        return self.tickets[job.key].public_id

    def random(self, job: JobPlan, step: Step) -> Random:
        """Random numbers of one step's own, whatever happened before it."""
        return Random(f"{job.key} {step.at.isoformat()} {step.verb}")


def _report(walk: Walk, viewer: Viewer, job: JobPlan, step: Step) -> None:
    customer = walk.world.customers[job.dealer, job.customer]
    machines = [walk.world.machines[key] for key in job.machines]
    typed = step.at + timedelta(minutes=2)  # writing it down takes a moment
    report = Report(
        fault=job.fault,
        source=job.source,
        urgency=job.urgency,
        reported_at=step.at,
        reporter=job.reporter,
        reporter_phone=job.reporter_phone,
    )
    walk.tickets[job.key] = report_fault(
        viewer=viewer, customer=customer, machines=machines, report=report, now=min(typed, walk.plan.now)
    )


def _contact(walk: Walk, viewer: Viewer, job: JobPlan, step: Step) -> None:
    dispatch.contact_customer(
        viewer=viewer,
        public_id=walk.key(job),
        expected_version=None,
        channel=step.channel,
        note=step.text,
        now=step.at,
    )


def _appoint(walk: Walk, viewer: Viewer, job: JobPlan, step: Step) -> None:
    assert step.when is not None
    dispatch.make_appointment(
        viewer=viewer,
        public_id=walk.key(job),
        expected_version=None,
        appointment_at=step.when,
        agreed_with=step.text,
        note="",
        now=step.at,
    )


def _dispatch(walk: Walk, viewer: Viewer, job: JobPlan, step: Step) -> None:
    lead, *companions = (walk.world.people[key].public_id for key in step.people)
    dispatch.dispatch(
        viewer=viewer,
        public_id=walk.key(job),
        expected_version=None,
        lead=lead,
        companions=companions,
        note=step.text,
        now=step.at,
    )


def _plain(operation: Callable[..., object]) -> Callable[[Walk, Viewer, JobPlan, Step], None]:
    """Steps that need nothing but their moment."""

    def take(walk: Walk, viewer: Viewer, job: JobPlan, step: Step) -> None:
        operation(viewer=viewer, public_id=walk.key(job), expected_version=None, now=step.at)

    return take


def _with_reason(operation: Callable[..., object]) -> Callable[[Walk, Viewer, JobPlan, Step], None]:
    """Steps that need a reason."""

    def take(walk: Walk, viewer: Viewer, job: JobPlan, step: Step) -> None:
        operation(viewer=viewer, public_id=walk.key(job), expected_version=None, reason=step.text, now=step.at)

    return take


def _arrive(walk: Walk, viewer: Viewer, job: JobPlan, step: Step) -> None:
    """Check in; who is late says why while he waits at the gate."""
    ticket = field_work.arrive(viewer=viewer, public_id=walk.key(job), expected_version=None, now=step.at)
    if ticket.late_unexplained:
        reason, note = walk.random(job, step).choice(LATE)
        explain_late(
            viewer=viewer, public_id=walk.key(job), expected_version=None, reason=reason, note=note, now=step.at
        )


def _leave(walk: Walk, viewer: Viewer, job: JobPlan, step: Step) -> None:
    field_work.leave(
        viewer=viewer,
        public_id=walk.key(job),
        expected_version=None,
        km=step.km,
        nights=step.nights,
        transport="own_car",
        now=step.at,
    )


def _photo(walk: Walk, viewer: Viewer, job: JobPlan, step: Step) -> None:
    _add_photo(walk, viewer, job, step, PhotoSlot(step.text))


def _add_photo(walk: Walk, viewer: Viewer, job: JobPlan, step: Step, slot: PhotoSlot, words: str = "") -> str:
    random = walk.random(job, step)
    subject = _subject(walk, job, job.slips[step.slip] if job.slips else None, words)
    shot = Shot(
        data=draw(slot, subject, random),
        op=f"{random.getrandbits(128):032x}",
        slot=slot,
        source=PhotoSource.ALBUM if random.random() < 1 / 9 else PhotoSource.CAMERA,
        taken_at=step.at,
    )
    return add_photo(viewer=viewer, public_id=walk.key(job), shot=shot, now=step.at).public_id


def _subject(walk: Walk, job: JobPlan, slip: SlipPlan | None, words: str) -> Subject:
    """What a photo of a job shows."""
    machine = walk.plans[job.machines[0]]
    return Subject(
        maker=MAKER_NAMES[machine.maker],
        product_type=MODEL[machine.maker, machine.model].product_type,
        model=machine.model,
        serial_number=machine.serial_number,
        made=machine.ex_factory_on.isoformat() if machine.ex_factory_on else "",
        fault_part=slip.fault_part if slip else _usual_fault_part(machine.model),
        words=words or job.fault,
        place=walk.world.customers[job.dealer, job.customer].name,
    )


def fault_photo(walk: Walk, key: str) -> bytes:
    """A further photo of the fault of a job, by the job's key."""
    job = next(job for job in walk.plan.jobs if job.key == key)
    return draw(PhotoSlot.FAULT, _subject(walk, job, None, ""), Random(f"support {key}"))


def _usual_fault_part(model: str) -> str:
    """What fails on such a machine in the sample data, for jobs whose slip is not written yet."""
    return next((fault.fault_part for fault in FAULTS if fault.model == model), "接线盒")


def _complete(walk: Walk, viewer: Viewer, job: JobPlan, step: Step) -> None:
    written = job.slips[step.slip]
    proofs = {
        use.code: _add_photo(walk, viewer, job, step, PhotoSlot.PART, use.supply_number)
        for use in written.parts
        if use.supply_number
    }
    slip = open_slip(viewer=viewer, ticket_public_id=walk.key(job), now=step.at)
    ticket = tickets.one(viewer, walk.key(job))
    typed = _input(viewer, ticket, slip, written, proofs)

    def hand_in(reason: str) -> None:
        complete_slip(
            viewer=viewer,
            public_id=slip.public_id,
            expected_version=None,
            written=replace(typed, warranty_reason=reason),
            long_stay_confirmed=True,
            now=step.at,
        )

    _with_reason_where_wanted(hand_in, written)
    if written.number:
        slip = slips.lock(viewer, slip.public_id, version=None)
        assert slip.number == written.number, f"{job.key} got {slip.number}, not {written.number}"


def _with_reason_where_wanted(hand_in: Callable[[str], None], written: SlipPlan) -> None:
    """Hand in as the technician does: when the form says that his tick differs from the computed result, he writes why."""
    try:
        hand_in("")
    except Incomplete as refusal:
        if {problem.code for problem in refusal.problems} != {"warranty_reason_missing"}:
            raise
        hand_in(REASONS[written.in_warranty])


def _input(viewer: Viewer, ticket: Ticket, slip: Slip, written: SlipPlan, proofs: dict[str, str]) -> SlipInput:
    """What the technician types; times, distance and people stand there already from the trips."""
    machines = tickets.machines(viewer, ticket)
    trips = [trip for trip in tickets.trips(viewer, ticket) if trip.round == ticket.round and trip.arrived_at]
    worked = sum(
        ((trip.left_at - trip.arrived_at) * len(trip.people) for trip in trips if trip.left_at and trip.arrived_at),
        timedelta(),
    )
    hours = Decimal(round(worked / timedelta(hours=1) * 2)) * HALF
    return SlipInput(
        contact=slip.contact,
        phone=slip.phone,
        address=slip.address,
        in_warranty=written.in_warranty,
        conditions=written.conditions or tuple(slip.conditions),
        conditions_note=written.conditions_note,
        arrived_at=slip.arrived_at,
        left_at=slip.left_at,
        people=slip.people,
        hours=max(hours, HALF),
        other_service=written.other_service,
        parts_fee=written.parts_fee,
        labour_fee=written.labour_fee,
        km=slip.km,
        nights=slip.nights,
        machines=[
            MachineInput(
                id=machine.id,
                serial_number=machine.serial_number,
                ex_factory_on=machine.ex_factory_on,
                unknown_reason="" if machine.serial_number else "铭牌锈蚀,无法辨认",
            )
            for machine in machines
        ],
        faults=[
            FaultInput(
                reported=written.reported,
                symptom=written.symptom,
                fault_part=written.fault_part,
                diagnosis=written.diagnosis,
                cause=written.cause,
                responsibility=written.responsibility,
                solution=written.solution,
                treatment=written.treatment,
                standard_hours=written.standard_hours,
                machines=tuple(machine.id for machine in machines),
            )
        ],
        parts=[
            PartInput(
                code=use.code,
                name=PART[use.code].name,
                unit=PART[use.code].unit,
                quantity=Decimal(use.quantity),
                source=use.source,
                unit_price=PART[use.code].price,
                return_old=use.return_old,
                causal=at == 0,
                supply_number=use.supply_number,
                supply_photo=proofs.get(use.code, ""),
            )
            for at, use in enumerate(written.parts)
        ],
    )


def _slip_key(walk: Walk, viewer: Viewer, job: JobPlan) -> str:
    slip = slips.valid(viewer, tickets.one(viewer, walk.key(job)))
    assert slip is not None, job.key
    return slip.public_id


def _answer(walk: Walk, viewer: Viewer, job: JobPlan, step: Step) -> Answer:
    written, random = job.slips[step.slip], walk.random(job, step)
    is_drawn = written.confirmation is SignatureKind.DRAWN
    return Answer(
        rating=written.rating or "",
        opinion=written.opinion,
        signer=written.signer,
        strokes=sign(written.signer, random) if is_drawn else None,
        technician_strokes=sign(viewer.name, random),
    )


def _sign(walk: Walk, viewer: Viewer, job: JobPlan, step: Step) -> None:
    typed = job.slips[step.slip].confirmation is SignatureKind.TYPED
    operation = confirm_by_name if typed else sign_slip
    operation(
        viewer=viewer,
        public_id=_slip_key(walk, viewer, job),
        expected_version=None,
        answer=_answer(walk, viewer, job, step),
        now=step.at,
    )


def _refuse_to_sign(walk: Walk, viewer: Viewer, job: JobPlan, step: Step) -> None:
    refuse_signature(
        viewer=viewer,
        public_id=_slip_key(walk, viewer, job),
        expected_version=None,
        reason=step.text,
        answer=_answer(walk, viewer, job, step),
        now=step.at,
    )


def _on_slip(operation: Callable[..., object]) -> Callable[[Walk, Viewer, JobPlan, Step], None]:
    """Deeds on the valid slip that need a reason."""

    def take(walk: Walk, viewer: Viewer, job: JobPlan, step: Step) -> None:
        operation(
            viewer=viewer,
            public_id=_slip_key(walk, viewer, job),
            expected_version=None,
            reason=step.text,
            now=step.at,
        )

    return take


def _solve_by_phone(walk: Walk, viewer: Viewer, job: JobPlan, step: Step) -> None:
    written = job.slips[step.slip]
    typed = PhoneResult(
        diagnosis=written.diagnosis,
        cause=written.cause,
        responsibility=written.responsibility,
        solution=written.solution,
        treatment=Treatment.ADVISE,
        in_warranty=written.in_warranty,
    )

    def hand_in(reason: str) -> None:
        result = replace(typed, warranty_reason=reason)
        finish_remote(viewer=viewer, public_id=walk.key(job), expected_version=None, result=result, now=step.at)

    _with_reason_where_wanted(hand_in, written)
    slip = slips.one(viewer, _slip_key(walk, viewer, job))
    assert written.number in ("", slip.number), f"{job.key} got {slip.number}, not {written.number}"


def _follow_up(walk: Walk, viewer: Viewer, job: JobPlan, step: Step) -> None:
    assert step.result is not None
    finish_ticket.follow_up(
        viewer=viewer,
        public_id=walk.key(job),
        expected_version=None,
        result=step.result,
        note=step.text,
        now=step.at,
    )


def _merge(walk: Walk, viewer: Viewer, job: JobPlan, step: Step) -> None:
    finish_ticket.merge_into(
        viewer=viewer,
        public_id=walk.key(job),
        expected_version=None,
        target=walk.tickets[step.text].public_id,
        reason="同一台设备,先前已电话报修",
        now=step.at,
    )


def _note(walk: Walk, viewer: Viewer, job: JobPlan, step: Step) -> None:
    talk.add_note(viewer=viewer, public_id=walk.key(job), text=step.text, internal=step.internal, now=step.at)


def _call(walk: Walk, viewer: Viewer, job: JobPlan, step: Step) -> None:
    talk.log_call(
        viewer=viewer,
        public_id=walk.key(job),
        channel=step.channel,
        reached=True,
        text=step.text,
        internal=step.internal,
        now=step.at,
    )


def _propose_goodwill(walk: Walk, viewer: Viewer, job: JobPlan, step: Step) -> None:
    warranty_requests.propose_goodwill(
        viewer=viewer, public_id=walk.key(job), maker_percent=100, reason=step.text, now=step.at
    )


def _grant_goodwill(walk: Walk, viewer: Viewer, job: JobPlan, step: Step) -> None:
    asked = warranty.requests(viewer, tickets.one(viewer, walk.key(job)))[0]
    warranty_requests.answer_request(
        viewer=viewer,
        public_id=asked.public_id,
        granted=True,
        answer=step.text,
        expected_version=asked.version,
        now=step.at,
    )


_DEEDS: dict[Verb, Callable[[Walk, Viewer, JobPlan, Step], None]] = {
    Verb.REPORT: _report,
    Verb.CONTACT: _contact,
    Verb.APPOINT: _appoint,
    Verb.DISPATCH: _dispatch,
    Verb.DECLINE: _with_reason(dispatch.refuse),
    Verb.ACCEPT: _plain(dispatch.accept),
    Verb.HAND_BACK: _with_reason(dispatch.hand_back),
    Verb.SET_OUT: _plain(field_work.set_out),
    Verb.ARRIVE: _arrive,
    Verb.START: _plain(field_work.start_work),
    Verb.LEAVE: _leave,
    Verb.WAIT_PART: _with_reason(field_work.wait_for_part),
    Verb.WAIT_CUSTOMER: _with_reason(field_work.wait_for_customer),
    Verb.COMPLETE: _complete,
    Verb.CORRECT: _on_slip(correct_slip),
    Verb.SIGN: _sign,
    Verb.REFUSE: _refuse_to_sign,
    Verb.VOID: _on_slip(void_slip),
    Verb.SOLVE_BY_PHONE: _solve_by_phone,
    Verb.FOLLOW_UP: _follow_up,
    Verb.CLOSE: _plain(finish_ticket.close_ticket),
    Verb.REOPEN: _with_reason(finish_ticket.reopen_as_rework),
    Verb.MERGE: _merge,
    Verb.CANCEL: _with_reason(finish_ticket.cancel_ticket),
    Verb.NOTE: _note,
    Verb.CALL: _call,
    Verb.PHOTO: _photo,
    Verb.PROPOSE_GOODWILL: _propose_goodwill,
    Verb.GRANT_GOODWILL: _grant_goodwill,
}


def day_of(step: Step) -> str:
    """Name the month of a step for progress lines."""
    return f"{local(step.at):%Y-%m}"


def moments(plan: Plan) -> tuple[datetime, datetime]:
    """Name the first and the last moment of a plan."""
    return min(job.reported_at for job in plan.jobs), max(step.at for job in plan.jobs for step in job.steps)
