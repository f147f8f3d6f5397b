"""What narrows the rates: months from and to, the other side, city tier, promise."""

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
from tickets.enums import CityTier, ClockKind
from tickets.queries import lists, rates, slip_list

#: months that can be chosen, and those that are shown where nobody has chosen
OFFERED, SHOWN = 36, 12


class RateFilters(Form):
    """From which month until which, and of what. Nobody has chosen: the last twelve months, all of it."""

    since = forms.ChoiceField(label=gettext_lazy("From month"), required=False)
    until = forms.ChoiceField(label=gettext_lazy("Until month"), required=False)
    partner = forms.ChoiceField(label=gettext_lazy("Manufacturer"), required=False)
    tier = forms.ChoiceField(
        label=gettext_lazy("City tier"), required=False, choices=[("", gettext_lazy("all")), *CityTier.choices]
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Promise"), required=False, choices=[("", gettext_lazy("all")), *ClockKind.choices]
    )

    def __init__(self, data: Any, *, viewer: Viewer) -> None:
        super().__init__(data)
        self.offered = slip_list.months(local_date(timezone.now()), OFFERED)
        months = [(f"{month:%Y-%m}", f"{month:%Y-%m}") for month in self.offered]
        for name, first in (("since", self.offered[SHOWN - 1]), ("until", self.offered[0])):
            self.fields[name].choices = months  # type: ignore[attr-defined]
            self.initial[name] = f"{first:%Y-%m}"
        self.partners = sorted(lists.partner_rows(viewer), key=lambda row: row[2])
        others = [(public_id, words) for _pk, public_id, words in self.partners]
        self.fields["partner"].choices = [("", _("all")), *others]  # type: ignore[attr-defined]
        if viewer.tier is not Tier.DEALER:
            self.fields["partner"].label = _("Dealer")

    def facts(self) -> rates.Filters:
        """The filters as the query takes them; nonsense in the address narrows nothing, and months in the wrong order are turned round."""
        self.is_valid()
        given = self.cleaned_data if self.is_bound else {}
        since, until = (
            date.fromisoformat(f"{given.get(name) or self.initial[name]}-01") for name in ("since", "until")
        )
        ids = {public_id: pk for pk, public_id, _words in self.partners}
        return rates.Filters(
            since=min(since, until),
            until=max(since, until),
            partner=ids.get(given.get("partner", ""), 0),
            tier=given.get("tier", ""),
            kind=given.get("kind", ""),
        )
