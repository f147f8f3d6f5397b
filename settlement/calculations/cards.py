"""A rate card as it is typed, and what is wrong with it before it comes into force (domain.md 9.1, set-up checks). Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby, pairwise

from core.money import ZERO, shown
from settlement.calculations.claim import Band, RateCard, ShortJob
from settlement.enums import TravelMode

PART_FACTORS = (
    "maker_free",
    "consigned",
    "bought_genuine",
    "bought_urgent",
)  # equipment.enums.PartSource, paid by factor
MOST_KM = Decimal(99_999)  # that anybody may write
SUPPLIED = "customer"  # by the customer: never paid


@dataclass(frozen=True, slots=True)
class BandFacts:
    """Distances above from_km up to and including up_to_km, one way: a flat amount of one trip, or so much a kilometre."""

    from_km: Decimal
    up_to_km: Decimal
    flat: Decimal | None = None
    per_km: Decimal | None = None


@dataclass(frozen=True, slots=True)
class HoursFacts:
    """Standard hours of a piece of work (定额工时). line: code of a product line, "" = every one; size_up_to: frame size in mm, None = every one."""

    code: str
    name: str
    hours: Decimal
    line: str = ""
    size_up_to: int | None = None

    @property
    def key(self) -> tuple[str, str, int]:
        """What no two of a card have in common; work of every size comes last."""
        return (self.code, self.line, self.size_up_to or 10**6)


@dataclass(frozen=True, slots=True)
class CardFacts:
    """A rate card (结算标准). Money in yuan, tax included; lodging_cap: per person and night; factors: by source of a part."""

    valid_from: date
    hourly: Decimal
    travel_mode: str = TravelMode.WHOLE
    subsidy_per_person_day: Decimal = ZERO
    subsidy_over_km: Decimal = Decimal(0)
    lodging_cap: Decimal = ZERO
    night_flat: Decimal = ZERO
    holiday_flat: Decimal = ZERO
    consumables_cap: Decimal = ZERO
    short_max_km: Decimal | None = None
    short_min_labour: Decimal | None = None
    factors: Mapping[str, Decimal] = field(default_factory=dict)
    bands: Sequence[BandFacts] = ()
    hours: Sequence[HoursFacts] = ()
    note: str = ""

    @property
    def engine(self) -> RateCard:
        """The card as the calculation of a claim takes it."""
        short = None
        if self.short_max_km is not None and self.short_min_labour is not None:
            short = ShortJob(self.short_max_km, self.short_min_labour)
        return RateCard(
            hourly=self.hourly,
            travel_mode=TravelMode(self.travel_mode),
            bands=tuple(Band(band.up_to_km, band.flat, band.per_km) for band in self.bands),
            subsidy_per_person_day=self.subsidy_per_person_day,
            subsidy_over_km=self.subsidy_over_km,
            lodging_cap=self.lodging_cap,
            night_flat=self.night_flat,
            holiday_flat=self.holiday_flat,
            part_factors={**{source: self.factors.get(source, ZERO) for source in PART_FACTORS}, SUPPLIED: ZERO},
            consumables_cap=self.consumables_cap,
            short_job=short,
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a set-up check has found. broken: the card cannot come into force with it; params: for its sentence."""

    code: str
    broken: bool
    params: Mapping[str, object]


def check(card: CardFacts, lines: Mapping[str, str]) -> tuple[Finding, ...]:
    """Everything that is wrong or odd about a card, what is broken first. lines: names of the product lines in use, by code."""
    found = [finding for one in CHECKS for finding in one(card, lines)]
    return tuple(sorted(found, key=lambda finding: not finding.broken))


def hours_for(hours: Sequence[HoursFacts], code: str, line: str, size: int | None) -> Decimal | None:
    """Standard hours of a piece of work on a machine, as `work_for` chooses them; None = not listed."""
    found = work_for(hours, line, size).get(code)
    return None if found is None else found.hours


def work_for(hours: Sequence[HoursFacts], line: str, size: int | None) -> dict[str, HoursFacts]:
    """The work that can be done on a machine, by code: its own line before every line, the smallest size that holds it.

    size: frame size in mm, None = not known, then only work of every size fits.
    """
    found: dict[str, HoursFacts] = {}
    for row in sorted(hours, key=lambda row: (not row.line, row.key)):
        if row.line in (line, "") and (row.size_up_to is None or (size is not None and size <= row.size_up_to)):
            found.setdefault(row.code, row)
    return dict(sorted(found.items()))


def _broken(code: str, /, **params: object) -> Finding:
    return Finding(code, broken=True, params=params)


def _notice(code: str, /, **params: object) -> Finding:
    return Finding(code, broken=False, params=params)


def _hourly(card: CardFacts, lines: Mapping[str, str]) -> Iterator[Finding]:
    if not card.hourly:
        yield _broken("hourly_zero")


