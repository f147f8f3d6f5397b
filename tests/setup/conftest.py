"""Helpers for tests that start servers and processes of their own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from servicedesk import embedded

ROOT = Path(__file__).resolve().parent.parent.parent


def plain_environment(**more: str) -> dict[str, str]:
    """The environment of a shell in which nothing of ours is configured, with what a test adds."""
    ours = (
        "SERVICEDESK_",
        "DATABASE_",
        "REDIS_URL",
        "SECRET_KEY",
        "DJANGO_",
        "PYTEST_",
        "ALLOWED_HOSTS",
        "DEBUG",
        "EMAIL_",
        "SMS_GATEWAY_",
        "NOTICES_",
        "METRICS_TOKEN",
        "PROMETHEUS_",
    )
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | more


def wait_for(condition: Callable[[], object], seconds: float = 30.0, what: str = "the condition") -> None:
    """Look every 50 ms until it holds; fails when it takes too long."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not come within {seconds} s"
        time.sleep(0.05)


def is_alive(pid: int | None) -> bool:
    """Whether the process runs (a zombie does not)."""
    try:
        return pid is not None and Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def processes_of(mark: str) -> list[str]:
    """Command lines of all living processes whose command line or environment holds `mark`, ourselves left out."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes()
            about = words + (folder / "environ").read_bytes()
        except OSError:
            continue
        if mark.encode() in about and int(folder.name) != os.getpid() and words:
            found.append(f"{folder.name} {words.replace(bytes(1), b' ').decode(errors='replace')}")
    return found


def free_port() -> int:
    """A port of the loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def manage(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py as a shell would."""
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(
        command,
        cwd=ROOT,
        env=plain_environment(**environment),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def forget(name: str) -> None:
    """Remove what an earlier run left of this set of servers: its data may belong to other migrations."""
    servers = embedded.server_set(name)
    if servers.folder.exists():
        embedded.stop(servers)
        shutil.rmtree(servers.folder)


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """A project folder of the test's own, so that its sets of servers are nobody else's. All of them are stopped at the end."""
    yield tmp_path
    for folder in (tmp_path / "var").glob("*"):
        servers = embedded.ServerSet(folder.name, folder)
        for pid in (embedded.postmaster_pid(servers), embedded.redis_pid(servers)):
            if pid:
                os.kill(pid, signal.SIGKILL)
