"""Read one cell as what its column holds (domain.md 18.6). Readers take a value and give ours, or raise `Unreadable`.

An empty cell never comes here. What typed fields understand is understood here as well (core/typed.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core import typed
from core.imports.sheets import CellError, Value

Reader = Callable[[Value], Any]

_BLANKS = re.compile(r"\s+")
_SPOILT = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)  # 6.0235E+11: a spreadsheet took the number for a figure
_FULL_DAY = re.compile(r"(\d{4}|\d{2})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?(?:[T\s].*)?")
_MONTH = re.compile(r"(\d{4}|\d{2})\s*年\s*(\d{1,2})\s*月(?:份)?|(\d{4})\s*[-./]\s*(\d{1,2})")
_WITHOUT_YEAR = re.compile(r"\d{1,2}\s*[月./-]\s*\d{1,2}\s*[日号]?")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_ZERO = date(1899, 12, 30)  # day 0 of the spreadsheets' 1900 calendar, as it counts after February 1900
EARLIEST, LATEST = date(1980, 1, 1), date(2100, 1, 1)
YES = frozenset({"是", "√", "✓", "✔", "y", "yes", "true", "1", "有", "对"})
NO = frozenset({"否", "×", "✗", "x", "n", "no", "false", "0", "无", "-", "/"})


class Unreadable(ValueError):
    """A cell that cannot be taken: a sentence for people, and what was probably meant."""

    def __init__(self, sentence: str, suggestion: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.suggestion = suggestion


def as_text(value: Value) -> str:
    """Any value as text, as a person would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}"
    return str(value)


def text(length: int) -> Reader:
    """Prose of at most `length` characters; blanks and line breaks become one blank."""

    def read(value: Value) -> str:
        _no_error(value)
        found = _BLANKS.sub(" ", as_text(value)).strip()
        if len(found) > length:
            raise Unreadable(_("at most %(n)s characters") % {"n": length})
        return found

    return read


def code(length: int) -> Reader:
    """A number or code: full-width signs become plain ones; what a spreadsheet has rounded is refused."""

    def read(value: Value) -> str:
        _no_error(value)
        if isinstance(value, date):
            raise Unreadable(_("Excel has made a date of it; format the column as text and type it again"))
        rounded = (isinstance(value, int | float) and abs(value) >= 10**15) or (
            isinstance(value, float) and not value.is_integer() and abs(value) >= 10**6
        )
        found = _BLANKS.sub(" ", typed.plain(as_text(value)))
        if rounded or _SPOILT.fullmatch(found):
            raise Unreadable(_("Excel has rounded this number; format the column as text and type it again"))
        if len(found) > length:
            raise Unreadable(_("at most %(n)s characters") % {"n": length})
        return found

    return read


def codes(length: int) -> Reader:
    """Several codes in one cell, split by 、 , ; / or a line break (domain.md 18.6): a list."""
    one = code(length)

    def read(value: Value) -> list[str]:
        if not isinstance(value, str) or isinstance(value, CellError):
            return [one(value)]
        parts = re.split(r"[、,，;；\n\r]+", value)
        slashed = [piece for part in parts for piece in part.split("/")]
        if all(len(piece.strip()) >= 5 for piece in slashed):  # "2603B017/018" is one number and a short form, not two
            parts = slashed
        return [one(part) for part in parts if part.strip()]

    return read


def day(value: Value) -> date:
    """A day; 2026.6.3, 2026/6/3, 20260603, 2026年6月3日, 26.6.3, 46176; a month alone (26年6月) is its first day."""
    _no_error(value)
    if isinstance(value, datetime):
        return _within(value.date())
    if isinstance(value, date):
        return _within(value)
    written = unicodedata.normalize("NFKC", as_text(value)).strip()
    if found := _FULL_DAY.fullmatch(written):
        year, month, of_month = map(int, found.groups())
        return _date(year, month, of_month)
    if re.fullmatch(r"(?:19|20)\d{6}", written):
        return _date(int(written[:4]), int(written[4:6]), int(written[6:]))
    if found := _MONTH.fullmatch(written):
        year, month = (int(part) for part in found.groups() if part)
        return _date(year, month, 1)
    if _SERIAL.fullmatch(written):
        return _within(_ZERO + timedelta(days=int(float(written))))
    if _WITHOUT_YEAR.fullmatch(written):
        raise Unreadable(_("the year is missing"))
    raise Unreadable(_("write the date as 2026-06-03"))


def phone(value: Value) -> str:
    """A telephone number, also with blanks or +86."""
    _no_error(value)
    written = as_text(value)
    if _SPOILT.fullmatch(written.strip()):
        raise Unreadable(_("Excel has rounded this number; format the column as text and type it again"))
    try:
        return typed.phone(written)
    except ValueError:
        raise Unreadable(_("no telephone number: 11 digits, or 0731-88880000 with area code")) from None


def amount(highest: Decimal = Decimal("9999999999.99"), *, places: int = 2) -> Reader:
    """A figure from 0 with at most `places` decimals; ¥, 元 and thousands commas are understood."""

    def read(value: Value) -> Decimal:
        _no_error(value)
        if isinstance(value, bool | date):
            raise Unreadable(_("write a figure, for example 1250.00"))
        try:
            found = Decimal(repr(value)) if isinstance(value, float) else typed.number(as_text(value))
        except (ValueError, ArithmeticError):
            raise Unreadable(_("write a figure, for example 1250.00")) from None
        if not 0 <= found <= highest:
            raise Unreadable(_("the figure must lie between 0 and %(n)s") % {"n": highest})
        unit = Decimal(1).scaleb(-places)
        exact = found.quantize(unit)
        if exact != found and not isinstance(value, float):
            raise Unreadable(_("at most %(n)s decimals") % {"n": places})
        return exact

    return read


def yes(value: Value) -> bool:
    """是, √, Y … or 否, ×, N …"""
    _no_error(value)
    if isinstance(value, bool):
        return value
    word = unicodedata.normalize("NFKC", as_text(value)).strip().casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise Unreadable(_("write 是 or 否"))


def choice(words: Mapping[str, str]) -> Reader:
    """One of a few words (squeezed word -> our value)."""

    def read(value: Value) -> str:
        _no_error(value)
        found = words.get(squeezed(as_text(value)))
        if found is None:
            raise Unreadable(_("not one of the known words"), nearest(as_text(value), words))
        return found

    return read


def squeezed(text: str) -> str:
    """Letters, digits and Chinese signs alone, in small letters: how names and codes are compared."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())


def nearest(word: str, known: Mapping[str, Any] | list[str], cutoff: float = 0.75) -> str:
    """The known word that was probably meant, or ""."""
    from difflib import get_close_matches

    plain = {squeezed(one): one for one in known}
    asked = squeezed(word)
    if asked in plain:
        return plain[asked]
    return next((plain[one] for one in get_close_matches(asked, plain, n=1, cutoff=cutoff)), "")


def _no_error(value: Value) -> None:
    if isinstance(value, CellError):
        raise Unreadable(_("the formula has no value (%(error)s)") % {"error": str(value)})


def _date(year: int, month: int, of_month: int) -> date:
    try:
        return _within(date(year + 2000 if year < 100 else year, month, of_month))
    except (ValueError, OverflowError) as problem:
        if isinstance(problem, Unreadable):
            raise
        raise Unreadable(_("there is no such day")) from None


def _within(found: date) -> date:
    if not EARLIEST <= found < LATEST:
        raise Unreadable(_("the year cannot be right"))
    return found
