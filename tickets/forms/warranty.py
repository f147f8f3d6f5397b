"""Proofs of dates, and what is asked of the manufacturer about the warranty (domain.md 4.4, 4.5)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.calendars import local_date
from core.forms import DayField, FigureField, Form
from equipment.enums import EvidenceKind
from tickets.models import TicketMachine


class _OfMachine(Form):
    """Asks for the machine where a ticket has several."""

    machine = forms.ChoiceField(label=_("Machine"))

    def __init__(self, *args: Any, machines: Sequence[TicketMachine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(row.machine.public_id, f"{row.model} {row.serial_number}".strip()) for row in machines]
        fields: Any = self.fields
        fields["machine"].choices = choices
        if len(choices) == 1:
            fields["machine"].initial = choices[0][0]
            fields["machine"].widget = forms.HiddenInput()


class ProofForm(_OfMachine):
    """A paper or photo that proves a date, the hours, or the day of the fault."""

    kind = forms.ChoiceField(label=_("Kind of proof"), choices=[("", "–"), *EvidenceKind.choices])
    day = DayField(label=_("Date that it proves"), required=False, latest=lambda: local_date(timezone.now()))
    hours = FigureField(
        label=_("Hours on the meter"),
        required=False,
        places=1,
        lowest=Decimal(0),
        highest=Decimal(999_999),
        unit=_("hours"),
    )
    photo = forms.FileField(
        label=_("Photo of it"), widget=forms.ClearableFileInput({"accept": "image/*", "data-drop": "1"})
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200)
    op = forms.CharField(widget=forms.HiddenInput, min_length=8, max_length=40)
    widths = {"kind": "half", "day": "half", "hours": "half"}


class StartForm(_OfMachine):
    """三包起算日变更."""

    start_on = DayField(label=_("Start of the period asked for"), latest=lambda: local_date(timezone.now()))
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea({"rows": 3, "maxlength": 300}))


class GoodwillForm(Form):
    """照顾性保修: who pays how much, and why."""

    maker_percent = forms.IntegerField(
        label=_("Share of the manufacturer"),
        min_value=1,
        max_value=100,
        initial=100,
        help_text=_("The customer pays the rest."),
        widget=forms.NumberInput({"inputmode": "numeric", "data-unit": "%"}),
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea({"rows": 3, "maxlength": 300}))


class AnswerForm(Form):
    """HQ's answer to a request."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("granted", _("agree")), ("declined", _("decline"))],
        widget=forms.RadioSelect({"data-big": "1"}),
    )
    answer = forms.CharField(
        label=_("Words to it"), required=False, max_length=300, widget=forms.Textarea({"rows": 3, "maxlength": 300})
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
