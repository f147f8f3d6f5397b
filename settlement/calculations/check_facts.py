"""What the automatic checks of a claim look at: its facts, the manufacturer's tables, and its settings (domain.md 9.3). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from core.calendars import local_date
from core.money import ZERO
from equipment.enums import PartSource, WarrantyTime
from settlement.enums import AuthorisationKind, CheckCode, CheckOutcome
from tickets.enums import WarrantyOutcome

# ── a claim ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Reading:
    """An hour meter, and the day it was read."""

    hours: Decimal
    read_on: date


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A machine as the manufacturer's register has it. sold: it was shipped to a customer or dealer."""

    model: str
    sold: bool = True
    ex_factory_on: date | None = None


@dataclass(frozen=True, slots=True)
class EarlierJob:
    """An earlier claim or repair, by its number. finished_on: the Chinese day it was finished. elsewhere: it is another dealer's."""

    number: str
    finished_on: date
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class MachineFacts:
    """One machine on one fault line of the slip; a machine on two lines comes twice.

    label: model and number, for sentences. line, line_name: code and name of the product line, "" = not known. warranty, time, period_end: of the judgement.
    meter, earlier_meter: this reading and the last one before. register: None = its number is not in the register.
    claimed: earlier claims for the same number and fault. repeats: the last repair of the same fault, claimed or not.
    """

    label: str
    serial_number: str
    model: str
    line: str = ""
    line_name: str = ""
    ex_factory_on: date | None = None
    warranty: WarrantyOutcome = WarrantyOutcome.IN
    time: WarrantyTime = WarrantyTime.IN
    period_end: date | None = None
    policy_known: bool = True
    meter: Reading | None = None
    earlier_meter: Reading | None = None
    register: RegisterRow | None = None
    claimed: tuple[EarlierJob, ...] = ()
    repeats: EarlierJob | None = None


@dataclass(frozen=True, slots=True)
class OperationFacts:
    """Work that is claimed, by its code. fault: code of the diagnosis, "" = none was chosen; model: of the machine it was done on."""

    code: str
    fault: str
    model: str


@dataclass(frozen=True, slots=True)
class PartFacts:
    """A part that was fitted. quantity: of all machines together; machines: how many of this model got it, at least 1.

    causal: the part that failed (主损). supplier: as claimed, "" = not said. own_end: last day of the part's own period;
    days_over: by how many days the report came after it.
    """

    code: str
    quantity: Decimal
    source: PartSource
    model: str
    machines: int = 1
    causal: bool = True
    supplier: str = ""
    own_end: date | None = None
    days_over: int = 0


@dataclass(frozen=True, slots=True)
class Authorisation:
    """A pre-authorisation that the claim names. valid_until: the last day, None = without end."""

    kind: AuthorisationKind
    number: str
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class FreeService:
    """A free service that the claim asks for. had: how often this machine has had it before."""

    code: str
    name: str
    machine: str
    had: int


@dataclass(frozen=True, slots=True)
class DealerFacts:
    """The dealer on the day of submission.

    lines: codes of the product lines it is authorised for, None = every one. unreturned_since: the day from which the oldest old part of
    a settled claim was to go back and has not. trusted: the manufacturer relies on its claims.
    """

    active: bool = True
    lines: frozenset[str] | None = None
    unreturned_since: date | None = None
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class Outing:
    """The way that the claim asks for. km, usual_km: one way, usual_km None = nobody knows it; trips: those with travel claimed."""

    km: Decimal = ZERO
    usual_km: Decimal | None = None
    trips: int = 1
    people: int = 1
    nights: int = 0


