"""A clean claim for the tests of its automatic checks: of the handbook's A1 (domain.md 9.5), with every table filled."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from core.calendars import CHINA
from equipment.enums import PartSource
from settlement.calculations.check_facts import (
    Campaign,
    DealerFacts,
    EarlierJob,
    Evidence,
    Facts,
    FreeService,
    MachineFacts,
    OperationFacts,
    Outing,
    PartFacts,
    Reading,
    Reference,
    RegisterRow,
    Settings,
    Stay,
)
from settlement.calculations.checks import run
from settlement.enums import CheckOutcome

D = Decimal
CLAIM, SLIP = "JS-CS01-202606-0009", "FW-CS01-202606-0009"


def at(moment: str) -> datetime:
    """A point in time in China: at("2026-06-11 08:45")."""
    return datetime.fromisoformat(moment).replace(tzinfo=CHINA)


MACHINE = MachineFacts(
    label="YE3-160M-4 SF2505-0117", serial_number="SF2505-0117", model="YE3-160M-4", line="YE3", line_name="YE3 系列",
    ex_factory_on=date(2025, 5, 20), period_end=date(2026, 9, 1), meter=Reading(D(2200), date(2026, 6, 11)),
    earlier_meter=Reading(D(2000), date(2026, 6, 2)), register=RegisterRow("YE3-160M-4", ex_factory_on=date(2025, 5, 20)),
    claimed=(EarlierJob("JS-CS01-202603-0002", date(2026, 3, 2)),), repeats=EarlierJob("FW-CS01-202603-0004", date(2026, 3, 2)),
)  # fmt: skip
BEARING = PartFacts(
    "BRG-6309", D(2), PartSource.MAKER_FREE, "YE3-160M-4", supplier="示范轴承", own_end=date(2026, 9, 1)
)
EVIDENCE = Evidence(
    wanted=frozenset({"nameplate", "fault", "after"}), present=frozenset({"nameplate", "fault", "after", "other"}),
    unreadable=frozenset({"other"}), position_m=500,
)  # fmt: skip
STAY = Stay("p7", "陈志强", SLIP, at("2026-06-11 08:45"), at("2026-06-11 11:45"))
NEXT = Stay("p7", "陈志强", "FW-CS01-202606-0010", at("2026-06-11 11:45"), at("2026-06-11 15:00"))

#: every limit is used up to the last bit, and none is passed
CLEAN = Facts(
    finished_at=at("2026-06-11 11:45"), submitted_at=at("2026-06-30 09:00"), amount=D("2000.00"), machines=(MACHINE,),
    operations=(OperationFacts("M10", "轴承/异响", "YE3-160M-4"),), parts=(BEARING,),
    free_services=(FreeService("first", "首次保养", MACHINE.label, 0),),
    dealer=DealerFacts(lines=frozenset({"YE3"}), unreturned_since=date(2026, 3, 30)),
    outing=Outing(km=D("157.5"), usual_km=D(150), people=2), evidence=EVIDENCE, stays=(STAY,), other_stays=(NEXT,),
    campaign=Campaign("夏季巡检", released=True, evaluated=True),
)  # fmt: skip
TABLES = Reference(
    operation_faults={"M10": frozenset({"轴承/异响"})},
    operation_models={"M10": frozenset({"YE3-160M-4"})},
    part_models={"BRG-6309": {"YE3-160M-4": D(2)}},
    suppliers={"BRG-6309": frozenset({"示范轴承"})},
    free_services={"first": 1},
    register=True,
)


def machine(**changes: Any) -> dict[str, Any]:
    """The clean claim's machine with other facts."""
    return {"machines": (replace(MACHINE, **changes),)}


def part(**changes: Any) -> dict[str, Any]:
    return {"parts": (replace(BEARING, **changes),)}


def outing(**changes: Any) -> dict[str, Any]:
    return {"outing": replace(CLEAN.outing, **changes)}


def dealer(**changes: Any) -> dict[str, Any]:
    return {"dealer": replace(CLEAN.dealer, **changes)}


def evidence(**changes: Any) -> dict[str, Any]:
    return {"evidence": replace(EVIDENCE, **changes)}


def reported(reference: Reference = TABLES, settings: Settings | None = None, **changes: Any) -> Any:
    """The report on the clean claim with other facts."""
    return run(replace(CLEAN, **changes), reference, settings or Settings())


def found(
    reference: Reference = TABLES, settings: Settings | None = None, **changes: Any
) -> list[tuple[str, str, CheckOutcome]]:
    """Code, reason and outcome of what is found in the clean claim with other facts."""
    return [(one.code, one.reason, one.outcome) for one in reported(reference, settings, **changes).findings]
