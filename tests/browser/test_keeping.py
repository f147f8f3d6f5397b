"""The platform's page of the installation in a browser: ui.md 6, checks 8-11."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext

from servicedesk import life
from tests.browser.conftest import DESK, PHONE, WCAG, overflow, small_targets
from tests.browser.test_partners import enter
from tests.people import People
from tests.servicedesk.test_keeping import stored_archive


@pytest.mark.parametrize(("kind", "scheme"), [(PHONE, "light"), (PHONE, "dark"), (DESK, "light")])
@pytest.mark.parametrize("sound", [True, False])
def test_it_fits_and_is_readable(
    people: People,
    open_context: Callable[..., BrowserContext],
    settings,
    tmp_path: Path,
    kind,
    scheme: str,
    sound: bool,
) -> None:
    settings.BACKUP_FOLDER = tmp_path
    if sound:
        life.sign(life.WORKER)
        life.sign(life.TICK)
        stored_archive(tmp_path, timedelta(hours=9))
    narrow = {"viewport": {"width": 320, "height": 780}} if kind is PHONE else {}
    page = enter(open_context({**kind, **narrow}, color_scheme=scheme), people, "platform")
    for address in ("/keeping/", "/"):
        page.goto(address)
        assert overflow(page) == []
        assert small_targets(page, 44 if kind is PHONE else 24) == []
        found = Axe().run(page, options=WCAG).response["violations"]
        assert found == [], [item["id"] for item in found]
        if folder := os.environ.get("PICTURES"):
            name = f"keeping{address.strip('/')}-{'phone' if kind is PHONE else 'desk'}-{scheme}-{sound}.png"
            page.screenshot(path=Path(folder) / name, full_page=True)
