"""What must not stand in a log: the tokens of invitation and reset links (no names and no numbers are logged anyway)."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

_SECRET = re.compile(r"(/link/)[\w-]+")


def hide_secrets(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Processor of structlog: a link keeps its address without its token."""
    for key, value in event.items():
        if isinstance(value, str) and "/link/" in value:
            event[key] = _SECRET.sub(r"\1…", value)
    return event
