"""The token page and the page of the API in a real browser: no complaint, no sideways scroll, nothing too small to hit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import DESK, PHONE, WCAG, overflow, small_targets
from tests.people import People, sign_in


def opened(context: BrowserContext, people: People, live_server: Any) -> Page:
    cookie = sign_in(Client(), people.dispatcher).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    return context.new_page()


@pytest.mark.parametrize(("kind", "scheme"), [(PHONE, "light"), (PHONE, "dark"), (DESK, "light"), (DESK, "dark")])
def test_both_pages_fit_and_can_be_used_by_all(
    people: People,
    live_server: Any,
    open_context: Callable[..., BrowserContext],
    kind: dict[str, Any],
    scheme: str,
) -> None:
    page = opened(open_context(kind, color_scheme=scheme), people, live_server)
    found: list[str] = []

    def look(name: str) -> None:
        for width in (320, 360) if kind is PHONE else (1024, 1280):
            page.set_viewport_size({"width": width, "height": 780})
            found.extend(f"{name} at {width}: {what} sticks out" for what in overflow(page))
        found.extend(f"{name}: {target} is small" for target in small_targets(page, 44 if kind is PHONE else 24))
        broken = Axe().run(page, options=WCAG).response["violations"]
        found.extend(f"{name}: {item['id']} {item['nodes'][0]['html'][:120]}" for item in broken)

    page.goto("/me/tokens/")
    page.get_by_label("What it is for").or_(page.get_by_label("用途")).fill("金蝶接口")
    page.locator("#token button.primary").click()
    page.locator("#token-text").wait_for()
    look("tokens")
    page.goto("/api/#ticket_dispatch")
    page.locator("#ticket_dispatch > summary").click()
    look("api")
    assert "\n".join(found) == ""
