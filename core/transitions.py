"""State machines as tables: from, verb, to, guard. The engine checks, counts the version and hands back what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from core.errors import Refused

#: a guard reads the row only; it returns None when the way is free, else the code of the refusal
Guard = Callable[[Any], str | None]


@dataclass(frozen=True)
class Transition:
    """One row of a table."""

    source: str
    verb: str
    target: str
    guard: Guard | None = None


@dataclass(frozen=True)
class Step:
    """What a transition did: for the log."""

    verb: str
    source: str
    target: str


class Table:
    """All transitions of one thing. `rows` keep their order; a (source, verb) pair occurs once."""

    def __init__(self, rows: Iterable[tuple[Iterable[str] | str, str, str, Guard | None]]) -> None:
        self.rows: list[Transition] = []
        for sources, verb, target, guard in rows:
            for source in [sources] if isinstance(sources, str) else sources:
                self.rows.append(Transition(str(source), verb, str(target), guard))
        self._by_key = {(row.source, row.verb): row for row in self.rows}
        if len(self._by_key) != len(self.rows):
            raise ValueError("a verb leads to two states from one")

    def find(self, state: str, verb: str) -> Transition | None:
        """The row for `verb` in `state`, or None."""
        return self._by_key.get((str(state), verb))

    def sources(self, verb: str) -> frozenset[str]:
        """The states in which `verb` exists; the rights table takes its states from here."""
        return frozenset(row.source for row in self.rows if row.verb == verb)

    def verbs(self, state: str) -> list[str]:
        """The verbs that exist in `state`, in order."""
        return [row.verb for row in self.rows if row.source == str(state)]


def step(table: Table, thing: Any, verb: str) -> Step:
    """Move `thing` (a locked row) along the table; the caller saves it and writes the log row.

    Errors: Refused("wrong_state", 409) when the verb does not exist in this state, or the guard's code.
    """
    row = table.find(thing.state, verb)
    if row is None:
        raise Refused("wrong_state", status=409)
    if row.guard is not None:
        code = row.guard(thing)
        if code is not None:
            raise Refused(code)
    done = Step(verb, row.source, row.target)
    thing.state = row.target
    thing.version += 1
    return done
