"""kill -9 of the worker in the middle of "tickets.slip_pdf": in the end three rows, three whole files, nothing twice, nothing left."""

from __future__ import annotations

import hashlib
import os
import random
import time

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction

from core.models.job import Job as JobRow
from core.models.job import JobState
from tests import factories
from tests.faults.conftest import kill, record, wait_for
from tests.tickets.driver import Job
from tests.tickets.facts import jobs_of
from tickets.enums import TicketState
from tickets.models import SlipFile

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers, pytest.mark.slow]

SEED = int(os.environ.get("SEED", "1"))
ROUNDS = int(os.environ.get("ROUNDS", "8"))


def counts(job: Job, row: JobRow) -> dict[str, int]:
    """What is there: rows, files in the job's folder."""
    folder = f"slips/{row.public_id}"
    names = default_storage.listdir(folder)[1] if default_storage.exists(folder) else []
    return {"rows": len(factories.rows(SlipFile, slip=job.slip)), "files": len(names)}


def whole(job: Job) -> bool:
    """Every row's file has the bytes that the row tells."""
    for row in factories.rows(SlipFile, slip=job.slip):
        with default_storage.open(row.file.name) as opened:
            if hashlib.sha256(opened.read()).hexdigest() != row.sha256:
                return False
    return True


def test_a_killed_worker_leaves_no_half_slip(people, workers):
    chance = random.Random(SEED)
    usual = duration(people, workers)
    hits = 0
    for turn in range(ROUNDS):
        job = Job(people).to(TicketState.DONE)
        row = jobs_of("tickets.slip_pdf")[-1]
        before = counts(job, row)
        victim = workers.fork()
        wait_for(lambda row=row: factories.again(row).state != JobState.WAITING, 20, "the job was not begun")
        time.sleep(chance.uniform(0, usual * 0.7))  # anywhere in the work, that is the point
        kill(victim)
        at_kill = factories.again(row)
        left = counts(job, row)
        hit = at_kill.state == JobState.RUNNING
        hits += hit
        heir = workers.fork()
        wait_for(lambda row=row: factories.again(row).state == JobState.DONE, 30, "nobody took the job over")
        kill(heir)
        after, ended = counts(job, row), factories.again(row)
        record(
            "slip_pdf",
            {
                "fault": "kill -9 worker", "seed": SEED, "round": turn, "hit": hit, "step": at_kill.done, "before": before,
                "left": left, "after": after, "attempts": ended.attempts,
            },
        )  # fmt: skip
        assert (before, after, whole(job)) == ({"rows": 0, "files": 0}, {"rows": 3, "files": 3}, True)
        assert ended.attempts == 1 + hit
    assert hits * 2 >= ROUNDS, f"only {hits} of {ROUNDS} kills hit a running job"


def test_a_worker_killed_between_its_files_and_its_rows_leaves_no_orphan(people, workers):
    """The narrow moment on purpose: the files are stored, the rows wait for the slip's lock, which somebody holds."""
    job = Job(people).to(TicketState.DONE)
    row = jobs_of("tickets.slip_pdf")[-1]
    victim = workers.fork()
    wait_for(lambda: factories.again(row).done >= 1, 20, "the job was not begun")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE app_fixture")
        cursor.execute("SELECT 1 FROM tickets_slip WHERE id = %s FOR UPDATE", [job.slip.pk])
        wait_for(lambda: counts(job, row)["files"] == 3, 20, "the files were not stored")
        orphans = set(default_storage.listdir(f"slips/{row.public_id}")[1])
        kill(victim)
        assert counts(job, row) == {"rows": 0, "files": 3}
    heir = workers.fork()
    wait_for(lambda: factories.again(row).state == JobState.DONE, 30, "nobody took the job over")
    kill(heir)
    kept = set(default_storage.listdir(f"slips/{row.public_id}")[1])
    record(
        "slip_pdf",
        {"fault": "kill -9 between files and rows", "hit": True, "orphans": len(orphans), "after": counts(job, row)},
    )
    assert (counts(job, row), whole(job), kept & orphans) == ({"rows": 3, "files": 3}, True, set())


def duration(people, workers) -> float:
    """How long the job takes here, so that kills fall into it."""
    Job(people).to(TicketState.DONE)
    row = jobs_of("tickets.slip_pdf")[-1]
    worker = workers.fork()
    wait_for(lambda: factories.again(row).state == JobState.RUNNING, 20, "the job was not begun")
    begin = time.monotonic()
    wait_for(lambda: factories.again(row).state == JobState.DONE, 30, "the job was not done")
    kill(worker)
    return time.monotonic() - begin
