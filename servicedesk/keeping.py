"""How an installation stands: disks, jobs, migrations. The doctor, the administrator's page and /metrics ask here."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.db import connection
from django.db.models import Count, QuerySet

from core.models import Job
from core.models.job import JobState
from core.tenancy import Viewer
from servicedesk.health import migrations_of_this_code

BACKUP_LATE, BACKUP_LOST = timedelta(hours=26), timedelta(days=7)  # a nightly backup that took a while is not late
GIB = 1 << 30


@dataclass(frozen=True)
class Disk:
    """A folder's file system."""

    path: Path
    free: int
    total: int

    @property
    def share(self) -> float:
        """Free part, 0 to 1."""
        return self.free / self.total if self.total else 0.0

    @property
    def is_short(self) -> bool:
        return self.free < 2 * GIB or self.share < 0.1

    @property
    def is_full(self) -> bool:
        return self.free < GIB // 4 or self.share < 0.02


@dataclass(frozen=True)
class Jobs:
    """Numbers by state, in the order of the states, and since when the oldest due one waits."""

    by_state: dict[str, int]
    waits_since: datetime | None

    @property
    def failed(self) -> int:
        return self.by_state[JobState.FAILED]

    def oldest_wait(self, now: datetime) -> float:
        """Seconds; 0 when nothing waits."""
        return max(0.0, (now - self.waits_since).total_seconds()) if self.waits_since else 0.0


def disk(path: Path) -> Disk:
    """The file system of a folder, or of the nearest folder above that exists."""
    there = next(place for place in (path, *path.absolute().parents) if place.exists())
    usage = shutil.disk_usage(there)
    return Disk(path, usage.free, usage.total)


def disks() -> list[Disk]:
    """The file systems of files and backups; files in an S3 store have none here."""
    places = [settings.BACKUP_FOLDER]
    if isinstance(storages["default"], FileSystemStorage):
        places.insert(0, settings.FILES_FOLDER)
    return [disk(place) for place in places]


def jobs_of(viewer: Viewer, now: datetime) -> Jobs:
    """The jobs that a viewer sees; the platform and the product itself see all of them."""
    return _jobs(Job.objects.visible_to(viewer), now)


def _jobs(rows: QuerySet[Job], now: datetime) -> Jobs:
    counts = dict(rows.values_list("state").annotate(n=Count("id")).order_by("state"))
    due = rows.filter(state=JobState.WAITING, run_at__lte=now).order_by("run_at")
    return Jobs(
        {state.value: counts.get(state.value, 0) for state in JobState}, due.values_list("run_at", flat=True).first()
    )


def missing_migrations() -> list[str]:
    """Migrations of this program that the database does not have, as app.name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        missing = migrations_of_this_code() - set(cursor.fetchall())
    return sorted(f"{app}.{name}" for app, name in missing)
