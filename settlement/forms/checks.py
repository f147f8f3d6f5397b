"""The settings of one automatic check as a form (domain.md 9.3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from core.forms import FigureField, Form
from core.money import ZERO
from settlement.calculations.check_facts import Settings
from settlement.calculations.check_settings import PARAMS
from settlement.enums import CheckCode, CheckOutcome
from settlement.queries.checks import LABELS

HUNDRED = Decimal(100)
#: months back that a trial may look
MONTHS = (1, 3, 6, 12)


def _whole(most: int, *, least: int = 0) -> Callable[..., forms.Field]:
    return lambda **more: forms.IntegerField(min_value=least, max_value=most, **more)


def _figure(highest: str, *, places: int = 2) -> Callable[..., forms.Field]:
    return lambda **more: FigureField(places=places, lowest=ZERO, highest=Decimal(highest), **more)


def _outcome(*offered: CheckOutcome) -> Callable[..., forms.Field]:
    return lambda **more: forms.ChoiceField(choices=[(one.value, one.label) for one in offered], **more)


#: the field of each setting
FIELDS: dict[str, Callable[..., forms.Field]] = {
    "unauthorised": _outcome(CheckOutcome.REFUSE, CheckOutcome.RETURN, CheckOutcome.MANUAL),
    "without_policy": _outcome(CheckOutcome.RETURN, CheckOutcome.MANUAL),
    "long_km": _figure("99999", places=1),
    "authorise_above": _figure("999999999"),
    "submit_days": _whole(366, least=1),
    "warn_days": _whole(366, least=1),
    "meter_hours_a_day": _figure("24", places=1),
    "duplicate_days": _whole(366),
    "repeat_days": _whole(366),
    "old_part_months": _whole(36),
    "amount": _figure("999999999"),
    "km_over": _figure("100", places=1),
    "people": _whole(50, least=1),
    "position_m": _whole(100_000),
    "low_amount": _figure("999999999"),
    "trusted": lambda **more: forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, **more),
}
OPTIONAL = {"authorise_above", "trusted"}


class CheckForm(Form):
    """On or off, the figures of the check, and how far back a trial looks. ties: (public id, dealer) of the partnerships that hold."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    is_on = forms.BooleanField(label=gettext_lazy("Switched on"), required=False)

    def __init__(
        self, data: Any = None, *, code: CheckCode, settings: Settings, ties: Sequence[tuple[str, str]], version: int
    ) -> None:
        self.names = PARAMS.get(code, ())
        first: dict[str, Any] = {"version": version, "is_on": code in settings.on, "months": 3}
        super().__init__(data, initial=first)
        for name in self.names:
            label, unit = LABELS[name]
            field = FIELDS[name](label=label, required=name not in OPTIONAL)
            if unit:
                field.widget.attrs["data-unit"] = unit
            self.fields[name] = field
            self.initial[name] = self._typed(name, getattr(settings, name))
        if "trusted" in self.names:
            self.fields["trusted"].choices = list(ties)  # type: ignore[attr-defined]
        if "authorise_above" in self.names:
            self.fields["authorise_above"].help_text = gettext_lazy("Empty: no amount wants one.")
        self.fields["months"] = forms.TypedChoiceField(
            label=gettext_lazy("Try it on the claims of the last months"),
            coerce=int,
            choices=[(months, str(months)) for months in MONTHS],
            help_text=gettext_lazy("A trial changes nothing."),
        )

    @staticmethod
    def _typed(name: str, value: Any) -> Any:
        if name == "km_over":
            return value * HUNDRED
        return list(value) if isinstance(value, frozenset) else value

    def params(self) -> dict[str, Any]:
        """The figures, as `Settings` has them."""
        got = {name: self.cleaned_data[name] for name in self.names}
        for name, value in got.items():
            if name == "km_over":
                got[name] = value / HUNDRED
            elif name == "trusted":
                got[name] = frozenset(value)
            elif name in ("unauthorised", "without_policy"):
                got[name] = CheckOutcome(value)
        return got
