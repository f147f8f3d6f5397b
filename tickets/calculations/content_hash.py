"""The hash over what was signed: printed on the slip, compared later (domain.md 8.5)."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any


def content_hash(content: dict[str, Any]) -> str:
    """SHA-256, hex, over the content in one canonical spelling, the same before saving and after loading.

    Sorted keys, no spaces; moments in UTC, numbers without needless zeros, tuples as lists.
    """
    text = json.dumps(_plain(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, float | Decimal):
        return f"{Decimal(str(value)).normalize() + 0:f}"  # + 0: no −0, which the database does not know
    return value
