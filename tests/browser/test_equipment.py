"""Customers, machines and catalogue in a real browser (ui.md 6: 8, 9, 10, 14, 18, 19, 24)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from core.tenancy import Viewer
from tests import factories
from tests.browser.conftest import DESK, PHONE, WCAG, Complaints, overflow, small_targets
from tests.people import People, sign_in


@pytest.fixture
def rows(people: People) -> dict[str, str]:
    line = factories.product_line(people.sf, "YE3", name="YE3 三相异步电动机")
    factories.product_model(line, "YE3-160M-4")
    part = factories.part(people.sf, "BRG-6309")
    customers = [factories.customer(people.cs01, name=name) for name in ("宁乡恒泰饲料(示例)", "永州远山矿业(示例)")]
    machine = factories.machine(customers[0], people.sf, conditions=["粉尘"], host_brand="华新")
    return {
        "customers": reverse("equipment:customers"),
        "customer": reverse("equipment:customer", args=[customers[0].public_id]),
        "customer_new": reverse("equipment:customer_new"),
        "machines": reverse("equipment:machines"),
        "machine": reverse("equipment:machine", args=[machine.public_id]),
        "machine_new": reverse("equipment:machine_new", args=[customers[0].public_id]),
        "lines": reverse("equipment:lines"),
        "line": reverse("equipment:line", args=[line.public_id]),
        "part": reverse("equipment:part_edit", args=[part.public_id]),
        "coverage": reverse("equipment:coverage", args=[people.partnership.public_id]),
    }


def page_of(context: BrowserContext, who: Viewer, live_server: Any) -> Page:
    cookie = sign_in(Client(), who).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    return context.new_page()


MAKERS_PAGES = ("lines", "line", "part", "coverage")


@pytest.mark.parametrize(("kind", "scheme"), [(PHONE, "light"), (PHONE, "dark"), (DESK, "light"), (DESK, "dark")])
def test_every_page_fits_and_can_be_used_by_all(
    people: People,
    rows: dict[str, str],
    live_server: Any,
    open_context: Callable[..., BrowserContext],
    kind: dict[str, Any],
    scheme: str,
) -> None:
    found: list[str] = []
    opened = [
        page_of(open_context(kind, color_scheme=scheme), who, live_server)
        for who in (people.dispatcher, people.hq_admin)
    ]
    for name, url in rows.items():
        page = opened[name in MAKERS_PAGES]
        page.goto(url)
        for width in (320, 360) if kind is PHONE else (1024, 1280):
            page.set_viewport_size({"width": width, "height": 780})
            found += [f"{name} at {width}: {what} sticks out" for what in overflow(page)]
        found += [f"{name}: {target} is small" for target in small_targets(page, 44 if kind is PHONE else 24)]
        broken = Axe().run(page, options=WCAG).response["violations"]
        found += [f"{name}: {item['id']} {item['nodes'][0]['html'][:120]}" for item in broken]
    assert "\n".join(found) == ""


def test_typing_filters_the_list_and_going_back_shows_the_whole_page(
    people: People, rows: dict[str, str], live_server: Any, desk: BrowserContext
) -> None:
    page = page_of(desk, people.dispatcher, live_server)
    page.goto(rows["customers"])
    names = page.locator("tbody th a")
    expect(names).to_have_count(2)
    page.get_by_role("main").get_by_label("搜索").press_sequentially("远山")
    expect(names).to_have_text(["永州远山矿业(示例)"])
    expect(page).to_have_url(re.compile("q=%E8%BF%9C%E5%B1%B1"))
    expect(page.locator("#list .pill")).to_contain_text("远山")
    names.first.click()
    expect(page.locator("h1")).to_have_text("永州远山矿业(示例)")
    page.go_back()
    expect(page.locator("h1")).to_have_text("客户")
    expect(names).to_have_text(["永州远山矿业(示例)"])
    page.go_back()
    expect(page.locator("h1")).to_have_text("客户")


def test_the_address_is_offered_level_by_level(
    people: People, rows: dict[str, str], live_server: Any, desk: BrowserContext
) -> None:
    page = page_of(desk, people.dispatcher, live_server)
    page.goto(rows["customer_new"])
    expect(page.locator("datalist option[value=湖南省]")).to_have_count(1)
    page.get_by_label("省", exact=True).fill("湖南省")
    page.get_by_label("省", exact=True).blur()
    expect(page.locator("datalist option[value=长沙市]")).to_have_count(1)


def test_an_empty_customer_leads_from_the_summary_to_the_field(
    people: People, rows: dict[str, str], live_server: Any, desk: BrowserContext, complaints: Complaints
) -> None:
    complaints.expect("status 422")
    page = page_of(desk, people.dispatcher, live_server)
    page.goto(rows["customer_new"])
    page.get_by_label("联系人").fill("张工")
    page.get_by_role("button", name="保存").click()
    expect(page).to_have_title(re.compile("^错误:"))
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.get_by_label("联系人")).to_have_value("张工")
    page.locator("[data-error-summary] a").filter(has_text="客户名称").click()
    expect(page.get_by_label("客户名称")).to_be_focused()


def test_a_chosen_model_sets_the_product_type(
    people: People, rows: dict[str, str], live_server: Any, desk: BrowserContext
) -> None:
    page = page_of(desk, people.dispatcher, live_server)
    page.goto(rows["machine_new"])
    expect(page.locator("#model-codes option[value=YE3-160M-4]")).to_have_count(1)
    page.get_by_label("型号", exact=True).press_sequentially("ye3-160m-4")
    expect(page.get_by_label("产品类型")).to_have_value("三相异步电动机")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("h1")).to_have_text("ye3-160m-4")


def test_a_machine_is_scrapped_after_a_question_and_taken_back(
    people: People, rows: dict[str, str], live_server: Any, phone: BrowserContext
) -> None:
    page = page_of(phone, people.dispatcher, live_server)
    page.goto(rows["machine"])
    page.get_by_role("button", name="标记为报废").click()
    page.get_by_role("dialog").get_by_role("button", name="标记为报废").click()
    expect(page.get_by_text("已报废", exact=True)).to_be_visible()
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_text("已报废", exact=True)).to_have_count(0)


def test_english_pages_have_no_chinese_label(
    people: People, rows: dict[str, str], live_server: Any, desk: BrowserContext
) -> None:
    with factories.writing():
        type(people.person("dispatcher"))._base_manager.update(language="en")
    page = page_of(desk, people.dispatcher, live_server)
    for name in ("customers", "customer_new", "machines", "machine_new"):
        page.goto(rows[name])
        labels = page.locator("main :is(label:not(.choice, .choices label), legend, h1, h2, thead th, .button, .hint)")
        words = " ".join(labels.all_inner_texts())
        assert re.search("[\u4e00-\u9fff]", words) is None, (name, words)
