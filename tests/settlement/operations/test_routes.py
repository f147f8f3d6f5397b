"""The route book: who enters how far it is, what is corrected, and which line counts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.errors import NotFound, Refused
from settlement.models import UsualWay
from settlement.operations.routes import enter_way, remove_way
from settlement.queries import routes
from tests import factories
from tests.people import act, refused, sees

NOW = factories.NOW


def enter(people, who="office", tie=None, **changes):
    facts = {"start": "", "site": "湖南省永州市冷水滩区", "km": Decimal(168)} | changes
    return act(
        enter_way,
        viewer=getattr(people, who),
        partnership=(tie or people.partnership).public_id,
        now=NOW,
        **facts,
    )


def usual(people, who="accountant", **changes):
    place = {"start": "", "city": "永州市", "district": "冷水滩区"} | changes
    viewer = getattr(people, who)
    return act(routes.usual_km, viewer=viewer, dealer_id=people.cs01.pk, manufacturer_id=people.sf.pk, **place)


def test_the_office_enters_and_both_sides_read(people):
    made = enter(people)
    row = factories.again(made)
    assert (row.city, row.district, row.km, row.changed_by) == ("永州市", "冷水滩区", Decimal("168.0"), "郭伟")
    for name in ("office", "reviewer", "accountant"):
        assert sees(getattr(people, name), UsualWay) == [made]
    for name in ("stranger_admin", "other_office", "other_reviewer"):
        assert sees(getattr(people, name), UsualWay) == []


def test_the_same_places_again_correct_the_line(people):
    enter(people)
    enter(people, "reviewer", km=Decimal("152.5"))
    (row,) = factories.rows(UsualWay)
    assert (row.km, row.changed_by, row.version) == (Decimal("152.5"), "吴丽", 2)


def test_the_district_comes_before_its_city_and_the_branch_before_the_dealer(people):
    enter(people, site="永州市", km=Decimal(150))
    enter(people, site="永州市冷水滩区", km=Decimal(168))
    enter(people, site="永州市", start="衡阳网点", km=Decimal(90))
    assert usual(people) == Decimal(168)
    assert usual(people, district="零陵区") == Decimal(150)
    assert usual(people, district="零陵区", start="衡阳网点") == Decimal(90)
    assert usual(people, city="长沙市", district="") is None
    assert usual(people, "stranger_admin") is None


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"site": "某地"}, "site_unknown", "site"),
        ({"site": "永州市冷水滩区工业园一号"}, "site_unknown", "site"),
        ({"km": Decimal(0)}, "way_wrong", "km"),
        ({"km": Decimal("1.05")}, "way_wrong", "km"),
        ({"km": Decimal("99999.1")}, "way_wrong", "km"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(people, changes, code, field):
    with pytest.raises(Refused) as refusal:
        enter(people, **changes)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert factories.rows(UsualWay) == []


@pytest.mark.parametrize("name", ["admin", "owner", "accountant", "finance", "call_centre", "quality"])
def test_dealers_and_other_roles_do_not_write(people, name):
    made = enter(people)
    with refused("not_allowed"):
        enter(people, name)
    with refused("not_allowed"):
        act(remove_way, viewer=getattr(people, name), public_id=made.public_id, now=NOW)


def test_another_office_finds_nothing(people):
    made = enter(people)
    with pytest.raises(NotFound):
        enter(people, "other_office")
    with pytest.raises(NotFound):
        act(remove_way, viewer=people.other_office, public_id=made.public_id, now=NOW)


def test_after_the_end_of_a_partnership_the_book_stands(people):
    made = enter(people)
    people.partnership.ended_at = NOW
    with factories.writing():
        people.partnership.save()
    with refused("partnership_ended"):
        enter(people, km=Decimal(1))
    with refused("partnership_ended"):
        act(remove_way, viewer=people.office, public_id=made.public_id, now=NOW)
    assert usual(people) == Decimal(168)


def test_a_line_is_taken_out(people):
    made = enter(people)
    act(remove_way, viewer=people.office_engineer, public_id=made.public_id, now=NOW)
    assert factories.rows(UsualWay) == []
