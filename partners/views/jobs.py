"""我的任务: long work with its progress, cancel, retry and result; the failed ones for who looks after them."""

from __future__ import annotations

from mimetypes import guess_type
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import jobs as work
from core import rights, stored
from core.errors import NotFound, Refused
from core.models import Job
from core.paging import cut_page
from core.tables import Column, render_list, table_of
from partners.access import Request
from partners.queries import jobs


@require_GET
def task_list(request: Request) -> HttpResponse:
    """The viewer's tasks, newest first."""
    viewer = request.viewer
    page = cut_page(request.GET, jobs.mine(viewer), orders=jobs.ORDERS, default="new", size=20)
    context = {
        "page_title": _("My tasks"),
        "tasks": [progress(job) for job in page.rows],
        "older_url": f"?after={page.after}" if page.after else "",
        "newer_url": f"?before={page.before}" if page.before else "",
        "failed_url": reverse("partners:failed_jobs") if rights.may_ever(viewer, "job.failed") else "",
    }
    return render(request, "partners/tasks.html", context)


@require_GET
def task(request: Request, public_id: str) -> HttpResponse:
    """One task; for htmx only its box, which asks again by itself."""
    job = jobs.one(request.viewer, public_id)
    _require_own(request, job)
    context = {"page_title": job.title or _("Task"), "job": progress(job)}
    template = "components/progress_job.html" if request.htmx else "partners/task.html"
    return render(request, template, context)


@require_POST
def cancel(request: Request, public_id: str) -> HttpResponse:
    """Ask a task to stop; what is finished stays."""
    work.cancel(viewer=request.viewer, public_id=public_id, now=timezone.now())
    return redirect(_back(request, public_id))


@require_POST
def retry(request: Request, public_id: str) -> HttpResponse:
    """Let a failed or cancelled task run again."""
    work.retry(viewer=request.viewer, public_id=public_id, now=timezone.now())
    return redirect(_back(request, public_id))


@require_GET
def result(request: Request, public_id: str) -> HttpResponseBase:
    """What a task made, for who ordered it: its page, or its file (kept 7 days). Errors: not_allowed, 404."""
    job = jobs.one(request.viewer, public_id)
    _require_own(request, job)
    if job.person_id != request.viewer.person_id:
        raise Refused("not_allowed", status=403)  # an administrator looks after tasks, not into what they hold
    if job.result_url:
        return redirect(job.result_url)
    name = job.result_file.rsplit("/", 1)[-1]
    kind = guess_type(name)[0] or "application/octet-stream"
    return stored.answer(request, job.result_file, content_type=kind, as_name=name, save=True)


@require_GET
def failed(request: Request) -> HttpResponse:
    """Failed tasks of the organisation, for the platform all of them."""
    viewer = request.viewer
    rights.require(viewer, "job.failed")
    page = cut_page(request.GET, jobs.failed(viewer), orders=jobs.ORDERS, default="new")
    table = table_of(
        request,
        page,
        caption=_("Failed tasks"),
        columns=[
            Column("title", _("Task")),
            Column("at", _("Ordered")),
            Column("tries", _("Tries"), numeric=True),
            Column("error", _("Fault")),
            Column("retry", ""),
        ],
        row=lambda job: jobs.failed_row(viewer, job),
        empty=(_("No task has failed."), "", ""),
    )
    context = {"table": table, "rows_template": "partners/_failed_rows.html", "page_title": _("Failed tasks")}
    return render_list(request, "partners/list.html", context | {"add_url": ""})


def progress(job: Job) -> dict[str, Any]:
    """The task for `components/progress_job.html`; other rooms' pages may show it, too."""
    row = jobs.row(job, timezone.now())
    address = {
        verb: reverse(f"partners:task_{verb}", args=[job.public_id]) for verb in ("cancel", "retry", "result", "poll")
    }
    return {
        "id": job.public_id,
        "title": row.title,
        "words": row.words,
        "state": row.state,
        "state_label": row.state_label,
        "done": row.done,
        "total": row.total,
        "running": row.running,
        "failed": row.failed,
        "finished": row.finished,
        "created_at": row.created_at,
        "poll_seconds": row.poll_seconds,
        "poll_url": address["poll"],
        "cancel_url": address["cancel"] if row.may_cancel else "",
        "retry_url": address["retry"] if row.may_retry else "",
        "result_url": address["result"] if row.has_result else "",
    }


def _require_own(request: Request, job: Job) -> None:
    viewer = request.viewer
    if job.person_id != viewer.person_id:
        if job.organisation_id != viewer.org:
            raise NotFound  # the platform lets a failed task run again; what is in it is not the platform's
        rights.require(viewer, "job.failed")


def _back(request: Request, public_id: str) -> str:
    own = jobs.one(request.viewer, public_id).person_id == request.viewer.person_id
    return reverse("partners:tasks" if own else "partners:failed_jobs")
