"""The form of limits: a figure for each reviewer of headquarters, of a dealer one (domain.md 2.2)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy

from core.forms import FigureField, Form
from core.money import ZERO


class LimitsForm(Form):
    """Amounts in yuan; an empty one is no limit."""

    def __init__(self, data: Any = None, *, rows: Sequence[tuple[str, Any, Decimal | None]]) -> None:
        """rows: public id of the reviewer ("" = the organisation), its label, the amount now."""
        super().__init__(data)
        self.keys = [key for key, _label, _amount in rows]
        for key, label, amount in rows:
            field = FigureField(
                label=label, required=False, lowest=ZERO, highest=Decimal(999_999_999), unit=gettext_lazy("yuan"),
                initial=amount,
            )  # fmt: skip
            field.widget.attrs["data-width"] = "half"
            self.fields[f"limit_{key}"] = field

    def amounts(self) -> dict[str, Decimal | None]:
        """By public id what was typed."""
        return {key: self.cleaned_data[f"limit_{key}"] for key in self.keys}
