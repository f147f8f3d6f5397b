"""Forms of the technician's ladder: reasons, late times, the end of a trip, a job solved by phone (domain.md 5.5, 6)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import Sentence
from core.forms import FigureField, Form
from core.tenancy import Viewer
from equipment.enums import Responsibility
from partners.queries import people
from tickets.enums import PhotoSlot, PhotoSource, Transport, Treatment, WarrantyTick
from tickets.forms.desk import TicketForm
from tickets.models import Ticket, TicketMachine


@dataclass(frozen=True)
class Reason:
    """A step that wants a reason: the question, what follows, the verb on its button, phrases to tap."""

    title: Sentence
    text: Sentence
    button: Sentence
    phrases: tuple[Sentence, ...] = ()
    danger: bool = False


REASONS: dict[str, Reason] = {
    "refuse": Reason(
        _("Refuse this job?"),
        _("The dispatcher is told and sends somebody else."),
        _("Refuse"),
        (_("No time today"), _("Too far away"), _("Not my kind of machine")),
        danger=True,
    ),
    "hand_back": Reason(
        _("Hand this job back?"),
        _("The dispatcher is told and sends somebody else."),
        _("Hand back"),
        (_("Cannot make it today"), _("The car broke down"), _("A specialist is needed")),
        danger=True,
    ),
    "wait_part": Reason(
        _("Wait for a part?"),
        _("The job stays yours; set out again when the part is there."),
        _("Wait for part"),
        (_("Part not in stock"), _("Wrong part delivered"), _("Waits for the manufacturer to send it")),
    ),
    "wait_customer": Reason(
        _("Wait for the customer?"),
        _("The job stays yours; set out again when the customer is ready."),
        _("Wait for customer"),
        (_("The customer wants another day"), _("Production cannot stop now"), _("Nobody on site")),
    ),
}


def when(label: Any, **options: Any) -> forms.DateTimeField:
    """A point in time with the phone's own picker and the button 现在."""
    attrs = {"type": "datetime-local", "step": "60", "data-now": "1", **options.pop("attrs", {})}
    return forms.DateTimeField(
        label=label,
        widget=forms.DateTimeInput(attrs, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("Write day and time as 2026-06-11 07:30.")},
        **options,
    )


class ReasonForm(TicketForm):
    """A reason, with phrases."""

    reason = forms.CharField(
        label=_("Reason"), min_length=2, max_length=200, widget=forms.Textarea({"rows": 2, "maxlength": 200})
    )

    def __init__(self, *args: Any, verb: str, **kwargs: Any) -> None:
        self.verb = verb
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        phrases = REASONS[self.verb].phrases
        self.fields["reason"].widget.attrs["data-phrases"] = "|".join(str(words) for words in phrases)


class ArrivalForm(TicketForm):
    """到达: empty = now; a time typed later wants its reason (补录). lat, lng, acc: the phone's place, never required."""

    at = when(_("Arrived on site"), required=False, help_text=_("Empty: now."))
    reason = forms.CharField(
        label=_("Why is it entered later?"),
        required=False,
        max_length=200,
        help_text=_("Wanted when the time is more than 10 minutes ago."),
        widget=forms.Textarea({"rows": 2, "maxlength": 200}),
    )
    lat = forms.DecimalField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    lng = forms.DecimalField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    acc = forms.IntegerField(required=False, min_value=0, max_value=1_000_000, widget=forms.HiddenInput)

    def prepare(self) -> None:
        late = (_("No signal on site"), _("Forgot to press"), _("Phone was empty"))
        self.fields["reason"].widget.attrs["data-phrases"] = "|".join(str(words) for words in late)


