"""Backups: database and uploaded files together in one archive folder, and the way back (reliability.md 10).

    servicedesk-20261127T081500Z/
        manifest.json    version, migrations, rows and checksum of every table, SHA-256 and size of the dump and of every file
        database.dump    pg_dump's custom format, made by the owner
        files/…          the uploaded files under their own names

The figures of the manifest and the dump come from one snapshot of the database; files are read after it, so that every file a row
names is among them. An archive is written as `.partial-…` and gets its name when it is whole and on the disk.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import IO, Any

import psycopg2
from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, default_storage
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from psycopg2 import sql
from psycopg2.extensions import make_dsn

from servicedesk import embedded

FORMAT = 1
MANIFEST, DUMP, FILES = "manifest.json", "database.dump", "files"
PARTIAL = ".partial-"
NAME = re.compile(r"servicedesk-\d{8}T\d{6}Z(-\d+)?")
BLOCK = 1 << 20
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
TELL_PAUSE = 2.0  # seconds between two lines of progress

# How PostgreSQL writes a row as text must not depend on a session's settings: the checksum is made of it.
_AS_TEXT = (
    "SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET IntervalStyle = 'iso_8601'; SET bytea_output = 'hex';"
    " SET extra_float_digits = 1; SET statement_timeout = 0; SET lock_timeout = 0"
)

Tell = Callable[[str], None]
Session = Any  # psycopg2 has no types


class Unusable(Exception):
    """It cannot be done; the text is one line for a person."""


class NotEmpty(Unusable):
    """Somebody's data stand where the archive should go."""


class Damaged(Unusable):
    """The archive is not what was once written."""


@dataclass(frozen=True)
class Manifest:
    """What an archive says about itself."""

    path: Path
    facts: dict[str, Any]  # Any: JSON

    @property
    def made_at(self) -> datetime:
        return datetime.fromisoformat(self.facts["made_at"])

    @property
    def version(self) -> str:
        return str(self.facts["version"])

    @property
    def migrations(self) -> frozenset[tuple[str, str]]:
        return frozenset((app, name) for app, names in self.facts["migrations"].items() for name in names)

    @property
    def tables(self) -> dict[str, dict[str, Any]]:
        return dict(self.facts["tables"])

    @property
    def files(self) -> list[dict[str, Any]]:
        return list(self.facts["files"])

    @property
    def rows(self) -> int:
        return sum(int(table["rows"]) for table in self.tables.values())

    @property
    def bytes(self) -> int:
        """Of dump and files together."""
        return int(self.facts["bytes"])

    def age(self, now: datetime) -> timedelta:
        return now - self.made_at


def version() -> str:
    """The product's version, as pyproject.toml says."""
    with open(settings.BASE_DIR / "pyproject.toml", "rb") as file:
        return str(tomllib.load(file)["project"]["version"])


# ── looking ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def archives(folder: Path) -> list[Path]:
    """Whole archives in the folder, oldest first."""
    with contextlib.suppress(OSError):
        return sorted(path for path in folder.iterdir() if NAME.fullmatch(path.name) and (path / MANIFEST).is_file())
    return []


def latest(folder: Path) -> Manifest | None:
    """The newest archive whose manifest can be read; None when there is none."""
    for path in reversed(archives(folder)):
        with contextlib.suppress(Damaged, OSError):
            return _read_once(path, (path / MANIFEST).stat().st_mtime_ns)
    return None


@lru_cache(maxsize=4)
def _read_once(path: Path, changed: int) -> Manifest:
    return read(path)


def read(path: Path) -> Manifest:
    """The manifest of an archive, named by its folder or by the manifest itself. Errors: Unusable, Damaged."""
    if path.name == MANIFEST:
        path = path.parent
    try:
        facts = json.loads((path / MANIFEST).read_bytes())
        seal = facts.pop("seal")
    except FileNotFoundError:
        raise Unusable(f"{path} is no backup: it has no {MANIFEST}") from None
    except (ValueError, KeyError, AttributeError):
        raise Damaged(f"{path / MANIFEST} is damaged") from None
    if seal != _seal(facts):
        raise Damaged(f"{path / MANIFEST} is damaged: it is not what was written")
    if facts["format"] != FORMAT:
        raise Unusable(f"{path} has format {facts['format']}, this version reads format {FORMAT}")
    return Manifest(path, facts)


