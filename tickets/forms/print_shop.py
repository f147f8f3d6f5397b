"""Forms of printing: paper and number on the slip's page, the look of a dealer's slips, a printer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from tickets.enums import CONTINUOUS, Paper, PaperColour, PrintMode
from tickets.models import Printer, PrintSettings


def _ways() -> list[Any]:
    """Paper and mode in one choice, since not every paper has a pre-printed form."""
    blank = [(paper.value, paper.label) for paper in Paper]
    form = [(f"{paper.value}-{PrintMode.FORM}", paper.label) for paper in CONTINUOUS]
    return [(_("Blank paper"), blank), (_("Pre-printed form, data only"), form)]


class PrintForm(Form):
    """What a slip is printed on."""

    paper = forms.ChoiceField(label=_("Paper"), choices=_ways)
    printer = forms.ChoiceField(label=_("Printer"), required=False)
    paper_number = forms.CharField(
        label=_("Number on the paper form"),
        required=False,
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    widths = {"paper": "half", "printer": "quarter", "paper_number": "quarter"}

    def __init__(self, data: Any = None, *, printers: list[Printer], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        names = [(row.public_id, row.name) for row in printers]
        if names:
            self.fields["printer"].choices = [("", _("without offset")), *names]  # type: ignore[attr-defined]
        else:
            del self.fields["printer"]

    def way(self) -> tuple[Paper, PrintMode]:
        """The chosen paper and mode; the form is valid."""
        return read_way(self.cleaned_data["paper"])


def read_way(text: str) -> tuple[Paper, PrintMode]:
    """Paper and mode of a choice such as "half-form". Errors: ValueError."""
    paper, _dash, mode = text.partition("-")
    return Paper(paper), PrintMode(mode) if mode else PrintMode.BLANK


class LookForm(Form):
    """The look of a dealer's slips."""

    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        widget=forms.ClearableFileInput({"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("JPEG, PNG or WebP; on white, wider than high."),
    )
    drop_logo = forms.BooleanField(label=_("Print without a logo"), required=False)
    dealer_copy = forms.CharField(label=_("First copy, kept by the dealer"), max_length=8)
    dealer_colour = forms.ChoiceField(label=_("Colour of the first copy"), choices=PaperColour)
    customer_copy = forms.CharField(label=_("Second copy, for the customer"), max_length=8)
    customer_colour = forms.ChoiceField(label=_("Colour of the second copy"), choices=PaperColour)
    maker_copy = forms.CharField(label=_("Third copy, for the manufacturer"), max_length=8)
    maker_colour = forms.ChoiceField(label=_("Colour of the third copy"), choices=PaperColour)
    foot_line = forms.CharField(label=_("Line at the foot"), required=False, max_length=30)
    default_paper = forms.ChoiceField(label=_("Paper chosen first"), choices=Paper)
    version = forms.IntegerField(widget=forms.HiddenInput())
    widths = dict.fromkeys(("dealer_copy", "dealer_colour", "customer_copy", "customer_colour", "maker_copy", "maker_colour"), "half")  # fmt: skip

    @staticmethod
    def facts_of(row: PrintSettings) -> dict[str, Any]:
        """The values of a row for the form."""
        names = ("dealer_copy", "customer_copy", "maker_copy", "dealer_colour", "customer_colour", "maker_colour")
        facts = {name: getattr(row, name) for name in (*names, "foot_line", "default_paper")}
        return facts | {"version": row.version if row.pk else 0}

    def look(self) -> dict[str, Any]:
        """What was written, as the arguments of `operations.print_settings.Look`; the form is valid."""
        data = self.cleaned_data
        return {
            "names": (data["dealer_copy"], data["customer_copy"], data["maker_copy"]),
            "colours": (data["dealer_colour"], data["customer_colour"], data["maker_colour"]),
            "foot_line": data["foot_line"],
            "default_paper": data["default_paper"],
            "logo": data["logo"].read() if data["logo"] else None,
            "drop_logo": data["drop_logo"],
        }


class PrinterForm(Form):
    """A printer and its offset."""

    name = forms.CharField(label=_("Name of the printer"), max_length=40)
    offset_x = forms.DecimalField(
        label=_("To the right"),
        initial=Decimal(0),
        widget=forms.NumberInput({"step": "0.5", "min": "-20", "max": "20", "data-unit": "mm"}),
    )
    offset_y = forms.DecimalField(
        label=_("Down"),
        initial=Decimal(0),
        widget=forms.NumberInput({"step": "0.5", "min": "-20", "max": "20", "data-unit": "mm"}),
    )
    widths = {"name": "half", "offset_x": "quarter", "offset_y": "quarter"}