def _no_bands(card: CardFacts, lines: Mapping[str, str]) -> Iterator[Finding]:
    if not card.bands:
        yield _broken("bands_missing")
    elif card.bands[0].from_km:
        yield _broken("bands_begin_late", km=figure(card.bands[0].from_km))


def _gaps(card: CardFacts, lines: Mapping[str, str]) -> Iterator[Finding]:
    for one, following in pairwise(card.bands):
        if following.from_km > one.up_to_km:
            yield _broken("bands_gap", begin=figure(one.up_to_km), end=figure(following.from_km))


def _overlaps(card: CardFacts, lines: Mapping[str, str]) -> Iterator[Finding]:
    for one, following in pairwise(card.bands):
        if following.from_km < one.up_to_km:
            yield _broken(
                "bands_overlap", begin=figure(following.from_km), end=figure(min(one.up_to_km, following.up_to_km))
            )


def _steps(card: CardFacts, lines: Mapping[str, str]) -> Iterator[Finding]:
    """At the end of each band: what the longest trip in it is paid, and what the shortest one beyond it."""
    trip = ZERO
    for one, following in pairwise(card.bands):
        km = one.up_to_km
        if card.travel_mode == TravelMode.WHOLE:
            trip, beyond = _of_band(one, km), _of_band(following, km)
        else:
            trip += _of_band(one, km - one.from_km)
            beyond = trip + (following.flat or ZERO)
        if beyond < trip:
            yield _broken("longer_pays_less", km=figure(km), at=shown(trip), beyond=shown(beyond))
        elif beyond > trip:
            yield _notice("bands_jump", km=figure(km), at=shown(trip), beyond=shown(beyond))


def _of_band(band: BandFacts, km: Decimal) -> Decimal:
    return band.flat if band.flat is not None else (band.per_km or ZERO) * km


def _hours(card: CardFacts, lines: Mapping[str, str]) -> Iterator[Finding]:
    if not card.hours:
        yield _broken("hours_missing")
        return
    for row in card.hours:
        if not row.hours:
            yield _broken("hours_zero", code=row.code, name=row.name)
    served = {row.line for row in card.hours}
    if "" not in served:
        for code, name in lines.items():
            if code not in served:
                yield _broken("line_without_hours", line=name)


def _sizes(card: CardFacts, lines: Mapping[str, str]) -> Iterator[Finding]:
    """A larger machine that is given fewer hours."""
    rows = sorted(card.hours, key=lambda row: row.key)
    for (code, _line), group in groupby(rows, key=lambda row: (row.code, row.line)):
        for smaller, larger in pairwise(group):
            if larger.hours < smaller.hours:
                size = "∞" if larger.size_up_to is None else larger.size_up_to
                yield _notice(
                    "larger_takes_less", code=code, small=smaller.size_up_to, size=size,
                    hours=figure(smaller.hours), less=figure(larger.hours),
                )  # fmt: skip


def _minimum(card: CardFacts, lines: Mapping[str, str]) -> Iterator[Finding]:
    """A minimum of labour that no labour lies below is none; neither is one of trips that no band has."""
    if card.short_min_labour is None or card.short_max_km is None:
        return
    fees = [row.hours * card.hourly for row in card.hours if row.hours]
    if fees and card.short_min_labour < min(fees):
        yield _broken("minimum_below_fees", least=shown(card.short_min_labour), fee=shown(min(fees)))
    if card.bands and card.short_max_km > card.bands[-1].up_to_km:
        yield _notice("minimum_beyond_bands", km=figure(card.short_max_km), last=figure(card.bands[-1].up_to_km))


def _caps(card: CardFacts, lines: Mapping[str, str]) -> Iterator[Finding]:
    """What is set up so that it is never paid, or hardly ever."""
    if card.bands and card.subsidy_per_person_day and card.subsidy_over_km >= card.bands[-1].up_to_km:
        yield _notice("subsidy_never", km=figure(card.subsidy_over_km), last=figure(card.bands[-1].up_to_km))
    if card.lodging_cap < card.subsidy_per_person_day:
        yield _notice("lodging_low", cap=shown(card.lodging_cap), subsidy=shown(card.subsidy_per_person_day))
    if not card.consumables_cap:
        yield _notice("consumables_never")


def _factors(card: CardFacts, lines: Mapping[str, str]) -> Iterator[Finding]:
    for source in ("maker_free", "consigned"):
        if card.factors.get(source):
            yield _notice("factor_for_gift", source=source, factor=figure(card.factors[source]))
    if card.factors.get("bought_genuine", ZERO) < 1:
        factor = figure(card.factors.get("bought_genuine", ZERO))
        yield _notice("factor_below_cost", source="bought_genuine", factor=factor)


CHECKS: tuple[Callable[[CardFacts, Mapping[str, str]], Iterator[Finding]], ...] = (
    _hourly, _no_bands, _gaps, _overlaps, _steps, _hours, _sizes, _minimum, _caps, _factors,
)  # fmt: skip


def figure(number: Decimal) -> str:
    """A number without zeros at its end, as people write it: 1.1, 20."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
