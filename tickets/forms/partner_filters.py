"""Filters of lists that both sides read: each narrows to an organisation of the other one."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import Form
from core.tenancy import Tier, Viewer
from tickets.queries import lists


class PartnerFilters(Form):
    """The other side's organisations, `offered` with their names and keys. begins: what the filters stand on before anybody touches them."""

    begins: ClassVar[dict[str, str]] = {}

    partner = forms.ChoiceField(label=gettext_lazy("Manufacturer"), required=False)

    def __init__(self, data: Any, *, viewer: Viewer) -> None:
        super().__init__(data)
        self.offered = lists.choices_from((pk, key, words) for pk, key, words in lists.partner_rows(viewer))
        self.fields["partner"].choices = [("", _("all")), *self.offered.partners]  # type: ignore[attr-defined]
        if viewer.tier is not Tier.DEALER:
            self.fields["partner"].label = _("Dealer")
        self.initial.update(self.begins)

    def chosen(self) -> dict[str, Any]:
        """What is filled in, the partner as its key; nonsense in the address narrows nothing."""
        self.is_valid()
        data = {name: value for name, value in self.cleaned_data.items() if value}
        if "partner" in data:
            data["partner"] = self.offered.ids[data["partner"]]
        return self.begins | data
