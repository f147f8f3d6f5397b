"""Who is on duty when by turns: people in order, kinds of shifts, days (domain.md 14). Pure."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar

P = TypeVar("P", bound=Hashable)
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Turn(Generic[P, K]):
    """One shift of a rotation: its day and kind, who has it, and who stands behind him (None without deputies)."""

    day: date
    kind: K
    person: P
    deputy: P | None


def turns(
    people: Sequence[P], kinds: Sequence[K], first: date, last: date, *, days_each: int = 1, deputies: bool = False
) -> list[Turn[P, K]]:
    """The shifts from `first` to `last`, in order of day and kind.

    people take turns in the order given. days_each: for how many days somebody keeps his kind of shift before the next ones come (≥ 1).
    With several kinds the people of one turn are neighbours in the order: A by day and B by night, then C and D. deputies: the deputy is
    who follows in the order; with one person there is none.
    """
    made = []
    for number in range((last - first).days + 1):
        turn = number // days_each
        for place, kind in enumerate(kinds):
            at = turn * len(kinds) + place
            person, following = people[at % len(people)], people[(at + 1) % len(people)]
            deputy = following if deputies and following != person else None
            made.append(Turn(first + timedelta(days=number), kind, person, deputy))
    return made
