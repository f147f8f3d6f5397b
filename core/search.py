"""Search words: Chinese, pinyin initials, codes and last digits, found through one function of the database (docs/search.md).

How texts are cut is in `core/sql/search_words.sql`; a question is cut here in the same way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from django.db import connection

from core.tenancy import Tier, Viewer

_RUN = re.compile(r"[㐀-鿿]+|[a-z0-9]+")
_HAN = re.compile(r"[㐀-鿿]")
_NUMBER = re.compile(r"[\d\s+-]+")
MOST_WORDS = 8


def initials() -> Iterator[tuple[str, set[str]]]:
    """Each Chinese character with the first letters of its readings in pinyin."""
    from pypinyin.pinyin_dict import pinyin_dict

    for code, readings in pinyin_dict.items():
        char = chr(code)
        if _HAN.fullmatch(char):
            bare = unicodedata.normalize("NFD", readings).split(",")
            letters = {reading[0] for reading in bare if reading and "a" <= reading[0] <= "z"}
            if letters:
                yield char, letters


def question(text: str, *, private: bool) -> str:
    """The `tsquery` of what somebody typed, "" when there is nothing to look for. All words must be there.

    private: the dealer's own question, which also finds telephone numbers and contacts.
    """
    typed = unicodedata.normalize("NFKC", text).lower()
    if _NUMBER.fullmatch(typed) and len(bare := "".join(_RUN.findall(typed))) >= 3:
        return _either(_code(bare), private=private)  # 138 7465 1234
    terms = []
    for word in typed.split()[:MOST_WORDS]:
        runs = _RUN.findall(word)
        if not runs:
            continue
        ways = [" & ".join(_either(_run(run), private=private) for run in runs)]
        codes = [run for run in runs if not _HAN.match(run)]
        if len(codes) == len(runs) > 1:  # BX-CS01-202606-0001, 138-0000 1111
            ways.append(_either(_code("".join(runs)), private=private))
        terms.append("(" + " | ".join(f"({way})" for way in ways) + ")")
    return " & ".join(terms)


def _run(run: str) -> list[str]:
    """The lexemes that a run may be found by, each a conjunction."""
    if not _HAN.match(run):
        return _code(run)
    if len(run) == 1:
        return [f"'b{run}':*"]
    return [" & ".join(f"'b{a}{b}'" for a, b in pairwise(run))]


def _code(run: str) -> list[str]:
    ways = [f"'w{run}':*"]
    if len(run) >= 3:
        ways.append(f"'r{run[::-1]}':*")
    if run.isalpha() and len(run) >= 2:
        ways.append(" & ".join(f"'y{a}{b}'" for a, b in pairwise(run)))
    return ways


def _either(ways: list[str], *, private: bool) -> str:
    every = ways + ([way.replace("'", "'p", 1).replace("& '", "& 'p") for way in ways] if private else [])
    return "(" + " | ".join(f"({way})" for way in every) + ")"


def ids(viewer: Viewer, kind: str, text: str, *, limit: int = 1000) -> list[int]:
    """Rows of a kind ("ticket", "slip", "customer", "machine") of the viewer's tenant with all these words, the newest first.

    They are ids to be narrowed by `visible_to(viewer)` and the rights of the room; runs under the viewer's role.
    """
    query = question(text, private=viewer.tier is Tier.DEALER)
    if not query:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_id FROM core_search(%s, %s::tsquery, %s)", [kind, query, limit])
        return [row_id for (row_id,) in cursor.fetchall()]


def everything(viewer: Viewer, text: str, *, limit: int) -> dict[str, list[int]]:
    """The same for all kinds at once, by kind: what the search box shows. One statement."""
    query = question(text, private=viewer.tier is Tier.DEALER)
    found: dict[str, list[int]] = {}
    if query:
        with connection.cursor() as cursor:
            cursor.execute("SELECT kind, row_id FROM core_search_everything(%s::tsquery, %s)", [query, limit])
            for kind, row_id in cursor.fetchall():
                found.setdefault(kind, []).append(row_id)
    return found
