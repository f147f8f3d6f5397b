"""kill -9 of the process that takes a slip signed without signal: the phone sends it again, and there is one slip, whole, with one number."""

from __future__ import annotations

import os
import random
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from tests import factories
from tests.faults.conftest import kill, record
from tests.tickets.driver import Job
from tickets.enums import TicketState
from tickets.models import Entry, LapsedSignature, Slip

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers, pytest.mark.slow]

SEED = int(os.environ.get("SEED", "1"))
ROUNDS = int(os.environ.get("ROUNDS", "8"))
_inherited: list[Any] = []  # a child that lets go of its parent's connection would close it


def ready_slip(people: Any) -> Job:
    job = Job(people).to(TicketState.IN_WORK)
    job.photograph()
    job.leave()
    job.open_slip()
    return job


def in_a_child(job: Job, **facts: Any) -> tuple[int, int]:
    """Fork a process that hands the slip in; its pid and the pid of its PostgreSQL backend."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            _inherited.append(connection.connection)
            connection.connection = None
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                os.write(writing, f"{cursor.fetchone()[0]}\n".encode())
            job.hand_in(**facts)
            os.write(writing, b"done\n")
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        backend = int(told.readline())
    return pid, backend


def in_transaction(backend: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT xact_start IS NOT NULL FROM pg_stat_activity WHERE pid = %s", [backend])
        row = cursor.fetchone()
    return bool(row and row[0])


def counts(job: Job) -> dict[str, int]:
    numbered = [slip for slip in factories.rows(Slip) if slip.number]
    signed = len([slip for slip in numbered if slip.state == "signed"])
    return {"numbered": len(numbered), "signed": signed, "entries": len(factories.rows(Entry, ticket=job.ticket))}


def test_killed_while_it_is_taken_and_sent_again(people):
    chance = random.Random(SEED)
    trial = ready_slip(people)
    begin = time.monotonic()
    trial.hand_in(written=trial.written(), op="op-of-the-trial")
    usual = time.monotonic() - begin
    hits = 0
    for turn in range(1, ROUNDS + 1):
        job, op = ready_slip(people), f"op-of-round-{turn}"
        written, at = job.written(), job.clock + timedelta(minutes=3)
        before = counts(job)
        pid, backend = in_a_child(job, written=written, op=op, at=at)
        time.sleep(chance.uniform(0, usual * 0.6))  # anywhere in the work, that is the point
        hit = in_transaction(backend)
        hits += hit
        kill(pid)
        os.waitpid(pid, 0)
        left = counts(job)
        done = job.hand_in(written=written, op=op, at=at, version=1)
        after = counts(job)
        record("hand_in", {"fault": "kill -9", "seed": SEED, "round": turn, "at": time.time(), "hit": hit, "before": before, "left": left, "after": after})  # fmt: skip
        assert left in (before, after)
        assert (done.lapsed, job.slip.state, after["numbered"], after["signed"]) == (None, "signed", turn + 1, turn + 1)
        assert sorted(int(slip.number[-4:]) for slip in factories.rows(Slip)) == list(range(1, turn + 2))
    assert factories.rows(LapsedSignature) == []
    assert hits * 2 >= ROUNDS, f"only {hits} of {ROUNDS} kills hit an open transaction"
