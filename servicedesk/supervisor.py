"""Runs the demo's processes and starts again what died. In production systemd or compose does this."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

STOP_PATIENCE = 10.0  # seconds a process has to end after SIGTERM
RESTART_PAUSE = 0.5
GIVE_UP = (5, 30.0)  # a process that dies 5 times within 30 s will not get better


class ChildLost(Exception):
    """A process dies again and again; the text is one line."""


def _die_with_parent() -> None:
    """In the child: ask the kernel for SIGTERM when the supervisor dies, even by kill -9."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


class Child:
    """One process in a session of its own (Ctrl-C reaches only the supervisor), with its output in a log file."""

    def __init__(self, name: str, command: list[str], log: Path, keep_open: list[int]) -> None:
        self.name, self.command, self.log, self.keep_open = name, command, log, keep_open
        self.deaths: list[float] = []
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with open(self.log, "ab") as log:
            return subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                preexec_fn=_die_with_parent, pass_fds=self.keep_open,  # noqa: PLW1509  # one C call, no lock can be held
            )  # fmt: skip

    def look(self) -> str | None:
        """Start it again when it died; returns a line about it. Errors: ChildLost."""
        code = self.process.poll()
        if code is None:
            return None
        now = time.monotonic()
        self.deaths = [*(death for death in self.deaths if now - death < GIVE_UP[1]), now]
        self._sweep()
        if len(self.deaths) >= GIVE_UP[0]:
            raise ChildLost(
                f"{self.name} ended {len(self.deaths)} times in a row, last with {code}: {self.last_line()} (see {self.log})"
            )
        time.sleep(RESTART_PAUSE)
        self.process = self._start()
        return f"{self.name} ended with {code}, started again"

    def last_line(self) -> str:
        """The last line of its log, which names the cause."""
        lines = self.log.read_text(errors="replace").strip().splitlines() if self.log.exists() else []
        return lines[-1] if lines else "no output"

    def ask_to_stop(self) -> None:
        """SIGTERM: finish what is running and end."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def make_sure(self, deadline: float) -> None:
        """Wait until `deadline` (monotonic), then kill it with all its children."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.1, deadline - time.monotonic()))
        self._sweep()
        self.process.wait()

    def _sweep(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)  # its session: workers that outlived their parent


class Supervisor:
    """Runs children until it is told to stop."""

    def __init__(self, logs: Path, say: Callable[[str], None], keep_open: list[int] | None = None) -> None:
        """keep_open: file descriptors every child inherits (the hold on the servers)."""
        self.logs, self.say, self.keep_open = logs, say, keep_open or []
        self.children: list[Child] = []

    def start(self, name: str, command: list[str]) -> Child:
        child = Child(name, command, self.logs / f"{name}.log", self.keep_open)
        self.children.append(child)
        return child

    def look(self) -> None:
        """Start again what died. Errors: ChildLost."""
        for child in self.children:
            if line := child.look():
                self.say(line)

    def stop(self) -> None:
        """Ask all to end at the same time, kill what does not within the patience."""
        for child in self.children:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_PATIENCE
        for child in self.children:
            child.make_sure(deadline)
