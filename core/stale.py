"""The page for a form that somebody else's change has overtaken: both versions, and the choice between them (ui.md 3.11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.errors import Refused

_NOT_SENT_AGAIN = ("csrfmiddlewaretoken", "version")


@dataclass(frozen=True)
class Difference:
    """One field in two versions, in words."""

    label: str
    theirs: str
    mine: str
    changed: bool = True


def stale_page(
    request: HttpRequest, refusal: Refused, *, mine: forms.Form, theirs: forms.Form, version: int, again_url: str
) -> HttpResponse:
    """Who changed the record when, what differs, and the buttons "use theirs" and "use mine"; status 409.

    refusal: "stale" with the params `who` and `at`. mine: the bound form. theirs: the same form with the record's present
    values as initial. version: the record's present one, sent with "use mine". again_url: the form with the present values.
    """
    sent = [(name, value) for name, values in request.POST.lists() if name not in _NOT_SENT_AGAIN for value in values]
    context = {
        "who": refusal.params.get("who", ""),
        "when": refusal.params.get("at"),
        "changes": differences(mine, theirs),
        "again_url": again_url,
        "post_url": request.get_full_path(),
        "resend": [*sent, ("version", str(version))],
    }
    return render(request, "errors/stale.html", context, status=409)


def differences(mine: forms.Form, theirs: forms.Form) -> list[Difference]:
    """The visible fields whose values differ, in the form's order."""
    rows = []
    for bound in mine.visible_fields():
        ours, others = _words(bound), _words(theirs[bound.name])
        if ours != others:
            rows.append(Difference(str(bound.label), others, ours))
    return rows


def _words(bound: forms.BoundField) -> str:
    value: Any = bound.value()
    if value is None or value == "":
        return ""
    if isinstance(bound.field, forms.BooleanField):
        return "✓" if value else ""
    choices = dict(getattr(bound.field, "choices", ()))
    several = value if isinstance(value, list | tuple) else [value]
    return "、".join(str(choices.get(item, item)) for item in several)