def _seal(facts: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def damages(manifest: Manifest, tell: Tell = lambda line: None) -> list[str]:
    """What is not as the manifest says, one line each: the dump and every file, read and hashed. Errors: OSError."""
    found = []
    wanted = [{**manifest.facts["database"], "name": DUMP}]
    wanted += [{**item, "name": f"{FILES}/{item['name']}"} for item in manifest.files]
    progress = Progress(tell, "checksums", len(wanted))
    for item in wanted:
        try:
            with open(manifest.path / item["name"], "rb") as file:
                digest, size = _digest(file)
        except FileNotFoundError:
            found.append(f"{item['name']} is missing")
        else:
            if (digest, size) != (item["sha256"], item["bytes"]):
                found.append(f"{item['name']} differs")
        progress.one_more()
    return found


# ── backup ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def make(folder: Path, *, keep: int = 0, now: datetime | None = None, tell: Tell = lambda line: None) -> Manifest:
    """Write an archive below `folder`, and remove the oldest so that `keep` remain (0 = all remain).

    Errors: Unusable with one line; nothing half written is left behind.
    """
    now = now or timezone.now()
    began = time.monotonic()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _turn(folder):
            draft = folder / f"{PARTIAL}{os.getpid()}"
            try:
                draft.mkdir(mode=0o700)
                facts = _write(draft, now, began, tell)
                final = _name(folder, now)
                draft.rename(final)
                _flush(folder)
            except BaseException:
                shutil.rmtree(draft, ignore_errors=True)
                raise
            _forget_old(folder, keep, tell)
    except OSError as problem:
        if problem.errno in FULL:
            raise Unusable(f"no space left in {folder}: nothing was kept of this backup") from None
        raise Unusable(f"{problem.filename or folder}: {problem.strerror or problem}") from None
    except psycopg2.Error as problem:
        raise Unusable(f"PostgreSQL: {_first_line(problem)}") from None
    return Manifest(final, facts)


def _write(draft: Path, now: datetime, began: float, tell: Tell) -> dict[str, Any]:
    with contextlib.closing(owner_session()) as session:
        session.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with session.cursor() as cursor:
            cursor.execute(_AS_TEXT)
            cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version')")
            snapshot, server = cursor.fetchone() or ("", "")
            cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, id")
            migrations: dict[str, list[str]] = {}
            for app, name in cursor.fetchall():
                migrations.setdefault(app, []).append(name)
            database = _dump(draft / DUMP, snapshot, tell)
            tables = _figures(cursor, tell)
        session.rollback()
    files = _copy_files(draft / FILES, tell)
    facts = {
        "format": FORMAT,
        "product": "servicedesk",
        "version": version(),
        "made_at": now.isoformat(),
        "postgresql": server,
        "migrations": migrations,
        "tables": tables,
        "database": database,
        "files": files,
        "bytes": database["bytes"] + sum(item["bytes"] for item in files),
        "seconds": round(time.monotonic() - began, 1),
    }
    text = json.dumps({**facts, "seal": _seal(facts)}, ensure_ascii=False, indent=1)
    with open(draft / MANIFEST, "w") as file:
        file.write(text)
        _sync(file)
    for below in (path for path in draft.rglob("*") if path.is_dir()):
        _flush(below)
    _flush(draft)
    return facts


def _dump(target: Path, snapshot: str, tell: Tell) -> dict[str, Any]:
    """pg_dump's output goes through us: hashed on its way, and a full disk is ours to report."""
    dsn, environment = _for_programs(_owner())
    command: list[str | Path] = [
        _program("pg_dump"),
        "--format=custom",
        "--no-password",
        f"--snapshot={snapshot}",
        f"--dbname={dsn}",
    ]
    with open(target, "wb") as file, tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=complaints)
        assert process.stdout is not None
        try:
            progress = Progress(tell, "database, MB")
            digest, size = _digest(process.stdout, file, lambda n: progress.so_far(n >> 20))
            code = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            process.stdout.close()
        _sync(file)
        if code:
            raise Unusable(f"pg_dump: {_complaint(complaints, code)}")
    return {"name": DUMP, "sha256": digest, "bytes": size}


