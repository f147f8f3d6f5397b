"""`manage.py demo`: the whole product with sample data, in one terminal (architecture.md)."""

from __future__ import annotations

import errno
import hashlib
import importlib
import importlib.util
import io
import json
import os
import signal
import socket
import sys
import time
import unicodedata
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connections
from django.db.migrations.exceptions import InconsistentMigrationHistory

from servicedesk import embedded
from servicedesk.celery import WORKER_OPTIONS
from servicedesk.supervisor import ChildLost, Supervisor

READY_PATIENCE = 180.0  # seconds; the first start compiles every module


class Stopped(Exception):
    """Somebody pressed Ctrl-C or sent SIGTERM."""


class Command(BaseCommand):
    help = "Starts everything with sample data: servers, migrations, web, worker, tick. Ctrl-C stops all of it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (0.0.0.0 for all)")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-seed", action="store_true", help="start without sample data")

    def handle(self, *args: Any, **options: Any) -> None:
        self.begun = time.monotonic()
        self.host, self.port = options["host"], options["port"]
        self._refuse_a_used_port()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _stop)
        hold = None
        try:
            hold = self._servers()
            self._environment()
            with self._step("migrations and dictionaries"):
                call_command("migrate", verbosity=0, interactive=False)
            self._sample_data(wanted=not options["no_seed"])
            self._static_files()
            self._run(hold)
        except Stopped:
            pass
        except (embedded.EmbeddedError, ChildLost) as error:
            raise CommandError(str(error)) from None
        except InconsistentMigrationHistory:
            folder = embedded.server_set().folder
            raise CommandError(f"the data in {folder} belong to other migrations: remove that folder") from None
        except OperationalError as error:
            raise CommandError(f"PostgreSQL: {str(error).strip().splitlines()[0]}") from None
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C does not interrupt the stopping
            connections.close_all()
            if hold:
                hold.release()
                if embedded.wait_until_stopped(hold.servers):
                    self._say("servers stopped")
        self._say("stopped")

    # ── steps ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _say(self, text: str) -> None:
        self.stdout.write(f"· {text}")
        self.stdout.flush()

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        begin = time.monotonic()
        yield
        self._say(f"{name} {time.monotonic() - begin:.1f} s")

    def _refuse_a_used_port(self) -> None:
        try:
            family, _kind, _protocol, _name, address = socket.getaddrinfo(
                self.host, self.port, type=socket.SOCK_STREAM
            )[0]
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
        except (OSError, OverflowError) as error:
            if getattr(error, "errno", None) == errno.EADDRINUSE:
                raise CommandError(
                    f"port {self.port} is in use: choose another, e.g. make demo PORT={self.port + 1}"
                ) from None
            raise CommandError(f"cannot listen on {self.host}:{self.port}: {error}") from None

    def _servers(self) -> embedded.Hold | None:
        if settings.OWN_SERVERS and not settings.EMBEDDED:
            self._say("servers: the configured ones (DATABASE_URL, REDIS_URL)")
            return None
        with self._step("PostgreSQL and Redis"):
            hold = embedded.hold()
        embedded.export(hold.servers)
        return hold

    def _environment(self) -> None:
        """What the child processes read."""
        shown = own_address() if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104  # compared, not bound
        self.address = f"http://{f'[{shown}]' if ':' in shown else shown}:{self.port}"
        os.environ.setdefault("SERVICEDESK_SITE_URL", self.address)
        if shown != self.host:
            os.environ.setdefault("ALLOWED_HOSTS", "*")  # phones in the same network reach it by any name
        os.environ.update(
            SERVICEDESK_DEMO="true", SECRET_KEY=settings.SECRET_KEY, DJANGO_SETTINGS_MODULE="servicedesk.settings"
        )

    def _sample_data(self, *, wanted: bool) -> None:
        if not wanted or "seed_demo" not in get_commands():
            return
        with connections["owner"].cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT FROM partners_organisation)")
            filled = cursor.fetchone()[0]
        connections["owner"].close()
        if filled:
            self._say("sample data is there")
            return
        self._say("sample data: first start only, about a minute")
        with self._step("sample data"):
            call_command("seed_demo")

    def _static_files(self) -> None:
        """Collect again only when a file of the pages or a package changed."""
        root = settings.BASE_DIR
        files = sorted(path for path in (root / "static").rglob("*") if path.is_file())
        state = "".join(f"{path} {path.stat().st_mtime_ns} {path.stat().st_size}\n" for path in files)
        state += (root / "requirements.lock").read_text() + (root / "servicedesk" / "staticfiles.py").read_text()
        mark = hashlib.sha256(state.encode()).hexdigest()
        marker = Path(settings.STATIC_ROOT) / ".collected"
        if marker.exists() and marker.read_text() == mark:
            return
        with self._step("files of the pages"):
            call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        marker.write_text(mark)

    # ── running ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _run(self, hold: embedded.Hold | None) -> None:
        folder = embedded.server_set().folder / "log"
        supervisor = Supervisor(folder, self._say, [hold.fd] if hold else [])
        try:
            with self._step("web and worker"):
                supervisor.start("web", [
                    sys.executable, "-m", "granian", "--interface", "wsgi", "--host", self.host, "--port", str(self.port),
                    "--workers", "2", "--blocking-threads", "1", "--no-ws", "--workers-kill-timeout", "5s",
                    "servicedesk.wsgi:application",
                ])  # fmt: skip
                supervisor.start("worker", [
                    # a backlog of papers must not slow down the pages on a small machine
                    "nice", "-n", "5", sys.executable, "-m", "celery", "-A", "servicedesk", "worker", "--concurrency", "2",
                    *WORKER_OPTIONS,
                ])  # fmt: skip
                self._wait_until_ready(supervisor)
            self._welcome(folder)
            while True:
                time.sleep(0.5)
                supervisor.look()
                if hold and (revived := embedded.revive(hold.servers)):
                    self._say(f"{' and '.join(revived)} died, started again")
        finally:
            self.stdout.write("")
            supervisor.stop()
            self._say("web and worker stopped")

    def _wait_until_ready(self, supervisor: Supervisor) -> None:
        deadline = time.monotonic() + READY_PATIENCE
        while True:
            supervisor.look()
            answer = _ask(f"{self.address}/readyz")
            parts = answer.get("parts", {})
            if parts and all(part.get("ok") for name, part in parts.items() if name != "jobs"):
                return  # jobs left over from the last time are done while people look around
            if time.monotonic() > deadline:
                failing = [name for name, part in parts.items() if not part.get("ok")]
                raise ChildLost(
                    f"not ready after {READY_PATIENCE:.0f} s: {', '.join(failing) or 'the web does not answer'}"
                )
            time.sleep(0.1)

    def _welcome(self, logs: Path) -> None:
        self._say(f"ready after {time.monotonic() - self.begun:.1f} s, logs in {logs}")
        self.stdout.write("")
        rows = _sign_ins()
        if rows:
            for line in _table(rows):
                self.stdout.write(f"  {line}")
            self.stdout.write("")
        for line in phone_lines(self.address) if self.host in {"0.0.0.0", "::"} else []:  # noqa: S104  # compared, not bound
            self.stdout.write(f"  {line}")
        self.stdout.write(f"  {self.address}    (Ctrl-C stops everything)")
        self.stdout.flush()


