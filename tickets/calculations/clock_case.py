"""A clock as a case of the calculation engine: fields in, facts out; result in, fields out (calculations.md, clock). Pure."""

from __future__ import annotations

import re
from datetime import datetime

from core.cases import CHINA_DAYS, Fields, Wrong, china_days, choice, filled, instant, listed, whole
from tickets.calculations.clock import ClockFacts, ClockResult, Pause, Window

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|(24):(00)")


def read(case: object) -> ClockFacts:
    """The facts of a case. Errors: Wrong."""
    fields = Fields(case, "", "t0", "allow_minutes", "calendar", "pauses", "met_at", "now", "days")
    t0 = fields.need("t0", instant)
    met_at = fields.get("met_at", instant, None)
    now = None if met_at else fields.need("now", instant)  # with met_at ignored, whatever it holds
    for name, moment in (("met_at", met_at), ("now", now)):
        if moment is not None and moment < t0:
            raise Wrong(name, "before_t0", t0=t0)
    return ClockFacts(
        t0=t0,
        allow_minutes=fields.need("allow_minutes", whole(1)),
        windows=fields.need("calendar", _windows),
        pauses=fields.get("pauses", listed(_pause), ()),
        met_at=met_at,
        now=now,
        days=fields.get("days", china_days, CHINA_DAYS),
    )


def written(result: ClockResult) -> dict[str, object]:
    """The fields of the result."""
    return {
        "due": None if result.due is None else _written_instant(result.due),
        "state": result.state.value,
        "used_minutes": result.used_minutes,
    }


def _written_instant(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")


def _windows(value: object, path: str) -> tuple[Window, ...] | None:
    if not isinstance(value, dict):
        choice("7x24")(value, path)
        return None
    if value.get("windows") is None:
        fields = Fields(value, path, "open", "close", "windows")
        start, end = fields.need("open", _start), fields.need("close", _end)
        return (_window(start, end, fields.at("close")),)
    windows = Fields(value, path, "windows").need("windows", filled(_pair))
    for place in range(1, len(windows)):
        if windows[place].start < windows[place - 1].end:
            raise Wrong(f"{path}.windows[{place}][0]", "windows_overlap", before=str(windows[place - 1]))
    return windows


def _pair(value: object, path: str) -> Window:
    if not isinstance(value, list) or len(value) != 2:
        raise Wrong(path, "no_window")
    return _window(_start(value[0], f"{path}[0]"), _end(value[1], f"{path}[1]"), f"{path}[1]")


def _window(start: int, end: int, path_of_end: str) -> Window:
    if end <= start:
        raise Wrong(path_of_end, "end_not_after_start")
    return Window(start, end)


def _end(value: object, path: str) -> int:
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise Wrong(path, "no_time")
    hours, minutes = (int(part) for part in found.groups() if part)
    return hours * 60 + minutes


def _start(value: object, path: str) -> int:
    minute = _end(value, path)
    if minute == 24 * 60:
        raise Wrong(path, "no_start")
    return minute


def _pause(value: object, path: str) -> Pause:
    fields = Fields(value, path, "from", "to")
    start, end = fields.need("from", instant), fields.get("to", instant, None)
    if end is not None and end < start:
        raise Wrong(fields.at("to"), "end_before_start")
    return Pause(start, end)
