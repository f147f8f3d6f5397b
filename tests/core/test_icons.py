"""Every icon that a page asks for is in the sprite (ops/icons.txt)."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

from core import chips
from servicedesk import navigation

ROOT = Path(settings.BASE_DIR)


def test_icons_of_pages_and_navigation_are_in_the_sprite() -> None:
    known = {line.partition("#")[0].strip() for line in (ROOT / "ops" / "icons.txt").read_text().splitlines()}
    asked = {entry.icon for entry in (*navigation.WORK, *navigation.HOUSE, navigation.ME)} | set(chips.ICONS.values())
    for path in (ROOT / "templates").rglob("*.html"):
        asked |= set(re.findall(r'(?:{% icon |icon_name=)"([\w-]+)"', path.read_text()))
    assert asked - known == set()
