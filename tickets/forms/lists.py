"""What narrows the lists of tickets and slips, on pages and in the API."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.calendars import SHANGHAI, local_date
from core.forms import DayField, Form
from core.tenancy import Tier, Viewer
from tickets.enums import SlipState, TicketState, Urgency, WarrantyOutcome
from tickets.queries import lists, slip_list

STATES = [
    ("open", gettext_lazy("all open")),
    ("finished", gettext_lazy("all finished")),
    *TicketState.choices,
    ("all", gettext_lazy("all")),
]


OUTCOMES = [("", gettext_lazy("all")), *WarrantyOutcome.choices]

PERIODS = [
    ("", gettext_lazy("all")),
    ("today", gettext_lazy("today")),
    ("week", gettext_lazy("this week")),
    ("month", gettext_lazy("this month")),
    ("last_month", gettext_lazy("last month")),
]


def period_of(name: str, today: date) -> tuple[date, date]:
    """First day of a period and the first day after it; weeks begin on Monday."""
    first = today.replace(day=1)
    if name == "today":
        return today, today + timedelta(days=1)
    if name == "week":
        monday = today - timedelta(days=today.weekday())
        return monday, monday + timedelta(days=7)
    if name == "last_month":
        return (first - timedelta(days=1)).replace(day=1), first
    return first, (first + timedelta(days=32)).replace(day=1)


class TimeFilters(Form):
    """From when until when, by days or by a period's name."""

    city = forms.CharField(
        label=gettext_lazy("City"),
        required=False,
        max_length=30,
        widget=forms.TextInput({"placeholder": gettext_lazy("such as 长沙 or 长沙市")}),
    )
    period = forms.ChoiceField(label=gettext_lazy("Period"), required=False, choices=PERIODS)
    since = DayField(label=gettext_lazy("From"), required=False)
    until = DayField(label=gettext_lazy("Until"), required=False)
    folded: ClassVar[tuple[str, ...]] = ("city", "period", "since", "until")

    def narrowed(self) -> dict[str, Any]:
        """What can be read, days as moments (until: the first moment that is too late), a city without 市."""
        self.is_valid()
        data = {name: value for name, value in self.cleaned_data.items() if value}
        first, after = (
            period_of(period, local_date(timezone.now())) if (period := data.pop("period", "")) else (None, None)
        )
        since, until = data.pop("since", None) or first, data.pop("until", None)
        after = until + timedelta(days=1) if until else after
        if since:
            data["since"] = datetime.combine(since, time(), SHANGHAI)
        if after:
            data["until"] = datetime.combine(after, time(), SHANGHAI)
        if "city" in data:
            data["city"] = data["city"].strip().removesuffix("市")
        return data


DUE = [
    ("", gettext_lazy("all")),
    ("overdue", gettext_lazy("overdue")),
    ("soon", gettext_lazy("due within 2 hours")),
]


class TicketFilters(TimeFilters):
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
    due = forms.ChoiceField(label=gettext_lazy("Promise"), required=False, choices=DUE)
    lead = forms.ChoiceField(label=gettext_lazy("Technician"), required=False)
    warranty = forms.ChoiceField(label=gettext_lazy("Warranty"), required=False, choices=OUTCOMES)
    partner = forms.ChoiceField(label=gettext_lazy("Manufacturer"), required=False)
    customer = forms.CharField(required=False, widget=forms.HiddenInput)
    machine = forms.CharField(required=False, widget=forms.HiddenInput)
    folded: ClassVar[tuple[str, ...]] = ("warranty", *TimeFilters.folded)

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
        data = self.narrowed()
        if "partner" in data:
            data["partner"] = self.offered.ids[data["partner"]]
        return lists.Filters(**{"state": "open", **data})


SLIP_STATES = [("", gettext_lazy("all")), *((state.value, state.label) for state in SlipState)]


class SlipFilters(TimeFilters):
    """What narrows the list of slips."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        widget=forms.TextInput({"type": "search", "placeholder": gettext_lazy("Number or customer")}),
    )
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False, choices=SLIP_STATES)
    month = forms.ChoiceField(label=gettext_lazy("Month"), required=False)
    partner = forms.ChoiceField(label=gettext_lazy("Manufacturer"), required=False)
    technician = forms.ChoiceField(label=gettext_lazy("Technician"), required=False)
    from_paper = forms.ChoiceField(
        label=gettext_lazy("Entered from paper"),
        required=False,
        choices=[("", gettext_lazy("all")), ("1", gettext_lazy("only these"))],
    )
    warranty = forms.ChoiceField(label=gettext_lazy("Warranty"), required=False, choices=OUTCOMES)
    folded: ClassVar[tuple[str, ...]] = ("warranty", *TimeFilters.folded, "from_paper")

    def __init__(self, data: Any, *, viewer: Viewer) -> None:
        super().__init__(data)
        everyone = [("", _("all"))]
        months = slip_list.months(local_date(timezone.now()))
        self.fields["month"].choices = everyone + [(f"{m:%Y-%m}", f"{m:%Y-%m}") for m in months]  # type: ignore[attr-defined]
        self.offered = offered = slip_list.choices(viewer)
        self.fields["technician"].choices = everyone + offered.leads  # type: ignore[attr-defined]
        self.fields["partner"].choices = everyone + offered.partners  # type: ignore[attr-defined]
        if viewer.tier is not Tier.DEALER:
            self.fields["partner"].label = _("Dealer")

    def facts(self) -> slip_list.Filters:
        """The filters as the query takes them; nonsense in the address narrows nothing."""
        data = self.narrowed()
        if "partner" in data:
            data["partner"] = self.offered.ids[data["partner"]]
        data["from_paper"] = bool(data.get("from_paper"))
        month = date.fromisoformat(f"{data.pop('month')}-01") if "month" in data else None
        return slip_list.Filters(**data, month=month)
