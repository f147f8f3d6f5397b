"""Forms as our pages have them: plain, in the person's words, and nothing typed is ever lost.

``Form`` is the base; ``PhoneField``, ``DayField``, ``ClockField``, ``FigureField``, ``CodeField`` read what people type (core/typed.py);
``PlaceFields`` adds province, city, district and street; ``apply_refusal`` puts an operation's refusal beside its field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MinLengthValidator
from django.utils.translation import gettext_lazy as _

from core import districts, typed
from core.errors import Refused

MISSING = _("Please fill this in.")
CHOOSE = _("Please choose.")
TOO_SHORT = _("Write at least %(limit_value)d characters; it is %(show_value)d now.")
TOO_LONG = _("Write at most %(limit_value)d characters; it is %(show_value)d now.")


class Form(forms.Form):
    """Base of our forms: checks are the server's, in the reader's language, at the field and in the box on top.

    widths: field -> data-width of its widget, where a field is not the full width.
    """

    use_required_attribute = False  # the browser's own bubble stops the error summary and speaks the browser's language
    widths: ClassVar[dict[str, str]] = {}
    #: of a form of filters: fields that stand behind "More filters"
    folded: ClassVar[tuple[str, ...]] = ()

    @property
    def in_the_bar(self) -> list[forms.BoundField]:
        """The fields of filters that are always seen."""
        return [bound for bound in self.visible_fields() if bound.name not in self.folded]

    @property
    def behind(self) -> list[forms.BoundField]:
        """The fields of filters behind "More filters"."""
        return [bound for bound in self.visible_fields() if bound.name in self.folded]

    @property
    def more_in_use(self) -> bool:
        """Whether one of those narrows the list now."""
        return any(bound.value() for bound in self.behind)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            self._word(field)
            attrs = field.widget.attrs
            if name in self.widths:
                attrs.setdefault("data-width", self.widths[name])
            if field.required:
                attrs.setdefault("aria-required", "true")

    @staticmethod
    def _word(field: forms.Field) -> None:
        chosen = isinstance(field, forms.ChoiceField | forms.ModelChoiceField)
        field.error_messages["required"] = CHOOSE if chosen else MISSING
        if chosen:
            field.error_messages["invalid_choice"] = _("Choose one from the list.")
        for validator in field.validators:
            if isinstance(validator, MinLengthValidator):
                validator.message = TOO_SHORT
            elif isinstance(validator, MaxLengthValidator):
                validator.message = TOO_LONG

    def only(self, *names: str) -> list[forms.BoundField]:
        """Some of the fields in this order, for ``components/form_section.html``."""
        return [self[name] for name in names]


def apply_refusal(form: forms.Form, refusal: Refused) -> None:
    """Show an operation's refusal in the form: at its field when the form has it, else above all fields.

    Only refusals of input (422) belong there; rights, missing rows and stale pages go on to their own pages.
    """
    if refusal.status != 422:
        raise refusal
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


class _TypedField(forms.CharField):
    """A text field whose value `core.typed` reads; `wrong` says what to type."""

    wrong: Any = ""

    def __init__(self, *, widget: forms.Widget | None = None, **kwargs: Any) -> None:
        super().__init__(widget=widget or self.own_widget(), **kwargs)

    def own_widget(self) -> forms.Widget:
        return forms.TextInput()

    def read(self, text: str) -> Any:
        raise NotImplementedError

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text in self.empty_values:
            return self.nothing()
        try:
            found = self.read(text)
        except ValueError:
            raise ValidationError(self.wrong, code="invalid") from None
        self.check(found)
        return found

    def nothing(self) -> Any:
        return None

    def check(self, value: Any) -> None:
        """Raise ValidationError when the value is read but cannot be."""


class PhoneField(_TypedField):
    """A Chinese telephone number (domain.md 8.1); blanks, +86 and full-width digits are understood. Value: text."""

    wrong = _("Write a mobile number (11 digits), a landline with area code (0731-88880000) or a 400/800 number.")

    def own_widget(self) -> forms.Widget:
        return forms.TextInput({"inputmode": "tel", "autocomplete": "off", "maxlength": "30"})

    def read(self, text: str) -> str:
        return typed.phone(text)

    def nothing(self) -> str:
        return ""


class DayField(_TypedField):
    """A date; also 2026.6.3, 20260603 and 2026年6月3日. earliest, latest: limits, a function is asked at each check."""

    wrong = _("Write the date as 2026-06-03.")

    def __init__(
        self, *, earliest: date | None = None, latest: Callable[[], date] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.earliest, self.latest = earliest, latest

    def own_widget(self) -> forms.Widget:
        return forms.DateInput({"type": "date"}, format="%Y-%m-%d")

    def read(self, text: str) -> date:
        return typed.day(text)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime | date):
            return value.strftime("%Y-%m-%d")
        try:
            return typed.day(value).isoformat() if value else value  # a date input would drop what it cannot read
        except ValueError:
            return value

    def check(self, value: date) -> None:
        if self.earliest and value < self.earliest:
            raise ValidationError(_("Not before %(day)s."), params={"day": self.earliest.isoformat()}, code="early")
        if self.latest and value > self.latest():
            raise ValidationError(
                _("Not after today (%(day)s)."), params={"day": self.latest().isoformat()}, code="late"
            )


class ClockField(_TypedField):
    """A time on the clock; also 0830, 8点半. Value: a time without a day."""

    wrong = _("Write the time as 08:30.")

    def own_widget(self) -> forms.Widget:
        return forms.TimeInput({"type": "time", "step": "60"}, format="%H:%M")

    def read(self, text: str) -> time:
        return typed.clock(text)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, time):
            return value.strftime("%H:%M")
        try:
            return (
                typed.clock(value).strftime("%H:%M") if value else value
            )  # a time input would drop what it cannot read
        except ValueError:
            return value


class FigureField(_TypedField):
    """A figure with at most `places` decimals; full-width digits, thousands commas, ¥ and 元 are understood."""

    wrong = _("Write a figure, for example 12.5.")

    def __init__(
        self,
        *,
        places: int = 2,
        lowest: Decimal | None = None,
        highest: Decimal | None = None,
        unit: Any = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.places, self.lowest, self.highest = places, lowest, highest
        if unit:
            self.widget.attrs["data-unit"] = unit

    def own_widget(self) -> forms.Widget:
        return forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})

    def read(self, text: str) -> Decimal:
        return typed.number(text)

    def prepare_value(self, value: Any) -> Any:
        return format(value, "f") if isinstance(value, Decimal) else value

    def check(self, value: Decimal) -> None:
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and -exponent > self.places and value != round(value, self.places):
            raise ValidationError(_("At most %(places)d decimals."), params={"places": self.places}, code="places")
        if self.lowest is not None and value < self.lowest:
            raise ValidationError(_("Not less than %(limit)s."), params={"limit": self.lowest}, code="low")
        if self.highest is not None and value > self.highest:
            raise ValidationError(_("Not more than %(limit)s."), params={"limit": self.highest}, code="high")


class CodeField(forms.CharField):
    """A number or model as stamped on a plate: full-width signs become half-width, blanks around and doubled ones go."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"})
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return " ".join(typed.plain(super().to_python(value) or "").split())


