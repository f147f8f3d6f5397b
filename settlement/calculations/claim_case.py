"""A claim as a case of the calculation engine: fields in, facts out; result in, fields out (calculations.md, claim). Pure."""

from __future__ import annotations

from decimal import Decimal

from core.cases import (
    CHINA_DAYS,
    Fields,
    Wrong,
    china_days,
    choice,
    decimal,
    filled,
    instant,
    listed,
    mapping,
    money,
    text,
    whole,
    written_money,
)
from core.money import ZERO
from core.working_days import WorkingDays
from settlement.calculations.claim import Band, ClaimResult, ClaimSlip, FittedPart, Operation, RateCard, ShortJob, Work
from settlement.enums import TravelMode

MODES = tuple(mode.value for mode in TravelMode)


def read(case: object) -> tuple[RateCard, ClaimSlip, WorkingDays]:
    """Rate card, slip and days of a case. Errors: Wrong."""
    fields = Fields(case, "", "rate_card", "slip", "days")
    card, slip = fields.need("rate_card", _card), fields.need("slip", _slip)
    for place, part in enumerate(slip.parts):
        if part.source not in card.part_factors:
            raise Wrong(f"slip.parts[{place}].source", "no_choice", choices=", ".join(card.part_factors))
    return card, slip, fields.get("days", china_days, CHINA_DAYS)


def written(result: ClaimResult) -> dict[str, object]:
    """The fields of the result."""
    lines = [{"item": line.item.value, "amount": written_money(line.amount)} for line in result.lines]
    return {"lines": lines, "total": written_money(result.total)}


def _card(value: object, path: str) -> RateCard:
    fields = Fields(
        value, path, "hourly", "travel", "subsidy_per_person_day", "subsidy_over_km", "lodging_cap", "night_flat",
        "holiday_flat", "part_factors", "consumables_cap", "short_job",
    )  # fmt: skip
    mode, bands = fields.need("travel", _travel)
    return RateCard(
        hourly=fields.need("hourly", money),
        travel_mode=mode,
        bands=bands,
        subsidy_per_person_day=fields.need("subsidy_per_person_day", money),
        subsidy_over_km=fields.need("subsidy_over_km", decimal),
        lodging_cap=fields.need("lodging_cap", money),
        night_flat=fields.need("night_flat", money),
        holiday_flat=fields.need("holiday_flat", money),
        part_factors=fields.need("part_factors", mapping(decimal)),
        consumables_cap=fields.need("consumables_cap", money),
        short_job=fields.get("short_job", _short_job, None),
    )


def _travel(value: object, path: str) -> tuple[TravelMode, tuple[Band, ...]]:
    fields = Fields(value, path, "mode", "bands")
    mode, bands = fields.need("mode", choice(*MODES)), fields.need("bands", filled(_band))
    for place in range(1, len(bands)):
        before = bands[place - 1].up_to_km
        if bands[place].up_to_km <= before:
            raise Wrong(f"{fields.at('bands')}[{place}]", "band_not_rising", before=before)
    return TravelMode(mode), bands


def _band(value: object, path: str) -> Band:
    fields = Fields(value, path, "up_to_km", "flat", "per_km")
    if fields.has("flat") == fields.has("per_km"):
        raise Wrong(path, "band_rate")
    return Band(
        up_to_km=fields.need("up_to_km", decimal),
        flat=fields.get("flat", money, None),
        per_km=fields.get("per_km", money, None),
    )


def _short_job(value: object, path: str) -> ShortJob:
    fields = Fields(value, path, "max_km", "min_labour")
    return ShortJob(fields.need("max_km", decimal), fields.need("min_labour", money))


def _slip(value: object, path: str) -> ClaimSlip:
    fields = Fields(
        value, path, "operations", "one_way_km", "trips", "people", "left", "back", "lodging_invoice", "work", "parts",
        "consumables", "old_part_freight", "other",
    )  # fmt: skip
    left, back = fields.need("left", instant), fields.need("back", instant)
    if back <= left:
        raise Wrong(fields.at("back"), "end_not_after_start")
    return ClaimSlip(
        operations=fields.need("operations", listed(_operation)),
        one_way_km=fields.need("one_way_km", decimal),
        people=fields.need("people", whole(1)),
        left=left,
        back=back,
        trips=fields.get("trips", whole(1), 1),
        lodging_invoice=fields.get("lodging_invoice", money, ZERO),
        work=fields.get("work", listed(_work), ()),
        parts=fields.get("parts", listed(_part), ()),
        consumables=fields.get("consumables", money, ZERO),
        old_part_freight=fields.get("old_part_freight", money, ZERO),
        other=fields.get("other", money, ZERO),
    )


def _operation(value: object, path: str) -> Operation:
    fields = Fields(value, path, "code", "hours")
    return Operation(fields.need("code", text), fields.need("hours", decimal))


def _work(value: object, path: str) -> Work:
    fields = Fields(value, path, "from", "to")
    start, end = fields.need("from", instant), fields.need("to", instant)
    if end <= start:
        raise Wrong(fields.at("to"), "end_not_after_start")
    return Work(start, end)


def _part(value: object, path: str) -> FittedPart:
    fields = Fields(value, path, "number", "quantity", "unit_price", "source")
    return FittedPart(
        number=fields.need("number", text),
        quantity=fields.need("quantity", _quantity),
        unit_price=fields.need("unit_price", money),
        source=fields.need("source", text),
    )


def _quantity(value: object, path: str) -> Decimal:
    quantity = decimal(value, path)
    if not quantity:
        raise Wrong(path, "not_above", limit=0)
    return quantity
