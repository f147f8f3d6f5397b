"""A job driven through its life by the real operations, for every test that needs a ticket in some state.

    job = Job(people).to("wait_sign")          # a ticket of people.dispatcher, with people.technician as lead
    job.sign()
    job.ticket.state, job.slip.number           # rows as they stand in the database now

Each verb takes `by=` (a viewer; else whose verb it is), `now=` (a moment; else ten minutes after the last one), and what the
operation takes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from PIL import Image, ImageDraw

from core.calendars import local_date
from core.models import public_id as random_name
from core.tenancy import Viewer
from equipment.enums import Responsibility
from equipment.models import Customer, Machine
from tests import factories
from tests.people import People, act
from tickets.calculations.slip_input import FaultInput, MachineInput, PartInput, SlipInput
from tickets.enums import PhotoSlot, Rating, TicketState, Treatment, WarrantyTick
from tickets.explain import slip_problems
from tickets.models import ClockPause, Entry, Photo, Slip, Ticket, TicketMachine
from tickets.operations import (
    complete_slip,
    dispatch,
    enter_paper_slip,
    explain_late,
    field_work,
    finish_remote,
    finish_ticket,
    hand_in_signed,
    hold_clocks,
    photos,
    report_fault,
    save_slip,
    share_ticket,
    sign_slip,
    talk,
    void_slip,
)
from tickets.operations.enter_paper_slip import WrittenByHand
from tickets.operations.finish_remote import PhoneResult
from tickets.operations.photos import Shot
from tickets.operations.report_fault import Report
from tickets.operations.sign_slip import Answer

T0 = factories.NOW
STEP = timedelta(minutes=10)

#: a signature as a hand draws it: strokes of [x, y, t]
STROKES = [[[10, 40, 0], [60, 10, 40], [90, 70, 80], [140, 30, 120]], [[40, 80, 300], [150, 85, 360]]]

S = TicketState
#: the verbs that lead to a state, from a report by phone
WAY: dict[str, tuple[str, ...]] = {
    S.NEW: (),
    S.CONTACTED: (),
    S.APPOINTED: ("appoint",),
    S.DISPATCHED: ("dispatch",),
    S.ACCEPTED: ("dispatch", "accept"),
    S.EN_ROUTE: ("dispatch", "accept", "set_out"),
    S.ARRIVED: ("dispatch", "accept", "set_out", "arrive"),
    S.IN_WORK: ("dispatch", "accept", "set_out", "arrive", "start_work"),
}
WAY[S.WAIT_PART] = (*WAY[S.IN_WORK], "leave", "wait_part")
WAY[S.WAIT_CUST] = (*WAY[S.IN_WORK], "leave", "wait_customer")
WAY[S.WAIT_SIGN] = (*WAY[S.IN_WORK], "photograph", "leave", "complete")
WAY[S.DONE] = (*WAY[S.WAIT_SIGN], "sign")
WAY[S.REMOTE_DONE] = ("finish_remote",)
WAY[S.FOLLOWED_UP] = (*WAY[S.DONE], "follow_up")
WAY[S.CLOSED] = (*WAY[S.FOLLOWED_UP], "close")
WAY[S.MERGED] = ("merge",)
WAY[S.CANCELLED] = ("cancel",)


@cache
def picture(text: str = "photo") -> bytes:
    """A small JPEG as a camera makes it; another text, another picture."""
    image = Image.new("RGB", (320, 240), (90, 110, 130))
    ImageDraw.Draw(image).text((20, 100), text, fill=(255, 255, 255))
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


class Job:
    """One ticket of dealer CS01 (or of whom `desk` works for) and the people on it; `clock` is the last moment.

    reported: from the source that is named; companions: viewers who go along.
    """

    def __init__(
        self,
        people: People,
        *,
        desk: Viewer | None = None,
        lead: Viewer | None = None,
        companions: Sequence[Viewer] = (),
        customer: Customer | None = None,
        machines: Sequence[Machine] | None = None,
        at: datetime = T0,
        now: datetime | None = None,
        **report: Any,
    ) -> None:
        self.people = people
        self.desk, self.lead, self.companions = desk or people.dispatcher, lead or people.technician, companions
        dealer = people.cs01 if self.desk.org == people.cs01.pk else people.hf01
        maker = people.sf if dealer is people.cs01 else people.hc
        self.customer = customer or factories.customer(dealer)
        self.machines = machines or [factories.machine(self.customer, maker, ex_factory_on=date(2026, 3, 6))]
        self.clock = now or at
        facts = {"fault": "前端有咯咯声,烫手", "reported_at": at, **report}
        made = act(
            report_fault.report_fault,
            viewer=self.desk,
            customer=self.customer,
            machines=self.machines,
            report=Report(**facts),
            now=self.clock,
        )
        self.key: str = made.public_id

    # ── what is ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def ticket(self) -> Ticket:
        """The ticket as it stands now."""
        found: Ticket = factories.rows(Ticket, public_id=self.key)[0]
        return found

    @property
    def state(self) -> str:
        """The ticket's state now."""
        return self.ticket.state

    @property
    def slips(self) -> list[Slip]:
        """All slips of the ticket, the oldest first."""
        return factories.rows(Slip, ticket__public_id=self.key)

    @property
    def slip(self) -> Slip:
        """The latest slip."""
        return self.slips[-1]

    @property
    def on_ticket(self) -> list[TicketMachine]:
        """The machines on the ticket."""
        return factories.rows(TicketMachine, ticket__public_id=self.key)

    @property
    def log(self) -> list[Entry]:
        """The timeline, the oldest line first."""
        return factories.rows(Entry, ticket__public_id=self.key)

    @property
    def last(self) -> Entry:
        """The newest line of the timeline."""
        return self.log[-1]

    def tick(self, now: datetime | None = None) -> datetime:
        """The moment of the next deed."""
        self.clock = now or self.clock + STEP
        return self.clock

    # ── walking ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def to(self, state: str) -> Job:
        """Walk from the report to a state; NEW needs a report by WeChat. Who arrives late says why at once."""
        for verb in WAY[state]:
            getattr(self, verb)()
            if verb == "arrive" and self.ticket.late_unexplained:
                self.explain_late()
        assert self.state == state, (self.state, state)
        return self

    def do(self, operation: Any, who: Viewer, now: datetime | None = None, **arguments: Any) -> Any:
        """An operation on the ticket, as `who`, with the version that is."""
        arguments.setdefault("expected_version", self.ticket.version)
        return act(operation, viewer=who, public_id=self.key, now=self.tick(now), **arguments)

    def do_slip(self, operation: Any, who: Viewer, now: datetime | None = None, **arguments: Any) -> Any:
        """An operation on the latest slip, as `who`, with the version that is."""
        slip = self.slip
        arguments = {"public_id": slip.public_id, "expected_version": slip.version, **arguments}
        return act(operation, viewer=who, now=self.tick(now), **arguments)

    # ── the desk ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def contact(self, by: Viewer | None = None, now: datetime | None = None, **more: Any) -> Any:
        return self.do(
            dispatch.contact_customer, by or self.desk, now, **{"channel": "phone", "note": "已通话", **more}
        )

    def appoint(self, by: Viewer | None = None, now: datetime | None = None, **more: Any) -> Any:
        more = {"appointment_at": self.clock + timedelta(days=1), "agreed_with": "张工", "note": "", **more}
        return self.do(dispatch.make_appointment, by or self.desk, now, **more)

    def hold(self, by: Viewer | None = None, now: datetime | None = None, **more: Any) -> Any:
        return self.do(hold_clocks.hold, by or self.desk, now, **{"reason": "customer_later", **more})

    def go_on(self, by: Viewer | None = None, now: datetime | None = None, **more: Any) -> Any:
        return self.do(hold_clocks.go_on, by or self.desk, now, **more)

    def reverse_pause(self, by: Viewer | None = None, now: datetime | None = None, **more: Any) -> Any:
        """The office takes the last pause back."""
        pause = factories.rows(ClockPause, ticket__public_id=self.key)[-1]
        more = {"pause": str(pause.pk), "reason": "未联系客户", **more}
        return self.do(hold_clocks.reverse_pause, by or self.people.office, now, **more)

    def explain_late(self, by: Viewer | None = None, now: datetime | None = None, **more: Any) -> Any:
        return self.do(explain_late.explain_late, by or self.lead, now, **{"reason": "traffic", "note": "", **more})

    def dispatch(
        self,
        lead: Viewer | None = None,
        companions: Sequence[Viewer] | None = None,
        by: Viewer | None = None,
        now: datetime | None = None,
        **more: Any,
    ) -> Any:
        self.lead, self.companions = lead or self.lead, self.companions if companions is None else companions
        more = {"lead": self.key_of(self.lead), "companions": [self.key_of(c) for c in self.companions], **more}
        return self.do(dispatch.dispatch, by or self.desk, now, **more)

    def key_of(self, viewer: Viewer) -> str:
        """The public id of a person."""
        from partners.models import Person

        found: str = factories.rows(Person, id=viewer.person_id)[0].public_id
        return found

    def merge(self, into: Job | None = None, by: Viewer | None = None, now: datetime | None = None, **more: Any) -> Any:
        if into is None and "target" not in more:
            into = Job(self.people, desk=self.desk, customer=self.customer, machines=self.machines, at=self.clock)
        more = {"target": into.key if into else "", "reason": "同一故障", **more}
        return self.do(finish_ticket.merge_into, by or self.desk, now, **more)

    def cancel(self, by: Viewer | None = None, now: datetime | None = None, **more: Any) -> Any:
        return self.do(finish_ticket.cancel_ticket, by or self.desk, now, **{"reason": "客户撤销", **more})

    def follow_up(self, by: Viewer | None = None, now: datetime | None = None, **more: Any) -> Any:
        return self.do(finish_ticket.follow_up, by or self.desk, now, **{"result": "satisfied", "note": "", **more})

    def close(self, by: Viewer | None = None, now: datetime | None = None, **more: Any) -> Any:
        return self.do(finish_ticket.close_ticket, by or self.desk, now, **more)

    def reopen(self, by: Viewer | None = None, now: datetime | None = None, **more: Any) -> Any:
        return self.do(finish_ticket.reopen_as_rework, by or self.desk, now, **{"reason": "又响了", **more})

    def share(self, by: Viewer | None = None, now: datetime | None = None, **more: Any) -> Any:
        return self.do(share_ticket.share_ticket, by or self.desk, now, **more)

    # ── the technician ───────────────────────────────────────────────────────────────────────────────────────────────────────────

    def accept(self, by: Viewer | None = None, now: datetime | None = None, **more: Any) -> Any:
        return self.do(dispatch.accept, by or self.lead, now, **more)

    def refuse(self, by: Viewer | None = None, now: datetime | None = None, **more: Any) -> Any:
        return self.do(dispatch.refuse, by or self.lead, now, **{"reason": "在另一现场", **more})

    def hand_back(self, by: Viewer | None = None, now: datetime | None = None, **more: Any) -> Any:
        return self.do(dispatch.hand_back, by or self.lead, now, **{"reason": "车坏了", **more})

    def set_out(self, by: Viewer | None = None, now: datetime | None = None, **more: Any) -> Any:
        return self.do(field_work.set_out, by or self.lead, now, **more)

    def arrive(self, by: Viewer | None = None, now: datetime | None = None, **more: Any) -> Any:
        return self.do(field_work.arrive, by or self.lead, now, **more)

    def start_work(self, by: Viewer | None = None, now: datetime | None = None, **more: Any) -> Any:
        return self.do(field_work.start_work, by or self.lead, now, **more)

    def leave(self, by: Viewer | None = None, now: datetime | None = None, **more: Any) -> Any:
        return self.do(field_work.leave, by or self.lead, now, **{"km": Decimal("27.5"), **more})

    def wait_part(self, by: Viewer | None = None, now: datetime | None = None, **more: Any) -> Any:
        return self.do(field_work.wait_for_part, by or self.lead, now, **{"reason": "轴承 6309", **more})

    def wait_customer(self, by: Viewer | None = None, now: datetime | None = None, **more: Any) -> Any:
        return self.do(field_work.wait_for_customer, by or self.lead, now, **{"reason": "等停机", **more})

    def resume(self, by: Viewer | None = None, now: datetime | None = None, **more: Any) -> Any:
        return self.do(field_work.resume, by or self.lead, now, **more)

    def finish_remote(self, by: Viewer | None = None, now: datetime | None = None, **more: Any) -> Any:
        result = {
            "diagnosis": "热继整定 2.6A,额定 3.5A",
            "cause": "保护整定错误",
            "responsibility": Responsibility.OPERATION,
            "solution": "电话指导调整到 3.5A",
            **more,
        }
        return self.do(finish_remote.finish_remote, by or self.desk, now, result=PhoneResult(**result))

    # ── photos, notes ────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def photo(
        self, slot: str = PhotoSlot.OTHER, by: Viewer | None = None, now: datetime | None = None, **more: Any
    ) -> Photo:
        shot = Shot(**{"data": picture(slot), "op": random_name(), "slot": slot, "source": "camera", **more})
        made: Photo = act(photos.add_photo, viewer=by or self.lead, public_id=self.key, shot=shot, now=self.tick(now))
        return made

    def photograph(self, *slots: str, by: Viewer | None = None) -> None:
        """The photos that a slip wants: 铭牌, 故障, 更换后."""
        for slot in slots or (PhotoSlot.NAMEPLATE, PhotoSlot.FAULT, PhotoSlot.AFTER):
            self.photo(slot, by=by, now=self.clock)

    def note(self, text: str = "客户要求先打电话", *, internal: bool = False, by: Viewer | None = None) -> Entry:
        made: Entry = act(
            talk.add_note, viewer=by or self.desk, public_id=self.key, text=text, internal=internal, now=self.tick()
        )
        return made

    # ── the slip ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def open_slip(self, by: Viewer | None = None) -> Slip:
        made: Slip = act(save_slip.open_slip, viewer=by or self.lead, ticket_public_id=self.key, now=self.clock)
        return made

    def written(self, **changes: Any) -> SlipInput:
        """A slip that lacks nothing: one fault line over all machines, one part, all yes and no answered."""
        on_ticket = self.on_ticket
        facts: dict[str, Any] = {
            "contact": "张工",
            "phone": "13874651234",
            "address": "湖南省永州市冷水滩区工业园 1 号",
            "in_warranty": WarrantyTick.YES,
            "conditions": ("粉尘", "连续24h"),
            "hours": Decimal("3.0"),
            "people": 1,
            "km": Decimal("27.5"),
            "machines": [
                MachineInput(
                    machine.id, machine.serial_number or "2603B9999", machine.ex_factory_on or date(2026, 3, 6)
                )
                for machine in on_ticket
            ],
            "faults": [self.fault_input()],
            "parts": [PartInput(code="BRG-6309", name="深沟球轴承", quantity=Decimal(2), source="maker_free")],
            **changes,
        }
        return SlipInput(**facts)

    def fault_input(self, **changes: Any) -> FaultInput:
        """A complete fault line over all machines."""
        facts: dict[str, Any] = {
            "reported": "前端有咯咯声,烫手",
            "symptom": "异响",
            "fault_part": "轴承",
            "diagnosis": "前轴承 6309 内圈剥落,振速 7.2mm/s",
            "cause": "轴承外购件早期疲劳",
            "responsibility": Responsibility.MATERIAL,
            "solution": "更换前后轴承,加脂至腔体 1/2",
            "treatment": Treatment.REPLACE_PART,
            "standard_hours": Decimal("3.0"),
            "machines": tuple(machine.id for machine in self.on_ticket),
            **changes,
        }
        return FaultInput(**facts)

    def save(self, by: Viewer | None = None, now: datetime | None = None, **changes: Any) -> Slip:
        """Open the slip and save it as typed."""
        self.open_slip(by)
        made: Slip = self.do_slip(save_slip.save_slip, by or self.lead, now, written=self.written(**changes))
        return made

    def complete(self, by: Viewer | None = None, now: datetime | None = None, **changes: Any) -> Slip:
        """Open the slip, fill it and hand it over for the signature."""
        confirmed = changes.pop("long_stay_confirmed", False)
        self.open_slip(by)
        made: Slip = self.do_slip(
            complete_slip.complete_slip,
            by or self.lead,
            now,
            written=self.written(**changes),
            long_stay_confirmed=confirmed,
        )
        return made

    def correct(self, by: Viewer | None = None, now: datetime | None = None, **more: Any) -> Slip:
        made: Slip = self.do_slip(complete_slip.correct_slip, by or self.lead, now, **{"reason": "地址写错", **more})
        return made

    def sign(self, by: Viewer | None = None, now: datetime | None = None, **changes: Any) -> Slip:
        return self._answer(sign_slip.sign_slip, by, now, {}, {"strokes": STROKES, **changes})

    def confirm_by_name(self, by: Viewer | None = None, now: datetime | None = None, **changes: Any) -> Slip:
        return self._answer(sign_slip.confirm_by_name, by, now, {}, {"signer": "张建国", **changes})

    def enter_paper(
        self,
        by: Viewer | None = None,
        now: datetime | None = None,
        arrived: datetime | None = None,
        left: datetime | None = None,
        **more: Any,
    ) -> Slip:
        """A slip that was written by hand comes in a day later; arrived, left: what the paper says, else one and three hours after now."""
        arrived = arrived or self.clock + timedelta(hours=1)
        paper = WrittenByHand(
            arrived,
            left or arrived + timedelta(hours=2),
            **{"paper_number": "", "lead": self.key_of(self.lead), **more},
        )
        made: Slip = self.do(
            enter_paper_slip.enter_paper_slip, by or self.desk, now or arrived + timedelta(days=1), paper=paper
        )
        return made

    def not_from_paper(self, by: Viewer | None = None, now: datetime | None = None) -> Slip:
        made: Slip = self.do_slip(enter_paper_slip.not_from_paper, by or self.desk, now)
        return made

    def sign_on_paper(
        self, by: Viewer | None = None, now: datetime | None = None, signed_on: date | None = None, **changes: Any
    ) -> Slip:
        """What the customer wrote on the paper; the day he left, if no other is given."""
        day = signed_on or local_date(self.slip.left_at)
        answer = {"technician_strokes": None, "signer": "张建国", **changes}
        return self._answer(sign_slip.sign_on_paper, by, now, {"signed_on": day}, answer)

    def hand_in(
        self,
        by: Viewer | None = None,
        now: datetime | None = None,
        written: SlipInput | None = None,
        op: str = "op-of-the-phone",
        at: datetime | None = None,
        version: int | None = None,
        **answer: Any,
    ) -> hand_in_signed.HandedIn:
        """A slip that was signed without a line arrives; version: the one the phone had, None = the latest."""
        said = {"rating": Rating.GOOD, "strokes": STROKES, "technician_strokes": STROKES, "op": op, "at": at, **answer}
        more = {} if version is None else {"expected_version": version}
        done: hand_in_signed.HandedIn = self.do_slip(
            hand_in_signed.hand_in_signed,
            by or self.lead,
            now,
            written=written,
            answer=Answer(**said),
            say=slip_problems.in_chinese,
            **more,
        )
        return done

    def refuse_signature(
        self, by: Viewer | None = None, now: datetime | None = None, reason: str = "客户不在现场", **changes: Any
    ) -> Slip:
        return self._answer(sign_slip.refuse_signature, by, now, {"reason": reason}, {"rating": "", **changes})

    def _answer(
        self, operation: Any, by: Viewer | None, now: datetime | None, more: dict[str, Any], answer: dict[str, Any]
    ) -> Slip:
        said = Answer(**{"rating": Rating.GOOD, "technician_strokes": STROKES, **answer})
        made: Slip = self.do_slip(operation, by or self.lead, now, answer=said, **more)
        return made

    def void(self, by: Viewer | None = None, now: datetime | None = None, **more: Any) -> Slip:
        made: Slip = self.do_slip(void_slip.void_slip, by or self.desk, now, **{"reason": "里程写错", **more})
        return made
