"""Jobs: rows in PostgreSQL are the truth, Celery is the bell (docs/jobs.md).

A job is a chain of short transactions: claim, lease and progress are transactions of their own, and each step of the
work runs under the role of the organisation it is for. A lost worker's lease runs out and another takes over, so a
handler may run twice and must do no harm then.
"""

from __future__ import annotations

import json
import logging
import os
import random
import socket
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from structlog.contextvars import bound_contextvars

from core import events, rights, tenancy
from core.errors import Refused, Sentence
from core.models.base import public_id
from core.models.job import Job, JobState
from core.tenancy import Viewer

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
MAX_ATTEMPTS = 5
RESULT_DAYS = 7


class Cancelled(Exception):
    """Somebody asked to stop; what is finished stays."""


@dataclass
class Run:
    """What a handler gets: its payload, for whom it works, and how to tell how far it is."""

    job: Job
    viewer: Viewer
    worker: str

    @property
    def payload(self) -> dict[str, Any]:
        return dict(self.job.payload)

    @contextmanager
    def step(self) -> Iterator[None]:
        """One short transaction of the work, under the role of the organisation the job is for."""
        with tenancy.acting(self.viewer):
            yield

    def progress(self, done: int, of: int, text: str = "") -> None:
        """Tell how far it is and renew the lease; raises Cancelled when somebody asked to stop, or the lease is lost."""
        now = timezone.now()
        with tenancy.acting(tenancy.system()):
            mine = Job.objects.unscoped("own lease").filter(
                id=self.job.id, locked_by=self.worker, attempts=self.job.attempts, state=JobState.RUNNING
            )
            if not mine.update(done=done, of=of, progress_text=text[:120], locked_until=now + LEASE):
                raise Cancelled
            if mine.filter(cancel_asked=True).exists():
                raise Cancelled

    def in_steps(self, work: Callable[[], int]) -> None:
        """Step after step, until one finds nothing left. work: does some of it, in a transaction of its own; answers how many."""
        done = 0
        while True:
            with self.step():
                some = work()
            if not some:
                return
            done += some
            self.progress(done, done)

    def result(self, *, file: str = "", url: str = "") -> None:
        """Name the result: a stored file or a page."""
        with tenancy.acting(tenancy.system()):
            Job.objects.unscoped("own result").filter(id=self.job.id, locked_by=self.worker).update(
                result_file=file, result_url=url
            )


Handler = Callable[[Run], None]

_handlers: dict[str, Handler] = {}
_words: dict[str, Sentence] = {}
_bell: Callable[[], None] | None = None
_viewer_loader: Callable[[str, int, int | None], Viewer | None] | None = None


def handler(kind: str, words: Sentence) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of `kind` ("tickets.slip_pdf"); written in an app's `tasks.py`.

    words: what such a job is called, for people who do not see whose it is.
    """

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        _words[kind] = words
        return function

    return register


def words(kind: str) -> str:
    """What jobs of a kind are called; a kind that is gone keeps its code."""
    return str(_words.get(kind, kind))


def listing() -> list[tuple[str, str]]:
    """(kind, handler) in order, for `manage.py explain jobs`."""
    return [(kind, f"{function.__module__}.{function.__qualname__}") for kind, function in sorted(_handlers.items())]


def set_bell(ring: Callable[[], None]) -> None:
    """How to wake a worker; `servicedesk.celery` gives it. It must not raise and not wait."""
    global _bell
    _bell = ring


def set_viewer_loader(load: Callable[[str, int, int | None], Viewer | None]) -> None:
    """How to make a viewer from (tier, organisation, person); `partners` gives it."""
    global _viewer_loader
    _viewer_loader = load


def enqueue(
    kind: str,
    *,
    viewer: Viewer,
    now: datetime,
    title: str = "",
    of: int = 0,
    run_at: datetime | None = None,
    **payload: Any,
) -> Job:
    """Write a job row in the caller's transaction; the bell rings after the commit."""
    if kind not in _handlers:
        raise LookupError(f"no handler for job {kind!r}")
    job = Job.objects.create(
        kind=kind,
        payload=payload,
        organisation_id=viewer.org,
        tier=viewer.tier.value,
        person_id=viewer.person_id,
        title=title[:120],
        of=of,
        run_at=run_at or max(now, timezone.now()),  # sample data are written with times long past
        created_at=now,
    )
    transaction.on_commit(ring)
    return job


