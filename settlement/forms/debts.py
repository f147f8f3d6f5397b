"""Forms of what customers owe: charging, receiving, waiving, the filters of the list (domain.md 9.4)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from core.forms import DayField, FigureField, Form
from settlement.enums import DebtState, PaymentWay
from settlement.models import CustomerDebt
from settlement.queries import debts


def _amount(**more: Any) -> FigureField:
    """An amount in yuan, above zero unless `lowest` says otherwise."""
    values = {"lowest": Decimal("0.01"), "highest": Decimal(999_999_999), "unit": gettext_lazy("yuan"), **more}
    return FigureField(label=gettext_lazy("Amount"), **values)


class DebtForm(Form):
    """How much, and what for."""

    widths: ClassVar[dict[str, str]] = {"amount": "half"}

    amount = _amount()
    what = forms.CharField(
        label=gettext_lazy("What for"),
        max_length=300,
        widget=forms.Textarea({"rows": 3, "maxlength": 300}),
        help_text=gettext_lazy("As the customer reads it. Write nothing of what the manufacturer pays."),
    )


class _StepForm(Form):
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, debt: CustomerDebt, today: date) -> None:
        super().__init__(data, initial=self.first(debt, today) | {"version": debt.version})

    def first(self, debt: CustomerDebt, today: date) -> dict[str, Any]:
        """With what the fields begin."""
        return {}

    def arguments(self) -> dict[str, Any]:
        """What the operation takes, by its own names."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ChangeForm(_StepForm, DebtForm):
    """The same, written anew."""

    def first(self, debt: CustomerDebt, today: date) -> dict[str, Any]:
        return {"amount": debt.amount, "what": debt.what}


class ReceiveForm(_StepForm):
    """What came, when and how."""

    widths: ClassVar[dict[str, str]] = {"amount": "half", "paid_on": "half", "way": "half"}

    amount = _amount(
        lowest=Decimal(-999_999_999),
        help_text=gettext_lazy("Below zero it corrects what was written wrongly; say why in the note."),
    )
    paid_on = DayField(label=gettext_lazy("Received on"))
    way = forms.ChoiceField(label=gettext_lazy("How"), choices=PaymentWay.choices)
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=200)

    def first(self, debt: CustomerDebt, today: date) -> dict[str, Any]:
        return {"amount": debt.amount - debt.paid or None, "paid_on": today}


class WaiveForm(_StepForm):
    """Why."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=200, widget=forms.Textarea({"rows": 3, "maxlength": 200})
    )


class DebtFilters(Form):
    """What narrows the list."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        widget=forms.TextInput({"type": "search", "placeholder": gettext_lazy("Number, customer, slip")}),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("open", gettext_lazy("all open")), *DebtState.choices, ("all", gettext_lazy("all"))],
    )
    age = forms.ChoiceField(
        label=gettext_lazy("Age"),
        required=False,
        choices=[
            ("", gettext_lazy("all")),
            ("30", gettext_lazy("over 30 days")),
            ("60", gettext_lazy("over 60 days")),
            ("90", gettext_lazy("over 90 days")),
        ],
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.initial["state"] = "open"

    def facts(self) -> debts.Filters:
        """The filters as the query takes them; nonsense in the address narrows nothing."""
        self.is_valid()
        data: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if value}
        if "age" in data:
            data["age"] = int(data["age"])
        return debts.Filters(**{"state": "open", **data})
