"""Shape of what people type about channels, deliveries and how they want to be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from notices.calculations.timing import QUIET_FROM, QUIET_TO
from notices.enums import ROBOTS, ChannelKind, DeliveryState, Pace
from notices.models import Channel, Preferences
from notices.queries import channels, kinds, preferences
from notices.queries.deliveries import DeliveryFilter

ALL = _("all")
QUIET = ("quiet", "quiet_from", "quiet_to")


def _clock(label: Any, initial: time) -> forms.TimeField:
    widget = forms.TimeInput({"type": "time", "data-width": "third", "data-wanted": True}, format="%H:%M")
    return forms.TimeField(label=label, initial=initial, required=False, widget=widget)


def _ticks(label: Any, choices: Sequence[tuple[str, Any]], **options: Any) -> forms.MultipleChoiceField:
    widget = forms.CheckboxSelectMultiple({"data-wanted": True})
    return forms.MultipleChoiceField(label=label, choices=choices, required=False, widget=widget, **options)


class _QuietForm(Form):
    """Hours in which nothing leaves that is not urgent."""

    quiet = forms.BooleanField(
        label=_("Quiet hours: only urgent messages"), required=False, help_text=_("What comes then, comes afterwards.")
    )
    quiet_from = _clock(_("Quiet from"), QUIET_FROM)
    quiet_to = _clock(_("Quiet until"), QUIET_TO)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in ("quiet_from", "quiet_to"):
            if data.get("quiet") and data.get(name) is None and name not in self.errors:
                self.add_error(name, _("Please fill this in."))
        return data

    def quiet_hours(self) -> tuple[time, time] | None:
        """From and to, None when there are none."""
        data = self.cleaned_data
        return (data["quiet_from"], data["quiet_to"]) if data["quiet"] else None


def _quiet_facts(row: Channel | Preferences) -> dict[str, Any]:
    quiet = row.quiet
    return {
        "quiet": quiet is not None,
        "quiet_from": quiet.begin if quiet else QUIET_FROM,
        "quiet_to": quiet.end if quiet else QUIET_TO,
    }


class RobotForm(_QuietForm):
    """A group's robot. Of one that is there already the address is never shown again: left empty, it stays."""

    field_order = ("kind", "name", "address", "secret", "drop_secret", "groups", *QUIET)
    widths: ClassVar[dict[str, str]] = {"name": "half"}

    kind = forms.ChoiceField(
        label=_("Chat"),
        choices=[(kind.value, kind.label) for kind in ROBOTS],
        widget=forms.RadioSelect({"data-big": True}),
    )
    name = forms.CharField(label=_("Name of the group"), max_length=40)
    address = forms.CharField(
        label=_("Webhook address"),
        max_length=500,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "inputmode": "url"}),
        help_text=_("As the chat shows it when a robot is added to the group. Whoever has it can write there."),
    )
    secret = forms.CharField(
        label=_("Signing secret"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("DingTalk and Feishu, when the robot asks for signatures. For a keyword choose the word 售后."),
    )
    drop_secret = forms.BooleanField(label=_("Do not sign any more"), required=False)
    groups = _ticks(_("What it tells"), ())
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, channel: Channel | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["groups"].choices = [(group.code, group.label) for group in kinds.groups() if group.for_robots]
        if channel is None:
            del fields["drop_secret"]
            return
        del fields["kind"]
        fields["address"].required = False
        fields["address"].widget.attrs |= {"placeholder": f"…{channel.key_end}", "data-wanted": True}
        fields["address"].help_text = _("It is not shown again. Leave it empty to keep it.")
        if channel.kind == ChannelKind.WECOM:
            del fields["secret"], fields["drop_secret"]
        elif not channel.secret:
            del fields["drop_secret"]

    @staticmethod
    def facts_of(channel: Channel) -> dict[str, Any]:
        """The robot as the form's initial values."""
        facts = {"name": channel.name, "groups": channel.groups, "version": channel.version}
        return facts | _quiet_facts(channel)

    def facts(self, kind: str = "") -> dict[str, Any]:
        """What was typed, as `operations.channels.RobotFacts` takes it. kind: of a robot that is there already."""
        data = self.cleaned_data
        begin, end = self.quiet_hours() or (None, None)
        typed = {name: data[name] for name in ("name", "address", "secret", "drop_secret") if name in data}
        return typed | {
            "kind": kind or data["kind"],
            "groups": tuple(data["groups"]),
            "quiet_from": begin,
            "quiet_to": end,
        }


class PreferencesForm(_QuietForm):
    """By which channels one is told of which groups of kinds; only channels that the installation has are offered."""

    field_order = ("pace", *QUIET)

    pace = forms.ChoiceField(
        label=_("What is not urgent"), choices=Pace.choices, widget=forms.RadioSelect({"data-big": True})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = [(kind.value, kind.label) for kind in channels.configured()]
        if there:
            ticks = {_field(group.code): _ticks(group.label, there) for group in kinds.groups()}
            self.fields = {**ticks, **self.fields}
            for field in ticks.values():
                self._word(field)

    @property
    def in_groups(self) -> list[forms.BoundField]:
        """The fields of the groups of kinds."""
        return [bound for bound in self.visible_fields() if bound.name.startswith("on_")]

    @property
    def in_time(self) -> list[forms.BoundField]:
        """The fields about when messages leave."""
        return [bound for bound in self.visible_fields() if not bound.name.startswith("on_")]

    @staticmethod
    def facts_of(row: Preferences) -> dict[str, Any]:
        """What was chosen, as the form's initial values."""
        there = channels.configured()
        on = {
            _field(group.code): [kind for kind in preferences.chosen(row, group) if kind in there]
            for group in kinds.groups()
        }
        return {"pace": row.pace, **_quiet_facts(row), **on}

    def choice(self) -> dict[str, Any]:
        """What was typed, as `operations.preferences.Choice` takes it."""
        data = self.cleaned_data
        on = {name.removeprefix("on_"): data[name] for name in self.fields if name.startswith("on_")}
        return {"on": on, "quiet": self.quiet_hours(), "pace": data["pace"]}


def _field(code: str) -> str:
    return f"on_{code}"


class MailForm(Form):
    """One's e-mail address; a code goes there first."""

    address = forms.CharField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.TextInput({"type": "email", "inputmode": "email", "autocomplete": "email", "spellcheck": "false"}),
    )


class CodeForm(Form):
    """The code that came by mail."""

    code = forms.CharField(
        label=_("Code from the mail"),
        max_length=12,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class DeliveryFilters(Form):
    """What narrows the list of deliveries."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", ALL), *DeliveryState.choices])
    channel = forms.ChoiceField(label=_("Channel"), required=False)

    def __init__(self, data: Mapping[str, Any], *, ways: Sequence[Channel]) -> None:
        super().__init__(data)
        fields: Any = self.fields
        fields["channel"].choices = [("", ALL), *((way.public_id, str(way)) for way in ways)]

    def facts(self) -> DeliveryFilter:
        """The filters as the query takes them; nonsense in the address narrows nothing."""
        self.is_valid()
        data = self.cleaned_data
        return DeliveryFilter(state=data.get("state", ""), channel=data.get("channel", ""))
