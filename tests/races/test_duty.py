"""Everybody at once on the roster: one answer to a swap, one person in an hour, one request for a shift."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

import pytest
from django.db import transaction

from core import tenancy
from resources.models import DutyChange, DutyReminder, DutyShift, DutySwap
from resources.operations import swaps
from resources.operations.reminders import remind
from resources.operations.shifts import add_shift, remove_shift
from tests import factories
from tests.people import act
from tests.races.threads import SEED, THREADS, Pool, codes, rounds, won
from tests.resources.roster import NOW, Roster, told

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

FIRST = date(2026, 10, 1)


@pytest.fixture
def pool() -> Iterator[Pool]:
    with Pool() as made:
        yield made


@pytest.fixture
def chance() -> random.Random:
    print(f"SEED={SEED}")  # noqa: T201  # shown when a round breaks
    return random.Random(SEED)


def test_of_many_answers_to_a_swap_one_wins_and_the_others_are_told(people, pool, chance):
    roster = Roster(people)
    colleague, owner, asker = people.second_technician, people.owner, people.technician
    for turn in range(rounds(40)):
        shift = roster.add("technician", FIRST + timedelta(days=turn))
        swap = roster.ask(shift)
        verbs = [
            ("agree", colleague, {}), ("decline", colleague, {}), ("withdraw", asker, {}), ("approve", owner, {"reason": "急"}),
            ("reject", owner, {"reason": "急"}), ("agree", colleague, {}), ("decline", colleague, {}), ("withdraw", asker, {}),
        ]  # fmt: skip
        chance.shuffle(verbs)
        deeds = [
            partial(act, getattr(swaps, verb), viewer=who, public_id=swap.public_id, now=NOW, **more)
            for verb, who, more in verbs
        ]
        answers = pool.race(deeds, chance)
        (winner,) = won(answers)
        assert codes(answers) == ["wrong_state"] * (THREADS - 1), f"round {turn}"
        kept, on_it = factories.again(swap), factories.again(shift)
        assert kept.state == winner.state
        taken_over = kept.state in ("agreed", "approved")
        assert on_it.person_id == (colleague.person_id if taken_over else asker.person_id)
        assert len(factories.rows(DutyChange, lines__contains=[{"shift": shift.pk}])) == (2 if taken_over else 1)


def test_an_agreement_and_a_change_of_the_shift_do_not_both_happen(people, pool, chance):
    roster = Roster(people)
    ended: Counter[str] = Counter()
    for turn in range(rounds(20)):
        shift = roster.add("technician", FIRST + timedelta(days=turn))
        swap = roster.ask(shift)
        agree = partial(act, swaps.agree, viewer=people.second_technician, public_id=swap.public_id, now=NOW)
        remove = partial(
            act, remove_shift, viewer=people.admin, public_id=shift.public_id, expected_version=shift.version, now=NOW
        )
        answers = pool.race([agree, remove] * (THREADS // 2), chance)
        state, gone = factories.again(swap).state, factories.again(shift).removed_at is not None
        assert (state, gone) in (("agreed", False), ("overtaken", True)), f"round {turn}"
        assert len(won(answers)) == 1
        ended[state] += 1
    assert sum(ended.values()) == rounds(20)


def test_of_many_who_want_the_same_hours_one_gets_them(people, pool, chance):
    roster = Roster(people)
    for turn in range(rounds(30)):
        names = ["technician", "second_technician", "owner", "admin"] * (THREADS // 4)
        facts = [roster.facts(name, FIRST + timedelta(days=turn), chance.choice(("day", "whole"))) for name in names]
        deeds = [partial(act, add_shift, viewer=people.dispatcher, facts=one, now=NOW) for one in facts]
        answers = pool.race(deeds, chance)
        assert len(won(answers)) == 1, f"round {turn}"
        assert set(codes(answers)) == {"duty_taken"}
    assert len(factories.rows(DutyShift)) == rounds(30)


def test_a_shift_is_asked_about_once(people, pool, chance):
    roster = Roster(people)
    for turn in range(rounds(20)):
        shift = roster.add("technician", FIRST + timedelta(days=turn), deputy="owner")
        other = roster.add("second_technician", FIRST + timedelta(days=turn), "night")
        deeds = [
            *(partial(roster.ask, shift, other=other.public_id) for _ in range(3)),
            *(partial(roster.ask, other, "second_technician", "technician", other=shift.public_id) for _ in range(3)),
            *(partial(roster.ask, shift, "owner", "admin") for _ in range(2)),
        ]
        chance.shuffle(deeds)
        answers = pool.race(deeds, chance)
        assert len(won(answers)) == 1, f"round {turn}: {codes(answers)}"
        assert set(codes(answers)) == {"duty_swap_open"}
    assert len(factories.rows(DutySwap, state="asked")) == rounds(20)


def test_a_reminder_that_eight_workers_send_arrives_once(people, pool, chance):
    roster = Roster(people)
    roster.add("technician", NOW.date())
    viewer = people.dispatcher

    def work(now):
        with transaction.atomic():
            tenancy.enter(viewer)
            remind(viewer=viewer, now=now)

    for turn in range(rounds(10)):
        pool.race([partial(work, NOW + timedelta(days=turn))] * THREADS, chance)
    assert len(factories.rows(DutyReminder, kind="gap")) == rounds(10)
    assert len([kind for kind, _params in told("admin", people) if kind == "duty_gap"]) == rounds(10)
