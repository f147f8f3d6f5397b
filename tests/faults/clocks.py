"""`make faults-clocks`: thousands of warnings fall due within minutes while workers are killed and Redis is emptied; none is lost or left twice.

    DUE=10000 MINUTES=5 SEED=1 python -m tests.faults.clocks

Two real Celery workers tick on servers of their own; every few seconds one is killed (-9) and started again, and Redis is emptied. A
warning has left when its row is committed: this process looks every half second. Writes each kill to var/faults/clocks.jsonl, and ends
with `due=… lost=… double=… p99_s=…`.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg2
import redis

from servicedesk import celery, embedded
from tests.faults.conftest import ROOT, record
from tests.setup.conftest import forget, manage, plain_environment

NAME = "faults-clocks"
LATEST = 20.0  # seconds after which a warning counts as late (reliability.md 5)
#: the load's own clocks would ring in between
EMPTY = "TRUNCATE tickets_clock CASCADE"
FILL = """
INSERT INTO tickets_clock (public_id, version, created_at, updated_at, dealer_id, manufacturer_id, office_id, shared_with_maker, ticket_id,
    round, kind, state, bucket, started_at, allow_minutes, rung, ring_at, due_at, ended, late_reason)
SELECT 'fc' || lpad(t.id::text, 10, '0'), 1, now(), now(), t.dealer_id, t.manufacturer_id, t.office_id, t.shared_with_maker, t.id, t.round,
    'arrival', 'running', '', due - interval '240 minutes', 240, 80, due, due, '', ''
FROM (SELECT *, date_trunc('minute', %s::timestamptz) + (row_number() OVER (ORDER BY id) %% %s) * interval '1 minute' AS due
      FROM tickets_ticket ORDER BY id LIMIT %s) AS t
"""
LEFT = (
    "SELECT c.id, r.due_at FROM tickets_clockring r JOIN tickets_clock c ON c.id = r.clock_id WHERE r.threshold = 100"
)
#: a breach that was told twice to one person
TWICE = """
SELECT coalesce(sum(n - 1), 0) FROM (
    SELECT count(*) AS n FROM notices_notice WHERE kind = 'clock_arrival_100' GROUP BY person_id, url HAVING count(*) > 1) AS told
"""


class Trial:
    """The servers, the workers and what is known of the warnings so far."""

    def __init__(self, servers: embedded.ServerSet, due: int, minutes: int, seed: int) -> None:
        self.servers, self.due, self.minutes = servers, due, minutes
        self.chance = random.Random(seed)  # which worker is killed is no secret
        self.line = psycopg2.connect(servers.addresses()["DATABASE_OWNER_URL"])
        self.line.autocommit = True
        self.seen: dict[int, float] = {}
        self.kills = self.hits = 0

    def ask(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """As the owner."""
        with self.line.cursor() as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    def start_worker(self, place: int) -> subprocess.Popen[bytes]:
        """A worker as the product starts it."""
        own = {"SERVICEDESK_EMBEDDED": "true", "SERVICEDESK_SERVERS": NAME}
        log = ROOT / "var" / "faults" / f"clocks-worker-{place}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as out:
            return subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "servicedesk", "worker", "--concurrency", "1", *celery.WORKER_OPTIONS],
                cwd=ROOT, env=plain_environment(**self.servers.addresses() | own), stdout=out, stderr=out, start_new_session=True,
            )  # fmt: skip

    def look(self) -> None:
        """Note how late each warning is that was not there at the last look."""
        now = datetime.now(UTC)
        for clock, due_at in self.ask(LEFT):
            self.seen.setdefault(clock, (now - due_at).total_seconds())

    def open_transactions(self) -> int:
        """Ticks that are at work just now: they hold the ticks' lock."""
        ((n,),) = self.ask("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 5271 AND granted")
        return int(n)

    def kill(self, workers: list[subprocess.Popen[bytes]]) -> None:
        """Kill a worker as soon as it ticks (or after six seconds), empty Redis every third time, start the worker again."""
        place = self.chance.randrange(len(workers))
        deadline = time.monotonic() + 6
        while not (at_work := self.open_transactions()) and time.monotonic() < deadline:
            time.sleep(0.002)
        if at_work:
            for worker in workers:  # whichever of them ticks
                os.killpg(worker.pid, signal.SIGKILL)
        else:
            os.killpg(workers[place].pid, signal.SIGKILL)
        self.kills += 1
        self.hits += bool(at_work)
        if self.kills % 3 == 0:
            redis.Redis(unix_socket_path=str(self.servers.sockets / "redis.sock")).flushall()
        before = len(self.seen)
        self.look()
        record(
            "clocks",
            {
                "at": datetime.now(UTC).isoformat(timespec="seconds"), "point": "tick" if at_work else "between",
                "flushed": self.kills % 3 == 0, "left_before": before, "left_after": len(self.seen),
            },
        )  # fmt: skip
        for index, worker in enumerate(workers):
            if at_work or index == place:
                worker.wait()
                workers[index] = self.start_worker(index)

    def run(self) -> int:
        """Fill, run, kill, count; the exit status."""
        begin = datetime.now(UTC) + timedelta(seconds=60)
        self.ask(EMPTY)
        self.ask(FILL, begin, self.minutes, self.due)
        workers = [self.start_worker(place) for place in range(2)]
        end = time.monotonic() + 60 + self.minutes * 60 + 60
        next_kill = time.monotonic() + 75
        try:
            while time.monotonic() < end and len(self.seen) < self.due:
                self.look()
                if time.monotonic() > next_kill:
                    self.kill(workers)
                    next_kill = time.monotonic() + self.chance.uniform(15, 30)
                time.sleep(0.5)
            self.look()
        finally:
            for worker in workers:
                os.killpg(worker.pid, signal.SIGKILL)
                worker.wait()
        return self.tell()

    def tell(self) -> int:
        """The last lines."""
        late = sorted(self.seen.values())
        p99 = late[max(0, len(late) * 99 // 100 - 1)] if late else float("inf")
        ((double,),) = self.ask(TWICE)
        lost = self.due - len(self.seen)
        print(f"kills={self.kills} hit_open_transaction={self.hits} latest_s={late[-1] if late else 0:.1f}")
        print(f"due={self.due} lost={lost} double={int(double)} p99_s={p99:.1f}")
        return int(bool(lost or double or p99 > LATEST or self.hits * 2 < self.kills))


def main() -> int:
    """Servers of its own, which are stopped and forgotten at the end."""
    due, minutes, seed = (
        int(os.environ.get(name, usual)) for name, usual in (("DUE", 10_000), ("MINUTES", 5), ("SEED", 1))
    )
    forget(NAME)
    Path(ROOT / "var" / "faults" / "clocks.jsonl").unlink(missing_ok=True)
    try:
        with embedded.hold(NAME) as hold:
            print(f"· {due} tickets of 40 dealers", flush=True)
            for command in (["migrate"], ["seed_load", "--tickets", str(due)]):
                done = manage(*command, SERVICEDESK_SERVERS=NAME)
                if done.returncode:
                    print(done.stdout[-2000:] + done.stderr[-2000:])
                    return 2
            print(f"· due within {minutes} minutes, seed {seed}", flush=True)
            return Trial(hold.servers, due, minutes, seed).run()
    finally:
        embedded.stop(embedded.server_set(NAME))
        forget(NAME)


if __name__ == "__main__":
    sys.exit(main())