class PlaceFields(forms.Form):
    """Province, city, district, street; a whole address typed into the street is cut into its levels.

    The list of districts helps typing and never limits it. Put the first three inside
    ``<div data-districts data-url="{% url "equipment:districts" %}">``: static/js/districts.js offers the names.
    place_optional: True where the address may come later.
    """

    place_optional: ClassVar[bool] = False

    province = forms.CharField(label=_("Province"), max_length=20, required=False)
    city = forms.CharField(label=_("City"), max_length=30, required=False)
    district = forms.CharField(label=_("District or county"), max_length=30, required=False)
    address = forms.CharField(
        label=_("Street and number"), min_length=5, max_length=100, required=False
    )  # domain.md 8.1

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for level in ("province", "city", "district"):
            self.fields[level].widget.attrs |= {"data-level": level, "autocomplete": "off", "data-width": "third"}
        if not self.place_optional:
            for name in ("province", "city", "address"):
                self.fields[name].required = True
                self.fields[name].widget.attrs["aria-required"] = "true"

    def full_clean(self) -> None:
        """Before the checks: what the street tells of province, city and district goes to its fields."""
        if self.is_bound:
            self.data = self._cut(self.data)
        super().full_clean()

    def _cut(self, data: Any) -> Any:
        names = {level: self.add_prefix(level) for level in ("province", "city", "district", "address")}
        given = {level: str(data.get(name, "")).strip() for level, name in names.items()}
        chosen = given["province"] + given["city"] + given["district"]
        separate = bool(given["province"] and given["city"])
        found = districts.find(chosen if separate else chosen + given["address"])
        if not (found.province and found.city) or (separate and found.rest):
            return data
        changed = data.copy()
        for level in ("province", "city", "district"):
            changed[names[level]] = getattr(found, level) or given[level]
        if not separate:
            changed[names["address"]] = found.rest
        return changed


def choices_of(words: Iterable[str], *, first: Any = "–") -> list[tuple[str, Any]]:
    """Choices whose value is their word (dictionaries), with an empty first one."""
    return [("", first), *((word, word) for word in words)]
