"""docker-compose.yml outside Docker: each service's own command with the file's environment, on the project's own servers.

What this cannot show: that the image builds, and that compose itself reads the file as we do (README).
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from core import stored
from servicedesk import archive, embedded
from tests.setup.conftest import ROOT, forget, free_port, plain_environment, wait_for

pytestmark = [pytest.mark.servers, pytest.mark.slow]

NAME = "trial-compose"
FILLED_IN = {
    "SECRET_KEY": "s" * 60,
    "SERVICEDESK_SITE_URL": "https://service.example.com",
    "COMPOSE_SUPERUSER_PASSWORD": "superuser1",
    "COMPOSE_OWNER_PASSWORD": "owner1",
    "COMPOSE_APP_PASSWORD": "app1",
    "COMPOSE_CERTIFICATES": "/etc/servicedesk",
    "METRICS_TOKEN": "a-token-of-some-length",
}
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
OURS = {name: service for name, service in COMPOSE["services"].items() if service.get("image") == "servicedesk"}


def interpolated(text: str) -> str:
    """${NAME}, ${NAME:-default} and ${NAME:?error} as compose fills them in from .env."""

    def value(found: re.Match[str]) -> str:
        name, kind, rest = found[1], found[2], found[3] or ""
        given = FILLED_IN.get(name, "")
        assert given or kind != ":?", f"{name} must be filled in"
        return given or rest

    return re.sub(r"\$\{(\w+)(?:(:[-?])([^}]*))?\}", value, text)


def environment_of(service: str, servers: embedded.ServerSet, scratch: Path) -> dict[str, str]:
    """The file's environment, with the two host names replaced by our servers' sockets and the volume by a folder."""
    given = {name: interpolated(str(text)) for name, text in OURS[service]["environment"].items()}
    hosts = {
        "@postgres:5432/servicedesk": f"@/servicedesk?host={servers.sockets}",
        "redis://redis:6379/0": f"unix://{servers.sockets}/redis.sock?db=0",
        "/files": str(scratch / "files"),
        "/backups": str(scratch / "backups"),
    }
    for host, here in hosts.items():
        given = {name: text.replace(host, here) for name, text in given.items()}
    bin_folder = str(Path(sys.executable).parent)
    return plain_environment(**given) | {"PATH": f"{bin_folder}:{os.environ['PATH']}", "TMPDIR": str(scratch)}


def command_of(service: str, scratch: Path, port: int = 0) -> list[str]:
    """The file's command, listening on a port of the loopback that is free here and keeping its files in the scratch folder."""
    here = {"0.0.0.0": "127.0.0.1", "8000": str(port), "/tmp/beat": str(scratch / "beat")}  # noqa: S104  # replaced, not bound
    return [here.get(word, word) for word in OURS[service]["command"]]


def health_command(service: str, scratch: Path, port: int = 0) -> list[str]:
    words = OURS[service]["healthcheck"]["test"]
    assert words[0] == "CMD"
    return [word.replace("127.0.0.1:8000", f"127.0.0.1:{port}").replace("/tmp/", f"{scratch}/") for word in words[1:]]


