"""The one search box: keyboard, phone, without JavaScript; never another dealer's (ui.md 6, checks 17 and 24)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, expect

from tests import factories
from tests.browser.conftest import DESK, PHONE, WCAG, overflow, small_targets
from tests.people import People
from tests.tickets.driver import Job


@pytest.fixture
def lake(people: People) -> Any:
    Job(people)
    return factories.customer(people.cs01, name="长沙湖畔(示例)机电", contact="张重阳", phone="13874651234", phone_digits="13874651234")  # fmt: skip


def test_ctrl_k_finds_by_initials_and_enter_opens(people: People, desk: BrowserContext, enter: Any, lake: Any) -> None:
    page = enter(desk, people.dispatcher).new_page()
    page.goto("/")
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="搜索")
    expect(box).to_be_focused()
    page.keyboard.type("cshp")
    option = page.get_by_role("option", name="长沙湖畔")
    expect(option).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("长沙湖畔")


def test_slash_opens_the_box_and_escape_gives_the_focus_back(
    people: People, desk: BrowserContext, enter: Any, lake: Any
) -> None:
    page = enter(desk, people.dispatcher).new_page()
    page.goto("/me/")
    page.locator("main h1").click()
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#search")).to_be_hidden()


def test_the_page_shows_groups_and_works_without_javascript(
    people: People, open_context: Callable[..., BrowserContext], enter: Any, lake: Any
) -> None:
    page = enter(open_context(PHONE, java_script_enabled=False), people.dispatcher).new_page()
    page.goto("/")
    page.get_by_role("link", name="搜索").tap()
    page.get_by_role("searchbox").fill("1234")
    page.get_by_role("button", name="搜索").tap()
    expect(page.get_by_role("heading", name="客户")).to_be_visible()
    page.get_by_role("link", name="长沙湖畔").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("长沙湖畔")


def test_another_dealer_finds_nothing(people: People, desk: BrowserContext, enter: Any, lake: Any) -> None:
    page = enter(desk, people.stranger).new_page()
    for words in ("长沙湖畔", "cshp", "13874651234", "1234"):
        page.goto(f"/search/?q={words}")
        expect(page.get_by_text("没有找到")).to_be_visible()
        assert page.locator("#list a").count() == 0


@pytest.mark.parametrize(("kind", "scheme"), [("phone", "light"), ("desk", "dark")])
def test_it_fits_and_can_be_used_by_all(
    people: People, open_context: Callable[..., BrowserContext], enter: Any, lake: Any, kind: str, scheme: str
) -> None:
    page = enter(open_context(PHONE if kind == "phone" else DESK, color_scheme=scheme), people.dispatcher).new_page()
    for address in ("/search/", "/search/?q=" + "客户", "/search/?q=zzzz"):
        page.goto(address)
        found = Axe().run(page, options=WCAG).response["violations"]
        assert (address, [one["id"] for one in found]) == (address, [])
        assert (overflow(page), small_targets(page, 44 if kind == "phone" else 24)) == ([], [])
    page.locator("[data-search]").click()
    expect(page.locator("#search")).to_be_visible()
    assert [one["id"] for one in Axe().run(page, options=WCAG).response["violations"]] == []
