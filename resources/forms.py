"""The shape of what is typed about duty (domain.md 14)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import Any, ClassVar

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.calendars import local
from core.forms import CHOOSE, ClockField, DayField, Form, PhoneField
from core.tenancy import Viewer
from partners.models import Person
from partners.queries import people
from resources.enums import ShiftKind
from resources.models import DutySettings, DutyShift
from resources.queries.planning import MOST_WEEKS, Rotation, WeekCopy
from resources.queries.words import shift_words

EARLIEST = date(2000, 1, 1)
PLANNED_KINDS = [choice for choice in ShiftKind.choices if choice[0] != ShiftKind.CUSTOM]
PLACES = 8  # people of a rotation


def _named(members: Iterable[Person], *, first: Any = "–") -> list[tuple[str, Any]]:
    return [("", first), *((person.public_id, person.name) for person in members)]


class ShiftForm(Form):
    """One shift. Empty times are those of its kind."""

    day = DayField(label=gettext_lazy("Day"), earliest=EARLIEST)
    kind = forms.ChoiceField(
        label=gettext_lazy("Shift"), choices=ShiftKind.choices, initial=ShiftKind.DAY, widget=forms.RadioSelect({"data-big": True})
    )  # fmt: skip
    starts = ClockField(
        label=gettext_lazy("Begins at"),
        required=False,
        help_text=gettext_lazy("Empty: its usual hours"),
    )
    ends = ClockField(
        label=gettext_lazy("Ends at"),
        required=False,
        help_text=gettext_lazy("Not later: on the next day"),
    )
    person = forms.ChoiceField(label=gettext_lazy("Main duty"))
    deputy = forms.ChoiceField(label=gettext_lazy("Deputy"), required=False)
    leader = forms.ChoiceField(label=gettext_lazy("Leader on duty"), required=False)
    phone = PhoneField(
        label=gettext_lazy("Number to call"), required=False, help_text=gettext_lazy("Empty: his own number")
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("Hand-over note"), required=False, max_length=500, widget=forms.Textarea({"rows": 3})
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    widths: ClassVar[dict[str, str]] = {
        "day": "third", "starts": "third", "ends": "third", "person": "third", "deputy": "third", "leader": "third", "phone": "third",
    }  # fmt: skip
    field_order = ("kind", "day", "starts", "ends", "person", "deputy", "leader", "phone", "note")

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = people.members(viewer)
        fields: Any = self.fields
        fields["person"].choices = _named(members, first=_("Please choose"))
        fields["deputy"].choices = fields["leader"].choices = _named(members)

    def facts(self) -> dict[str, Any]:
        """The values of ShiftFacts."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    @staticmethod
    def initial_of(shift: DutyShift, settings: DutySettings) -> dict[str, Any]:
        """The form's values of a shift; needs its people.

        Its times are left empty while they are those of its kind, so that another kind brings its own hours along.
        """
        hours: tuple[time | None, time | None] = (local(shift.starts_at).time(), local(shift.ends_at).time())
        if shift.kind != ShiftKind.CUSTOM and hours == settings.hours_of(shift.kind):
            hours = (None, None)
        return {
            "day": shift.day,
            "kind": shift.kind,
            "starts": hours[0],
            "ends": hours[1],
            "person": shift.person.public_id,
            "deputy": shift.deputy.public_id if shift.deputy else "",
            "leader": shift.leader.public_id if shift.leader else "",
            "phone": shift.phone,
            "note": shift.note,
            "version": shift.version,
        }


