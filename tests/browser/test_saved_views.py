"""Columns and saved views of a list, by mouse, by keyboard and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import DESK, PHONE, WCAG, overflow
from tests.people import People
from tests.tickets.driver import Job


def test_columns_are_chosen_and_kept_under_a_name(people: People, desk: BrowserContext, enter: Any) -> None:
    Job(people)
    page = enter(desk, people.admin).new_page()
    page.goto("/tickets/?state=all")
    page.get_by_text("视图", exact=True).click()
    page.get_by_role("checkbox", name="故障").uncheck()
    page.get_by_role("button", name="显示这些列").click()
    expect(page.get_by_role("columnheader", name="故障")).to_have_count(0)
    expect(page.get_by_role("columnheader", name="客户")).to_be_visible()

    page.get_by_text("视图", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_label("将当前筛选和列存为").fill("无故障列")
    page.get_by_label("本单位所有人可用").check()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#main").get_by_text("无故障列").first).to_be_attached()

    other = enter(desk, people.dispatcher).new_page()
    other.goto("/tickets/")
    other.get_by_text("视图", exact=True).click()
    expect(other.get_by_role("button", name="保存")).to_be_visible()
    expect(other.get_by_role("button", name="删除视图")).to_have_count(0)
    other.get_by_role("link", name="无故障列").click()
    expect(other.get_by_role("columnheader", name="故障")).to_have_count(0)


def test_without_javascript_it_is_a_page(
    people: People, open_context: Callable[..., BrowserContext], enter: Any
) -> None:
    Job(people)
    page = enter(open_context(PHONE, java_script_enabled=False), people.dispatcher).new_page()
    page.goto("/tickets/?state=all")
    page.get_by_text("视图", exact=True).tap()
    page.get_by_role("link", name="列与视图").tap()
    page.get_by_role("checkbox", name="故障").uncheck()
    page.get_by_role("button", name="显示这些列").tap()
    expect(page).to_have_url(re.compile(r"/tickets/\?state=all&cols=number"))


def test_a_filter_keeps_the_columns(people: People, desk: BrowserContext, enter: Any) -> None:
    Job(people)
    page = enter(desk, people.dispatcher).new_page()
    page.goto("/tickets/?state=all&cols=number&cols=customer")
    page.locator("details", has_text="更多条件").locator("summary").click()
    page.get_by_label("城市").fill("哪里都没有")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="城市: 哪里都没有")).to_be_visible()
    page.get_by_role("link", name="城市: 哪里都没有").click()
    expect(page.get_by_role("columnheader", name="客户")).to_be_visible()
    expect(page.get_by_role("columnheader", name="设备")).to_have_count(0)


@pytest.mark.parametrize(("kind", "scheme"), [("phone", "light"), ("desk", "dark")])
def test_it_fits_and_can_be_used_by_all(
    people: People, open_context: Callable[..., BrowserContext], enter: Any, kind: str, scheme: str
) -> None:
    Job(people)
    page = enter(open_context(PHONE if kind == "phone" else DESK, color_scheme=scheme), people.admin).new_page()
    for address in ("/tickets/?state=all", "/slips/", "/customers/", "/machines/"):
        page.goto(address)
        page.get_by_text("视图", exact=True).click()
        expect(page.get_by_role("button", name="显示这些列")).to_be_visible()
        assert overflow(page) == [], address
        found = Axe().run(page, options=WCAG).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], address
