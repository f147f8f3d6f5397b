"""The databases of the benchmarks, one for each number of tickets, side by side on the bench servers (docs/performance.md)."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from dataclasses import dataclass

from servicedesk import embedded

#: tickets: rough seconds of filling on two quiet cores, to say before it begins
SIZES = {10_000: 15, 100_000: 80, 1_000_000: 600}
SMALL, MAIN, LARGE = 10_000, 100_000, 1_000_000
OPEN = 5_000  # most rows are measured here; open tickets of its biggest dealer, for the row `board`

#: the state of the load that fills them
LOAD = hashlib.sha256((embedded.ROOT / "servicedesk" / "demo" / "load.py").read_bytes()).hexdigest()[:16]

FLOOR_TABLES = f"""
CREATE TABLE IF NOT EXISTS floor_report (id bigserial PRIMARY KEY, phone text NOT NULL, fault text NOT NULL, urgency text NOT NULL,
    reported_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE IF NOT EXISTS floor_note (id bigserial PRIMARY KEY, report_id bigint NOT NULL REFERENCES floor_report, text text NOT NULL);
CREATE INDEX IF NOT EXISTS floor_note_report ON floor_note (report_id);
ALTER TABLE floor_report OWNER TO {embedded.OWNER};
ALTER TABLE floor_note OWNER TO {embedded.OWNER};
"""


@dataclass(frozen=True)
class Place:
    """A database with so many tickets, and the Redis number of its pages."""

    tickets: int

    @property
    def database(self) -> str:
        """Its name on the bench servers."""
        return f"bench_{self.tickets}"

    @property
    def environment(self) -> dict[str, str]:
        """What the product's settings read, for a process that works in this place."""
        given = embedded.server_set().addresses()
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
            given[name] = given[name].replace(f"/{embedded.DATABASE}?", f"/{self.database}?")
        number = 1 + sorted({*SIZES, self.tickets}).index(self.tickets)
        given["REDIS_URL"] = given["REDIS_URL"].replace("db=0", f"db={number}")
        return {**given, "SERVICEDESK_EMBEDDED": "true", "DJANGO_SETTINGS_MODULE": "servicedesk.settings"}

    def manage(self, *words: str) -> None:
        """Run a command of manage.py in this place; its output is shown."""
        command = [sys.executable, "-W", "ignore", "manage.py", *words]
        subprocess.run(command, env={**os.environ, **self.environment}, cwd=embedded.ROOT, check=True)

    def fill(self) -> None:
        """Make, migrate and fill the database, or go on where a stopped run was; a filled one costs a second or two.

        One that another state of the load has filled is thrown away: its rows lack what pages show by now.
        """
        if _written_by(self) not in ("", LOAD):
            print(f"{self.database} was filled by another state of the load: dropped", flush=True)
            _psql("postgres", f"DROP DATABASE {self.database} WITH (FORCE)")
        _prepare(self)
        self.manage("migrate", "--verbosity", "0", "--no-input")
        have = int(_psql(self.database, "SELECT count(*) FROM tickets_ticket") or 0)
        rests = _psql(self.database, "SELECT to_regclass('load_index') IS NOT NULL") == "t"
        if have >= self.tickets and not rests:
            return
        print(
            f"filling {self.database} ({have} there), about {SIZES.get(self.tickets, self.tickets // 1500)} s",
            flush=True,
        )
        begun = time.monotonic()
        more = ("--open", str(OPEN)) if self.tickets == MAIN else ()
        self.manage("seed_load", "--tickets", str(self.tickets), *more)
        size = _psql("postgres", f"SELECT pg_size_pretty(pg_database_size('{self.database}'))")
        print(f"{self.database}: {time.monotonic() - begun:.0f} s, {size}", flush=True)


def _prepare(place: Place) -> None:
    """The empty database of the owner; on these servers alone the owner may let all triggers rest, and the log may grow before a checkpoint."""
    if not _psql("postgres", f"SELECT 1 FROM pg_database WHERE datname = '{place.database}'"):  # noqa: S608  # a name of ours
        _psql("postgres", f"CREATE DATABASE {place.database} OWNER {embedded.OWNER}")
        _psql("postgres", f"COMMENT ON DATABASE {place.database} IS '{LOAD}'")
    _psql(place.database, FLOOR_TABLES)
    _psql("postgres", f"GRANT SET ON PARAMETER session_replication_role TO {embedded.OWNER}")
    if _psql("postgres", "SHOW max_wal_size") != "8GB":
        _psql("postgres", "ALTER SYSTEM SET max_wal_size = '8GB'")
        _psql("postgres", "SELECT pg_reload_conf()")


def _written_by(place: Place) -> str:
    """Which state of the load filled the database, "" when there is none."""
    statement = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = "
    return _psql("postgres", f"{statement}'{place.database}'")  # a name of ours


def _psql(database: str, statement: str) -> str:
    """One statement as the servers' superuser; the embedded servers trust their private socket."""
    import psycopg2

    line = psycopg2.connect(dbname=database, user="postgres", host=str(embedded.server_set().sockets))
    try:
        line.autocommit = True
        with line.cursor() as cursor:
            cursor.execute(statement)
            row = cursor.fetchone() if cursor.description else None
            return (
                ""
                if row is None
                else {True: "t", False: "f"}.get(row[0], str(row[0]))
                if isinstance(row[0], bool)
                else str(row[0])
            )
    finally:
        line.close()
