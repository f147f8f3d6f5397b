"""Everything that is typed on a service slip, as the operations take it (表7-27; domain.md 8.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tickets.enums import WarrantyTick


@dataclass(frozen=True)
class MachineInput:
    """What the technician reads from the nameplate. id: of the machine on the ticket."""

    id: int
    serial_number: str = ""
    ex_factory_on: date | None = None
    unknown_reason: str = ""


@dataclass(frozen=True)
class FaultInput:
    """One fault line. machines: ids of machines on the ticket."""

    reported: str = ""
    symptom: str = ""
    fault_part: str = ""
    diagnosis: str = ""
    cause: str = ""
    responsibility: str = ""
    solution: str = ""
    treatment: str = ""
    standard_hours: Decimal | None = None
    machines: tuple[int, ...] = ()


@dataclass(frozen=True)
class PartInput:
    """One part line. supply_photo: public id of a photo on the ticket."""

    code: str
    name: str
    unit: str = "件"
    quantity: Decimal = Decimal(1)
    source: str = ""
    new_serial: str = ""
    old_serial: str = ""
    unit_price: Decimal | None = None
    return_old: bool = False
    causal: bool = True
    supply_number: str = ""
    supply_photo: str = ""


@dataclass(frozen=True)
class SlipInput:
    """Everything that is typed on a draft; money in yuan, times aware."""

    contact: str
    phone: str
    address: str
    in_warranty: str = WarrantyTick.OPEN
    warranty_reason: str = ""
    conditions: tuple[str, ...] = ()
    conditions_note: str = ""
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    times_reason: str = ""
    people: int | None = None
    hours: Decimal | None = None
    other_service: str = ""
    parts_fee: Decimal = Decimal(0)
    labour_fee: Decimal = Decimal(0)
    km: Decimal | None = None
    nights: int = 0
    rating: str = ""
    opinion: str = ""
    machines: Sequence[MachineInput] = ()
    faults: Sequence[FaultInput] = ()
    parts: Sequence[PartInput] = ()
