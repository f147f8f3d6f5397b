"""What must not stand in a group's chat: telephone numbers and amounts of money (domain.md 2.3)."""

from __future__ import annotations

import re

_HIDDEN = "***"
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")

#: as domain.md 8.1 writes numbers; not inside a longer code such as BX-CS01-202606-0017
_PHONE = re.compile(
    r"(?<![0-9A-Za-z.])(?:\+?86[ -]?)?(?:1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0\d{2,3}[ -]?\d{7,8}(?:-\d{1,6})?|[48]00[ -]?\d{3}[ -]?\d{4})"
    r"(?!\d)"
)
_AMOUNT = re.compile(
    r"(?:[¥￥]|RMB|CNY|人民币)\s*\d[\d,]*(?:\.\d+)?(?:\s*[万元])*|(?<![0-9A-Za-z.])\d[\d,]*(?:\.\d+)?\s*(?:万元|万块|元|块钱|yuan)",
    re.IGNORECASE,
)


def discreet(text: str) -> str:
    """The text with `***` in place of every telephone number and amount of money in it; codes, counts and dates stay."""
    plain = text.translate(_FULL_WIDTH)
    return _AMOUNT.sub(_HIDDEN, _PHONE.sub(_HIDDEN, plain))
