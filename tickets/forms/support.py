"""Forms of requests for support and of solved cases (domain.md 7)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.calendars import local_date
from core.forms import DayField, FigureField, Form
from core.tenancy import Viewer
from partners.enums import Department
from partners.models import Contact
from partners.queries import deputies, people
from tickets.calculations import readings
from tickets.enums import EscalationReason, EscalationState, MachineFamily, ReadingCode, WantedSupport
from tickets.forms.partner_filters import PartnerFilters
from tickets.models import Escalation, Photo, TicketMachine
from tickets.queries import escalations

POOR = gettext_lazy(
    "“Broken” or “does not turn” alone does not help anybody. Write what is seen and measured, for example: "
    "“noise at the drive end, 78 ℃ at the bearing, currents 28/29/35 A”."
)


class EscalationForm(Form):
    """What the dealer writes. then: "save" keeps a draft, "submit" sends it: only then is all asked for that is wanted."""

    widths: ClassVar[dict[str, str]] = {
        "reason": "half", "wanted": "half", "batch": "half", "down_hours": "half", "wanted_by": "half", "machine": "half",
    }  # fmt: skip

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.ChoiceField(label=gettext_lazy("Why you ask"), choices=EscalationReason.choices)
    phenomenon = forms.CharField(
        label=gettext_lazy("What happens"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3, "maxlength": 500}),
        help_text=gettext_lazy("What is seen, heard and measured, and since when."),
    )
    checked = forms.CharField(
        label=gettext_lazy("What was checked already"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2, "maxlength": 500}),
    )
    machine = forms.TypedChoiceField(label=gettext_lazy("Machine"), coerce=int, required=False)
    batch = forms.CharField(label=gettext_lazy("Batch"), max_length=30, required=False)
    down_hours = FigureField(
        label=gettext_lazy("Standing still for"),
        required=False,
        places=1,
        lowest=Decimal(0),
        highest=Decimal(9999),
        unit="h",
    )
    wanted = forms.ChoiceField(label=gettext_lazy("Support that is wanted"), choices=WantedSupport.choices)
    wanted_by = forms.DateTimeField(
        label=gettext_lazy("Wanted by"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local", "step": "60"}, format="%Y-%m-%dT%H:%M"),
    )
    photos = forms.MultipleChoiceField(
        label=gettext_lazy("Photos of what is seen"), required=False, widget=forms.CheckboxSelectMultiple
    )
    to = forms.ChoiceField(label=gettext_lazy("To whom"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        machines: Sequence[TicketMachine],
        photos: Sequence[Photo],
        contacts: Sequence[Contact],
        draft: Escalation | None,
        new_photos: int = 0,
    ) -> None:
        self.machines, self.new_photos = list(machines), new_photos
        super().__init__(data, initial=_initial(draft, machines, photos))
        today = local_date(timezone.now())
        self.fields["machine"].choices = [(m.pk, f"{m.model} {m.serial_number}".strip()) for m in machines]  # type: ignore[attr-defined]
        if len(machines) < 2:
            self.fields["machine"].widget = forms.HiddenInput()
        self.fields["photos"].choices = [(photo.public_id, _picture(photo)) for photo in photos]  # type: ignore[attr-defined]
        self.fields["to"].choices = [("", _("whoever is there"))] + [  # type: ignore[attr-defined]
            (contact.public_id, deputies.contact_words(contact, today)) for contact in contacts
        ]
        if not contacts:
            del self.fields["to"]
        self._add_readings(draft)

    def _add_readings(self, draft: Escalation | None) -> None:
        families = {readings.family_of(machine.product_type) for machine in self.machines} or {MachineFamily.OTHER}
        for family in sorted(families):
            for reading in readings.READINGS[family]:
                name = f"r_{reading.code}"
                if name in self.fields:
                    continue
                attrs = {"data-width": "half", "data-unit": reading.unit} if reading.unit else {}
                if reading.unit:
                    attrs["inputmode"] = "decimal"
                field = forms.CharField(
                    label=ReadingCode(reading.code).label, max_length=100, required=False, widget=forms.TextInput(attrs)
                )
                self.fields[name] = field
                if draft is not None:
                    self.initial[name] = draft.readings.get(reading.code, "")

    @property
    def reading_fields(self) -> list[forms.BoundField]:
        """The checklist's fields, in the order of the table."""
        return [self[name] for name in self.fields if name.startswith("r_")]

    @property
    def family(self) -> str:
        """Of the machine that is chosen."""
        chosen = self.cleaned_data.get("machine")
        machine = next((m for m in self.machines if m.pk == chosen), self.machines[0] if self.machines else None)
        return readings.family_of(machine.product_type) if machine else MachineFamily.OTHER

    def clean(self) -> dict[str, Any]:
        """For sending: words that say something, the readings of this kind of machine, one photo."""
        data = super().clean() or self.cleaned_data
        if self.data.get("then") != "submit":
            return data
        if "phenomenon" in data and readings.says_too_little(data["phenomenon"]):
            self.add_error("phenomenon", str(POOR))
        for code in readings.missing(self.family, self._readings()):
            self.add_error(f"r_{code}", _("Please fill this in: nobody can judge from afar without it."))
        if not data.get("photos") and not self.new_photos:
            self.add_error("photos", _("At least one photo: choose one, or take one below."))
        return data

    def _readings(self) -> dict[str, str]:
        return {name[2:]: value for name, value in self.cleaned_data.items() if name.startswith("r_")}

    def facts(self, more_photos: Sequence[str]) -> dict[str, Any]:
        """The values of `Facts` (tickets.operations.escalate). more_photos: public ids of those that came with the form."""
        data = self.cleaned_data
        names = ("phenomenon", "reason", "checked", "batch", "down_hours", "wanted", "wanted_by")
        return {name: data[name] for name in names} | {
            "readings": self._readings(),
            "machine": data.get("machine") or 0,
            "photos": [*data["photos"], *more_photos],
        }


