"""ops/nginx.conf with a real nginx, where one is installed: TLS, files by X-Accel-Redirect, no way around Django."""

from __future__ import annotations

import http.client
import os
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from core.models import JobState
from tests import factories
from tests.setup.conftest import ROOT, free_port, wait_for

pytestmark = [
    pytest.mark.servers,
    pytest.mark.skipif(not shutil.which("nginx") or not shutil.which("openssl"), reason="no nginx or openssl here"),
]


class Proxy:
    """A running nginx in front of the live server."""

    def __init__(self, port: int, plain_port: int) -> None:
        self.port, self.plain_port = port, plain_port

    def get(self, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        line = http.client.HTTPSConnection("localhost", self.port, timeout=20, context=context)
        line.request("GET", path, headers=headers)
        response = line.getresponse()
        content = response.read()
        line.close()
        return response, content

    def answers(self) -> bool:
        try:
            return self.get("/healthz")[0].status == 200
        except OSError:
            return False


@pytest.fixture
def proxy(live_server, settings, tmp_path: Path) -> Iterator[Proxy]:
    settings.FILES_BY_PROXY = True
    settings.PROXIES = 1
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost", "-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    found = Proxy(free_port(), free_port())
    text = (ROOT / "ops" / "nginx.conf").read_text()
    for there, here in {
        " /tmp/": f" {tmp_path}/",
        "listen 8443": f"listen 127.0.0.1:{found.port}",
        "listen 8080": f"listen 127.0.0.1:{found.plain_port}",
        "/certificates/": f"{tmp_path}/",
        "alias /files/": f"alias {settings.FILES_FOLDER}/",
        "http://web:8000": live_server.url,
    }.items():
        assert there in text, there
        text = text.replace(there, here)
    (tmp_path / "nginx.conf").write_text(text)
    words = "daemon off;" + (" user root;" if os.geteuid() == 0 else "")
    with open(tmp_path / "log", "w") as log:
        process = subprocess.Popen(
            ["nginx", "-e", "stderr", "-c", tmp_path / "nginx.conf", "-g", words], stdout=log, stderr=log
        )
    try:
        wait_for(lambda: found.answers() or process.poll() is not None, 20, "nginx")
        assert process.poll() is None, (tmp_path / "log").read_text()
        yield found
    finally:
        process.terminate()
        process.wait(10)


def test_files_come_through_the_proxy_for_who_may_have_them(proxy, people, sign_in):
    name = default_storage.save("tests/结果 1%.csv", ContentFile(b"a;b" * 1000))
    try:
        job = factories.job(people.person("dispatcher"), state=JobState.DONE, result_file=name)
        address = reverse("partners:task_result", args=[job.public_id])

        def as_(who: str) -> dict[str, str]:
            client = sign_in(getattr(people, who))
            return {"Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())}

        response, content = proxy.get(address, **as_("dispatcher"))
        assert (response.status, content) == (200, b"a;b" * 1000)
        assert response.headers["Content-Type"].startswith("text/csv")
        assert response.headers["Content-Disposition"].startswith("attachment; ")
        assert response.headers["Cache-Control"] == "private, no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
        assert response.headers["X-Request-ID"]
        assert "X-Accel-Redirect" not in response.headers
        assert "ETag" not in response.headers
        assert proxy.get(address, **as_("stranger"))[0].status == 404
        assert proxy.get(address)[0].status == 302
        response, content = proxy.get(f"/protected-files/{quote(name)}", **as_("dispatcher"))
        assert response.status == 404, "nobody gets there without Django's answer"
        assert b"a;b" not in content
    finally:
        default_storage.delete(name)


def test_the_front_door_shows_no_figures_and_believes_no_forged_address(proxy, settings):
    assert proxy.get("/metrics")[0].status == 404
    settings.METRICS_TOKEN = "a-token-of-some-length"
    assert proxy.get("/metrics", Authorization="Bearer a-token-of-some-length")[0].status == 404
    assert proxy.get("/metrics/", Authorization="Bearer a-token-of-some-length")[0].status == 404


def test_plain_http_leads_to_https(proxy):
    line = http.client.HTTPConnection("127.0.0.1", proxy.plain_port, timeout=10)
    line.request("GET", "/sign-in/?next=/", headers={"Host": "service.example.com"})
    response = line.getresponse()
    assert (response.status, response.headers["Location"]) == (301, "https://service.example.com/sign-in/?next=/")
    line.close()
