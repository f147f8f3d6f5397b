"""Which paper something is printed on (domain.md 10, 17)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.errors import NotFound
from tickets.enums import SheetPaper


def chosen_paper(data: Mapping[str, Any]) -> SheetPaper:
    """The paper that an address or form names; A4 without one. Errors: NotFound for one that we do not have."""
    try:
        return SheetPaper(data.get("paper") or SheetPaper.A4)
    except ValueError:
        raise NotFound from None
