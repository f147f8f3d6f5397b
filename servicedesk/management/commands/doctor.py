"""`manage.py doctor [--language en]`: what is wrong with this installation and what to do; ends with 1 when there is a fault."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from servicedesk import doctor


class Command(BaseCommand):
    help = "Looks at servers, rights, isolation, disks, paper, settings and backups; one line each. Exit 1 when there is a fault."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--language", choices=[code for code, _name in settings.LANGUAGES], default=settings.LANGUAGE_CODE
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"]):
            found = doctor.findings()
            for finding in found:
                line = f"{finding.level.words}  {finding.name}: {finding.text}"
                self.stdout.write(f"{line} → {finding.remedy}" if finding.remedy else line)
            counts = {level.value: sum(finding.level is level for finding in found) for level in doctor.Level}
            self.stdout.write(
                _("doctor: %(all)s checks, %(fault)s faults, %(warning)s warnings") % {**counts, "all": len(found)}
            )
        if counts[doctor.Level.FAULT]:
            sys.exit(1)
