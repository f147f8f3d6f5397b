"""/metrics: figures for Prometheus without anybody's data, for this machine or for whoever has the token."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from prometheus_client.parser import text_string_to_metric_families

from servicedesk import embedded
from tests.setup.conftest import ROOT, forget, free_port, manage, plain_environment, wait_for

REAL = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
TOKEN = "a-token-of-thirty-two-characters"
NAME = "trial-metrics"


def samples(text: str) -> dict[tuple[str, tuple[str, ...]], float]:
    """(name, values of the labels in the order of their names) to value."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found[sample.name, tuple(value for _name, value in sorted(sample.labels.items()))] = sample.value
    return found


@REAL
def test_this_machine_may_look(client, people, sign_in):
    sign_in(people.dispatcher)
    client.get("/tickets/", {"q": "13812345678"})
    client.get("/nowhere/13812345678/")
    response = client.get("/metrics")
    assert response.status_code == 200
    text = response.content.decode()
    found = samples(text)
    assert found["servicedesk_requests_total", ("GET", "tickets:tickets", "200")] >= 1
    assert found["servicedesk_requests_total", ("GET", "none", "404")] >= 1
    assert found["servicedesk_request_seconds_count", ("tickets:tickets",)] >= 1
    assert found["servicedesk_database_up", ()] == 1
    assert found["servicedesk_jobs", ("failed",)] == 0
    assert found["servicedesk_oldest_job_seconds", ()] == 0
    for word in ("13812345678", "CS01", people.dispatcher.name, people.dispatcher.org_name):
        assert word not in text


@pytest.mark.parametrize(
    ("meta", "status"),
    [
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": "10.0.0.7"}, 404),
        ({"REMOTE_ADDR": ""}, 404),
        ({"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 404),
        ({"HTTP_X_FORWARDED_FOR": "10.0.0.7"}, 404),
        ({"HTTP_AUTHORIZATION": "Bearer wrong"}, 404),
        ({"REMOTE_ADDR": "10.0.0.7", "HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}, 200),
        ({"REMOTE_ADDR": "10.0.0.7", "HTTP_AUTHORIZATION": f"Bearer {TOKEN}x"}, 404),
        ({"REMOTE_ADDR": "10.0.0.7", "HTTP_AUTHORIZATION": TOKEN}, 404),
        ({"REMOTE_ADDR": "10.0.0.7", "HTTP_AUTHORIZATION": "Bearer 令牌"}, 404),
    ],
)
@REAL
def test_others_need_the_token(client, settings, meta, status):
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics", **meta).status_code == status


@REAL
def test_without_a_token_nobody_else_may_look(client, settings):
    settings.METRICS_TOKEN = ""
    for given in ("Bearer ", "Bearer", ""):
        assert client.get("/metrics", REMOTE_ADDR="10.0.0.7", HTTP_AUTHORIZATION=given).status_code == 404


@REAL
def test_a_database_that_is_away_is_a_figure(client):
    connection.close()
    place = connection.settings_dict["HOST"]
    connection.settings_dict["HOST"] = "/nowhere"
    try:
        response = client.get("/metrics")
    finally:
        connection.close()
        connection.settings_dict["HOST"] = place
    assert response.status_code == 200
    assert samples(response.content.decode())["servicedesk_database_up", ()] == 0


@pytest.fixture
def web(tmp_path: Path) -> Iterator[int]:
    """The port of a real web server with two processes."""
    forget(NAME)
    port = free_port()
    with embedded.hold(NAME) as hold:
        environment = hold.servers.addresses() | {
            "SECRET_KEY": "s" * 60, "SERVICEDESK_SITE_URL": "https://service.example.com", "TMPDIR": str(tmp_path), "METRICS_TOKEN": TOKEN,
        }  # fmt: skip
        done = manage("migrate", "-v0", **environment)
        assert done.returncode == 0, done.stderr
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", "2", "--blocking-threads", "1", "servicedesk.wsgi:application"]  # fmt: skip
        with open(tmp_path / "log", "w") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=plain_environment(**environment), stdout=log, stderr=log, start_new_session=True
            )
        try:
            wait_for(lambda: _status(port, "/healthz") == 200, 60, "the web")
            yield port
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(20)


def _open(port: int, path: str, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", headers={"X-Forwarded-Proto": "https", **headers}
    )  # our own
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""
    except OSError:
        return 0, ""


def _status(port: int, path: str) -> int:
    return _open(port, path)[0]


def _counted(port: int) -> float:
    return samples(_open(port, "/metrics")[1])["servicedesk_requests_total", ("GET", "none", "200")]


@pytest.mark.servers
@pytest.mark.slow
def test_the_processes_of_a_web_server_count_together(web):
    before = _counted(web)
    for _ in range(40):
        assert _status(web, "/healthz") == 200
    assert [_counted(web) - before for _ in range(6)] == [40.0] * 6
    assert samples(_open(web, "/metrics")[1])["servicedesk_database_up", ()] == 1
    assert _open(web, "/metrics", **{"X-Forwarded-For": "1.2.3.4"})[0] != 200
    assert _open(web, "/metrics", **{"X-Forwarded-For": "1.2.3.4", "Authorization": f"Bearer {TOKEN}"})[0] == 200