@dataclass(frozen=True)
class Standing:
    """A job that comes again and again for an organisation: one row, woken each time it is due, so that none pile up.

    name: tells it from the organisation's others of its kind.
    """

    organisation_id: int
    tier: str
    name: str
    payload: dict[str, Any]


def wake(kind: str, wanted: Iterable[Standing], *, now: datetime, not_since: datetime | None = None) -> int:
    """Let standing jobs run at once; returns how many were woken. What waits or runs already is left alone.

    not_since: also what ran at or after this moment. Called by ringers of the tick, one of which runs at a time; by an operation for its
    own organisation.
    """
    if kind not in _handlers:
        raise LookupError(f"no handler for job {kind!r}")
    by_name = {(one.organisation_id, f"{kind}:{one.name}"): one for one in wanted}
    if not by_name:
        return 0
    rows = Job.objects.unscoped("standing jobs of all organisations").filter(
        organisation_id__in={org for org, _name in by_name}, standing__in={name for _org, name in by_name}
    )
    known = {(row.organisation_id, row.standing): row for row in rows.order_by("id")}
    resting = [
        row.id
        for key, row in known.items()
        if key in by_name
        and row.state not in (JobState.WAITING, JobState.RUNNING)
        and (not_since is None or row.run_at < not_since)
    ]
    if resting:
        Job.objects.unscoped("standing jobs of all organisations").filter(id__in=resting).update(
            state=JobState.WAITING, attempts=0, run_at=now, finished_at=None, cancel_asked=False, last_error=""
        )
    new = [
        Job(
            kind=kind, payload=one.payload, standing=name, organisation_id=org, tier=one.tier, run_at=now, created_at=now,
        )
        for (org, name), one in by_name.items()
        if (org, name) not in known
    ]  # fmt: skip
    Job.objects.bulk_create(new, ignore_conflicts=True)
    if resting or new:
        transaction.on_commit(ring)
    return len(resting) + len(new)


def for_partner(
    kind: str, *, viewer: Viewer, receiver: int, now: datetime, run_at: datetime | None = None, **payload: Any
) -> bool:
    """Write a job for a partner's organisation in the caller's transaction: the only way to write across tenants (reliability.md 1).

    It runs under the receiver's role. payload: ids and code words, which the receiver's own eyes must find. run_at: not before.
    Returns False, and writes nothing, when the receiver is no partner of the viewer's organisation (any more).
    """
    if kind not in _handlers:
        raise LookupError(f"no handler for job {kind!r}")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT job_for_partner(%s, %s, %s, %s, %s, %s)",
            [kind, public_id(), json.dumps(payload), receiver, run_at or max(now, timezone.now()), now],
        )
        (written,) = cursor.fetchone()
    if written:
        transaction.on_commit(ring)
    return bool(written)


def ring() -> None:
    """Wake a worker; a missing Redis costs nothing, workers look every 2 s anyway."""
    if _bell is not None:
        _bell()


def cancel(*, viewer: Viewer, public_id: str, now: datetime) -> None:
    """Ask a job to stop: at once when it waits, at its next progress when it runs."""
    job = Job.objects.visible_to(viewer).select_for_update().one(public_id=public_id)
    _require_own(viewer, job)
    if job.state == JobState.WAITING:
        job.state, job.finished_at = JobState.CANCELLED, now
    job.cancel_asked = True
    job.save(update_fields=["state", "finished_at", "cancel_asked"])


def retry(*, viewer: Viewer, public_id: str, now: datetime) -> None:
    """Let a failed or cancelled job run again from its beginning."""
    job = Job.objects.visible_to(viewer).select_for_update().one(public_id=public_id)
    _require_own(viewer, job)
    if job.state not in (JobState.FAILED, JobState.CANCELLED):
        raise Refused("job_not_failed", status=409)
    job.state, job.attempts, job.run_at, job.cancel_asked = JobState.WAITING, 0, now, False
    job.finished_at, job.locked_until, job.last_error = None, None, ""
    job.save()
    transaction.on_commit(ring)


