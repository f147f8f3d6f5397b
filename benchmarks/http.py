"""Asking over real HTTP: our pages and the floor's, in turns, each answer with a text that must be in it."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

from benchmarks import free_port
from benchmarks.places import Place

CSRF = "b" * 32  # the same in cookie and header is what Django compares
ROUNDS, REQUESTS, CLIENTS = 5, 80, 8
Fields = list[tuple[str, str]]
Row = dict[str, object]


@dataclass
class Page:
    """An address and a text that its answer must hold; `sent` makes it a form post, whose answer may change the next one's fields."""

    port: int
    path: str
    text: str
    cookie: str
    status: int = 200
    sent: Callable[[], Fields] | None = None
    accept: str = "text/html"
    answered: Callable[[str], None] = field(default=lambda _body: None)

    def get(self, line: http.client.HTTPConnection) -> tuple[float, http.client.HTTPResponse, str]:
        """One request: seconds, answer, body; a page without its text counts as a fault, not as fast."""
        headers = {"Cookie": f"{self.cookie}; csrftoken={CSRF}", "Accept-Language": "zh-CN", "Accept": self.accept}
        method, content = "GET", None
        if self.sent is not None:
            method, content = "POST", urlencode(self.sent())
            headers |= {"X-CSRFToken": CSRF, "Content-Type": "application/x-www-form-urlencoded"}
        begin = time.perf_counter()
        line.request(method, self.path, body=content, headers=headers)
        answer = line.getresponse()
        raw = answer.read()
        spent = time.perf_counter() - begin
        body = raw.decode(errors="replace")
        if answer.status != self.status or self.text not in body + answer.headers.get("Location", ""):
            said = " ".join(re.findall(r'class="error[^>]*>([^<]+)', body))[:200]
            raise AssertionError(f"{self.path} answered {answer.status} without {self.text!r} {said}")
        self.answered(body)
        return spent, answer, body

    def line(self) -> http.client.HTTPConnection:
        """A kept connection to its server."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)


def ratio(
    name: str, page: Page, floor: Page, goal: float, *, unit: str = "× floor list, p95", rounds: int = ROUNDS, requests: int = REQUESTS
) -> Row:  # fmt: skip
    """The p95 of our page over that of the floor's, the median of rounds in which each is first in turn."""
    times(page, 12), times(floor, 12)  # warm
    ratios = []
    for turn in range(rounds):
        pair = (page, floor) if turn % 2 else (floor, page)
        spent = [p95(times(item, requests)) for item in pair]
        ours, bare = spent if turn % 2 else reversed(spent)
        ratios.append(ours / bare)
    return row(name, statistics.median(ratios), unit, goal)


def row(name: str, value: float, unit: str, goal: float, *, at_least: bool = False) -> Row:
    """A line of the table."""
    value = round(value, 2)
    return {
        "name": name,
        "value": value,
        "unit": unit,
        "goal": goal,
        "met": value >= goal if at_least else value <= goal,
    }


def statements(name: str, page: Page, goal: int) -> Row:
    """How many statements one request takes, all but SET, SAVEPOINT and COMMIT."""
    line = page.line()
    page.get(line)
    _, answer, _ = page.get(line)
    return row(name, int(answer.headers["X-Statements"]), "statements", goal)


def throughput(name: str, page: Page, floor: Page, goal: float) -> Row:
    """Requests a second with 8 clients at once."""
    ratios = []
    for turn in range(3):
        pair = (page, floor) if turn % 2 else (floor, page)
        rates = [rate(item) for item in pair]
        ours, bare = rates if turn % 2 else reversed(rates)
        ratios.append(ours / bare)
    return row(name, statistics.median(ratios), "× floor, requests/s, 8 clients", goal, at_least=True)


def times(page: Page, count: int) -> list[float]:
    """Seconds of each of so many requests on one connection."""
    line = page.line()
    return [page.get(line)[0] for _ in range(count)]


def p95(spent: list[float]) -> float:
    """The time that 95 of 100 requests stay under."""
    return statistics.quantiles(spent, n=20)[-1]


def rate(page: Page, each: int = 30) -> float:
    """Requests a second; a fault of one client is a fault of all."""
    faults: list[BaseException] = []

    def client() -> None:
        try:
            times(page, each)
        except Exception as fault:  # noqa: BLE001  # told below
            faults.append(fault)

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return CLIENTS * each / (time.perf_counter() - begin)


@contextmanager
def server(place: Place, *, floor: bool = False) -> Iterator[int]:
    """Our server or the floor's in a place: granian with two workers, as in production. Yields its port."""
    port = free_port()
    settings, wsgi = (
        ("benchmarks.floor_settings", "benchmarks.floor_wsgi") if floor else ("benchmarks.settings", "servicedesk.wsgi")
    )
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--port",
        str(port),
        "--workers",
        "2",
    ]
    command += ["--blocking-threads", "1", "--no-ws", "--log-level", "error", f"{wsgi}:application"]
    environment = {**os.environ, **place.environment, "DJANGO_SETTINGS_MODULE": settings}
    running = subprocess.Popen(command, env=environment, start_new_session=True)
    try:
        _wait(port, running)
        yield port
    finally:
        running.terminate()
        try:
            running.wait(20)
        except subprocess.TimeoutExpired:  # a worker that still waits for its client
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()


def _wait(port: int, running: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and running.poll() is None:
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=2).request("GET", "/healthz")
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the measured server did not start")


def version_of(body: str) -> str:
    """The version in the JSON answer of an autosave."""
    return str(json.loads(body)["version"])
