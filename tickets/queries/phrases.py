"""Words to tap instead of typing: what the technician wrote lately, then the dictionary (ui.md 3.1, domain.md 18.1)."""

from __future__ import annotations

from dataclasses import dataclass

from core.dictionaries import lists
from core.models.dictionary import DictionaryKind
from core.tenancy import Viewer
from tickets.models import FaultLine, Ticket

OWN_TICKETS = 12
OWN_PHRASES = 4
LONGEST = 28  # more does not fit on one line of a phone


@dataclass(frozen=True)
class Phrases:
    """Phrases per field of a fault line."""

    diagnosis: list[str]
    cause: list[str]
    solution: list[str]


def of_technician(viewer: Viewer) -> Phrases:
    """The viewer's own last words, newest first, then the dictionary's."""
    own = Ticket.objects.visible_to(viewer).filter(lead_person_id=viewer.person_id)
    ids = list(own.order_by("-reported_at").values_list("id", flat=True)[:OWN_TICKETS])
    lines = FaultLine.objects.visible_to(viewer).filter(slip__ticket_id__in=ids).order_by("-id")
    said = list(lines.values_list("diagnosis", "cause", "solution")[: OWN_TICKETS * 2])
    common = lists(DictionaryKind.PHRASE_DIAGNOSIS, DictionaryKind.PHRASE_SOLUTION)
    return Phrases(
        diagnosis=_own(said, 0, common[DictionaryKind.PHRASE_DIAGNOSIS]),
        cause=_own(said, 1, CAUSES),
        solution=_own(said, 2, common[DictionaryKind.PHRASE_SOLUTION]),
    )


#: causes of domain.md 21.2 that come again and again; Chinese like the dictionaries
CAUSES = ["正常磨损", "润滑不足", "安装未找正", "密封老化", "缺相运行", "外购件早期失效", "介质含颗粒"]


def _own(said: list[tuple[str, str, str]], place: int, common: list[str]) -> list[str]:
    own = [row[place].strip() for row in said if 2 <= len(row[place].strip()) <= LONGEST]
    return list(dict.fromkeys([*list(dict.fromkeys(own))[:OWN_PHRASES], *common]))
