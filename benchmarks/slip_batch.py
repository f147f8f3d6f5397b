"""Row `slip_batch` of `make bench`: 50 signed slips as one PDF by the job, against pikepdf's bare merge (performance.md 5).

The bare way opens the same 150 kept files, puts their pages one after the other and writes the file. Ours is the whole job: the
statements that find slips and files under the dealer's role, rights, reports of progress, the stored result. Both are measured
in turns in one process.
"""

from __future__ import annotations

import io
import statistics
import tempfile
import time
from pathlib import Path

import pikepdf
from django.core.files.storage import default_storage
from django.utils import timezone

from core import jobs, tenancy
from core.models import Job, JobState
from core.tenancy import Viewer
from partners.models import Account
from partners.queries import viewers
from servicedesk.demo.load import dealers
from tickets import tasks
from tickets.documents.slip_facts import paper_of
from tickets.documents.slip_pdf import slip_files
from tickets.enums import Copy, Paper, SlipState
from tickets.models import Slip
from tickets.operations import slip_files as keeping
from tickets.operations.batch_print import KIND
from tickets.queries import slips

GOAL = 3.0
SLIPS = 50
ROUNDS = 9


def measure(rounds: int = ROUNDS) -> dict[str, object]:
    """Ratio of the job's time to the bare merge; median of the rounds."""
    viewer, chosen = _dealer_with_slips()
    names = _kept(viewer, chosen)
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(rounds + 1):
            job = _ordered(viewer, chosen)
            run = jobs.Run(job, viewer, job.locked_by)
            begun = time.perf_counter()
            tasks.print_batch(run)
            ours = time.perf_counter() - begun
            begun = time.perf_counter()
            bare = bare_merge([default_storage.path(name) for name in names])
            Path(folder, "bare.pdf").write_bytes(bare)
            floor = time.perf_counter() - begun
            with tenancy.acting(tenancy.system()):
                done = Job.objects.unscoped("the benchmark reads its result").get(id=job.id)
            with default_storage.open(done.result_file) as file, pikepdf.open(file) as pdf:
                if len(pdf.pages) != SLIPS * 3 or done.progress_text:
                    raise RuntimeError(f"the batch is not whole: {len(pdf.pages)} pages, {done.progress_text}")
            default_storage.delete(done.result_file)
            if turn:  # the first one warms up
                ratios.append(ours / floor)
    value = round(statistics.median(ratios), 2)
    return {"name": "slip_batch", "value": value, "unit": "× bare merge", "goal": GOAL, "met": value <= GOAL}


def bare_merge(paths: list[str]) -> bytes:
    """The pages of these files one after the other, as a plain pikepdf script puts them together."""
    out = io.BytesIO()
    with pikepdf.new() as merged:
        for path in paths:
            with pikepdf.open(path) as source:
                merged.pages.extend(source.pages)
        merged.save(out)
    return out.getvalue()


def _dealer_with_slips() -> tuple[Viewer, list[str]]:
    """A dispatcher of the filled database, and the public ids of 50 signed slips of his dealer."""
    account = Account.objects.get(phone=dealers()[0].dispatcher_phone)
    found = viewers.of_account(account.pk, None)
    assert found is not None
    viewer = found[0]
    with tenancy.acting(viewer):
        rows = Slip.objects.visible_to(viewer).filter(state=SlipState.SIGNED).order_by("-finished_at", "-id")
        chosen = list(rows.values_list("public_id", flat=True)[:SLIPS])
    assert len(chosen) == SLIPS, "fill first: make bench-fill"
    return viewer, chosen


def _kept(viewer: Viewer, chosen: list[str]) -> list[str]:
    """Names of the kept files of the slips, in the order of the batch; made as the job makes them where they are missing."""
    names = []
    for key in chosen:
        with tenancy.acting(viewer):
            slip = slips.one(viewer, key)
            kept = slips.files(viewer, slip)
            paper = paper_of(viewer, slip)
        if len(kept) < len(Copy):
            made = slip_files(paper)
            files = {copy: tasks._keep(f"slips/bench-{key}", made.of(copy)) for copy in Copy}
            with tenancy.acting(viewer):
                keeping.keep(viewer=viewer, public_id=key, files=files, now=timezone.now())
                kept = slips.files(viewer, slip)
        names += [str(kept[copy].file.name) for copy in Copy]
    return names


def _ordered(viewer: Viewer, chosen: list[str]) -> Job:
    """A running job for these slips, first prints all, as a worker holds it."""
    with tenancy.acting(viewer):
        pairs = [[key, 0] for key in chosen]
        job = jobs.enqueue(KIND, viewer=viewer, now=timezone.now(), of=len(chosen), slips=pairs, paper=Paper.A4.value)
    with tenancy.acting(tenancy.system()):
        rows = Job.objects.unscoped("the benchmark is its worker").filter(id=job.id)
        rows.update(state=JobState.RUNNING, locked_by=jobs.worker_name(), locked_until=timezone.now() + jobs.LEASE)
        return rows.get()
