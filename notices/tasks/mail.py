"""Mail by SMTP: one connection for as many messages as there are."""

from __future__ import annotations

import smtplib
import socket
import ssl
from contextlib import suppress
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend

from notices.calculations.messages import Message
from notices.documents import letters
from notices.enums import Problem
from notices.operations.deliver import Claim, Failure


class MailLine:
    """The installation's mail server."""

    def __init__(self) -> None:
        self.place = f"mail:{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
        self._server: EmailBackend | None = None

    def send(self, claim: Claim, message: Message) -> Failure | None:
        """Send a message; None when the server has taken it."""
        if not settings.NOTICES_MAIL:
            return Failure(Problem.NOT_CONFIGURED)
        mail = _mail(claim, message)
        kept = self._server is not None
        failure = self._try(mail)
        if failure and kept and self._server is None and failure.problem in (Problem.UNREACHED, Problem.BUSY):
            failure = self._try(mail)  # the server had enough of this connection
        return failure

    def close(self) -> None:
        """Hang up."""
        server, self._server = self._server, None
        if server is not None:
            with suppress(OSError, smtplib.SMTPException):
                server.close()

    def _try(self, mail: EmailMultiAlternatives) -> Failure | None:
        try:
            if self._server is None:
                self._server = EmailBackend()
                self._server.open()
            self._server.send_messages([mail])
        except (OSError, smtplib.SMTPException, ValueError) as problem:
            failure = _failure(problem)
            if failure.of_channel:
                self.close()
            return failure
        return None


def _mail(claim: Claim, message: Message) -> EmailMultiAlternatives:
    letter = letters.mail(message, claim.organisation)
    host = urlsplit(settings.SITE_URL).hostname
    headers = {
        "Message-ID": f"<{message.id}@{host}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    mail = EmailMultiAlternatives(letter.subject, letter.text, to=[message.to], headers=headers)
    mail.attach_alternative(letter.html, "text/html")
    return mail


def _failure(problem: Exception) -> Failure:
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(problem.recipients.values()))
        return Failure(Problem.NO_SUCH_BOX, _said(code, said), of_channel=False, final=code >= 500)
    if isinstance(problem, smtplib.SMTPAuthenticationError):
        return Failure(Problem.SIGN_IN, _said(problem.smtp_code, problem.smtp_error))
    if isinstance(problem, smtplib.SMTPDataError):
        own = problem.smtp_code >= 500
        return Failure(Problem.REFUSED, _said(problem.smtp_code, problem.smtp_error), of_channel=not own, final=own)
    if isinstance(problem, smtplib.SMTPResponseException):
        busy = problem.smtp_code in (421, 450, 451, 452)
        words = _said(problem.smtp_code, problem.smtp_error)
        return Failure(Problem.BUSY if busy else Problem.REFUSED, words)
    if isinstance(problem, smtplib.SMTPServerDisconnected):
        return Failure(Problem.UNREACHED)
    if isinstance(problem, TimeoutError):
        return Failure(Problem.TIMEOUT)
    if isinstance(problem, ssl.SSLError):
        return Failure(Problem.TLS)
    if isinstance(problem, socket.gaierror):
        return Failure(Problem.UNKNOWN)
    if isinstance(problem, smtplib.SMTPException):
        return Failure(Problem.REFUSED)
    if isinstance(problem, OSError):
        return Failure(Problem.UNREACHED)
    return Failure(
        Problem.NO_SUCH_BOX, of_channel=False, final=True
    )  # ValueError: no mail can be written to this address


def _said(code: int, said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return letters.cut(f"{code} {text}", 120)