def _picture(photo: Photo) -> str:
    source = reverse("tickets:photo_thumb", args=[photo.public_id])
    return format_html(
        '<img src="{}" alt="" width="72" height="72" loading="lazy"> {}', source, photo.get_slot_display()
    )


def _initial(draft: Escalation | None, machines: Sequence[TicketMachine], photos: Sequence[Photo]) -> dict[str, Any]:
    first = machines[0] if machines else None
    if draft is None:
        return {"batch": first.batch if first else "", "machine": first.pk if first else None, "version": 0}
    names = ("version", "reason", "phenomenon", "checked", "batch", "down_hours", "wanted", "wanted_by")
    chosen = next((m.pk for m in machines if (m.model, m.serial_number) == (draft.model, draft.serial_number)), None)
    return {name: getattr(draft, name) for name in names} | {
        "machine": chosen or (first.pk if first else None),
        "photos": [photo.public_id for photo in photos if photo.pk in draft.photo_ids],
    }


class SupportForm(Form):
    """A form about one escalation, as one viewer sees it. version: of the page, so that a stale one is noticed."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, viewer: Viewer, escalation: Escalation, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": escalation.version, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.viewer, self.escalation = viewer, escalation
        self.prepare()

    def prepare(self) -> None:
        """Choices that depend on viewer and escalation."""

    def arguments(self) -> dict[str, Any]:
        """What the operation takes, by its own names."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def _words(label: Any, *, required: bool = True, length: int = 200, rows: int = 2) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=length, required=required, widget=forms.Textarea({"rows": rows, "maxlength": length})
    )


class PlainSupportForm(SupportForm):
    """Nothing to fill in."""


class WhySupportForm(SupportForm):
    """A reason."""

    reason = _words(gettext_lazy("Reason"))


class SolvedForm(SupportForm):
    """What helped."""

    note = _words(gettext_lazy("What helped"), required=False)


class ForwardForm(SupportForm):
    """One person of headquarters, and a word to him."""

    to = forms.ChoiceField(label=gettext_lazy("To whom"), widget=forms.RadioSelect)
    note = _words(gettext_lazy("Note for him"), required=False)

    def prepare(self) -> None:
        today = local_date(timezone.now())
        shown = deputies.contacts(self.viewer, self.escalation.manufacturer_id)
        self.fields["to"].choices = [(one.public_id, deputies.contact_words(one, today)) for one in shown]  # type: ignore[attr-defined]
        if not shown:
            self.fields["to"].help_text = _(
                "Headquarters shows no contacts yet; its administrator does that under People."
            )


