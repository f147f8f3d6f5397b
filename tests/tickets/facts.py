"""Small questions that many tests of tickets ask."""

from __future__ import annotations

from typing import Any

from django.utils import translation

from core.models import Job as JobRow
from notices.models import Notice
from notices.queries import kinds
from tests import factories
from tests.people import People


def told(people: People) -> dict[str, list[str]]:
    """Who was told what, in English words, by the names of tests/people.py; oldest first."""
    found: dict[str, list[str]] = {}
    names = {people.person(name).pk: name for name in people._persons}
    with translation.override("en"):
        for notice in factories.rows(Notice):
            found.setdefault(names[notice.person_id], []).append(kinds.words(notice.kind, notice.params))
    return found


def kinds_told(people: People, name: str) -> list[str]:
    """The kinds of notices a person has got, oldest first."""
    return [notice.kind for notice in factories.rows(Notice, person_id=people.person(name).pk)]


def jobs_of(kind: str) -> list[JobRow]:
    """The jobs of a kind, oldest first."""
    return factories.rows(JobRow, kind=kind)


def shared_columns(row: Any) -> tuple[int, int, int | None, bool]:
    """Whose row it is, and who else may see it."""
    return row.dealer_id, row.manufacturer_id, row.office_id, row.shared_with_maker
