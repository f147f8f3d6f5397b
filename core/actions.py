"""A step as a page of its own: a form, an operation, a way back; and the buttons that lead there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.utils import timezone

from core.errors import Refused, Sentence
from core.forms import apply_refusal


@dataclass(frozen=True)
class Action:
    """One verb: its form, the operation behind it, its words. explain: what will happen, said before it does. key: its letter."""

    form: type[Any]
    operation: Callable[..., Any]
    title: Sentence
    button: Sentence
    done: Sentence
    explain: Sentence = ""
    danger: bool = False
    icon: str = ""
    key: str = ""


@dataclass(frozen=True)
class Button:
    """As components/button.html wants it. key: its letter; position: the phone's place goes along when it is known."""

    label: Any
    url: str
    key: str = ""
    post: bool = False
    danger: bool = False
    icon: str = ""
    dialog: str = ""
    position: bool = False
    fields: Sequence[tuple[str, Any]] = ()


def take(request: Any, action: Action, form: Any, public_id: str) -> bool:
    """Do what a posted form asks for, and say that it is done; False when nothing was posted, the form is wrong, or it was refused.

    request: of somebody who is signed in. form: its `arguments()` are the operation's, beside viewer, thing, version and time. A refusal of input is shown at its field and nothing typed is lost; any other one is raised.
    """
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        action.operation(
            viewer=request.viewer,
            public_id=public_id,
            expected_version=form.cleaned_data["version"],
            now=timezone.now(),
            **form.arguments(),
        )
    except Refused as refusal:
        apply_refusal(form, refusal)
        return False
    messages.success(request, str(action.done))
    return True
