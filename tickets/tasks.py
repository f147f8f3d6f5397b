"""Jobs of tickets: the kept files of a slip, and what closes by itself at night."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime, time, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import jobs
from core.calendars import SHANGHAI, local, local_date
from core.models import Job
from core.models import public_id as random_name
from core.tenancy import Tier
from tickets.documents import slip_pdf
from tickets.documents.slip_facts import paper_of
from tickets.enums import Copy
from tickets.operations import finish_ticket, slip_files

CLOSE_DUE = "tickets.close_due"
NIGHT = time(2, 30)  # after midnight's rush, long before the desk opens


@jobs.handler("tickets.slip_pdf", _("Print files of a slip"))
def make_slip_files(run: jobs.Run) -> None:
    """Make and keep the three files of a frozen slip; payload: slip = its public id.

    May run twice: a second run finds what is missing, makes no second row, and takes away files that a killed run left.
    A slip that was voided meanwhile gets no files.
    """
    key, folder = str(run.payload["slip"]), f"slips/{run.job.public_id}"
    with run.step():
        slip = slip_files.begin(viewer=run.viewer, public_id=key, folder=folder)
        paper = None if slip is None else paper_of(run.viewer, slip)
    run.progress(1, 3)
    if paper is None:
        run.progress(3, 3)
        return
    made = slip_pdf.slip_files(paper)
    kept = {copy: _keep(folder, made.of(copy)) for copy in Copy}
    run.progress(2, 3)
    with run.step():
        slip_files.keep(viewer=run.viewer, public_id=key, files=kept, now=timezone.now())
    run.progress(3, 3)


def _keep(folder: str, content: bytes) -> slip_files.KeptFile:
    import pikepdf  # web processes never count pages

    with pikepdf.open(io.BytesIO(content)) as pdf:
        pages = len(pdf.pages)
    name = default_storage.save(f"{folder}/{random_name()}{random_name()}.pdf", ContentFile(content))
    return slip_files.KeptFile(name, hashlib.sha256(content).hexdigest(), pages, len(content))


@jobs.handler(CLOSE_DUE, _("Closing followed-up tickets"))
def close_due(run: jobs.Run) -> None:
    """Close what is due at the job's dealer, some at a time; payload: nothing. A second run finds nothing left."""
    done = 0
    while True:
        with run.step():
            closed = finish_ticket.close_due(viewer=run.viewer, now=timezone.now())
        if not closed:
            return
        done += closed
        run.progress(done, done)


_planned: set[str] = set()  # days this process has seen planned: the tick asks the database once a day


def plan_night(now: datetime) -> None:
    """Once a day one job per dealer, due at night (domain.md 6, closing). Called by the tick, which one process runs at a time."""
    day = local_date(now)
    due = datetime.combine(day, NIGHT, SHANGHAI)
    if local(now) > due:
        due += timedelta(days=1)
    mark = f"{due:%Y-%m-%d}"
    if mark in _planned:
        return
    jobs_of_night = Job.objects.unscoped("the tick plans for all dealers").filter(kind=CLOSE_DUE, run_at=due)
    known = set(jobs_of_night.values_list("organisation_id", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT tickets_active_dealers()")
        dealers = [dealer for (dealer,) in cursor.fetchall()]
    Job.objects.bulk_create(
        [
            Job(kind=CLOSE_DUE, organisation_id=dealer, tier=Tier.DEALER.value, run_at=due, created_at=now)
            for dealer in sorted(set(dealers) - known)
        ]
    )
    _planned.clear()
    _planned.add(mark)
