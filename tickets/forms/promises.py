"""The form of a new version of a promise."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from core.tenancy import Viewer
from partners.queries import partnerships
from tickets.calculations.promise import Version
from tickets.enums import CityTier

_SPAN = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*[-–—~至]\s*([01]?\d|2[0-4]):([0-5]\d)")


class HoursField(forms.CharField):
    """Open hours of a working day, "8:30-12:00 13:30-18:00"; empty = day and night. Value: [["08:30", "12:00"], …] or None."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=60, **options)

    def clean(self, value: Any) -> Any:
        """Errors: ValidationError in words."""
        text = super().clean(value).translate(str.maketrans("：，、；", ":   "))
        if not text.strip():
            return None
        spans = [(int(a) * 60 + int(b), int(c) * 60 + int(d)) for a, b, c, d in _SPAN.findall(text)]
        rest = re.sub(r"[\s,;]", "", _SPAN.sub("", text))
        rising = all(start < end <= 24 * 60 for start, end in spans)
        apart = all(spans[n][1] <= spans[n + 1][0] for n in range(len(spans) - 1))
        if not spans or rest or not rising or not apart:
            raise ValidationError(
                _("Write the hours one after the other, such as 08:30-17:30 or 08:30-12:00 13:30-18:00."),
                code="invalid",
            )
        return [[f"{minute // 60:02}:{minute % 60:02}" for minute in span] for span in spans]


class PromiseForm(Form):
    """服务承诺: an answer in minutes, on site and solved in hours."""

    manufacturer = forms.ChoiceField(label=_("Manufacturer"))
    valid_from = forms.DateTimeField(
        label=_("Holds from"),
        help_text=_("For reports from then on; those before keep what was promised then."),
        widget=forms.DateTimeInput({"type": "datetime-local", "step": "60"}, format="%Y-%m-%dT%H:%M"),
    )
    response_minutes = forms.IntegerField(label=_("Answer within, minutes"), min_value=1, max_value=10_000)
    arrival_capital_hours = forms.DecimalField(
        label=_("On site within, hours: provincial capital"), min_value=0.5, max_value=1000, decimal_places=1
    )
    arrival_other_hours = forms.DecimalField(
        label=_("On site within, hours: elsewhere"), min_value=0.5, max_value=1000, decimal_places=1
    )
    solve_hours = forms.DecimalField(
        label=_("Solved within, hours"),
        required=False,
        min_value=0.5,
        max_value=10_000,
        decimal_places=1,
        help_text=_("Empty: not promised."),
    )
    response_windows = HoursField(label=_("Hours in which the answer counts"), help_text=_("Empty: day and night."))
    arrival_windows = HoursField(
        label=_("Hours in which arrival and solution count"),
        help_text=_("On working days of the Chinese calendar. Empty: day and night, holidays too."),
    )
    municipalities = forms.BooleanField(label=_("Municipalities count as capitals"), required=False, initial=True)
    whole_prefecture = forms.BooleanField(
        label=_("Counties of a capital count as the capital"), required=False, initial=True
    )
    running = forms.BooleanField(
        label=_("Work that is running gets it, too"),
        required=False,
        help_text=_("Pauses so far count on; what was met stays as it was."),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

    def __init__(self, *args: Any, viewer: Viewer, **options: Any) -> None:
        super().__init__(*args, **options)
        makers = [(maker.public_id, maker.label) for maker in partnerships.makers(viewer)]
        self.fields["manufacturer"].choices = makers  # type: ignore[attr-defined]

    def version(self) -> Version:
        """What was typed, for the operation."""
        data = self.cleaned_data

        def minutes(name: str) -> int:
            return int(data[name] * 60)

        return Version(
            valid_from=data["valid_from"],
            response_minutes=data["response_minutes"],
            arrival_capital_minutes=minutes("arrival_capital_hours"),
            arrival_other_minutes=minutes("arrival_other_hours"),
            solve_minutes=minutes("solve_hours") if data["solve_hours"] else None,
            response_windows=data["response_windows"],
            arrival_windows=data["arrival_windows"],
            solve_windows=data["arrival_windows"],
            municipalities=data["municipalities"],
            whole_prefecture=data["whole_prefecture"],
            note=data["note"],
        )


class DistrictTierForm(Form):
    """A district that counts otherwise than its city."""

    place = forms.CharField(
        label=_("City and district"),
        max_length=60,
        help_text=_("For example 长沙市浏阳市"),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    tier = forms.ChoiceField(
        label=_("Counts as"),
        choices=CityTier.choices,
        initial=CityTier.OTHER,
        widget=forms.RadioSelect({"data-big": "1"}),
    )
