"""The intake form: typed while on the telephone (ui.md 3.2)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.forms import Form, PhoneField, PlaceFields
from core.tenancy import Viewer
from partners.models import Organisation
from partners.queries import partnerships
from tickets.enums import Source, Urgency

#: sources a dispatcher may choose; QR and import come in by themselves
TYPED_SOURCES = [
    Source.PHONE,
    Source.WECHAT,
    Source.IN_PERSON,
    Source.HQ_REFERRAL,
    Source.OFFICE_REFERRAL,
    Source.VISIT,
    Source.HOST_MAKER,
]


#: wanted for a new customer or a new machine only: neither marked as optional nor as obligatory
CONDITIONAL = ("customer_name", "contact", "province", "city", "address", "manufacturer", "product_type", "model")


class ReportForm(Form, PlaceFields):
    """Telephone first; a known number brings customer and machines, a new one is typed.

    customer: public id of a known customer, "" = the one typed here. machines: public ids of known machines.
    """

    place_optional = True
    widths = {
        "phone": "half",
        "reported_at": "half",
        "source": "half",
        "contact": "half",
        "manufacturer": "half",
        "product_type": "half",
        "model": "half",
        "serial_number": "half",
    }

    phone = PhoneField(label=_("Telephone"))
    customer = forms.CharField(required=False, widget=forms.HiddenInput)
    customer_name = forms.CharField(label=_("Customer"), max_length=60, required=False)
    contact = forms.CharField(label=_("Contact"), max_length=20, required=False)
    machines = forms.MultipleChoiceField(required=False, widget=forms.MultipleHiddenInput)
    manufacturer = forms.ChoiceField(label=_("Manufacturer"), required=False)
    product_type = forms.CharField(label=_("Product type"), max_length=40, required=False)
    model = forms.CharField(label=_("Model"), max_length=60, required=False)
    serial_number = forms.CharField(label=_("Serial number"), max_length=40, required=False)
    fault = forms.CharField(
        label=_("Fault, in the customer's words"),
        min_length=4,
        max_length=200,
        widget=forms.Textarea({"rows": 3, "maxlength": 200}),
        help_text=_("What happens, since when, what the customer has measured or tried."),
    )
    urgency = forms.ChoiceField(
        label=_("Urgency"),
        choices=Urgency.choices,
        initial=Urgency.NORMAL,
        widget=forms.RadioSelect({"data-big": "1"}),
    )
    source = forms.ChoiceField(
        label=_("How it came in"), choices=[(item.value, item.label) for item in TYPED_SOURCES], initial=Source.PHONE
    )
    reported_at = forms.DateTimeField(
        label=_("Reported at"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local", "step": "60"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("When the customer told it first; empty = now."),
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in CONDITIONAL:
            self.fields[name].widget.attrs["data-wanted"] = "1"
        self.fields["phone"].widget.attrs["autofocus"] = True
        self.viewer = viewer
        self.fields["manufacturer"].choices = self._makers_to_choose  # type: ignore[attr-defined]
        self.fields["machines"].choices = [(key, key) for key in self._typed_machines()]  # type: ignore[attr-defined]

    @cached_property
    def _makers(self) -> list[Organisation]:
        """Asked for when the form is shown, or a maker was chosen: a known machine has its own."""
        return partnerships.makers(self.viewer)

    def _makers_to_choose(self) -> list[tuple[str, str]]:
        first = [] if len(self._makers) == 1 else [("", "–")]
        return first + [(maker.public_id, maker.label) for maker in self._makers]

    def _typed_machines(self) -> list[str]:
        getlist = getattr(self.data, "getlist", None)
        return list(getlist("machines")) if getlist else list(self.data.get("machines", []))

    def clean(self) -> dict[str, Any]:
        """A new customer needs name and place, a new machine its maker, type and model."""
        data = super().clean() or self.cleaned_data
        if not data.get("customer"):
            for name in ("customer_name", "contact", "province", "city", "address"):
                if not data.get(name):
                    self.add_error(name, _("A new customer needs this."))
        if not data.get("machines") or data.get("model"):
            for name in ("manufacturer", "product_type", "model"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Choose a machine above, or fill this in for a new one."))
        if data.get("reported_at") and data["reported_at"] > timezone.now() + timedelta(minutes=1):
            self.add_error("reported_at", _("The report cannot be later than now."))
        return data

    def call(self) -> dict[str, Any]:
        """The values of `Call` (tickets.operations.take_report)."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "manufacturer"}
        chosen = self.cleaned_data["manufacturer"]
        ids = {maker.public_id: maker.id for maker in self._makers} if chosen else {}
        return data | {"manufacturer_id": ids.get(chosen, 0)}
