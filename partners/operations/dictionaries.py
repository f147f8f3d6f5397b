"""The reference lists: the platform writes them, all read them (domain.md 19.5)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from core import rights
from core.errors import Refused, constraints
from core.models import DictionaryEntry
from core.models.dictionary import DictionaryKind
from core.tenancy import Viewer


@transaction.atomic
def add_word(*, viewer: Viewer, kind: str, label: str, position: int | None = None, now: datetime) -> DictionaryEntry:
    """Add a word to a list; at its end unless a position is given.

    Errors: Refused("not_allowed", 403), Refused("word_missing", field="label"), the word exists already.
    """
    rights.require(viewer, "dictionary.change")
    if kind not in DictionaryKind.values:
        raise Refused("word_missing", field="kind")
    last = DictionaryEntry.objects.visible_to(viewer).filter(kind=kind).order_by("-position").first()
    place = position if position is not None else (last.position + 1 if last else 0)
    entry = DictionaryEntry(kind=kind, code=_word(label), label=_word(label), position=place)
    with constraints(dictionary_code_unique="label"):
        entry.save(force_insert=True)
    return entry


@transaction.atomic
def change_word(
    *, viewer: Viewer, entry_id: int, label: str, position: int, active: bool, now: datetime
) -> DictionaryEntry:
    """Change wording, place or use of a word. Records that carry it keep it; an inactive word is not offered any more.

    Errors: NotFound, Refused("not_allowed", 403), Refused("word_missing", field="label").
    """
    rights.require(viewer, "dictionary.change")
    entry = DictionaryEntry.objects.visible_to(viewer).select_for_update().one(id=entry_id)
    entry.label, entry.position, entry.active = _word(label), position, active
    entry.save(update_fields=["label", "position", "active"])
    return entry


def _word(text: str) -> str:
    if not text.strip():
        raise Refused("word_missing", field="label")
    return text.strip()[:40]
