"""The service slip as a form (表7-27; domain.md 8.1): five parts, several fault lines and parts, all of it a draft at any time.

A draft keeps what can be read and leaves the rest in the form: nothing is obligatory before the slip is handed in, then
`calculations.slip_checks` says what is missing and `explain.slip_problems` says it in words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from itertools import zip_longest
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.calendars import local, local_date
from core.dictionaries import lists, words
from core.forms import CodeField, DayField, FigureField, Form, PhoneField, choices_of
from core.models.dictionary import DictionaryKind
from core.tenancy import Viewer
from equipment.enums import PartSource, Responsibility
from tickets.calculations.slip_checks import LEAST
from tickets.enums import REPLACING, PhotoSlot, Rating, SignatureKind, Treatment, WarrantyTick
from tickets.forms.field import when
from tickets.models import FaultLine, PartLine, Photo, Slip, TicketMachine
from tickets.queries import phrases, slips

MOST_FAULTS, MOST_PARTS = 20, 40
#: stands for the number of a line in the pattern that slip.js copies
NEW = "__n__"

_LINE = re.compile(r"^(faults|parts)-(\d{1,3})-")


class DraftForm(Form):
    """Part of a draft. `required` marks what the finished slip needs; while it is written, nothing has to be there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() & LEAST.keys():  # for the phone that checks without signal
            self.fields[name].widget.attrs["data-least"] = LEAST[name]

    def full_clean(self) -> None:
        """Check what is typed; an empty field is no error of a draft."""
        super().full_clean()
        if not self.is_bound:
            return
        for name, errors in list(self.errors.items()):
            if {error.code for error in errors.as_data()} == {"required"}:
                del self.errors[name]
                field = self.fields[name]
                self.cleaned_data[name] = field.nothing() if hasattr(field, "nothing") else field.to_python("")

    def read(self, name: str, otherwise: Any = None) -> Any:
        """What was typed, or `otherwise` when it cannot be read."""
        return self.cleaned_data.get(name, otherwise)


