"""Forms of pre-authorisations: asking, granting, declining, the filters of the list (domain.md 4.5, 9.1)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from core.forms import DayField, FigureField, Form
from settlement.enums import AuthorisationKind
from settlement.models import PreAuthorisation
from settlement.queries import authorisations
from tickets.enums import RequestState
from tickets.forms.partner_filters import PartnerFilters


def _amount(label: Any, **more: Any) -> FigureField:
    return FigureField(
        label=label, required=False, lowest=Decimal("0.01"), highest=Decimal(999_999_999), unit=gettext_lazy("yuan"), **more
    )  # fmt: skip


class AskForm(Form):
    """What the dealer asks for."""

    widths: ClassVar[dict[str, str]] = {"amount": "half", "km": "half"}

    kind = forms.ChoiceField(label=gettext_lazy("What for"), choices=AuthorisationKind.choices)
    amount = _amount(gettext_lazy("Amount"), help_text=gettext_lazy("What it will cost in all, if it is known."))
    km = FigureField(
        label=gettext_lazy("Distance one way"), required=False, places=1, lowest=Decimal("0.1"),
        highest=Decimal(99_999), unit="km", help_text=gettext_lazy("Wanted for a trip beyond the usual distances."),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea({"rows": 3, "maxlength": 300})
    )


class _AnswerForm(Form):
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, authorisation: PreAuthorisation) -> None:
        super().__init__(data, initial={"version": authorisation.version, "amount": authorisation.amount})

    def arguments(self) -> dict[str, Any]:
        """What the operation takes, by its own names."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class GrantForm(_AnswerForm):
    """Up to how much, and until when."""

    widths: ClassVar[dict[str, str]] = {"amount": "half", "valid_until": "half"}

    amount = _amount(gettext_lazy("Granted amount"), help_text=gettext_lazy("Empty: as it comes by the rate card."))
    valid_until = DayField(
        label=gettext_lazy("Valid until"), help_text=gettext_lazy("The last day on which the job may be finished.")
    )
    answer = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=300, widget=forms.Textarea({"rows": 2, "maxlength": 300})
    )


class DeclineForm(_AnswerForm):
    """Why not."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=200, widget=forms.Textarea({"rows": 3, "maxlength": 200})
    )


class AuthorisationFilters(PartnerFilters):
    """What narrows the list."""

    field_order = ("q", "state", "partner")

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        widget=forms.TextInput({"type": "search", "placeholder": gettext_lazy("Number, ticket")}),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("all")), *RequestState.choices]
    )

    def facts(self) -> authorisations.Filters:
        """The filters as the query takes them; nonsense in the address narrows nothing."""
        return authorisations.Filters(**self.chosen())
