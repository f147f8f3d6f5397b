"""What holds for each field of each kind: required, optional, unknown, of the wrong sort (calculations.md, "Lines, values, errors")."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cases import FULL, OPTIONAL, changed, places, result, without, written, wrong_field

# A text among strings that say something else: neither number, date, time nor one of the known words.
NO_SENSE = "no sense"


def fields(kind: str) -> list[str]:
    """All fields of a kind; entries of lists are none."""
    return [written(path) for path, _ in places(FULL[kind]) if isinstance(path[-1], str)]


def required(kind: str) -> list[str]:
    return [path for path in fields(kind) if path not in OPTIONAL[kind] and (kind, path) != ("clock", "now")]


def objects(kind: str) -> list[str]:
    """Objects with fixed names."""
    free = {"policy.part_periods", "rate_card.part_factors"}
    return [
        "",
        *(written(path) for path, value in places(FULL[kind]) if isinstance(value, dict) and written(path) not in free),
    ]


def of_kinds(choose: Any) -> list[tuple[str, str]]:
    return [(kind, path) for kind in FULL for path in choose(kind)]


@pytest.mark.parametrize("kind", FULL)
def test_the_full_case_can_be_calculated(kind: str) -> None:
    assert result(kind, FULL[kind])


@pytest.mark.parametrize(("kind", "path"), of_kinds(required))
def test_a_required_field_that_is_missing_or_null_is_named(kind: str, path: str) -> None:
    expected = path
    if path.endswith((".flat", ".per_km")):
        expected = path.rpartition(".")[0]  # a band has one of the two
    if path == "calendar.windows":
        expected = "calendar.open"  # the other form of a calendar
    assert wrong_field(kind, without(FULL[kind], path)) == expected
    assert wrong_field(kind, changed(FULL[kind], path, None)) == expected


@pytest.mark.parametrize(("kind", "path"), [(kind, path) for kind, paths in OPTIONAL.items() for path in sorted(paths)])
def test_null_equals_an_optional_field_that_is_absent(kind: str, path: str) -> None:
    base = FULL[kind]
    if path.startswith("rate_card.part_factors"):
        base = changed(base, "slip.parts", [])
    assert result(kind, changed(base, path, None)) == result(kind, without(base, path))


@pytest.mark.parametrize("value", [1, None])
@pytest.mark.parametrize(("kind", "path"), of_kinds(objects))
def test_an_unknown_field_is_an_error_at_every_level(kind: str, path: str, value: object) -> None:
    place = f"{path}.colour" if path else "colour"
    assert wrong_field(kind, changed(FULL[kind], place, value)) == place


TEXTS = {"kind", "code", "number", "name", "source", "part_group"}
SIGNED = {
    ("statement", "lines[0].amount"),
    ("statement", "lines[1].amount"),
    ("statement", "brought_forward"),
    ("capitals", "amount"),
}


def spoilt() -> list[tuple[str, str, object]]:
    """Each place of each kind, entries of lists too, with values that make no sense there."""
    found: list[tuple[str, str, object]] = []
    for kind, case in FULL.items():
        for path, here in places(case):
            place = written(path)
            for value in (True, [], {}, NO_SENSE, -1, ""):
                fits = isinstance(here, dict | list | bool) and isinstance(value, type(here))
                fits |= value == NO_SENSE and path[-1] in TEXTS
                fits |= value == -1 and (kind, place) in SIGNED
                if not fits and (kind, place) != ("clock", "now"):  # with met_at nobody looks at now
                    found.append((kind, place, value))
    return found


@pytest.mark.parametrize(("kind", "path", "value"), spoilt())
def test_a_value_that_makes_no_sense_is_named_where_it_stands(kind: str, path: str, value: object) -> None:
    assert wrong_field(kind, changed(FULL[kind], path, value)) == path


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("warranty", "policy.start_rules"),
        ("claim", "rate_card.travel.bands"),
        ("lump_sum", "lines"),
        ("clock", "calendar.windows"),
    ],
)
def test_a_list_that_must_not_be_empty_is_named(kind: str, path: str) -> None:
    assert wrong_field(kind, changed(FULL[kind], path, [])) == path


@pytest.mark.parametrize("value", ["24", 24.0, "1.5", 1.5, "１２"])
@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("clock", "allow_minutes"),
        ("warranty", "policy.start_rules[0].months"),
        ("warranty", "policy.cap.months"),
        ("warranty", "policy.grace_months"),
        ("warranty", "policy.goodwill_days"),
        ("warranty", "policy.part_periods.mechanical_seal"),
        ("warranty", "facts.repair_days"),
        ("claim", "slip.trips"),
        ("claim", "slip.people"),
        ("lump_sum", "complaints[3]"),
    ],
)
def test_whole_numbers_have_no_decimals_and_no_quotation_marks(kind: str, path: str, value: object) -> None:
    assert wrong_field(kind, changed(FULL[kind], path, value)) == path
