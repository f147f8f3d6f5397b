"""A real Chromium on the live server: a phone, a desk, and a collector that fails a test on anything the browser complains about.

Recipes and traps: ui.md 2 and 7. The browser is Debian's (``CHROMIUM`` names another); Playwright's own is never downloaded.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import django.test.testcases
import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test import Client
from playwright.sync_api import BrowserContext, Page, Request, Response

from tests import people as known

# The live server serves files by finders only when it sees the plain name of the app among INSTALLED_APPS; ours is a subclass.
django.test.testcases._StaticFilesHandler = StaticFilesHandler  # type: ignore[assignment,misc]

PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 780},
    "device_scale_factor": 1,  # sizes are told in CSS pixels; nine times the pixels to paint cost a third of the run
    "is_mobile": True,
    "has_touch": True,
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
}
DESK: dict[str, Any] = {
    "viewport": {"width": 1280, "height": 800},
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
}
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here needs Chromium and rows that the server's threads can see."""
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium with the words of its own controls in Chinese where its language pack is there."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.exit("chromium is missing: apt-get install chromium", 2)
    return {
        **browser_type_launch_args,
        "executable_path": path,
        "args": ["--disable-dev-shm-usage", "--lang=zh-CN"],
        "env": {**os.environ, "LANGUAGE": "zh_CN"},
    }


class Complaints:
    """What the browser complained about. ``expect`` names what a test provokes on purpose."""

    def __init__(self, home: str) -> None:
        self.home = urlsplit(home).netloc
        self.found: list[str] = []
        self.expected: list[str] = []

    def expect(self, *words: str) -> None:
        """Complaints that contain one of these words are part of the test (a status, an address)."""
        self.expected.extend(words)

    def unexpected(self) -> list[str]:
        """All that nobody announced."""
        return [line for line in self.found if not any(words in line for words in self.expected)]

    def watch(self, context: BrowserContext) -> None:
        """Listen on every page of a context, also on those opened later."""
        context.on("console", lambda message: self._console(message.type, message.text))
        context.on("weberror", lambda error: self.found.append(f"page error: {error.error}"))
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("requestfailed", self._failed)

    def _console(self, kind: str, words: str) -> None:
        # a failed load is told by its response, with the address
        if kind == "error" and "Failed to load resource" not in words:
            self.found.append(f"console: {words}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != self.home:
            self.found.append(f"other origin: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.found.append(f"status {response.status}: {response.url}")

    def _failed(self, request: Request) -> None:
        # a page that is left cancels what it was loading
        if request.failure != "net::ERR_ABORTED":
            self.found.append(f"failed: {request.url} {request.failure}")


@pytest.fixture
def complaints(live_server: Any) -> Iterator[Complaints]:
    """The collector of this test; anything unexpected fails it at the end."""
    collector = Complaints(live_server.url)
    yield collector
    assert collector.unexpected() == []


@pytest.fixture
def open_context(
    new_context: Callable[..., BrowserContext], live_server: Any, complaints: Complaints
) -> Callable[..., BrowserContext]:
    """A further browser context: ``open_context(PHONE, color_scheme="dark")``; addresses may be relative."""

    def opened(kind: dict[str, Any], **more: Any) -> BrowserContext:
        context = new_context(**{**kind, "base_url": live_server.url, **more})
        context.set_default_timeout(10_000)
        complaints.watch(context)
        return context

    return opened


@pytest.fixture
def enter(live_server: Any) -> Callable[..., BrowserContext]:
    """`enter(phone, people.technician)`: the context, signed in as this person."""

    def signed_in(context: BrowserContext, who: Any) -> BrowserContext:
        cookie = known.sign_in(Client(), who).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        return context

    return signed_in


@pytest.fixture
def phone(open_context: Callable[..., BrowserContext]) -> BrowserContext:
    """A phone of 360 × 780 with touch."""
    return open_context(PHONE)


@pytest.fixture
def desk(open_context: Callable[..., BrowserContext]) -> BrowserContext:
    """A desk of 1280 × 800."""
    return open_context(DESK)


def overflow(page: Page) -> list[str]:
    """What sticks out to the right of the window; empty when nothing scrolls sideways."""
    found: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
        [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
        .slice(0, 5).map(e => e.tagName + '.' + e.className)"""
    )
    return found


def small_targets(page: Page, least: int) -> list[str]:
    """Visible links, buttons and fields smaller than ``least`` px both ways, links inside a sentence left out (WCAG 2.5.8)."""
    found: list[str] = page.evaluate(
        """least => {
          const small = [];
          for (const e of document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary,[role=option]')) {
            if (!e.checkVisibility({opacityProperty: false}) || e.closest('.sr, .skip, :disabled, dialog:not([open])')) continue;
            const label = e.matches('input[type=checkbox],input[type=radio],input[type=file]') && (e.closest('label') || e.closest('.check'));
            const box = (label || e).getBoundingClientRect();
            if (!box.width || !box.height) continue;
            const inline = e.matches('a') && getComputedStyle(e).display === 'inline' && e.closest('p, dd, td, small, span, .note');
            if (!inline && (box.width < least - .5 || box.height < least - .5))
              small.push(`${e.tagName}.${e.className} "${(e.innerText || e.name || '').slice(0, 20)}" ${Math.round(box.width)}x${Math.round(box.height)}`);
          }
          return small;
        }""",
        least,
    )
    return found
