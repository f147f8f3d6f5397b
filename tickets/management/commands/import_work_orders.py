"""`manage.py import_work_orders FILE --dealer CODE [--maker CODE] [--dry-run]`: old work orders from a CSV file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import ProgrammingError
from django.utils import timezone
from django.utils.translation import gettext as _

from core import tenancy
from core.errors import Refused
from core.tenancy import Viewer
from partners.enums import Role
from partners.queries import viewers
from tickets.calculations.work_orders import UnreadableFile, WorkOrderFile, read_work_orders
from tickets.explain.work_orders import why_rejected, why_unreadable
from tickets.operations.import_work_orders import Imported, foresee_import, import_work_orders
from tickets.queries import imports

CANNOT = 2  # exit code when nothing was tried


class Command(BaseCommand):
    """Import old work orders of a dealer's machines as closed tickets; run again with a longer file to add the rest."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="CSV with columns for date, machine, description and, if known, type and cost")
        parser.add_argument("--dealer", required=True, help="code of the dealer whose history it is")
        parser.add_argument("--maker", help="code of the machines' manufacturer; left out: the dealer's own 未知厂家")
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")

    def handle(self, *args: Any, file: str, dealer: str, maker: str | None, dry_run: bool, **options: Any) -> None:
        viewer = _viewer(dealer)
        read = _read(Path(file))
        try:
            with tenancy.acting(viewer):
                done = foresee_import(viewer=viewer, file=read, maker_code=maker)
            self._tell_rejected(read)
            if not dry_run:
                with tenancy.acting(viewer):
                    done = import_work_orders(
                        viewer=viewer, file=read, maker_code=maker, now=timezone.now(), progress=self._progress
                    )
        except Refused as refusal:
            raise CommandError(f"{dealer}: {refusal}", returncode=CANNOT) from refusal
        self._conclude(done, maker)

    def _tell_rejected(self, read: WorkOrderFile) -> None:
        for row in read.rejected:
            self.stdout.write(_("line %(line)s rejected: %(why)s") % {"line": row.line, "why": why_rejected(row)})

    def _progress(self, done: int, of: int) -> None:
        self.stdout.write(_("%(done)s of %(of)s orders written") % {"done": done, "of": of})
        self.stdout.flush()

    def _conclude(self, done: Imported, maker: str | None) -> None:
        for name, count in done.elsewhere:
            self.stdout.write(
                _("%(count)s known orders stay with %(name)s; --maker %(maker)s changes nothing for them")
                % {"count": count, "name": name, "maker": maker}
            )
        self.stdout.write(f"rows={done.rows} new={done.new} unchanged={done.unchanged} rejected={done.rejected}")


def _viewer(dealer: str) -> Viewer:
    """The dealer as an administrator who runs the command on the server."""
    try:
        dealers = imports.dealer_ids()
    except ProgrammingError as missing:
        raise CommandError(_("The database is empty: run “manage.py migrate” first."), returncode=CANNOT) from missing
    if not dealers:
        raise CommandError(_("The database has no dealers yet."), returncode=CANNOT)
    found = viewers.of_organisation(dealers[dealer]) if dealer in dealers else None
    if found is None:
        raise CommandError(_("There is no dealer with the code %(code)s.") % {"code": dealer}, returncode=CANNOT)
    return replace(found, roles=frozenset({Role.ADMIN.value}), name="import_work_orders")


def _read(path: Path) -> WorkOrderFile:
    try:
        return read_work_orders(path.read_bytes())
    except OSError as problem:
        raise CommandError(
            _("%(path)s cannot be read: %(why)s") % {"path": path, "why": problem.strerror}, returncode=CANNOT
        ) from problem
    except UnreadableFile as problem:
        raise CommandError(f"{path}: {why_unreadable(problem)}", returncode=CANNOT) from problem
