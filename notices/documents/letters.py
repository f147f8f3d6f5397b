"""What leaves, in words: the first line says what to do, a link leads to the page. Plain text but for mail, which has both.

People read their own language; a group reads the portal's. Nothing here is markup that a name or a reason could break out of: robots get
plain text (飞书 text nodes), the HTML of a mail is escaped by its template, a subject has one line.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from core.calendars import local
from notices.calculations.messages import Message, Part
from notices.enums import MAIL_CODE, ChannelKind
from notices.queries import kinds

SUBJECT_ROOM = 100  # characters; longer ones are cut by mail programs anyway
LINE_ROOM, LONE_ROOM = 90, 500  # characters of one notice among several, and of a single one
SMS_ROOM = 120
WECOM_BYTES = 2_048

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True)
class Line:
    """One notice in words. todo: what to do, "" when nothing. when: clock time on the day it happened."""

    todo: str
    words: str
    when: str
    url: str

    @property
    def said(self) -> str:
        """What to do and what happened."""
        return _("%(todo)s: %(words)s") % {"todo": self.todo, "words": self.words} if self.todo else self.words


@dataclass(frozen=True)
class Letter:
    """A mail."""

    subject: str
    text: str
    html: str


def mail(message: Message, organisation: str) -> Letter:
    """The mail of a message. organisation: whose portal it is, in words."""
    with translation.override(message.language or settings.LANGUAGE_CODE):
        lines = _lines(message, kinds.words)
        context = {
            "lines": lines,
            "organisation": one_line(organisation),
            "settings_url": f"{settings.SITE_URL}/me/notices/",
            "language": translation.get_language(),
            "is_code": message.parts[0].kind == MAIL_CODE,
        }
        subject = lines[0].said
        if len(lines) > 1:
            subject = _("%(n)s messages, the first: %(words)s") % {"n": len(lines), "words": subject}
        return Letter(
            subject=cut(subject, SUBJECT_ROOM),
            text=render_to_string("notices/mail.txt", context),
            html=render_to_string("notices/mail.html", context),
        )


def sms(message: Message) -> str:
    """The SMS of a message: of several notices the first and how many there are."""
    with translation.override(message.language or settings.LANGUAGE_CODE):
        lines = _lines(message, kinds.words)
        words = cut(lines[0].said, SMS_ROOM)
        if len(lines) == 1:
            return f"{words} {lines[0].url}"
        told = _("%(n)s messages, the first: %(words)s") % {"n": len(lines), "words": words}
        return f"{told} {settings.SITE_URL}/notices/"


def robot_body(kind: ChannelKind, message: Message) -> dict[str, Any]:
    """What a robot is told, as its maker wants it; without telephone numbers and money (`kinds.words_for_all`)."""
    with translation.override(settings.LANGUAGE_CODE):
        lines = _lines(message, kinds.words_for_all)
        head = _("[After-sales service]")
        if len(lines) > 1:
            head = f"{head} " + _("%(n)s messages") % {"n": len(lines)}
        if kind is ChannelKind.FEISHU:
            return {"msg_type": "post", "content": {"post": {"zh_cn": _feishu(head, lines)}}}
        text = _plain(head, lines)
        if kind is ChannelKind.WECOM:
            text = text.encode()[:WECOM_BYTES].decode(errors="ignore")
        return {"msgtype": "text", "text": {"content": text}}


def copied(words: str, url: str) -> str:
    """A notice as one takes it along by hand (复制发微信群)."""
    return f"{words}\n{settings.SITE_URL}{url}" if url.startswith("/") else words


def one_line(text: str) -> str:
    """The text in one line, without control characters and signs that turn the direction of writing."""
    return " ".join(_CONTROL.sub(" ", text).split())


def cut(text: str, room: int) -> str:
    """The text in one line of at most `room` characters."""
    line = one_line(text)
    return line if len(line) <= room else line[: room - 1] + "…"


def _lines(message: Message, in_words: Callable[[str, dict[str, Any]], str]) -> list[Line]:
    room = LONE_ROOM if len(message.parts) == 1 else LINE_ROOM
    return [_line(part, message, in_words, room) for part in message.parts]


def _line(part: Part, message: Message, in_words: Callable[[str, dict[str, Any]], str], room: int) -> Line:
    params = {**part.params, "code": message.code} if part.kind == MAIL_CODE else dict(part.params)
    return Line(
        todo=kinds.todo(part.kind),
        words=cut(in_words(part.kind, params), room),
        when=f"{local(part.at):%m-%d %H:%M}",
        url=f"{settings.SITE_URL}{part.url}" if part.url.startswith("/") else f"{settings.SITE_URL}/notices/",
    )


def _plain(head: str, lines: list[Line]) -> str:
    if len(lines) == 1:
        return f"{head}{lines[0].said}\n{lines[0].url}"
    return "\n".join([head, *(f"{n}. {line.when} {line.said}\n{line.url}" for n, line in enumerate(lines, 1))])


def _feishu(head: str, lines: list[Line]) -> dict[str, Any]:
    numbered = len(lines) > 1
    return {
        "title": head,
        "content": [
            [
                {"tag": "text", "text": f"{n}. {line.when} {line.said} " if numbered else f"{line.said} "},
                {"tag": "a", "text": _("Open"), "href": line.url},
            ]
            for n, line in enumerate(lines, 1)
        ],
    }
