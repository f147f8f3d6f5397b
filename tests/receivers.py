"""What lies outside the house, on loopback: a receiver of HTTP posts (robots, SMS gateway) and a receiver of mail.

Each runs in threads of its own, keeps what arrives, and can be told to misbehave. `with posts() as robots: … robots.received`.
"""

from __future__ import annotations

import email.message
import email.policy
import json
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


@dataclass
class Post:
    """One request that arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Posts:
    """A receiver of HTTP posts. answer: makes (status, headers, body) of each; replaced by a test that wants another one."""

    port: int = 0
    received: list[Post] = field(default_factory=list)
    connections: int = 0
    answer: Callable[[Post], tuple[int, dict[str, str], bytes]] = lambda post: (200, {}, b'{"errcode": 0, "code": 0}')
    #: while it is set, nothing is answered
    hang: threading.Event = field(default_factory=threading.Event)
    #: bytes that are sent one by one in place of an answer, and the pause after each in seconds
    drip: bytes = b""
    pause: float = 0.5
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def says(self, status: int = 200, body: Any = None, **headers: str) -> None:
        """Answer so from now on; body: JSON."""
        content = b"" if body is None else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answer = lambda post: (status, named, content)


@contextmanager
def posts(certificate: Path | None = None) -> Iterator[Posts]:
    """An HTTP receiver, with TLS when it has a certificate (a file with key and certificate)."""
    kept = Posts()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # head and body of the answer in two parts: 40 ms each time otherwise

        def setup(self) -> None:
            kept.connections += 1
            super().setup()

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            post = Post(self.path, dict(self.headers), self.rfile.read(length))
            kept.received.append(post)
            if kept.hang.is_set():
                self.close_connection = True
                kept.over.wait(30)
                return
            if kept.drip:
                self.close_connection = True
                for byte in kept.drip:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    if kept.over.wait(kept.pause):
                        break
                return
            status, headers, body = kept.answer(post)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that hung up is what some tests are about."""

    server = Server(("127.0.0.1", 0), Handler)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    kept.port = server.server_address[1]
    with _running(server):
        yield kept
        kept.over.set()


@dataclass
class Mails:
    """A receiver of mail. refuse: address -> answer to RCPT. data_answer: to the end of a message. greeting: what it says first."""

    port: int = 0
    received: list[email.message.EmailMessage] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    connections: int = 0
    refuse: dict[str, str] = field(default_factory=dict)
    data_answer: str = "250 taken"
    greeting: str = "220 test ready"
    #: hang up after so many messages of one connection
    most: int = 1_000
    #: seconds that a message takes
    takes: float = 0.0
    hang: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)


@contextmanager
def mails() -> Iterator[Mails]:
    """A mail receiver without TLS and sign-in."""
    kept = Mails()

    class Handler(socketserver.StreamRequestHandler):
        def say(self, text: str) -> None:
            self.wfile.write(text.encode() + b"\r\n")

        def handle(self) -> None:
            kept.connections += 1
            if kept.hang.is_set():
                kept.over.wait(30)
                return
            self.say(kept.greeting)
            taken, recipient = 0, ""
            while line := self.rfile.readline():
                verb, _colon, rest = line.decode().strip().partition(":")
                verb = verb.split(" ")[0].upper() if not rest else verb.upper()
                address = rest.strip().split(">")[0].strip("<")
                if verb == "EHLO":
                    self.say("250-test\r\n250 SMTPUTF8")
                elif verb == "RCPT TO" and address in kept.refuse:
                    self.say(kept.refuse[address])
                elif verb == "DATA":
                    self.say("354 go on")
                    lines = []
                    while (part := self.rfile.readline()) != b".\r\n":
                        lines.append(part[1:] if part.startswith(b"..") else part)
                    kept.over.wait(kept.takes)
                    if kept.data_answer.startswith("2"):
                        message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
                        kept.received.append(message)  # type: ignore[arg-type]  # the policy makes EmailMessage
                        kept.to.append(recipient)
                    self.say(kept.data_answer)
                    taken += 1
                    if taken >= kept.most:
                        return
                elif verb == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    recipient = address if verb == "RCPT TO" else recipient
                    self.say("250 well")

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

        def handle_error(self, *_: object) -> None:
            """A client that hung up is what some tests are about."""

    server = Server(("127.0.0.1", 0), Handler)
    kept.port = server.server_address[1]
    with _running(server):
        yield kept
        kept.over.set()


@contextmanager
def _running(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
