"""`manage.py restore ARCHIVE` into an empty installation; `--check` proves that an archive can be restored (docs/set-up.md, Backups)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.migrations.loader import MigrationLoader

from core import row_security
from servicedesk import archive


class Command(BaseCommand):
    help = "Restores an archive of `backup` into an empty database (exit 2 when it is not), or checks one in a temporary database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("archive", type=Path, help="the archive's folder")
        parser.add_argument("--check", action="store_true", help="restore into a temporary database, compare, drop it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["check"]:
                self._check(options["archive"])
            else:
                self._restore(options["archive"])
        except archive.NotEmpty as problem:
            raise CommandError(str(problem), returncode=2) from None
        except archive.Unusable as problem:
            raise CommandError(str(problem)) from None

    def _check(self, path: Path) -> None:
        manifest, different = archive.check(path, tell=self._tell)
        for line in different:
            self.stdout.write(f"differs: {line}")
        if different:
            raise CommandError(f"check: {len(different)} differences, this archive cannot be relied on")
        self.stdout.write(
            f"check: {len(manifest.tables)} tables, {manifest.rows} rows, {len(manifest.files)} files equal"
        )

    def _restore(self, path: Path) -> None:
        manifest = archive.restore(path, tell=self._tell)
        missing = frozenset(MigrationLoader(None).disk_migrations) - manifest.migrations
        if not missing:
            row_security.sync("owner")  # the application's user may have another name here
        self.stdout.write(
            f"restored: {len(manifest.tables)} tables, {manifest.rows} rows, {len(manifest.files)} files"
            f" of {manifest.made_at:%Y-%m-%d %H:%M} UTC" + ("; now run `manage.py migrate`" if missing else "")
        )

    def _tell(self, line: str) -> None:
        sys.stderr.write(f"  {line}\n")
        sys.stderr.flush()