class DepartureForm(TicketForm):
    """离开: ends the trip, with what it cost. km: one way."""

    at = when(_("Time of leaving the site"), required=False, help_text=_("Empty: now."))
    km = FigureField(
        label=_("Distance one way"),
        required=False,
        places=1,
        lowest=Decimal(0),
        highest=Decimal(5000),
        unit=_("km"),
    )
    nights = forms.IntegerField(
        label=_("Nights away"),
        required=False,
        min_value=0,
        max_value=60,
        widget=forms.NumberInput({"inputmode": "numeric", "min": 0}),
    )
    transport = forms.ChoiceField(
        label=_("Travelled by"),
        required=False,
        choices=Transport.choices,
        widget=forms.RadioSelect({"data-big": "1"}),
    )
    reason = forms.CharField(
        label=_("Why is it entered later?"),
        required=False,
        max_length=200,
        help_text=_("Wanted when the time is more than 10 minutes ago."),
        widget=forms.Textarea({"rows": 2, "maxlength": 200}),
    )

    widths = {"km": "half", "nights": "half"}

    def clean_nights(self) -> int:
        """Empty is none."""
        return self.cleaned_data["nights"] or 0


class PaperSlipForm(TicketForm):
    """补录: what a slip that was written by hand says about itself and the visit. lead: only where nobody is sent yet."""

    lead = forms.ChoiceField(label=_("Technician who was there"), required=False)
    paper_number = forms.CharField(
        label=_("number on the paper form"),
        required=False,
        max_length=20,
        help_text=_("Empty when none is printed on it."),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )
    arrived_at = when(_("Arrived on site"), help_text=_("As it stands on the paper."), attrs={"data-now": False})
    left_at = when(_("Left the site"), attrs={"data-now": False})

    widths = {"lead": "half", "paper_number": "half", "arrived_at": "half", "left_at": "half"}

    def prepare(self) -> None:
        if self.ticket.lead_person_id is not None:
            del self.fields["lead"]
            return
        able = sorted(people.technicians(self.viewer), key=lambda person: person.name)
        self.fields["lead"].required = True
        self.fields["lead"].choices = [("", "–"), *((person.public_id, person.name) for person in able)]  # type: ignore[attr-defined]


class RemoteForm(TicketForm):
    """远程解决: what was found and advised on the telephone."""

    diagnosis = forms.CharField(
        label=_("Diagnosed fault"), max_length=300, widget=forms.Textarea({"rows": 3, "maxlength": 300})
    )
    cause = forms.CharField(label=_("Cause"), max_length=200, widget=forms.Textarea({"rows": 2, "maxlength": 200}))
    responsibility = forms.ChoiceField(label=_("Responsibility"), choices=[("", "–"), *Responsibility.choices])
    treatment = forms.ChoiceField(label=_("Kind of treatment"), choices=Treatment.choices, initial=Treatment.ADVISE)
    solution = forms.CharField(
        label=_("What was advised"), max_length=500, widget=forms.Textarea({"rows": 3, "maxlength": 500})
    )
    in_warranty = forms.ChoiceField(
        label=_("In warranty"),
        choices=WarrantyTick.choices,
        initial=WarrantyTick.OPEN,
        widget=forms.RadioSelect({"data-big": "1"}),
    )
    warranty_reason = forms.CharField(
        label=_("Why the tick differs from the computed result"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    unknown_reason = forms.CharField(
        label=_("Why number or ex-factory date are not known"),
        max_length=100,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    solved_at = when(_("Time of the result"), required=False, help_text=_("Empty: now."))

    widths = {"responsibility": "half", "treatment": "half", "solved_at": "half"}

    def __init__(
        self, *args: Any, viewer: Viewer, ticket: Ticket, machines: list[TicketMachine], **kwargs: Any
    ) -> None:
        super().__init__(*args, viewer=viewer, ticket=ticket, **kwargs)
        if all(machine.serial_number and machine.ex_factory_on for machine in machines):
            del self.fields["unknown_reason"]

    def prepare(self) -> None:
        """No choices depend on the ticket."""


class PhotoForm(Form):
    """One photo as photo.js sends it. op may be missing without JavaScript."""

    op = forms.CharField(required=False, min_length=8, max_length=40)
    slot = forms.ChoiceField(choices=PhotoSlot.choices)
    source = forms.ChoiceField(choices=PhotoSource.choices)
    taken_at = forms.CharField(required=False, max_length=40)
    lat = forms.DecimalField(required=False, min_value=-90, max_value=90)
    lng = forms.DecimalField(required=False, min_value=-180, max_value=180)
    acc = forms.FloatField(required=False, min_value=0, max_value=1_000_000)
