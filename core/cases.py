"""Cases of the calculation engine: one line of JSON in, typed values out (calculations.md, "Lines, values, errors"). Pure.

A reader is a function of (value, path) that gives the value in our own form or raises Wrong with the path as it stands in the input. What
a calculation did is told as steps. `core.case_words` puts both into words.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from core.calendars import CHINA
from core.money import half_up
from core.working_days import WorkingDays

T = TypeVar("T")
D = TypeVar("D")
Reader = Callable[[object, str], T]

LONGEST_NUMBER = 1000  # characters; more is a broken file, and costs time that grows with its square


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a calculation with its numbers; code: of the sentence in the app's `explain`.

    params: Decimal for money, hours, kilometres; timedelta for a length of time; date, aware datetime, int; str as it was given.
    """

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


class Wrong(Exception):
    """A case that cannot be calculated. field: path of the wrong or missing field ("pauses[0].to"); code, params: of the sentence."""

    def __init__(self, field: str, code: str, **params: object) -> None:
        super().__init__(field, code)
        self.field = field
        self.code = code
        self.params = params


# ── a line ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _NoNumber:
    """A number of JSON that is none of ours: NaN, Infinity, an exponent, or too many digits."""

    text: str


class _Repeated(dict[str, object]):
    """An object of JSON with a name that stands in it twice."""

    name = ""


def _fraction(text: str) -> Decimal | _NoNumber:
    return _NoNumber(text) if "e" in text or "E" in text or len(text) > LONGEST_NUMBER else Decimal(text)


def _whole(text: str) -> int | _NoNumber:
    return _NoNumber(text) if len(text) > LONGEST_NUMBER else int(text)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    repeated = _Repeated(found)
    repeated.name = Counter(name for name, _value in pairs).most_common(1)[0][0]
    return repeated


_JSON = json.JSONDecoder(
    parse_float=_fraction, parse_int=_whole, parse_constant=_NoNumber, object_pairs_hook=_object, strict=True
)


def parsed(line: str | bytes) -> dict[str, object]:
    """The object on a line. Errors: Wrong with an empty path when it is no JSON object in UTF-8."""
    try:
        found = _JSON.decode(line.decode() if isinstance(line, bytes) else line)
    except UnicodeDecodeError as error:
        raise Wrong("", "not_utf8", at=error.start + 1) from None
    except json.JSONDecodeError as error:
        raise Wrong("", "not_json", at=error.pos + 1) from None
    except RecursionError:
        raise Wrong("", "too_deep") from None
    if not isinstance(found, dict):
        raise Wrong("", "no_object")
    return found


class Fields:
    """The fields of one object. known: their names; any other is an error. null equals absent."""

    __slots__ = ("path", "values")

    def __init__(self, value: object, path: str, *known: str) -> None:
        self.path = path
        self.values = named(value, path)
        for name in self.values:
            if name not in known:
                raise Wrong(self.at(name), "unknown", known=", ".join(known))

    def at(self, name: str) -> str:
        """The path of one field."""
        return f"{self.path}.{name}" if self.path else name

    def has(self, name: str) -> bool:
        """Whether the field is given."""
        return self.values.get(name) is not None

    def need(self, name: str, read: Reader[T]) -> T:
        """A required field. Errors: Wrong when it is missing or cannot be read."""
        value = self.values.get(name)
        if value is None:
            raise Wrong(self.at(name), "missing")
        return read(value, self.at(name))

    def get(self, name: str, read: Reader[T], default: D) -> T | D:
        """An optional field, or its default. Errors: Wrong when it cannot be read."""
        value = self.values.get(name)
        return default if value is None else read(value, self.at(name))


def written_money(amount: Decimal) -> str:
    """An amount as results have it: two decimals, "1882.60"."""
    return str(half_up(amount))


# ── readers ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def named(value: object, path: str) -> dict[str, object]:
    """An object with any names in it."""
    if not isinstance(value, dict):
        raise Wrong(path, "no_object")
    if isinstance(value, _Repeated):
        raise Wrong(f"{path}.{value.name}" if path else value.name, "repeated")
    return value


def mapping(read: Reader[T]) -> Reader[dict[str, T]]:
    """An object with free names, all values of one kind; a null is as if it were not there."""

    def read_all(value: object, path: str) -> dict[str, T]:
        entries = named(value, path)
        return {name: read(entry, f"{path}.{name}") for name, entry in entries.items() if entry is not None}

    return read_all


