"""Facts of a claim as JSON and back, so that what a claim was checked on can be kept and checked again (trial of a setting). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def kept(value: Any) -> Any:
    """A dataclass of facts, and all that is in it, as JSON has it. Figures and days become text; sets are sorted."""
    if is_dataclass(value):
        return {field.name: kept(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): kept(one) for key, one in value.items()}
    if isinstance(value, frozenset):
        return sorted(kept(one) for one in value)
    if isinstance(value, tuple | list):
        return [kept(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else value


def read(kind: type[T], value: Any) -> T:
    """The dataclass that `kept` has written. A field that is missing, because it came later, has its default."""
    made: T = _read(kind, value)
    return made


def _read(kind: Any, value: Any) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return None if value is None else _read(next(one for one in inner if one is not type(None)), value)
    if is_dataclass(kind):
        hints = _hints(kind)  # type: ignore[arg-type]  # a class is hashable
        return kind(**{name: _read(hint, value[name]) for name, hint in hints.items() if name in value})  # type: ignore[operator]
    if origin is tuple:
        return tuple(_read(inner[0], one) for one in value)
    if origin is frozenset:
        return frozenset(_read(inner[0], one) for one in value)
    if origin is not None and issubclass(origin, Mapping):
        return {_read(inner[0], key): _read(inner[1], one) for key, one in value.items()}
    if issubclass(kind, datetime | date):
        return kind.fromisoformat(value)
    return kind(value) if issubclass(kind, Enum | Decimal) else value


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