class InOrder(forms.SelectMultiple):
    """Several selects of one name under each other: who is chosen first comes first. Works without JavaScript, by keyboard, on a phone."""

    template_name = "resources/in_order.html"
    use_fieldset = True

    def __init__(self, places: int, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.places = places

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Each place with its choices and the one that is chosen."""
        context = super().get_context(name, value, attrs)
        chosen = [str(item) for item in value or ()]
        options = [(str(key), label) for key, label in self.choices]
        places = max(min(self.places, len(options)), len(chosen))
        context["widget"]["places"] = [
            {"number": n + 1, "chosen": chosen[n] if n < len(chosen) else "", "options": options} for n in range(places)
        ]
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """Who was chosen, in order, without empty places."""
        given = data.getlist(name) if isinstance(data, MultiValueDict) else data.get(name) or []
        return [item for item in given if item]


class RotationForm(Form):
    """People in order, kinds of shifts, days."""

    people = forms.MultipleChoiceField(
        label=gettext_lazy("People, in the order of their turns"), widget=InOrder(PLACES)
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Shifts"), choices=PLANNED_KINDS, initial=[ShiftKind.WHOLE], widget=forms.CheckboxSelectMultiple
    )  # fmt: skip
    first = DayField(label=gettext_lazy("From"), earliest=EARLIEST)
    last = DayField(label=gettext_lazy("Until"), earliest=EARLIEST)
    days_each = forms.IntegerField(
        label=gettext_lazy("Days each"), min_value=1, max_value=31, initial=1,
        help_text=gettext_lazy("Then the next one comes"),
    )  # fmt: skip
    deputies = forms.BooleanField(label=gettext_lazy("Deputy is who comes next in the order"), required=False)

    widths: ClassVar[dict[str, str]] = {"first": "third", "last": "third", "days_each": "third"}
    field_order = ("first", "last", "days_each", "kinds", "people", "deputies")

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = [(p.public_id, p.name) for p in people.members(viewer)]  # type: ignore[attr-defined]  # a ChoiceField

    def facts(self) -> Rotation:
        """The values as the query takes them."""
        data = self.cleaned_data
        return Rotation(
            tuple(data["people"]), tuple(data["kinds"]), data["first"], data["last"], data["days_each"], data["deputies"]
        )  # fmt: skip


class CopyForm(Form):
    """A week and where it is copied to; any day of a week stands for the week."""

    of = DayField(
        label=gettext_lazy("Copy the week of"), earliest=EARLIEST, help_text=gettext_lazy("Any day of the week, Monday to Sunday")
    )  # fmt: skip
    into = DayField(label=gettext_lazy("Into the week of"), earliest=EARLIEST)
    weeks = forms.IntegerField(
        label=gettext_lazy("Number of weeks"), min_value=1, max_value=MOST_WEEKS, initial=1,
        help_text=gettext_lazy("So many weeks in a row get the same roster"),
    )  # fmt: skip

    widths: ClassVar[dict[str, str]] = {"of": "third", "into": "third", "weeks": "third"}

    def facts(self) -> WeekCopy:
        """The values as the query takes them."""
        return WeekCopy(**self.cleaned_data)


class SettingsForm(Form):
    """Hours of each kind of shift, and who else may know who is on duty."""

    day_from = ClockField(label=gettext_lazy("Day shift from"))
    day_to = ClockField(label=gettext_lazy("Until"))
    night_from = ClockField(label=gettext_lazy("Night shift from"))
    night_to = ClockField(label=gettext_lazy("Until"))
    whole_from = ClockField(label=gettext_lazy("Whole day from"))
    whole_to = ClockField(label=gettext_lazy("Until"))
    shows_makers = forms.BooleanField(
        label=gettext_lazy("Offices and headquarters of our partners see who is on duty"), required=False
    )
    shows_public = forms.BooleanField(
        label=gettext_lazy("Customers see who is on duty, on pages behind QR codes and links"), required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    widths: ClassVar[dict[str, str]] = dict.fromkeys(
        ("day_from", "day_to", "night_from", "night_to", "whole_from", "whole_to"), "half"
    )

    def hours(self) -> dict[str, tuple[time, time]]:
        """The values of Hours."""
        data = self.cleaned_data
        return {kind: (data[f"{kind}_from"], data[f"{kind}_to"]) for kind in ("day", "night", "whole")}

    @classmethod
    def initial_of(cls, row: DutySettings) -> dict[str, Any]:
        """The form's values of the settings; version 0 when nothing was saved yet."""
        return {name: getattr(row, name) for name in cls.base_fields} | {"version": row.version if row.pk else 0}


class SwapForm(Form):
    """Whom somebody asks to take his shift, and for which of the colleague's in exchange."""

    colleague = forms.ChoiceField(label=gettext_lazy("Whom do you ask?"), required=False)
    other = forms.ChoiceField(
        label=gettext_lazy("In exchange for his shift"), required=False,
        help_text=gettext_lazy("Leave it empty if he only takes yours over"),
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("Note to the colleague"), required=False, max_length=200, widget=forms.Textarea({"rows": 2})
    )

    widths: ClassVar[dict[str, str]] = {"colleague": "half", "other": "half"}

    def __init__(self, *args: Any, viewer: Viewer, others: Sequence[DutyShift] = (), **kwargs: Any) -> None:
        """others: the colleagues' coming shifts, with their people."""
        super().__init__(*args, **kwargs)
        members = [person for person in people.members(viewer) if person.pk != viewer.person_id]
        fields: Any = self.fields
        fields["colleague"].choices = _named(members, first=_("Please choose"))
        fields["colleague"].widget.attrs["data-wanted"] = "1"  # it may be left out only where a shift names him
        fields["other"].choices = [
            ("", "–"), *((shift.public_id, f"{shift_words(shift)} {shift.person.name}") for shift in others)
        ]  # fmt: skip
        self._mains = {shift.public_id: shift.person.public_id for shift in others}

    def clean(self) -> dict[str, Any]:
        """Whose shift is taken in exchange is asked; else somebody has to be chosen."""
        data = super().clean() or self.cleaned_data
        if not data.get("colleague"):
            data["colleague"] = self._mains.get(data.get("other", ""), "")
            if not data["colleague"] and "colleague" not in self.errors:
                self.add_error("colleague", CHOOSE)
        return data


class ReasonForm(Form):
    """Why the desk decides."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, widget=forms.Textarea({"rows": 2}))


class ShiftFilters(Form):
    """Which days of the roster: shifts that begin from the first to the last one."""

    first = DayField(label=gettext_lazy("From"), required=False, earliest=EARLIEST)
    last = DayField(label=gettext_lazy("Until"), required=False, earliest=EARLIEST)
