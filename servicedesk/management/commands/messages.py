"""`manage.py messages`: bring locale/ up to date with the texts in code and templates; `--check` only says what is missing."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands.makemessages import Command as MakeMessages

IGNORED = [".venv", "var", "staticfiles", "tests", "benchmarks", "ops", "docs"]
SHOWN = 40  # lines; `make messages` adds an empty entry for each


class Command(MakeMessages):
    help = "Collects texts into locale/zh_Hans (sorted, without locations, nothing guessed), or checks that none is missing."
    requires_system_checks: list[str] = []

    # sorted and without guesses: two people's new texts merge, and no similar text is taken for a translation
    msgmerge_options = ["-q", "--backup=none", "--update", "--no-fuzzy-matching", "--sort-output", "--no-wrap"]
    msguniq_options = ["--to-code=utf-8", "--sort-output", "--no-wrap"]
    msgattrib_options = ["--no-obsolete", "--sort-output", "--no-wrap"]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing, end with 1 when a translation is missing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.checks = bool(options.pop("check"))
        self.problems: list[str] = []
        defaults = {
            "locale": ["zh_Hans"], "exclude": [], "all": False, "domain": "django", "extensions": ["html", "txt", "py"],
            "symlinks": False, "ignore_patterns": IGNORED, "use_default_ignore_patterns": True, "no_wrap": True,
            "no_location": True, "add_location": "never", "no_obsolete": True, "keep_pot": False,
        }  # fmt: skip
        super().handle(*args, **{**options, **defaults, "verbosity": 0})
        self.problems = list(
            dict.fromkeys(self.problems)
        )  # the folder is visited twice, as "locale" and by LOCALE_PATHS
        if self.problems:
            raise CommandError(
                "\n".join([f"translations are not complete, {len(self.problems)} texts:", *self.problems[:SHOWN]])
            )
        self.stdout.write(
            "translations are complete" if self.checks else "locale/ is up to date: fill in the empty entries"
        )

    def write_po_file(self, potfile: str, locale: str) -> None:
        po = Path(potfile).parent / locale / "LC_MESSAGES" / f"{self.domain}.po"
        if not self.checks:
            super().write_po_file(potfile, locale)
            text = po.read_text()
            po.write_text(re.sub(r'^"(POT-Creation-Date|PO-Revision-Date): .*\\n"\n', "", text, flags=re.MULTILINE))
            return
        if not po.exists():
            self.problems.append(f"{po} does not exist")
            return
        compared = subprocess.run(
            ["msgcmp", "--no-fuzzy-matching", str(po), potfile], capture_output=True, text=True, check=False
        )
        format_check = subprocess.run(
            ["msgfmt", "--check", "-o", "/dev/null", str(po)], capture_output=True, text=True, check=False
        )
        for done in (compared, format_check):
            if done.returncode:
                self.problems += self._named(done.stderr.strip().splitlines())

    def _named(self, lines: list[str]) -> list[str]:
        """The tools' lines, each with the text it is about."""
        named = []
        for line in lines:
            found = re.match(r"(.+?\.pot?):(\d+): (.*)", line)
            if not found or found[3].startswith("warning"):
                continue  # a text of a page that is not built yet, or was removed
            before = "\n".join(Path(found[1]).read_text().splitlines()[: int(found[2])])
            text = before[before.rindex("\nmsgid ") + 7 :].replace('"\n"', "").split("\n")[0]
            why = "not in the catalogue" if "not defined" in found[3] else found[3]
            named.append(f"  {text[:90]}    ({why})")
        return named
