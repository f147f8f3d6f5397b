"""Reading what belongs to printing: a dealer's look, his printers, the numbers of paper forms."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.tenancy import Tier, Viewer
from tickets.models import Printer, PrintSettings, Slip

#: at most so many missing numbers are written out
MOST_MISSING = 2_000


def settings(viewer: Viewer) -> PrintSettings:
    """The viewer's print settings; a dealer who never saved any, and everybody else, has the defaults (not saved)."""
    if viewer.tier is not Tier.DEALER:
        return PrintSettings()
    return PrintSettings.objects.visible_to(viewer).first() or PrintSettings(dealer_id=viewer.org)


def printers(viewer: Viewer) -> list[Printer]:
    """The dealer's printers by name."""
    return list(Printer.objects.visible_to(viewer).order_by("name"))


def printer(viewer: Viewer, public_id: str) -> Printer:
    """A printer. Errors: NotFound."""
    return Printer.objects.visible_to(viewer).one(public_id=public_id)


@dataclass(frozen=True)
class Series:
    """Paper numbers with the same beginning and as many digits. missing: those between lowest and highest that no slip has."""

    lowest: str
    highest: str
    used: int
    missing: tuple[str, ...]
    more: int = 0


def paper_series(viewer: Viewer) -> list[Series]:
    """缺号: for every series of paper forms the numbers missing between the lowest and the highest used (domain.md 8.3).

    A number is a beginning and digits (A0001234); void slips count as used. One without digits at its end is in no series.
    """
    rows = Slip.objects.visible_to(viewer).exclude(paper_number="").order_by("paper_number")
    found: dict[tuple[str, int], set[int]] = {}
    for number in rows.values_list("paper_number", flat=True):
        if match := re.fullmatch(r"(.*?)(\d{1,12})", number):
            found.setdefault((match[1], len(match[2])), set()).add(int(match[2]))
    return [_series(start, digits, used) for (start, digits), used in sorted(found.items())]


def _series(start: str, digits: int, used: set[int]) -> Series:
    lowest, highest = min(used), max(used)
    missing = []
    for number in range(lowest, highest):
        if number not in used:
            missing.append(f"{start}{number:0{digits}d}")
            if len(missing) == MOST_MISSING:
                break
    more = highest - lowest + 1 - len(used) - len(missing)
    return Series(f"{start}{lowest:0{digits}d}", f"{start}{highest:0{digits}d}", len(used), tuple(missing), more)
