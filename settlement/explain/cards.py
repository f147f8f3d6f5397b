"""A rate card in words: its amounts line by line, what differs between two versions, and what the set-up checks found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.money import shown
from equipment.enums import PartSource
from settlement.calculations.cards import PART_FACTORS, BandFacts, CardFacts, Finding, HoursFacts, figure
from settlement.enums import TravelMode
from settlement.models import RateCard

FINDINGS = {
    "hourly_zero": gettext_noop("A standard hour is paid nothing: write its amount."),
    "bands_missing": gettext_noop("There is no band of distance: no trip could be paid."),
    "bands_begin_late": gettext_noop("The first band begins at %(km)s km: shorter trips would be paid by none."),
    "bands_gap": gettext_noop("Between %(begin)s and %(end)s km there is no band."),
    "bands_overlap": gettext_noop("From %(begin)s to %(end)s km two bands overlap."),
    "longer_pays_less": gettext_noop(
        "A longer trip is paid less: %(at)s for %(km)s km, but %(beyond)s just beyond. Raise the next band, or pay band by band."
    ),
    "bands_jump": gettext_noop("At %(km)s km a trip jumps from %(at)s to %(beyond)s."),
    "hours_missing": gettext_noop("There are no standard hours: no labour could be paid."),
    "hours_zero": gettext_noop("%(code)s %(name)s has no hours."),
    "line_without_hours": gettext_noop("The product line %(line)s has no standard hours, and there are none for every line."),
    "larger_takes_less": gettext_noop(
        "%(code)s: up to size %(size)s it is paid %(less)s h, less than the %(hours)s h up to size %(small)s."
    ),
    "minimum_below_fees": gettext_noop(
        "The minimum of labour, %(least)s, lies below the smallest labour fee, %(fee)s: it would never count."
    ),
    "minimum_beyond_bands": gettext_noop("The minimum of labour counts up to %(km)s km, but bands end at %(last)s km."),
    "subsidy_never": gettext_noop("Subsidy is paid above %(km)s km, but bands end at %(last)s km: it would never be paid."),
    "lodging_low": gettext_noop("A night is paid at most %(cap)s, less than the subsidy of a day, %(subsidy)s."),
    "consumables_never": gettext_noop("Consumables are never paid: their limit is zero."),
    "factor_for_gift": gettext_noop("Parts “%(source)s” cost the dealer nothing and are paid by a factor of %(factor)s."),
    "factor_below_cost": gettext_noop("Parts “%(source)s” are paid by a factor of %(factor)s, less than they cost."),
}  # fmt: skip

FACTORS = {f"factor_{source}": PartSource(source).label for source in PART_FACTORS}


@dataclass(frozen=True)
class Difference:
    """One line of two versions, as components/diff.html shows it."""

    label: Any
    theirs: str
    mine: str
    changed: bool = True


def sentences(findings: Iterable[Finding]) -> list[tuple[bool, str]]:
    """Whether it is broken, and its sentence, for every finding, in the active language."""
    return [(finding.broken, _(FINDINGS[finding.code]) % _words(finding.params)) for finding in findings]


def _words(params: Mapping[str, object]) -> dict[str, object]:
    source = params.get("source")
    return {**params, "source": PartSource(str(source)).label} if source else dict(params)


def level(card: RateCard) -> str:
    """For whom a card counts."""
    return str(card.get_level_display()) if card.level else _("every other level")


def lines(card: CardFacts) -> list[tuple[str, str]]:
    """Label and words of every amount apart from bands and hours, in the form's order."""
    short = ""
    if card.short_max_km is not None and card.short_min_labour is not None:
        short = _("%(amount)s within %(km)s km") % {
            "amount": shown(card.short_min_labour),
            "km": figure(card.short_max_km),
        }
    subsidy = shown(card.subsidy_per_person_day)
    return [
        (_("For jobs finished from"), card.valid_from.isoformat()),
        (_("A standard hour"), shown(card.hourly)),
        (_("Travel is paid"), str(TravelMode(card.travel_mode).label)),
        (_("Subsidy a person and day"), _("%(amount)s above %(km)s km") % {"amount": subsidy, "km": figure(card.subsidy_over_km)}),
        (_("Lodging a person and night"), _("by invoice, at most %(amount)s") % {"amount": shown(card.lodging_cap)}),
        (_("Night work (22:00 to 06:00), a slip"), shown(card.night_flat)),
        (_("Work on a public holiday, a slip"), shown(card.holiday_flat)),
        (_("Consumables, a slip"), _("at most %(amount)s") % {"amount": shown(card.consumables_cap)}),
        (_("Labour at least"), short),
        *((_("Part: %(source)s") % {"source": PartSource(source).label}, f"× {figure(card.factors[source])}") for source in PART_FACTORS),
        (_("Note"), card.note),
    ]  # fmt: skip


def band(row: BandFacts) -> tuple[str, str]:
    """Distances of a band, and what it pays."""
    distance = _("above %(from)s up to %(to)s km") % {"from": figure(row.from_km), "to": figure(row.up_to_km)}
    if not row.from_km:
        distance = _("up to %(to)s km") % {"to": figure(row.up_to_km)}
    if row.flat is not None:
        return distance, _("%(amount)s a trip") % {"amount": shown(row.flat)}
    return distance, _("%(amount)s a kilometre") % {"amount": shown(row.per_km or Decimal(0))}


def work(row: HoursFacts, names: Mapping[str, str]) -> str:
    """A piece of work with its line and size. names: of the product lines, by code."""
    size = _("size up to %(size)s") % {"size": row.size_up_to} if row.size_up_to else ""
    return " · ".join(filter(None, (f"{row.code} {row.name}", names.get(row.line, row.line), size)))


def differences(before: CardFacts, after: CardFacts, names: Mapping[str, str]) -> list[Difference]:
    """Where two versions differ, in the page's order: amounts, bands, hours."""
    old, new = (dict([*lines(card), *map(band, card.bands), *_hours(card, names)]) for card in (before, after))
    return [
        Difference(label, old.get(label, ""), new.get(label, ""))
        for label in dict.fromkeys([*old, *new])
        if old.get(label, "") != new.get(label, "")
    ]


def _hours(card: CardFacts, names: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(work(row, names), _("%(hours)s h") % {"hours": figure(row.hours)}) for row in card.hours]
