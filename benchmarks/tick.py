"""Row `tick`: one look of the tick over 100,000 open clocks, a hundred of which are due (reliability.md 5).

Each ticket of the place gets a clock that runs; before each measured tick a hundred of them, of all dealers, are made due. The tick is the
product's own, with every ringer, in a process of its own: `python -m benchmarks.tick` prints its times. What it wrote is taken away.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

from benchmarks.http import Row, p95, row
from benchmarks.places import MAIN, Place
from servicedesk import embedded

TURNS, DUE = 20, 100
GOAL = 1.0
CLEAR = [
    "DELETE FROM tickets_clockring WHERE clock_id IN (SELECT id FROM tickets_clock WHERE public_id LIKE 'bt%')",
    "DELETE FROM tickets_clock WHERE public_id LIKE 'bt%'",
    "DELETE FROM notices_delivery WHERE kind LIKE 'clock_solve%'",
    "DELETE FROM notices_notice WHERE kind LIKE 'clock_solve%'",
]
FILL = """
INSERT INTO tickets_clock (public_id, version, created_at, updated_at, dealer_id, manufacturer_id, office_id, shared_with_maker, ticket_id,
    round, kind, state, bucket, started_at, allow_minutes, rung, turn, ring_at, due_at, ended, late_reason)
SELECT 'bt' || lpad(t.id::text, 10, '0'), 1, now(), now(), t.dealer_id, t.manufacturer_id, t.office_id, t.shared_with_maker, t.id, 99,
    'solve', 'running', '', now(), 2880, 0, 1, now() + interval '1 day', now() + interval '2 days', '', '' FROM tickets_ticket t
"""
MAKE_DUE = """
UPDATE tickets_clock SET started_at = now() - interval '25 hours', ring_at = now() WHERE id IN (
    SELECT id FROM tickets_clock WHERE public_id LIKE 'bt%%' AND rung = 0 ORDER BY md5(public_id) LIMIT %s)
"""


def measure() -> list[Row]:
    """The 95th percentile of a tick with a hundred warnings, and of one that finds nothing; seconds."""
    place = Place(MAIN)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "benchmarks.tick"], env={**os.environ, **place.environment}, cwd=embedded.ROOT,
        check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    times = json.loads(done.stdout.splitlines()[-1])
    return [
        row("tick", p95(times["due"]), f"s, {times['clocks']} clocks, {DUE} due", GOAL),
        row("tick_quiet", p95(times["quiet"]), "s, nothing due", GOAL / 2),
    ]


def main() -> None:
    """Fill, tick, clear, print the times."""
    import django
    import psycopg2

    django.setup()
    from django.utils import timezone

    from core.tick import tick

    line = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    line.autocommit = True
    with line.cursor() as owner:

        def clear() -> None:
            for statement in CLEAR:
                owner.execute(statement)

        def once() -> float:
            begin = time.perf_counter()
            if not tick(timezone.now()):
                raise AssertionError("another tick is at work")
            return time.perf_counter() - begin

        clear()
        try:
            owner.execute(FILL)
            clocks = owner.rowcount
            owner.execute("VACUUM ANALYZE tickets_clock")
            once()  # what is due once a day or an hour
            quiet = [once() for _turn in range(TURNS)]
            due = []
            for _turn in range(TURNS):
                owner.execute(MAKE_DUE, [DUE])
                due.append(once())
            owner.execute(
                "SELECT count(*) FROM tickets_clockring r JOIN tickets_clock c ON c.id = r.clock_id WHERE c.round = 99"
            )
            ((rung,),) = owner.fetchall()
            if rung != TURNS * DUE:
                raise AssertionError(f"{rung} warnings of {TURNS * DUE}")
        finally:
            clear()
    print(json.dumps({"clocks": clocks, "due": due, "quiet": quiet}))


if __name__ == "__main__":
    main()
