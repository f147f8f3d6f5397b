"""`backup` and `restore` on real servers: what comes back is equal, what is damaged is found, a full disk leaves nothing behind."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from servicedesk import archive, embedded
from tests.setup.conftest import ROOT, forget, manage, plain_environment

pytestmark = [pytest.mark.servers, pytest.mark.slow]

NAME = "trial-keep"


def own_environment(**more: str) -> dict[str, str]:
    return {"SERVICEDESK_SERVERS": NAME, **more}


def ask(servers: embedded.ServerSet, statement: str, database: str = embedded.DATABASE) -> list[tuple[Any, ...]]:
    session = psycopg2.connect(dbname=database, user="postgres", host=str(servers.sockets))
    session.autocommit = True
    try:
        with session.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        session.close()


@pytest.fixture(scope="module")
def servers() -> Iterator[embedded.ServerSet]:
    """A migrated installation with a person and three files of its own."""
    forget(NAME)
    with embedded.hold(NAME) as hold:
        done = manage("migrate", "-v0", **own_environment())
        assert done.returncode == 0, done.stderr
        done = manage("first_admin", "--name", "张三", "--phone", "13800138000", **own_environment())
        assert done.returncode == 0, done.stderr
        files = hold.servers.folder / "files"
        for name, content in (
            ("photos/a.jpg", b"a" * 3_000_000),
            ("photos/b.jpg", b""),
            ("papers/三联单.pdf", b"%PDF"),
        ):
            (files / name).parent.mkdir(parents=True, exist_ok=True)
            (files / name).write_bytes(content)
        yield hold.servers


@pytest.fixture(scope="module")
def made(servers: embedded.ServerSet) -> Path:
    """An archive of it."""
    folder = servers.folder / "backups"
    done = manage("backup", **own_environment())
    assert done.returncode == 0, done.stderr
    (path,) = archive.archives(folder)
    assert done.stdout.startswith(f"backup: {path}: ")
    return path


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    """A copy of the archive, for a test that spoils it."""
    return Path(shutil.copytree(made, tmp_path / made.name))


def check(path: Path) -> subprocess.CompletedProcess[str]:
    return manage("restore", "--check", str(path), **own_environment())


def databases(servers: embedded.ServerSet) -> list[str]:
    return [name for (name,) in ask(servers, "SELECT datname FROM pg_database ORDER BY 1")]


def test_the_manifest_says_what_is_in_it(servers, made):
    manifest = archive.read(made)
    ((people,),) = ask(servers, "SELECT count(*) FROM partners_person")
    assert manifest.tables["partners_person"]["rows"] == people == 1
    assert manifest.rows > 10
    assert [item["name"] for item in manifest.files] == ["papers/三联单.pdf", "photos/a.jpg", "photos/b.jpg"]
    assert manifest.bytes == sum(path.stat().st_size for path in made.rglob("*") if path.is_file() and path.name != "manifest.json")  # fmt: skip
    assert ("core", "0001_initial") in manifest.migrations
    assert manifest.version == archive.version()
    assert not list(made.parent.glob(".partial-*"))
    assert made.stat().st_mode & 0o077 == 0, "an archive holds everybody's data"


def test_a_sound_archive_is_found_equal_and_the_temporary_database_goes(servers, made):
    before = databases(servers)
    done = check(made)
    manifest = archive.read(made)
    line = f"check: {len(manifest.tables)} tables, {manifest.rows} rows, 3 files equal"
    assert (done.returncode, done.stdout.strip()) == (0, line), done.stderr
    assert databases(servers) == before


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (
            lambda path: (path / "files/photos/a.jpg").write_bytes(b"b" * 3_000_000),
            "differs: files/photos/a.jpg differs",
        ),
        (lambda path: (path / "files/photos/b.jpg").unlink(), "differs: files/photos/b.jpg is missing"),
        (lambda path: os.truncate(path / "database.dump", 5_000), "differs: database.dump differs"),
    ],
)
def test_a_damaged_archive_is_found(servers, copy, spoil, words):
    spoil(copy)
    done = check(copy)
    assert done.returncode == 1
    assert words in done.stdout
    assert "cannot be relied on" in done.stderr


def test_a_changed_manifest_is_found(servers, copy):
    facts = json.loads((copy / "manifest.json").read_text())
    facts["tables"]["partners_person"]["rows"] = 2
    (copy / "manifest.json").write_text(json.dumps(facts))
    done = check(copy)
    assert (done.returncode, done.stdout) == (1, "")
    assert "manifest.json is damaged" in done.stderr
    assert "Traceback" not in done.stderr


def test_rows_that_differ_from_the_manifest_are_named(servers, copy):
    facts = json.loads((copy / "manifest.json").read_text())
    del facts["seal"]
    facts["tables"]["partners_person"]["sum"] = "1"
    facts["tables"]["core_job"]["rows"] = 7
    (copy / "manifest.json").write_text(json.dumps({**facts, "seal": archive._seal(facts)}))
    done = check(copy)
    assert done.returncode == 1
    assert "differs: table core_job: 0 rows, the manifest says 7" in done.stdout
    assert "differs: table partners_person: the rows have other contents" in done.stdout


def test_a_filled_database_is_refused(servers, made):
    done = manage("restore", str(made), **own_environment())
    assert done.returncode == 2
    assert "is not empty" in done.stderr
    assert done.stderr.count("\n") == 1


def test_what_is_no_archive_is_refused_in_one_line(servers, tmp_path):
    done = manage("restore", "--check", str(tmp_path), **own_environment())
    assert done.returncode == 1
    assert done.stderr == f"CommandError: {tmp_path} is no backup: it has no manifest.json\n"


def test_an_empty_installation_becomes_equal(servers, made):
    other = "trial-keep-again"
    forget(other)
    with embedded.hold(other) as hold:
        done = manage("restore", str(made), SERVICEDESK_SERVERS=other)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("restored: ")
        question = "SELECT public_id, name, phone FROM partners_person"
        assert ask(hold.servers, question) == ask(servers, question) != []
        assert (hold.servers.folder / "files/photos/a.jpg").read_bytes() == b"a" * 3_000_000
        policies = "SELECT tablename, policyname, roles::text, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2"
        assert ask(hold.servers, policies) == ask(servers, policies) != []
        ((owners,),) = ask(hold.servers, "SELECT count(DISTINCT tableowner) FROM pg_tables WHERE schemaname = 'public'")
        assert owners == 1
        # nothing is left to migrate, and the application works there
        assert manage("migrate", "--check", SERVICEDESK_SERVERS=other).returncode == 0
        again = manage("first_admin", "--name", "李四", "--phone", "13800138001", SERVICEDESK_SERVERS=other)
        assert again.returncode == 0, again.stderr
        assert manage("restore", str(made), SERVICEDESK_SERVERS=other).returncode == 2


def test_files_that_are_there_already_are_refused(servers, made, tmp_path):
    other = "trial-keep-files"
    forget(other)
    (tmp_path / "left.jpg").write_bytes(b"x")
    with embedded.hold(other):
        done = manage("restore", str(made), SERVICEDESK_SERVERS=other, SERVICEDESK_FILES_FOLDER=str(tmp_path))
    assert done.returncode == 2
    assert "the files folder is not empty (left.jpg" in done.stderr


def limited(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """manage.py in a process that may not write files beyond 1 MB."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))

    return subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=plain_environment(**environment), capture_output=True, text=True,
        check=False, preexec_fn=limit, timeout=120,  # one system call
    )  # fmt: skip


