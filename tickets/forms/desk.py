"""Small forms of the desk: one per verb (domain.md 6)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.calendars import local
from core.dictionaries import words
from core.forms import Form, PhoneField
from core.models.dictionary import DictionaryKind
from core.tenancy import Viewer
from partners.models import Person
from partners.queries import people
from resources.queries import duty
from tickets.enums import Channel, FollowUpResult, LateReason, PauseReason, Urgency
from tickets.models import Ticket
from tickets.queries import clocks, lists, referrals, tickets


def _reason(label: Any = None, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label or _("Reason"),
        max_length=200,
        required=required,
        widget=forms.Textarea({"rows": 2, "maxlength": 200}),
    )


def _moment(label: Any, *, required: bool = True) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=required,
        widget=forms.DateTimeInput({"type": "datetime-local", "step": "60"}, format="%Y-%m-%dT%H:%M"),
    )


class TicketForm(Form):
    """A form about one ticket, as one viewer sees it. version: of the page, so that a stale one is noticed."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, viewer: Viewer, ticket: Ticket, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": ticket.version, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.viewer, self.ticket = viewer, ticket
        self.prepare()

    def prepare(self) -> None:
        """Choices that depend on viewer and ticket."""

    def arguments(self) -> dict[str, Any]:
        """What the operation takes, by its own names."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class PlainForm(TicketForm):
    """Nothing to fill in."""


class ReasonForm(TicketForm):
    """A reason."""

    reason = _reason()


class ContactForm(TicketForm):
    """已联系客户."""

    channel = forms.ChoiceField(
        label=_("How"), choices=Channel.choices, initial=Channel.PHONE, widget=forms.RadioSelect({"data-big": "1"})
    )
    customer = forms.ChoiceField(label=_("We know this number"), required=False, widget=forms.RadioSelect)
    note = _reason(_("What was said"), required=False)

    def prepare(self) -> None:
        known = referrals.known_customers(self.viewer, self.ticket) if self.ticket.referral_id else []
        if not known:
            del self.fields["customer"]
            return
        new = _("A new customer: %(name)s") % {"name": self.ticket.customer_name}
        self.fields["customer"].choices = [  # type: ignore[attr-defined]
            *((one.public_id, f"{one.name} · {one.full_address}") for one in known), ("", new),
        ]  # fmt: skip
        self.fields["customer"].help_text = _(
            "The referral's customer has the number of one of ours. Is it the same one?"
        )


class AppointmentForm(TicketForm):
    """客户预约."""

    appointment_at = _moment(_("Appointment"))
    agreed_with = forms.CharField(label=_("Agreed with"), max_length=20)
    note = _reason(_("Note"), required=False)

    def prepare(self) -> None:
        self.fields["agreed_with"].initial = self.ticket.contact


class HoldForm(TicketForm):
    """暂停 by hand: waiting for a part or the customer during the work pauses by itself."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[choice for choice in PauseReason.choices if choice[0] not in (PauseReason.PART, PauseReason.CUSTOMER)],
        widget=forms.RadioSelect,
    )
    since = _moment(_("Since (empty = now)"), required=False)
    note = _reason(_("Note"), required=False)


class LateForm(TicketForm):
    """迟到原因, and words of one's own."""

    reason = forms.ChoiceField(
        label=_("Reason"), choices=LateReason.choices, widget=forms.RadioSelect({"data-big": "1"})
    )
    note = _reason(_("Note"), required=False)


class NoteOnlyForm(TicketForm):
    """A note that may stay empty."""

    note = _reason(_("Note"), required=False)


class ReversePauseForm(TicketForm):
    """Which pause of the round, and why it does not hold."""

    pause = forms.ChoiceField(label=_("Pause"), widget=forms.RadioSelect)
    reason = _reason()

    def prepare(self) -> None:
        rows = clocks.pauses_of_round(self.viewer, self.ticket.pk, self.ticket.round)
        self.fields["pause"].choices = [  # type: ignore[attr-defined]
            (str(row.pk), f"{row.get_reason_display()} · {local(row.started_at):%m-%d %H:%M}")
            for row in rows
            if row.reversed_at is None
        ]