class PassOnForm(SupportForm):
    """One colleague, at headquarters also of another department."""

    to = forms.ChoiceField(label=gettext_lazy("To whom"), widget=forms.RadioSelect)
    note = _words(gettext_lazy("Note for him"), required=False)

    def prepare(self) -> None:
        today = local_date(timezone.now())
        able = people.colleagues(self.viewer, people.me(self.viewer))
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            (person.public_id, deputies.colleague_words(self.viewer, person, today)) for person in able
        ]


class AnswerForm(SupportForm):
    """Never text alone: next step, who does it, until when."""

    widths: ClassVar[dict[str, str]] = {"next_person": "half", "next_on": "half"}

    text = _words(gettext_lazy("Answer"), length=1000, rows=5)
    next_step = forms.CharField(label=gettext_lazy("Next step"), max_length=200)
    next_person = forms.CharField(label=gettext_lazy("Who does it"), max_length=60)
    next_on = DayField(label=gettext_lazy("Until when"))

    def prepare(self) -> None:
        self.fields["text"].widget.attrs["autofocus"] = True
        self.fields["next_person"].initial = self.viewer.name


class MergeSupportForm(SupportForm):
    """Another open request of the same dealer."""

    target = forms.ChoiceField(label=gettext_lazy("The other request"), widget=forms.RadioSelect)
    reason = _words(gettext_lazy("Reason"))

    def prepare(self) -> None:
        others = escalations.mergeable(self.viewer, self.escalation)
        self.fields["target"].choices = [  # type: ignore[attr-defined]
            (one.public_id, f"{one.number} · {one.model} · {one.phenomenon[:40]}") for one in others
        ]
        if not others:
            self.fields["target"].help_text = _("This dealer has no other open request.")


class CaseForm(SupportForm):
    """A case for everybody of the network: nobody's name."""

    widths: ClassVar[dict[str, str]] = {"product_type": "half", "model": "half"}

    product_type = forms.CharField(label=gettext_lazy("Product type"), max_length=40)
    model = forms.CharField(label=gettext_lazy("Model"), max_length=60, required=False)
    fault = _words(gettext_lazy("Fault"))
    cause = _words(gettext_lazy("Cause"), required=False, length=500)
    cure = _words(gettext_lazy("What helps"), length=1000, rows=4)

    def prepare(self) -> None:
        row = self.escalation
        last = escalations.answers(self.viewer, row)[:1]
        for name, value in {
            "product_type": row.product_type, "model": row.model, "fault": row.phenomenon[:200], "cure": last[0].text if last else "",
        }.items():  # fmt: skip
            self.fields[name].initial = value


STATES = [
    ("open", gettext_lazy("all open")),
    *EscalationState.choices,
    ("all", gettext_lazy("all")),
]


class EscalationFilters(PartnerFilters):
    """What narrows the list of requests for support."""

    begins: ClassVar[dict[str, str]] = {"state": "open"}
    field_order = ("q", "state", "level", "department", "reason", "partner")

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        widget=forms.TextInput(
            {"type": "search", "placeholder": gettext_lazy("Number, customer, model, serial number")}
        ),
    )
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False, choices=STATES)
    level = forms.ChoiceField(
        label=gettext_lazy("Whose turn"),
        required=False,
        choices=[
            ("", gettext_lazy("all")),
            ("dealer", gettext_lazy("dealer")),
            ("office", gettext_lazy("regional office")),
            ("hq", gettext_lazy("headquarters")),
        ],
    )
    department = forms.ChoiceField(
        label=gettext_lazy("Department"),
        required=False,
        choices=[("", gettext_lazy("all")), *((one.value, one.label) for one in Department if one.value)],
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Why"), required=False, choices=[("", gettext_lazy("all")), *EscalationReason.choices]
    )
    folded: ClassVar[tuple[str, ...]] = ("reason", "partner")

    def facts(self) -> escalations.Filters:
        """The filters as the query takes them; nonsense in the address narrows nothing."""
        return escalations.Filters(**self.chosen())


class CaseFilters(Form):
    """What solved cases are found by."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        widget=forms.TextInput({"type": "search", "placeholder": gettext_lazy("Words of fault and cure")}),
    )
    product_type = forms.CharField(label=gettext_lazy("Product type"), required=False, max_length=40)
    model = forms.CharField(label=gettext_lazy("Model"), required=False, max_length=60)