class SlipForm(DraftForm):
    """The slip itself."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    contact = forms.CharField(label=gettext_lazy("Contact"), max_length=20)
    phone = PhoneField(label=gettext_lazy("Telephone"))
    address = forms.CharField(label=gettext_lazy("Address"), max_length=180)
    arrived_at = when(gettext_lazy("Arrived on site"))
    left_at = when(
        gettext_lazy("Time of leaving the site"),
        required=False,
        help_text=gettext_lazy("Empty: when you hand the slip in."),
    )
    times_reason = forms.CharField(
        label=gettext_lazy("Why the times were changed"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Times of the check-in count unless you say why they are wrong."),
    )
    people = forms.IntegerField(
        label=gettext_lazy("People on site"),
        min_value=1,
        max_value=10,
        widget=forms.NumberInput({"inputmode": "numeric", "min": 1, "max": 10, "data-unit": gettext_lazy("people")}),
    )
    hours = FigureField(
        label=gettext_lazy("Service hours"), required=False, places=1, highest=Decimal(200), unit=gettext_lazy("hours")
    )
    long_stay = forms.BooleanField(label=gettext_lazy("Yes, longer than 24 hours"), required=False)
    km = FigureField(
        label=gettext_lazy("Distance one way"),
        required=False,
        places=1,
        lowest=Decimal(0),
        highest=Decimal(99999),
        unit=gettext_lazy("km"),
    )
    nights = forms.IntegerField(
        label=gettext_lazy("Nights away"),
        required=False,
        min_value=0,
        max_value=60,
        widget=forms.NumberInput({"inputmode": "numeric", "min": 0}),
    )
    in_warranty = forms.ChoiceField(
        label=gettext_lazy("In warranty"),
        choices=WarrantyTick.choices,
        widget=forms.RadioSelect({"data-big": "1"}),
        help_text=gettext_lazy("Undecided prints both boxes empty."),
    )
    warranty_reason = forms.CharField(
        label=gettext_lazy("Why the tick differs from the computed result"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Read by office and manufacturer, never printed."),
        widget=forms.TextInput({"autocomplete": "off", "data-least": 2}),
    )
    conditions = forms.MultipleChoiceField(
        label=gettext_lazy("Operating conditions"), required=False, widget=forms.CheckboxSelectMultiple
    )
    conditions_note = forms.CharField(
        label=gettext_lazy("Operating conditions, more"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"placeholder": gettext_lazy("Voltage, temperature, load, starts per hour…")}),
    )
    other_service = forms.CharField(
        label=gettext_lazy("Other service"),
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 2, "data-phrases": "培训操作工|顺检其他设备|校对联轴器"}),
    )
    parts_fee = FigureField(
        label=gettext_lazy("Parts fee"),
        required=False,
        lowest=Decimal(0),
        highest=Decimal("99999999"),
        unit=gettext_lazy("yuan"),
    )
    labour_fee = FigureField(
        label=gettext_lazy("Labour fee"),
        required=False,
        lowest=Decimal(0),
        highest=Decimal("99999999"),
        unit=gettext_lazy("yuan"),
    )

    widths = {
        "contact": "half",
        "phone": "half",
        "arrived_at": "half",
        "left_at": "half",
        "people": "quarter",
        "hours": "quarter",
        "km": "quarter",
        "nights": "quarter",
        "parts_fee": "half",
        "labour_fee": "half",
    }


class MachineForm(DraftForm):
    """What the nameplate of one machine says, or why it says nothing."""

    serial_number = CodeField(label=gettext_lazy("Serial number"), max_length=40)
    ex_factory_on = DayField(
        label=gettext_lazy("Ex-factory date"),
        earliest=date(2000, 1, 1),  # domain.md 8.1
        latest=lambda: local_date(timezone.now()),
    )
    unknown_reason = forms.CharField(
        label=gettext_lazy("Unknown, because"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Only where the nameplate cannot be read."),
        widget=forms.TextInput({"autocomplete": "off", "data-phrases": "铭牌锈蚀看不清|铭牌缺失|设备内部无法查看"}),
    )
    widths = {"serial_number": "half", "ex_factory_on": "half"}
    row: TicketMachine


class FaultForm(DraftForm):
    """One fault line: per model and diagnosis, with the machines it covers."""

    machines = forms.MultipleChoiceField(
        label=gettext_lazy("Machines"), widget=forms.CheckboxSelectMultiple, required=False
    )
    reported = forms.CharField(
        label=gettext_lazy("Reported fault"), max_length=200, widget=forms.Textarea({"rows": 2, "maxlength": 200})
    )
    diagnosis = forms.CharField(
        label=gettext_lazy("Diagnosed fault"),
        max_length=300,
        help_text=gettext_lazy("Symptom and readings: current, temperature, vibration, pressure."),
        widget=forms.Textarea({"rows": 2, "maxlength": 300}),
    )
    fault_part = forms.ChoiceField(label=gettext_lazy("Faulty part"), required=False)
    symptom = forms.ChoiceField(label=gettext_lazy("Symptom"), required=False)
    cause = forms.CharField(
        label=gettext_lazy("Cause"), max_length=200, widget=forms.Textarea({"rows": 1, "maxlength": 200})
    )
    responsibility = forms.ChoiceField(
        label=gettext_lazy("Responsibility"), choices=[("", "–"), *Responsibility.choices]
    )
    solution = forms.CharField(
        label=gettext_lazy("Solution"), max_length=500, widget=forms.Textarea({"rows": 2, "maxlength": 500})
    )
    treatment = forms.ChoiceField(
        label=gettext_lazy("Kind of treatment"),
        choices=[("", "–"), *Treatment.choices],
        widget=forms.Select({"data-treatment": "1"}),
    )
    standard_hours = FigureField(
        label=gettext_lazy("Standard hours"),
        required=False,
        places=1,
        lowest=Decimal(0),
        highest=Decimal(500),
        unit=gettext_lazy("hours"),
        help_text=gettext_lazy("From the manufacturer's list; for the settlement."),
    )
    widths = {
        "fault_part": "half",
        "symptom": "half",
        "responsibility": "half",
        "treatment": "half",
        "standard_hours": "half",
    }


class PartLineForm(DraftForm):
    """One part that was fitted. supply_photo: public id of a photo in the slot 配件."""

    code = CodeField(label=gettext_lazy("Part number"), max_length=40)
    name = forms.CharField(label=gettext_lazy("Part name"), max_length=60)
    quantity = FigureField(
        label=gettext_lazy("Quantity"), initial=Decimal(1), lowest=Decimal("0.01"), highest=Decimal(9999)
    )
    unit = forms.CharField(label=gettext_lazy("Unit"), max_length=8, required=False, initial="件")
    source = forms.ChoiceField(label=gettext_lazy("Source"), choices=[("", "–"), *PartSource.choices])
    new_serial = CodeField(label=gettext_lazy("New part's number"), max_length=40, required=False)
    old_serial = CodeField(label=gettext_lazy("Old part's number"), max_length=40, required=False)
    supply_number = CodeField(
        label=gettext_lazy("Number on the part or its box"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Obligatory for key parts, with a photo: proof of a genuine part."),
    )
    supply_photo = forms.ChoiceField(label=gettext_lazy("Photo of the part"), required=False)
    return_old = forms.BooleanField(label=gettext_lazy("Old part goes back to the manufacturer"), required=False)
    causal = forms.BooleanField(label=gettext_lazy("It caused the fault"), required=False, initial=True)
    unit_price = FigureField(
        label=gettext_lazy("Unit price"),
        required=False,
        lowest=Decimal(0),
        highest=Decimal("99999999"),
        unit=gettext_lazy("yuan"),
        help_text=gettext_lazy("For the dealer only, never printed."),
    )
    widths = {
        "code": "half",
        "name": "half",
        "quantity": "quarter",
        "unit": "quarter",
        "source": "half",
        "new_serial": "half",
        "old_serial": "half",
        "supply_number": "half",
        "supply_photo": "half",
        "return_old": "half",
        "causal": "half",
        "unit_price": "half",
    }

    @property
    def is_blank(self) -> bool:
        """Whether nothing at all was written on this line."""
        return not any(
            str(self[name].value() or "").strip() for name in ("code", "name", "supply_number", "new_serial")
        )


@dataclass(frozen=True)
class Choices:
    """What the forms offer, read once."""

    conditions: list[tuple[str, Any]]
    symptoms: list[tuple[str, Any]]
    fault_parts: list[tuple[str, Any]]
    machines: list[tuple[str, str]]
    part_photos: list[tuple[str, Any]]
    part_search: str


@dataclass
class SlipForms:
    """All forms of one slip together; iterates over every field, so that the error summary takes it for one form.

    content: what stands on the slip, as it was when the forms were made.
    """

    main: SlipForm
    machines: list[MachineForm]
    faults: list[FaultForm]
    parts: list[PartLineForm]
    content: slips.Content
    offer: Choices
    general: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def of(
        cls, viewer: Viewer, slip: Slip, *, data: Any = None, extra: str = "", content: slips.Content | None = None
    ) -> SlipForms:
        """The forms of a slip as it stands, or (data) as they were sent. extra: "faults" or "parts" adds an empty line.

        content: of the slip, when it is known already.
        """
        known = slips.content(viewer, slip) if content is None else content
        keys = known.keys
        offer = _choices(slip, known)
        if data is None:
            faults = [
                _fault_values(line.row, [keys[key] for key in line.machines if key in keys]) for line in known.faults
            ]
            shown = {photo.id: photo.public_id for photo in known.photos}
            parts = [_part_values(line, shown) for line in known.parts]
            if extra == "faults" or not faults:
                faults.append({"reported": slip.ticket.fault if not faults else ""})
            if extra == "parts":
                parts.append({})
            fault_numbers, part_numbers = list(range(len(faults))), list(range(len(parts)))
        else:
            found = {match.group(1, 2) for name in data if (match := _LINE.match(name))}
            fault_numbers = sorted(int(n) for kind, n in found if kind == "faults")[:MOST_FAULTS]
            part_numbers = sorted(int(n) for kind, n in found if kind == "parts")[:MOST_PARTS]
            faults, parts = [{} for _n in fault_numbers], [{} for _n in part_numbers]
        made_parts = [
            _part_form(number, data, initial, offer) for number, initial in zip(part_numbers, parts, strict=True)
        ]
        if data is not None:
            made_parts = [form for form in made_parts if not form.is_blank]
        return cls(
            main=_main_form(slip, data, offer),
            machines=[_machine_form(row, keys[row.id], data) for row in known.machines],
            faults=[
                _fault_form(number, data, initial, offer) for number, initial in zip(fault_numbers, faults, strict=True)
            ],
            parts=made_parts,
            content=known,
            offer=offer,
        )

    @cached_property
    def new_fault(self) -> FaultForm:
        """The pattern of a fault line, for slip.js."""
        return _fault_form(NEW, None, {}, self.offer)

    @cached_property
    def new_part(self) -> PartLineForm:
        """The pattern of a part line, for slip.js."""
        return _part_form(NEW, None, {}, self.offer)

    def offer_phrases(self, offered: phrases.Phrases) -> None:
        """Put words to tap at the fault lines."""
        for form in (*self.faults, self.new_fault):
            for name in ("diagnosis", "cause", "solution"):
                form.fields[name].widget.attrs["data-phrases"] = "|".join(getattr(offered, name)[:10])

    def all(self) -> list[DraftForm]:
        """Every form, in the order of the page."""
        return [self.main, *self.machines, *self.faults, *self.parts]

    def is_valid(self) -> bool:
        """Whether everything that was typed can be read."""
        checked = [form.is_valid() for form in self.all() if form.is_bound]  # each of them, so that all errors show
        return all(checked)

    @property
    def errors(self) -> dict[str, list[Any]]:
        """Errors of all forms by the field's name on the page."""
        found = {form.add_prefix(name): list(errors) for form in self.all() for name, errors in form.errors.items()}
        return found | {place: [text] for place, text in self.general}

    @property
    def summary(self) -> list[tuple[str, str]]:
        """For the box on top: where on the page, and what to do there."""
        found = [(bound.auto_id, f"{bound.label}: {error}") for bound in self for error in bound.errors]
        return found + self.general

    def __iter__(self) -> Iterator[forms.BoundField]:
        for form in self.all():
            yield from form

    @property
    def several_faults(self) -> bool:
        """Whether a fault line may go: one always stays."""
        return len(self.faults) > 1

    def field(self, name: str) -> forms.BoundField | None:
        """The field that `slip_checks` calls `name`; lines are counted as they were saved, without empty ones."""
        kind, _dash, rest = name.partition("-")
        lines: Mapping[str, Sequence[DraftForm]] = {
            "machines": self.machines,
            "faults": self.faults,
            "parts": self.parts,
        }
        if kind in lines and rest:
            number, _dash, name = rest.partition("-")
            form: DraftForm = lines[kind][int(number)]
        else:
            form = self.main
        return form[name] if name in form.fields else None

    def add_problem(self, name: str, text: str) -> None:
        """Show a problem at its field, unless something is wrong there already; without a field, on top and at its part."""
        found = self.field(name)
        if found is None:
            self.general.append((name or "main", text))
        elif not found.errors:
            found.form.add_error(found.name, text)


