"""One full case of each kind of calculation, and short ways to try a case (calculations.md)."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

from servicedesk.calculate import answer

Path = tuple[str | int, ...]


def at(moment: str) -> str:
    """A point in time in China: at("2026-06-05 16:45")."""
    return moment.replace(" ", "T") + "+08:00"


# Every field of every kind, optional ones too; each case can be calculated.
FULL: dict[str, dict[str, Any]] = {
    "clock": {
        "t0": at("2026-06-05 16:45"),
        "allow_minutes": 240,
        "calendar": {"windows": [["08:30", "12:00"], ["13:30", "18:00"]]},
        "pauses": [{"from": at("2026-06-05 17:00"), "to": at("2026-06-05 17:30")}],
        "met_at": at("2026-06-08 09:00"),
        "now": at("2026-06-08 10:00"),
        "days": {"off": ["2027-02-06"], "work": ["2027-02-20"]},
    },
    "warranty": {
        "policy": {
            "start_rules": [{"basis": "acceptance", "months": 12}, {"basis": "ex_factory", "months": 12}],
            "cap": {"basis": "ex_factory", "months": 18},
            "hours_limit": 3000,
            "grace_months": 6,
            "inclusive_end": True,
            "repair_extension": True,
            "part_periods": {"mechanical_seal": 3},
            "goodwill_days": 30,
        },
        "facts": {
            "dates": {
                "acceptance": "2025-03-12", "installation": "2025-03-10", "invoice": "2025-03-01", "arrival": "2025-02-20",
                "shipped": "2025-02-15", "ex_factory": "2025-01-31",
            },
            "reported_on": "2026-03-12",
            "meter_hours": "2100.5",
            "repair_days": 9,
            "part_group": "bearing",
            "nameplate_ex_factory": "2025-01-31",
        },
    },
    "claim": {
        "rate_card": {
            "hourly": "80.00",
            "travel": {
                "mode": "whole",
                "bands": [{"up_to_km": 20, "flat": "60.00"}, {"up_to_km": 300, "per_km": "3.00"}],
            },
            "subsidy_per_person_day": "80.00",
            "subsidy_over_km": 50,
            "lodging_cap": "200.00",
            "night_flat": "100.00",
            "holiday_flat": "100.00",
            "part_factors": {"allocated": "0", "consigned": "0", "self_bought": "1.10", "emergency": "1.10"},
            "consumables_cap": "50.00",
            "short_job": {"max_km": 50, "min_labour": "120.00"},
        },
        "slip": {
            "operations": [{"code": "seal", "hours": "4.5"}, {"code": "align", "hours": "1.5"}],
            "one_way_km": 168,
            "trips": 1,
            "people": 2,
            "left": at("2026-06-11 07:30"),
            "back": at("2026-06-12 18:10"),
            "lodging_invoice": "338.00",
            "work": [{"from": at("2026-06-11 11:35"), "to": at("2026-06-11 17:00")}],
            "parts": [{"number": "KIT-DG46", "quantity": 1, "unit_price": "186.00", "source": "self_bought"}],
            "consumables": "36.00",
            "old_part_freight": "0",
            "other": "0",
        },
        "days": {"off": ["2027-02-06"], "work": ["2027-02-20"]},
    },
    "statement": {
        "lines": [{"kind": "service", "amount": "3669.10"}, {"kind": "old part deduction", "amount": "-84.00"}],
        "brought_forward": "-100.00",
        "tax_rate": "0.13",
    },
    "lump_sum": {
        "lines": [{"name": "motors", "base": "8600000.00", "ratio": "0.015"}],
        "actual": ["28640.50", "41205.00", "46880.00", "33910.00"],
        "complaints": [0, 1, 2, 3],
        "deduction_rules": {"second": "500.00", "further": "1000.00", "further_percent": "5", "cap_percent": "20"},
        "next_base": "9100000.00",
    },
    "capitals": {"amount": "325.04"},
}  # fmt: skip

# Fields that may be left out; everything else in FULL is required. Names inside free maps and `dates` are no fields.
OPTIONAL = {
    "clock": {"pauses", "pauses[0].to", "met_at", "days", "days.off", "days.work"},
    "warranty": {
        "policy.cap", "policy.hours_limit", "policy.grace_months", "policy.inclusive_end", "policy.repair_extension",
        "policy.part_periods", "policy.goodwill_days", "facts.meter_hours", "facts.repair_days", "facts.part_group",
        "facts.nameplate_ex_factory", *(f"facts.dates.{name}" for name in FULL["warranty"]["facts"]["dates"]),
        "policy.part_periods.mechanical_seal",
    },
    "claim": {
        "rate_card.short_job", "slip.trips", "slip.lodging_invoice", "slip.work", "slip.parts", "slip.consumables",
        "slip.old_part_freight", "slip.other", "days", "days.off", "days.work",
        *(f"rate_card.part_factors.{name}" for name in FULL["claim"]["rate_card"]["part_factors"]),
    },
    "statement": {"brought_forward"},
    "lump_sum": {
        "deduction_rules", "deduction_rules.second", "deduction_rules.further", "deduction_rules.further_percent",
        "deduction_rules.cap_percent", "next_base",
    },
    "capitals": set(),
}  # fmt: skip


def places(value: Any, before: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every place below a value with what stands there, outer ones first."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, entry in entries:
        yield (*before, name), entry
        yield from places(entry, (*before, name))


def written(path: Path) -> str:
    """A path as errors name it: pauses[0].to."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def parts(text: str) -> Path:
    """`written` backwards."""
    found: list[str | int] = []
    for name in text.replace("]", "").split("."):
        first, *numbers = name.split("[")
        found += [first, *map(int, numbers)]
    return tuple(found)


def changed(case: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy of the case with this value at this place."""
    found = copy.deepcopy(case)
    *way, last = parts(path)
    inner: Any = found
    for part in way:
        inner = inner[part]
    inner[last] = value
    return found


def without(case: dict[str, Any], path: str) -> dict[str, Any]:
    """A copy of the case without this field."""
    found = copy.deepcopy(case)
    *way, last = parts(path)
    inner: Any = found
    for part in way:
        inner = inner[part]
    del inner[last]
    return found


def answered(kind: str, case: dict[str, Any]) -> dict[str, Any]:
    """The whole answer to a case that gets the id "c"."""
    found = answer(kind, json.dumps({"id": "c", **case}))
    assert found["id"] == "c"
    return found


def result(kind: str, case: dict[str, Any]) -> Any:
    """The result of a case that can be calculated."""
    found = answered(kind, case)
    assert found["ok"] is True, found
    assert list(found) == ["id", "ok", "result", "explain"]
    assert found["explain"] and all(found["explain"])
    return found["result"]


def explained(kind: str, case: dict[str, Any]) -> str:
    """The sentences of a case that can be calculated, one on each line."""
    found = answered(kind, case)
    assert found["ok"] is True, found
    return "\n".join(found["explain"])


def wrong_field(kind: str, case: dict[str, Any]) -> str:
    """The field that the error of a case names."""
    found = answered(kind, case)
    assert found["ok"] is False, found
    assert list(found) == ["id", "ok", "error"]
    assert list(found["error"]) == ["field", "message"]
    assert found["error"]["message"]
    return str(found["error"]["field"])
