"""A draft in JSON: laid over what is kept, and read by the same forms as the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework import serializers

from core.api.bodies import body_of, data_of, errors_of
from core.api.problem import FieldError, Invalid
from core.tenancy import Viewer
from tickets.forms.slip import MOST_FAULTS, MOST_PARTS, FaultForm, MachineForm, PartLineForm, SlipForm, SlipForms
from tickets.models import Slip
from tickets.queries import slips

SlipBody = body_of(
    "SlipDraft",
    SlipForm,
    machines=body_of("SlipMachine", MachineForm, id=serializers.CharField(help_text="Of the machine, as on the ticket."))(many=True, required=False),
    faults=body_of("SlipFault", FaultForm)(many=True, required=False),
    parts=body_of("SlipPart", PartLineForm)(many=True, required=False),
)  # fmt: skip
for _field in SlipBody._declared_fields.values():
    _field.required = False  # a draft may lack everything

_LINES: Mapping[str, tuple[type[forms.Form], int]] = {
    "faults": (FaultForm, MOST_FAULTS),
    "parts": (PartLineForm, MOST_PARTS),
}


def forms_of(viewer: Viewer, slip: Slip, given: Any) -> SlipForms:
    """The forms of a draft with what was sent laid over what is kept. Errors: Invalid."""
    if isinstance(given, QueryDict):
        given = given.dict()
    if not isinstance(given, Mapping):
        raise Invalid([FieldError("", "object_wanted", _("Send one JSON object."))])
    content = slips.content(viewer, slip)
    data = _kept(SlipForms.of(viewer, slip, content=content))
    main = {name: value for name, value in given.items() if name not in ("machines", *_LINES)}
    _lay(data, "", main, SlipForm)
    for line in _list(given, "machines"):
        key = str(line.get("id", ""))
        _lay(data, f"machines-{key}-", {k: v for k, v in line.items() if k != "id"}, MachineForm, f"machines.{key}.")
    for name, (kind, most) in _LINES.items():
        if name in given:
            for old in [key for key in data if key.startswith(f"{name}-")]:
                del data[old]
            lines = _list(given, name)
            if len(lines) > most:
                raise Invalid([FieldError(name, "too_many", _("At most %(n)s lines.") % {"n": most})])
            for number, line in enumerate(lines):
                _lay(data, f"{name}-{number}-", line, kind, f"{name}.{number}.", whole=True)
    found = SlipForms.of(viewer, slip, data=data, content=content)
    if not found.is_valid():
        raise Invalid(
            [
                error
                for form in found.all()
                if form.is_bound
                for error in errors_of(form, f"{form.prefix.replace('-', '.')}." if form.prefix else "")
            ]
        )
    return found


def _kept(found: SlipForms) -> QueryDict:
    """The draft as the page's own form would send it."""
    data = QueryDict(mutable=True)
    for bound in found:
        value = bound.value()
        if isinstance(value, list | tuple):
            data.setlist(bound.html_name, [str(item) for item in value])
        elif isinstance(value, bool):
            data[bound.html_name] = "true" if value else "false"
        elif value is not None:
            data[bound.html_name] = str(value)
    return data


def _list(given: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    lines = given.get(name, [])
    if not isinstance(lines, list) or not all(isinstance(line, Mapping) for line in lines):
        raise Invalid([FieldError(name, "list_wanted", _("Send a list of objects."))])
    return lines


def _lay(
    data: QueryDict,
    prefix: str,
    given: Mapping[str, Any],
    kind: type[forms.Form],
    place: str = "",
    *,
    whole: bool = False,
) -> None:
    """Put the values of one form where it looks for them. whole: what is not sent has its initial value."""
    try:
        read = data_of(given, kind.base_fields)
    except Invalid as refusal:
        raise Invalid([FieldError(place + e.field, e.code, e.detail) for e in refusal.errors]) from None
    for name in read:
        if whole or name in given:
            data.setlist(prefix + name, read.getlist(name))
