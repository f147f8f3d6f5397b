"""Go through the rows of a table: read the cells, ask the kind, find rows that stand twice. Preview and import go the same way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from core.imports.columns import Table
from core.imports.kinds import Draft, Kind, Problem, Run, State, Verdict
from core.imports.values import Unreadable
from core.tenancy import Viewer

CHUNK = 500


def drafts(kind: Kind, table: Table) -> Iterator[Draft]:
    """Each row of the table as the kind's values, in the order of the file. A cell with several values gives several drafts."""
    places = [(one, table.mapping[one.name]) for one in kind.fields if one.name in table.mapping]
    for line, cells in table.rows:
        draft = Draft(line, {}, cells)
        several: tuple[str, list[Any]] | None = None
        for one, place in places:
            cell = cells[place] if place < len(cells) else None
            if cell is None:
                if one.required:
                    draft.problems.append(Problem(one.name, _("is missing")))
                continue
            try:
                value = one.read(cell)
            except Unreadable as problem:
                draft.problems.append(Problem(one.name, problem.sentence, problem.suggestion))
                continue
            if one.several:
                several = (one.name, value)
            else:
                draft.values[one.name] = value
        if several is None or not several[1]:
            yield draft
            continue
        name, found = several
        for value in found:
            yield Draft(line, {**draft.values, name: value}, cells, list(draft.problems))


def chunks(kind: Kind, table: Table, size: int = CHUNK) -> Iterator[list[Draft]]:
    """The drafts, some at a time; those of one row stay together."""
    some: list[Draft] = []
    for draft in drafts(kind, table):
        if len(some) >= size and some[-1].line != draft.line:
            yield some
            some = []
        some.append(draft)
    if some:
        yield some


class Pass:
    """One way through a file: judges chunk after chunk and remembers which keys it has seen.

    take: use what was suggested instead of a wrong value.
    """

    def __init__(self, kind: Kind, options: dict[str, str], *, take: bool = False) -> None:
        self.kind = kind
        self.run = Run(dict(options))
        self.take = take
        self._seen: dict[str, tuple[int, dict[str, Any]]] = {}

    def judge(self, viewer: Viewer, some: Sequence[Draft]) -> list[Verdict]:
        """What would happen to each draft, in their order."""
        self._take_readers_suggestions(some)
        verdicts = self._asked(viewer, some)
        if self.take:
            again = [at for at, verdict in enumerate(verdicts) if self._take(some[at], verdict)]
            if again:
                for at, verdict in zip(again, self._asked(viewer, [some[at] for at in again]), strict=True):
                    verdicts[at] = verdict
        return [self._once(draft, verdict) for draft, verdict in zip(some, verdicts, strict=True)]

    def _asked(self, viewer: Viewer, some: Sequence[Draft]) -> list[Verdict]:
        good = [draft for draft in some if not draft.problems]
        answers = iter(self.kind.judge(viewer, self.run, good) if good else [])
        return [
            Verdict(State.REJECTED, problems=tuple(draft.problems)) if draft.problems else next(answers)
            for draft in some
        ]

    def _take_readers_suggestions(self, some: Sequence[Draft]) -> None:
        if not self.take:
            return
        for draft in some:
            left = []
            for problem in draft.problems:
                one = self.kind.field(problem.field)
                if problem.suggestion and one and not one.several:
                    draft.values[problem.field] = one.read(problem.suggestion)
                else:
                    left.append(problem)
            draft.problems = left

    @staticmethod
    def _take(draft: Draft, verdict: Verdict) -> bool:
        if verdict.state is not State.REJECTED or draft.problems:
            return False
        if not all(problem.suggestion and problem.field for problem in verdict.problems):
            return False
        draft.values.update({problem.field: problem.suggestion for problem in verdict.problems})
        return True

    def _once(self, draft: Draft, verdict: Verdict) -> Verdict:
        if verdict.state is State.REJECTED or not verdict.key:
            return verdict
        known = self._seen.setdefault(verdict.key, (draft.line, draft.values))
        if known[1] is draft.values:
            return verdict
        if known[1] == draft.values:
            return Verdict(State.UNCHANGED, verdict.key)
        text = _("the same as row %(line)s, but with other values") % {"line": known[0]}
        return Verdict(State.REJECTED, verdict.key, (Problem("", text),))
