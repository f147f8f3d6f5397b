"""The number under which something travels (运单号, domain.md 19.4). Pure."""

from __future__ import annotations

import re

_WAYBILL = re.compile(r"[0-9A-Z-]{6,32}")


def waybill(text: str) -> str | None:
    """The waybill in capitals, without blanks around it; None when it is none: 6 to 32 letters, digits and hyphens."""
    found = text.strip().upper()
    return found if _WAYBILL.fullmatch(found) else None
