"""An import in a browser, at the desk and on the phone: ui.md 3.2 (three steps), 6 (no sideways scroll, targets, contrast)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from core import jobs
from tests import factories
from tests.browser.conftest import DESK, PHONE, WCAG, overflow, small_targets
from tests.imports.files import ugly_machines, xlsx
from tests.imports.test_runs import run, upload
from tests.people import People
from tests.people import sign_in as signed_in

PICTURES = os.environ.get("PICTURES", "")


def as_person(context: BrowserContext, client: Client, viewer: Any, home: str) -> Page:
    """A page of this person."""
    signed_in(client, viewer)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": home}])
    return context.new_page()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "设备台账.xlsx"
    path.write_bytes(ugly_machines())
    return path


def picture(page: Page, name: str) -> None:
    """A picture for who looks at it (PICTURES=folder)."""
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def test_three_steps_from_the_file_to_the_machines(
    people: People, client: Client, desk: BrowserContext, live_server: Any, file: Path, complaints: Any
) -> None:
    factories.product_model(factories.product_line(people.sf), "YE3-160M-4")
    page = as_person(desk, client, people.dispatcher, live_server.url)
    page.goto("/imports/")
    picture(page, "1-history")
    page.locator('a[href="/imports/new/machines/"]').click()
    picture(page, "2-upload")
    page.locator("input[type=file]").set_input_files(file)
    page.locator("button[form=upload]").click()
    expect(page.locator("tbody tr").first).to_contain_text("YE3-160M-4")
    picture(page, "3-preview")
    page.locator("input[name=only_right]").check()
    page.locator("button[form=start]").click()
    expect(page.locator(".job-progress")).to_be_visible()
    picture(page, "4-progress")
    jobs.drain()
    expect(page.locator(".job-progress")).to_have_count(0)  # the page loads itself again when the task is done
    picture(page, "5-result")
    page.locator('button[data-dialog="undo"]').click()
    expect(page.locator("dialog#undo")).to_be_visible()
    picture(page, "6-undo")


@pytest.mark.parametrize("kind", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_and_can_be_read(
    people: People, client: Client, open_context: Any, live_server: Any, kind: dict[str, Any], scheme: str
) -> None:
    factories.product_model(factories.product_line(people.sf), "YE3-160M-4")
    checked = upload(people.dispatcher, "machines", ugly_machines(), maker=people.sf.public_id)
    done = run(people.dispatcher, upload(people.dispatcher, "machines", ugly_machines(), maker=people.sf.public_id))
    asked = upload(people.dispatcher, "customers", xlsx([["甲方", "电联"], ["永州市湘江水泥有限公司", "13874651234"]]))
    page = as_person(open_context(kind, color_scheme=scheme), client, people.dispatcher, live_server.url)
    pages = ["/imports/", "/imports/new/machines/", *(f"/imports/{one.public_id}/" for one in (checked, done, asked))]
    for place, address in enumerate(pages):
        page.goto(address)
        picture(page, f"{'phone' if kind is PHONE else 'desk'}-{scheme}-{place}")
        assert overflow(page) == [], address
        assert small_targets(page, 44 if kind is PHONE else 24) == [], address
        found = Axe().run(page, options=WCAG).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], address
