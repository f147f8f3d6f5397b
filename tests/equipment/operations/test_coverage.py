"""Which lines a partnership covers is said by its manufacturer."""

from __future__ import annotations

import pytest

from core.errors import NotFound
from equipment.models import PartnershipLine
from equipment.operations.coverage import cover_lines
from equipment.queries import coverage
from tests import factories
from tests.factories import NOW
from tests.people import People, act, refused, sees


def covered(people: People) -> list[int]:
    return [row.line_id for row in factories.rows(PartnershipLine)]


def test_the_lines_are_set_replaced_and_taken_away(people: People) -> None:
    first, second = factories.product_line(people.sf), factories.product_line(people.sf)
    key = people.partnership.public_id
    for wanted in ([first], [first, second], [second], []):
        lines = [line.public_id for line in wanted]
        act(cover_lines, viewer=people.hq_admin, partnership_id=key, line_ids=lines, now=NOW)
        assert covered(people) == [line.id for line in wanted]


def test_both_sides_and_the_office_read_them(people: People) -> None:
    line = factories.product_line(people.sf, name="YE3 系列")
    key = people.partnership.public_id
    act(cover_lines, viewer=people.reviewer, partnership_id=key, line_ids=[line.public_id], now=NOW)
    rows = factories.rows(PartnershipLine)
    for viewer in (people.dispatcher, people.office, people.quality):
        assert sees(viewer, PartnershipLine) == rows
        assert act(coverage.names_by_partnership, viewer=viewer) == {people.partnership.id: ["YE3 系列"]}
    for stranger in (people.stranger, people.other_office, people.other_hq_admin):
        assert sees(stranger, PartnershipLine) == []


@pytest.mark.parametrize("who", ["admin", "office_admin", "quality"])
def test_nobody_else_changes_them(people: People, who: str) -> None:
    line = factories.product_line(people.sf)
    with refused("not_allowed"):
        act(
            cover_lines,
            viewer=getattr(people, who),
            partnership_id=people.partnership.public_id,
            line_ids=[line.public_id],
            now=NOW,
        )
    assert covered(people) == []


def test_another_makers_line_or_partnership_is_not_found(people: People) -> None:
    foreign = factories.product_line(people.hc)
    with pytest.raises(NotFound):
        act(
            cover_lines,
            viewer=people.hq_admin,
            partnership_id=people.partnership.public_id,
            line_ids=[foreign.public_id],
            now=NOW,
        )
    with pytest.raises(NotFound):
        act(
            cover_lines,
            viewer=people.hq_admin,
            partnership_id=people.other_partnership.public_id,
            line_ids=[],
            now=NOW,
        )
