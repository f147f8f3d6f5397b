"""The shapes of the planned sample work: machines, jobs and the steps of each job, with their moments."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from equipment.enums import PartSource, Responsibility
from tickets.enums import (
    Channel,
    FollowUpResult,
    Rating,
    SignatureKind,
    Source,
    TicketState,
    Treatment,
    Urgency,
    WarrantyTick,
)


class Verb(StrEnum):
    """What people do to a ticket, in the words of the trade; seed_demo calls the operation of the same meaning."""

    REPORT = "report"
    CONTACT = "contact"
    APPOINT = "appoint"
    DISPATCH = "dispatch"
    DECLINE = "decline"  # 退回派工 by the technician
    ACCEPT = "accept"
    HAND_BACK = "hand_back"
    SET_OUT = "set_out"
    ARRIVE = "arrive"
    START = "start"
    LEAVE = "leave"
    WAIT_PART = "wait_part"
    WAIT_CUSTOMER = "wait_customer"
    COMPLETE = "complete"
    CORRECT = "correct"
    SIGN = "sign"
    REFUSE = "refuse"
    VOID = "void"
    SOLVE_BY_PHONE = "solve_by_phone"
    FOLLOW_UP = "follow_up"
    CLOSE = "close"
    REOPEN = "reopen"
    MERGE = "merge"
    CANCEL = "cancel"
    NOTE = "note"
    CALL = "call"
    PHOTO = "photo"
    PROPOSE_GOODWILL = "propose_goodwill"  # 照顾性保修 by the office
    GRANT_GOODWILL = "grant_goodwill"  # and by HQ


@dataclass(frozen=True)
class MachinePlan:
    """A machine at a customer's; number and dates may be missing, as in life."""

    key: str
    dealer: str
    customer: str
    maker: str
    model: str
    serial_number: str
    ex_factory_on: date | None
    batch: str
    shipped_on: date | None
    purchased_on: date | None
    accepted_on: date | None
    location: str
    conditions: tuple[str, ...]
    conditions_note: str = ""
    running_hours: int | None = None


@dataclass(frozen=True)
class PartUse:
    """A part fitted on a job. supply_number: what is printed on the part or its box, for key parts bought by the dealer."""

    code: str
    quantity: int
    source: PartSource
    supply_number: str = ""
    return_old: bool = False


@dataclass(frozen=True)
class SlipPlan:
    """What stands on a slip beyond what the ticket knows. hours: 服务工时; standard_hours: 定额工时; fees in yuan."""

    fault: str
    reported: str
    diagnosis: str
    cause: str
    responsibility: Responsibility
    in_warranty: WarrantyTick
    solution: str
    treatment: Treatment
    symptom: str
    fault_part: str
    conditions: tuple[str, ...]
    conditions_note: str
    parts: tuple[PartUse, ...]
    standard_hours: Decimal
    parts_fee: Decimal
    labour_fee: Decimal
    other_service: str = ""
    rating: Rating | None = None
    opinion: str = ""
    confirmation: SignatureKind = SignatureKind.DRAWN
    signer: str = ""
    is_remote: bool = False
    number: str = ""  # fixed by the fixture of domain.md 15.2, else ""


@dataclass(frozen=True)
class Step:
    """One deed at one moment.

    by: key of the person. text: note, reason, photo slot or key of the job to merge into, as the verb needs.
    people: keys of lead and companions of a dispatch. when: the agreed time of an appointment. slip: which of the job's
    slips. km, one way, and nights: of the trip that a LEAVE ends.
    """

    at: datetime
    verb: Verb
    by: str
    text: str = ""
    people: tuple[str, ...] = ()
    when: datetime | None = None
    slip: int = 0
    km: Decimal | None = None
    nights: int = 0
    channel: Channel = Channel.PHONE
    internal: bool = False
    result: FollowUpResult | None = None


@dataclass(frozen=True)
class JobPlan:
    """One ticket of the sample data with all its steps in order of time. ends: the state in which the plan leaves it."""

    key: str
    dealer: str
    maker: str
    customer: str
    machines: tuple[str, ...]
    source: Source
    urgency: Urgency
    reporter: str
    reporter_phone: str
    fault: str
    steps: tuple[Step, ...]
    slips: tuple[SlipPlan, ...]
    ends: TicketState
    case: str = ""  # which planted case of domain.md 21.2 it is

    @property
    def reported_at(self) -> datetime:
        """The moment the customer told: the first step."""
        return self.steps[0].at


@dataclass(frozen=True)
class Plan:
    """All sample work before a moment."""

    now: datetime
    machines: tuple[MachinePlan, ...]
    jobs: tuple[JobPlan, ...]