def _figures(cursor: Any, tell: Tell) -> dict[str, dict[str, Any]]:
    """Rows and checksum of every table. The checksum does not depend on the order of rows: a sum of 60 bits of each row's MD5."""
    names = _table_names(cursor)
    progress = Progress(tell, "tables", len(names))
    found = {}
    for name in names:
        cursor.execute(
            sql.SQL(
                "SELECT count(*), coalesce(sum(('x' || left(md5(whole_row_::text), 15))::bit(60)::bigint), 0)::text FROM {} AS whole_row_"
            ).format(sql.Identifier("public", name))
        )
        rows, checksum = cursor.fetchone()
        found[name] = {"rows": rows, "sum": checksum}
        progress.one_more()
    return found


def _table_names(cursor: Any) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return [name for (name,) in cursor.fetchall()]


def _copy_files(target: Path, tell: Tell) -> list[dict[str, Any]]:
    target.mkdir(mode=0o700)
    progress = Progress(tell, "files")
    found = []
    for name in stored_names(default_storage):
        place = target / name
        try:
            source = default_storage.open(name, "rb")
        except FileNotFoundError:
            continue  # removed since the names were read; no row of the snapshot needs a file that was given up
        with source:
            place.parent.mkdir(parents=True, exist_ok=True)
            with open(place, "wb") as file:
                digest, size = _digest(source, file)
                _sync(file)
        found.append({"name": name, "sha256": digest, "bytes": size})
        progress.one_more()
    return sorted(found, key=lambda item: str(item["name"]))


def stored_names(storage: Storage, below: str = "") -> Iterator[str]:
    """The names of all files in a storage. Errors: Unusable for a name that leads out of it."""
    try:
        folders, files = storage.listdir(below)
    except FileNotFoundError:
        return
    for name in sorted(files):
        full = f"{below}/{name}" if below else name
        if not _is_plain(full):
            raise Unusable(f"the stored file {full!r} has a name that no archive can hold")
        yield full
    for name in sorted(folders):
        yield from stored_names(storage, f"{below}/{name}" if below else name)


def _is_plain(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts


@contextlib.contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """One backup at a time in a folder; what a killed one left behind is removed."""
    lock = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unusable(f"another backup is just being written to {folder}") from None
        for left in folder.glob(f"{PARTIAL}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield
    finally:
        os.close(lock)


def _name(folder: Path, now: datetime) -> Path:
    name = f"servicedesk-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    places = [folder / name, *(folder / f"{name}-{number}" for number in range(2, 100))]
    return next(place for place in places if not place.exists())


def _forget_old(folder: Path, keep: int, tell: Tell) -> None:
    if not keep:
        return
    for old in archives(folder)[:-keep]:
        going = folder / f"{PARTIAL}{old.name}"
        old.rename(going)  # half removed it must not look whole
        shutil.rmtree(going)
        tell(f"removed {old.name}")


# ── restore ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def restore(path: Path, *, tell: Tell = lambda line: None) -> Manifest:
    """Put an archive into the empty database and the empty storage of this installation.

    Everything is hashed before anything is written, and compared afterwards; when it fails half way, all is empty again. Errors: NotEmpty,
    Damaged, Unusable.
    """
    manifest = read(path)
    unknown = manifest.migrations - frozenset(MigrationLoader(None).disk_migrations)
    if unknown:
        app, name = min(unknown)
        raise Unusable(
            f"{manifest.path.name} comes from a newer version ({manifest.version}): {app}.{name} is not known here"
        )
    try:
        _require_empty()
        if problems := damages(manifest, tell):
            raise Damaged(f"{manifest.path} is damaged, nothing was restored: {_some(problems)}")
        _bring_all(manifest, tell)
        with contextlib.closing(owner_session()) as session, session.cursor() as cursor:
            if different := _differences(manifest, cursor, tell):
                raise Damaged(f"restored, but not equal: {_some(different)}")
            session.commit()
            session.autocommit = True
            cursor.execute("ANALYZE")
    except OSError as problem:
        raise Unusable(f"{problem.filename or manifest.path}: {problem.strerror or problem}") from None
    except psycopg2.Error as problem:
        raise Unusable(f"PostgreSQL: {_first_line(problem)}") from None
    return manifest


def check(path: Path, *, tell: Tell = lambda line: None) -> tuple[Manifest, list[str]]:
    """Restore an archive into a temporary database and folder, compare, and remove both.

    Returns the manifest and what differs, one line each. Errors: Damaged (no manifest to compare with), Unusable.
    """
    manifest = read(path)
    try:
        different = damages(manifest, tell)
        if any(line.startswith(DUMP) for line in different):
            return manifest, different
        with _temporary_database() as place, tempfile.TemporaryDirectory(prefix="servicedesk-check-") as scratch:
            _load(manifest, place, tell)
            with contextlib.closing(_session(place)) as session, session.cursor() as cursor:
                different += _differences(manifest, cursor, tell)
            if not different:
                storage = FileSystemStorage(location=scratch)
                _bring_files(manifest, storage, tell)
                names = list(stored_names(storage))
                if len(names) != len(manifest.files):
                    different.append(f"{len(names)} files were restored, {len(manifest.files)} are in the manifest")
    except OSError as problem:
        raise Unusable(f"{problem.filename or manifest.path}: {problem.strerror or problem}") from None
    except psycopg2.Error as problem:
        raise Unusable(f"PostgreSQL: {_first_line(problem)}") from None
    return manifest, different


def _require_empty() -> None:
    with contextlib.closing(owner_session()) as session, session.cursor() as cursor:
        names = _table_names(cursor)
        rows = 0
        for name in names:
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("public", name)))
            rows += (cursor.fetchone() or (0,))[0]
    if names:
        raise NotEmpty(
            f"the database {_owner()['dbname']} is not empty ({len(names)} tables, {rows} rows): restore goes into an empty"
            " one only, before `migrate` (docs/set-up.md)"
        )
    first = next(stored_names(default_storage), "")
    if first:
        raise NotEmpty(f"the files folder is not empty ({first}, …): restore goes into an empty one only")


