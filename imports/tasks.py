"""Jobs of imports. Each chunk is a transaction; a run that was killed goes on where it stopped, by the rows' own keys."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import jobs
from imports.enums import RunState
from imports.operations import runs


@jobs.handler(runs.CHECK, _("Check of a file for import"))
def check(run: jobs.Run) -> None:
    """Judge all rows of a file; payload: run = public id of the import. Writes nothing but the preview."""
    work = runs.Work(run.viewer, str(run.payload["run"]))
    with runs.in_language(run.viewer):
        with run.step():
            if not work.begin(RunState.CHECKING):
                return
        done = 0
        for some in work.chunks:
            with run.step():
                work.check(some)
            done += len(some)
            run.progress(min(done, work.of), work.of)
        with run.step():
            work.end_check()
    run.result(url=reverse("imports:run", args=[work.public_id]))


@jobs.handler(runs.IMPORT, _("Import of a file"))
def import_file(run: jobs.Run) -> None:
    """Import a checked file; payload: run = public id of the import."""
    work = runs.Work(run.viewer, str(run.payload["run"]))
    with runs.in_language(run.viewer):
        with run.step():
            if not work.begin(RunState.RUNNING):
                return
        done = 0
        for some in work.chunks:
            with run.step():
                work.write(some, timezone.now())
            done += len(some)
            run.progress(min(done, work.of), work.of)
        with run.step():
            work.end_write(timezone.now())
    run.result(url=reverse("imports:run", args=[work.public_id]))


@jobs.handler(runs.UNDO, _("Undoing of an import"))
def undo(run: jobs.Run) -> None:
    """Take an import back; payload: run = public id of the import."""
    with runs.in_language(run.viewer), run.step():
        runs.undo(viewer=run.viewer, public_id=str(run.payload["run"]), now=timezone.now())
    run.result(url=reverse("imports:run", args=[str(run.payload["run"])]))