class DispatchForm(TicketForm):
    """派工: lead and companions."""

    lead = forms.ChoiceField(label=_("Technician who goes"), widget=forms.RadioSelect({"data-big": "1"}))
    companions = forms.MultipleChoiceField(label=_("Companions"), required=False, widget=forms.CheckboxSelectMultiple)
    note = _reason(_("Note for the technician"), required=False)

    def prepare(self) -> None:
        busy = lists.load(self.viewer).by_person
        near, on_duty = self.ticket.city, duty.ids_on_duty(self.viewer, timezone.now())
        able = sorted(people.technicians(self.viewer), key=lambda p: (p.city != near or not near, busy[p.id], p.name))
        self.fields["lead"].choices = [(p.public_id, _who(p, busy[p.id], p.id in on_duty)) for p in able]  # type: ignore[attr-defined]
        self.fields["companions"].choices = [(p.public_id, p.name) for p in able]  # type: ignore[attr-defined]
        if not able:
            self.fields["lead"].help_text = _("There is no active technician. An administrator adds people.")


def _who(person: Person, jobs: int, on_duty: bool) -> str:
    free = _("free") if not jobs else _("%(n)s open") % {"n": jobs}
    words = (person.name, person.city, free, _("on duty") if on_duty else "")
    return " · ".join(str(part) for part in words if part)


class MergeForm(TicketForm):
    """合并 with another open ticket of the same customer."""

    target = forms.ChoiceField(label=_("The other ticket"), widget=forms.RadioSelect)
    reason = _reason()

    def prepare(self) -> None:
        others = tickets.open_of_customer(self.viewer, self.ticket)
        choices = [(t.public_id, f"{t.number} · {t.model_summary} · {t.fault[:40]}") for t in others]
        self.fields["target"].choices = choices  # type: ignore[attr-defined]
        if not others:
            self.fields["target"].help_text = _("This customer has no other open ticket.")


class CancelForm(TicketForm):
    """取消, with a reason from the list and words of one's own."""

    reason = forms.ChoiceField(label=_("Reason"), widget=forms.RadioSelect)
    more = _reason(_("More"), required=False)

    def prepare(self) -> None:
        self.fields["reason"].choices = [(word, word) for word in words(DictionaryKind.CANCEL)]  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"reason": "：".join(filter(None, [data["reason"], data["more"].strip()]))}


class FollowUpForm(TicketForm):
    """回访."""

    result = forms.ChoiceField(
        label=_("What the customer says"), choices=FollowUpResult.choices, widget=forms.RadioSelect({"data-big": "1"})
    )
    note = _reason(_("Note"), required=False)


class ChangeForm(TicketForm):
    """Correct an open report. machines: public ids of the customer's machines of the same maker."""

    fault = forms.CharField(
        label=_("Fault, in the customer's words"), min_length=4, max_length=200, widget=forms.Textarea({"rows": 3})
    )
    urgency = forms.ChoiceField(
        label=_("Urgency"), choices=Urgency.choices, widget=forms.RadioSelect({"data-big": "1"})
    )
    contact = forms.CharField(label=_("Contact"), max_length=20)
    phone = PhoneField(label=_("Telephone"))
    machines = forms.MultipleChoiceField(label=_("Machines"), widget=forms.CheckboxSelectMultiple)

    widths = {"contact": "half", "phone": "half"}

    def prepare(self) -> None:
        ticket = self.ticket
        for name in ("fault", "urgency", "contact", "phone"):
            self.fields[name].initial = getattr(ticket, name)
        able = tickets.possible_machines(self.viewer, ticket)
        self.fields["machines"].choices = [(m.public_id, f"{m.model} {m.serial_number}".strip()) for m in able]  # type: ignore[attr-defined]
        on_it = {machine.machine_id for machine in tickets.machines(self.viewer, ticket)}
        self.fields["machines"].initial = [machine.public_id for machine in able if machine.id in on_it]


class NoteForm(Form):
    """A note; internal ones stay with the dealer."""

    text = forms.CharField(label=_("Note"), max_length=500, widget=forms.Textarea({"rows": 2, "maxlength": 500}))
    internal = forms.BooleanField(label=_("Internal: not for the manufacturer"), required=False)


class CallForm(TicketForm):
    """A call with the customer."""

    channel = forms.ChoiceField(label=_("How"), choices=Channel.choices, initial=Channel.PHONE)
    reached = forms.BooleanField(label=_("Somebody answered"), required=False, initial=True)
    text = forms.CharField(
        label=_("What was said"), max_length=500, required=False, widget=forms.Textarea({"rows": 2, "maxlength": 500})
    )
    internal = forms.BooleanField(label=_("Internal: not for the manufacturer"), required=False)
    widths = {"channel": "half"}
