"""Telephone numbers that people sign in with: mobile numbers of China (domain.md 8.1)."""

from __future__ import annotations

import re

_MOBILE = re.compile(r"1[3-9]\d{9}")


def normalised(text: str) -> str:
    """The number without spaces, dashes and +86, as it is stored: "+86 138-0013-8000" -> "13800138000"."""
    digits = re.sub(r"[\s\-()+]", "", text)
    return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits


def is_mobile(digits: str) -> bool:
    """Whether it is a mobile number of 11 digits."""
    return _MOBILE.fullmatch(digits) is not None
