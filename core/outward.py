"""A POST to an address outside the house, which nobody can turn into a way inside (docs/decisions/0009).

`check` is asked when an address is typed, `Line.post` checks again whenever it connects: the host's name is resolved here, every address it
has must be public, and the socket goes to the very address that was looked at. TLS is verified against the name. No redirect is followed, no proxy of
the environment is used, at most 64 KB of the answer are read, and the whole exchange ends after `WHOLE` seconds.
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

PATIENCE = 5.0  # seconds for a name, for a connection, and for each piece of the answer
WHOLE = 8.0  # seconds from the name to the last byte: who sends a byte now and then holds nobody up
LARGEST = 64 * 1024  # bytes of an answer that are read

#: no blank, no control character, nothing beyond ASCII, no backslash (which some programs read as a slash)
_PLAIN = re.compile(r"[!-\[\]-~]+")
#: a name whose last part begins with a letter: no number can be meant, however it is written (2130706433, 0x7f.1)
_NAME = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
#: IPv6 addresses behind which an IPv4 address stands: as IPv4-compatible, IPv4-mapped, by NAT64, 6to4 or Teredo
_DISGUISES = tuple(map(IPv6Network, ("::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))  # fmt: skip


class Fault(StrEnum):
    """Why nothing was sent, or no answer came. The first group is the address's own fault, the second may pass by itself."""

    WRITTEN = "written"  # no address at all
    SCHEME = "scheme"  # not https
    HOST = "host"  # a number in place of a name, a user name, nothing
    PORT = "port"  # not 443
    INSIDE = "inside"  # the name leads to a machine that is not in the public internet

    UNKNOWN = "unknown"  # the name was not found
    UNREACHED = "unreached"  # nobody listens, or the line broke
    TIMEOUT = "timeout"
    TLS = "tls"  # the certificate is not the name's
    NONSENSE = "nonsense"  # what came is no answer of HTTP


#: faults of the address itself: trying again cannot help, and it is no sign that the host is down
OF_THE_ADDRESS = frozenset({Fault.WRITTEN, Fault.SCHEME, Fault.HOST, Fault.PORT, Fault.INSIDE})