def test_a_restore_that_fails_half_way_leaves_all_empty(servers, made):
    other = "trial-keep-half"
    forget(other)
    with embedded.hold(other) as hold:
        done = limited("restore", str(made), SERVICEDESK_SERVERS=other)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert [path for path in (hold.servers.folder / "files").rglob("*") if path.is_file()] == []
        assert ask(hold.servers, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == []
        assert manage("restore", str(made), SERVICEDESK_SERVERS=other).returncode == 0


def test_an_archive_of_a_newer_version_is_refused(servers, copy):
    facts = json.loads((copy / "manifest.json").read_text())
    del facts["seal"]
    facts["migrations"]["core"].append("9999_to_come")
    facts["version"] = "2099.1.0"
    (copy / "manifest.json").write_text(json.dumps({**facts, "seal": archive._seal(facts)}))
    done = manage("restore", str(copy), **own_environment())
    assert done.returncode == 1
    assert "comes from a newer version (2099.1.0): core.9999_to_come is not known here" in done.stderr


def test_old_archives_go_and_a_killed_ones_rest_goes(servers, tmp_path):
    (tmp_path / ".partial-1" / "files").mkdir(parents=True)
    (tmp_path / "something-else").mkdir()
    for _ in range(3):
        done = manage("backup", "--to", str(tmp_path), "--keep", "2", **own_environment())
        assert done.returncode == 0, done.stderr
    assert len(archive.archives(tmp_path)) == 2
    assert {path.name for path in tmp_path.iterdir()} == {".lock", "something-else"} | {p.name for p in archive.archives(tmp_path)}  # fmt: skip
    newest = archive.latest(tmp_path)
    assert newest is not None
    assert newest.path == archive.archives(tmp_path)[-1]


def test_two_at_once_are_not_written_into_one_folder(servers, tmp_path):
    with archive._turn(tmp_path):
        done = manage("backup", "--to", str(tmp_path), **own_environment())
    assert (done.returncode, done.stderr) == (1, f"CommandError: another backup is just being written to {tmp_path}\n")


def test_a_file_size_limit_leaves_no_half_backup(servers, tmp_path):
    done = limited("backup", "--to", str(tmp_path), **own_environment())
    assert done.returncode == 1
    assert f"CommandError: no space left in {tmp_path}: nothing was kept of this backup\n" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of 1 MB."""
    folder = Path(tempfile.mkdtemp(prefix="small-disk-"))
    words = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(words, capture_output=True, check=False).returncode:
        folder.rmdir()
        pytest.skip("only root may mount a file system; the limit of file sizes is tried by the test before")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
    folder.rmdir()


def test_a_full_disk_leaves_no_half_backup(servers, small_disk):
    done = manage("backup", "--to", str(small_disk), **own_environment())
    assert done.returncode == 1
    assert f"no space left in {small_disk}" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in small_disk.iterdir()] == [".lock"]


def test_without_the_owner_it_says_so():
    done = manage(
        "backup", SECRET_KEY="k" * 60, DATABASE_URL="postgresql://servicedesk_app:x@db.example/servicedesk",
        REDIS_URL="redis://redis.example/0", SERVICEDESK_SITE_URL="https://service.example.com",
        SERVICEDESK_BACKUP_FOLDER=tempfile.gettempdir(),
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("CommandError: DATABASE_OWNER_URL is not set")


def test_an_unreachable_postgresql_is_one_line(servers, tmp_path):
    address = "postgresql://servicedesk_{}@/servicedesk?host=/nowhere"
    done = manage(
        "backup", "--to", str(tmp_path), SECRET_KEY="k" * 60, DATABASE_URL=address.format("app"), DATABASE_OWNER_URL=address.format("owner"),
        REDIS_URL="redis://redis.example/0", SERVICEDESK_SITE_URL="https://service.example.com",
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("CommandError: PostgreSQL: ")
    assert done.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]
