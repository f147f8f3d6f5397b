"""A rate card as forms: its amounts, rows of bands, and the standard hours as cells pasted from a sheet (domain.md 9.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from core import typed
from core.errors import Refused
from core.forms import DayField, FigureField, Form, apply_refusal
from equipment.enums import PartSource
from partners.enums import Level
from settlement.calculations.cards import MOST_KM, PART_FACTORS, BandFacts, CardFacts, HoursFacts
from settlement.enums import TravelMode
from settlement.models import RateCard

BANDS = 8  # rows on the page; the cards found have two to five
HEAD = ("level", "valid_from", "hourly", "travel_mode")
MOST_ROWS = 500


def _amount(label: Any, **more: Any) -> FigureField:
    return FigureField(label=label, lowest=Decimal(0), highest=Decimal(999_999), unit=gettext_lazy("yuan"), **more)


def _km(label: Any, **more: Any) -> FigureField:
    return FigureField(label=label, places=1, lowest=Decimal(0), highest=MOST_KM, unit="km", **more)


def _factor(source: str) -> FigureField:
    label = gettext_lazy("Part: %(source)s") % {"source": PartSource(source).label}
    return FigureField(label=label, places=4, lowest=Decimal(0), highest=Decimal(10), unit="×")


class HoursField(forms.CharField):
    """Standard hours, one piece of work in each row: code, name, product line, size up to, hours. Cells of a sheet can be pasted.

    Value: a tuple of HoursFacts. Columns are parted by tabs, or by commas where there is no tab; line and size may be empty.
    """

    def clean(self, value: Any) -> tuple[HoursFacts, ...]:
        rows = [row for row in (super().clean(value) or "").splitlines() if row.strip()]
        if len(rows) > MOST_ROWS:
            raise ValidationError(gettext_lazy("At most %(n)s rows."), params={"n": MOST_ROWS}, code="long")
        return tuple(self._read(row) for row in rows)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) or value is None:
            return value
        return "\n".join(
            "\t".join([row.code, row.name, row.line, str(row.size_up_to or ""), f"{row.hours:f}"]) for row in value
        )

    @staticmethod
    def _read(row: str) -> HoursFacts:
        cells = [cell.strip() for cell in re.split(r"\t" if "\t" in row else r"[,，]", row.strip(" \r\n"))]
        try:
            code, name, line, size, hours = cells
            return HoursFacts(code, name, typed.number(hours), line, int(typed.plain(size)) if size else None)
        except ValueError:
            text = gettext_lazy("Write %(columns)s in each row, parted by tabs or commas: %(row)s")
            columns = gettext_lazy("code, name, product line, size up to, hours")
            raise ValidationError(text, code="invalid", params={"columns": columns, "row": row.strip()[:40]}) from None


class CardForm(Form):
    """The amounts of a card, and its standard hours."""

    level = forms.ChoiceField(
        label=gettext_lazy("For dealers of level"),
        choices=[("", gettext_lazy("every level without a card of its own")), *Level.choices[1:]],
        required=False,
    )
    valid_from = DayField(label=gettext_lazy("For jobs finished from"))
    hourly = _amount(gettext_lazy("A standard hour"))
    travel_mode = forms.ChoiceField(
        label=gettext_lazy("Travel is paid"),
        choices=TravelMode.choices,
        initial=TravelMode.WHOLE,
        help_text=gettext_lazy("Whole distance by its band, or every band for the kilometres inside it."),
    )
    subsidy_per_person_day = _amount(gettext_lazy("Subsidy a person and day"), initial=Decimal("0.00"))
    subsidy_over_km = _km(gettext_lazy("Subsidy above"), initial=Decimal(0))
    lodging_cap = _amount(gettext_lazy("Lodging a person and night, at most"), initial=Decimal("0.00"))
    night_flat = _amount(gettext_lazy("Night work (22:00 to 06:00), a slip"), initial=Decimal("0.00"))
    holiday_flat = _amount(gettext_lazy("Work on a public holiday, a slip"), initial=Decimal("0.00"))
    consumables_cap = _amount(gettext_lazy("Consumables a slip, at most"), initial=Decimal("0.00"))
    short_max_km = _km(gettext_lazy("Minimum of labour up to"), required=False)
    short_min_labour = _amount(
        gettext_lazy("Labour at least"), required=False, help_text=gettext_lazy("Both empty: no minimum.")
    )
    factor_maker_free = _factor("maker_free")
    factor_consigned = _factor("consigned")
    factor_bought_genuine = _factor("bought_genuine")
    factor_bought_urgent = _factor("bought_urgent")
    hours = HoursField(
        label=gettext_lazy("Standard hours"),
        required=False,
        help_text=gettext_lazy(
            "One piece of work in each row: code, name, product line, size up to, hours. Copy the five columns in Excel and"
            " paste them here; line and size may be empty."
        ),
        widget=forms.Textarea({"rows": 14, "spellcheck": "false", "class": "cells"}),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), max_length=300, required=False, widget=forms.Textarea({"rows": 2, "maxlength": 300})
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    widths = {
        "level": "half", "valid_from": "half", "hourly": "half", "travel_mode": "half", "subsidy_per_person_day": "half",
        "subsidy_over_km": "half", "lodging_cap": "half", "consumables_cap": "half", "night_flat": "half", "holiday_flat": "half",
        "short_max_km": "half", "short_min_labour": "half", **{f"factor_{source}": "half" for source in PART_FACTORS},
    }  # fmt: skip


class BandForm(Form):
    """One band; an empty row is none."""

    from_km = _km(gettext_lazy("Above"), required=False)
    up_to_km = _km(gettext_lazy("Up to"), required=False)
    flat = _amount(gettext_lazy("A trip"), required=False)
    per_km = _amount(gettext_lazy("A kilometre"), required=False)
    widths = {"from_km": "quarter", "up_to_km": "quarter", "flat": "quarter", "per_km": "quarter"}

    @property
    def is_filled(self) -> bool:
        """Whether anything stands in the row."""
        return any(self.cleaned_data.get(name) is not None for name in self.fields)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        typed_in = [name for name in self.fields if data.get(name) is not None]
        if typed_in and data.get("up_to_km") is None and "up_to_km" not in self.errors:
            self.add_error("up_to_km", gettext_lazy("Write where this band ends."))
        return data


class CardForms:
    """The amounts and their bands together; iterates over every field, so that the error summary takes it for one form."""

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None, fixed_level: bool = False) -> None:
        known = initial or {}
        self.card = CardForm(data, initial={name: value for name, value in known.items() if name != "bands"})
        if fixed_level:
            del self.card.fields["level"]
        rows: list[BandFacts] = list(known.get("bands", ()))
        names = list(BandForm.base_fields)
        self.bands = [
            BandForm(
                data,
                prefix=f"bands-{place}",
                initial={name: getattr(rows[place], name) for name in names} if place < len(rows) else {},
            )
            for place in range(max(BANDS, len(rows) + 2))
        ]

    @property
    def head(self) -> list[forms.BoundField]:
        """The fields above the bands: for whom, from when, and how work and travel are paid."""
        return [field for field in self.card.visible_fields() if field.name in HEAD]

    @property
    def rest(self) -> list[forms.BoundField]:
        """The fields below them."""
        return [field for field in self.card.visible_fields() if field.name not in HEAD]

    def all(self) -> list[Form]:
        """Every form, in the order of the page."""
        return [self.card, *self.bands]

    def __iter__(self) -> Iterator[forms.BoundField]:
        for form in self.all():
            yield from form

    @property
    def errors(self) -> dict[str, list[Any]]:
        """Errors of all forms by the field's name on the page."""
        return {form.add_prefix(name): list(found) for form in self.all() for name, found in form.errors.items()}

    def non_field_errors(self) -> Any:
        """What belongs to no field."""
        return [error for form in self.all() for error in form.non_field_errors()]

    def is_valid(self) -> bool:
        """Whether everything that was typed can be read."""
        checked = [form.is_valid() for form in self.all()]  # each of them, so that all errors show
        return all(checked)

    def facts(self) -> CardFacts:
        """What was typed, as the operation takes it; a band without a beginning begins where the one before it ends."""
        data = {name: value for name, value in self.card.cleaned_data.items() if name not in ("version", "level")}
        factors = {source: data.pop(f"factor_{source}") for source in PART_FACTORS}
        bands: list[BandFacts] = []
        for form in self._filled():
            row = form.cleaned_data
            begins = row["from_km"]
            if begins is None:
                begins = bands[-1].up_to_km if bands else Decimal(0)
            bands.append(BandFacts(begins, row["up_to_km"], row["flat"], row["per_km"]))
        return CardFacts(**data, factors=factors, bands=tuple(bands))

    def refuse(self, refusal: Refused) -> None:
        """Show a refusal at its field. Bands are counted as they were read, without empty rows."""
        kind, _dash, rest = (refusal.field or "").partition("-")
        if kind == "bands" and rest:
            number, _dash, refusal.field = rest.partition("-")
            apply_refusal(self._filled()[int(number)], refusal)
            return
        apply_refusal(self.card, refusal)

    def _filled(self) -> list[BandForm]:
        return [form for form in self.bands if form.is_filled]

    @staticmethod
    def initial_of(card: RateCard) -> dict[str, Any]:
        """The forms' values of a card."""
        names = [name for name in CardForm.base_fields if name != "hours"]
        facts = card.facts
        return {name: getattr(card, name) for name in names} | {"bands": facts.bands, "hours": facts.hours}


#: what a manufacturer's first card begins with: parts that cost the dealer nothing are paid nothing (domain.md 9.1)
FIRST = {
    f"factor_{source}": Decimal(factor) for source, factor in zip(PART_FACTORS, ("0", "0", "1.1", "1.1"), strict=True)
}
