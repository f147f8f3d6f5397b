"""Forms of referrals: what the hotline writes down, and to whom it goes (domain.md 6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.dictionaries import words
from core.forms import Form, PhoneField, PlaceFields, choices_of
from core.models.dictionary import DictionaryKind
from core.tenancy import Viewer
from equipment.models import ProductLine
from equipment.queries import catalogue
from tickets.enums import ReferralState, Urgency
from tickets.queries import lists, referrals
from tickets.queries.referrals import Candidate, Place


class ReferralForm(Form, PlaceFields):
    """Telephone first; place and product line decide which dealers are proposed. dealer: public id."""

    widths: ClassVar[dict[str, str]] = {
        "phone": "half", "contact": "half", "customer_name": "half", "host_machine": "half", "product_type": "half", "line": "half",
        "model": "half", "serial_number": "half", "reported_at": "half",
    }  # fmt: skip

    phone = PhoneField(label=gettext_lazy("Telephone"))
    contact = forms.CharField(label=gettext_lazy("Contact"), max_length=20, required=False)
    customer_name = forms.CharField(label=gettext_lazy("Customer"), max_length=60)
    product_type = forms.ChoiceField(label=gettext_lazy("Product type"))
    line = forms.ChoiceField(label=gettext_lazy("Product line"), required=False)
    model = forms.CharField(label=gettext_lazy("Model"), max_length=60, help_text=gettext_lazy("Unknown: 不详"))
    serial_number = forms.CharField(label=gettext_lazy("Serial number"), max_length=40, required=False)
    host_machine = forms.CharField(label=gettext_lazy("Host machine"), max_length=60, required=False)
    fault = forms.CharField(
        label=gettext_lazy("Fault, in the customer's words"),
        min_length=4,
        max_length=200,
        widget=forms.Textarea({"rows": 3, "maxlength": 200}),
    )
    urgency = forms.ChoiceField(
        label=gettext_lazy("Urgency"),
        choices=Urgency.choices,
        initial=Urgency.NORMAL,
        widget=forms.RadioSelect({"data-big": "1"}),
    )
    reported_at = forms.DateTimeField(
        label=gettext_lazy("Reported at"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local", "step": "60"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("When the customer told it first; empty = now."),
    )
    note = forms.CharField(
        label=gettext_lazy("Note for the dealer"),
        max_length=200,
        required=False,
        widget=forms.Textarea({"rows": 2, "maxlength": 200}),
    )
    dealer = forms.CharField(
        required=False, widget=forms.HiddenInput, error_messages={"required": gettext_lazy("Choose a dealer.")}
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        self.fields["product_type"].choices = choices_of(words(DictionaryKind.PRODUCT_TYPE))  # type: ignore[attr-defined]
        known = [("", "–"), *((one.public_id, f"{one.code} {one.name}") for one in self.lines)]
        self.fields["line"].choices = known  # type: ignore[attr-defined]
        self.fields["phone"].widget.attrs["autofocus"] = True

    @cached_property
    def lines(self) -> list[ProductLine]:
        """The manufacturer's lines that are in use."""
        return catalogue.lines_in_use(self.viewer, self.viewer.maker or 0)

    def clean(self) -> dict[str, Any]:
        """A dealer is chosen among those who are proposed; nothing was reported in the future."""
        data = super().clean() or self.cleaned_data
        if not data.get("dealer"):
            self.add_error("dealer", _("Choose a dealer."))
        if data.get("reported_at") and data["reported_at"] > timezone.now() + timedelta(minutes=1):
            self.add_error("reported_at", _("The report cannot be later than now."))
        return data

    def facts(self) -> dict[str, Any]:
        """The values of `Case` (tickets.operations.refer_ticket)."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "dealer"}
        chosen = data.pop("line", "")
        return data | {"line": next((one for one in self.lines if one.public_id == chosen), None)}


class WhereForm(Form):
    """Only what decides about dealers, while the form is typed."""

    province = forms.CharField(required=False, max_length=20)
    city = forms.CharField(required=False, max_length=30)
    district = forms.CharField(required=False, max_length=30)
    line = forms.CharField(required=False, max_length=16)
    dealer = forms.CharField(required=False, max_length=16)


def proposed(viewer: Viewer, given: Any, *, without: frozenset[int] = frozenset()) -> list[Candidate]:
    """The dealers for what is typed so far (place, line); nonsense in the address names no place."""
    form = WhereForm(given)
    form.is_valid()
    data = form.cleaned_data
    place = Place(data.get("province", ""), data.get("city", ""), data.get("district", ""))
    lines = catalogue.lines_in_use(viewer, viewer.maker or 0) if data.get("line") else []
    line = next((one for one in lines if one.public_id == data["line"]), None)
    return referrals.candidates(viewer, place, line, without=without)


class DecisionForm(Form):
    """申请改派: another dealer, or not."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        required=False,
        widget=forms.Textarea({"rows": 2, "maxlength": 200}),
    )
    dealer = forms.ChoiceField(label=gettext_lazy("Another dealer"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, candidates: Sequence[Candidate], version: int, **kwargs: Any) -> None:
        super().__init__(*args, initial={"version": version}, **kwargs)
        self.fields["dealer"].choices = [(one.public_id, _words_of(one)) for one in candidates]  # type: ignore[attr-defined]


def _words_of(one: Candidate) -> str:
    return " · ".join([one.name, *(words for _ok, words in one.reasons)])


class ReferralFilters(Form):
    """What narrows the list of referrals."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        widget=forms.TextInput(
            {"type": "search", "placeholder": gettext_lazy("Whole number, serial number, customer")}
        ),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("all")), ("open", gettext_lazy("all open")), *ReferralState.choices],
    )
    partner = forms.ChoiceField(label=gettext_lazy("Dealer"), required=False)

    def __init__(self, data: Any, *, viewer: Viewer) -> None:
        super().__init__(data)
        self.offered = lists.choices_from(lists.partner_rows(viewer))
        self.fields["partner"].choices = [("", _("all")), *self.offered.partners]  # type: ignore[attr-defined]

    def facts(self) -> referrals.Filters:
        """The filters as the query takes them; nonsense in the address narrows nothing."""
        self.is_valid()
        data = {name: value for name, value in self.cleaned_data.items() if value}
        if "partner" in data:
            data["partner"] = self.offered.ids[data["partner"]]
        return referrals.Filters(**data)
