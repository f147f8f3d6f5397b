"""What customers without account fill in: plain forms for the browser inside WeChat (ui.md 3.10, domain.md 18)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.dictionaries import words
from core.forms import Form, PhoneField
from core.models.dictionary import DictionaryKind
from partners.models import Organisation
from tickets.enums import Rating, Urgency
from tickets.forms.slip import SignForm


class FaultForm(Form):
    """Step 1 at a sticker: what is wrong."""

    fault = forms.CharField(
        label=_("What is wrong?"),
        min_length=4,
        max_length=200,
        help_text=_("In your own words, for example: strange noise, leaking, does not start."),
        widget=forms.Textarea({"rows": 3, "maxlength": 200}),
    )
    urgency = forms.ChoiceField(
        label=_("How urgent is it?"),
        choices=Urgency.choices,
        initial=Urgency.NORMAL,
        widget=forms.RadioSelect({"data-big": "1"}),
    )


class MachineFaultForm(FaultForm):
    """Step 1 at a dealer's own page: which machine, and what is wrong."""

    maker = forms.ChoiceField(label=_("Make of the machine"))
    product_type = forms.ChoiceField(label=_("Kind of machine"))
    model = forms.CharField(label=_("Model (nameplate)"), max_length=60)
    serial_number = forms.CharField(label=_("Serial number (nameplate)"), max_length=40, required=False)

    field_order = ("maker", "product_type", "model", "serial_number", "fault", "urgency")

    def __init__(self, *args: Any, makers: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["maker"].choices = [(maker.public_id, maker.label) for maker in makers]
        fields["product_type"].choices = [(word, word) for word in words(DictionaryKind.PRODUCT_TYPE)]


class ContactForm(Form):
    """Step 2: whom the dealer calls back."""

    name = forms.CharField(
        label=_("Your name"), min_length=2, max_length=20, widget=forms.TextInput({"autocomplete": "name"})
    )
    phone = PhoneField(label=_("Your telephone"), help_text=_("The dealer calls this number."))


class CompanyForm(ContactForm):
    """Step 2 at a dealer's own page: where the machine stands, too."""

    company = forms.CharField(
        label=_("Company"), min_length=2, max_length=60, widget=forms.TextInput({"autocomplete": "organization"})
    )
    address = forms.CharField(label=_("Where the machine stands"), min_length=4, max_length=100)

    field_order = ("company", "address", "name", "phone")


class DigitsForm(Form):
    """The last four digits of the contact's number: who has them was given this paper or link."""

    digits = forms.RegexField(
        r"^\d{4}$",
        label=_("Last four digits of the contact's telephone number"),
        error_messages={"invalid": _("Four digits, please.")},
        widget=forms.TextInput(
            {"inputmode": "numeric", "autocomplete": "off", "maxlength": "4", "data-width": "short"}
        ),
    )


class ComplaintForm(Form):
    """投诉: in the customer's words."""

    text = forms.CharField(
        label=_("What are you not satisfied with?"),
        min_length=4,
        max_length=200,
        widget=forms.Textarea({"rows": 3, "maxlength": 200}),
    )


class OwnPhoneSignForm(SignForm):
    """Rating, opinion and signature on the customer's own phone; the technician signs elsewhere."""

    technician_strokes = None  # type: ignore[assignment]  # Django's way to take a field of the base away

    rating = forms.ChoiceField(
        label=_("How satisfied are you with the service?"),
        choices=Rating.choices,
        widget=forms.RadioSelect({"data-big": "1"}),
    )


class StickerForm(Form):
    """Which machines get a label, and where the first one goes on a sheet that was begun."""

    machines = forms.MultipleChoiceField(label=_("Machines"))
    first = forms.IntegerField(
        label=_("First label on the sheet"),
        min_value=1,
        max_value=24,
        initial=1,
        help_text=_("From the top left, row by row; more than 1 for a sheet that was begun."),
        widget=forms.NumberInput({"inputmode": "numeric", "data-width": "short"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["machines"]
        chosen.valid_value = lambda value: len(value) <= 16  # the query decides: what is not the dealer's is not found
