"""The duty roster in a real browser: by keyboard, on a phone of 360 pixels, at a desk of 1280, in both languages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import BrowserContext, expect

from partners.operations.people import set_preferences
from tests.browser.conftest import DESK, PHONE, WCAG, overflow, small_targets
from tests.people import People, act
from tests.resources.roster import Roster, around_now

DAY = around_now(3)


@pytest.fixture
def roster(people: People) -> Roster:
    """Two weeks without the night of DAY."""
    made = Roster(people, now=timezone.now())
    for number in range(14):
        day = around_now(number)
        made.add("technician", day, "day", deputy="second_technician")
        if day != DAY:
            made.add("second_technician", day, "night", deputy="technician", note="钥匙在门卫")
    return made


def test_a_gap_is_filled_by_keyboard(people: People, roster: Roster, desk: BrowserContext, enter: Any) -> None:
    page = enter(desk, people.dispatcher).new_page()
    page.goto("/duty/")
    expect(page.locator(".note.warning")).to_contain_text("空档")
    page.get_by_role("link", name=f"补上 {DAY:%m-%d} 20:00", exact=False).press("Enter")
    expect(page.locator("h1")).to_have_text("新增班次")
    page.get_by_label("主值").select_option(label="黄总")
    page.get_by_role("button", name="保存").press("Enter")
    expect(page.locator("#toast")).to_contain_text("黄总")
    expect(page.locator(f"time[datetime='{DAY}']").locator("xpath=ancestor::li")).to_contain_text("黄总")


def test_a_rotation_is_planned_with_the_preview_before_it(
    people: People, roster: Roster, desk: BrowserContext, enter: Any
) -> None:
    page = enter(desk, people.dispatcher).new_page()
    first, last = around_now(20), around_now(21)
    page.goto(f"/duty/rotation/?first={first}&last={last}")
    for place, name in enumerate(("陈志强", "刘建军"), start=1):
        page.get_by_label(f"第 {place} 位").select_option(label=name)
    page.get_by_role("button", name="查看预览").press("Enter")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_role("button", name="排入 2 个班次").press("Enter")
    expect(page.locator("#toast")).to_contain_text("2")
    assert [row[1:3] for row in roster.standing()[-2:]] == [("whole", "陈志强"), ("whole", "刘建军")]


def test_a_swap_is_asked_and_agreed_on_phones(
    people: People, roster: Roster, phone: BrowserContext, enter: Any
) -> None:
    page = enter(phone, people.technician).new_page()
    page.goto("/duty/mine/")
    page.get_by_role("link", name="换班", exact=True).last.tap()
    page.get_by_label("请谁换班").select_option(label="黄总")
    page.get_by_label("给同事的留言").fill("孩子开家长会")
    page.get_by_role("button", name="发出请求").tap()
    expect(page.locator("h1")).to_have_text("换班")
    url = page.url
    page.context.clear_cookies()
    page = enter(phone, people.owner).new_page()
    page.goto(url)
    expect(page.locator(".next")).to_contain_text("陈志强")
    page.get_by_role("button", name="同意", exact=True).tap()
    expect(page.locator("main")).to_contain_text("已同意")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_fits_and_can_be_read_by_all(
    people: People, roster: Roster, open_context: Any, enter: Any, kind: dict[str, Any], language: str
) -> None:
    shift = roster.add("owner", DAY + timedelta(days=20), "night", leader="admin")
    swap = roster.ask(roster.add("technician", DAY + timedelta(days=21), "day"))
    pages = {
        "dispatcher": (
            "/duty/", "/duty/?month=2020-01", "/duty/changes/", "/duty/swaps/", "/duty/copy/", "/duty/shifts/new/",
            f"/duty/rotation/?first={DAY}&last={DAY}&days_each=1&kinds=whole&people={roster.key('owner')}",
            f"/duty/shifts/{shift.public_id}/", f"/duty/shifts/{shift.public_id}/edit/", f"/duty/swaps/{swap.public_id}/",
        ),
        "technician": ("/duty/mine/", f"/duty/swaps/{swap.public_id}/"),
        "admin": ("/duty/settings/",),
        "office": ("/duty/partners/",),
    }  # fmt: skip
    context = open_context(kind)
    for who, urls in pages.items():
        act(set_preferences, viewer=getattr(people, who), language=language)
        page = enter(context, getattr(people, who)).new_page()
        for url in urls:
            page.goto(url)
            assert overflow(page) == [], url
            assert small_targets(page, 44 if kind is PHONE else 24) == [], url
            found = Axe().run(page, options=WCAG)
            assert found.violations_count == 0, f"{url}\n{found.generate_report()}"
        assert page.locator("html").get_attribute("lang").lower() == language
        page.close()
