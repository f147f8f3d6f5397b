"""What is wrong with an installation and what to do, in plain words. A server that is down is a finding, not a traceback."""

from __future__ import annotations

import ctypes
import secrets
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import redis
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, connections, transaction
from django.http.request import validate_host
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import fonts, row_security, tenancy
from core import public_holidays as holidays
from core.calendars import local_date
from servicedesk import archive, keeping, life
from servicedesk.health import JOB_PATIENCE
from servicedesk.startup import bypass


class Level(StrEnum):
    """How bad it is. Only a fault makes the command end with 1."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"

    @property
    def words(self) -> str:
        return {Level.OK: _("ok"), Level.WARNING: _("warning"), Level.FAULT: _("fault")}[self]


@dataclass(frozen=True)
class Finding:
    """One line. remedy: what to do; empty when nothing is to be done."""

    level: Level
    name: str
    text: str
    remedy: str = ""


class Away(Exception):
    """The server that this check would ask does not answer; another line says so."""


Check = Callable[[], Finding]


def findings() -> list[Finding]:
    """Every check once, in the order of its line."""
    found = []
    for check in CHECKS:
        connection.close_if_unusable_or_obsolete()
        try:
            found.append(check())
        except Away as away:
            found.append(Finding(Level.WARNING, str(away), _("could not be looked at: PostgreSQL does not answer")))
    return found


# ── PostgreSQL ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def application_user() -> Finding:
    """The application's user: there, bound by the policies, able to take every tier's role."""
    name = _("Database, application's user")
    remedy = _("Make the users with ops/roles.sql.")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_user::text, current_setting('server_version')")
            user, version = cursor.fetchone()
            if (reason := bypass()) and not settings.TESTING:
                return Finding(Level.FAULT, name, reason, remedy)
            cursor.execute(
                "SELECT tier FROM unnest(%s::text[]) AS tier LEFT JOIN pg_roles ON rolname = tier"
                " WHERE rolname IS NULL OR NOT pg_has_role(current_user, oid, 'MEMBER')",
                [row_security.TIERS],
            )
            if missing := [tier for (tier,) in cursor.fetchall()]:
                text = _("%(user)s may not take these roles: %(roles)s")
                return Finding(Level.FAULT, name, text % {"user": user, "roles": ", ".join(missing)}, remedy)
    except DatabaseError as error:
        return _unreachable(name, "DATABASE_URL", error)
    return Finding(Level.OK, name, _("%(user)s, PostgreSQL %(version)s") % {"user": user, "version": version})


def owner_user() -> Finding:
    """The owner: there, owner of all tables, able to make the temporary database of `restore --check`."""
    name = _("Database, owner")
    if "owner" not in connections:
        return Finding(
            Level.WARNING,
            name,
            _("DATABASE_OWNER_URL is not set here: neither migrations nor backups can run"),
            _("Fine for web and worker; run doctor, migrate and backup where it is set."),
        )
    try:
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            cursor.execute(
                "SELECT current_user::text, rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            )
            user, creates = cursor.fetchone()
            cursor.execute(
                "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
                " AND NOT pg_has_role(current_user, relowner, 'USAGE')"
            )
            (foreign,) = cursor.fetchone()
    except DatabaseError as error:
        return _unreachable(name, "DATABASE_OWNER_URL", error)
    finally:
        connections["owner"].close()
    if foreign:
        text = _("tables that belong to somebody else: %(n)s")
        return Finding(
            Level.FAULT, name, text % {"n": foreign}, _("Give them to the owner: REASSIGN OWNED, as superuser.")
        )
    if not creates:
        text = _("%(user)s may not make databases: restore --check cannot run")
        return Finding(Level.WARNING, name, text % {"user": user}, _("Run ops/roles.sql again as superuser."))
    return Finding(Level.OK, name, _("%(user)s owns all tables") % {"user": user})


def row_security_on() -> Finding:
    """Every tenant table is under the policies that its model declares."""
    name = _("Isolation")
    try:
        wrong = row_security.out_of_line("default")
    except DatabaseError:
        raise Away(name) from None
    if wrong:
        text = _("tables that are not under their policies (%(n)s): %(tables)s")
        text %= {"n": len(wrong), "tables": _few(wrong)}
        return Finding(Level.FAULT, name, text, _("Run manage.py migrate; it sets policies and rights anew."))
    return Finding(
        Level.OK, name, _("row security is on for all %(n)s tables") % {"n": len(row_security.tenant_models())}
    )


def migrations() -> Finding:
    """Program and schema fit."""
    name = _("Migrations")
    try:
        missing = keeping.missing_migrations()
    except DatabaseError as error:
        if getattr(error.__cause__, "pgcode", None) == "42P01":  # no such table
            return Finding(Level.FAULT, name, _("nothing was migrated yet"), _("Run manage.py migrate."))
        raise Away(name) from None
    if missing:
        text = _("pending (%(n)s): %(names)s")
        text %= {"n": len(missing), "names": _few(missing)}
        return Finding(Level.FAULT, name, text, _("Run manage.py migrate."))
    return Finding(Level.OK, name, _("none is pending"))


def clocks() -> Finding:
    """This machine's clock and the database's agree: times in slips and leases of jobs come from both."""
    name = _("Clock")
    try:
        with connection.cursor() as cursor:
            before = timezone.now()
            cursor.execute("SELECT clock_timestamp()")
            (there,) = cursor.fetchone()
            here = before + (timezone.now() - before) / 2
    except DatabaseError:
        raise Away(name) from None
    apart = abs((there - here).total_seconds())
    text = _("%(s)s s apart from the database's") % {"s": f"{apart:.1f}"}
    if apart > 2:
        level = Level.FAULT if apart > 30 else Level.WARNING
        return Finding(level, name, text, _("Let NTP (chrony, systemd-timesyncd) set the clocks of both machines."))
    return Finding(Level.OK, name, text)


# ── Redis, worker, tick ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def redis_answers() -> Finding:
    """Redis: the bell, the counters against guessing, the signs of life. Nothing is lost without it."""
    name = "Redis"
    if _redis_is_there():
        return Finding(Level.OK, name, _("answers"))
    return Finding(
        Level.FAULT,
        name,
        _("does not answer: pages and jobs go on, more slowly, and wrong passwords are not counted"),
        _("Start Redis, or correct REDIS_URL."),
    )


def worker() -> Finding:
    """Somebody does the jobs."""
    name = _("Worker")
    remedy = _("Start the worker: celery -A servicedesk worker (docker compose up -d worker).")
    now = timezone.now()
    try:
        with tenancy.acting(tenancy.system()):
            jobs = keeping.jobs_of(tenancy.system(), now)
    except DatabaseError:
        raise Away(name) from None
    waits = jobs.oldest_wait(now)
    if waits > JOB_PATIENCE:
        text = _("a task has been waiting for %(time)s") % {"time": span(timedelta(seconds=waits))}
        return Finding(Level.FAULT, name, text, remedy)
    if not _redis_is_there():
        return Finding(Level.WARNING, name, _("gives its sign of life through Redis, which does not answer"))
    age = life.age(life.WORKER)
    if age is None or age > life.PATIENCE:
        return Finding(Level.FAULT, name, _unseen(age), remedy)
    if jobs.failed:
        text = _("works; failed tasks: %(n)s")
        return Finding(
            Level.WARNING, name, text % {"n": jobs.failed}, _("The platform's page “Failed tasks” lets them run again.")
        )
    return Finding(Level.OK, name, _("works; no task has been waiting for long"))


def tick() -> Finding:
    """What is due at a time is rung."""
    name = _("Tick")
    if not _redis_is_there():
        return Finding(Level.WARNING, name, _("gives its sign of life through Redis, which does not answer"))
    age = life.age(life.TICK)
    if age is None or age > life.PATIENCE:
        return Finding(Level.FAULT, name, _unseen(age), _("Start worker or beat; each of them ticks."))
    return Finding(Level.OK, name, _("came %(s)s s ago") % {"s": f"{age:.0f}"})


def _unseen(age: float | None) -> str:
    if age is None:
        return _("has given no sign of life for a day")
    return _("has given no sign of life for %(time)s") % {"time": span(timedelta(seconds=age))}


def _redis_is_there() -> bool:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=0.3, socket_timeout=0.5) as line:
            return bool(line.ping())
    except (redis.RedisError, OSError):
        return False


# ── this machine ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def disk_space() -> Finding:
    """Room for photos and backups."""
    name = _("Disk space")
    disks = keeping.disks()
    text = " · ".join(
        _("%(folder)s: %(free)s GB free (%(share)s %%)")
        % {"folder": disk.path, "free": f"{disk.free / keeping.GIB:.1f}", "share": f"{disk.share:.0%}".rstrip("%")}
        for disk in disks
    )
    if any(disk.is_short for disk in disks):
        level = Level.FAULT if any(disk.is_full for disk in disks) else Level.WARNING
        return Finding(level, name, text, _("Remove old backups (backup --keep N) or enlarge the disk."))
    return Finding(Level.OK, name, text)


def files_folder() -> Finding:
    """Photos can be stored and read again."""
    name = _("Files")
    content = secrets.token_bytes(32)
    try:
        kept = default_storage.save(f"doctor-{secrets.token_hex(8)}", ContentFile(content))
        try:
            with default_storage.open(kept) as file:
                same = file.read() == content
        finally:
            default_storage.delete(kept)
    except Exception as error:  # noqa: BLE001  # each kind of store has errors of its own
        text = _("nothing can be stored: %(reason)s") % {
            "reason": getattr(error, "strerror", None) or type(error).__name__
        }
        remedy = _(
            "The folder of SERVICEDESK_FILES_FOLDER must exist and belong to the user of web and worker (10001 in the image)."
        )
        return Finding(Level.FAULT, name, text, remedy)
    if not same:
        return Finding(Level.FAULT, name, _("what was stored comes back changed"), _("Look at the store's own logs."))
    return Finding(Level.OK, name, _("can be stored and read"))


def paper() -> Finding:
    """Everything that makes a PDF."""
    name = _("Paper")
    remedy = _("apt-get install %(packages)s")
    try:
        for weight in fonts.NOTO_FILES:
            fonts.noto_file(weight)
    except fonts.NoFont:
        text = _("the Chinese font is missing: slips cannot be printed")
        return Finding(Level.FAULT, name, text, remedy % {"packages": "fonts-noto-cjk"})
    try:
        import weasyprint  # noqa: F401  # loads Pango
    except OSError:
        text = _("Pango is missing: slips cannot be printed")
        return Finding(Level.FAULT, name, text, remedy % {"packages": "libpango-1.0-0 libpangoft2-1.0-0"})
    try:
        ctypes.CDLL("libharfbuzz-subset.so.0")
    except OSError:
        text = _("harfbuzz-subset is missing: each slip takes seconds")
        return Finding(Level.WARNING, name, text, remedy % {"packages": "libharfbuzz-subset0"})
    return Finding(Level.OK, name, _("font and libraries are there"))


def backups() -> Finding:
    """The last archive is fresh and its manifest whole."""
    name = _("Backup")
    remedy = _("Run manage.py backup every night, as the owner (docs/set-up.md).")
    last = archive.latest(settings.BACKUP_FOLDER)
    if last is None:
        level = Level.WARNING if settings.EMBEDDED else Level.FAULT
        return Finding(level, name, _("there is none in %(folder)s") % {"folder": settings.BACKUP_FOLDER}, remedy)
    age = last.age(timezone.now())
    text = _("the last one is %(age)s old (%(at)s, %(mb)s MB)") % {
        "age": span(age),
        "at": date_format(timezone.localtime(last.made_at), "Y-m-d H:i"),
        "mb": f"{last.bytes / 1e6:.1f}",
    }
    if age > keeping.BACKUP_LATE:
        return Finding(Level.FAULT if age > keeping.BACKUP_LOST else Level.WARNING, name, text, remedy)
    return Finding(Level.OK, name, text)


# ── configuration ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def secret_key() -> Finding:
    """Long and random: sessions and links are signed with it."""
    name = "SECRET_KEY"
    key = settings.SECRET_KEY
    if len(key) < 50 or len(set(key)) < 10 or key.startswith("django-insecure"):
        return Finding(
            Level.FAULT,
            name,
            _("is weak: 50 random characters are needed"),
            _("Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'. It signs everybody out."),
        )
    return Finding(Level.OK, name, _("is long and varied"))


def address() -> Finding:
    """The site's address is answered, by https, and browsers are believed only through our own proxy."""
    name = _("Address")
    site = settings.SITE_URL
    host = site.split("://", 1)[1]
    problems: list[tuple[Level, str, str]] = []
    if settings.DEBUG and not settings.EMBEDDED:
        problems.append((Level.FAULT, _("DEBUG shows source code to strangers"), _("Unset DEBUG.")))
    if not validate_host(host.rsplit(":", 1)[0] if not host.endswith("]") else host, settings.ALLOWED_HOSTS):
        problems.append(
            (Level.FAULT, _("%(site)s is not among ALLOWED_HOSTS") % {"site": site}, _("Add its host name."))
        )
    if "*" in settings.ALLOWED_HOSTS:
        problems.append((Level.WARNING, _("ALLOWED_HOSTS lets every host name in"), _("Name the hosts.")))
    if settings.PLAIN_HTTP and not settings.EMBEDDED:
        problems.append((Level.WARNING, _("passwords and cookies travel in the clear"), _("Use https and unset SERVICEDESK_PLAIN_HTTP.")))  # fmt: skip
    if not settings.PLAIN_HTTP and not settings.PROXIES:
        problems.append((Level.WARNING, _("https is wanted, but no proxy is believed: every page redirects to itself"), _("Set SERVICEDESK_PROXIES=1 behind one proxy.")))  # fmt: skip
    if problems:
        worst = Level.FAULT if any(level is Level.FAULT for level, _text, _remedy in problems) else Level.WARNING
        return Finding(worst, name, " · ".join(p[1] for p in problems), " ".join(p[2] for p in problems))
    return Finding(Level.OK, name, site)


