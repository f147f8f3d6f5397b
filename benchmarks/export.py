"""Row `export`: peak memory of the process that makes a workbook of 100,000 tickets, out of a million in the database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.http import Row, row
from benchmarks.places import LARGE, Place
from servicedesk import embedded

ROWS = 100_000
GOAL = 200.0  # MB


def measure() -> Row:
    """MB of resident memory at most, of a process that does nothing else."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.export"]
    environment = {**os.environ, **Place(LARGE).environment}
    done = subprocess.run(command, env=environment, cwd=embedded.ROOT, check=True, stdout=subprocess.PIPE, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    if found["rows"] != ROWS:
        raise AssertionError(f"{found['rows']} rows in the workbook")
    return row("export_memory", found["mb"], f"MB for {ROWS} rows, {found['seconds']} s", GOAL)


def main() -> None:
    """Make the workbook as a worker does; print rows, seconds and peak memory."""
    import time
    import zipfile

    import django

    django.setup()
    from django.core.files.storage import default_storage
    from django.utils import timezone

    from benchmarks.samples import viewer_of
    from core import exports, jobs, tenancy
    from core.models import Job
    from core.models.job import JobState
    from servicedesk.demo.load import dealers

    exports.MOST = ROWS
    viewer = viewer_of(dealers()[0].dispatcher_phone)
    with tenancy.acting(viewer):
        job = jobs.enqueue(exports.EXPORT, viewer=viewer, now=timezone.now(), list="tickets", query="state=all")
    with tenancy.acting(tenancy.system()):
        mine = Job.objects.unscoped("the benchmark is its worker").filter(id=job.id)
        mine.update(state=JobState.RUNNING, locked_by=jobs.worker_name(), locked_until=timezone.now() + jobs.LEASE)
        job = mine.get()
    begun = time.perf_counter()
    exports.make_export(jobs.Run(job, viewer, job.locked_by))
    seconds = round(time.perf_counter() - begun)
    peak = _peak()
    with tenancy.acting(tenancy.system()):
        name = Job.objects.unscoped("the benchmark reads its result").get(id=job.id).result_file
    with default_storage.open(name) as file, zipfile.ZipFile(file) as book:
        rows = book.read("xl/worksheets/sheet1.xml").count(b"<row ") - 1
    default_storage.delete(name)
    print(json.dumps({"rows": rows, "seconds": seconds, "mb": round(peak, 1)}))


def _peak() -> float:
    """MB that this program has held at most. Not ru_maxrss: that begins with what the process that started this one held."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main()
