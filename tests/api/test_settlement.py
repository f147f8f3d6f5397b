"""Rate cards by API: what dealer, office and headquarters read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from settlement.calculations.cards import HoursFacts
from tests import factories
from tests.settlement.cards import card, draft


def test_a_card_is_read_with_its_tables(people, call):
    factories.product_line(people.sf, "YE3")
    work = (HoursFacts("M10", "换电机轴承", Decimal("3.0"), "YE3", 160), HoursFacts("G90", "诊断", Decimal("1.0")))
    made = card(people.reviewer, hours=work, short_max_km=Decimal(50), short_min_labour=Decimal("120.00"))
    program = call(people.accountant)
    (listed,) = program.get("rate-cards").json()
    answer = program.get(f"rate-cards/{made.public_id}")
    one = answer.json()
    assert one == listed
    assert answer["ETag"] == f'"{made.version}"'
    assert (one["level"], one["number"], one["state"], one["valid_from"]) == ("2", 1, "in_force", "2026-01-01")
    assert (one["hourly"], one["currency"], one["short_min_labour"]) == ("80.00", "CNY", "120.00")
    assert one["bands"] == [
        {"from_km": "0.0", "up_to_km": "20.0", "flat": "60.00", "per_km": None},
        {"from_km": "20.0", "up_to_km": "300.0", "flat": None, "per_km": "3.00"},
    ]
    assert one["hours"] == [
        {"code": "G90", "name": "诊断", "line": "", "size_up_to": None, "hours": "1.0"},
        {"code": "M10", "name": "换电机轴承", "line": "YE3", "size_up_to": 160, "hours": "3.0"},
    ]
    assert one["part_factors"]["bought_genuine"] == "1.1000"


def test_all_versions_come_by_level_the_latest_first(people, call):
    card(people.reviewer)
    draft(people.reviewer, valid_from=date(2026, 7, 1))
    draft(people.reviewer, "1")
    found = call(people.finance).get(f"rate-cards?maker={people.sf.public_id}").json()
    assert [(row["level"], row["number"], row["state"]) for row in found] == [
        ("1", 1, "draft"),
        ("2", 2, "draft"),
        ("2", 1, "in_force"),
    ]


@pytest.mark.parametrize("name", ["technician", "storekeeper", "quality", "call_centre"])
def test_who_settles_nothing_reads_none(people, call, name):
    made = card(people.reviewer)
    for address in ("rate-cards", f"rate-cards/{made.public_id}"):
        answer = call(getattr(people, name)).get(address)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_a_stranger_reads_none(people, call):
    made = card(people.reviewer)
    program = call(people.stranger)
    assert program.get("rate-cards").json() == []
    assert program.get(f"rate-cards/{made.public_id}").status_code == 404
    assert program.get(f"rate-cards?maker={people.sf.public_id}").status_code == 404


def test_a_partner_reads_what_is_in_force_and_no_draft(people, call):
    made = card(people.reviewer)
    later = draft(people.reviewer, valid_from=date(2026, 7, 1))
    for viewer in (people.owner, people.office):
        program = call(viewer)
        assert [row["id"] for row in program.get("rate-cards").json()] == [made.public_id]
        assert program.get(f"rate-cards/{later.public_id}").status_code == 404