class Unsent(Exception):
    """The POST was not done, or nobody knows whether. Its text is the fault only: an address may be a secret."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True)
class Address:
    """An address that is well formed and of a kind that may be asked. target: path and query, which may hold a secret."""

    secure: bool
    host: str
    port: int
    target: str = field(repr=False)

    @property
    def place(self) -> tuple[bool, str, int]:
        """What one connection is good for."""
        return self.secure, self.host, self.port


@dataclass(frozen=True)
class Answer:
    """What came back: status, and at most `LARGEST` bytes of the body."""

    status: int
    body: bytes


def check(url: str) -> None:
    """Return when this address may be posted to now. Errors: Unsent, with the fault."""
    _resolved(read(url))


def read(url: str) -> Address:
    """The address in its parts, its name not resolved yet. Errors: Unsent with one of `OF_THE_ADDRESS`.

    https on port 443 to a host with a name; a host of NOTICES_ALLOW_HOSTS by http, on any port and by number, too.
    """
    if not _PLAIN.fullmatch(url) or "#" in url:
        raise Unsent(Fault.WRITTEN)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Unsent(Fault.WRITTEN) from None
    host = (parts.hostname or "").lower()
    opened = host in settings.NOTICES_ALLOW_HOSTS
    if parts.scheme not in (("https", "http") if opened else ("https",)):
        raise Unsent(Fault.SCHEME)
    if "@" in parts.netloc or not (opened or _NAME.fullmatch(host)):
        raise Unsent(Fault.HOST)
    secure = parts.scheme == "https"
    port = port if port is not None else 443 if secure else 80
    if not opened and port != 443:
        raise Unsent(Fault.PORT)
    return Address(secure, host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def is_public(text: str) -> bool:
    """Whether an IP address belongs to the public internet, and hides no other one."""
    try:
        address = ip_address(text)
    except ValueError:  # with a zone (fe80::1%eth0), or no address
        return False
    if isinstance(address, IPv6Address) and (
        address.is_site_local or any(address in network for network in _DISGUISES)
    ):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


class Line:
    """A connection to outside, kept open while posts go to the same host. Use it as a context, in one thread."""

    def __init__(self) -> None:
        self._place: tuple[bool, str, int] | None = None
        self._connection: http.client.HTTPConnection | None = None
        self._socket: socket.socket | None = None

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        for open_one in (self._connection, self._socket):
            with suppress(OSError):
                if open_one is not None:
                    open_one.close()
        self._connection = self._socket = self._place = None

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send `body` and read the answer, whatever its status; a redirect is an answer like any other.

        May arrive twice when a kept connection was closed by the other side just then. Errors: Unsent.
        """
        address = read(url)
        kept = self._connection is not None and self._place == address.place
        try:
            return self._exchange(address, body, headers)
        except Unsent as problem:
            if not kept or problem.fault is not Fault.UNREACHED:
                raise
        return self._exchange(address, body, headers)

    def _exchange(self, address: Address, body: bytes, headers: Mapping[str, str]) -> Answer:
        late = threading.Event()
        watch = threading.Timer(WHOLE, self._interrupt, [late])
        watch.daemon = True
        watch.start()
        try:
            if self._connection is None or self._place != address.place:
                self._connect(address, late)
            assert self._connection is not None
            self._connection.request("POST", address.target, body, dict(headers))
            response = self._connection.getresponse()
            answer = Answer(response.status, response.read(LARGEST))
            if response.will_close or not response.isclosed():
                self.close()
        except Unsent:
            self.close()
            raise
        except (OSError, http.client.HTTPException, ValueError) as problem:
            self.close()
            raise Unsent(Fault.TIMEOUT if late.is_set() else _fault_of(problem)) from None
        finally:
            watch.cancel()
        if late.is_set():  # cut in the middle of the body
            self.close()
            raise Unsent(Fault.TIMEOUT)
        return answer

    def _interrupt(self, late: threading.Event) -> None:
        late.set()
        with suppress(OSError, AttributeError):
            self._socket.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]  # closed meanwhile: AttributeError

    def _connect(self, address: Address, late: threading.Event) -> None:
        self.close()
        problem: OSError = OSError()
        for family, where in _resolved(address):
            if late.is_set():
                raise Unsent(Fault.TIMEOUT)
            self._socket = socket.socket(family, socket.SOCK_STREAM)
            self._socket.settimeout(PATIENCE)
            try:
                self._socket.connect(where)
                break
            except OSError as met:
                problem = met
                self._socket.close()
        else:
            raise problem
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if address.secure:
            context = ssl.create_default_context()
            secured = context.wrap_socket(self._socket, server_hostname=address.host, do_handshake_on_connect=False)
            self._socket = secured  # before it speaks: the watch has to reach it
            secured.do_handshake()
        self._connection = http.client.HTTPConnection(address.host, address.port, timeout=PATIENCE)
        self._connection.default_port = 443 if address.secure else 80  # as the header Host leaves it out
        self._connection.sock = self._socket
        self._connection.auto_open = 0  # a lost line is ours to make anew, with its checks
        self._place = address.place


def _resolved(address: Address) -> list[tuple[int, Any]]:
    """Where the host is: (family, socket address). Every one is public, or the host is opened. Errors: Unsent."""
    try:
        found = _within(lambda: socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM))
    except TimeoutError:
        raise Unsent(Fault.TIMEOUT) from None
    except (OSError, UnicodeError):
        raise Unsent(Fault.UNKNOWN) from None
    if address.host not in settings.NOTICES_ALLOW_HOSTS and not all(is_public(where[0]) for *_, where in found):
        raise Unsent(Fault.INSIDE)
    return [(family, where) for family, _kind, _protocol, _name, where in found]


def _within(ask: Callable[[], Any]) -> Any:
    """What `ask` answers within PATIENCE; the system's own search for a name knows no limit of ours. Errors: TimeoutError, its own."""
    answers: list[Any] = []
    problems: list[Exception] = []

    def run() -> None:
        try:
            answers.append(ask())
        except Exception as problem:  # noqa: BLE001  # handed on to who waits
            problems.append(problem)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    if problems:
        raise problems[0]
    if not answers:
        raise TimeoutError
    return answers[0]


def _fault_of(problem: Exception) -> Fault:
    if isinstance(problem, TimeoutError):
        return Fault.TIMEOUT
    if isinstance(problem, ssl.SSLError) and not isinstance(problem, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return Fault.TLS
    return Fault.UNREACHED if isinstance(problem, OSError) else Fault.NONSENSE
