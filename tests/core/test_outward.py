"""Nothing that is posted outside can be turned inside: what an address may be, where its name may lead, and what an answer may do."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from core import outward
from core.outward import Fault, Line, Unsent
from tests.receivers import posts

PUBLIC = "93.184.215.14"


class Names:
    """The name server of these tests: name -> addresses; `asked` counts the questions."""

    def __init__(self) -> None:
        self.known: dict[str, list[str]] = {}
        self.asked: list[str] = []

    def answer(self, host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        self.asked.append(host)
        if host not in self.known:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [
            (socket.AF_INET6 if ":" in ip else socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))
            for ip in self.known[host]
        ]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    made = Names()
    monkeypatch.setattr(socket, "getaddrinfo", made.answer)
    return made


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """To which addresses sockets were connected; nothing really leaves this machine."""
    seen: list[Any] = []

    def connect(self: socket.socket, where: Any) -> None:
        seen.append(where)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    return seen


@pytest.fixture
def inside(settings: Any) -> Iterator[Any]:
    """A receiver on loopback, its host opened as NOTICES_ALLOW_HOSTS would."""
    settings.NOTICES_ALLOW_HOSTS = frozenset({"127.0.0.1"})
    with posts() as receiver:
        yield receiver


def fault(url: str) -> Fault:
    with pytest.raises(Unsent) as caught:
        outward.check(url)
    return caught.value.fault


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", Fault.WRITTEN),
        ("https://robot.example/a b", Fault.WRITTEN),
        ("https://robot.example/a\nHost: x", Fault.WRITTEN),
        ("https://robot.example\\@127.0.0.1/", Fault.WRITTEN),
        ("https://robot.example/#fragment", Fault.WRITTEN),
        ("https://[::1/", Fault.WRITTEN),
        ("https://robot.example:99999999/", Fault.WRITTEN),
        ("http://robot.example/", Fault.SCHEME),
        ("ftp://robot.example/", Fault.SCHEME),
        ("file:///etc/passwd", Fault.SCHEME),
        ("gopher://127.0.0.1:6379/_FLUSHALL", Fault.SCHEME),
        ("//robot.example/", Fault.SCHEME),
        ("https://", Fault.HOST),
        ("https://localhost/", Fault.HOST),
        ("https://redis/", Fault.HOST),
        ("https://user@robot.example/", Fault.HOST),
        ("https://user:secret@robot.example/", Fault.HOST),
        ("https://robot.example@127.0.0.1/", Fault.HOST),
        ("https://@robot.example/", Fault.HOST),
        ("https://127.0.0.1/", Fault.HOST),
        ("https://10.0.0.7/", Fault.HOST),
        ("https://2130706433/", Fault.HOST),  # 127.0.0.1 as one number
        ("https://0x7f000001/", Fault.HOST),
        ("https://0x7f.1/", Fault.HOST),
        ("https://017700000001/", Fault.HOST),
        ("https://127.1/", Fault.HOST),
        ("https://[::1]/", Fault.HOST),
        ("https://[::ffff:127.0.0.1]/", Fault.HOST),
        ("https://[fe80::1%25eth0]/", Fault.HOST),
        ("https://robot.example./", Fault.HOST),
        ("https://röbot.example/", Fault.WRITTEN),
        ("https://robot.example:80/", Fault.PORT),
        ("https://robot.example:6379/", Fault.PORT),
        ("https://robot.example:0/", Fault.PORT),
        ("https://nobody.example/", Fault.UNKNOWN),
    ],
)
def test_an_address_of_the_wrong_kind_is_not_even_looked_up(names, dialled, url, expected):
    names.known["robot.example"] = [PUBLIC]
    assert fault(url) is expected
    assert names.asked == (["nobody.example"] if expected is Fault.UNKNOWN else [])
    assert dialled == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104  # an address that is asked about, nothing is bound to it
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "::7f00:1",
        "fe80::1",
        "fec0::1",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:127.0.0.1",
        "::ffff:93.184.215.14",
        "64:ff9b::7f00:1",
        "64:ff9b::a01:203",
        "64:ff9b:1::7f00:1",
        "2002:7f00:1::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "fe80::1%eth0",
        "nonsense",
    ],
)
def test_a_name_that_leads_to_a_place_that_is_not_public_is_refused(names, dialled, address):
    names.known["robot.example"] = [PUBLIC, address]  # one public address does not make the other one good
    assert fault("https://robot.example/") is Fault.INSIDE
    with Line() as line, pytest.raises(Unsent) as caught:
        line.post("https://robot.example/hook", b"{}", {})
    assert caught.value.fault is Fault.INSIDE
    assert dialled == []


@pytest.mark.parametrize("address", [PUBLIC, "114.114.114.114", "2606:4700:4700::1111", "240e:4c:4008::1"])
def test_a_name_that_leads_to_the_public_internet_is_taken(names, address):
    names.known["robot.example"] = [address]
    outward.check("https://robot.example/hook?key=1")


def test_the_address_that_was_looked_at_is_the_one_that_is_dialled(names, dialled):
    """DNS rebinding: the name server answers something else to the next question, which is never asked."""
    names.known["robot.example"] = [PUBLIC]
    real = names.answer

    def rebind(host: str, port: int, *more: Any, **options: Any) -> list[Any]:
        found = real(host, port, *more, **options)
        names.known["robot.example"] = ["127.0.0.1"]
        return found

    socket.getaddrinfo = rebind  # type: ignore[assignment]  # the fixture puts the real one back
    with Line() as line, pytest.raises(Unsent) as caught:
        line.post("https://robot.example/hook", b"{}", {})
    assert caught.value.fault is Fault.UNREACHED
    assert dialled == [(PUBLIC, 443)]
    assert names.asked == ["robot.example"]
    assert fault("https://robot.example/hook") is Fault.INSIDE, "checked again with every connection"


def test_an_opened_host_may_be_inside_by_http_and_on_any_port(inside):
    with Line() as line:
        answer = line.post(f"{inside.url}/hook?key=abc", b'{"a": 1}', {"X-Message-ID": "m1"})
    assert (answer.status, answer.body) == (200, b'{"errcode": 0, "code": 0}')
    (post,) = inside.received
    assert (post.path, post.json, post.headers["X-Message-ID"]) == ("/hook?key=abc", {"a": 1}, "m1")
    assert post.headers["Host"] == f"127.0.0.1:{inside.port}"


def test_only_the_hosts_that_are_named_are_opened(inside, settings):
    settings.NOTICES_ALLOW_HOSTS = frozenset({"gateway.internal"})
    assert fault(inside.url) is Fault.SCHEME
    assert inside.received == []


def test_a_redirect_is_an_answer_and_is_not_followed(inside):
    with posts() as other:
        inside.says(302, None, Location=f"{other.url}/metadata")
        with Line() as line:
            assert line.post(f"{inside.url}/hook", b"{}", {}).status == 302
        assert other.received == []


def test_a_proxy_of_the_environment_is_not_used(inside, monkeypatch):
    with posts() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        with Line() as line:
            line.post(f"{inside.url}/hook", b"{}", {})
        assert len(inside.received) == 1 and proxy.received == []


def test_of_a_long_answer_only_the_beginning_is_read(inside):
    inside.answer = lambda post: (200, {}, b"x" * 1_000_000)
    with Line() as line:
        assert len(line.post(f"{inside.url}/hook", b"{}", {}).body) == outward.LARGEST
        inside.says(200, {"code": 0})
        assert line.post(f"{inside.url}/hook", b"{}", {}).body == b'{"code": 0}', "the rest does not come back"


def test_one_connection_is_kept_and_made_anew_when_the_other_side_hung_up(inside):
    with Line() as line:
        for _ in range(3):
            line.post(f"{inside.url}/hook", b"{}", {})
        assert inside.connections == 1
        assert line._socket is not None
        line._socket.shutdown(socket.SHUT_RDWR)
        line.post(f"{inside.url}/hook", b"{}", {})
    assert (inside.connections, len(inside.received)) == (2, 4)


def test_who_does_not_answer_is_not_waited_for(inside, monkeypatch):
    monkeypatch.setattr(outward, "PATIENCE", 0.3)
    inside.hang.set()
    with Line() as line, pytest.raises(Unsent) as caught:
        line.post(f"{inside.url}/hook", b"{}", {})
    assert caught.value.fault is Fault.TIMEOUT


@pytest.mark.parametrize(
    "drip", [b"HTTP/1.1 200 OK\r\n" * 10, b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n" + b"x" * 90]
)
def test_who_sends_a_byte_now_and_then_holds_nobody_up(inside, monkeypatch, drip):
    monkeypatch.setattr(outward, "WHOLE", 0.9)
    inside.drip = drip
    with Line() as line, pytest.raises(Unsent) as caught:
        line.post(f"{inside.url}/hook", b"{}", {})
    assert caught.value.fault is Fault.TIMEOUT


def test_a_name_server_that_does_not_answer_is_not_waited_for(monkeypatch):
    import threading

    never = threading.Event()
    monkeypatch.setattr(outward, "PATIENCE", 0.2)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: never.wait(20))
    assert fault("https://robot.example/") is Fault.TIMEOUT
    never.set()


def test_nobody_there_and_nonsense_are_told_apart(inside):
    inside.drip, inside.pause = b"hello\r\n\r\n", 0.0
    with Line() as line:
        with pytest.raises(Unsent) as caught:
            line.post(f"{inside.url}/hook", b"{}", {})
        assert caught.value.fault is Fault.NONSENSE
        with pytest.raises(Unsent) as caught:
            line.post("http://127.0.0.1:9/hook", b"{}", {})
        assert caught.value.fault is Fault.UNREACHED


def test_a_fault_tells_nothing_of_the_address(names):
    with pytest.raises(Unsent) as caught:
        Line().post("https://nobody.example/hook?key=geheim", b"{}", {})
    assert "geheim" not in repr(caught.value) and "geheim" not in repr(outward.read("https://a.example/?key=geheim"))


# ── TLS ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Key and certificate of robot.example, signed by itself."""
    folder = tmp_path_factory.mktemp("tls")
    key, found = folder / "key.pem", folder / "both.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(found), "-days", "2",
         "-subj", "/CN=robot.example", "-addext", "subjectAltName=DNS:robot.example"],
        check=True, capture_output=True,
    )  # fmt: skip
    found.write_bytes(key.read_bytes() + found.read_bytes())
    return found


@pytest.fixture
def secure(certificate: Any, settings: Any, names: Names) -> Iterator[Any]:
    """A receiver with TLS on loopback, reached by two names."""
    settings.NOTICES_ALLOW_HOSTS = frozenset({"robot.example", "other.example"})
    names.known |= {"robot.example": ["127.0.0.1"], "other.example": ["127.0.0.1"]}
    with posts(certificate) as receiver:
        yield receiver


def test_a_certificate_that_nobody_vouches_for_ends_it(secure):
    with Line() as line, pytest.raises(Unsent) as caught:
        line.post(f"https://robot.example:{secure.port}/hook", b"{}", {})
    assert caught.value.fault is Fault.TLS
    assert secure.received == []


def test_the_certificate_has_to_be_the_names(secure, certificate, monkeypatch):
    monkeypatch.setitem(os.environ, "SSL_CERT_FILE", str(certificate))
    with Line() as line:
        assert line.post(f"https://robot.example:{secure.port}/hook", b"{}", {}).status == 200
        with pytest.raises(Unsent) as caught:
            line.post(f"https://other.example:{secure.port}/hook", b"{}", {})
    assert caught.value.fault is Fault.TLS
    assert len(secure.received) == 1
