"""What people type: telephone numbers, dates and figures as they come from a keyboard, a table or a nameplate (domain.md 18.6).

Pure functions; each gives the value in our own form or raises ValueError. The form fields over them are in `core.forms`.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time, timedelta
from decimal import Decimal, InvalidOperation

# domain.md 8.1
_PHONES = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(?:-\d{1,6})?|[48]00-?\d{3}-?\d{4}")
_DAY = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.点时](\d{2})?(?::00|分)?)|(\d{2})(\d{2})")
_SPAN_OF_DAYS = re.compile(
    r"(?:(\d{4})[-./年])?(?<!\d)(\d{1,2})[-./月](\d{1,2})(?!\d)日?"
    r"(?:\s*(?:至|到|~|-)\s*(?:(?:(\d{4})[-./年])?(\d{1,2})[-./月])?(\d{1,2})(?![\d.])日?)?"
)
MONTH = 31
_DASHES = re.compile(r"[‐‑‒–—―−ー]")
_NO_DIGIT = re.compile(r"\D")


def plain(text: str) -> str:
    """Full-width letters, digits and signs as half-width ones, no blanks around: for numbers and codes, not for prose."""
    return _DASHES.sub("-", unicodedata.normalize("NFKC", text)).strip()


def phone(text: str) -> str:
    """A Chinese telephone number as it is kept: 13800001111, 0731-88880000-12, 400-800-1234.

    Understands blanks, +86 and 0086, brackets round the area code, dots, and 转 before an extension.
    Errors: ValueError for anything but a mobile, a landline with area code or a 400/800 number (domain.md 8.1).
    """
    number = re.sub(r"转|分机|ext\.?|#|\*", "-", plain(text).lower())
    number = re.sub(r"[\s.()]", "", number)
    number = re.sub(r"-+", "-", number).strip("-")
    country = re.match(r"(?:\+86|0086)-?|86(?=1[3-9]\d{9}$)", number)
    if country:
        number = number[country.end() :]
        if not re.match(r"[1048]", number) or re.match(r"10-?\d{8}", number):
            number = "0" + number  # +86 731 …: abroad the area code is written without its 0
    for candidate in (number, number.replace("-", "")):
        if _PHONES.fullmatch(candidate):
            return candidate
    raise ValueError(f"no telephone number: {text!r}")


def digits(text: str) -> str:
    """The digits alone, without +86 or 0086: how telephone numbers are compared and searched."""
    kept = _NO_DIGIT.sub("", plain(text)).removeprefix("00")
    return kept[2:] if kept.startswith("86") and len(kept) == 13 else kept


def day(text: str) -> date:
    """A date: 2026-06-03, 2026.6.3, 2026/6/3, 20260603 or 2026年6月3日. Errors: ValueError."""
    found = _DAY.fullmatch(plain(text).replace(" ", ""))
    if not found:
        raise ValueError(f"no date: {text!r}")
    year, month, of_month = (int(part) for part in found.groups() if part)
    return date(year, month, of_month)


def clock(text: str) -> time:
    """A time on the clock: 08:30, 08:30:00, 8:30, 0830, 8点, 8点半, 8时30分; 24:00 is midnight. Errors: ValueError."""
    found = _CLOCK.fullmatch(plain(text).replace(" ", "").replace("半", "30"))
    if not found:
        raise ValueError(f"no time: {text!r}")
    hour, minute = found[1] or found[3], found[2] or found[4] or "0"
    return time() if (int(hour), int(minute)) == (24, 0) else time(int(hour), int(minute))


def days(text: str, year: int) -> list[date]:
    """All days that a line names, one by one or as spans, in the order they stand there; other words are passed over.

    "2027-02-05–2027-02-11 春节", "1月1日(周五)至3日放假", "1月4日、2月14日上班". year: of days that have none.
    Errors: ValueError when there is no day, one does not exist, or a span runs backwards or over more than a month.
    """
    found: list[date] = []
    for match in _SPAN_OF_DAYS.finditer(re.sub(r"\([^)]*\)", "", plain(text))):
        first_year, month, of_month, last_year, last_month, last_of_month = match.groups()
        first = date(int(first_year or year), int(month), int(of_month))
        last = first
        if last_of_month:
            last = date(int(last_year or first.year), int(last_month or first.month), int(last_of_month))
        if not 0 <= (last - first).days <= MONTH:
            raise ValueError(f"no span of days: {text!r}")
        found += [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if not found:
        raise ValueError(f"no day: {text!r}")
    return found


def number(text: str) -> Decimal:
    """A figure: full-width digits, thousands commas, ¥ and 元 are understood; nothing is rounded. Errors: ValueError."""
    bare = re.sub(r"^(?:¥|rmb|cny)|元$|(?<=\d),(?=\d{3}(?:\D|$))|\s", "", plain(text).lower())
    try:
        value = Decimal(bare)
    except InvalidOperation:
        raise ValueError(f"no figure: {text!r}") from None
    if not value.is_finite() or "e" in bare or "_" in bare:
        raise ValueError(f"no figure: {text!r}")
    return value
