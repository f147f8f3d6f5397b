"""Open work of people who leave: upper rooms say what there is and how it changes hands (domain.md 2.4).

An app registers in its `apps.py`: `handing_over.register(OpenWork(_("open tickets"), count, hand_over))`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from core.errors import Sentence
from core.tenancy import Viewer
from partners.models import Person


@dataclass(frozen=True)
class OpenWork:
    """One kind of open work.

    name: in words for the page ("open tickets"). count(viewer, person): how much of it the person has.
    hand_over(viewer, person, to, now): gives all of it to a colleague, in the running transaction.
    """

    name: Sentence
    count: Callable[[Viewer, Person], int]
    hand_over: Callable[[Viewer, Person, Person, datetime], None]


_kinds: list[OpenWork] = []


def register(work: OpenWork) -> None:
    """Add a kind of open work; the same one is registered once."""
    if work not in _kinds:
        _kinds.append(work)


def open_work(viewer: Viewer, person: Person) -> list[tuple[Sentence, int]]:
    """What the person still has to do, as (words, number), only what there is."""
    counted = [(work.name, work.count(viewer, person)) for work in _kinds]
    return [(name, number) for name, number in counted if number]


def hand_over(viewer: Viewer, person: Person, to: Person, now: datetime) -> None:
    """Give all open work of `person` to `to`."""
    for work in _kinds:
        if work.count(viewer, person):
            work.hand_over(viewer, person, to, now)