def _main_form(slip: Slip, data: Any, offer: Choices) -> SlipForm:
    names = [name for name in SlipForm.base_fields if hasattr(slip, name)]
    initial = {name: getattr(slip, name) for name in names}
    for name in ("arrived_at", "left_at"):
        moment = initial[name]
        initial[name] = local(moment).replace(second=0, microsecond=0) if moment else None
    for name in ("parts_fee", "labour_fee", "nights"):
        initial[name] = initial[name] or None
    form = SlipForm(data, initial=initial)
    form.fields["conditions"].choices = offer.conditions  # type: ignore[attr-defined]
    return form


def _machine_form(row: TicketMachine, key: str, data: Any) -> MachineForm:
    """Named by the machine, not by its place: the desk may have added or removed one since the page was opened."""
    prefix = f"machines-{key}"
    sent = data is not None and any(name.startswith(f"{prefix}-") for name in data)
    initial = {name: getattr(row, name) for name in MachineForm.base_fields}
    form = MachineForm(data if sent else None, prefix=prefix, initial=initial)
    form.row = row
    return form


def _fault_form(number: int | str, data: Any, initial: dict[str, Any], offer: Choices) -> FaultForm:
    form = FaultForm(data, prefix=f"faults-{number}", initial=initial)
    form.fields["symptom"].choices = offer.symptoms  # type: ignore[attr-defined]
    form.fields["fault_part"].choices = offer.fault_parts  # type: ignore[attr-defined]
    if len(offer.machines) > 1:
        form.fields["machines"].choices = offer.machines  # type: ignore[attr-defined]
        form.fields["machines"].required = True
    else:
        del form.fields["machines"]
    return form


