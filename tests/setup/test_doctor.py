"""`manage.py doctor` finds what is wrong on real servers, says what to do, and lives through everything that is down."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg2
import pytest

from servicedesk import archive, doctor, embedded
from tests.setup.conftest import ROOT, forget, manage, plain_environment, wait_for

pytestmark = [pytest.mark.servers, pytest.mark.slow]

NAME = "trial-doctor"


class Installation:
    """A production-like environment on servers of the test's own."""

    def __init__(self, servers: embedded.ServerSet, scratch: Path) -> None:
        self.servers, self.scratch = servers, scratch
        self.environment = servers.addresses() | {
            "SECRET_KEY": "".join(chr(33 + number) for number in range(60)).replace("'", "x"),
            "SERVICEDESK_SITE_URL": "https://service.example.com",
            "SERVICEDESK_PROXIES": "1",
            "SERVICEDESK_FILES_FOLDER": str(scratch / "files"),
            "SERVICEDESK_BACKUP_FOLDER": str(scratch / "backups"),
        }

    def look(self, language: str = "en", **changes: str) -> tuple[int, dict[str, str]]:
        """Exit code, and each check's line by its name."""
        done = manage("doctor", "--language", language, **(self.environment | changes))
        assert done.stderr == "", done.stderr
        lines = done.stdout.splitlines()
        assert len(lines) == len(doctor.CHECKS) + 1
        found = {}
        for line in lines[:-1]:
            level, rest = line.split("  ", 1)
            name, text = rest.split(": ", 1)
            found[name] = f"{level}: {text}"
        return done.returncode, found

    def as_owner(self, statement: str) -> None:
        session = psycopg2.connect(dbname=embedded.DATABASE, user=embedded.OWNER, host=str(self.servers.sockets))
        session.autocommit = True
        with session.cursor() as cursor:
            cursor.execute(statement)
        session.close()


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Migrated, backed up, with a worker that runs."""
    forget(NAME)
    scratch = tmp_path_factory.mktemp("doctor")
    with embedded.hold(NAME) as hold:
        here = Installation(hold.servers, scratch)
        for words in (["migrate", "-v0"], ["backup"]):
            done = manage(*words, **here.environment)
            assert done.returncode == 0, done.stderr
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "servicedesk",
            "worker",
            "--concurrency",
            "1",
            "--without-gossip",
            "--without-mingle",
        ]
        with open(scratch / "worker.log", "w") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=plain_environment(**here.environment, TMPDIR=str(scratch)), stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        try:
            wait_for(lambda: here.look()[0] == 0, 90, "a healthy installation")
            yield here
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def test_a_sound_installation_has_no_finding(installation):
    code, found = installation.look()
    assert code == 0
    year = found.pop("Public holidays")  # in November somebody has to enter the next one
    assert year.startswith(("ok:", "warning:")), year
    assert {line.split(":")[0] for name, line in found.items() if name != "Disk space"} == {"ok"}, found


def test_it_speaks_the_language_of_the_portal(installation):
    done = manage("doctor", **installation.environment)
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == len(doctor.CHECKS) + 1


def test_a_postgresql_that_is_away_is_a_finding(installation):
    away = {name: installation.environment[name].replace(str(installation.servers.sockets), "/nowhere") for name in ("DATABASE_URL", "DATABASE_OWNER_URL")}  # fmt: skip
    code, found = installation.look(**away)
    assert code == 1
    assert found["Database, application's user"].startswith("fault: PostgreSQL does not answer: ")
    assert "correct DATABASE_URL" in found["Database, application's user"]
    assert "correct DATABASE_OWNER_URL" in found["Database, owner"]
    for name in ("Isolation", "Migrations", "Clock", "Worker"):
        assert found[name] == "warning: could not be looked at: PostgreSQL does not answer"
    assert found["Redis"] == "ok: answers"


def test_a_redis_that_is_away_is_a_finding(installation):
    code, found = installation.look(REDIS_URL="unix:///nowhere/redis.sock?db=0")
    assert code == 1
    assert found["Redis"].startswith("fault: does not answer")
    assert found["Tick"].startswith("warning: ")
    assert found["Worker"].startswith("warning: ")


def test_an_open_table_is_a_fault(installation):
    installation.as_owner("ALTER TABLE tickets_ticket DISABLE ROW LEVEL SECURITY")
    try:
        code, found = installation.look()
    finally:
        installation.as_owner("ALTER TABLE tickets_ticket ENABLE ROW LEVEL SECURITY")
    assert (code, found["Isolation"].split(" → ")[0]) == (1, "fault: tables that are not under their policies (1): tickets_ticket")  # fmt: skip
    installation.as_owner("CREATE TABLE forgotten (id int); GRANT SELECT ON forgotten TO app_dealer")
    try:
        _code, found = installation.look()
    finally:
        installation.as_owner("DROP TABLE forgotten")
    assert "forgotten" in found["Isolation"]


def test_a_pending_migration_is_a_fault(installation):
    installation.as_owner("UPDATE django_migrations SET app = 'gone' WHERE app = 'notices' AND name LIKE '0001%'")
    try:
        code, found = installation.look()
    finally:
        installation.as_owner("UPDATE django_migrations SET app = 'notices' WHERE app = 'gone'")
    assert code == 1
    assert found["Migrations"].startswith("fault: pending (1): notices.0001")
    assert found["Migrations"].endswith("Run manage.py migrate.")


@pytest.mark.parametrize(
    ("change", "name", "line"),
    [
        ({"SECRET_KEY": "abc" * 20}, "SECRET_KEY", "fault: is weak"),
        (
            {"ALLOWED_HOSTS": "other.example.com"},
            "Address",
            "fault: https://service.example.com is not among ALLOWED_HOSTS",
        ),
        ({"ALLOWED_HOSTS": "*"}, "Address", "warning: ALLOWED_HOSTS lets every host name in"),
        ({"DEBUG": "true"}, "Address", "fault: DEBUG shows source code"),
        ({"SERVICEDESK_PROXIES": "0"}, "Address", "warning: https is wanted, but no proxy is believed"),
        ({"SERVICEDESK_FILES_FOLDER": "/proc/none"}, "Files", "fault: nothing can be stored: "),
        ({"SERVICEDESK_BACKUP_FOLDER": "/nowhere"}, "Backup", "fault: there is none in /nowhere"),
        ({"DATABASE_OWNER_URL": ""}, "Database, owner", "warning: DATABASE_OWNER_URL is not set here"),
    ],
)
def test_each_mistake_of_the_configuration_has_its_line(installation, change, name, line):
    code, found = installation.look(**change)
    assert found[name].startswith(line), found[name]
    assert code == (1 if line.startswith("fault") else 0)


@pytest.mark.parametrize(("days", "level"), [(1.0, "ok"), (2, "warning"), (9, "fault")])
def test_a_backup_grows_old(installation, tmp_path, days, level):
    (made,) = archive.archives(installation.scratch / "backups")
    facts = json.loads((made / "manifest.json").read_text())
    del facts["seal"]
    facts["made_at"] = (datetime.now(UTC) - timedelta(days=days)).isoformat()
    (tmp_path / made.name).mkdir()
    (tmp_path / made.name / "manifest.json").write_text(json.dumps({**facts, "seal": archive._seal(facts)}))
    _code, found = installation.look(SERVICEDESK_BACKUP_FOLDER=str(tmp_path))
    assert found["Backup"].startswith(f"{level}: the last one is ")


def test_a_disk_without_room_is_a_fault(installation, tmp_path):
    if (
        os.geteuid() != 0
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", tmp_path], check=False).returncode
    ):
        pytest.skip("only root may mount a file system")
    try:
        _code, found = installation.look(SERVICEDESK_BACKUP_FOLDER=str(tmp_path))
    finally:
        subprocess.run(["umount", tmp_path], check=True)
    assert found["Disk space"].startswith("fault: ")


def test_the_owner_without_the_right_to_make_databases(installation):
    session = psycopg2.connect(dbname="postgres", user="postgres", host=str(installation.servers.sockets))
    session.autocommit = True
    with session.cursor() as cursor:
        cursor.execute("ALTER ROLE servicedesk_owner NOCREATEDB")
        try:
            _code, found = installation.look()
            (made,) = archive.archives(installation.scratch / "backups")
            done = manage("restore", "--check", str(made), **installation.environment)
        finally:
            cursor.execute("ALTER ROLE servicedesk_owner CREATEDB")
            session.close()
    assert found["Database, owner"].startswith("warning: servicedesk_owner may not make databases")
    assert "the owner may not make databases: run ops/roles.sql again" in done.stderr
    assert done.returncode == 1


def test_a_worker_that_is_gone_is_a_fault(installation):
    elsewhere = installation.environment["REDIS_URL"].replace("db=0", "db=9")  # where no worker gives a sign
    code, found = installation.look(REDIS_URL=elsewhere)
    assert code == 1
    assert found["Worker"].startswith("fault: has given no sign of life for a day → Start the worker")
    assert found["Tick"].startswith("fault: has given no sign of life for a day")
