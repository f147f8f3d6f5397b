"""Who is on duty: the dealer's own, what partners and customers may know of it, each in one statement."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import ProgrammingError, connection

from core import tenancy
from core.tenancy import Link, Tier, Viewer
from partners.models import Partnership, Person
from resources.models import DutySettings, DutyShift
from resources.operations.settings import Hours, save_settings
from resources.queries.duty import OnDuty, PublicDuty, on_duty, public_duty
from tests import factories
from tests.people import act
from tests.resources.roster import NOW, Roster

EVENING = datetime(2026, 10, 1, 14, 0, tzinfo=UTC)  # 22:00 in China


@pytest.fixture
def roster(people):
    made = Roster(people)
    made.add("technician", "2026-10-01", "night", deputy="second_technician", note="钥匙在门卫")
    made.add("owner", "2026-10-03", "day", phone="13800001111")
    return made


def show(people, *, makers=True, public=False):
    defaults = DutySettings()
    hours = Hours(*(defaults.hours_of(kind) for kind in ("day", "night", "whole")))
    kept = factories.rows(DutySettings, dealer=people.cs01)
    act(
        save_settings, viewer=people.admin, hours=hours, shows_makers=makers, shows_public=public, now=NOW,
        expected_version=kept[0].version if kept else 0,
    )  # fmt: skip


def asked(viewer, at, queries):
    with tenancy.acting(viewer), queries(1):
        return on_duty(viewer, at)


def customer(people, organisation=None):
    """Somebody who has scanned a sticker of the dealer."""
    return Viewer(tier=Tier.OUTSIDE, org=(organisation or people.cs01).pk, link=Link())


def told(viewer, at=EVENING):
    with tenancy.acting(viewer):
        return public_duty(viewer, at)


def test_the_dealer_sees_main_deputy_number_until_when_and_who_is_next(people, roster, django_assert_num_queries):
    phones = {name: people.person(name).phone for name in ("technician", "second_technician")}
    for viewer in (people.dispatcher, people.technician, people.accountant):
        assert asked(viewer, EVENING, django_assert_num_queries) == [
            OnDuty(
                people.cs01.pk, "长沙瑞启", "陈志强", phones["technician"], "刘建军", phones["second_technician"],
                datetime(2026, 10, 2, 0, 0, tzinfo=UTC), "黄总", datetime(2026, 10, 3, 0, 0, tzinfo=UTC),
            )
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("at", "main", "following"),
    [
        (datetime(2026, 10, 1, 11, 59, 59, tzinfo=UTC), "", "陈志强"),
        (datetime(2026, 10, 1, 12, 0, tzinfo=UTC), "陈志强", "黄总"),
        (datetime(2026, 10, 1, 23, 59, 59, tzinfo=UTC), "陈志强", "黄总"),
        (datetime(2026, 10, 2, 0, 0, tzinfo=UTC), "", "黄总"),
        (datetime(2026, 10, 3, 12, 0, tzinfo=UTC), "", ""),
    ],
)
def test_a_shift_begins_with_its_first_moment_and_is_over_at_its_last(people, roster, at, main, following):
    with tenancy.acting(people.dispatcher):
        (found,) = on_duty(people.dispatcher, at)
    assert (found.main, found.next_main) == (main, following)


def test_office_and_headquarters_read_it_of_their_partners(people, roster, django_assert_num_queries):
    for viewer in (people.office, people.office_engineer, people.reviewer, people.quality):
        (found,) = asked(viewer, EVENING, django_assert_num_queries)
        assert (found.dealer, found.main, found.phone) == ("长沙瑞启", "陈志强", people.person("technician").phone)
        assert (found.deputy, found.next_main, found.hotline, found.shown) == ("刘建军", "黄总", "0731-88880000", True)
    (other,) = asked(people.other_office, EVENING, django_assert_num_queries)
    assert (other.dealer, other.main, other.hotline) == ("合肥恒聚", "", "0731-88880000")
    with tenancy.acting(people.platform):
        assert on_duty(people.platform, EVENING) == []


def test_a_dealer_that_hides_it_leaves_its_24_hour_number(people, roster):
    show(people, makers=False)
    with tenancy.acting(people.office):
        assert on_duty(people.office, EVENING) == [
            OnDuty(people.cs01.pk, "长沙瑞启", hotline="0731-88880000", shown=False)
        ]  # fmt: skip


@pytest.mark.parametrize("column", ["dealer_confirmed_at", "manufacturer_confirmed_at", "ended_at"])
def test_only_a_partnership_that_holds_shows_it(people, roster, column):
    with factories.writing():
        Partnership._base_manager.filter(pk=people.partnership.pk).update(
            **{column: NOW if column == "ended_at" else None}
        )
    for name in ("office", "reviewer"):
        viewer = people.fresh(name)
        with tenancy.acting(viewer):
            assert on_duty(viewer, EVENING) == []


def test_the_function_itself_asks_for_the_partnership(people, roster):
    """Without our Python in between, as the other manufacturer's role."""
    with tenancy.acting(people.other_reviewer), connection.cursor() as cursor:
        cursor.execute("SELECT dealer_id FROM resources_partner_duty(%s)", [EVENING])
        assert cursor.fetchall() == [(people.hf01.pk,)]
    with tenancy.acting(replace(people.reviewer, org=0)), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM resources_partner_duty(%s)", [EVENING])
        assert cursor.fetchone() == (0,)


def test_the_roster_itself_stays_the_dealers(people, roster):
    for viewer in (people.office, people.reviewer):
        with pytest.raises(ProgrammingError, match="permission denied"), tenancy.acting(viewer):
            list(DutyShift.objects.unscoped("the test asks as the tier's role").order_by("id"))


def test_pages_without_account_tell_nothing_by_default(people, roster):
    assert told(customer(people)) is None
    show(people, public=False)
    assert told(customer(people)) is None


def test_where_the_dealer_allows_it_customers_learn_name_and_number(people, roster, django_assert_num_queries):
    show(people, public=True)
    viewer = customer(people)
    with tenancy.acting(viewer), django_assert_num_queries(1):
        found = public_duty(viewer, EVENING)
    assert found == PublicDuty("陈志强", people.person("technician").phone, datetime(2026, 10, 2, 0, 0, tzinfo=UTC))
    assert told(viewer, EVENING + timedelta(days=1)) is None, "nobody is on duty then"
    assert told(customer(people, people.hf01)) is None, "another dealer's code"


def test_a_removed_shift_is_nobodys(people, roster):
    show(people, public=True)
    with factories.writing():
        DutyShift._base_manager.update(removed_at=NOW)
    assert told(customer(people)) is None


def test_a_shift_that_names_a_stranger_tells_nothing(people, roster):
    """No operation writes such a row; should one ever, the functions look at the person's organisation, too."""
    show(people, public=True)
    stranger = people.person("stranger_technician")
    with factories.writing():
        DutyShift._base_manager.update(person=stranger, deputy=None)
    assert told(customer(people)) is None
    with tenancy.acting(people.office):
        (found,) = on_duty(people.office, EVENING)
    assert stranger.name not in (found.main, found.next_main) and found.phone == ""
    assert factories.rows(Person, pk=stranger.pk)[0].organisation_id == people.hf01.pk
