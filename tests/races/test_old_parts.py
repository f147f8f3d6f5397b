"""Several people on the same old parts: what is packed once lies in one box, and what has left has left."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import partial

import pytest

from settlement.enums import BoxState, OldPartState
from settlement.models import ReturnBox
from settlement.operations import old_parts, return_boxes
from tests import factories
from tests.people import act
from tests.races.threads import SEED, THREADS, Pool, codes, rounds, won
from tests.settlement.old_parts import BEARING, Owed, keeper
from tickets.operations import void_slip

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

P = OldPartState


@pytest.fixture
def pool() -> Iterator[Pool]:
    with Pool() as made:
        yield made


@pytest.fixture
def chance() -> random.Random:
    print(f"SEED={SEED}")  # noqa: T201  # shown when a round breaks
    return random.Random(SEED)


def test_of_many_who_pack_the_same_parts_one_does(people, pool, chance):
    for _ in range(rounds(8)):
        owed = Owed(people)
        boxes = len(factories.rows(ReturnBox))
        deeds = [
            partial(act, return_boxes.pack, viewer=who, parts=keys, now=owed.job.clock)
            for who in (people.storekeeper, people.dispatcher)
            for keys in (owed.keys, owed.keys[::-1])
        ] * (THREADS // 4)
        answers = pool.race(deeds, chance)
        assert codes(answers) == ["wrong_state"] * (THREADS - 1)
        assert [part.box_id for part in owed.rows] == [won(answers)[0].pk] * 2
        assert len(factories.rows(ReturnBox)) == boxes + 1


def test_nothing_comes_into_a_box_or_out_of_it_once_it_has_left(people, pool, chance):
    for _ in range(rounds(8)):
        owed = Owed(people)
        box, now = owed.pack(0), owed.job.clock
        way = {"carrier": "安能物流", "waybill": "AN20260611", "transport": "rail", "now": now}
        ship = partial(
            act, return_boxes.ship, viewer=people.storekeeper, public_id=owed.box, expected_version=None, **way
        )
        fill = partial(act, return_boxes.pack, viewer=people.dispatcher, parts=[owed.keys[1]], box=owed.box, now=now)
        empty = partial(
            act, return_boxes.unpack, viewer=people.admin, public_id=owed.keys[0], expected_version=None, now=now
        )
        answers = pool.race([ship, fill, empty, fill, ship, empty, fill, ship], chance)
        assert set(codes(answers)) <= {"wrong_state", "not_found", "box_empty", "stale"}
        left = factories.rows(ReturnBox, pk=box.pk)
        inside = [part for part in owed.rows if part.box_id == box.pk]
        if not left:
            assert (inside, set(owed.states)) == ([], {P.DUE})
        elif left[0].state == BoxState.SHIPPED:
            assert {part.state for part in inside} == {P.SHIPPED}
            assert left[0].sent == len(inside) > 0
        else:
            assert {part.state for part in inside} == {P.BOXED}


def test_a_slip_is_voided_while_its_parts_leave(people, pool, chance):
    for _ in range(rounds(6)):
        owed = Owed(people, parts=(BEARING,))
        owed.pack()
        now = owed.job.tick()
        way = {"carrier": "安能物流", "waybill": "AN20260611", "transport": "rail", "now": now}
        ship = partial(
            act, return_boxes.ship, viewer=people.storekeeper, public_id=owed.box, expected_version=None, **way
        )
        slip = {"public_id": owed.job.slip.public_id, "expected_version": None, "reason": "里程写错", "now": now}
        void = partial(act, void_slip.void_slip, viewer=people.dispatcher, **slip)
        answers = pool.race([ship, void] * (THREADS // 2), chance)
        assert set(codes(answers)) <= {"wrong_state", "box_empty", "slip_of_earlier_round"}
        (part,) = owed.rows
        sent = owed.the_box.state == BoxState.SHIPPED
        assert (part.state, part.box_id is not None) == ((P.SHIPPED, True) if sent else (P.VOID, False))


def test_of_many_who_count_a_box_one_does(people, pool, chance):
    store, second = keeper(people), keeper(people)
    for _ in range(rounds(6)):
        owed = Owed(people)
        owed.pack()
        owed.ship()
        deeds = [
            partial(act, return_boxes.receive, viewer=who, public_id=owed.box, expected_version=None, there=there, now=owed.job.clock)
            for who, there in ((store, owed.keys), (second, owed.keys[:1]))
        ] * (THREADS // 2)  # fmt: skip
        answers = pool.race(deeds, chance)
        assert codes(answers) == ["wrong_state"] * (THREADS - 1)
        missing = sum(state == P.MISSING for state in owed.states)
        assert won(answers)[0].came == 2 - missing == owed.the_box.came


def test_the_dealer_packs_while_headquarters_agrees_that_it_may_stay(people, pool, chance):
    store = keeper(people)
    for _ in range(rounds(6)):
        owed = Owed(people, parts=(BEARING,))
        owed.do(old_parts.ask_exemption, people.storekeeper, reason="太重")
        now = owed.job.clock
        agree = partial(
            act, old_parts.agree, viewer=store, public_id=owed.keys[0], expected_version=None, note="", now=now
        )
        pack = partial(act, return_boxes.pack, viewer=people.storekeeper, parts=owed.keys, now=now)
        answers = pool.race([agree, pack] * (THREADS // 2), chance)
        assert len(won(answers[::2])) == 1
        (part,) = owed.rows
        assert (part.state, part.box_id, part.asked) == (P.EXEMPT, None, "")
