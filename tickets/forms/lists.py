"""What narrows the lists of tickets and slips, on pages and in the API."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.calendars import local_date
from core.forms import Form
from core.tenancy import Tier, Viewer
from tickets.enums import SlipState, TicketState, Urgency
from tickets.queries import lists, slip_list

STATES = [
    ("open", gettext_lazy("all open")),
    ("finished", gettext_lazy("all finished")),
    *TicketState.choices,
    ("all", gettext_lazy("all")),
]


class TicketFilters(Form):
    """What narrows the list of tickets."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        widget=forms.TextInput({"type": "search", "placeholder": gettext_lazy("Number, customer, model")}),
    )
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False, choices=STATES)
    urgency = forms.ChoiceField(
        label=gettext_lazy("Urgency"), required=False, choices=[("", gettext_lazy("all")), *Urgency.choices]
    )
    lead = forms.ChoiceField(label=gettext_lazy("Technician"), required=False)
    partner = forms.ChoiceField(label=gettext_lazy("Manufacturer"), required=False)
    customer = forms.CharField(required=False, widget=forms.HiddenInput)
    machine = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, viewer: Viewer) -> None:
        super().__init__(data)
        everyone = [("", _("all"))]
        self.offered = offered = lists.choices(viewer)
        self.fields["lead"].choices = everyone + offered.leads  # type: ignore[attr-defined]
        self.fields["partner"].choices = everyone + offered.partners  # type: ignore[attr-defined]
        if viewer.tier is not Tier.DEALER:
            self.fields["partner"].label = _("Dealer")
        self.initial["state"] = "open"

    def facts(self) -> lists.Filters:
        """The filters as the query takes them; nonsense in the address narrows nothing."""
        self.is_valid()
        data = {name: value for name, value in self.cleaned_data.items() if value}
        if "partner" in data:
            data["partner"] = self.offered.ids[data["partner"]]
        return lists.Filters(**{"state": "open", **data})


SLIP_STATES = [("", gettext_lazy("all")), *((state.value, state.label) for state in SlipState)]


class SlipFilters(Form):
    """What narrows the list of slips."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        widget=forms.TextInput({"type": "search", "placeholder": gettext_lazy("Number or customer")}),
    )
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False, choices=SLIP_STATES)
    month = forms.ChoiceField(label=gettext_lazy("Month"), required=False)
    technician = forms.ChoiceField(label=gettext_lazy("Technician"), required=False)

    def __init__(self, data: Any, *, viewer: Viewer) -> None:
        super().__init__(data)
        everyone = [("", _("all"))]
        months = slip_list.months(local_date(timezone.now()))
        self.fields["month"].choices = everyone + [(f"{m:%Y-%m}", f"{m:%Y-%m}") for m in months]  # type: ignore[attr-defined]
        names = slip_list.technicians(viewer)
        self.fields["technician"].choices = everyone + [(name, name) for name in names]  # type: ignore[attr-defined]

    def facts(self) -> slip_list.Filters:
        """The filters as the query takes them; nonsense in the address narrows nothing."""
        self.is_valid()
        data = {name: value for name, value in self.cleaned_data.items() if value}
        month = date.fromisoformat(f"{data.pop('month')}-01") if "month" in data else None
        return slip_list.Filters(**data, month=month)
