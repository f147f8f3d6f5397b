"""Templates are written with one thing a line and served without the line breaks between tags (docs/decisions/0011)."""

from __future__ import annotations

import re

from django.template import Origin
from django.template.loaders import filesystem

#: a line break with its indentation, between two tags of HTML or of Django's
BREAK = re.compile(r"(?:(?<=>)|(?<=%\}))[ \t]*\n\s*(?=<|\{%)")


def joined(text: str) -> str:
    """A template without the breaks that stand between two tags; breaks beside words stay, for there they are blanks."""
    return BREAK.sub("", text)


class Loader(filesystem.Loader):
    """Django's loader of files; pages and fragments come `joined`."""

    def get_contents(self, origin: Origin) -> str:
        text = super().get_contents(origin)
        return joined(text) if str(origin.name).endswith(".html") else text
