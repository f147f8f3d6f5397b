"""Reading the reference lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from core.models import DictionaryEntry
from core.models.dictionary import DictionaryKind
from core.tenancy import Viewer


@dataclass(frozen=True)
class KindRow:
    """One list with the number of words that are offered."""

    code: str
    label: Any
    number: int


def kinds(viewer: Viewer) -> list[KindRow]:
    """All lists, in the order of their declaration."""
    rows = DictionaryEntry.objects.visible_to(viewer).values("kind").annotate(n=Count("id", filter=Q(active=True)))
    numbers = {row["kind"]: row["n"] for row in rows.order_by("kind")}
    return [KindRow(kind.value, kind.label, numbers.get(kind.value, 0)) for kind in DictionaryKind]


def words(viewer: Viewer, kind: str) -> list[DictionaryEntry]:
    """The words of a list, in order, inactive ones included."""
    rows = DictionaryEntry.objects.visible_to(viewer).filter(kind=kind)
    return list(rows.order_by("-active", "position", "id"))


def one(viewer: Viewer, kind: str, entry_id: int) -> DictionaryEntry:
    """A word of a list. Errors: NotFound."""
    return DictionaryEntry.objects.visible_to(viewer).one(kind=kind, id=entry_id)
