"""What narrows the list of tables for the checks."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from core.forms import Form
from settlement.enums import CheckTable


class RowFilters(Form):
    """A table, and how code or model begins."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        widget=forms.TextInput({"type": "search", "placeholder": gettext_lazy("Code, fault or model")}),
    )
    table = forms.ChoiceField(
        label=gettext_lazy("Table"), required=False, choices=[("", gettext_lazy("all")), *CheckTable.choices]
    )
