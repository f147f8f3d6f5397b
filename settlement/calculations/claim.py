"""What one service slip is paid by a rate card, line by line (domain.md 9.1, 9.2, 9.5; calculations.md, claim). Pure.

Money and kilometres are Decimal and exact until a line is rounded, once, half up; the total is the sum of the rounded lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, localcontext

from core.calendars import DAY_MINUTES, MINUTE, minute_of, moment_of
from core.cases import CHINA_DAYS, Step, Wrong
from core.money import EXACT, ZERO, half_up
from core.working_days import WorkingDays, unpublished
from settlement.enums import FeeItem, TravelMode

NIGHT_BEGINS, NIGHT_ENDS = 22 * 60, 6 * 60  # minutes of the day (domain.md 9.1)


@dataclass(frozen=True, slots=True)
class Band:
    """Distances up to and including up_to_km, one way: either a flat amount or so much a kilometre."""

    up_to_km: Decimal
    flat: Decimal | None = None
    per_km: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ShortJob:
    """Within max_km, one way, labour is paid at least min_labour."""

    max_km: Decimal
    min_labour: Decimal


@dataclass(frozen=True, slots=True)
class RateCard:
    """What a manufacturer pays. bands: rising; lodging_cap: per person and night; part_factors: by source of a part."""

    hourly: Decimal
    travel_mode: TravelMode
    bands: tuple[Band, ...]
    subsidy_per_person_day: Decimal
    subsidy_over_km: Decimal
    lodging_cap: Decimal
    night_flat: Decimal
    holiday_flat: Decimal
    part_factors: Mapping[str, Decimal]
    consumables_cap: Decimal
    short_job: ShortJob | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """Work by its code, in standard hours."""

    code: str
    hours: Decimal


@dataclass(frozen=True, slots=True)
class Work:
    """[start, end) of work on site."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class FittedPart:
    """A part that was fitted; source: one of the rate card's factors."""

    number: str
    quantity: Decimal
    unit_price: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class ClaimSlip:
    """What the slip says. one_way_km: of one trip; trips: all authorised; left, back: from and to the dealer's place, left < back."""

    operations: tuple[Operation, ...]
    one_way_km: Decimal
    people: int
    left: datetime
    back: datetime
    trips: int = 1
    lodging_invoice: Decimal = ZERO
    work: tuple[Work, ...] = ()
    parts: tuple[FittedPart, ...] = ()
    consumables: Decimal = ZERO
    old_part_freight: Decimal = ZERO
    other: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One rounded line, never zero. place: of its operation or part among the slip's, from 0; None = it is of no single one."""

    item: FeeItem
    amount: Decimal
    place: int | None = None


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """Lines in the order of FeeItem, and their sum."""

    lines: tuple[ClaimLine, ...]
    total: Decimal
    steps: tuple[Step, ...]


def claim(card: RateCard, slip: ClaimSlip, days: WorkingDays = CHINA_DAYS) -> ClaimResult:
    """The lines of a claim. days: which are holidays. Errors: Wrong of slip.one_way_km beyond the last band."""
    with localcontext(EXACT):
        sheet = _Sheet()
        _labour(sheet, card, slip)
        _travel(sheet, card, slip)
        _nights_away(sheet, card, slip)
        _surcharges(sheet, card, slip, days)
        for place, part in enumerate(slip.parts):
            factor = card.part_factors[part.source]
            sheet.add(
                FeeItem.PART, part.quantity * part.unit_price * factor, "part", place,
                number=part.number, source=part.source, quantity=part.quantity, price=part.unit_price, factor=factor,
            )  # fmt: skip
        consumables = min(slip.consumables, card.consumables_cap)
        sheet.add(FeeItem.CONSUMABLES, consumables, "consumables", given=slip.consumables, cap=card.consumables_cap)
        sheet.add(FeeItem.OLD_PART_FREIGHT, slip.old_part_freight, "old_part_freight")
        sheet.add(FeeItem.OTHER, slip.other, "other")
        total = sum((line.amount for line in sheet.lines), ZERO)
        sheet.tell("total", total=total)
    return ClaimResult(tuple(sheet.lines), total, tuple(sheet.steps))


class _Sheet:
    """Lines and steps as they come."""

    def __init__(self) -> None:
        self.lines: list[ClaimLine] = []
        self.steps: list[Step] = []

    def add(self, item: FeeItem, exact: Decimal, code: str, place: int | None = None, /, **params: object) -> None:
        """Round a line and keep it, unless it is zero; tell how it came about."""
        amount = half_up(exact)
        self.tell(code, **params, amount=amount)
        if amount:
            self.lines.append(ClaimLine(item, amount, place))

    def tell(self, code: str, **params: object) -> None:
        self.steps.append(Step(code, params))


