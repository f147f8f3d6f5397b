"""What can be imported: each room registers its kinds in its `apps.py`; the engine and the pages know nothing else of the rooms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from core.errors import Sentence
from core.imports.sheets import Value
from core.imports.values import Reader
from core.tenancy import Viewer


@dataclass(frozen=True)
class Field:
    """A column that a kind knows. heads: how people write it, best first; the label counts, too.

    required: the column must be there and each row must have it. several: one cell may hold several values, each a row of its own.
    example: what the template shows.
    """

    name: str
    label: Sentence
    heads: tuple[str, ...]
    read: Reader
    required: bool = False
    several: bool = False
    example: str = ""


@dataclass(frozen=True)
class Option:
    """Something to choose for the whole file, for example the manufacturer. choices: (value, words); the first is the usual one."""

    name: str
    label: Any
    choices: tuple[tuple[str, Any], ...]
    hint: Any = ""


@dataclass(frozen=True)
class Problem:
    """Why a row is not taken: field "" = the whole row. suggestion: the value that was probably meant."""

    field: str
    text: str
    suggestion: str = ""


@dataclass
class Draft:
    """One row as it was read. line: its number in the spreadsheet. values: by field, cells that are empty are not there."""

    line: int
    values: dict[str, Any]
    cells: Sequence[Value]
    problems: list[Problem] = field(default_factory=list)


class State(StrEnum):
    """What an import does with a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Verdict:
    """What would happen to a draft. key: the same in every file and every run, "" = none. target: the kind's own, for `write`."""

    state: State
    key: str = ""
    problems: tuple[Problem, ...] = ()
    target: Any = None


@dataclass(frozen=True)
class Written:
    """A row that was written. thing: "customer", for undo. version: after the write. before: the former values of a changed row.

    main: the row the line stands for; False for what had to be made beside it.
    """

    line: int
    thing: str
    pk: int
    version: int = 1
    before: dict[str, Any] | None = None
    main: bool = True


@dataclass(frozen=True)
class Kept:
    """A row that undo left as it is: its name and why."""

    name: str
    why: str


@dataclass
class Run:
    """One way through a file. options: what was chosen for the whole. memo: the kind's own notes from chunk to chunk."""

    options: dict[str, str]
    memo: dict[str, Any] = field(default_factory=dict)


class Judge(Protocol):
    """Say for each draft of a chunk what would happen; writes nothing."""

    def __call__(self, viewer: Viewer, run: Run, drafts: Sequence[Draft]) -> list[Verdict]: ...


class Write(Protocol):
    """Write the new and changed ones of a chunk through the room's operations, in the caller's transaction."""

    def __call__(
        self, viewer: Viewer, run: Run, chunk: Sequence[tuple[Draft, Verdict]], now: datetime
    ) -> list[Written]: ...


class Undo(Protocol):
    """Take back what was written, newest first, where nobody has touched or used it since; tells what is kept."""

    def __call__(self, viewer: Viewer, written: Sequence[Written], now: datetime) -> list[Kept]: ...


@dataclass(frozen=True)
class Kind:
    """Something that can be imported. action: the right that opens it. undo: None = such an import is not taken back.

    list_name: route of the list where the rows are afterwards.
    """

    name: str
    label: Sentence
    lead: Sentence
    action: str
    icon: str
    fields: tuple[Field, ...]
    judge: Judge
    write: Write
    undo: Undo | None
    list_name: str
    options: Callable[[Viewer], list[Option]] = lambda viewer: []

    def field(self, name: str) -> Field | None:
        """The field with this name."""
        return next((one for one in self.fields if one.name == name), None)

    @property
    def required(self) -> tuple[Field, ...]:
        """Columns without which nothing can be imported."""
        return tuple(one for one in self.fields if one.required)


_kinds: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Called from a room's `apps.py`."""
    _kinds.update({kind.name: kind for kind in kinds})


def every() -> list[Kind]:
    """All kinds, in the order of registration."""
    return list(_kinds.values())


def get(name: str) -> Kind | None:
    """The kind with this name, or None."""
    return _kinds.get(name)
