"""`manage.py calculate KIND < cases.jsonl > results.jsonl`: the calculation engine (docs/calculations.md)."""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Iterable
from typing import Any, BinaryIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from core import case_words
from core.cases import Wrong
from servicedesk.calculate import KINDS, WRONG, answer, written

SOME_FAILED, CANNOT = 1, 2  # exit codes


class Command(BaseCommand):
    help = (
        "Calculates one case on each line of the standard input, JSON in and out, in the same order: "
        + ", ".join(KINDS)
        + ". Needs no database. Exit 1 when a line failed, 2 for an unknown kind."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", nargs="?", default="", metavar="KIND", help=", ".join(KINDS))
        parser.add_argument(
            "--lang",
            choices=[code for code, _name in settings.LANGUAGES],
            default=settings.LANGUAGE_CODE,
            help="language of explain and messages",
        )

    def handle(self, *args: Any, kind: str, lang: str, **options: Any) -> None:
        with translation.override(lang):
            if kind not in KINDS:
                wrong = Wrong("", "no_kind", kind=kind or "“”", kinds=", ".join(KINDS))
                raise CommandError(case_words.problem(wrong, WRONG), returncode=CANNOT)
            try:
                failed = calculate(kind, sys.stdin.buffer, sys.stdout.buffer)
            except BrokenPipeError:  # who reads the answers has seen enough (`| head`)
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                failed = SOME_FAILED
        if failed:
            sys.exit(SOME_FAILED)


def calculate(kind: str, lines: Iterable[bytes], out: BinaryIO) -> int:
    """Answer each line at once, so that a program may wait for it before it sends the next; how many failed."""
    failed = 0
    for place, raw in enumerate(lines):
        line = raw.removeprefix(codecs.BOM_UTF8) if place == 0 else raw
        if not line.strip():
            continue
        found = answer(kind, line)
        failed += not found["ok"]
        out.write(written(found))
        out.flush()
    return failed