def _part_form(number: int | str, data: Any, initial: dict[str, Any], offer: Choices) -> PartLineForm:
    form = PartLineForm(data, prefix=f"parts-{number}", initial=initial)
    form.fields["supply_photo"].choices = offer.part_photos  # type: ignore[attr-defined]
    form.fields["code"].widget.attrs |= {
        "hx-get": offer.part_search,
        "hx-trigger": "input changed delay:250ms",
        "hx-target": "next [role=listbox]",
    }
    return form


def _choices(slip: Slip, content: slips.Content) -> Choices:
    listed = lists(DictionaryKind.CONDITION, DictionaryKind.SYMPTOM, DictionaryKind.FAULT_PART)
    photos = [photo for photo in content.photos if photo.slot == PhotoSlot.PART and photo.round == slip.round]
    return Choices(
        conditions=[(word, word) for word in dict.fromkeys([*listed[DictionaryKind.CONDITION], *slip.conditions])],
        symptoms=choices_of(listed[DictionaryKind.SYMPTOM]),
        fault_parts=choices_of(listed[DictionaryKind.FAULT_PART]),
        machines=[(content.keys[row.id], f"{row.model} {row.serial_number}".strip()) for row in content.machines],
        part_search=reverse("tickets:slip_parts", args=[slip.public_id]),
        part_photos=[
            ("", "–"),
            *((photo.public_id, photo_label(n, photo)) for n, photo in enumerate(photos, start=1)),
        ],
    )


