from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Stamped
from core.money import CNY
from core.tenancy import Tier
from equipment.models import ProductLine
from partners.enums import Level
from partners.models import MakerPublished
from settlement.calculations.cards import PART_FACTORS, BandFacts, CardFacts, HoursFacts
from settlement.enums import CardState, TravelMode

WRITERS = (Tier.HQ, Tier.DEALER)  # a dealer those of its unlisted manufacturers; drafts only, the trigger says so


def _money(label: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(label, max_digits=14, decimal_places=2, default=Decimal("0.00"))


def _factor(default: str) -> models.DecimalField[Any, Any]:
    return models.DecimalField(max_digits=6, decimal_places=4, default=Decimal(default))


class RateCard(MakerPublished, Stamped):
    """A version of what a manufacturer pays dealers of a level for jobs finished from a day on (结算标准, domain.md 9.1): draft → in force.

    level: of authorisation; empty = every level that has no card of its own. It counts until the next version of its level begins.
    short_max_km, short_min_labour: within that distance labour is paid at least so much; both or neither. A card in force is never
    changed and never deleted (trigger, settlement/sql/cards.sql).
    """

    deletable_by = WRITERS

    level = models.CharField(_("level"), max_length=1, choices=Level, blank=True)
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=CardState, default=CardState.DRAFT)
    valid_from = models.DateField(_("for jobs finished from"))
    currency = models.CharField(max_length=3, default=CNY, editable=False)
    hourly = _money(_("a standard hour"))
    travel_mode = models.CharField(max_length=11, choices=TravelMode, default=TravelMode.WHOLE)
    subsidy_per_person_day = _money(_("subsidy a person and day"))
    subsidy_over_km = models.DecimalField(_("subsidy above"), max_digits=7, decimal_places=1, default=Decimal(0))
    lodging_cap = _money(_("lodging a person and night, at most"))
    night_flat = _money(_("night work"))
    holiday_flat = _money(_("work on a public holiday"))
    consumables_cap = _money(_("consumables, at most"))
    short_max_km = models.DecimalField(max_digits=7, decimal_places=1, null=True, blank=True)
    short_min_labour = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    factor_maker_free = _factor("0")
    factor_consigned = _factor("0")
    factor_bought_genuine = _factor("1.1")
    factor_bought_urgent = _factor("1.1")
    note = models.CharField(_("note"), max_length=300, blank=True)
    changed_by = models.CharField(max_length=60, blank=True, editable=False)
    in_force_at = models.DateTimeField(null=True, blank=True, editable=False)
    in_force_by = models.CharField(max_length=60, blank=True, editable=False)

    class Meta:
        ordering = ["level", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["manufacturer", "level", "number"], name="rate_card_number_unique"),
            models.UniqueConstraint(
                fields=["manufacturer", "level"],
                condition=Q(state=CardState.DRAFT),
                name="rate_card_one_draft_at_a_time",
                violation_error_message=_("There is a draft for this level already: edit that one, or discard it."),
            ),
            models.UniqueConstraint(
                fields=["manufacturer", "level", "valid_from"],
                condition=Q(state=CardState.IN_FORCE),
                name="rate_card_one_a_day",
                violation_error_message=_("Another version of this level begins on that day."),
            ),
            models.CheckConstraint(
                condition=Q(short_max_km=None, short_min_labour=None)
                | Q(short_max_km__isnull=False, short_min_labour__isnull=False),
                name="rate_card_minimum_whole",
            ),
            models.CheckConstraint(
                condition=Q(hourly__gte=0, subsidy_per_person_day__gte=0, lodging_cap__gte=0, night_flat__gte=0)
                & Q(holiday_flat__gte=0, consumables_cap__gte=0),
                name="rate_card_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.manufacturer_id} {self.level} v{self.number}"

    @property
    def facts(self) -> CardFacts:
        """The card as calculations take it; bands and hours are those that `queries.cards` has read along."""
        return CardFacts(
            valid_from=self.valid_from,
            hourly=self.hourly,
            travel_mode=self.travel_mode,
            subsidy_per_person_day=self.subsidy_per_person_day,
            subsidy_over_km=self.subsidy_over_km,
            lodging_cap=self.lodging_cap,
            night_flat=self.night_flat,
            holiday_flat=self.holiday_flat,
            consumables_cap=self.consumables_cap,
            short_max_km=self.short_max_km,
            short_min_labour=self.short_min_labour,
            factors={source: getattr(self, f"factor_{source}") for source in PART_FACTORS},
            bands=tuple(band.facts for band in getattr(self, "known_bands", ())),
            hours=tuple(row.facts for row in getattr(self, "known_hours", ())),
            note=self.note,
        )


class TravelBand(MakerPublished):
    """Distances of a card, one way, above from_km up to and including up_to_km: flat for a trip, or per_km."""

    deletable_by = WRITERS

    card = models.ForeignKey(RateCard, models.CASCADE, related_name="bands")
    from_km = models.DecimalField(max_digits=7, decimal_places=1)
    up_to_km = models.DecimalField(max_digits=7, decimal_places=1)
    flat = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    per_km = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ["up_to_km", "from_km"]
        constraints = [
            models.UniqueConstraint(fields=["manufacturer", "card", "up_to_km"], name="travel_band_unique"),
            models.CheckConstraint(
                condition=Q(from_km__gte=0, up_to_km__gt=F("from_km")), name="travel_band_not_backwards"
            ),
            models.CheckConstraint(
                condition=Q(flat__gte=0, per_km=None) | Q(flat=None, per_km__gte=0), name="travel_band_one_rate"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_km}–{self.up_to_km}"

    @property
    def facts(self) -> BandFacts:
        """The band as calculations take it."""
        return BandFacts(self.from_km, self.up_to_km, self.flat, self.per_km)


class StandardHours(MakerPublished):
    """Hours that a piece of work is paid for (定额工时), by product line and frame size in mm; empty = every one."""

    deletable_by = WRITERS

    card = models.ForeignKey(RateCard, models.CASCADE, related_name="hours")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    line = models.ForeignKey(ProductLine, models.PROTECT, null=True, blank=True, related_name="+")
    size_up_to = models.PositiveSmallIntegerField(null=True, blank=True)
    hours = models.DecimalField(max_digits=5, decimal_places=1)

    class Meta:
        ordering = ["code", "line", "size_up_to"]
        constraints = [
            models.UniqueConstraint(
                fields=["manufacturer", "card", "code", "line", "size_up_to"],
                nulls_distinct=False,
                name="standard_hours_unique",
            ),
            models.CheckConstraint(condition=Q(hours__gte=0), name="standard_hours_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def facts(self) -> HoursFacts:
        """The row as calculations take it; its line is read along."""
        return HoursFacts(self.code, self.name, self.hours, self.line.code if self.line else "", self.size_up_to)
