"""Reading imports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from core import rights
from core.imports import kinds
from core.imports.kinds import Kind
from core.imports.sheets import Sheet, read_file
from core.models import Job, JobState
from core.tenancy import TenantQuerySet, Viewer
from imports.enums import RunState
from imports.models import ColumnMemory, ImportedRow, ImportRun

ORDERS = {"new": ("-id",)}
UNDO_DAYS = 7
LARGE = 150_000  # bytes, about 3,000 rows: what is larger is read whole by a task only
LOOK = 200  # rows


def open_kinds(viewer: Viewer) -> list[Kind]:
    """What the viewer may import: his role has the right, and there is something to choose where a choice is needed."""
    found = [kind for kind in kinds.every() if rights.may_ever(viewer, kind.action)]
    return [kind for kind in found if all(option.choices for option in kind.options(viewer))]


def listing(viewer: Viewer) -> TenantQuerySet[ImportRun]:
    """The imports of the kinds that the viewer may do himself, in no order yet."""
    names = [kind.name for kind in kinds.every() if rights.may_ever(viewer, kind.action)]
    return ImportRun.objects.visible_to(viewer).filter(kind__in=names)


def one(viewer: Viewer, public_id: str) -> ImportRun:
    """The import with this public id. Errors: NotFound."""
    return ImportRun.objects.visible_to(viewer).one(public_id=public_id)


def lock(viewer: Viewer, public_id: str) -> ImportRun:
    """The import, locked. Errors: NotFound."""
    return ImportRun.objects.visible_to(viewer).select_for_update().one(public_id=public_id)


def job_of(viewer: Viewer, run: ImportRun) -> Job | None:
    """The task that works on the import, or None."""
    return Job.objects.visible_to(viewer).filter(public_id=run.job).first() if run.job else None


def remembered(viewer: Viewer, kind: str) -> dict[str, str]:
    """What columns were taken for last time in the viewer's organisation."""
    row = ColumnMemory.objects.visible_to(viewer).filter(organisation_id=viewer.org, kind=kind).first()
    return dict(row.heads) if row else {}


def written(viewer: Viewer, run: ImportRun) -> list[ImportedRow]:
    """The rows that an import wrote, newest first."""
    return list(ImportedRow.objects.visible_to(viewer).filter(run=run).order_by("-id"))


def written_counts(viewer: Viewer, run: ImportRun) -> tuple[int, int]:
    """How many lines were new and how many changed something."""
    rows = ImportedRow.objects.visible_to(viewer).filter(run=run, main=True)
    found: dict[str, int] = rows.aggregate(
        new=Count("id", filter=Q(before__isnull=True)), changed=Count("id", filter=Q(before__isnull=False))
    )
    return found["new"], found["changed"]


def sheets_of(run: ImportRun) -> list[Sheet]:
    """The stored file, read again. Errors: UnreadableSheet."""
    with default_storage.open(run.file, "rb") as file:
        return read_file(file.read())


def first_look(content: bytes) -> tuple[list[Sheet], bool]:
    """The sheets while somebody waits: of a large file the first rows only. And whether it is large. Errors: UnreadableSheet."""
    large = len(content) > LARGE
    return (read_file(content, stop=LOOK) if large else read_file(content)), large


def first_look_of(run: ImportRun) -> tuple[list[Sheet], bool]:
    """`first_look` at the stored file."""
    with default_storage.open(run.file, "rb") as file:
        return first_look(file.read())


def has_stopped(viewer: Viewer, run: ImportRun) -> bool:
    """Whether the import was begun, and its task has failed or was cancelled: what is written is whole, the rest is missing."""
    job = job_of(viewer, run) if run.state == RunState.RUNNING else None
    return job is not None and job.state in (JobState.FAILED, JobState.CANCELLED)


def may_undo(viewer: Viewer, run: ImportRun, now: datetime) -> bool:
    """Whether the import may be taken back now."""
    kind = kinds.get(run.kind)
    if kind is None or kind.undo is None or not (run.state == RunState.DONE or has_stopped(viewer, run)):
        return False
    recent = now - (run.finished_at or run.updated_at) <= timedelta(days=UNDO_DAYS)
    return recent and bool(run.new or run.changed) and rights.may_ever(viewer, kind.action)


@dataclass(frozen=True)
class Line:
    """An import in the history, in finished words."""

    public_id: str
    title: str
    file_name: str
    who: str
    at: datetime
    state: str
    state_label: Any
    counts: str


def line(run: ImportRun) -> Line:
    """The import in words."""
    kind = kinds.get(run.kind)
    counts = ""
    if run.state in (RunState.DONE, RunState.UNDONE, RunState.UNDOING, RunState.CHECKED):
        counts = _("%(new)s new, %(changed)s changed, %(unchanged)s unchanged, %(rejected)s rejected") % {
            "new": run.new, "changed": run.changed, "unchanged": run.unchanged, "rejected": run.rejected,
        }  # fmt: skip
    return Line(
        public_id=run.public_id,
        title=str(kind.label) if kind else run.kind,
        file_name=run.file_name,
        who=run.person_name,
        at=run.created_at,
        state=run.state,
        state_label=RunState(run.state).label,
        counts=counts,
    )
