"""Forms of goods that go back to the factory: the application, its steps, the filters of the list (domain.md 17)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from core.forms import DayField, FigureField, Form
from core.tenancy import Viewer
from equipment.models import Machine
from tickets.enums import ReturnConclusion, ReturnDecision, ReturnFreight, ReturnState, ReturnWish
from tickets.forms.partner_filters import PartnerFilters
from tickets.models import GoodsReturn
from tickets.queries import goods_returns


def _words(label: Any, length: int, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    rows = 3 if length > 200 else 2
    widget = forms.Textarea({"rows": rows, "maxlength": length})
    return forms.CharField(label=label, max_length=length, required=required, help_text=help_text, widget=widget)


class ApplyForm(Form):
    """Why a machine is to go to the factory. What the machine's page knows stands there already."""

    conditions = _words(gettext_lazy("Operating conditions"), 400)
    fault = _words(gettext_lazy("Fault"), 300)
    checked = _words(
        gettext_lazy("What was checked, with readings"),
        500,
        help_text=gettext_lazy("Insulation, currents, vibration, temperature: without readings nobody can agree."),
    )
    enclosed = _words(gettext_lazy("What travels with it"), 300, required=False)
    wish = forms.ChoiceField(label=gettext_lazy("Wish"), choices=ReturnWish.choices, widget=forms.RadioSelect)
    contact = forms.CharField(
        label=gettext_lazy("Whom to ask, with telephone number"), max_length=80, widget=forms.TextInput({"maxlength": 80})
    )  # fmt: skip

    def __init__(self, data: Any = None, *, viewer: Viewer, machine: Machine) -> None:
        places = [*machine.conditions, machine.conditions_note]
        contact = f"{viewer.name} {viewer.phone}".strip()
        super().__init__(data, initial={"conditions": "、".join(filter(None, places)), "contact": contact})


class StepForm(Form):
    """A step: nothing but the version of the page, so that a stale one is noticed."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, returned: GoodsReturn) -> None:
        super().__init__(data, initial={"version": returned.version})

    def arguments(self) -> dict[str, Any]:
        """What the operation takes, by its own names."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class NoteForm(StepForm):
    """A note that may be left out."""

    note = _words(gettext_lazy("Note"), 200, required=False)


class ReasonForm(StepForm):
    """Why."""

    reason = _words(gettext_lazy("Reason"), 200)


class AgreeForm(StepForm):
    """Where to, who pays the way, until when."""

    ship_to = _words(
        gettext_lazy("Send it to"), 200, help_text=gettext_lazy("Address, department, name, telephone number.")
    )
    freight = forms.ChoiceField(
        label=gettext_lazy("Freight is paid by"), choices=ReturnFreight.choices, widget=forms.RadioSelect
    )
    send_until = DayField(label=gettext_lazy("It leaves until"))
    note = _words(gettext_lazy("Note"), 200, required=False)


class WayForm(StepForm):
    """By whom something travels."""

    widths: ClassVar[dict[str, str]] = dict.fromkeys(("carrier", "waybill_number", "pieces", "weight"), "half")

    carrier = forms.CharField(label=gettext_lazy("Carrier"), max_length=40)
    waybill_number = forms.CharField(
        label=gettext_lazy("Waybill"), max_length=32, help_text=gettext_lazy("6 to 32 letters, digits and hyphens.")
    )


class ShipForm(WayForm):
    """The same with pieces and weight."""

    pieces = forms.IntegerField(label=gettext_lazy("Pieces"), min_value=1, max_value=99, initial=1)
    weight = FigureField(
        label=gettext_lazy("Weight"), required=False, places=1, lowest=Decimal(0), highest=Decimal(999_999), unit="kg"
    )

    def __init__(self, data: Any = None, *, returned: GoodsReturn) -> None:
        super().__init__(data, returned=returned)
        self.initial["pieces"] = returned.pieces


class InspectForm(StepForm):
    """What was found."""

    conclusion = forms.ChoiceField(
        label=gettext_lazy("Conclusion"), choices=ReturnConclusion.choices, widget=forms.RadioSelect({"data-big": "1"})
    )
    inspection = _words(gettext_lazy("What was found and measured"), 500)


class DecideForm(StepForm):
    """What becomes of it."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[choice for choice in ReturnDecision.choices if choice[0] != ReturnDecision.QUOTE],
        widget=forms.RadioSelect({"data-big": "1"}),
    )
    note = _words(gettext_lazy("Note"), 300, required=False)


class QuoteForm(StepForm):
    """An offer."""

    price = FigureField(label=gettext_lazy("Price with tax"), places=2, lowest=Decimal(0), unit=gettext_lazy("yuan"))
    note = _words(gettext_lazy("What it contains"), 300, required=False)


class ScanForm(Form):
    """What the scanner read at the gate."""

    code = forms.CharField(
        label=gettext_lazy("Scan the label"),
        max_length=200,
        help_text=gettext_lazy("The number of the return, its waybill, or the machine's serial number."),
        widget=forms.TextInput({"autofocus": True, "spellcheck": "false", "autocomplete": "off"}),
    )


class ReturnFilters(PartnerFilters):
    """What narrows the list."""

    begins: ClassVar[dict[str, str]] = {"state": "open"}
    field_order = ("q", "state", "partner")

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        widget=forms.TextInput(
            {"type": "search", "placeholder": gettext_lazy("Number, customer, model, serial number, waybill")}
        ),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("open", gettext_lazy("all open")),
            ("late", gettext_lazy("overdue")),
            *ReturnState.choices,
            ("all", gettext_lazy("all")),
        ],
    )

    def facts(self) -> goods_returns.Filters:
        """The filters as the query takes them; nonsense in the address narrows nothing."""
        return goods_returns.Filters(**self.chosen())
