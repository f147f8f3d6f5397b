"""The hash over what was signed: printed on the slip, compared later (domain.md 8.5)."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def content_hash(content: dict[str, Any]) -> str:
    """SHA-256, hex, over the content in one canonical spelling: sorted keys, no spaces, numbers and dates as text."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()
