"""What leaves in one piece, as facts: the worker claims it, `documents` puts it into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Part:
    """One notice in a message."""

    kind: str
    params: Mapping[str, Any]
    url: str
    urgent: bool
    at: datetime


@dataclass(frozen=True)
class Message:
    """Notices that go together to one address. id: the same at every try. language: of its reader, "" as the portal's.

    code: the six digits that a mail tells to prove its address.
    """

    id: str
    to: str
    language: str
    parts: tuple[Part, ...]
    code: str = field(default="", repr=False)
