"""Forms of old parts: filters, packing, shipping, counting, and the verbs of one part (domain.md 10)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DayField, Form
from settlement.enums import BoxState, OldPartState, PartFinding, Transport
from settlement.models import OldPart, ReturnBox
from settlement.queries import old_parts
from tickets.forms.partner_filters import PartnerFilters


class OldPartFilters(PartnerFilters):
    """What narrows the list of old parts."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        widget=forms.TextInput({"type": "search", "placeholder": gettext_lazy("Number, slip, customer, part")}),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("open", gettext_lazy("all open")),
            ("asked", gettext_lazy("something is asked")),
            *OldPartState.choices,
            ("all", gettext_lazy("all")),
        ],
    )
    due = forms.ChoiceField(
        label=gettext_lazy("Due back by"),
        required=False,
        choices=[
            ("", gettext_lazy("all")),
            ("late", gettext_lazy("overdue")),
            ("soon", gettext_lazy("within ten days, or overdue")),
        ],
    )
    begins: ClassVar[dict[str, str]] = {"state": "open"}
    field_order = ("q", "state", "due", "partner")

    def facts(self) -> old_parts.Filters:
        """The filters as the query takes them."""
        return old_parts.Filters(**self.chosen())


class BoxFilters(PartnerFilters):
    """What narrows the list of boxes."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        widget=forms.TextInput({"type": "search", "placeholder": gettext_lazy("Number, waybill, carrier")}),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("all")), *BoxState.choices]
    )
    field_order = ("q", "state", "partner")


class PackForm(Form):
    """Which of the parts that are due go into which box."""

    parts = forms.MultipleChoiceField(label=gettext_lazy("Old parts"))
    box = forms.ChoiceField(label=gettext_lazy("Into which box"), required=False)

    def __init__(self, *args: Any, parts: Sequence[OldPart], boxes: Sequence[ReturnBox], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["parts"].choices = [(part.public_id, part.number) for part in parts]
        fields["box"].choices = [("", _("a new box")), *((box.public_id, box.number) for box in boxes)]


class BoxForm(Form):
    """A form about one box. version: of the page, so that a stale one is noticed."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, box: ReturnBox, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"version": box.version}, **kwargs})


class ShipForm(BoxForm):
    """By whom and how a box travels."""

    widths: ClassVar[dict[str, str]] = {"carrier": "half", "waybill": "half"}

    carrier = forms.CharField(label=gettext_lazy("Carrier"), max_length=40)
    waybill = forms.CharField(
        label=gettext_lazy("Waybill"), max_length=32, help_text=gettext_lazy("6 to 32 letters, digits and hyphens.")
    )
    transport = forms.ChoiceField(label=gettext_lazy("Transport"), choices=Transport.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)


class ScanForm(Form):
    """What the scanner read at the gate."""

    code = forms.CharField(
        label=gettext_lazy("Scan a label or waybill"),
        max_length=200,
        help_text=gettext_lazy("The number of an old part, of its box or of its waybill; the box opens with the part ticked."),
        widget=forms.TextInput({"autofocus": True, "spellcheck": "false", "autocomplete": "off"}),
    )  # fmt: skip


class CountForm(BoxForm):
    """What is in a box that has arrived: scanned, or ticked."""

    codes = forms.CharField(
        label=gettext_lazy("Scan the labels"),
        required=False,
        help_text=gettext_lazy("One code a line, as the scanner reads them; numbers may be typed, too."),
        widget=forms.Textarea(
            {"rows": 5, "data-scans": "", "autofocus": True, "spellcheck": "false", "autocomplete": "off"}
        ),
    )
    there = forms.MultipleChoiceField(label=gettext_lazy("In the box"), required=False)

    def __init__(self, *args: Any, parts: Sequence[OldPart], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["there"].choices = [(part.public_id, part.number) for part in parts]


class PartForm(Form):
    """A form about one old part; nothing to fill in. version: of the page, so that a stale one is noticed."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, part: OldPart, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"version": part.version}, **kwargs})

    def arguments(self) -> dict[str, Any]:
        """What the operation takes, by its own names."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def _words(label: Any, *, required: bool = True, length: int = 200) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=length, required=required, widget=forms.Textarea({"rows": 3, "maxlength": length})
    )


class WhyForm(PartForm):
    """A reason."""

    reason = _words(gettext_lazy("Reason"))


class NoteForm(PartForm):
    """A note that may be left out."""

    note = _words(gettext_lazy("Note"), required=False)


class ClosingForm(PartForm):
    """Who took the part, or how it travels."""

    note = _words(gettext_lazy("Who takes it, and how"))


class ExtensionForm(PartForm):
    """Until when, and why."""

    until = DayField(label=gettext_lazy("New due day"))
    reason = _words(gettext_lazy("Reason"))


class AppraisalForm(PartForm):
    """What was found, and how it was seen."""

    finding = forms.ChoiceField(
        label=gettext_lazy("Finding"), choices=PartFinding.choices, widget=forms.RadioSelect({"data-big": "1"})
    )
    note = _words(gettext_lazy("What was seen and measured"), length=300)


class DestroyForm(PartForm):
    """A photo of the destruction."""

    photo = forms.FileField(
        label=gettext_lazy("Photo of the destruction"), widget=forms.FileInput({"accept": "image/*"})
    )
    note = _words(gettext_lazy("Note"), required=False)

    def arguments(self) -> dict[str, Any]:
        """The photo as bytes."""
        return super().arguments() | {"photo": self.cleaned_data["photo"].read()}
