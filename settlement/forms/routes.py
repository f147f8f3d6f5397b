"""A line of the route book as a form (domain.md 9.1)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from core.forms import FigureField, Form
from partners.models import Organisation, Partnership
from settlement.calculations.cards import MOST_KM


class DealerFilter(Form):
    """Whose ways are shown."""

    dealer = forms.ChoiceField(label=gettext_lazy("Dealer"), required=False)

    def __init__(self, *args: Any, dealers: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        every = [("", gettext_lazy("every one"))]
        fields["dealer"].choices = [*every, *((one.public_id, one.label) for one in dealers)]


class WayForm(Form):
    """From where to where, and how far. The same places again correct the line that stands there."""

    partnership = forms.ChoiceField(label=gettext_lazy("Dealer"))
    start = forms.CharField(
        label=gettext_lazy("From the branch"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("Empty: from the dealer's own address."),
    )
    site = forms.CharField(
        label=gettext_lazy("To city and district"),
        max_length=60,
        help_text=gettext_lazy(
            "By full names, such as 永州市冷水滩区; without a district it counts for the whole city."
        ),
    )
    km = FigureField(
        label=gettext_lazy("Kilometres, one way"), places=1, lowest=Decimal("0.1"), highest=MOST_KM, unit="km"
    )
    widths = {"partnership": "half", "start": "half", "site": "half", "km": "half"}

    def __init__(self, *args: Any, ties: Sequence[Partnership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["partnership"].choices = [("", "–"), *((tie.public_id, tie.dealer.label) for tie in ties)]
