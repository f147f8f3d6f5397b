"""A maker writes its own catalogue; a dealer that of its unlisted makers; everybody else reads or sees nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.errors import NotFound
from equipment.models import Part, ProductLine, ProductModel
from equipment.operations.catalogue import (
    LineFacts,
    PartFacts,
    add_line,
    add_models,
    add_part,
    change_line,
    change_part,
    publish_again,
    withdraw,
)
from partners.models import Organisation
from tests import factories
from tests.factories import NOW, again
from tests.people import People, act, refused, sees

LINE = LineFacts(code="YE3", name="YE3 电动机", product_type="三相异步电动机")
PART = PartFacts(code="BRG-6309", name="深沟球轴承", unit="只", price=Decimal("42.00"), key_part=True)


@pytest.fixture
def unlisted(people: People) -> Organisation:
    maker = factories.maker("OLD", owner_dealer=people.cs01)
    factories.partnership(people.cs01, maker, listed=False)
    for name in ("admin", "dispatcher"):
        people.fresh(name)
    return maker


@pytest.mark.parametrize("who", ["hq_admin", "reviewer"])
def test_a_maker_publishes_its_lines_and_parts(people: People, who: str) -> None:
    viewer = getattr(people, who)
    line = again(act(add_line, viewer=viewer, manufacturer_id=people.sf.id, facts=LINE, now=NOW))
    part = again(act(add_part, viewer=viewer, manufacturer_id=people.sf.id, facts=PART, now=NOW))
    assert (line.manufacturer_id, line.name, line.changed_by) == (people.sf.id, "YE3 电动机", viewer.name)
    assert (part.code, part.unit, part.price, part.key_part) == ("BRG-6309", "只", Decimal("42.00"), True)


@pytest.mark.parametrize("who", ["quality", "finance", "call_centre", "office", "office_admin", "admin", "dispatcher"])
def test_others_do_not_write_a_listed_makers_catalogue(people: People, who: str) -> None:
    viewer = getattr(people, who)
    part = factories.part(people.sf)
    with refused("not_allowed"):
        act(add_line, viewer=viewer, manufacturer_id=people.sf.id, facts=LINE, now=NOW)
    with refused("not_allowed"):
        act(change_part, viewer=viewer, public_id=part.public_id, facts=PART, expected_version=1, now=NOW)
    assert factories.rows(ProductLine) == []
    assert again(part).version == 1


def test_a_maker_writes_nothing_for_another_maker(people: People) -> None:
    with refused("not_allowed"):
        act(add_part, viewer=people.hq_admin, manufacturer_id=people.hc.id, facts=PART, now=NOW)
    foreign = factories.part(people.hc)
    with pytest.raises(NotFound):
        act(change_part, viewer=people.hq_admin, public_id=foreign.public_id, facts=PART, expected_version=1, now=NOW)


def test_an_unlisted_makers_lines_are_written_by_its_dealers_administrator_only(
    people: People, unlisted: Organisation
) -> None:
    line = act(add_line, viewer=people.admin, manufacturer_id=unlisted.id, facts=LINE, now=NOW)
    with refused("not_allowed"):
        act(add_line, viewer=people.dispatcher, manufacturer_id=unlisted.id, facts=LINE, now=NOW)
    for stranger in (people.stranger_admin, people.hq_admin):
        with refused("not_allowed"):
            act(add_line, viewer=stranger, manufacturer_id=unlisted.id, facts=LINE, now=NOW)
        with pytest.raises(NotFound):
            act(withdraw, viewer=stranger, kind=ProductLine, public_id=line.public_id, now=NOW)
    assert sees(people.dispatcher, ProductLine) == [line]


def test_a_dealer_reads_the_catalogues_of_its_makers_only(people: People, unlisted: Organisation) -> None:
    own, listed, foreign = (factories.part(maker) for maker in (unlisted, people.sf, people.hc))
    assert sees(people.dispatcher, Part) == [own, listed]
    assert sees(people.stranger, Part) == [foreign]
    assert sees(people.office, Part) == [listed]
    assert sees(people.hq_admin, Part) == [listed]
    assert sees(people.platform, Part) == []


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        (LineFacts("", "a", "b"), "code_missing", "code"),
        (LineFacts("a", " ", "b"), "name_missing", "name"),
        (LineFacts("a", "b", ""), "type_missing", "product_type"),
        (LINE, "line_taken", "code"),
    ],
)
def test_what_a_line_needs(people: People, facts: LineFacts, code: str, field: str) -> None:
    factories.product_line(people.sf, "YE3")
    with refused(code, field=field):
        act(add_line, viewer=people.hq_admin, manufacturer_id=people.sf.id, facts=facts, now=NOW)


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        (PartFacts("", "a"), "code_missing", "code"),
        (PartFacts("a", ""), "name_missing", "name"),
        (PartFacts("a", "b", price=Decimal("-1")), "price_negative", "price"),
        (PART, "part_taken", "code"),
    ],
)
def test_what_a_part_needs(people: People, facts: PartFacts, code: str, field: str) -> None:
    factories.part(people.sf, "BRG-6309")
    with refused(code, field=field):
        act(add_part, viewer=people.hq_admin, manufacturer_id=people.sf.id, facts=facts, now=NOW)


def test_changes_raise_the_version_and_stale_ones_are_refused(people: People) -> None:
    line, part = factories.product_line(people.sf), factories.part(people.sf)
    for operation, row, facts in ((change_line, line, LINE), (change_part, part, PART)):
        arguments: dict[str, Any] = {"viewer": people.reviewer, "public_id": row.public_id, "facts": facts, "now": NOW}
        act(operation, expected_version=1, **arguments)
        assert (again(row).version, again(row).code) == (2, facts.code)
        with refused("stale"):
            act(operation, expected_version=1, **arguments)


def test_models_are_added_once_and_known_ones_stay(people: People) -> None:
    line = factories.product_line(people.sf)
    factories.product_model(line, "YE3-160M-4")
    codes = ["YE3-180L-6", "ye3-160m-4", "", "YE3-180L-6", " YE3-90L-4 "]
    added = act(add_models, viewer=people.hq_admin, line_id=line.public_id, codes=codes, now=NOW)
    assert [model.code for model in added] == ["YE3-180L-6", "YE3-90L-4"]
    assert len(factories.rows(ProductModel)) == 3


def test_a_model_of_another_line_is_refused_with_its_name(people: People) -> None:
    other = factories.product_line(people.sf, name="YE3 系列")
    factories.product_model(other, "YE3-160M-4")
    line = factories.product_line(people.sf)
    with pytest.raises(Exception, match=r"^YE3-160M-4 .*YE3 系列"):
        act(add_models, viewer=people.hq_admin, line_id=line.public_id, codes=["A-1", "YE3-160M-4"], now=NOW)
    assert len(factories.rows(ProductModel)) == 1


def test_withdrawing_can_be_undone(people: People) -> None:
    line = factories.product_line(people.sf)
    for kind, row in (
        (ProductLine, line),
        (ProductModel, factories.product_model(line)),
        (Part, factories.part(people.sf)),
    ):
        arguments: dict[str, Any] = {"viewer": people.hq_admin, "kind": kind, "public_id": row.public_id, "now": NOW}
        act(withdraw, **arguments)
        act(withdraw, **arguments)
        assert (again(row).active, again(row).version) == (False, 2)
        act(publish_again, **arguments)
        assert again(row).active is True