def _bring_all(manifest: Manifest, tell: Tell) -> None:
    """Files first: the database comes in one transaction, so that nothing can go wrong after it."""
    try:
        _bring_files(manifest, default_storage, tell)
        _load(manifest, _owner(), tell)
    except BaseException:
        for item in manifest.files:
            with contextlib.suppress(OSError):
                default_storage.delete(item["name"])
        raise


def _load(manifest: Manifest, place: dict[str, str], tell: Tell) -> None:
    """pg_restore in one transaction: all or nothing. What is restored belongs to the owner who restores."""
    dsn, environment = _for_programs(place)
    command: list[str | Path] = [
        _program("pg_restore"), "--exit-on-error", "--single-transaction", "--no-owner", "--no-password", f"--dbname={dsn}",
        manifest.path / DUMP,
    ]  # fmt: skip
    tell(f"database: {manifest.facts['database']['bytes'] >> 20} MB")
    with tempfile.TemporaryFile() as complaints:
        code = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, stderr=complaints, check=False
        ).returncode
        if code:
            raise Unusable(f"pg_restore: {_complaint(complaints, code)}")


def _bring_files(manifest: Manifest, storage: Storage, tell: Tell) -> None:
    progress = Progress(tell, "files", len(manifest.files))
    for item in manifest.files:
        if not _is_plain(item["name"]):
            raise Damaged(f"{MANIFEST} names a file outside of the archive: {item['name']!r}")
        with open(manifest.path / FILES / item["name"], "rb") as file:
            kept = storage.save(item["name"], File(file))
        with storage.open(kept, "rb") as written:
            if kept != item["name"] or _digest(written)[0] != item["sha256"]:
                raise Damaged(f"{item['name']} did not arrive as it is in the archive")
        progress.one_more()


def _differences(manifest: Manifest, cursor: Any, tell: Tell) -> list[str]:
    cursor.execute(_AS_TEXT)
    here, there = _figures(cursor, tell), manifest.tables
    found = [f"table {name} is missing" for name in sorted(set(there) - set(here))]
    found += [f"table {name} is not in the manifest" for name in sorted(set(here) - set(there))]
    for name in sorted(set(here) & set(there)):
        if here[name]["rows"] != there[name]["rows"]:
            found.append(f"table {name}: {here[name]['rows']} rows, the manifest says {there[name]['rows']}")
        elif here[name]["sum"] != there[name]["sum"]:
            found.append(f"table {name}: the rows have other contents")
    return found


