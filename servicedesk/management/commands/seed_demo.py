"""`manage.py seed_demo [--as-of DATE]`: the sample data, made through the product's own operations."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.calendars import SHANGHAI
from core.tenancy import Tier, Viewer
from servicedesk.demo import PASSWORD
from servicedesk.demo.seeding import is_seeded, seed

PLATFORM = Viewer(tier=Tier.PLATFORM, org=0)


class Command(BaseCommand):
    """Fill a demo with the twelve months before a day (default: until now). All or nothing; a filled demo is left as it is."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", metavar="DATE", help="2026-11-30: the day it shall be, 10:00; default is now")

    def handle(self, *args: Any, as_of: str | None = None, **options: Any) -> None:
        if not (settings.DEMO or settings.TESTING):
            raise CommandError(_("Invented data goes into a demo or a test only, never into a real database."))
        now = _moment(as_of)
        begun = time.monotonic()
        with transaction.atomic():
            if is_seeded():
                self._tell(_("sample data is there already, nothing to do"))
                return
            counts = seed(now=now, password=PASSWORD, tell=self._tell)
        self._tell(
            _("sample data as of %(day)s: %(tickets)s tickets, %(slips)s slips, %(photos)s photos in %(seconds)s s")
            % {
                **counts,
                "day": f"{now.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
                "seconds": f"{time.monotonic() - begun:.0f}",
            }
        )

    def _tell(self, line: str) -> None:
        self.stdout.write(f"  {line}")
        self.stdout.flush()


def _moment(as_of: str | None) -> datetime:
    if as_of is None:
        return timezone.now()
    try:
        day = datetime.strptime(as_of, "%Y-%m-%d")  # noqa: DTZ007  # the zone comes with the next line
    except ValueError as problem:
        raise CommandError(_("--as-of wants a day like 2026-11-30.")) from problem
    return day.replace(hour=10, tzinfo=SHANGHAI)
