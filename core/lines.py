"""Lines of text as paper sets them: how wide a text is, and where it breaks. For papers whose places are fixed to the millimetre."""

from __future__ import annotations

import re
from functools import lru_cache

from PIL import ImageFont

from core.fonts import noto_file

_UNIT = 1000
#: never the first in a line; the sign before them comes along
CLOSING = frozenset(",。;:、?!)》”’」』】〕%‰℃,.;:?!)]}")
#: a word stays whole up to this length: a serial number, a model
_WORD = re.compile(r"[!-~]{1,24}|.", re.DOTALL)


@lru_cache(maxsize=8192)
def width(text: str) -> float:
    """Width of a text in em, set in the regular weight. Errors: core.fonts.NoFont."""
    return float(sum(_advance(sign) for sign in text))


def broken(text: str, room: float) -> list[str]:
    """The text in lines of at most `room` em; joined again it is the text without the blanks and breaks between lines.

    Chinese breaks anywhere but before closing signs, a Latin word only when it is longer than a line or 24 signs.
    """
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        line = ""
        for word in _WORD.findall(paragraph):
            piece = word
            while line and width(line + piece.rstrip()) > room:
                kept, line = _cut(line, piece)
                lines.append(kept)
            while width(piece) > room and len(piece) > 1:
                end = next(at for at in range(len(piece), 0, -1) if at == 1 or width(piece[:at]) <= room)
                lines.append(piece[:end])
                piece = piece[end:]
            line = (line + piece) if line else piece.lstrip()
        lines.append(line.rstrip())
    return lines


def _cut(line: str, following: str) -> tuple[str, str]:
    """What stays on the full line, and what goes on to the next before `following`."""
    at = len(line)
    if following[0] in CLOSING:
        at -= len(_WORD.findall(line)[-1])
    if at <= 0 or not line[:at].strip():
        at = len(line)
    return line[:at].rstrip(), line[at:].lstrip()


@lru_cache(maxsize=8192)
def _advance(sign: str) -> float:
    return _font().getlength(sign) / _UNIT


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont:
    path, face = noto_file()
    return ImageFont.truetype(str(path), _UNIT, index=face)
