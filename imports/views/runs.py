"""Pages of imports: history, upload, columns, preview, progress and result."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import rights
from core.errors import NotFound, Refused
from core.forms import apply_refusal
from core.imports import mend
from core.imports.kinds import Kind, State
from core.imports.sheets import MAX_BYTES
from core.models import Job
from core.paging import cut_page
from core.tables import render_list, table_of
from imports.enums import RunState
from imports.forms import ColumnsForm, StartForm, UploadForm
from imports.models import ImportRun
from imports.operations import runs as work
from imports.queries import runs
from imports.tables import COLUMNS
from partners.access import Request
from partners.queries import jobs

AT_WORK = (RunState.CHECKING, RunState.RUNNING, RunState.UNDOING)
CHIPS = {State.NEW: "good", State.CHANGED: "active", State.UNCHANGED: "waiting", State.REJECTED: "bad"}


@require_GET
def history(request: Request) -> HttpResponse:
    """What can be imported, and all imports, newest first."""
    viewer = request.viewer
    rights.require(viewer, "import.list")
    kinds = runs.open_kinds(viewer)
    table = table_of(
        request,
        cut_page(request.GET, runs.listing(viewer), orders=runs.ORDERS, default="new", size=20),
        caption=_("Imports"),
        columns=COLUMNS,
        row=runs.line,
        empty=(_("Files that you import appear here, with their result, and can be undone for 7 days."), "", ""),
    )
    context = {"table": table, "rows_template": "imports/_rows.html", "kinds": kinds, "page_title": _("Imports")}
    return render_list(request, "imports/history.html", context)


@require_http_methods(["GET", "POST"])
def new(request: Request, kind: str) -> HttpResponse:
    """Choose a file; a good one leads to the preview."""
    viewer = request.viewer
    what, posted = work.kind_of(viewer, kind), request.method == "POST"
    options = what.options(viewer)
    if not all(option.choices for option in options):
        raise Refused("not_allowed", status=403)
    form = UploadForm(request.POST if posted else None, request.FILES if posted else None, options=options)
    if posted and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if file.size > MAX_BYTES:
                raise Refused("file_too_large", field="file")
            run = work.upload(
                viewer=viewer,
                kind_name=kind,
                content=file.read(),
                file_name=file.name,
                options=form.chosen(),
                now=timezone.now(),
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return redirect("imports:columns" if run.state == RunState.COLUMNS else "imports:run", run.public_id)
    context = {"form": form, "kind": what, "page_title": what.label, "crumbs": [_home()]}
    return render(request, "imports/new.html", context, status=422 if form.errors else 200)


@require_GET
def template(request: Request, kind: str) -> HttpResponse:
    """An empty table with the right heads."""
    what = work.kind_of(request.viewer, kind)
    response = HttpResponse(mend.template(what), content_type=mend.XLSX)
    response["Content-Disposition"] = f'attachment; filename="{what.name}.xlsx"'
    return response


@require_GET
def page(request: Request, public_id: str) -> HttpResponse:
    """An import as it stands: preview, progress or result. For htmx while a task works on it: its box alone."""
    return _page(request, runs.one(request.viewer, public_id), StartForm())


def _page(request: Request, run: ImportRun, form: StartForm) -> HttpResponse:
    viewer, now = request.viewer, timezone.now()
    kind = work.kind_of(viewer, run.kind)
    job = runs.job_of(viewer, run)
    progress = _progress(request, run, job) if job and run.state in AT_WORK else None
    if request.htmx and not request.htmx.history_restore_request:
        if progress and progress["running"]:
            return render(request, "components/progress_job.html", {"job": progress})
        return HttpResponse(headers={"HX-Refresh": "true"})
    if run.state == RunState.COLUMNS:
        return redirect("imports:columns", run.public_id)
    sample = [_row(kind, row) for row in run.sample]
    context = {
        "run": run,
        "kind": kind,
        "line": runs.line(run),
        "job": progress,
        "checked": run.state == RunState.CHECKED,
        "ended": run.state in (RunState.DONE, RunState.UNDONE),
        "stats": [(run.new, _("to add")), (run.changed, _("changed")), (run.unchanged, _("unchanged"))],
        "heads": [label for label, _text in sample[0]["cells"]] if sample else [],
        "sample": sample,
        "may_start": run.state == RunState.CHECKED and bool(run.new or run.changed),
        "may_undo": runs.may_undo(viewer, run, now),
        "form": form,
        "page_title": run.file_name,
        "crumbs": [_home()],
        "list_url": reverse(kind.list_name),
    }
    return render(request, "imports/run.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def columns(request: Request, public_id: str) -> HttpResponse:
    """Say which column is what."""
    viewer = request.viewer
    run = runs.one(viewer, public_id)
    kind = work.kind_of(viewer, run.kind)
    if run.state not in (RunState.COLUMNS, RunState.CHECKED):
        raise Refused("wrong_state", status=409)
    table = work.columns_of(viewer, run)
    form = ColumnsForm(request.POST or None, kind=kind, table=table, take=run.take_suggestions)
    if request.method == "POST" and form.is_valid():
        try:
            work.choose_columns(
                viewer=viewer,
                public_id=public_id,
                columns=form.chosen(),
                take_suggestions=form.cleaned_data["take_suggestions"],
                now=timezone.now(),
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return redirect("imports:run", public_id)
    missing = "、".join(str(one.label) for one in table.missing(kind.fields))
    context = {
        "form": form,
        "run": run,
        "kind": kind,
        "head_line": table.head_line,
        "missing": missing if request.method == "GET" else "",
        "page_title": _("Which column is what"),
        "crumbs": [_home()],
        "back_url": reverse("imports:run" if run.state == RunState.CHECKED else "imports:history", args=[public_id] if run.state == RunState.CHECKED else []),
    }  # fmt: skip
    return render(request, "imports/columns.html", context, status=422 if form.errors else 200)


@require_POST
def start(request: Request, public_id: str) -> HttpResponse:
    """Import a checked file."""
    form = StartForm(request.POST)
    form.full_clean()
    only_right = form.cleaned_data["only_right"]
    try:
        work.start(viewer=request.viewer, public_id=public_id, only_right=only_right, now=timezone.now())
    except Refused as refusal:
        apply_refusal(form, refusal)
        return _page(request, runs.one(request.viewer, public_id), form)
    return redirect("imports:run", public_id)


@require_GET
def mend_file(request: Request, public_id: str) -> FileResponse:
    """The rows that could not be taken, red where the fault is. Errors: 404 when there are none."""
    run = runs.one(request.viewer, public_id)
    work.kind_of(request.viewer, run.kind)
    if not run.mend_file or not default_storage.exists(run.mend_file):
        raise NotFound
    name = run.file_name.rsplit(".", 1)[0][:80]
    return FileResponse(
        default_storage.open(run.mend_file),
        as_attachment=True,
        filename=_("%(name)s to mend.xlsx") % {"name": name},
        content_type=mend.XLSX,
    )


@require_POST
def undo(request: Request, public_id: str) -> HttpResponse:
    """Take an import back."""
    work.ask_undo(viewer=request.viewer, public_id=public_id, now=timezone.now())
    messages.info(request, _("The import is being undone."))
    return redirect("imports:run", public_id)


def _home() -> tuple[str, str]:
    return reverse("imports:history"), _("Imports")


def _row(kind: Kind, row: dict[str, Any]) -> dict[str, Any]:
    words = {
        State.NEW: _("to add"),
        State.CHANGED: _("changed"),
        State.UNCHANGED: _("unchanged"),
        State.REJECTED: _("rejected"),
    }
    state = State(row["state"])
    labels = {one.name: one.label for one in kind.fields}
    cells = [(labels.get(name, name), text) for name, text in row["cells"]]
    return row | {"cells": cells, "chip": CHIPS[state], "words": words[state]}


def _progress(request: Request, run: ImportRun, job: Job) -> dict[str, Any]:
    """The task for `components/progress_job.html`; when it has ended the page is loaded again."""
    row = jobs.row(job, timezone.now())
    mine = job.person_id == request.viewer.person_id
    address = {verb: reverse(f"partners:task_{verb}", args=[job.public_id]) for verb in ("cancel", "retry")}
    return {
        "id": job.public_id,
        "words": jobs.failed_row(request.viewer, job).words if row.failed else row.words,
        "done": row.done,
        "total": row.total,
        "running": row.running,
        "failed": row.failed,
        "finished": row.finished,
        "poll_seconds": row.poll_seconds,
        "poll_url": reverse("imports:run", args=[run.public_id]),
        "cancel_url": address["cancel"] if row.may_cancel and mine else "",
        "retry_url": address["retry"] if row.may_retry and mine else "",
        "result_url": "",
    }
