"""`manage.py seed_load --tickets N`: many tickets for benchmarks, straight into the tables."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from servicedesk.demo.load import PASSWORD, dealers, fill


class Command(BaseCommand):
    """Fill demo or test database up to N tickets of 40 dealers; run again with a larger N to add the rest."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tickets", type=int, required=True, help="how many there shall be")

        parser.add_argument(
            "--open", type=int, default=0, help="so many of the biggest dealer's are open (else a few percent)"
        )

    def handle(self, *args: Any, tickets: int, **options: Any) -> None:
        if not (settings.DEMO or settings.TESTING):
            raise CommandError(_("Invented data goes into a demo or a test only, never into a real database."))
        begun = time.monotonic()
        added = fill(tickets=tickets, now=timezone.now(), tell=self._tell, open_tickets=options["open"])
        first = dealers()[0]
        self._tell(
            f"dealer {first.code}: dispatcher {first.dispatcher_phone}, technician {first.technician_phone}, {PASSWORD}"
        )
        self._tell(f"tickets={tickets} added={added} seconds={time.monotonic() - begun:.1f}")

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
