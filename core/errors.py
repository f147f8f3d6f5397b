"""The one way to say no: a typed refusal that a single handler turns into a page, a fragment or an API problem."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

Sentence = str | Promise

_SENTENCES: dict[str, Sentence] = {}


class Refused(Exception):
    """An operation that will not be done, for a reason the person can act on.

    code: a word of the trade ("wrong_state"), registered with `sentence()` by the room that raises it.
    field: the form field it belongs to, or None for the whole page.
    status: HTTP status; 422 for input, 403 for rights, 409 for a stale page. Everything >= 400 rolls back.
    params: values for the sentence.
    """

    def __init__(self, code: str, *, field: str | None = None, status: int = 422, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.status = status
        self.params = params

    def __str__(self) -> str:
        text = _SENTENCES.get(self.code)
        if text is None:
            return _("This is not possible now (%(code)s).") % {"code": self.code}
        return str(text) % self.params if self.params else str(text)


class NotFound(Refused):
    """A row that does not exist for this viewer. Foreign and missing rows answer alike (reliability.md 1)."""

    def __init__(self) -> None:
        super().__init__("not_found", status=404)


def sentence(code: str, text: Sentence) -> None:
    """Register the sentence of a refusal; `text` is a lazy translation with %(name)s places for its params."""
    if code in _SENTENCES:
        raise ValueError(f"refusal {code!r} has two sentences")
    _SENTENCES[code] = text


def sentences() -> dict[str, Sentence]:
    """All registered refusals, for tests and documentation."""
    return dict(_SENTENCES)


def as_refusal(problem: IntegrityError) -> Refused | None:
    """The refusal behind a violated constraint, worded by the constraint's `violation_error_message`; None = a fault."""
    name = getattr(getattr(problem.__cause__, "diag", None), "constraint_name", None)
    if name == "slip_frozen":
        return Refused("frozen", status=409)
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name and constraint.violation_error_message:
                return ConstraintRefused(str(constraint.violation_error_message))
    return None


class ConstraintRefused(Refused):
    """A constraint of the database said no."""

    def __init__(self, text: str) -> None:
        super().__init__("constraint", status=409)
        self.text = text

    def __str__(self) -> str:
        return self.text


@contextmanager
def constraints(**fields: str) -> Iterator[None]:
    """A savepoint whose violated constraint becomes a refusal at its form field: `with constraints(person_phone_unique="phone"):`."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as problem:
        name = getattr(getattr(problem.__cause__, "diag", None), "constraint_name", None)
        refusal = as_refusal(problem)
        if refusal is None or name not in fields:
            raise
        refusal.field, refusal.status = fields[name], 422  # input that can be mended, not a lost race
        raise refusal from problem
