"""Reading tasks: one's own, and the failed ones for who looks after them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.jobs import words
from core.models import Job, JobState
from core.tenancy import TenantQuerySet, Tier, Viewer

RUNNING = (JobState.WAITING, JobState.RUNNING)
CHIPS = {
    JobState.WAITING: "waiting",
    JobState.RUNNING: "active",
    JobState.DONE: "good",
    JobState.FAILED: "bad",
    JobState.CANCELLED: "waiting",
}
ORDERS = {"new": ("-id",)}


@dataclass(frozen=True)
class Row:
    """A task in finished words. total 0 = nobody knows how much it is. poll_seconds: when to ask again (ui.md 4.4)."""

    public_id: str
    title: str
    words: str
    state: str
    state_label: Any
    done: int
    total: int
    running: bool
    failed: bool
    finished: bool
    may_cancel: bool
    may_retry: bool
    has_result: bool
    created_at: datetime
    poll_seconds: int


def mine(viewer: Viewer) -> TenantQuerySet[Job]:
    """The tasks the viewer asked for, in no order yet."""
    return Job.objects.visible_to(viewer).filter(person_id=viewer.person_id or 0)


def failed(viewer: Viewer) -> TenantQuerySet[Job]:
    """The failed tasks the viewer's administrator, or the platform, may look at; in no order yet."""
    return Job.objects.visible_to(viewer).filter(state=JobState.FAILED)


def one(viewer: Viewer, public_id: str) -> Job:
    """A task the viewer sees. Errors: NotFound."""
    return Job.objects.visible_to(viewer).one(public_id=public_id)


def row(job: Job, now: datetime) -> Row:
    """The task in words."""
    running = job.state in RUNNING
    seconds = max(0, int((now - job.created_at).total_seconds()))
    return Row(
        public_id=job.public_id,
        title=job.title or words(job.kind),
        words=_words(job, now),
        state=CHIPS[JobState(job.state)],
        state_label=JobState(job.state).label,
        done=job.done,
        total=job.of,
        running=running,
        failed=job.state == JobState.FAILED,
        finished=job.state == JobState.DONE,
        may_cancel=running and not job.cancel_asked,
        may_retry=job.state in (JobState.FAILED, JobState.CANCELLED),
        has_result=bool(job.result_file or job.result_url),
        created_at=job.created_at,
        poll_seconds=1 if seconds < 15 else 3 if seconds < 120 else 10,
    )


@dataclass(frozen=True)
class FailedRow:
    """A failed task in words. technical: the kind of fault, for the platform's operator only; its values stand in the worker's log."""

    public_id: str
    title: str
    created_at: datetime
    tries: int
    words: str
    technical: str


def failed_row(viewer: Viewer, job: Job) -> FailedRow:
    """The failed task in words; what an operation refused is told as it was refused.

    The platform sees no business row (domain.md 2.2): titles carry numbers of slips, faults of the database the values of rows.
    """
    operator = viewer.tier is Tier.PLATFORM and job.organisation_id != viewer.org
    refusal = "" if operator else job.last_error.strip().partition("core.errors.Refused: ")[2]
    return FailedRow(
        public_id=job.public_id,
        title=words(job.kind) if operator else job.title or words(job.kind),
        created_at=job.created_at,
        tries=job.attempts,
        words=refusal or _("Stopped with a fault. Try again, or tell the administrator."),
        technical=_kind_of_fault(job.last_error) if viewer.tier is Tier.PLATFORM else "",
    )


def _kind_of_fault(error: str) -> str:
    """The name of the exception, "django.db.utils.IntegrityError", without what it says."""
    name, colon, _said = error.strip().partition(":")
    return name if colon and re.fullmatch(r"[A-Za-z_][\w.]*", name, re.ASCII) else ""


def _words(job: Job, now: datetime) -> str:
    if job.state == JobState.WAITING:
        return _("Waiting for its turn") if job.attempts == 0 else _("Stopped once, will be tried again")
    if job.state == JobState.RUNNING and job.cancel_asked:
        return _("Stops at the next step")
    if job.state == JobState.RUNNING:
        parts = [
            job.progress_text
            or (_("%(done)s of %(of)s done") % {"done": job.done, "of": job.of} if job.of else _("In work"))
        ]
        left = _left(job, now)
        return " · ".join([*parts, left] if left else parts)
    if job.state == JobState.FAILED and job.done:
        return _("Stopped after %(done)s of %(of)s. What is finished is kept.") % {"done": job.done, "of": job.of}
    return {
        JobState.DONE: " · ".join(filter(None, [_("Done"), job.progress_text])),
        JobState.FAILED: _("Stopped with a fault. Try again, or tell the administrator."),
        JobState.CANCELLED: " · ".join(filter(None, [_("Cancelled"), job.progress_text])),
    }[JobState(job.state)]


def _left(job: Job, now: datetime) -> str:
    """How long it will take, from how long the finished part took; "" while nobody can tell."""
    spent = (now - job.run_at).total_seconds()
    if not job.done or not job.of or spent <= 0 or job.attempts > 1:
        return ""
    seconds = int(spent / job.done * (job.of - job.done))
    if seconds < 90:
        return ngettext("about %(n)s second left", "about %(n)s seconds left", seconds) % {"n": seconds}
    minutes = round(seconds / 60)
    return ngettext("about %(n)s minute left", "about %(n)s minutes left", minutes) % {"n": minutes}
