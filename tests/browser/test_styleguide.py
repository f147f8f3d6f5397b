"""The components themselves, on the pages of /styleguide/: ui.md 6, checks 8-11, 15-17."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import DESK, PHONE, WCAG, Complaints, overflow, small_targets

PAGES = ["components", "forms", "list", "ticket", "job", "slip", "home", "sign-in", "stale", "404", "500", "503"]
WIDTHS = [320, 360, 412, 640, 1024, 1280]


@pytest.fixture(autouse=True)
def _an_error_page_is_asked_for(complaints: Complaints) -> None:
    complaints.expect("styleguide/stale/", "styleguide/404/", "styleguide/500/", "styleguide/503/")


def test_no_page_scrolls_sideways_from_320_to_1280(desk: BrowserContext) -> None:
    page = desk.new_page()
    wide = {}
    for name in PAGES:
        page.goto(f"/styleguide/{name}/")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            if found := overflow(page):
                wide[name, width] = found
    assert wide == {}


def test_no_page_scrolls_sideways_at_twice_the_text_size(phone: BrowserContext) -> None:
    page = phone.new_page()
    wide = {}
    for name in PAGES:
        page.goto(f"/styleguide/{name}/")
        page.evaluate(
            "() => { document.documentElement.setAttribute('data-large', '') ; document.documentElement.style.fontSize = '200%' }"
        )
        if found := overflow(page):
            wide[name] = found
    assert wide == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("kind", "size"), [("phone", PHONE), ("desk", DESK)])
def test_axe_finds_nothing(
    open_context: Callable[..., BrowserContext], kind: str, size: dict[str, object], scheme: str
) -> None:
    page = open_context(size, color_scheme=scheme).new_page()
    found = {}
    for name in PAGES:
        page.goto(f"/styleguide/{name}/")
        if page.locator("[data-error-summary]").count():
            expect(
                page.locator("[data-error-summary]").first
            ).to_be_focused()  # it scrolls there when it takes the focus
        page.evaluate("() => scrollTo(0, 0)")
        violations = Axe().run(page, options=WCAG).response["violations"]
        if violations:
            found[name] = [(rule["id"], [node["target"] for node in rule["nodes"]][:4]) for rule in violations]
    assert found == {}


def test_the_chosen_theme_wins_over_the_systems(open_context: Callable[..., BrowserContext]) -> None:
    page = open_context(DESK, color_scheme="dark").new_page()
    page.goto("/styleguide/home/?theme=light")
    expect(page.locator("body")).to_have_css("background-color", "rgb(245, 247, 250)")
    page.goto("/styleguide/home/")
    expect(page.locator("body")).to_have_css("background-color", "rgb(18, 22, 28)")


@pytest.mark.parametrize(("size", "least"), [(PHONE, 44), (DESK, 24)])
def test_everything_to_press_is_large_enough(
    open_context: Callable[..., BrowserContext], size: dict[str, object], least: int
) -> None:
    page = open_context(size).new_page()
    small = {}
    for name in PAGES:
        page.goto(f"/styleguide/{name}/")
        if found := small_targets(page, least):
            small[name] = found
    assert small == {}


def test_the_first_tab_skips_to_the_content_and_every_focus_shows(desk: BrowserContext) -> None:
    page = desk.new_page()
    page.goto("/styleguide/list/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("跳到正文")
    for _ in range(25):
        page.keyboard.press("Tab")
        ring = page.evaluate(
            "() => { const s = getComputedStyle(document.activeElement); return [s.outlineStyle, parseFloat(s.outlineWidth)] }"
        )
        assert ring[0] == "solid"
        assert ring[1] >= 3


def test_a_form_page_on_the_phone_shows_its_action_bar_instead_of_the_bottom_bar(phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto("/styleguide/slip/")
    expect(page.locator(".actionbar")).to_be_visible()
    expect(page.locator(".bottombar")).to_be_hidden()
    last = page.locator("main input:visible, main textarea:visible, main select:visible").last
    last.focus()
    bar = page.locator(".actionbar").bounding_box()
    field = last.bounding_box()
    assert bar
    assert field
    assert field["y"] + field["height"] <= bar["y"]


def test_a_dialog_keeps_the_focus_and_gives_it_back(desk: BrowserContext) -> None:
    page = desk.new_page()
    page.goto("/styleguide/components/")
    opener = page.get_by_role("button", name="退回派工", exact=True)
    opener.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    for _ in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "() => document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_question_mark_lists_the_shortcuts(desk: BrowserContext) -> None:
    page = desk.new_page()
    page.goto("/styleguide/list/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="键盘快捷键")).to_be_visible()


def test_a_list_is_worked_by_keyboard(desk: BrowserContext) -> None:
    page = desk.new_page()
    page.goto("/styleguide/list/")
    expect(page.locator("table[data-ready]")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("tbody tr.at")).to_contain_text("永州远山矿业")
    page.keyboard.press("Enter")
    page.wait_for_url("**/styleguide/ticket/")


def test_a_form_with_errors_puts_the_focus_on_its_summary_whose_entries_jump_to_the_fields(
    desk: BrowserContext,
) -> None:
    page = desk.new_page()
    page.goto("/styleguide/forms/")
    expect(page).to_have_title("错误: 表单 · 长沙三湘机电服务(示例)")
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    entry = summary.get_by_role("link").first
    words = entry.inner_text()
    entry.click()
    field = page.locator("#id_customer")
    expect(field).to_be_focused()
    described = page.locator(f"#{field.get_attribute('aria-describedby')}")
    assert words.endswith(described.inner_text())


def test_pages_read_without_javascript(open_context: Callable[..., BrowserContext]) -> None:
    page = open_context(PHONE, java_script_enabled=False).new_page()
    for name in PAGES:
        page.goto(f"/styleguide/{name}/")
        expect(page.locator("h1")).to_have_count(1)
    page.goto("/styleguide/list/")
    expect(page.get_by_role("button", name="筛选")).to_be_visible()


def test_headings_are_drawn_with_a_chinese_face(desk: BrowserContext) -> None:
    page = desk.new_page()
    page.goto("/styleguide/list/")
    session = desk.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    heading = session.send("DOM.querySelector", {"nodeId": root, "selector": "h1"})["nodeId"]
    fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": heading})["fonts"]
    assert {font["familyName"] for font in fonts} == {"Noto Sans CJK SC"}
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