def photo_label(number: int, photo: Photo) -> str:
    at = local(photo.taken_at or photo.recorded_at)
    return _("Photo %(n)s of %(at)s") % {"n": number, "at": f"{at:%m-%d %H:%M}"}


def _fault_values(line: FaultLine, covered: list[str]) -> dict[str, Any]:
    return {name: getattr(line, name) for name in FaultForm.base_fields if hasattr(line, name)} | {"machines": covered}


def _part_values(line: PartLine, photos: Mapping[int, str]) -> dict[str, Any]:
    values = {name: getattr(line, name) for name in PartLineForm.base_fields if name != "supply_photo"}
    return values | {"supply_photo": photos.get(line.supply_photo_id or 0, "")}


#: values of 处理方式 after which the photo 更换后 is wanted, for slip.js
REPLACING_WORDS = " ".join(str(value) for value in REPLACING)


class SignForm(Form):
    """The customer's answer: rating, opinion, and how he confirms (domain.md 8.5)."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    rating = forms.ChoiceField(
        label=gettext_lazy("How satisfied are you with the service?"),
        choices=Rating.choices,
        widget=forms.RadioSelect({"data-big": "1"}),
    )
    opinion = forms.CharField(
        label=gettext_lazy("Your opinion"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Please tell us why when you are not satisfied."),
        widget=forms.Textarea({"rows": 2, "maxlength": 200}),
    )
    strokes = forms.CharField(label=gettext_lazy("Customer's signature"), required=False, widget=forms.HiddenInput)
    technician_strokes = forms.CharField(
        label=gettext_lazy("Technician's signature"), required=False, widget=forms.HiddenInput
    )
    signer = forms.CharField(label=gettext_lazy("Full name of the person who confirms"), required=False, max_length=20)
    confirmed = forms.BooleanField(label=gettext_lazy("I confirm that what is written above was done."), required=False)

    @property
    def kind(self) -> SignatureKind:
        """Drawn when there are strokes, by name when the box is ticked, else none."""
        if self.cleaned_data.get("strokes"):
            return SignatureKind.DRAWN
        return SignatureKind.TYPED if self.cleaned_data.get("confirmed") else SignatureKind.NONE


class PaperSignForm(Form):
    """What the customer wrote on the paper: rating, opinion, name, day (domain.md 8.1)."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    rating = forms.ChoiceField(
        label=gettext_lazy("customer's rating"), choices=Rating.choices, widget=forms.RadioSelect({"data-big": "1"})
    )
    opinion = forms.CharField(
        label=gettext_lazy("customer's opinion"),
        required=False,
        max_length=200,
        widget=forms.Textarea({"rows": 2, "maxlength": 200}),
    )
    signer = forms.CharField(label=gettext_lazy("signed by"), max_length=20)
    signed_on = forms.DateField(
        label=gettext_lazy("Day of the signature"),
        help_text=gettext_lazy("As it stands on the paper."),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )

    widths = {"signer": "half", "signed_on": "half"}


