"""The bell never holds up who rings it, and a job is done without it. Workers end at the job at hand."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis
from django.conf import settings

from servicedesk import celery, embedded
from tests.setup.conftest import ROOT, forget, manage, plain_environment, wait_for

NAME = "trial-bell"


@pytest.fixture
def broker() -> Iterator[None]:
    """Celery's settings as they were, and a publisher without a line."""
    before = celery.app.conf.broker_write_url
    celery._line = None
    yield
    celery.app.conf.broker_write_url, celery._line = before, None


def seconds_to_ring() -> float:
    begin = time.monotonic()
    celery.ring()
    return time.monotonic() - begin


def test_a_missing_redis_costs_nothing(broker):
    celery.ring()  # the first one loads the transport
    celery.app.conf.broker_write_url, celery._line = "redis://127.0.0.1:1/0", None
    assert max(seconds_to_ring() for _ in range(5)) < 0.5


def test_a_redis_that_hangs_costs_less_than_a_second(broker):
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        celery.app.conf.broker_write_url, celery._line = f"redis://127.0.0.1:{deaf.getsockname()[1]}/0", None
        assert seconds_to_ring() < 1.0


def test_the_bell_is_heard_again_when_redis_is_back(broker):
    here = celery.app.conf.broker_write_url or settings.CELERY_BROKER_URL
    celery.app.conf.broker_write_url = "redis://127.0.0.1:1/0"
    celery.ring()
    celery.app.conf.broker_write_url, celery._line = here, None
    with redis.Redis.from_url(settings.REDIS_URL) as line:
        line.delete(settings.CELERY_TASK_DEFAULT_QUEUE)
        celery.ring()
        assert line.llen(settings.CELERY_TASK_DEFAULT_QUEUE) == 1


# ── a real worker ────────────────────────────────────────────────────────────────────────────────────────────────────────────────

INSERT = """
TRUNCATE core_job;
INSERT INTO core_job (public_id, kind, payload, organisation_id, tier, title, state, attempts, run_at, locked_by, last_error, done, "of",
                      progress_text, cancel_asked, result_file, result_url, created_at)
SELECT 'x' || n, 'nobody.knows', '{}', 1, 'dealer', '', 'waiting', 0, now(), '', '', 0, 0, '', false, '', '', now()
  FROM generate_series(1, %s) AS n
"""


@pytest.fixture(scope="module")
def servers() -> Iterator[embedded.ServerSet]:
    forget(NAME)
    with embedded.hold(NAME) as hold:
        assert manage("migrate", SERVICEDESK_SERVERS=NAME).returncode == 0
        yield hold.servers


def as_owner(servers: embedded.ServerSet, statement: str, *values: int) -> list[tuple[int, ...]]:
    line = psycopg2.connect(servers.addresses()["DATABASE_OWNER_URL"])
    try:
        with line, line.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []
    finally:
        line.close()


def tried(servers: embedded.ServerSet) -> int:
    return as_owner(servers, "SELECT count(*) FROM core_job WHERE attempts > 0")[0][0]


def start_worker(servers: embedded.ServerSet, log: Path, **environment: str) -> subprocess.Popen[bytes]:
    own = {"SERVICEDESK_EMBEDDED": "true", "SERVICEDESK_SERVERS": NAME, "TMPDIR": str(log.parent)}
    with open(log, "w") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "servicedesk", "worker", "--concurrency", "1", *celery.WORKER_OPTIONS], cwd=ROOT,
            env=plain_environment(**servers.addresses() | own | environment), stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip


@pytest.mark.servers
@pytest.mark.slow
def test_a_worker_does_jobs_without_redis(servers, tmp_path):
    as_owner(servers, INSERT, 3)
    worker = start_worker(servers, tmp_path / "worker.log", REDIS_URL="redis://127.0.0.1:1/0")
    try:
        wait_for(lambda: tried(servers) == 3, 90, "three tries")
    finally:
        worker.send_signal(signal.SIGTERM)
        try:
            worker.wait(20)
        finally:
            worker.kill()


@pytest.mark.servers
@pytest.mark.slow
def test_a_worker_that_is_asked_to_stop_leaves_the_rest_of_the_queue(servers, tmp_path):
    as_owner(servers, INSERT, 20_000)
    worker = start_worker(servers, tmp_path / "worker.log")
    try:
        wait_for(lambda: tried(servers) > 0, 90, "a first try")
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(10) == 0
    finally:
        worker.kill()
    assert tried(servers) < 20_000
