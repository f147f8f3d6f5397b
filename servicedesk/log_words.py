"""What must not stand in a log: telephone numbers, names, tokens, bodies, and what people search for. Ids and routes say enough.

Each line passes `hide_secrets`; what Django's own loggers say about a request loses its address (`without_address`), and a fault loses
its text unless its class never quotes data (`fault`): PostgreSQL quotes the row that it refuses.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import MutableMapping
from http.client import responses
from types import TracebackType
from typing import Any

from django.db import InterfaceError, OperationalError

Event = MutableMapping[str, Any]

_HIDDEN = (
    (re.compile(r"(/link/)[\w-]+"), r"\1…"),
    (re.compile(r"(/hook/)[\w-]+"), r"\1…"),  # the key of a group's robot; others stand behind a question mark
    (re.compile(r"(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"), "…"),  # mobile
    (re.compile(r"(?<![\d.])0\d{2,3}[- ]?\d{7,8}(?!\d)"), "…"),  # landline
    (re.compile(r"(?<![\d.])[48]00[- ]?\d{3}[- ]?\d{4}(?!\d)"), "…"),  # service line
    (re.compile(r"(?i)(bearer\s+|(?:sessionid|csrftoken)=)[\w.~+/=-]+"), r"\1…"),
    (re.compile(r"(://[^\s:/@]*:)[^\s@/]+(@)"), r"\1…\2"),  # password in an address of a server
    (re.compile(r"(/[^\s?\"']*\?)[^\s\"']+"), r"\1…"),  # what people search for
)
_OURS = frozenset({"timestamp", "level", "logger", "request_id", "route", "method"})

#: faults whose text names programs, files or servers, never what somebody typed
_SPEAKS_OF_PROGRAMS = (
    ImportError, NameError, AttributeError, NotImplementedError, OperationalError, InterfaceError,
    ConnectionError, TimeoutError,
)  # fmt: skip


def hide_secrets(logger: Any, method: str, event: Event) -> Event:
    """Processor of structlog: numbers, tokens, passwords and query strings become …, wherever they stand."""
    for key, value in event.items():
        if key not in _OURS:
            event[key] = _hidden(value)
    return event


def _hidden(value: Any) -> Any:
    if isinstance(value, str):
        for pattern, instead in _HIDDEN:
            value = pattern.sub(instead, value)
        return value
    if isinstance(value, list | tuple):
        return [_hidden(item) for item in value]
    if isinstance(value, dict):
        return {key: _hidden(item) for key, item in value.items()}
    return value


def without_address(logger: Any, method: str, event: Event) -> Event:
    """Processor of structlog: "Not Found: /customers/13800138000/" of Django's loggers becomes "Not Found"."""
    record = event.get("_record")
    if record is not None and record.name.startswith(("django.request", "django.security")):
        status = getattr(record, "status_code", None)
        event["event"] = responses.get(status, "refused") if status else "refused"
        if status:
            event["status"] = status
    return event


def fault(logger: Any, method: str, event: Event) -> Event:
    """Processor of structlog: a traceback as places in the program, from the outermost to where it was raised."""
    given = event.pop("exc_info", None)
    if not given:
        return event
    if given is True:
        record = event.get("_record")
        given = record.exc_info if record is not None else None
    error = given if isinstance(given, BaseException) else given[1] if given else None
    if error is not None:
        event["fault"] = [_described(each) for each in _chain(error)]
    return event


def _chain(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    each: BaseException | None = error
    while each is not None and each not in found:
        found.append(each)
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
    return found


def _described(error: BaseException) -> dict[str, Any]:
    # Redis's own faults by the name of their module: settings import this file, and the library costs 0.2 s of each command's start
    plain = isinstance(error, _SPEAKS_OF_PROGRAMS) or type(error).__module__.startswith("redis.")
    text = str(error).strip()[:300] if plain else ""
    described: dict[str, Any] = {"type": f"{type(error).__module__}.{type(error).__qualname__}"}
    return described | ({"text": text} if text else {}) | {"places": _places(error.__traceback__)}


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-30:]]