@dataclass(frozen=True, slots=True)
class Stay:
    """A technician on site, [arrived, left). technician: his id; slip: number of the slip."""

    technician: str
    name: str
    slip: str
    arrived: datetime
    left: datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """What backs the claim (domain.md 4.5, 5.5).

    wanted, present, unreadable: photo slots. signed: the customer confirmed, or his refusal is on record. checked_in: also true of
    a job without a trip. position_m: metres between check-in and site, None = not known. typed_in: arrival or departure was
    entered afterwards (补录). times_changed: the slip says other times than the check-in. same_photos: other slips with one of its photos;
    foreign_photos: those of other dealers.
    """

    wanted: frozenset[str] = frozenset()
    present: frozenset[str] = frozenset()
    unreadable: frozenset[str] = frozenset()
    signed: bool = True
    checked_in: bool = True
    position_m: int | None = None
    typed_in: bool = False
    times_changed: bool = False
    same_photos: tuple[str, ...] = ()
    foreign_photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Campaign:
    """The campaign (送服务活动) that a claim belongs to."""

    name: str
    released: bool
    evaluated: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """A claim with all that the checks ask for. A room that knows more (certificates, audit flags) adds a field with a default.

    submitted_at: the first time; a claim that comes back after a return is not late by that. amount: in yuan.
    same_slip: numbers of other claims for this slip that still stand. repeat_declared: the dealer declared a repeat repair.
    stays: of this slip; other_stays: of the same technicians around that time. courier: old parts went by courier.
    """

    finished_at: datetime
    submitted_at: datetime
    amount: Decimal
    machines: tuple[MachineFacts, ...]
    operations: tuple[OperationFacts, ...] = ()
    parts: tuple[PartFacts, ...] = ()
    authorisations: tuple[Authorisation, ...] = ()
    free_services: tuple[FreeService, ...] = ()
    same_slip: tuple[str, ...] = ()
    repeat_declared: bool = False
    dealer: DealerFacts = field(default_factory=DealerFacts)
    outing: Outing = field(default_factory=Outing)
    evidence: Evidence = field(default_factory=Evidence)
    stays: tuple[Stay, ...] = ()
    other_stays: tuple[Stay, ...] = ()
    campaign: Campaign | None = None
    courier: bool = False

    @property
    def finished_on(self) -> date:
        """The Chinese day of completion."""
        return local_date(self.finished_at)

    @property
    def submitted_on(self) -> date:
        """The Chinese day of submission."""
        return local_date(self.submitted_at)


def codes_of(facts: Facts) -> list[str]:
    """The codes of its labour and parts, by which the manufacturer's tables are looked up."""
    return [*(row.code for row in facts.operations), *(part.code for part in facts.parts)]


# ── what it is held against ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Reference:
    """The manufacturer's tables. A code that a table does not know is not judged by it (尚无数据), so a table may grow row by row.

    operation_faults, operation_models: what an operation fits. part_models: models that a part fits, with the most that one machine takes.
    suppliers: of a part. free_services: how often each is given. register: there is a register of machines.
    """

    operation_faults: Mapping[str, frozenset[str]] = field(default_factory=dict)
    operation_models: Mapping[str, frozenset[str]] = field(default_factory=dict)
    part_models: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    suppliers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    free_services: Mapping[str, int] = field(default_factory=dict)
    register: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """A manufacturer's choices; the defaults are domain.md 9.1 and 9.3, and our own where it has none (those say so).

    on: the checks that run. A limit itself is still allowed, everything beyond it is found. authorise_above: None = no amount wants one.
    trusted: public ids of the partnerships on whose claims the manufacturer relies (A01).
    """

    on: frozenset[str] = frozenset(CheckCode.values)
    unauthorised: CheckOutcome = (
        CheckOutcome.RETURN
    )  # R02, 拒绝/退回: the dealer may name the number, or leave the item out
    without_policy: CheckOutcome = CheckOutcome.MANUAL  # B09, 退回/转人工: no dealer can write a policy (domain.md 4.3)
    submit_days: int = 30
    warn_days: int = 20
    long_km: Decimal = Decimal(300)
    authorise_above: Decimal | None = None
    meter_hours_a_day: Decimal = Decimal(24)  # our own: a meter cannot run faster than the clock
    duplicate_days: int = 30  # our own, after the audit flag "same SN >1 in 30 days" (domain.md 13)
    repeat_days: int = 90  # domain.md 4.6, W9
    old_part_months: int = 3
    amount: Decimal = Decimal("2000.00")
    km_over: Decimal = Decimal("0.05")
    people: int = 2
    position_m: int = 500  # domain.md 5.5
    low_amount: Decimal = Decimal("500.00")  # our own, after the consent of one workshop (S6, M02)
    trusted: frozenset[str] = frozenset()
