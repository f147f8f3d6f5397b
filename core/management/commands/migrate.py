"""`migrate` runs as the owner of the schema: the application's user owns nothing (reliability.md 1)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands.migrate import Command as Migrate


class Command(Migrate):
    """Django's command with `--database owner` by default."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def execute(self, *args: Any, **options: Any) -> str | None:
        # before the system checks: they would ask the missing connection
        if options["database"] not in settings.DATABASES:
            raise CommandError(
                "DATABASE_OWNER_URL is not set: migrations run as the owner of the schema, see ops/roles.sql"
            )
        result: str | None = super().execute(*args, **options)
        return result
