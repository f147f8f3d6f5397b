"""`manage.py backup [--to FOLDER] [--keep N]`: database and uploaded files in one archive (docs/set-up.md, Backups)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from servicedesk import archive


class Command(BaseCommand):
    help = "Writes database and uploaded files into one archive; whole or not at all. Runs as the owner (DATABASE_OWNER_URL)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", metavar="FOLDER", type=Path, help="default: SERVICEDESK_BACKUP_FOLDER")
        parser.add_argument("--keep", metavar="N", type=int, default=0, help="keep the N newest, remove older ones")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["to"] or settings.BACKUP_FOLDER
        if options["keep"] < 0:
            raise CommandError("--keep: a number from 1 on is needed")
        try:
            made = archive.make(folder, keep=options["keep"], tell=self._tell)
        except archive.Unusable as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(
            f"backup: {made.path}: {len(made.tables)} tables, {made.rows} rows, {len(made.files)} files,"
            f" {made.bytes / 1e6:.1f} MB in {made.facts['seconds']} s"
        )

    def _tell(self, line: str) -> None:
        sys.stderr.write(f"  {line}\n")
        sys.stderr.flush()
