"""A warranty period as a case of the calculation engine: fields in, facts out; result in, fields out (calculations.md, warranty). Pure."""

from __future__ import annotations

from datetime import date

from core.cases import Fields, choice, day, decimal, filled, mapping, text, truth, whole
from equipment.calculations.warranty import Period, WarrantyFacts, WarrantyPolicy, WarrantyResult
from equipment.enums import WarrantyBasis

BASES = tuple(basis.value for basis in WarrantyBasis)


def read(case: object) -> tuple[WarrantyPolicy, WarrantyFacts]:
    """Policy and facts of a case. Errors: Wrong."""
    fields = Fields(case, "", "policy", "facts")
    return fields.need("policy", _policy), fields.need("facts", _facts)


def written(result: WarrantyResult) -> dict[str, object]:
    """The fields of the result."""
    return {
        "time": result.time.value,
        "basis": None if result.basis is None else result.basis.value,
        "start": None if result.start is None else result.start.isoformat(),
        "end": None if result.end is None else result.end.isoformat(),
        "days_over": result.days_over,
        "goodwill_possible": result.goodwill_possible,
    }


def _policy(value: object, path: str) -> WarrantyPolicy:
    fields = Fields(
        value, path, "start_rules", "cap", "hours_limit", "grace_months", "inclusive_end", "repair_extension",
        "part_periods", "goodwill_days",
    )  # fmt: skip
    return WarrantyPolicy(
        start_rules=fields.need("start_rules", filled(_period)),
        cap=fields.get("cap", _period, None),
        hours_limit=fields.get("hours_limit", decimal, None),
        grace_months=fields.get("grace_months", whole(), 0),
        inclusive_end=fields.get("inclusive_end", truth, True),
        repair_extension=fields.get("repair_extension", truth, True),
        part_periods=fields.get("part_periods", mapping(whole()), {}),
        goodwill_days=fields.get("goodwill_days", whole(), 0),
    )


def _period(value: object, path: str) -> Period:
    fields = Fields(value, path, "basis", "months")
    return Period(WarrantyBasis(fields.need("basis", choice(*BASES))), fields.need("months", whole()))


def _facts(value: object, path: str) -> WarrantyFacts:
    fields = Fields(
        value, path, "dates", "reported_on", "meter_hours", "repair_days", "part_group", "nameplate_ex_factory"
    )
    return WarrantyFacts(
        dates=fields.need("dates", _dates),
        reported_on=fields.need("reported_on", day),
        meter_hours=fields.get("meter_hours", decimal, None),
        repair_days=fields.get("repair_days", whole(), 0),
        part_group=fields.get("part_group", text, None),
        nameplate_ex_factory=fields.get("nameplate_ex_factory", day, None),
    )


def _dates(value: object, path: str) -> dict[WarrantyBasis, date]:
    fields = Fields(value, path, *BASES)
    return {basis: fields.need(basis.value, day) for basis in WarrantyBasis if fields.has(basis.value)}
