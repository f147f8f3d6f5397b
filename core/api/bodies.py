"""Bodies are checked by the same forms as the pages: from JSON to a form's data, from its errors to field errors, from its fields to
the schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework import serializers

from core.api.problem import FieldError, Invalid
from core.forms import DayField, FigureField

F = TypeVar("F", bound=forms.Form)

#: fields that pages need and bodies do not: the version stands in `If-Match`
HIDDEN = frozenset({"version"})


def data_of(given: Any, fields: Mapping[str, forms.Field], **more: Any) -> QueryDict:
    """A JSON object as a form takes it. What is not sent has the form's initial value. more: further entries (a version).

    Errors: Invalid for an unknown name or a value that no form field can hold.
    """
    if isinstance(given, QueryDict):
        given = {name: given.getlist(name) if isinstance(fields.get(name), forms.MultipleChoiceField) else given[name] for name in given}  # fmt: skip
    if not isinstance(given, Mapping):
        raise Invalid([FieldError("", "object_wanted", _("Send one JSON object."))])
    data, errors = QueryDict(mutable=True), []
    for name, value in given.items():
        field = fields.get(name)
        if field is None or name in HIDDEN:
            errors.append(FieldError(str(name), "field_unknown", _("There is no such field.")))
        elif isinstance(field, forms.MultipleChoiceField):
            if isinstance(value, list) and all(isinstance(item, str) for item in value):
                data.setlist(name, value)
            else:
                errors.append(FieldError(name, "list_wanted", _("Send a list of texts.")))
        elif isinstance(value, list | dict):
            errors.append(FieldError(name, "value_wanted", _("Send one value.")))
        else:
            data[name] = _text(value)
    for name, field in fields.items():
        if name not in given and field.initial is not None and not callable(field.initial):
            data[name] = _text(field.initial)
    errors += [
        FieldError(name, "text_wrong", _("Not all of these characters can be kept."))
        for name in data
        if not _keeps(data.getlist(name))
    ]
    if errors:
        raise Invalid(errors)
    for name, value in more.items():
        data[name] = _text(value)
    return data


def laid_over(kept: Mapping[str, Any], given: Any, fields: Mapping[str, forms.Field]) -> QueryDict:
    """What is kept of a record, with what was sent laid over it, as the record's form takes it. Errors: as `data_of`."""
    values = {name: value for name, value in kept.items() if name not in HIDDEN}
    sent = data_of(given, fields)  # says what is wrong with the shape of what was sent
    return data_of(values | {name: given[name] for name in sent if name in given}, fields)


def checked(form: F) -> F:
    """The form, valid. Errors: Invalid with what is wrong at which field."""
    if not form.is_valid():
        raise Invalid(errors_of(form))
    return form


def errors_of(form: forms.Form, before: str = "") -> list[FieldError]:
    """What is wrong in a form; what belongs to no field has the name "". before: of the line it belongs to ("faults.0.")."""
    return [
        FieldError(before + ("" if name == "__all__" else name), error.code or "invalid", str(error.messages[0]))
        for name, errors in form.errors.as_data().items()
        for error in errors
    ]


def _keeps(texts: list[str]) -> bool:
    """Whether the database can hold them: JSON can say NUL and halves of characters, UTF-8 text cannot."""
    return all("\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text) for text in texts)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def body_of(
    name: str,
    form: type[forms.BaseForm],
    *,
    leave_out: Iterable[str] = (),
    **more: serializers.Field[Any, Any, Any, Any],
) -> type[serializers.Serializer[Any]]:
    """The shape of a body that this form checks, for the schema. more: fields that the form has only for some."""
    unwanted = HIDDEN | set(leave_out)
    base: Mapping[str, forms.Field] = form.base_fields  # type: ignore[attr-defined]  # made by the forms' metaclass
    fields = {key: shape_of(field) for key, field in base.items() if key not in unwanted}
    return type(name, (serializers.Serializer,), fields | more)


def shape_of(field: forms.Field) -> Any:
    """One form field as the schema shows it."""
    initial = None if callable(field.initial) else field.initial
    options: dict[str, Any] = {"required": field.required and initial is None}
    if field.help_text:
        options["help_text"] = str(field.help_text)
    if initial is not None and isinstance(initial, str | bool | int):
        options["default"] = str(initial) if isinstance(initial, str) else initial
        options.pop("required")
    if isinstance(field, forms.MultipleChoiceField):
        return serializers.ListField(child=serializers.CharField(), **options)
    if isinstance(field, forms.ChoiceField):
        choices = [(value, str(label)) for value, label in field.choices if value]  # type: ignore[union-attr, misc]
        if choices and not isinstance(field.choices, type(None)):
            return serializers.ChoiceField(choices=choices, allow_blank=not field.required, **options)
        return serializers.CharField(allow_blank=not field.required, **options)
    if isinstance(field, forms.BooleanField):
        return serializers.BooleanField(**options)
    if isinstance(field, forms.DateTimeField):
        return serializers.DateTimeField(allow_null=not field.required, **options)
    if isinstance(field, DayField | forms.DateField):
        return serializers.DateField(allow_null=not field.required, **options)
    if isinstance(field, FigureField | forms.DecimalField | forms.FloatField):
        return serializers.FloatField(allow_null=not field.required, **options)
    if isinstance(field, forms.IntegerField):
        options |= {name: end for name in ("min_value", "max_value") if isinstance(end := getattr(field, name), int)}
        return serializers.IntegerField(allow_null=not field.required, **options)
    limits = {name: getattr(field, name, None) for name in ("min_length", "max_length")}
    return serializers.CharField(allow_blank=not field.required, **{k: v for k, v in limits.items() if v}, **options)
