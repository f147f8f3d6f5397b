"""Policies of warranty as forms: for which machines, and the terms with their rows of start rules (domain.md 4.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from core import districts
from core.dictionaries import words
from core.errors import Refused
from core.forms import CodeField, DayField, FigureField, Form, apply_refusal, choices_of
from core.models.dictionary import DictionaryKind
from core.tenancy import Viewer
from equipment.calculations.policy_input import RuleFacts, ScopeFacts, TermFacts
from equipment.enums import (
    EXCLUDABLE,
    CompareDate,
    EvidenceKind,
    ExchangeRule,
    ModelMatch,
    ReplacedPartRule,
    WarrantyBasis,
)
from equipment.models import WarrantyPolicy, WarrantyVersion
from equipment.queries import catalogue

#: one row for each basis: none counts twice
RULES = len(WarrantyBasis)
_PERIOD = re.compile(r"^(.{1,40}?)[\s:：,，、]*(\d{1,3})\s*(?:个月|months?|月)?$")


class ScopeForm(Form):
    """For which machines a policy is written; what is left empty does not narrow."""

    name = forms.CharField(label=gettext_lazy("Name of the policy"), max_length=60)
    line = forms.ChoiceField(label=gettext_lazy("Product line"), required=False)
    product_type = forms.ChoiceField(label=gettext_lazy("Product type"), required=False)
    model = CodeField(label=gettext_lazy("Model"), max_length=60, required=False)
    match = forms.ChoiceField(
        label=gettext_lazy("Read as"), choices=ModelMatch.choices, initial=ModelMatch.EXACT, required=False
    )
    made_from = DayField(label=gettext_lazy("Ex factory from"), required=False)
    made_until = DayField(label=gettext_lazy("Ex factory until"), required=False)
    province = forms.ChoiceField(label=gettext_lazy("Province of the site"), required=False)
    priority = forms.IntegerField(
        label=gettext_lazy("Priority"),
        min_value=1,
        max_value=999,
        initial=100,
        help_text=gettext_lazy("Of two policies that fit equally well the smaller number counts."),
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    widths = {
        "line": "half", "product_type": "half", "model": "half", "match": "half", "made_from": "half", "made_until": "half",
        "province": "half", "priority": "half",
    }  # fmt: skip

    def __init__(self, *args: Any, viewer: Viewer, manufacturer_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = catalogue.lines_in_use(viewer, manufacturer_id)
        every = gettext_lazy("every one")
        fields: Any = self.fields
        fields["line"].choices = [("", every), *((line.public_id, f"{line.name} ({line.code})") for line in lines)]
        present = self["product_type"].value()
        types = list(dict.fromkeys([*words(DictionaryKind.PRODUCT_TYPE), *([present] if present else [])]))
        fields["product_type"].choices = choices_of(types, first=every)
        fields["province"].choices = choices_of([province.name for province in districts.provinces()], first=every)

    def facts(self) -> ScopeFacts:
        """What was typed, as the operation takes it."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return ScopeFacts(**data | {"match": data["match"] or ModelMatch.EXACT})

    @staticmethod
    def initial_of(policy: WarrantyPolicy) -> dict[str, Any]:
        """The form's values of a policy."""
        names = [name for name in ScopeForm.base_fields if name != "line"]
        return {name: getattr(policy, name) for name in names} | {"line": policy.line.public_id if policy.line else ""}


class PeriodsField(forms.CharField):
    """Months by part group, one in each row: 机封 3. Value: a dictionary."""

    def clean(self, value: Any) -> dict[str, int]:
        if isinstance(value, dict):
            return value
        found: dict[str, int] = {}
        for row in re.split(r"[\n;；]", super().clean(value) or ""):
            if not row.strip():
                continue
            match = _PERIOD.match(row.strip())
            if match is None or match.group(1).strip() in found:
                raise ValidationError(
                    gettext_lazy("Write a part group and its months in each row, every group once: %(row)s"),
                    code="invalid",
                    params={"row": row.strip()[:40]},
                )
            found[match.group(1).strip()] = int(match.group(2))
        return found

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(f"{group} {months}" for group, months in value.items()) if isinstance(value, dict) else value


