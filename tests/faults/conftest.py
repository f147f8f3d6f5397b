"""Processes that are killed, and what is written down about it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent.parent
LEASE = 1.0  # seconds; 30 in the product


def wait_for(condition: Callable[[], object], seconds: float, what: str) -> None:
    """Look every 10 ms until it holds; fails when it takes too long."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what}: not within {seconds} s"
        time.sleep(0.01)


def record(name: str, facts: dict[str, Any]) -> None:
    """Add a line to var/faults/<name>.jsonl."""
    folder = ROOT / "var" / "faults"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.jsonl").open("a") as lines:
        lines.write(json.dumps(facts, ensure_ascii=False) + "\n")


class Workers:
    """The warm parent of tests/faults/forking_worker.py."""

    def __init__(self, log: Path) -> None:
        database = connection.settings_dict
        address = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"}
        environment |= {
            "DATABASE_URL": address,
            "SERVICEDESK_EMBEDDED": "true",
            "SERVICEDESK_FILES_FOLDER": str(settings.FILES_FOLDER),
            "LEASE": str(LEASE),
            "PYTHONPATH": str(ROOT),
        }
        self.log = log.open("wb")
        self.parent = subprocess.Popen(
            [sys.executable, str(ROOT / "tests" / "faults" / "forking_worker.py")],
            cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, text=True,
        )  # fmt: skip
        assert self._answer() == "ready", log.read_text()

    def fork(self) -> int:
        """A new worker at work; its pid."""
        assert self.parent.stdin is not None
        self.parent.stdin.write("go\n")
        self.parent.stdin.flush()
        return int(self._answer())

    def _answer(self) -> str:
        assert self.parent.stdout is not None
        return self.parent.stdout.readline().strip()

    def end(self) -> None:
        """End the parent; its children follow."""
        self.parent.kill()
        self.parent.wait(10)
        self.log.close()


def kill(pid: int) -> None:
    """kill -9."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


@pytest.fixture
def workers(people: Any, tmp_path: Path) -> Iterator[Workers]:
    """Workers on this test's database."""
    made = Workers(tmp_path / "worker.log")
    yield made
    made.end()
