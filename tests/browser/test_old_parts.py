"""Old parts in a browser: packed and sent on a phone, counted with a scanner that types, usable for everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, expect

from settlement.enums import OldPartState
from tests.browser.conftest import DESK, PHONE, WCAG, overflow
from tests.people import People
from tests.settlement.old_parts import Owed, keeper

P = OldPartState


def test_a_box_is_packed_on_a_phone_and_counted_with_a_scanner(
    people: People, phone: BrowserContext, desk: BrowserContext, enter: Any
) -> None:
    owed = Owed(people)
    page = enter(phone, people.storekeeper).new_page()
    page.goto("/old-parts/")
    page.get_by_role("link", name="装箱与标签").tap()
    for number in (part.number for part in owed.rows):
        page.get_by_label(number).check()
    page.get_by_role("button", name="装箱").tap()
    page.get_by_role("link", name="发运").tap()
    page.get_by_label("承运").fill("安能物流")
    page.get_by_label("运单号").fill("AN20260611")
    page.get_by_text("配货").tap()
    page.get_by_role("button", name="发运").tap()
    expect(page.locator("#toast")).to_contain_text("返件箱已发运")

    page = enter(desk, keeper(people)).new_page()
    page.goto("/return-boxes/?state=shipped")
    page.locator("tbody a").first.click()
    page.get_by_role("link", name="清点签收").click()
    expect(page.get_by_label("扫描标签")).to_be_focused()
    for key in owed.keys:  # as a scanner does: the label's address and Enter
        page.keyboard.type(f"https://service.example.com/old-parts/{key}/")
        page.keyboard.press("Enter")
    page.get_by_role("button", name="签收").click()
    expect(page.locator("#toast")).to_contain_text("应收 2 件,实收 2 件")
    assert owed.states == [P.RECEIVED, P.RECEIVED]


@pytest.mark.parametrize(("kind", "scheme"), [("phone", "light"), ("desk", "dark")])
def test_all_can_use_the_pages(
    people: People, open_context: Callable[..., BrowserContext], enter: Any, kind: str, scheme: str
) -> None:
    store, owed = keeper(people), Owed(people)
    owed.pack(0)
    owed.ship()
    context = open_context(PHONE if kind == "phone" else DESK, color_scheme=scheme)
    box, sent, due = owed.box, *(f"/old-parts/{key}/" for key in owed.keys)
    for who, addresses in (
        (people.storekeeper, ("/old-parts/", "/old-parts/pack/", due, f"{due}extension/")),
        (store, ("/return-boxes/", f"/return-boxes/{box}/", f"/return-boxes/{box}/receive/", sent)),
    ):
        page = enter(context, who).new_page()
        for address in addresses:
            page.goto(address)
            assert overflow(page) == [], address
            found = Axe().run(page, options=WCAG).response["violations"]
            assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], address
