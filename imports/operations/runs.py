"""An import from the upload to its undoing. Reading and judging is core.imports; writing is done by the room that owns the rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from core import jobs, rights
from core.errors import NotFound, Refused
from core.imports import kinds, mend
from core.imports.columns import Table, find_table
from core.imports.kinds import Draft, Field, Kept, Kind, Problem, State, Verdict, Written
from core.imports.passes import Pass, chunks
from core.imports.sheets import Sheet, UnreadableSheet, is_workbook
from core.imports.values import as_text, squeezed
from core.models import public_id as random_name
from core.tenancy import Viewer
from imports.enums import RunState
from imports.models import ColumnMemory, ImportedRow, ImportRun
from imports.queries import runs

CHECK, IMPORT, UNDO = "imports.check", "imports.import", "imports.undo"
AT_ONCE = 2_000  # rows that are checked while the person waits; more is a task
SAMPLE = 50
SHOWN = 5  # columns of the preview
MAX_CELL = 60  # characters of a cell in the preview

Progress = Callable[[int, int], None]


def kind_of(viewer: Viewer, name: str) -> Kind:
    """The kind with this name. Errors: NotFound, Refused("not_allowed", 403)."""
    kind = kinds.get(name)
    if kind is None:
        raise NotFound
    rights.require_ever(viewer, kind.action)
    return kind


@transaction.atomic
def upload(
    *, viewer: Viewer, kind_name: str, content: bytes, file_name: str, options: Mapping[str, str], now: datetime
) -> ImportRun:
    """Take a file: when its columns are recognised it is checked at once (a large one by a task), else the columns are asked for.

    Errors: NotFound, Refused("not_allowed", 403), Refused("file_…", field="file"), Refused("option_wrong", field=option).
    """
    kind = kind_of(viewer, kind_name)
    chosen_options = _options(viewer, kind, options)
    sheets, large = _read(content)
    table = find_table(sheets, kind.fields, remembered=runs.remembered(viewer, kind.name))
    if table is None or not table.rows:
        raise Refused("file_no_table", field="file")
    ending = "xlsx" if is_workbook(content) else "csv"
    run = ImportRun(
        organisation_id=viewer.org, kind=kind.name, person_id=viewer.person_id, person_name=viewer.name[:60],
        file_name=file_name[-120:] or f"import.{ending}", options=chosen_options,
    )  # fmt: skip
    run.file = default_storage.save(f"imports/{random_name()}{random_name()}.{ending}", ContentFile(content))
    run.save(force_insert=True)
    if not table.missing(kind.fields):
        _check_soon(viewer, run, kind, table, now, large=large)
    return run


@transaction.atomic
def choose_columns(
    *, viewer: Viewer, public_id: str, columns: Mapping[int, str], take_suggestions: bool, now: datetime
) -> ImportRun:
    """Say which column is what (place -> field, "" = nothing), and check again. It is remembered for the next file of this kind.

    Errors: NotFound, Refused("not_allowed", 403), Refused("wrong_state", 409), Refused("column_missing" | "column_twice").
    """
    run, kind = _mine(viewer, public_id, RunState.COLUMNS, RunState.CHECKED)
    known = {one.name: one for one in kind.fields}
    chosen = {place: name for place, name in columns.items() if name in known}
    names = list(chosen.values())
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise Refused("column_twice", fields="、".join(str(known[name].label) for name in sorted(twice)))
    missing = [str(one.label) for one in kind.required if one.name not in names]
    if missing:
        raise Refused("column_missing", fields="、".join(missing))
    run.chosen = {str(place): name for place, name in chosen.items()}
    run.take_suggestions = take_suggestions
    sheets, large = runs.first_look_of(run)
    table = _table(viewer, run, kind, sheets)
    _remember(viewer, kind, table)
    _check_soon(viewer, run, kind, table, now, large=large)
    return run


@transaction.atomic
def start(*, viewer: Viewer, public_id: str, only_right: bool, now: datetime) -> ImportRun:
    """Let a task import a checked file. only_right: leave out the rows that were rejected (仅导入正确行).

    Errors: NotFound, Refused("not_allowed", 403), Refused("wrong_state", 409), Refused("import_has_rejected"), Refused("import_nothing").
    """
    run, kind = _mine(viewer, public_id, RunState.CHECKED)
    if run.rejected and not only_right:
        raise Refused("import_has_rejected", field="only_right", n=run.rejected)
    if not run.new and not run.changed:
        raise Refused("import_nothing")
    _enqueue(viewer, run, IMPORT, RunState.RUNNING, _("Import: %(kind)s") % {"kind": kind.label}, now)
    return run


@transaction.atomic
def ask_undo(*, viewer: Viewer, public_id: str, now: datetime) -> ImportRun:
    """Let a task take an import back (撤销本次导入), a finished one or one that has stopped half-way.

    Rows that were changed or used since stay, and are named.

    Errors: NotFound, Refused("not_allowed", 403), Refused("wrong_state", 409), Refused("import_no_undo" | "import_too_old").
    """
    run, kind = _mine(viewer, public_id, RunState.DONE, RunState.RUNNING)
    if run.state == RunState.RUNNING and not runs.has_stopped(viewer, run):
        raise Refused("wrong_state", status=409)
    if kind.undo is None:
        raise Refused("import_no_undo")
    if not runs.may_undo(viewer, run, now):
        raise Refused("import_too_old")
    _enqueue(viewer, run, UNDO, RunState.UNDOING, _("Undo the import: %(kind)s") % {"kind": kind.label}, now)
    return run


# ── what the tasks do, step by step; each is a transaction of the caller ─────────────────────────────────────────────────────────────


class Work:
    """The way through one file for a task. begin() opens it, then chunk after chunk, then end()."""

    def __init__(self, viewer: Viewer, public_id: str) -> None:
        self.viewer, self.public_id = viewer, public_id

    def begin(self, *states: RunState) -> bool:
        """Open the file; False when the import is not in one of these states (a second worker, or it has ended)."""
        self.run = runs.lock(self.viewer, self.public_id)
        self.kind = kind_of(self.viewer, self.run.kind)
        if self.run.state not in states:
            return False
        try:
            sheets = runs.sheets_of(self.run)
        except UnreadableSheet as problem:
            raise Refused(f"file_{problem.code}") from problem
        self.table = _table(self.viewer, self.run, self.kind, sheets)
        self.way = Pass(self.kind, self.run.options, take=self.run.take_suggestions)
        self.found = _Found()
        self.of = len(self.table.rows)
        self.chunks = chunks(self.kind, self.table)
        return True

    def check(self, some: list[Draft]) -> None:
        """Judge a chunk."""
        self.found.add(some, self.way.judge(self.viewer, some))

    def write(self, some: list[Draft], now: datetime) -> None:
        """Judge and write a chunk; what an earlier try wrote is unchanged now, so nothing is written twice."""
        _one_writer_at_a_time(self.viewer)
        verdicts = self.way.judge(self.viewer, some)
        self.found.add(some, verdicts)
        todo = [(d, v) for d, v in zip(some, verdicts, strict=True) if v.state in (State.NEW, State.CHANGED)]
        if not todo:
            return
        written = self.kind.write(self.viewer, self.way.run, todo, now)
        ImportedRow.objects.bulk_create([_imported(self.run, one) for one in written], batch_size=1_000)

    def end_check(self) -> None:
        """Write what the preview shows."""
        _conclude_check(self.viewer, runs.lock(self.viewer, self.public_id), self.kind, self.table, self.found)

    def end_write(self, now: datetime) -> None:
        """Write what was done: counted from the rows written, so that an interrupted import counts right."""
        run = runs.lock(self.viewer, self.public_id)
        run.new, run.changed = runs.written_counts(self.viewer, run)
        run.rejected = self.found.counts[State.REJECTED]
        run.unchanged = max(0, self.found.drafts - run.rejected - run.new - run.changed)
        self.found.conclude(self.kind, self.table)
        run.state, run.finished_at, run.sample = RunState.DONE, now, self.found.sample
        run.version += 1
        _keep_mend_file(run, self.kind, self.table, self.found)
        run.save()


def undo(*, viewer: Viewer, public_id: str, now: datetime) -> None:
    """Take an import back in one transaction; a second call finds nothing to do."""
    run = runs.lock(viewer, public_id)
    kind = kind_of(viewer, run.kind)
    if run.state != RunState.UNDOING or kind.undo is None:
        return
    rows = runs.written(viewer, run)
    kept = kind.undo(viewer, _first_versions(rows), now)
    run.kept = [[one.name, one.why] for one in sorted(kept, key=_name_of)]
    run.state, run.undone_at = RunState.UNDONE, now
    run.version += 1
    run.save()


def _name_of(kept: Kept) -> str:
    return kept.name


def _first_versions(rows: list[ImportedRow]) -> list[Written]:
    """One `Written` a thing, newest first: a thing that one import wrote twice has the last version and the first values."""
    found: dict[tuple[str, int], Written] = {}
    for row in rows:
        key = (row.thing, row.thing_id)
        if key not in found:
            found[key] = Written(row.line, row.thing, row.thing_id, row.thing_version, row.before, row.main)
        else:
            last = found[key]
            before = None if row.before is None else {**(last.before or {}), **row.before}
            found[key] = Written(row.line, row.thing, row.thing_id, last.version, before, row.main)
    return list(found.values())


# ── pieces ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


class _Found:
    """What a way through a file has found."""

    def __init__(self) -> None:
        self.counts = dict.fromkeys(State, 0)
        self.drafts = 0
        self.suggested = 0
        self.rejected: dict[int, list[Problem]] = {}
        self.shown: list[tuple[Draft, Verdict]] = []
        self.plain: list[tuple[Draft, Verdict]] = []
        self.sample: list[dict[str, Any]] = []

    def add(self, some: list[Draft], verdicts: list[Verdict]) -> None:
        for draft, verdict in zip(some, verdicts, strict=True):
            self.drafts += 1
            self.counts[verdict.state] += 1
            if verdict.state is State.REJECTED:
                self.rejected.setdefault(draft.line, []).extend(verdict.problems)
                self.suggested += any(problem.suggestion for problem in verdict.problems)
                twin = (
                    bool(self.shown)
                    and self.shown[-1][0].line == draft.line
                    and self.shown[-1][1].problems == verdict.problems
                )
                if len(self.shown) < SAMPLE and not twin:
                    self.shown.append((draft, verdict))
            elif len(self.plain) < SAMPLE:
                self.plain.append((draft, verdict))

    def conclude(self, kind: Kind, table: Table) -> None:
        """Rejected rows first, then others, 50 in all, in finished words."""
        here = [one for one in kind.fields if one.name in table.mapping]
        names = [one.name for one in sorted(here, key=_optional)][:SHOWN]
        rows = [*self.shown, *self.plain][:SAMPLE]
        self.sample = [
            {
                "line": draft.line,
                "state": verdict.state.value,
                "cells": [[name, _short(draft, table, name)] for name in names],
                "problems": [mend.sentence(kind, problem) for problem in verdict.problems],
            }
            for draft, verdict in rows
        ]


def _optional(one: Field) -> bool:
    return not one.required


def _short(draft: Draft, table: Table, name: str) -> str:
    """A cell for the preview: as it was read, else as it stands in the file."""
    place = table.mapping[name]
    value = draft.values.get(name, draft.cells[place] if place < len(draft.cells) else None)
    text = as_text(value)
    return text if len(text) <= MAX_CELL else text[: MAX_CELL - 1] + "…"


def _read(content: bytes) -> tuple[list[Sheet], bool]:
    if not content:
        raise Refused("file_missing", field="file")
    try:
        return runs.first_look(content)
    except UnreadableSheet as problem:
        raise Refused(f"file_{problem.code}", field="file") from problem


def _options(viewer: Viewer, kind: Kind, given: Mapping[str, str]) -> dict[str, str]:
    chosen = {}
    for option in kind.options(viewer):
        value = given.get(option.name, "")
        if value not in {key for key, _label in option.choices}:
            raise Refused("option_wrong", field=option.name)
        chosen[option.name] = value
    return chosen


def _mine(viewer: Viewer, public_id: str, *states: RunState) -> tuple[ImportRun, Kind]:
    run = runs.lock(viewer, public_id)
    kind = kind_of(viewer, run.kind)
    if run.state not in states:
        raise Refused("wrong_state", status=409)
    return run, kind


def _table(viewer: Viewer, run: ImportRun, kind: Kind, sheets: list[Sheet]) -> Table:
    chosen = None if run.chosen is None else {int(place): name for place, name in run.chosen.items()}
    table = find_table(sheets, kind.fields, remembered=runs.remembered(viewer, kind.name), chosen=chosen)
    if table is None:
        raise Refused("file_no_table")
    return table


def columns_of(viewer: Viewer, run: ImportRun) -> Table:
    """The table of an import with its columns as they are taken now, for the page that asks. Errors: NotFound, Refused."""
    sheets, _large = runs.first_look_of(run)
    return _table(viewer, run, kind_of(viewer, run.kind), sheets)


def _remember(viewer: Viewer, kind: Kind, table: Table) -> None:
    memory, _made = ColumnMemory.objects.visible_to(viewer).get_or_create(organisation_id=viewer.org, kind=kind.name)
    heads = {squeezed(column.head): column.field for column in table.columns if squeezed(column.head)}
    memory.heads = dict(list({**memory.heads, **heads}.items())[-300:])
    memory.save()


def _check_soon(viewer: Viewer, run: ImportRun, kind: Kind, table: Table, now: datetime, *, large: bool) -> None:
    if large or len(table.rows) > AT_ONCE:
        _enqueue(viewer, run, CHECK, RunState.CHECKING, _("Check for import: %(kind)s") % {"kind": kind.label}, now)
        return
    way, found = Pass(kind, run.options, take=run.take_suggestions), _Found()
    for some in chunks(kind, table):
        found.add(some, way.judge(viewer, some))
    _conclude_check(viewer, run, kind, table, found)


def _conclude_check(viewer: Viewer, run: ImportRun, kind: Kind, table: Table, found: _Found) -> None:
    found.conclude(kind, table)
    run.rows = len(table.rows)
    run.new, run.changed = found.counts[State.NEW], found.counts[State.CHANGED]
    run.unchanged, run.rejected = found.counts[State.UNCHANGED], found.counts[State.REJECTED]
    run.suggested, run.sample, run.notices = found.suggested, found.sample, _notices(table)
    run.state = RunState.CHECKED
    run.version += 1
    _keep_mend_file(run, kind, table, found)
    run.save()


def _keep_mend_file(run: ImportRun, kind: Kind, table: Table, found: _Found) -> None:
    old, run.mend_file = run.mend_file, ""
    if found.rejected:
        content = mend.mend_file(kind, table, found.rejected)
        run.mend_file = default_storage.save(f"imports/{random_name()}{random_name()}.xlsx", ContentFile(content))
    if old:
        transaction.on_commit(lambda: default_storage.delete(old))


def _notices(table: Table) -> list[str]:
    """What was left out of the file and what to look at, in words."""
    said = {
        "totals": _("Totals left out: row %(rows)s."),
        "footers": _("Notes below the table left out: row %(rows)s."),
        "heads": _("Heads that stand again left out: row %(rows)s."),
    }
    notices = [said[why] % {"rows": _numbers(rows)} for why, rows in table.skipped.items()]
    if table.sheet.hidden:
        notices.append(
            _("Hidden rows left out: row %(rows)s. Show them in Excel if they belong to it.")
            % {"rows": _numbers(table.sheet.hidden)}
        )
    hidden = [column.head for column in table.columns if column.hidden and column.field]
    if hidden:
        notices.append(_("Hidden columns that are read: %(heads)s.") % {"heads": "、".join(hidden)})
    if table.sheet.not_calculated:
        notices.append(
            _("Formulas without a value in row %(rows)s: open the file in Excel and save it once.")
            % {"rows": _numbers(table.sheet.not_calculated)}
        )
    unused = [column.head for column in table.columns if not column.field and column.head]
    if unused:
        notices.append(_("Columns that are not read: %(heads)s.") % {"heads": "、".join(unused[:12])})
    return notices


def _numbers(rows: list[int]) -> str:
    shown = "、".join(str(row) for row in rows[:10])
    return f"{shown} …" if len(rows) > 10 else shown


def _enqueue(viewer: Viewer, run: ImportRun, job: str, state: RunState, title: str, now: datetime) -> None:
    run.state = state
    run.version += 1
    run.job = jobs.enqueue(job, viewer=viewer, now=now, title=title, of=run.rows, run=run.public_id).public_id
    run.save()


def _one_writer_at_a_time(viewer: Viewer) -> None:
    """Two imports of one organisation, or a worker whose lease was lost, wait for each other's chunk: keys are judged after it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('imports'), %s)", [viewer.org % 2**31])


def _imported(run: ImportRun, one: Written) -> ImportedRow:
    return ImportedRow(
        organisation_id=run.organisation_id, run=run, line=one.line, thing=one.thing, thing_id=one.pk,
        thing_version=one.version, before=one.before, main=one.main,
    )  # fmt: skip


def in_language(viewer: Viewer) -> Any:
    """The language of who asked, for words that a task writes down."""
    return translation.override(viewer.language or translation.get_language() or "zh-hans")