def _require_own(viewer: Viewer, job: Job) -> None:
    if job.person_id != viewer.person_id:
        rights.require(viewer, "job.failed")


def worker_name() -> str:
    """Host, process and thread: who holds a lease."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{threading.get_ident() % 100_000}"


def drain(limit: int = 1_000) -> int:
    """Do due jobs until none is left (or `limit`); returns how many were done. Any number of workers at once."""
    worker, count = worker_name(), 0
    while count < limit:
        job = _claim(worker)
        if job is None:
            break
        with bound_contextvars(job=job.public_id, organisation=job.organisation_id, person=job.person_id):
            _run(job, worker)
        count += 1
    return count


def _claim(worker: str) -> Job | None:
    now = timezone.now()
    with tenancy.acting(tenancy.system()):
        due = Job.objects.unscoped("any worker does any job").filter(run_at__lte=now)
        job = (
            (due.filter(state=JobState.WAITING) | due.filter(state=JobState.RUNNING, locked_until__lt=now))
            .order_by("run_at", "id")
            .select_for_update(skip_locked=True)
            .first()
        )
        if job is None:
            return None
        job.state, job.locked_by, job.locked_until = JobState.RUNNING, worker, now + LEASE
        job.attempts += 1
        job.save(update_fields=["state", "locked_by", "locked_until", "attempts"])
        return job


def _run(job: Job, worker: str) -> None:
    viewer: Viewer | None = None
    try:
        if job.attempts > MAX_ATTEMPTS:
            raise Refused("job_lost")
        viewer = _viewer_loader(job.tier, job.organisation_id, job.person_id) if _viewer_loader else None
        if viewer is None:
            raise Refused("job_viewer_gone")
        _handlers[job.kind](Run(job, viewer, worker))
    except Cancelled:
        _finish(job, worker, JobState.CANCELLED)
    except Exception as problem:  # the worker must live on, whatever a handler raises; it is written down
        log.exception("job %s failed", job)
        if _fail(job, worker, problem):
            _tell_ended(job, viewer, JobState.FAILED)
    else:
        if _finish(job, worker, JobState.DONE):
            _tell_ended(job, viewer, JobState.DONE)


def _tell_ended(job: Job, viewer: Viewer | None, state: JobState) -> None:
    """Event "job_ended" under the role of whom the job was for; the job itself has ended, whatever happens here."""
    if viewer is None:
        return
    try:
        with tenancy.acting(viewer):
            events.tell("job_ended", job=job, viewer=viewer, state=state, now=timezone.now())
    except Exception:  # the worker must live on; the state of the job is what counts
        log.exception("nobody could be told that job %s ended", job)


def _finish(job: Job, worker: str, state: JobState) -> bool:
    """Write the end of a job; False when the lease was lost meanwhile and another worker has it."""
    with tenancy.acting(tenancy.system()):
        mine = Job.objects.unscoped("own lease").filter(id=job.id, locked_by=worker, attempts=job.attempts)
        return bool(mine.update(state=state, finished_at=timezone.now(), locked_until=None))


def _fail(job: Job, worker: str, problem: Exception) -> bool:
    """Write a fault; True when it was the last try."""
    connection.close_if_unusable_or_obsolete()
    now = timezone.now()
    final = job.attempts >= MAX_ATTEMPTS or isinstance(problem, Refused)
    pause = timedelta(seconds=min(300, 2**job.attempts) * random.uniform(0.8, 1.2))
    with tenancy.acting(tenancy.system()):
        mine = Job.objects.unscoped("own lease").filter(id=job.id, locked_by=worker, attempts=job.attempts)
        changed = mine.update(
            state=JobState.FAILED if final else JobState.WAITING,
            run_at=now if final else now + pause,
            finished_at=now if final else None,
            locked_until=None,
            last_error="".join(traceback.format_exception_only(problem))[-2_000:],
        )
    return final and bool(changed)
