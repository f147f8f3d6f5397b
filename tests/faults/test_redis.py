"""Redis emptied and killed while a real Celery worker is at work: every job is done, each once (reliability.md 5)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import redis

from servicedesk import celery, embedded
from tests.faults.conftest import ROOT, record, wait_for
from tests.setup.conftest import forget, manage, plain_environment

pytestmark = [pytest.mark.servers, pytest.mark.slow]

NAME = "trial-redis"
JOBS = 200

DEALER = """
INSERT INTO partners_organisation (public_id, version, created_at, updated_at, kind, code, name, short_name, service_phone, address, active)
VALUES ('trialdealer00001', 1, now(), now(), 'dealer', 'TR01', '(示例)', '', '', '', true) RETURNING id
"""
INSERT = """
INSERT INTO core_job (public_id, kind, payload, organisation_id, tier, title, state, attempts, run_at, locked_by, last_error, done, "of",
                      progress_text, cancel_asked, result_file, result_url, created_at)
SELECT 'r' || n, 'tickets.close_due', '{}', %s, 'dealer', '', 'waiting', 0, now(), '', '', 0, 0, '', false, '', '', now()
  FROM generate_series(%s, %s) AS n
"""


@pytest.fixture
def servers() -> Iterator[embedded.ServerSet]:
    """PostgreSQL and Redis of this test's own: they are killed here."""
    forget(NAME)
    with embedded.hold(NAME) as hold:
        done = manage("migrate", SERVICEDESK_SERVERS=NAME)
        assert done.returncode == 0, done.stderr
        yield hold.servers
    embedded.stop(embedded.server_set(NAME))


def as_owner(servers: embedded.ServerSet, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    line = psycopg2.connect(servers.addresses()["DATABASE_OWNER_URL"])
    try:
        with line, line.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []
    finally:
        line.close()


def states(servers: embedded.ServerSet) -> dict[str, int]:
    return dict(as_owner(servers, "SELECT state, count(*) FROM core_job WHERE public_id LIKE 'r%%' GROUP BY 1"))


def start_worker(servers: embedded.ServerSet, log: Path) -> subprocess.Popen[bytes]:
    own = {"SERVICEDESK_EMBEDDED": "true", "SERVICEDESK_SERVERS": NAME, "TMPDIR": str(log.parent)}
    with log.open("wb") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "servicedesk", "worker", "--concurrency", "2", *celery.WORKER_OPTIONS],
            cwd=ROOT, env=plain_environment(**servers.addresses() | own), stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip


def ring(servers: embedded.ServerSet) -> None:
    """What the bell leaves in Redis, as many as a web process would leave for many jobs."""
    with celery.app.connection_for_write(
        servers.addresses()["REDIS_URL"].replace("unix://", "redis+socket://")
    ) as broker:
        for _ in range(20):
            celery.drain.apply_async(connection=broker, retry=False, queue="servicedesk")


def test_redis_emptied_and_killed_loses_no_job(servers, tmp_path):
    ((dealer,),) = as_owner(servers, DEALER)
    log = tmp_path / "worker.log"
    worker = start_worker(servers, log)
    try:
        as_owner(servers, INSERT, dealer, 1, 1)
        wait_for(lambda: states(servers).get("done") == 1, 60, f"the first job: {log.read_text()[-2000:]}")
        as_owner(servers, INSERT, dealer, 2, JOBS // 2)
        ring(servers)
        with redis.Redis.from_url(servers.addresses()["REDIS_URL"]) as line:
            line.flushall()
        pid = embedded.redis_pid(servers)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        as_owner(servers, INSERT, dealer, JOBS // 2 + 1, JOBS)
        begin = time.monotonic()
        wait_for(lambda: states(servers) == {"done": JOBS}, 60, "all jobs done")
        took = round(time.monotonic() - begin, 1)
        attempts = as_owner(servers, "SELECT max(attempts) FROM core_job WHERE public_id LIKE 'r%%'")[0][0]
        record(
            "redis",
            {
                "fault": "FLUSHALL, kill -9 redis",
                "jobs": JOBS,
                "done": states(servers),
                "attempts": attempts,
                "seconds": took,
            },
        )
        assert attempts == 1
        assert worker.poll() is None  # the worker outlives its bell
    finally:
        os.killpg(worker.pid, signal.SIGKILL)  # with the processes of its pool
        worker.wait(10)
