"""What a service slip still lacks (domain.md 8.1; 表7-27): pure, codes out, `tickets.explain` words them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date, datetime, timedelta
from decimal import Decimal

from core.calendars import local_date

PHONE = re.compile(r"^(1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,6})?|[48]00-?\d{3}-?\d{4})$")

#: answers about a machine that say nothing about its state
EMPTY_WORDS = {"坏了", "不转", "不行", "故障", "有问题", "坏", "不好用"}


@dataclass(frozen=True)
class MachineFacts:
    """A machine on the ticket. covered: some fault line covers it."""

    label: str
    serial_number: str
    ex_factory_on: date | None
    unknown_reason: str
    covered: bool = True


@dataclass(frozen=True)
class FaultFacts:
    """One fault line as typed."""

    reported: str
    diagnosis: str
    cause: str
    responsibility: str
    solution: str
    treatment: str
    machines: int


@dataclass(frozen=True)
class PartFacts:
    """One part line as typed. key_part: the manufacturer wants proof when the dealer bought it."""

    code: str
    name: str
    quantity: Decimal | None
    source: str
    key_part: bool = False
    supply_number: str = ""
    has_supply_photo: bool = False


@dataclass(frozen=True)
class SlipFacts:
    """A slip as it stands, and what it stands on. longest_stay: of one trip, when there were several.

    late_unexplained: the arrival was late and nobody has said why.
    in_warranty, computed_tick: the technician's tick and the computed one. without_line: it was signed where nobody could tell him
    the computed one.
    """

    customer_name: str
    address: str
    contact: str
    phone: str
    reported_at: datetime
    arrived_at: datetime | None
    left_at: datetime | None
    people: int | None
    hours: Decimal | None
    now: datetime
    machines: Sequence[MachineFacts] = ()
    faults: Sequence[FaultFacts] = ()
    parts: Sequence[PartFacts] = ()
    photo_slots: frozenset[str] = frozenset()
    is_remote: bool = False
    from_paper: bool = False
    longest_stay: timedelta | None = None
    long_stay_confirmed: bool = False
    in_warranty: str = "open"
    computed_tick: str = "open"
    warranty_reason: str = ""
    without_line: bool = False
    late_unexplained: bool = False


@dataclass(frozen=True)
class Problem:
    """One thing to do. field: of the form ("faults-0-diagnosis"); code: for the sentence; params: its values."""

    field: str
    code: str
    params: dict[str, str] = dataclass_field(default_factory=dict)


#: characters that a text of the slip has at least (domain.md 8.1); three are a whole sentence in a solution: 换口环, 调相序 (domain.md 15.2)
LEAST = {
    "customer_name": 2,
    "warranty_reason": 2,
    "address": 5,
    "contact": 2,
    "reported": 4,
    "diagnosis": 4,
    "cause": 2,
    "solution": 3,
}


def problems(slip: SlipFacts) -> list[Problem]:
    """Everything that stands in the way of completing the slip, in the order of the form; empty = complete."""
    found: list[Problem] = []
    _customer(slip, found)
    _machines(slip, found)
    if not slip.is_remote:
        _times(slip, found)
    _tick(slip, found)
    _faults(slip, found)
    _parts(slip, found)
    if not slip.is_remote:
        treatments = [line.treatment for line in slip.faults]
        found += [
            Problem("photos", "photo_missing", {"slot": slot})
            for slot in wanted_photos(treatments, from_paper=slip.from_paper)
            if slot not in slip.photo_slots
        ]
    return found


def wanted_photos(treatments: Iterable[str], *, from_paper: bool = False, on_paper: bool = False) -> list[str]:
    """Slots that must have a photo: 铭牌 and 故障 always, 更换后 when a part or unit was replaced.

    from_paper: of a slip that was written by hand (补录) the photo of its paper alone: what was not photographed on site cannot be
    any more. on_paper: it was signed with a pen, so that the photo of the paper is wanted, too.
    """
    if from_paper:
        return ["paper"]
    wanted = ["nameplate", "fault"]
    if not {"replace_part", "replace_assembly", "replace_machine"}.isdisjoint(treatments):
        wanted.append("after")
    return [*wanted, "paper"] if on_paper else wanted


def _customer(slip: SlipFacts, found: list[Problem]) -> None:
    for name, value in (("customer_name", slip.customer_name), ("address", slip.address), ("contact", slip.contact)):
        if len(value.strip()) < LEAST[name]:
            found.append(Problem(name, f"{name}_short"))
    if not PHONE.match(slip.phone.replace(" ", "")):
        found.append(Problem("phone", "phone_wrong"))


def _machines(slip: SlipFacts, found: list[Problem]) -> None:
    for index, machine in enumerate(slip.machines):
        if not (machine.serial_number and machine.ex_factory_on) and len(machine.unknown_reason.strip()) < 2:
            found.append(
                Problem(f"machines-{index}-unknown_reason", "unknown_reason_missing", {"machine": machine.label})
            )
        if machine.ex_factory_on and not date(2000, 1, 1) <= machine.ex_factory_on <= local_date(slip.now):
            found.append(Problem(f"machines-{index}-ex_factory_on", "ex_factory_wrong"))
        if not machine.covered:
            found.append(Problem("faults", "machine_not_covered", {"machine": machine.label}))


def _times(slip: SlipFacts, found: list[Problem]) -> None:
    # not of a slip that was signed without a line: it is asked for afterwards, and a signature is worth more than a reason
    if slip.late_unexplained and not slip.without_line:
        found.append(Problem("late", "late_unexplained"))
    if slip.arrived_at is None:
        found.append(Problem("arrived_at", "arrived_missing"))
    elif slip.arrived_at < slip.reported_at:
        found.append(Problem("arrived_at", "arrival_before_report"))
    if slip.left_at is None:
        found.append(Problem("left_at", "left_missing"))
    elif slip.left_at > slip.now + timedelta(minutes=1):
        found.append(Problem("left_at", "in_future"))
    elif slip.arrived_at is not None and slip.left_at <= slip.arrived_at:
        found.append(Problem("left_at", "leaving_before_arrival"))
    elif (
        slip.arrived_at is not None
        and (slip.longest_stay or slip.left_at - slip.arrived_at) > timedelta(hours=24)
        and not slip.long_stay_confirmed
    ):
        found.append(Problem("left_at", "long_stay"))
    if slip.people is None or not 1 <= slip.people <= 10:
        found.append(Problem("people", "people_wrong"))
    if slip.hours is None or not Decimal("0.5") <= slip.hours <= 200 or slip.hours % Decimal("0.5"):
        found.append(Problem("hours", "hours_wrong"))


def _tick(slip: SlipFacts, found: list[Problem]) -> None:
    """A tick against the computed result wants its reason; 待定 contradicts nothing."""
    contradicts = {slip.in_warranty, slip.computed_tick} == {"yes", "no"}
    if contradicts and not slip.without_line and len(slip.warranty_reason.strip()) < LEAST["warranty_reason"]:
        found.append(Problem("warranty_reason", "warranty_reason_missing"))


def _faults(slip: SlipFacts, found: list[Problem]) -> None:
    if not slip.faults:
        found.append(Problem("faults", "fault_line_missing"))
    for index, line in enumerate(slip.faults):
        here = f"faults-{index}-"
        if not LEAST["reported"] <= len(line.reported.strip()) <= 200:
            found.append(Problem(here + "reported", "reported_short"))
        if not LEAST["diagnosis"] <= len(line.diagnosis.strip()) <= 300 or line.diagnosis.strip() in EMPTY_WORDS:
            found.append(Problem(here + "diagnosis", "diagnosis_poor"))
        if not line.responsibility:
            found.append(Problem(here + "responsibility", "responsibility_missing"))
        if len(line.cause.strip()) < LEAST["cause"]:
            found.append(Problem(here + "cause", "cause_missing"))
        if not LEAST["solution"] <= len(line.solution.strip()) <= 500:
            found.append(Problem(here + "solution", "solution_short"))
        if not line.treatment:
            found.append(Problem(here + "treatment", "treatment_missing"))
        if not line.machines:
            found.append(Problem(here + "machines", "line_without_machine"))


def _parts(slip: SlipFacts, found: list[Problem]) -> None:
    for index, line in enumerate(slip.parts):
        here = f"parts-{index}-"
        if not line.code.strip() or not line.name.strip():
            found.append(Problem(here + "code", "part_unnamed"))
        if line.quantity is None or line.quantity <= 0:
            found.append(Problem(here + "quantity", "quantity_wrong"))
        if not line.source:
            found.append(Problem(here + "source", "part_source_missing"))
        bought = line.source in ("bought_genuine", "bought_urgent")
        if line.key_part and bought and not (line.supply_number.strip() and line.has_supply_photo):
            found.append(Problem(here + "supply_number", "part_proof_missing", {"part": line.name}))
