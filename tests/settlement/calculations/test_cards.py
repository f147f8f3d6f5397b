"""What the set-up checks find in a rate card, which hours fit a machine, and that the handbook's card is clean."""

from __future__ import annotations

from decimal import Decimal

import pytest

from settlement.calculations.cards import BandFacts, HoursFacts, check, hours_for
from tests.settlement.cards import HOURS, facts

D = Decimal
LINES = {"YE3": "YE3 系列", "WQ": "WQ 系列"}


def found(**changes):
    return [(one.code, one.broken, dict(one.params)) for one in check(facts(**changes), LINES)]


def flat(begin, end, amount):
    return BandFacts(D(begin), D(end), flat=D(amount))


def per_km(begin, end, amount):
    return BandFacts(D(begin), D(end), per_km=D(amount))


def test_the_handbooks_card_is_clean():
    assert found() == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"hourly": D(0)}, [("hourly_zero", True, {})]),
        ({"bands": ()}, [("bands_missing", True, {})]),
        ({"bands": (flat(5, 200, 60),)}, [("bands_begin_late", True, {"km": "5"})]),
        (
            {"bands": (flat(0, 20, 60), flat("30.5", 300, 60))},
            [("bands_gap", True, {"begin": "20", "end": "30.5"})],
        ),
        (
            {"bands": (flat(0, 20, 60), flat(15, 300, 60))},
            [("bands_overlap", True, {"begin": "15", "end": "20"})],
        ),
        ({"hours": ()}, [("hours_missing", True, {})]),
        (
            {"hours": (*HOURS, HoursFacts("X", "新作业", D(0)))},
            [("hours_zero", True, {"code": "X", "name": "新作业"})],
        ),
        (
            {"hours": (HoursFacts("M", "换轴承", D(3), line="YE3"),)},
            [("line_without_hours", True, {"line": "WQ 系列"})],
        ),
        (
            {"hours": (*HOURS, HoursFacts("M10", "换电机轴承", D(4)))},
            [("larger_takes_less", False, {"code": "M10", "small": 280, "size": "∞", "hours": "4.5", "less": "4"})],
        ),
        (
            {"short_max_km": D(50), "short_min_labour": D("79.99")},
            [("minimum_below_fees", True, {"least": "79.99", "fee": "80.00"})],
        ),
        ({"short_max_km": D(50), "short_min_labour": D("80.00")}, []),
        (
            {"short_max_km": D("300.5"), "short_min_labour": D(120)},
            [("minimum_beyond_bands", False, {"km": "300.5", "last": "300"})],
        ),
        ({"subsidy_over_km": D(300)}, [("subsidy_never", False, {"km": "300", "last": "300"})]),
        ({"lodging_cap": D("79.99")}, [("lodging_low", False, {"cap": "79.99", "subsidy": "80.00"})]),
        ({"consumables_cap": D("0.00")}, [("consumables_never", False, {})]),
        (
            {"factors": {"consigned": D("0.5"), "bought_genuine": D("0.9500")}},
            [
                ("factor_for_gift", False, {"source": "consigned", "factor": "0.5"}),
                ("factor_below_cost", False, {"source": "bought_genuine", "factor": "0.95"}),
            ],
        ),
    ],
)
def test_each_finding_names_its_place(changes, expected):
    assert found(**changes) == expected


@pytest.mark.parametrize(
    ("mode", "bands", "expected"),
    [
        # domain.md 9.1: by the whole distance 100 km at 3.00 are 300.00, and just beyond at 2.00 only 200.00
        ("whole", (per_km(0, 100, 3), per_km(100, 300, 2)), [("longer_pays_less", "100", "300.00", "200.00")]),
        ("progressive", (per_km(0, 100, 3), per_km(100, 300, 2)), []),
        ("whole", (flat(0, 20, 60), per_km(20, 300, 3)), []),
        ("whole", (flat(0, 20, 60), per_km(20, 300, "2.99")), [("longer_pays_less", "20", "60.00", "59.80")]),
        ("whole", (flat(0, 20, 60), per_km(20, 300, "3.5")), [("bands_jump", "20", "60.00", "70.00")]),
        ("whole", (flat(0, 20, 60), flat(20, 60, 50)), [("longer_pays_less", "20", "60.00", "50.00")]),
        (
            "progressive",
            (per_km(0, 10, 2), per_km(10, 20, 1), flat(20, 60, 15)),
            [("bands_jump", "20", "30.00", "45.00")],
        ),
    ],
)
def test_a_longer_trip_never_pays_less(mode, bands, expected):
    steps = [
        (one.code, *(one.params[name] for name in ("km", "at", "beyond")))
        for one in check(facts(travel_mode=mode, bands=bands), LINES)
    ]
    assert steps == expected


def test_what_is_broken_comes_first():
    kinds = [broken for _code, broken, _params in found(consumables_cap=D(0), hours=(), lodging_cap=D(0))]
    assert kinds == [True, False, False]


@pytest.mark.parametrize(
    ("line", "size", "expected"),
    [
        ("YE3", 132, "3.0"),
        ("YE3", 160, "3.0"),
        ("YE3", 180, "4.5"),
        ("YE3", 315, "9.0"),
        ("YE3", None, "9.0"),
        ("YVF2", 112, "3.5"),
        ("YVF2", 315, "9.0"),
    ],
)
def test_the_closest_hours_count(line, size, expected):
    rows = (*HOURS, HoursFacts("M10", "换电机轴承", D("3.5"), "YVF2", 160), HoursFacts("M10", "换电机轴承", D("9.0")))
    assert str(hours_for(rows, "M10", line, size)) == expected


def test_work_that_is_not_listed_has_no_hours():
    assert hours_for(HOURS, "M99", "YE3", 132) is None
    assert hours_for(HOURS, "M10", "YE3", 315) is None
    assert hours_for(HOURS, "M10", "YE3", None) is None
