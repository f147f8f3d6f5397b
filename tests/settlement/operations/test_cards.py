"""Rate cards: what can be written, what stands once it is in force, and who may."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import IntegrityError

from core.calendars import local_date
from core.errors import NotFound, Refused
from settlement.calculations.cards import BandFacts, HoursFacts
from settlement.models import RateCard, StandardHours, TravelBand
from settlement.operations.cards import add_card, change_card, discard_draft, put_in_force
from settlement.queries import cards
from tests import factories
from tests.people import act, refused
from tests.settlement.cards import BANDS, HOURS, card, draft, facts, force

D = Decimal
NOW = factories.NOW
TODAY = local_date(NOW)


def change(viewer, made, *, version=None, **changes):
    return act(
        change_card,
        viewer=viewer,
        public_id=made.public_id,
        card=facts(**changes),
        expected_version=version,
        now=NOW,
    )


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"hourly": D("-0.01")}, "amount_wrong", "hourly"),
        ({"night_flat": D("1.001")}, "amount_wrong", "night_flat"),
        ({"lodging_cap": D(10) ** 12}, "amount_wrong", "lodging_cap"),
        ({"travel_mode": "teleport"}, "choice_unknown", "travel_mode"),
        ({"subsidy_over_km": D("50.05")}, "km_wrong", "subsidy_over_km"),
        ({"short_max_km": D(50)}, "minimum_incomplete", "short_min_labour"),
        ({"factors": {"consigned": D("10.1")}}, "factor_wrong", "factor_consigned"),
        ({"bands": (BandFacts(D(5), D(5), flat=D(1)),)}, "band_backwards", "bands-0-up_to_km"),
        ({"bands": (BandFacts(D(0), D(5)),)}, "band_rate_missing", "bands-0-flat"),
        ({"bands": (BandFacts(D(0), D(5), D(1), D(1)),)}, "band_rate_missing", "bands-0-flat"),
        ({"bands": (*BANDS, BandFacts(D(5), D(20), per_km=D(1)))}, "band_twice", "bands-2-up_to_km"),
        ({"bands": (BandFacts(D(0), D(5), per_km=D("1.005")),)}, "amount_wrong", "bands-0-per_km"),
        ({"hours": (HoursFacts("", "没有编码", D(1)),)}, "hours_wrong", "hours"),
        ({"hours": (HoursFacts("A", "太细", D("1.25")),)}, "hours_wrong", "hours"),
        ({"hours": (HoursFacts("A", "没有尺寸", D(1), size_up_to=0),)}, "hours_wrong", "hours"),
        ({"hours": (*HOURS, HOURS[0])}, "hours_twice", "hours"),
        ({"hours": (HoursFacts("A", "别家的", D(1), line="HC-1"),)}, "line_unknown", "hours"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(people, changes, code, field):
    factories.product_line(people.hc, "HC-1")
    with pytest.raises(Refused) as refusal:
        draft(people.reviewer, **changes)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert factories.rows(RateCard) == []


def test_a_draft_is_written_anew_with_its_tables(people):
    line = factories.product_line(people.sf, "YE3")
    made = draft(people.reviewer)
    assert (made.number, made.state, made.changed_by) == (1, "draft", "吴丽")
    change(
        people.hq_admin,
        made,
        version=1,
        hourly=D("85.50"),
        bands=BANDS[:1],
        hours=(HoursFacts("A", "换轴承", D("2.5"), "YE3", 160),),
    )
    again = factories.again(made)
    assert (again.hourly, again.version, again.changed_by) == (D("85.50"), 2, "于洋")
    (band,) = factories.rows(TravelBand)
    (work,) = factories.rows(StandardHours)
    assert (band.from_km, band.up_to_km, band.flat, band.per_km) == (D("0.0"), D("20.0"), D("60.00"), None)
    assert (work.code, work.line_id, work.size_up_to, work.hours) == ("A", line.pk, 160, D("2.5"))


def test_a_stale_page_writes_nothing(people):
    made = draft(people.reviewer)
    change(people.reviewer, made, version=1)
    with refused("stale"):
        change(people.hq_admin, made, version=1, hourly=D(1))
    assert factories.again(made).hourly == D("80.00")


def test_a_level_has_one_draft(people):
    draft(people.reviewer, "2")
    with refused("card_has_draft"):
        draft(people.hq_admin, "2")
    draft(people.hq_admin, "1")


def test_what_is_in_force_stands(people):
    made = card(people.reviewer)
    assert (made.state, made.in_force_by, made.in_force_at) == ("in_force", "吴丽", NOW)
    with refused("wrong_state"):
        change(people.reviewer, made)
    with refused("wrong_state"):
        act(discard_draft, viewer=people.reviewer, public_id=made.public_id, now=NOW)
    with refused("wrong_state"):
        force(people.reviewer, made)


@pytest.mark.parametrize("model", [RateCard, TravelBand, StandardHours])
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_database_itself_lets_nothing_in_force_change(people, model, verb):
    made = card(people.reviewer)
    lookup = {"pk": made.pk} if model is RateCard else {"card": made}
    changes = {"hourly": D(1)} if model is RateCard else {"manufacturer": people.hc}
    rows = model._base_manager.filter(**lookup)
    deed = partial(rows._raw_delete, "default") if verb == "delete" else partial(rows.update, **changes)
    with pytest.raises(IntegrityError, match="in force"), factories.writing():
        deed()


def test_nothing_is_added_to_a_card_in_force(people):
    made = card(people.reviewer)
    with pytest.raises(IntegrityError, match="in force"), factories.writing():
        TravelBand.objects.create(manufacturer=people.sf, card=made, from_km=300, up_to_km=400, flat=D(1))


def test_a_broken_card_does_not_come_into_force(people):
    made = draft(people.reviewer, bands=(), hourly=D(0))
    with pytest.raises(Refused) as refusal:
        force(people.reviewer, made)
    assert (refusal.value.code, refusal.value.params) == ("card_broken", {"n": 2})
    assert factories.again(made).state == "draft"


def test_a_product_line_in_use_needs_hours_unless_some_are_for_every_line(people):
    factories.product_line(people.sf, "YE3")
    factories.product_line(people.sf, "OLD", active=False)
    made = draft(people.reviewer, hours=(HoursFacts("A", "换轴承", D(3), "YE3"),))
    factories.product_line(people.sf, "WQ")
    with refused("card_broken"):
        force(people.reviewer, made)
    change(people.reviewer, made, hours=(HoursFacts("A", "换轴承", D(3), "YE3"), HoursFacts("B", "诊断", D(1))))
    force(people.reviewer, made)


def test_a_version_begins_after_the_one_before_and_not_in_the_past(people):
    first = card(people.reviewer)
    second = draft(people.reviewer, valid_from=first.valid_from)
    assert second.number == 2
    with refused("card_begins_early"):
        force(people.reviewer, second)
    change(people.reviewer, second, valid_from=TODAY - timedelta(days=1))
    with refused("card_begins_past"):
        force(people.reviewer, second)
    change(people.reviewer, second, valid_from=TODAY)
    force(people.reviewer, second)
    assert factories.again(first).state == "in_force"


def test_a_first_version_may_begin_in_the_past(people):
    assert card(people.reviewer, valid_from=date(2020, 1, 1)).state == "in_force"


def test_a_discarded_draft_is_gone_with_its_tables(people):
    made = draft(people.reviewer)
    act(discard_draft, viewer=people.reviewer, public_id=made.public_id, now=NOW)
    assert [factories.rows(model) for model in (RateCard, TravelBand, StandardHours)] == [[], [], []]


@pytest.mark.parametrize("name", ["admin", "accountant", "office", "office_admin", "finance", "call_centre", "quality"])
def test_only_headquarters_writes(people, name):
    made = card(people.reviewer)
    viewer = getattr(people, name)
    with refused("not_allowed"):
        act(add_card, viewer=viewer, manufacturer_id=people.sf.pk, level="1", card=facts(), now=NOW)
    with refused("not_allowed"):
        change(viewer, made)
    with refused("not_allowed"):
        force(viewer, made)


@pytest.mark.parametrize("name", ["admin", "office"])
def test_a_draft_is_nothing_yet_for_dealer_and_office(people, name):
    made = draft(people.reviewer)
    with pytest.raises(NotFound):
        act(cards.one, viewer=getattr(people, name), public_id=made.public_id)


def test_another_manufacturer_finds_nothing(people):
    made = draft(people.reviewer)
    with pytest.raises(NotFound):
        act(put_in_force, viewer=people.other_hq_admin, public_id=made.public_id, expected_version=1, now=NOW)
    with refused("not_allowed"):
        act(add_card, viewer=people.other_hq_admin, manufacturer_id=people.sf.pk, level="1", card=facts(), now=NOW)


def test_a_dealers_administrator_writes_those_of_its_unlisted_manufacturer(people):
    maker = factories.maker("WX1", owner_dealer=people.cs01)
    factories.partnership(people.cs01, maker, listed=False)
    admin = people.fresh("admin")
    made = act(add_card, viewer=admin, manufacturer_id=maker.pk, level="", card=facts(), now=NOW)
    assert force(admin, made).state == "in_force"
    with refused("not_allowed"):
        act(
            add_card,
            viewer=people.fresh("dispatcher"),
            manufacturer_id=maker.pk,
            level="1",
            card=facts(),
            now=NOW,
        )
