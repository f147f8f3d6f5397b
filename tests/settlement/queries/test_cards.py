"""Which card prices a job, and that the handbook's examples cost the same from rows of the database (domain.md 9.5)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import tenancy
from core.calendars import local_date
from settlement.calculations.cards import hours_for
from settlement.calculations.claim import ClaimSlip, FittedPart, Operation, Work, claim
from settlement.models import RateCard
from settlement.queries import cards
from tests import factories
from tests.people import act
from tests.settlement.cards import card, draft

D = Decimal
TODAY = local_date(factories.NOW)


def china(text: str) -> datetime:
    return (datetime.fromisoformat(text) - timedelta(hours=8)).replace(tzinfo=UTC)


def price_of(people, day, level="2", who="office"):
    viewer = getattr(people, who)
    return act(cards.card_for, viewer=viewer, manufacturer_id=people.sf.pk, level=level, finished_on=day)


def test_the_day_of_completion_decides(people):
    card(people.reviewer)
    second = card(people.reviewer, valid_from=date(2026, 7, 1), hourly=D("90.00"))
    draft(people.reviewer, valid_from=date(2026, 8, 1), hourly=D("99.00"))
    assert price_of(people, date(2025, 12, 31)) is None
    assert price_of(people, date(2026, 6, 30)).card.hourly == D("80.00")
    after = price_of(people, date(2026, 7, 1))
    assert (after.key, after.number, after.card.hourly) == (second.public_id, 2, D("90.00"))
    assert price_of(people, date(2026, 12, 1)).number == 2


def test_a_level_without_a_card_is_paid_by_the_one_for_every_level(people):
    card(people.reviewer, "", hourly=D("70.00"))
    card(people.reviewer, "1", hourly=D("90.00"), valid_from=date(2026, 6, 1))
    assert price_of(people, TODAY, "3").card.hourly == D("70.00")
    assert price_of(people, TODAY, "").card.hourly == D("70.00")
    assert price_of(people, TODAY, "1").card.hourly == D("90.00")
    assert price_of(people, date(2026, 5, 31), "1").card.hourly == D("70.00")


def test_it_takes_two_statements(people):
    card(people.reviewer)
    viewer = people.accountant
    with tenancy.acting(viewer), CaptureQueriesContext(connection) as queries:
        found = cards.card_for(viewer, people.sf.pk, "2", TODAY)
    assert found is not None
    assert len([query for query in queries if "settlement_" in query["sql"]]) == 2


def test_strangers_find_no_card(people):
    card(people.reviewer)
    assert price_of(people, TODAY, who="stranger_admin") is None
    assert price_of(people, TODAY, who="other_reviewer") is None


#: the examples A1, A2, A5, A6 of domain.md 9.5: work by code and size, and what the slip says
EXAMPLES = {
    "A1": (
        [("M10", 160)],
        {
            "one_way_km": D(14),
            "people": 1,
            "left": china("2026-06-02T13:00"),
            "back": china("2026-06-02T16:00"),
            "parts": (FittedPart("BRG-6309", D(2), D("42.00"), "maker_free"),),
            "consumables": D("28.00"),
        },
        D("328.00"),
    ),
    "A2": (
        [("P20", None), ("G10", None)],
        {
            "one_way_km": D(168),
            "people": 2,
            "left": china("2026-06-11T07:30"),
            "back": china("2026-06-12T18:10"),
            "lodging_invoice": D("338.00"),
            "parts": (FittedPart("KIT-DG46", D(1), D("186.00"), "bought_genuine"),),
            "consumables": D("36.00"),
        },
        D("1882.60"),
    ),
    "A5": (
        [],
        {
            "one_way_km": D(1),
            "people": 1,
            "left": china("2026-06-02T13:00"),
            "back": china("2026-06-02T16:00"),
            "parts": (
                FittedPart("BRG", D(1), D("42.00"), "maker_free"),
                FittedPart("OS", D(1), D("22.00"), "consigned"),
                FittedPart("KM", D(1), D("128.00"), "bought_genuine"),
            ),
        },
        D("60.00") + D("140.80"),
    ),
    "A6": (
        [],
        {
            "one_way_km": D(10),
            "people": 1,
            "left": china("2026-10-02T00:30"),
            "back": china("2026-10-02T06:00"),
            "work": (Work(china("2026-10-02T03:20"), china("2026-10-02T05:10")),),
        },
        D("60.00") + D("200.00"),
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_handbooks_examples_cost_the_same_from_the_database(people, name):
    made = card(people.reviewer)
    codes, slip, total = EXAMPLES[name]
    found = price_of(people, date(2026, 6, 12))
    rows = act(cards.one, viewer=people.office, public_id=made.public_id).facts.hours
    work = tuple(Operation(code, hours_for(rows, code, "", size)) for code, size in codes)
    assert claim(found.card, ClaimSlip(operations=work, **slip)).total == total


def test_a_minimum_of_labour_comes_from_the_database_too(people):
    card(people.reviewer, short_max_km=D(50), short_min_labour=D("120.00"))  # A7
    slip = ClaimSlip(
        operations=(Operation("G90", D("1.0")),),
        one_way_km=D(50),
        people=1,
        left=china("2026-06-02T13:00"),
        back=china("2026-06-02T16:00"),
    )
    lines = {line.item.value: line.amount for line in claim(price_of(people, TODAY).card, slip).lines}
    assert lines == {"labour": D("80.00"), "labour_top_up": D("40.00"), "travel": D("150.00")}


def test_a_card_is_shown_as_replaced_when_a_later_one_has_begun(people):
    card(people.reviewer)
    card(people.reviewer, valid_from=date(2026, 7, 1))
    draft(people.reviewer, valid_from=date(2026, 8, 1))
    known = factories.rows(RateCard)

    def states(day):
        return [cards.standing(one, known, day).value for one in known]

    assert states(date(2026, 6, 30)) == ["in_force", "in_force", "draft"]
    assert states(date(2026, 7, 1)) == ["replaced", "in_force", "draft"]
