"""Forms of claims: what the dealer writes, what a reviewer says line by line, reasons, the filters of the list (domain.md 9.3, 9.4)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from core.forms import FigureField, Form
from core.money import ZERO
from core.tenancy import Viewer
from settlement.calculations.cards import MOST_KM, figure
from settlement.calculations.claim_input import AMOUNTS, MOST_PEOPLE, MOST_TRIPS, Given, Word
from settlement.calculations.claim_prices import Facts
from settlement.enums import ClaimState, CutReason
from settlement.models import Claim, ClaimLine
from settlement.queries import claims
from settlement.queries.claims import Offer
from tickets.forms.partner_filters import PartnerFilters


def _money(label: Any) -> FigureField:
    return FigureField(
        label=label, required=False, lowest=ZERO, highest=Decimal(999_999_999), unit=gettext_lazy("yuan")
    )


def _moment(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput({"type": "datetime-local", "step": "60"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget)


class ClaimForm(Form):
    """What is claimed beside what the slip says."""

    widths: ClassVar[dict[str, str]] = dict.fromkeys(
        ("one_way_km", "trips", "people", "left", "back", *AMOUNTS), "half"
    )  # fmt: skip

    version = forms.IntegerField(widget=forms.HiddenInput)
    work = forms.MultipleChoiceField(
        label=gettext_lazy("Work by the rate card"), required=False, widget=forms.CheckboxSelectMultiple
    )
    one_way_km = FigureField(
        label=gettext_lazy("Distance one way"), places=1, lowest=Decimal(0), highest=MOST_KM, unit="km"
    )
    trips = forms.IntegerField(
        label=gettext_lazy("Number of trips"),
        min_value=0,
        max_value=MOST_TRIPS,
        help_text=gettext_lazy("A second trip is paid when it was authorised beforehand."),
    )
    people = forms.IntegerField(label=gettext_lazy("People on site"), min_value=1, max_value=MOST_PEOPLE)
    left = _moment(gettext_lazy("Left the dealer's place"))
    back = _moment(gettext_lazy("Back at the dealer's place"))
    lodging_invoice = _money(gettext_lazy("Lodging by invoice"))
    consumables = _money(gettext_lazy("Consumables"))
    old_part_freight = _money(gettext_lazy("Freight of old parts"))
    other = _money(gettext_lazy("Other cost"))
    is_repeat = forms.BooleanField(
        label=gettext_lazy("Repeat repair"),
        required=False,
        help_text=gettext_lazy("The same fault of this machine came back after a repair: say in the note why."),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 2, "maxlength": 300}),
        help_text=gettext_lazy("What the other cost is, who agreed to it, which papers there are."),
    )

    def __init__(self, data: Any = None, *, offer: Offer, facts: Facts, is_repeat: bool, version: int) -> None:
        first = {
            "version": version, "is_repeat": is_repeat, "work": [row.code for row in facts.work],
            **{name: getattr(facts, name) for name in self.base_fields if hasattr(facts, name) and name != "work"},
        }  # fmt: skip
        super().__init__(data, initial=first)
        self.fields["work"].choices = [  # type: ignore[attr-defined]
            (row.code, f"{row.code} {row.name} · {figure(row.hours)} h") for row in offer.work.values()
        ]
        if not offer.work:
            self.fields["work"].help_text = gettext_lazy("The rate card has no work for this machine.")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("other") and not cleaned.get("note"):
            self.add_error("note", gettext_lazy("Say what the other cost is."))
        if cleaned.get("is_repeat") and not cleaned.get("note"):
            self.add_error("note", gettext_lazy("Say why the fault came back."))
        return cleaned

    def given(self) -> Given:
        """What was typed."""
        values: dict[str, Any] = {
            name: ZERO if value is None else value for name, value in self.cleaned_data.items() if name != "version"
        }
        return Given(**values)


class StepForm(Form):
    """A step of a claim: nothing but the version."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, viewer: Viewer, claim: Claim) -> None:
        super().__init__(data, initial={"version": claim.version})

    def arguments(self) -> dict[str, Any]:
        """What the operation takes, by its own names."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ReviewForm(StepForm):
    """A word on each line: approved, reason, note; they begin with what stands."""

    def __init__(self, data: Any = None, *, viewer: Viewer, claim: Claim) -> None:
        super().__init__(data, viewer=viewer, claim=claim)
        self.lines = claims.lines(viewer, claim)
        for line in self.lines:
            place, last = line.row.sequence, line.decisions[-1] if line.decisions else None
            approved = FigureField(
                label=gettext_lazy("Approved amount"),
                lowest=ZERO,
                highest=line.row.claimed,
                unit=gettext_lazy("yuan"),
                initial=f"{line.approved:.2f}",
            )
            reason = forms.ChoiceField(
                label=gettext_lazy("Why less"),
                required=False,
                choices=[("", "–"), *CutReason.choices],
                initial=last.reason if last else "",
            )
            note = forms.CharField(
                label=gettext_lazy("Note"), required=False, max_length=200, initial=last.note if last else ""
            )
            for field in (approved, reason):
                field.widget.attrs["data-width"] = "half"
            self.fields |= {f"approved_{place}": approved, f"reason_{place}": reason, f"note_{place}": note}

    @property
    def rows(self) -> list[tuple[ClaimLine, list[forms.BoundField]]]:
        """Each line with its three fields."""
        return [
            (line.row, [self[f"{name}_{line.row.sequence}"] for name in ("approved", "reason", "note")])
            for line in self.lines
        ]

    def arguments(self) -> dict[str, Any]:
        """The words, by the lines' places."""
        got = self.cleaned_data
        places = [line.row.sequence for line in self.lines]
        words = {
            place: Word(got[f"approved_{place}"], got[f"reason_{place}"], got[f"note_{place}"]) for place in places
        }
        return {"words": words}