def scratch() -> Finding:
    """The temp folder can be written: uploads, PDFs and the worker's sign pass through it."""
    name = _("Temporary files")
    try:
        with tempfile.TemporaryFile() as file:
            file.write(bytes(1 << 20))
            file.flush()
    except OSError as error:
        text = _("nothing can be stored: %(reason)s") % {"reason": error.strerror}
        return Finding(Level.FAULT, name, text, _("Make room in the folder for temporary files (TMPDIR)."))
    return Finding(Level.OK, name, tempfile.gettempdir())


def public_holidays() -> Finding:
    """The year's list of holidays is there, in autumn the next one's: promises in office hours need it."""
    name = _("Public holidays")
    try:
        with tenancy.acting(tenancy.Viewer(tier=tenancy.Tier.PLATFORM, org=0)):
            year = holidays.missing_now(local_date(timezone.now()))
    except DatabaseError:
        raise Away(name) from None
    if year is None:
        return Finding(Level.OK, name, _("all that are needed are there"))
    text, remedy = _("%(year)s is not entered yet"), _("The platform's administrator enters it: Public holidays.")
    return Finding(Level.WARNING, name, text % {"year": year}, remedy)


CHECKS: tuple[Check, ...] = (
    application_user, owner_user, row_security_on, migrations, clocks, redis_answers, worker, tick, disk_space, files_folder, scratch,
    paper, secret_key, address, backups, public_holidays,
)  # fmt: skip


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def span(time: timedelta) -> str:
    """A length of time in one unit: 40 min, 5 h, 3 days."""
    minutes = int(time.total_seconds() // 60)
    if minutes < 120:
        return _("%(n)s min") % {"n": minutes}
    if minutes < 48 * 60:
        return _("%(n)s h") % {"n": minutes // 60}
    return _("%(n)s days") % {"n": minutes // (24 * 60)}


def _unreachable(name: str, variable: str, error: Exception) -> Finding:
    line = str(error).strip().splitlines()[-1].strip()
    text = _("PostgreSQL does not answer: %(reason)s") % {"reason": line}
    return Finding(Level.FAULT, name, text, _("Start PostgreSQL, or correct %(variable)s.") % {"variable": variable})


def _few(names: list[str]) -> str:
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
