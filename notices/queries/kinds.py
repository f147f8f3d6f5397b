"""The sentences of notices by kind. Upper rooms add theirs in their `apps.py`; lower rooms know none of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.errors import Sentence

_sentences: dict[str, Sentence] = {}


def register(sentences: Mapping[str, Sentence]) -> None:
    """Add sentences: kind -> lazy translation with %(name)s places for the notice's params."""
    for kind, sentence in sentences.items():
        if _sentences.setdefault(kind, sentence) is not sentence:
            raise ValueError(f"notice {kind!r} has two sentences")


def words(kind: str, params: Mapping[str, Any]) -> str:
    """The sentence in the reader's language; a kind that no room knows any more gives its params only."""
    sentence = _sentences.get(kind)
    if sentence is None:
        return " · ".join(str(value) for value in params.values() if value)
    return str(sentence) % _Forgiving(params)


def registered() -> dict[str, Sentence]:
    """All sentences, for tests."""
    return dict(_sentences)


class _Forgiving(dict[str, Any]):
    """Old rows may lack a value that a newer sentence wants."""

    def __missing__(self, key: str) -> str:
        return "–"
