"""Organisations on the platform, and a dealer's own manufacturers (厂家未入驻)."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, transaction

from core import tenancy
from core.errors import NotFound
from partners.enums import OrganisationKind
from partners.models import Organisation, Partnership, Person
from partners.operations.organisations import (
    Card,
    add_organisation,
    add_unlisted_maker,
    change_organisation,
    close_organisation,
    reopen_organisation,
)
from partners.queries import viewers
from tests import factories
from tests.factories import NOW
from tests.people import act, refused, sees

CARD = Card(name="衡阳众力电机(示例)", short_name="衡阳众力", service_phone="0734-88880000", address="蒸湘路 9 号")


def add(people, viewer=None, **changes):
    arguments = {
        "kind": OrganisationKind.DEALER,
        "code": "hy02",
        "card": CARD,
        "admin_name": "唐经理",
        "admin_phone": "13900000001",
        "now": NOW,
        **changes,
    }
    return act(add_organisation, viewer=viewer or people.platform, **arguments)


def test_the_platform_adds_a_dealer_with_its_first_administrator(people):
    organisation, link = add(people)
    assert (organisation.code, organisation.kind, organisation.name) == ("HY02", "dealer", CARD.name)
    admin = factories.again(link.person)
    assert (admin.organisation_id, admin.roles, admin.is_admin) == (organisation.pk, ["admin"], True)


def test_an_office_belongs_to_a_manufacturer(people):
    with refused("parent_missing", field="parent"):
        add(people, kind="office", code="SF-AH")
    with refused("parent_missing", field="parent"):
        add(people, kind="office", code="SF-AH", parent=people.cs01.public_id)
    office, _ = add(people, kind="office", code="SF-AH", parent=people.sf.public_id)
    assert office.parent_id == people.sf.pk


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"code": "x"}, "organisation_code", "code"),
        ({"code": "湖南"}, "organisation_code", "code"),
        ({"code": "CS01"}, "constraint", "code"),
        ({"kind": "platform"}, "organisation_kind", "kind"),
        ({"card": Card(name="")}, "name_missing", "name"),
        ({"admin_name": ""}, "name_missing", "admin_name"),
        ({"admin_phone": "123"}, "mobile_wrong", "admin_phone"),
    ],
)
def test_wrong_facts_are_refused_at_their_field(people, changes, code, field):
    with refused(code, field=field):
        add(people, **changes)
    assert {row.code for row in factories.rows(Organisation)} == {"PF", "CS01", "HF01", "SF", "HC", "SF-HN", "HC-AH"}


@pytest.mark.parametrize("name", ["admin", "hq_admin", "office_admin", "reviewer"])
def test_only_the_platform_adds_organisations(people, name):
    with refused("not_allowed"):
        add(people, viewer=getattr(people, name))


def test_an_administrator_changes_the_card_of_his_own_organisation_only(people):
    arguments = {"card": CARD, "expected_version": 1, "now": NOW}
    act(change_organisation, viewer=people.admin, public_id=people.cs01.public_id, **arguments)
    changed = factories.again(people.cs01)
    assert (changed.name, changed.service_phone, changed.version) == (CARD.name, CARD.service_phone, 2)
    for other in (people.sf, people.hf01):
        with pytest.raises(NotFound):
            act(change_organisation, viewer=people.admin, public_id=other.public_id, **arguments)
    with refused("not_allowed"):
        act(
            change_organisation,
            viewer=people.dispatcher,
            public_id=people.cs01.public_id,
            card=CARD,
            expected_version=2,
            now=NOW,
        )


def test_the_database_lets_a_dealer_write_nothing_but_its_card(people):
    with pytest.raises(ProgrammingError, match="permission denied"), tenancy.acting(people.admin):
        Organisation.objects.visible_to(people.admin).filter(id=people.cs01.pk).update(code="CS99")


def test_closing_an_organisation_shuts_its_people_out(people):
    arguments = {"viewer": people.platform, "public_id": people.hf01.public_id, "now": NOW}
    act(close_organisation, expected_version=1, **arguments)
    assert viewers.of_account(people.person("stranger").account_id, None) is None
    act(reopen_organisation, expected_version=2, **arguments)
    assert viewers.of_account(people.person("stranger").account_id, None) is not None
    with refused("not_allowed"):
        act(
            close_organisation,
            viewer=people.platform,
            public_id=people.platform_org.public_id,
            expected_version=1,
            now=NOW,
        )


# ── 厂家未入驻 ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_unlisted_manufacturer_is_seen_by_its_dealer_alone(people):
    maker = act(add_unlisted_maker, viewer=people.admin, code="wz", card=Card(name="未知厂家"), now=NOW)
    mine = people.fresh("dispatcher")
    assert maker.pk in mine.makers and maker.pk in mine.own_makers
    assert maker in sees(mine, Organisation)
    (partnership,) = sees(mine, Partnership, manufacturer_id=maker.pk)
    assert partnership.holds and not partnership.listed
    for name in ("stranger", "reviewer", "office", "platform", "other_reviewer"):
        assert maker not in sees(people.fresh(name), Organisation), name
        assert partnership not in sees(people.fresh(name), Partnership), name


def test_two_dealers_may_use_one_code_for_their_own_manufacturers(people):
    for viewer in (people.admin, people.stranger_admin):
        act(add_unlisted_maker, viewer=viewer, code="WZ", card=Card(name="未知厂家"), now=NOW)
    with refused("constraint", field="code"):
        act(add_unlisted_maker, viewer=people.fresh("admin"), code="WZ", card=Card(name="又一家"), now=NOW)


def test_the_dealer_changes_the_card_of_its_own_manufacturer(people):
    maker = act(add_unlisted_maker, viewer=people.admin, code="WZ", card=Card(name="未知厂家"), now=NOW)
    arguments = {"public_id": maker.public_id, "card": CARD, "expected_version": 1, "now": NOW}
    with pytest.raises(NotFound):
        act(change_organisation, viewer=people.stranger_admin, **arguments)
    act(change_organisation, viewer=people.fresh("admin"), **arguments)
    assert factories.again(maker).name == CARD.name


@pytest.mark.parametrize("name", ["dispatcher", "hq_admin", "office_admin", "platform"])
def test_only_a_dealers_administrator_enters_one(people, name):
    with refused("not_allowed"):
        act(add_unlisted_maker, viewer=getattr(people, name), code="WZ", card=Card(name="未知厂家"), now=NOW)


def test_the_database_lets_a_dealer_enter_no_partnership_with_a_listed_manufacturer(people):
    """A dealer that could insert both confirmations would let itself into any manufacturer's catalogue."""
    for listed in (True, False):
        with (
            pytest.raises(ProgrammingError, match="row-level security"),
            transaction.atomic(),
            tenancy.acting(people.admin),
        ):
            Partnership.objects.create(
                dealer=people.cs01,
                manufacturer=people.hc,
                listed=listed,
                dealer_confirmed_at=NOW,
                manufacturer_confirmed_at=NOW,
            )


# ── the platform ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_platform_administrator_sees_administrators_and_no_business_row(people):
    from core.row_security import tenant_models
    from core.tenancy import Kind, visible

    customer = factories.customer(people.cs01)
    factories.machine(customer, people.sf)
    factories.product_line(people.sf)
    factories.notice(people.person("dispatcher"), "x")
    assert {p.is_admin for p in sees(people.platform, Person)} == {True}
    allowed = {Kind.COMMON, Kind.ORGANISATION, Kind.PARTNERSHIP, Kind.PEOPLE, Kind.JOB, Kind.IDENTITY}
    for model in tenant_models():
        if model.tenancy not in allowed:
            assert sees(people.platform, model) == [], model
            business = model.tenancy is not Kind.OWN
            assert (visible(model, people.platform) is None) is business, model
