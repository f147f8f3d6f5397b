"""Everybody at once on a rate card: one draft of a level, once in force, and nothing written into it afterwards."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest

from core.calendars import local_date
from settlement.calculations.cards import BandFacts
from settlement.models import RateCard, TravelBand, UsualWay
from settlement.operations.cards import add_card, change_card, discard_draft, put_in_force
from settlement.operations.routes import enter_way
from tests import factories
from tests.people import act
from tests.races.threads import SEED, THREADS, Pool, codes, rounds, won
from tests.settlement.cards import card, draft, facts

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

NOW = factories.NOW
TODAY = local_date(NOW)


@pytest.fixture
def pool() -> Iterator[Pool]:
    with Pool() as made:
        yield made


@pytest.fixture
def chance() -> random.Random:
    print(f"SEED={SEED}")  # noqa: T201  # shown when a round breaks
    return random.Random(SEED)


def test_of_many_who_put_a_card_in_force_one_does(people, pool, chance):
    card(people.reviewer)
    for turn in range(rounds(20)):
        made = draft(people.reviewer, valid_from=TODAY + timedelta(days=turn))
        deeds = [
            partial(act, put_in_force, viewer=who, public_id=made.public_id, expected_version=None, now=NOW)
            for who in (people.reviewer, people.hq_admin) * (THREADS // 2)
        ]
        answers = pool.race(deeds, chance)
        assert codes(answers) == ["wrong_state"] * (THREADS - 1), f"round {turn}"
        (winner,) = won(answers)
        assert factories.again(made).in_force_by == winner.in_force_by
    assert Counter(row.state for row in factories.rows(RateCard)) == {"in_force": rounds(20) + 1}


def test_of_many_who_begin_a_version_one_does(people, pool, chance):
    for turn in range(rounds(20)):
        deed = partial(
            act, add_card, viewer=people.reviewer, manufacturer_id=people.sf.pk, level="1", card=facts(), now=NOW
        )
        answers = pool.race([deed] * THREADS, chance)
        assert codes(answers) == ["card_has_draft"] * (THREADS - 1), f"round {turn}"
        (made,) = factories.rows(RateCard)
        act(discard_draft, viewer=people.reviewer, public_id=made.public_id, now=NOW)


def test_a_card_in_force_holds_one_whole_writing(people, pool, chance):
    for turn in range(rounds(20)):
        made = draft(people.reviewer, valid_from=TODAY + timedelta(days=turn))
        deeds = [
            *(
                partial(
                    act,
                    change_card,
                    viewer=people.reviewer,
                    public_id=made.public_id,
                    card=facts(
                        hourly=Decimal(amount),
                        bands=[BandFacts(Decimal(0), Decimal(300), flat=Decimal(amount))],
                        valid_from=made.valid_from,
                    ),
                    expected_version=None,
                    now=NOW,
                )
                for amount in range(101, 101 + THREADS - 2)
            ),
            *(
                partial(act, put_in_force, viewer=people.hq_admin, public_id=made.public_id, expected_version=None, now=NOW)
                for _again in range(2)
            ),
        ]  # fmt: skip
        chance.shuffle(deeds)
        answers = pool.race(deeds, chance)
        assert set(codes(answers)) == {"wrong_state"}, f"round {turn}"
        stands = factories.again(made)
        assert stands.state == "in_force"
        flats = [band.flat for band in factories.rows(TravelBand, card=made)]
        assert flats == [stands.hourly] or stands.hourly == Decimal("80.00")


def test_many_who_enter_one_way_leave_one_line(people, pool, chance):
    sites = ("冷水滩区", "零陵区", "祁阳市", "东安县", "双牌县", "道县", "江永县", "宁远县", "蓝山县", "新田县")
    for site in sites[: rounds(10)]:
        deeds = [
            partial(
                act,
                enter_way,
                viewer=who,
                partnership=people.partnership.public_id,
                start="",
                site=f"永州市{site}",
                km=Decimal(km),
                now=NOW,
            )
            for km, who in enumerate((people.office, people.reviewer) * (THREADS // 2), start=1)
        ]
        assert codes(pool.race(deeds, chance)) == []
        (line,) = factories.rows(UsualWay, district=site)
        assert line.version == THREADS