@contextlib.contextmanager
def _temporary_database() -> Iterator[dict[str, str]]:
    """A database of the owner's like the real one, dropped in the end."""
    name = f"servicedesk_check_{secrets.token_hex(4)}"
    with contextlib.closing(owner_session()) as session:
        session.autocommit = True
        with session.cursor() as cursor:
            cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user")
            if not (cursor.fetchone() or (False,))[0]:
                raise Unusable("the owner may not make databases: run ops/roles.sql again (ALTER ROLE … CREATEDB)")
            cursor.execute(
                "SELECT d ->> 'datlocprovider', coalesce(d ->> 'datlocale', d ->> 'daticulocale'), d ->> 'datcollate', d ->> 'datctype'"
                " FROM (SELECT to_jsonb(d) AS d FROM pg_catalog.pg_database d WHERE datname = current_database()) x"
            )
            provider, locale, collate, ctype = cursor.fetchone() or ("c", None, "C", "C")
            text = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE {} LC_CTYPE {}"
            parts: list[sql.Composable] = [sql.Identifier(name), sql.Literal(collate), sql.Literal(ctype)]
            if provider in ("b", "i"):
                text += f" LOCALE_PROVIDER {'builtin BUILTIN_LOCALE' if provider == 'b' else 'icu ICU_LOCALE'} {{}}"
                parts.append(sql.Literal(locale))
            cursor.execute(sql.SQL(text).format(*parts))
            try:
                yield _owner() | {"dbname": name}
            finally:
                cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


# ── the owner ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _owner() -> dict[str, str]:
    """libpq's words for the owner's address. Errors: Unusable when there is none."""
    if "owner" not in settings.DATABASES:
        raise Unusable(
            "DATABASE_OWNER_URL is not set: backup and restore run as the owner of the schema, see ops/roles.sql"
        )
    own = connections["owner"].settings_dict
    words = {
        "dbname": own["NAME"],
        "user": own["USER"],
        "password": own["PASSWORD"],
        "host": own["HOST"],
        "port": own["PORT"],
    }
    return {name: str(value) for name, value in {**words, **own["OPTIONS"]}.items() if value}


def owner_session() -> Session:
    """A session of the owner's. Errors: Unusable, psycopg2.Error."""
    return _session(_owner())


def _session(words: dict[str, str]) -> Session:
    return psycopg2.connect(**words)


def _program(name: str) -> str:
    """pg_dump or pg_restore of the packages, else of the machine. Errors: Unusable when there is none."""
    try:
        return str(embedded._pg(name))
    except embedded.EmbeddedError:
        found = shutil.which(name)
    if found is None:
        raise Unusable(f"{name} is not installed: apt-get install postgresql-client")
    return found


def _for_programs(words: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Address without password, and the environment that holds it: a command line is everybody's to read."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
    if "password" in words:
        environment["PGPASSWORD"] = words["password"]
    return make_dsn(**{name: value for name, value in words.items() if name != "password"}), environment


# ── small ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Progress:
    """Lines such as `files: 120/3400`, at most one every two seconds."""

    def __init__(self, tell: Tell, what: str, of: int = 0) -> None:
        self.tell, self.what, self.of, self.done = tell, what, of, 0
        self.told = time.monotonic()

    def one_more(self) -> None:
        self.so_far(self.done + 1)

    def so_far(self, done: int) -> None:
        self.done = done
        now = time.monotonic()
        if now - self.told >= TELL_PAUSE or (self.of and done == self.of):
            self.told = now
            self.tell(f"{self.what}: {done}/{self.of}" if self.of else f"{self.what}: {done}")


def _digest(source: Any, copy: IO[bytes] | None = None, tell: Callable[[int], None] | None = None) -> tuple[str, int]:
    """SHA-256 and size of what is read from `source`, which is written to `copy` on its way."""
    digest, size = hashlib.sha256(), 0
    while block := source.read(BLOCK):
        digest.update(block)
        size += len(block)
        if copy is not None:
            copy.write(block)
        if tell is not None:
            tell(size)
    return digest.hexdigest(), size


def _sync(file: Any) -> None:
    file.flush()
    os.fsync(file.fileno())


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _complaint(log: IO[bytes], code: int) -> str:
    log.seek(0)
    lines = [line for line in log.read().decode(errors="replace").splitlines() if line.strip()]
    told = next((line for line in lines if "error:" in line), lines[0] if lines else "")
    return told.split("error:")[-1].strip() or (
        f"ended by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"
    )


def _first_line(problem: Exception) -> str:
    return next(iter(str(problem).strip().splitlines()), type(problem).__name__)


def _some(lines: list[str]) -> str:
    return "; ".join(lines[:3]) + (f" and {len(lines) - 3} more" if len(lines) > 3 else "")