@pytest.fixture(scope="module")
def scratch() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="compose-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def servers(scratch: Path) -> Iterator[embedded.ServerSet]:
    """The project's own servers in place of the two images, migrated by the service `migrate`."""
    forget(NAME)
    with embedded.hold(NAME) as hold:
        done = subprocess.run(
            command_of("migrate", scratch), cwd=ROOT, env=environment_of("migrate", hold.servers, scratch), capture_output=True,
            text=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        yield hold.servers


class Running:
    """A service's command while a test looks at it."""

    def __init__(self, service: str, servers: embedded.ServerSet, scratch: Path, port: int = 0) -> None:
        self.environment = environment_of(service, servers, scratch)
        self.log = scratch / f"log-{service}"  # beat's health looks at the age of beat*
        with open(self.log, "w") as out:
            self.process = subprocess.Popen(
                command_of(service, scratch, port),
                cwd=ROOT,
                env=self.environment,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self.health = health_command(service, scratch, port)

    def is_healthy(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        return subprocess.run(self.health, env=self.environment, capture_output=True, check=False).returncode == 0

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)  # what `docker stop` sends
        try:
            ended, said = self.process.wait(20), self.log.read_text()
            # Celery's beat closes its schedule in the signal's handler: a tick that is under way then finds it closed, and loses nothing
            cut_short = "invalid operation on closed shelf" in said
            assert ended in (0, -signal.SIGTERM) or (ended == 1 and cut_short), said
        finally:
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()


def test_the_web_serves_and_is_healthy(servers, scratch):
    port = free_port()
    with Running("web", servers, scratch, port) as web:
        wait_for(web.is_healthy, 90, "a healthy web")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            assert answer.status == 200


def test_the_worker_polls_and_is_healthy(servers, scratch):
    with Running("worker", servers, scratch) as worker:
        wait_for(worker.is_healthy, 90, "a healthy worker")
    assert "Traceback" not in worker.log.read_text()


def test_beat_rings_the_tick(servers, scratch):
    import redis

    with redis.Redis.from_url(servers.addresses()["REDIS_URL"]) as line:
        line.flushdb()
        with Running("beat", servers, scratch) as beat:
            wait_for(beat.is_healthy, 90, "a healthy beat")
            wait_for(lambda: line.llen("servicedesk"), 60, "a tick in the queue")


def test_the_database_script_makes_users_with_passwords_and_may_run_twice(servers):
    given = {name: interpolated(text) for name, text in COMPOSE["services"]["postgres"]["environment"].items()}
    programs = embedded._pg("psql").parent
    path = {"PATH": f"{programs}:{os.environ['PATH']}", "PGHOST": str(servers.sockets), "PGUSER": "postgres"}
    for _ in range(2):
        done = subprocess.run(
            [ROOT / "ops" / "compose_database.sh"],
            env=plain_environment(**given) | path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    question = "SELECT string_agg(rolname, ',' ORDER BY rolname) FROM pg_authid WHERE rolpassword LIKE 'SCRAM%'"
    asked = subprocess.run(
        ["psql", "-Atc", question], env=os.environ | path, capture_output=True, text=True, check=True
    )
    assert asked.stdout.strip() == "servicedesk_app,servicedesk_owner"


def test_postgresql_and_redis_know_their_options(servers, scratch):
    options = COMPOSE["services"]["postgres"]["command"]
    assert options[0] == "postgres"
    for name, value in (word.split("=", 1) for word in options[1:] if "=" in word):
        asked = subprocess.run(
            [embedded._pg("psql"), "-h", servers.sockets, "-U", "postgres", "-Atc", f"SELECT count(*) FROM pg_settings WHERE name = '{name}'"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert (asked.stdout.strip(), bool(value)) == ("1", True)

    words = COMPOSE["services"]["redis"]["command"]
    socket = scratch / "redis-own.sock"
    own = subprocess.Popen(
        [embedded._redis_server(), *words[1:], "--port", "0", "--unixsocket", socket],
        cwd=scratch,
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for(lambda: embedded._ask(socket, b"PING\r\n").startswith(b"+PONG"), 10, "Redis")
    finally:
        own.terminate()
        own.wait(10)


def test_the_backup_service_writes_an_archive_that_can_be_restored(servers, scratch):
    for number in (1, 2):
        done = subprocess.run(
            command_of("backup", scratch), cwd=ROOT, env=environment_of("backup", servers, scratch), capture_output=True, text=True,
            check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert len(archive.archives(scratch / "backups")) == number
    words = [sys.executable, "manage.py", "restore", "--check", str(archive.archives(scratch / "backups")[0])]
    done = subprocess.run(
        words,
        cwd=ROOT,
        env=environment_of("backup", servers, scratch),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_only_the_owners_services_know_the_owner_and_only_backup_may_write_archives():
    for name, service in OURS.items():
        assert ("DATABASE_OWNER_URL" in service["environment"]) is (name in ("migrate", "backup")), name
        assert ("backups:/backups" in service["volumes"]) is (name == "backup"), name
        assert "files:/files" in service["volumes"], name


def test_only_the_proxy_listens_and_it_reads_files_only():
    listening = [name for name, service in COMPOSE["services"].items() if "ports" in service]
    assert listening == ["proxy"]
    proxy = COMPOSE["services"]["proxy"]
    assert [volume for volume in proxy["volumes"] if not volume.endswith(":ro")] == []
    text = (ROOT / "ops" / "nginx.conf").read_text()
    inside = {str(port).rsplit(":", 1)[1] for port in proxy["ports"]}
    assert inside == set(re.findall(r"listen (\d+)", text))
    assert OURS["web"]["environment"]["SERVICEDESK_FILES_BY_PROXY"].endswith("true}")
    assert f"location {stored.PROXY_FOLDER} {{" in text
    assert "http://web:8000" in text


def test_no_service_runs_as_root_or_may_write_its_image():
    for name, service in (OURS | {"proxy": COMPOSE["services"]["proxy"]}).items():
        assert service["user"] == "10001:10001", name
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name


def test_the_file_holds_no_secret():
    for service in COMPOSE["services"].values():
        for name, value in service["environment"].items() if "environment" in service else ():
            if re.search("PASSWORD|SECRET|KEY|TOKEN|URL|DSN", name) and "redis://" not in str(value):
                assert str(value).startswith("${") or ":${" in str(value), name


def test_every_variable_of_the_file_stands_in_the_example():
    example = (ROOT / ".env.example").read_text()
    for name in set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text())):
        assert re.search(rf"^{name}=", example, flags=re.MULTILINE), name


def test_beat_is_healthy_only_when_its_file_is_fresh(scratch, servers):
    stale = scratch / "beat"
    stale.touch()
    os.utime(stale, (time.time() - 3600,) * 2)
    for other in scratch.glob("beat?*"):
        os.utime(other, (time.time() - 3600,) * 2)
    asked = subprocess.run(
        health_command("beat", scratch), env=environment_of("beat", servers, scratch), capture_output=True, check=False
    )
    assert asked.returncode == 1


def test_the_image_makes_the_same_files_as_the_bootstrap():
    made = set(re.findall(r"ops/\w+\.py", (ROOT / "ops" / "bootstrap.sh").read_text())) - {"ops/package_index.py"}
    assert made == set(re.findall(r"ops/\w+\.py", (ROOT / "Dockerfile").read_text()))