def own_address() -> str:
    """This machine's address in its network, by which a phone reaches it; 127.0.0.1 without a network. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address for documentation: only the way to it is looked up
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def phone_lines(address: str) -> list[str]:
    """The address as a QR code for a phone's camera, and what plain http lacks there."""
    import segno

    drawn = io.StringIO()
    segno.make(address, error="m").terminal(out=drawn, compact=True)
    return [
        *drawn.getvalue().splitlines(),
        "手机扫码打开(同一网络)。明文 http 下手机不给定位、不能离线启动、不能一键复制;拍照、草稿、签字可用。",
        "Scan with a phone in the same network. Over plain http it gives no position, no start without a line and no",
        "clipboard; photos, drafts and signatures work.",
        "",
    ]


def _stop(*_: object) -> None:
    raise Stopped


def _ask(address: str) -> dict[str, Any]:  # Any: JSON
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310  # our own address
            return dict(json.load(answer))
    except urllib.error.HTTPError as answer:
        try:
            return dict(json.load(answer))
        except ValueError:
            return {}
    except (OSError, ValueError):
        return {}


def _sign_ins() -> list[tuple[str, ...]]:
    """The rows of the table of sign-ins, heads first, as the sample data gives them."""
    if importlib.util.find_spec("servicedesk.demo") is None:
        return []
    sign_ins = getattr(importlib.import_module("servicedesk.demo"), "sign_ins", None)
    rows = sign_ins() if callable(sign_ins) else []
    return [tuple(str(cell) for cell in row) for row in rows]


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    """Columns side by side; a Chinese character is two columns wide."""
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