class RefusalForm(Form):
    """拒签/未签: why, from the list, and more words."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.ChoiceField(label=gettext_lazy("Why is it not signed?"), widget=forms.RadioSelect)
    more = forms.CharField(
        label=gettext_lazy("More"),
        required=False,
        max_length=120,
        widget=forms.Textarea({"rows": 2, "maxlength": 120}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [(word, word) for word in words(DictionaryKind.REFUSAL)]  # type: ignore[attr-defined]

    def text(self) -> str:
        """Reason and words in one."""
        return "：".join(filter(None, [self.cleaned_data["reason"], self.cleaned_data["more"].strip()]))


@dataclass(frozen=True)
class Difference:
    """One field in two versions, as components/diff.html shows it."""

    label: Any
    theirs: str
    mine: str
    changed: bool = True


def differences(theirs: SlipForms, mine: SlipForms) -> list[Difference]:
    """Where two versions of a slip differ, in the order of the form; lines are compared by their place."""
    found = []
    pairs: list[tuple[Any, Sequence[DraftForm], Sequence[DraftForm]]] = [
        (_("Slip"), [theirs.main], [mine.main]),
        (_("Machine"), theirs.machines, mine.machines),
        (_("Fault"), theirs.faults, mine.faults),
        (_("Part"), theirs.parts, mine.parts),
    ]
    for title, left, right in pairs:
        for number, (one, other) in enumerate(zip_longest(left, right), start=1):
            form = other or one
            for name in form.fields:
                if name == "version":
                    continue
                before, after = (shown_value(side[name]) if side else "" for side in (one, other))
                if before != after:
                    label = form.fields[name].label
                    several = max(len(left), len(right)) > 1
                    found.append(Difference(f"{title} {number} · {label}" if several else label, before, after))
    return found


def shown_value(bound: forms.BoundField) -> str:
    """What a field holds, in words."""
    value = bound.value()
    choices = {str(key): str(label) for key, label in getattr(bound.field, "choices", ())}
    if isinstance(bound.field, forms.BooleanField):
        return str(_("yes")) if value in (True, "on", "True", "true", "1") else str(_("no"))
    if isinstance(value, list | tuple):
        return "、".join(choices.get(str(item), str(item)) for item in value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    text = str(value if value is not None else "").strip()
    if isinstance(bound.field, FigureField) and text:
        try:
            return format(Decimal(text).normalize(), "f")
        except InvalidOperation:
            return text
    if isinstance(bound.field, forms.DateTimeField):
        return text.replace("T", " ")
    return choices.get(text, text) if text or "" not in choices else ""