class ReasonForm(StepForm):
    """Why."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=200, widget=forms.Textarea({"rows": 3, "maxlength": 200})
    )


class ChargeForm(ReasonForm):
    """Why the customer pays, and how much."""

    field_order = ("version", "amount", "reason")

    amount = FigureField(
        label=gettext_lazy("Amount for the customer"),
        lowest=Decimal("0.01"),
        highest=Decimal(999_999_999),
        unit=gettext_lazy("yuan"),
        help_text=gettext_lazy("He owes it from now on; the manufacturer never sees it."),
    )

    def __init__(self, data: Any = None, *, viewer: Viewer, claim: Claim) -> None:
        super().__init__(data, viewer=viewer, claim=claim)
        self.initial["amount"] = claim.claimed or None


class RefuseForm(ReasonForm):
    """Why the whole claim is refused, by the list and in words."""

    cause = forms.ChoiceField(label=gettext_lazy("Cause"), choices=CutReason.choices)
    field_order = ("version", "cause", "reason")


STATES = [
    ("open", gettext_lazy("open")),
    ("review", gettext_lazy("in review")),
    ("all", gettext_lazy("all")),
    *ClaimState.choices,
]


class ClaimFilters(PartnerFilters):
    """What narrows the list of claims."""

    begins: ClassVar[dict[str, str]] = {"state": "open"}
    field_order = ("q", "state", "turn", "partner", "flagged")

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        widget=forms.TextInput(
            {"type": "search", "placeholder": gettext_lazy("Claim, slip, customer, model, serial number")}
        ),
    )
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False, choices=STATES)
    turn = forms.ChoiceField(
        label=gettext_lazy("Whose turn"),
        required=False,
        choices=[
            ("", gettext_lazy("all")),
            ("dealer", gettext_lazy("dealer")),
            ("first", gettext_lazy("first review")),
            ("second", gettext_lazy("second review")),
        ],
    )
    flagged = forms.ChoiceField(
        label=gettext_lazy("Automatic checks"),
        required=False,
        choices=[
            ("", gettext_lazy("all")),
            ("yes", gettext_lazy("something was found")),
            ("no", gettext_lazy("nothing was found")),
        ],
    )

    def facts(self) -> claims.Filters:
        """The filters as the query takes them; nonsense in the address narrows nothing."""
        return claims.Filters(**self.chosen())