class TermForm(Form):
    """The terms of a version, without the start rules."""

    valid_from = DayField(label=gettext_lazy("For reports from"))
    valid_until = DayField(
        label=gettext_lazy("For reports until"), required=False, help_text=gettext_lazy("Empty: until further notice.")
    )
    cap_basis = forms.ChoiceField(
        label=gettext_lazy("Latest end counted from"),
        choices=[("", gettext_lazy("no cap")), *WarrantyBasis.choices],
        required=False,
    )
    cap_months = forms.IntegerField(
        label=gettext_lazy("Months of the cap"), min_value=1, max_value=600, required=False,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )  # fmt: skip
    hours_limit = FigureField(
        label=gettext_lazy("Limit of running hours"), required=False, places=1, lowest=Decimal(0), highest=Decimal(999_999),
        unit=gettext_lazy("hours"),
    )  # fmt: skip
    grace_months = forms.IntegerField(
        label=gettext_lazy("Grace months"), min_value=0, max_value=600, initial=0,
        help_text=gettext_lazy("Added for the time in stock where only the ex-factory date is known."),
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )  # fmt: skip
    goodwill_days = forms.IntegerField(
        label=gettext_lazy("Goodwill up to"), min_value=0, max_value=3660, initial=0,
        help_text=gettext_lazy("Days after the period within which the office may propose goodwill."),
        widget=forms.NumberInput({"inputmode": "numeric", "data-unit": gettext_lazy("days")}),
    )  # fmt: skip
    inclusive_end = forms.BooleanField(
        label=gettext_lazy("The anniversary itself is still in warranty"), required=False, initial=True
    )
    repair_extension = forms.BooleanField(
        label=gettext_lazy("Days in repair extend the period"), required=False, initial=True
    )
    part_periods = PeriodsField(
        label=gettext_lazy("Parts with a shorter period"),
        required=False,
        initial=dict,
        help_text=gettext_lazy("One part group in each row with its months, such as: 机封 3"),
        widget=forms.Textarea({"rows": 3, "spellcheck": "false"}),
    )
    replaced_part_rule = forms.ChoiceField(
        label=gettext_lazy("A part fitted in a repair is in warranty"),
        choices=ReplacedPartRule.choices,
        initial=ReplacedPartRule.MACHINE,
    )
    replaced_part_months = forms.IntegerField(
        label=gettext_lazy("Months of a fitted part"), min_value=1, max_value=600, required=False,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )  # fmt: skip
    exchange_rule = forms.ChoiceField(
        label=gettext_lazy("After an exchange of the machine the period"),
        choices=ExchangeRule.choices,
        initial=ExchangeRule.KEEP,
    )
    compare_date = forms.ChoiceField(
        label=gettext_lazy("Held against the end of the period"),
        choices=CompareDate.choices,
        initial=CompareDate.REPORTED,
        help_text=gettext_lazy("Where the other days are not known, the day of the report counts."),
    )
    exclusions = forms.MultipleChoiceField(
        label=gettext_lazy("Not covered"),
        required=False,
        choices=[(cause.value, cause.label) for cause in EXCLUDABLE],
        initial=[cause.value for cause in EXCLUDABLE],
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), max_length=300, required=False, widget=forms.Textarea({"rows": 2, "maxlength": 300})
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    widths = {
        "valid_from": "half", "valid_until": "half", "cap_basis": "half", "cap_months": "half", "hours_limit": "third",
        "grace_months": "third", "goodwill_days": "third", "replaced_part_rule": "half", "replaced_part_months": "half",
        "exchange_rule": "half", "compare_date": "half",
    }  # fmt: skip


class RuleForm(Form):
    """One start rule; an empty row is none."""

    basis = forms.ChoiceField(
        label=gettext_lazy("Counted from"), choices=[("", "–"), *WarrantyBasis.choices], required=False
    )
    months = forms.IntegerField(
        label=gettext_lazy("Months"), min_value=1, max_value=600, required=False,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )  # fmt: skip
    evidence = forms.MultipleChoiceField(
        label=gettext_lazy("Proof that must be there"),
        required=False,
        choices=EvidenceKind.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    widths = {"basis": "half", "months": "half"}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("basis")) is not bool(data.get("months")) and not self.errors:
            missing = "months" if data.get("basis") else "basis"
            self.add_error(missing, gettext_lazy("A start rule needs both: the day it counts from, and its months."))
        return data


class PolicyForms:
    """The terms and their start rules together, and for a new policy its scope; iterates over every field, so that the error summary
    takes it for one form. rules: one row for each basis.
    """

    def __init__(
        self, data: Any = None, *, initial: dict[str, Any] | None = None, scope: ScopeForm | None = None
    ) -> None:
        known = initial or {}
        self.scope = scope
        self.terms = TermForm(data, initial={name: value for name, value in known.items() if name != "start_rules"})
        rules: list[dict[str, Any]] = list(known.get("start_rules", ()))
        self.rules = [
            RuleForm(data, prefix=f"rules-{place}", initial=rules[place] if place < len(rules) else {})
            for place in range(RULES)
        ]

    def all(self) -> list[Form]:
        """Every form, in the order of the page."""
        return [*([self.scope] if self.scope is not None else []), self.terms, *self.rules]

    def __iter__(self) -> Iterator[forms.BoundField]:
        for form in self.all():
            yield from form

    @property
    def errors(self) -> dict[str, list[Any]]:
        """Errors of all forms by the field's name on the page."""
        return {form.add_prefix(name): list(found) for form in self.all() for name, found in form.errors.items()}

    def non_field_errors(self) -> Any:
        """What belongs to no field."""
        return [error for form in self.all() for error in form.non_field_errors()]

    def is_valid(self) -> bool:
        """Whether everything that was typed can be read."""
        checked = [form.is_valid() for form in self.all()]  # each of them, so that all errors show
        return all(checked)

    def facts(self) -> TermFacts:
        """What was typed, as the operation takes it."""
        data = {name: value for name, value in self.terms.cleaned_data.items() if name != "version"}
        rules = [
            RuleFacts(form.cleaned_data["basis"], form.cleaned_data["months"], tuple(form.cleaned_data["evidence"]))
            for form in self.rules
            if form.cleaned_data.get("basis")
        ]
        return TermFacts(**data | {"exclusions": tuple(data["exclusions"])}, start_rules=rules)

    def refuse(self, refusal: Refused) -> None:
        """Show a refusal at its field. Rules are counted as they were read, without empty rows."""
        kind, _dash, rest = (refusal.field or "").partition("-")
        if kind == "rules" and rest:
            number, _dash, name = rest.partition("-")
            filled = [form for form in self.rules if form.cleaned_data.get("basis")] or self.rules
            refusal.field = name
            apply_refusal(filled[int(number)], refusal)
            return
        at_scope = self.scope is not None and refusal.field in self.scope.fields
        apply_refusal(self.scope if at_scope and self.scope is not None else self.terms, refusal)

    @staticmethod
    def initial_of(version: WarrantyVersion) -> dict[str, Any]:
        """The forms' values of a version."""
        names = [*TermForm.base_fields, "start_rules"]
        return {name: getattr(version, name) for name in names}
