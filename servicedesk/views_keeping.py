"""The installation for the platform's administrator: jobs, disks, backup, version (reliability.md 10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core import rights
from core.models import JobState
from core.templatetags.ui import moment
from core.tenancy import Viewer
from partners.access import Request
from servicedesk import archive, keeping, life
from servicedesk.doctor import span
from servicedesk.health import JOB_PATIENCE


@dataclass(frozen=True)
class Number:
    """One number with its words and the list behind it."""

    label: str
    value: str
    url: str = ""
    bad: bool = False


@dataclass(frozen=True)
class Section:
    """Facts under one heading."""

    title: str
    pairs: list[tuple[str, str]]


@dataclass(frozen=True)
class Page:
    """Finished texts. troubles: what somebody has to do something about."""

    numbers: list[Number]
    sections: list[Section]
    troubles: list[str]


@require_GET
def show(request: Request) -> HttpResponse:
    """How the installation stands. Errors: not_allowed."""
    rights.require(request.viewer, "installation.read")
    context = {"page_title": _("Installation"), "page": page(request.viewer, timezone.now())}
    return render(request, "servicedesk/keeping.html", context)


def page(viewer: Viewer, now: datetime) -> Page:
    """Everything on it; what the doctor would find stands on top."""
    jobs = keeping.jobs_of(viewer, now)
    waits = timedelta(seconds=jobs.oldest_wait(now))
    missing = keeping.missing_migrations()
    last = archive.latest(settings.BACKUP_FOLDER)
    disks = keeping.disks()
    signs = {who: life.age(who) for who in (life.WORKER, life.TICK)}

    troubles = []
    seen = signs[life.WORKER]
    if seen is None or seen > life.PATIENCE or waits.total_seconds() > JOB_PATIENCE:
        troubles.append(_("No worker seems to be at work: papers and imports wait."))
    if last is None:
        troubles.append(_("There is no backup."))
    elif last.age(now) > keeping.BACKUP_LATE:
        troubles.append(_("The last backup is %(age)s old.") % {"age": span(last.age(now))})
    if any(disk.is_short for disk in disks):
        troubles.append(_("The disk is nearly full."))
    if missing:
        troubles.append(_("Migrations are pending: %(n)s.") % {"n": len(missing)})

    labels = dict(JobState.choices)
    numbers = [
        Number(
            _("Tasks, %(state)s") % {"state": labels[state]},
            str(number),
            reverse("partners:failed_jobs") if state == JobState.FAILED else "",
            bad=state == JobState.FAILED and bool(number),
        )
        for state, number in jobs.by_state.items()
        if state != JobState.CANCELLED or number
    ]
    sections = [
        Section(
            _("At work"),
            [
                (_("Oldest waiting task"), span(waits) if jobs.waits_since else _("none is due")),
                (_("Worker"), _seen(signs[life.WORKER])),
                (_("Tick"), _seen(signs[life.TICK])),
            ],
        ),
        Section(
            _("Backup"),
            [
                (_("Last backup"), str(moment(timezone.localtime(last.made_at))) if last else _("none")),
                (_("Age"), span(last.age(now)) if last else ""),
                (_("Size"), _size(last.bytes) if last else ""),
                (_("Content"), _("%(tables)s tables, %(rows)s rows, %(files)s files") % {"tables": len(last.tables), "rows": last.rows, "files": len(last.files)} if last else ""),
            ],
        ),
        Section(
            _("Disk space"),
            [
                (name, _("%(free)s free of %(all)s") % {"free": _size(disk.free), "all": _size(disk.total)})
                for name, disk in zip((_("Files"), _("Backups"))[-len(disks) :], disks, strict=True)
            ],
        ),
        Section(
            _("Program"),
            [
                (_("Version"), archive.version()),
                (_("Migrations"), _("%(n)s pending") % {"n": len(missing)} if missing else _("none is pending")),
            ],
        ),
    ]  # fmt: skip
    return Page(numbers, sections, troubles)


def _seen(age: float | None) -> str:
    if age is None:
        return _("not seen for a day")
    return _("seen %(s)s s ago") % {"s": f"{age:.0f}"} if age < life.PATIENCE * 2 else span(timedelta(seconds=age))


def _size(number: int) -> str:
    return f"{number / keeping.GIB:.1f} GB" if number >= keeping.GIB else f"{number / (1 << 20):.1f} MB"