def listed(read: Reader[T]) -> Reader[tuple[T, ...]]:
    """A list, all entries of one kind."""

    def read_all(value: object, path: str) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise Wrong(path, "no_list")
        return tuple(read(entry, f"{path}[{place}]") for place, entry in enumerate(value))

    return read_all


def filled(read: Reader[T]) -> Reader[tuple[T, ...]]:
    """A list that is not empty."""
    read_all = listed(read)

    def read_some(value: object, path: str) -> tuple[T, ...]:
        found = read_all(value, path)
        if not found:
            raise Wrong(path, "empty_list")
        return found

    return read_some


def exactly(count: int, read: Reader[T]) -> Reader[tuple[T, ...]]:
    """A list of so many entries."""
    read_all = listed(read)

    def read_some(value: object, path: str) -> tuple[T, ...]:
        found = read_all(value, path)
        if len(found) != count:
            raise Wrong(path, "wrong_length", count=count, found=len(found))
        return found

    return read_some


def text(value: object, path: str) -> str:
    """A text that is not empty, as it was given."""
    if not isinstance(value, str):
        raise Wrong(path, "no_text")
    if not value:
        raise Wrong(path, "empty_text")
    return value


def choice(*choices: str) -> Reader[str]:
    """One of these words."""

    def read(value: object, path: str) -> str:
        if not isinstance(value, str) or value not in choices:
            raise Wrong(path, "no_choice", choices=", ".join(choices))
        return value

    return read


def truth(value: object, path: str) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise Wrong(path, "no_truth")
    return value


def whole(least: int = 0) -> Reader[int]:
    """A whole number, written without decimals and not as text."""

    def read(value: object, path: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise Wrong(path, "no_whole")
        if value < least:
            raise Wrong(path, "too_small", least=least)
        return value

    return read


_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def signed(value: object, path: str) -> Decimal:
    """A decimal of any sign, from a JSON number or a string, exactly as written; a zero has no sign."""
    if (
        isinstance(value, str)
        and len(value) <= LONGEST_NUMBER
        and _DECIMAL.fullmatch(value)
        or isinstance(value, int)
        and not isinstance(value, bool)
    ):
        value = Decimal(value)
    if not isinstance(value, Decimal):
        raise Wrong(path, "no_decimal")
    return value if value else value.copy_abs()


def decimal(value: object, path: str) -> Decimal:
    """A decimal ≥ 0."""
    found = signed(value, path)
    if found < 0:
        raise Wrong(path, "too_small", least=0)
    return found


def signed_money(value: object, path: str) -> Decimal:
    """An amount of any sign with at most two decimals; written ones count, 1.500 has three."""
    found = signed(value, path)
    if int(found.as_tuple().exponent) < -2:
        raise Wrong(path, "too_fine")
    return found


def money(value: object, path: str) -> Decimal:
    """An amount ≥ 0 with at most two decimals."""
    found = signed_money(value, path)
    if found < 0:
        raise Wrong(path, "too_small", least=0)
    return found


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def day(value: object, path: str) -> date:
    """A date as YYYY-MM-DD."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise Wrong(path, "no_date")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Wrong(path, "no_such_date") from None


# ISO 8601, extended or basic; datetime.fromisoformat alone takes any sign for the T and minutes of an offset above 59
_INSTANT = re.compile(
    r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8})T[0-9]{2}:?[0-9]{2}"
    r"(?P<seconds>:?[0-9]{2}(?:[.,][0-9]+)?)?(?P<offset>Z|[+-][0-9]{2}(?::?[0-5][0-9])?)?"
)


def instant(value: object, path: str) -> datetime:
    """An instant: ISO 8601 with an offset, whole minutes; on the clock of China (+08:00)."""
    found = _INSTANT.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise Wrong(path, "no_instant")
    if found["offset"] is None:
        raise Wrong(path, "no_offset")
    if found["seconds"] and found["seconds"].strip(":0.,"):
        raise Wrong(path, "seconds")
    try:
        return datetime.fromisoformat(found[0]).astimezone(CHINA)
    except (ValueError, OverflowError):
        raise Wrong(path, "no_such_instant") from None


def china_days(value: object, path: str) -> WorkingDays:
    """Days in China with single days changed: {"off": [date, …], "work": [date, …]}, both optional."""
    fields = Fields(value, path, "off", "work")
    return WorkingDays(fields.get("off", listed(day), ()), fields.get("work", listed(day), ()))


CHINA_DAYS = WorkingDays()
"""The published lists as they are: the default of `days`."""
