"""Rows `list`, `ticket` and `api_list` of `make bench`: our pages against the floor, real HTTP, in turns on one machine (docs/performance.md)."""

from __future__ import annotations

import http.client
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module

from django.conf import settings

from benchmarks import free_port
from core import tenancy
from partners.middleware import SESSION_PERSON
from partners.models import Account
from partners.queries import viewers
from tickets.models import Ticket

ROUNDS, REQUESTS, CLIENTS = 5, 80, 8


@dataclass(frozen=True)
class Page:
    """An address and a text that its answer must hold."""

    port: int
    path: str
    text: str
    cookie: str

    def get(self, line: http.client.HTTPConnection) -> tuple[float, http.client.HTTPResponse]:
        """One request: seconds and answer; a page without its text counts as a fault, not as fast."""
        begin = time.perf_counter()
        line.request("GET", self.path, headers={"Cookie": self.cookie, "Accept-Language": "zh-CN"})
        answer = line.getresponse()
        body = answer.read()
        spent = time.perf_counter() - begin
        if answer.status != 200 or self.text.encode() not in body:
            raise AssertionError(f"{self.path} answered {answer.status} without {self.text!r}")
        return spent, answer

    def line(self) -> http.client.HTTPConnection:
        """A kept connection to its server."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)


def measure(names: set[str]) -> Iterator[dict[str, object]]:
    """The rows asked for, one after the other."""
    with ExitStack() as stack:
        ours = stack.enter_context(_server("benchmarks.settings", "servicedesk.wsgi"))
        floor = stack.enter_context(_server("benchmarks.floor_settings", "benchmarks.floor_wsgi"))
        cookie, dealer_id, ticket = _signed_in()
        base = Page(floor, f"/floor/{dealer_id}/", "<table>", cookie)
        listing = Page(ours, "/tickets/?state=all", ticket.number[:8], cookie)
        detail = Page(ours, f"/tickets/{ticket.public_id}/", ticket.number, cookie)
        bare_api = Page(floor, f"/floor/api/{dealer_id}/", '"number"', cookie)
        api_list = Page(ours, "/api/v1/tickets?state=all&limit=100", ticket.number[:8], cookie)
        for page in (base, listing, detail, bare_api, api_list):
            _times(page, 25)  # warm
        if "api_list" in names:
            yield _ratio("api_list", api_list, bare_api, 1.5, unit="× bare REST framework view, p95")
            yield _statements("api_list_statements", api_list, 8)
        if "list" in names:
            yield _ratio("list", listing, base, 2.0)
            yield _statements("list_statements", listing, 8)
            yield _throughput("list_throughput", listing, base, 0.5)
        if "ticket" in names:
            yield _ratio("ticket", detail, base, 1.5)
            yield _statements("ticket_statements", detail, 12)


def _ratio(name: str, page: Page, floor: Page, goal: float, *, unit: str = "× floor list, p95") -> dict[str, object]:
    ratios = []
    for turn in range(ROUNDS):
        pair = (page, floor) if turn % 2 else (floor, page)
        p95 = {item.path: _p95(_times(item, REQUESTS)) for item in pair}
        ratios.append(p95[page.path] / p95[floor.path])
    value = round(statistics.median(ratios), 2)
    return {"name": name, "value": value, "unit": unit, "goal": goal, "met": value <= goal}


def _statements(name: str, page: Page, goal: int) -> dict[str, object]:
    _, answer = page.get(page.line())
    value = int(answer.headers["X-Statements"])
    return {"name": name, "value": value, "unit": "statements", "goal": goal, "met": value <= goal}


def _throughput(name: str, page: Page, floor: Page, goal: float) -> dict[str, object]:
    ratios = []
    for turn in range(3):
        pair = (page, floor) if turn % 2 else (floor, page)
        rate = {item.path: _rate(item) for item in pair}
        ratios.append(rate[page.path] / rate[floor.path])
    value = round(statistics.median(ratios), 2)
    return {"name": name, "value": value, "unit": "× floor, requests/s, 8 clients", "goal": goal, "met": value >= goal}


def _times(page: Page, count: int) -> list[float]:
    line = page.line()
    return [page.get(line)[0] for _ in range(count)]


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _rate(page: Page, each: int = 30) -> float:
    def client() -> None:
        line = page.line()
        for _ in range(each):
            page.get(line)

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return CLIENTS * each / (time.perf_counter() - begin)


def _signed_in() -> tuple[str, int, Ticket]:
    """A dispatcher's session, his dealer, and a finished ticket of it with slip and story."""
    from servicedesk.demo.load import dealers

    account = Account.objects.get(phone=dealers()[0].dispatcher_phone)
    found = viewers.of_account(account.pk, None)
    assert found is not None
    viewer = found[0]
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store["_auth_user_id"], store["_auth_user_backend"] = str(account.pk), settings.AUTHENTICATION_BACKENDS[0]
    store["_auth_user_hash"], store[SESSION_PERSON] = account.get_session_auth_hash(), viewer.person_id
    store.create()
    with tenancy.acting(viewer):
        ticket = Ticket.objects.visible_to(viewer).filter(state="closed").order_by("-reported_at", "-id").first()
    assert ticket is not None, "fill first: make bench-fill"
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}", viewer.org, ticket


@contextmanager
def _server(settings_module: str, wsgi: str) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", "2"]
    command += ["--blocking-threads", "1", "--no-ws", "--log-level", "error", f"{wsgi}:application"]
    server = subprocess.Popen(command, env={**os.environ, "DJANGO_SETTINGS_MODULE": settings_module})
    try:
        _wait(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=2).request("GET", "/healthz")
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the measured server did not start")
