"""Everybody at once: what must happen once happens once, and numbers have neither gaps nor doubles."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import transaction

from core import tenancy
from core.numbering import next_number
from tests import factories
from tests.people import act
from tests.races.threads import SEED, THREADS, Pool, codes, rounds, won
from tests.tickets.driver import STROKES, T0, Job, picture
from tests.tickets.facts import jobs_of
from tickets.enums import TicketState
from tickets.models import Assignment, Entry, Photo, Slip
from tickets.operations import complete_slip, dispatch, finish_ticket, hand_in_signed, photos, save_slip, sign_slip
from tickets.operations.photos import Shot
from tickets.operations.sign_slip import Answer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def pool() -> Iterator[Pool]:
    with Pool() as made:
        yield made


@pytest.fixture
def chance() -> random.Random:
    print(f"SEED={SEED}")  # noqa: T201  # shown when a round breaks
    return random.Random(SEED)


def once(operation: Any, job: Job, who: tenancy.Viewer, **arguments: Any) -> Any:
    """The same deed for every thread, with the versions that are now."""
    return partial(act, operation, viewer=who, now=job.clock, **arguments)


def numbers_of(dealer: Any) -> list[int]:
    rows = [slip.number for slip in factories.rows(Slip, dealer=dealer) if slip.number]
    return sorted(int(number.rpartition("-")[2]) for number in rows)


def test_numbers_have_neither_gap_nor_double_whoever_fails_in_between(people, pool, chance):
    """300 rounds of eight; one in three takes a number and then fails, so that it must go back."""
    kept: list[str] = []

    def take(fails: bool) -> str | None:
        with transaction.atomic():
            tenancy.enter(people.dispatcher)
            number = next_number(series="FW", dealer_id=people.cs01.pk, dealer_code="CS01", day=T0.date())
            if fails:
                transaction.set_rollback(True)
                return None
            return number

    for _ in range(rounds(300)):
        deeds = [partial(take, chance.random() < 1 / 3) for _ in range(THREADS)]
        kept += [number for number in pool.race(deeds, chance) if number]
    assert sorted(kept) == [f"FW-CS01-202606-{n:04d}" for n in range(1, len(kept) + 1)]


def test_eight_slips_completed_at_once_get_eight_numbers_without_a_gap(people, pool, chance):
    jobs = [Job(people).to(TicketState.IN_WORK) for _ in range(THREADS)]
    for job in jobs:
        job.photograph()
        job.leave()
        job.save()
    for turn in range(1, rounds(3) + 1):
        deeds = []
        for job in jobs:
            job.open_slip()
            slip = job.slip
            facts = {"public_id": slip.public_id, "expected_version": slip.version}
            deeds.append(once(complete_slip.complete_slip, job, job.lead, **facts))
        answers = pool.race(deeds, chance)
        assert len(won(answers)) == THREADS, codes(answers)
        assert numbers_of(people.cs01) == list(range(1, turn * THREADS + 1))
        for job in jobs:
            job.void()


def waiting(people: Any) -> Job:
    return Job(people).to(TicketState.WAIT_SIGN)


def test_a_slip_completed_eight_times_at_once_is_completed_once(people, pool, chance):
    """The double click: one slip, one number, one line in the log."""
    job = Job(people).to(TicketState.IN_WORK)
    job.photograph()
    job.leave()
    for turn in range(1, rounds(12) + 1):
        job.open_slip()
        slip, lines = job.slip, len(job.log)
        facts = {"public_id": slip.public_id, "expected_version": slip.version}
        deed = once(complete_slip.complete_slip, job, job.lead, written=job.written(), **facts)
        answers = pool.race([deed] * THREADS, chance)
        assert (len(won(answers)), set(codes(answers))) == (1, {"wrong_state"})
        assert (numbers_of(people.cs01), len(job.log)) == (list(range(1, turn + 1)), lines + 1)
        job.void()


def test_two_people_who_open_the_slip_at_once_open_one(people, pool, chance):
    for _ in range(rounds(10)):
        job = Job(people).to(TicketState.IN_WORK)
        deeds = [partial(act, save_slip.open_slip, viewer=who, ticket_public_id=job.key, now=job.clock)
                 for who in (people.technician, people.dispatcher) * (THREADS // 2)]  # fmt: skip
        answers = pool.race(deeds, chance)
        assert len({slip.pk for slip in won(answers)}) == len(job.slips) == 1


def test_a_slip_signed_eight_times_at_once_is_signed_once(people, pool, chance):
    job = waiting(people)
    for turn in range(1, rounds(12) + 1):
        slip, lines = job.slip, len(job.log)
        facts = {"public_id": slip.public_id, "expected_version": slip.version}
        signers = [f"签字人{n}" for n in range(THREADS)]
        deeds = [
            once(sign_slip.sign_slip, job, job.lead, answer=Answer("4", signer=name, strokes=STROKES), **facts)
            for name in signers
        ]
        answers = pool.race(deeds, chance)
        assert (len(won(answers)), set(codes(answers))) == (1, {"wrong_state"})
        assert (job.slip.signer, job.state) == (won(answers)[0].signer, TicketState.DONE)
        assert (len(job.log), len(jobs_of("tickets.slip_pdf"))) == (lines + 1, turn)
        job.void()
        job.complete()


def test_a_slip_signed_without_signal_sent_eight_times_at_once_is_signed_once(people, pool, chance):
    for turn in range(1, rounds(8) + 1):
        job = Job(people).to(TicketState.IN_WORK)
        job.photograph()
        job.leave()
        job.open_slip()
        facts = {"public_id": job.slip.public_id, "expected_version": job.slip.version, "written": job.written()}
        answer = Answer("4", strokes=STROKES, op=f"op-of-turn-{turn}")
        deed = once(hand_in_signed.hand_in_signed, job, job.lead, answer=answer, **facts)
        answers = pool.race([deed] * THREADS, chance)
        assert (len(won(answers)), {done.lapsed for done in won(answers)}) == (THREADS, {None})
        assert {done.slip.number for done in won(answers)} == {job.slip.number}
        assert (job.slip.state, len(jobs_of("tickets.slip_pdf"))) == ("signed", turn)
        assert numbers_of(people.cs01) == list(range(1, turn + 1))


def test_signing_and_refusing_at_once_end_in_one_of_them(people, pool, chance):
    job = waiting(people)
    for _ in range(rounds(8)):
        facts = {"public_id": job.slip.public_id, "expected_version": job.slip.version}
        sign = once(sign_slip.sign_slip, job, job.lead, answer=Answer("4", strokes=STROKES), **facts)
        refuse = once(sign_slip.refuse_signature, job, people.dispatcher, reason="不在现场", answer=Answer(""), **facts)
        answers = pool.race([sign, refuse] * (THREADS // 2), chance)
        assert len(won(answers)) == 1
        assert job.slip.state == won(answers)[0].state
        assert (job.slip.signature_kind == "refused") is (job.slip.state == "refused")
        job.void()
        job.complete()


def test_accepting_and_taking_back_at_once_end_in_one_of_them(people, pool, chance):
    job = Job(people)
    for _ in range(rounds(25)):
        job.dispatch()
        version, lines = job.ticket.version, len(job.log)
        facts = {"public_id": job.key, "expected_version": version}
        accept = once(dispatch.accept, job, people.technician, **facts)
        take_back = once(dispatch.refuse, job, people.dispatcher, reason="改派他人", **facts)
        answers = pool.race([accept, take_back] * (THREADS // 2), chance)
        assert len(won(answers)) == 1 and set(codes(answers)) <= {"stale", "not_found"}
        ticket = job.ticket
        assert (ticket.version, len(job.log)) == (version + 1, lines + 1)
        active = factories.rows(Assignment, ticket=ticket, active=True)
        if ticket.state == TicketState.ACCEPTED:
            assert [a.person_id for a in active] == ticket.crew_ids == [people.technician.person_id]
            job.hand_back()
        else:
            assert (ticket.state, active, ticket.crew_ids) == (TicketState.CONTACTED, [], [])


def test_two_dispatchers_send_one_crew(people, pool, chance):
    for _ in range(rounds(12)):
        job = Job(people)
        facts = {"public_id": job.key, "expected_version": job.ticket.version}
        leads = [job.key_of(who) for who in (people.technician, people.second_technician)] * (THREADS // 2)
        deeds = [once(dispatch.dispatch, job, people.dispatcher, lead=lead, **facts) for lead in leads]
        answers = pool.race(deeds, chance)
        assert (len(won(answers)), set(codes(answers))) == (1, {"stale"})
        assert len(factories.rows(Assignment, ticket=job.ticket, active=True)) == 1


def files_of_photos() -> int:
    count = 0
    folders = ["photos"]
    while folders:
        folder = folders.pop()
        if default_storage.exists(folder):
            inside, names = default_storage.listdir(folder)
            folders += [f"{folder}/{name}" for name in inside]
            count += len(names)
    return count


def test_a_photo_sent_eight_times_at_once_is_kept_once_with_its_two_files(people, pool, chance):
    job = Job(people).to(TicketState.ARRIVED)
    before = files_of_photos()
    for turn in range(1, rounds(12) + 1):
        shot = Shot(picture(), f"phone-{SEED}-{turn:04d}", "fault", "camera")
        deed = partial(act, photos.add_photo, viewer=people.technician, public_id=job.key, shot=shot, now=job.clock)
        answers = pool.race([deed] * THREADS, chance)
        assert len({photo.pk for photo in won(answers)}) == 1 and codes(answers) == []
        assert len(factories.rows(Photo)) == len(factories.rows(Entry, kind="photo")) == turn
        assert files_of_photos() - before == 2 * turn


def test_two_reports_merged_crosswise_end_with_one_open(people, pool, chance):
    """Nobody waits for ever, and the two do not vanish into each other."""
    for _ in range(rounds(10)):
        one = Job(people)
        other = Job(people, customer=one.customer, machines=one.machines)
        there = once(finish_ticket.merge_into, one, people.dispatcher, public_id=one.key, target=other.key,
                     reason="重复", expected_version=1)  # fmt: skip
        back = once(finish_ticket.merge_into, one, people.admin, public_id=other.key, target=one.key,
                    reason="重复", expected_version=1)  # fmt: skip
        answers = pool.race([there, back] * (THREADS // 2), chance)
        assert len(won(answers)) == 1
        assert sorted([one.state, other.state]) == [TicketState.CONTACTED, TicketState.MERGED]


def test_two_slips_over_the_same_machines_never_wait_for_each_other(people, pool, chance):
    """Machines stand on both tickets in opposite order; their files are locked in one order all the same."""
    customer = factories.customer(people.cs01)
    machines = [factories.machine(customer, people.sf, serial_number="", ex_factory_on=None) for _ in range(3)]
    jobs = []
    for place in range(THREADS):
        job = Job(people, customer=customer, machines=machines if place % 2 else machines[::-1])
        job.to(TicketState.IN_WORK)
        job.photograph()
        job.leave()
        jobs.append(job)
    for _ in range(rounds(2)):
        deeds = []
        for job in jobs:
            job.open_slip()
            plates = [save_slip.MachineInput(m.pk, f"SN-{m.machine_id}", T0.date()) for m in job.on_ticket]
            facts = {"public_id": job.slip.public_id, "expected_version": job.slip.version}
            written = job.written(machines=plates)
            deeds.append(once(complete_slip.complete_slip, job, job.lead, written=written, **facts))
        answers = pool.race(deeds, chance)
        assert len(won(answers)) == THREADS, codes(answers)
        for job in jobs:
            job.void()