def _labour(sheet: _Sheet, card: RateCard, slip: ClaimSlip) -> None:
    for place, operation in enumerate(slip.operations):
        sheet.add(
            FeeItem.LABOUR, operation.hours * card.hourly, "labour", place,
            operation=operation.code, hours=operation.hours, hourly=card.hourly,
        )  # fmt: skip
    short = card.short_job
    if short is None or slip.one_way_km > short.max_km:
        return
    labour = sum((line.amount for line in sheet.lines), ZERO)
    missing = max(short.min_labour - labour, ZERO)
    sheet.add(
        FeeItem.LABOUR_TOP_UP, missing, "labour_top_up",
        km=slip.one_way_km, max_km=short.max_km, labour=labour, least=short.min_labour,
    )  # fmt: skip


def _travel(sheet: _Sheet, card: RateCard, slip: ClaimSlip) -> None:
    km, bands = slip.one_way_km, card.bands
    place = next((n for n, band in enumerate(bands) if km <= band.up_to_km), None)
    if place is None:
        raise Wrong("slip.one_way_km", "beyond_bands", km=km, last=bands[-1].up_to_km)
    if card.travel_mode is TravelMode.WHOLE:
        trip = _in_band(sheet, bands[place], km)
    else:
        trip = ZERO
        lower = Decimal(0)
        for band in bands[: place + 1]:
            trip += _in_band(sheet, band, min(km, band.up_to_km) - lower)
            lower = band.up_to_km
    sheet.add(FeeItem.TRAVEL, trip * slip.trips, "travel", km=km, trip=trip, trips=slip.trips)


def _in_band(sheet: _Sheet, band: Band, km: Decimal) -> Decimal:
    """What so many kilometres are paid by one band, unrounded."""
    if band.flat is not None:
        sheet.tell("band_flat", up_to=band.up_to_km, flat=band.flat)
        return band.flat
    assert band.per_km is not None
    sheet.tell("band_per_km", up_to=band.up_to_km, km=km, per_km=band.per_km, amount=km * band.per_km)
    return km * band.per_km


def _nights_away(sheet: _Sheet, card: RateCard, slip: ClaimSlip) -> None:
    """Subsidy and lodging: both by days, each begun stretch of 24 hours."""
    away = slip.back - slip.left
    days = -(-(away // MINUTE) // DAY_MINUTES)
    sheet.tell("away", left=slip.left, back=slip.back, away=away, days=days, nights=days - 1)
    if slip.one_way_km > card.subsidy_over_km:
        rate = card.subsidy_per_person_day
        sheet.add(FeeItem.SUBSIDY, rate * slip.people * days, "subsidy", rate=rate, people=slip.people, days=days)
    else:
        sheet.tell("no_subsidy", km=slip.one_way_km, over=card.subsidy_over_km)
    most = card.lodging_cap * slip.people * (days - 1)
    sheet.add(
        FeeItem.LODGING, min(slip.lodging_invoice, most), "lodging",
        invoice=slip.lodging_invoice, cap=card.lodging_cap, people=slip.people, nights=days - 1, most=most,
    )  # fmt: skip


def _surcharges(sheet: _Sheet, card: RateCard, slip: ClaimSlip, days: WorkingDays) -> None:
    """Night and holiday, each once a slip."""
    stretches = [(minute_of(work.start), minute_of(work.end)) for work in slip.work]
    if not stretches:
        sheet.tell("no_work")
        return
    if any(_at_night(start, end) for start, end in stretches):
        sheet.add(FeeItem.NIGHT, card.night_flat, "night")
    else:
        sheet.tell("no_night")
    dates = [(start // DAY_MINUTES + 1, (end - 1) // DAY_MINUTES + 1) for start, end in stretches]
    if any(days.touches_holiday_period(first, last) for first, last in dates):
        sheet.add(FeeItem.HOLIDAY, card.holiday_flat, "holiday")
    else:
        sheet.tell("no_holiday")
    first_year, last_year = (
        moment_of(minute).year for minute in (min(stretches)[0], max(end for _, end in stretches) - 1)
    )
    for years in unpublished(first_year, last_year):
        sheet.tell("unpublished", years=years)


def _at_night(start: int, end: int) -> bool:
    """Whether a minute of [start, end) lies between 22:00 and 06:00."""
    of_day = start % DAY_MINUTES
    return not NIGHT_ENDS <= of_day < NIGHT_BEGINS or end > start - of_day + NIGHT_BEGINS
