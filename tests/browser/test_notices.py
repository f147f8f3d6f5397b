"""Channels, deliveries, how I am told, and copying a notice, in a browser: ui.md 6, checks 8-11 and 15-20."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, expect

from core import jobs
from notices.enums import ChannelKind
from notices.models import Channel, Preferences
from tests import factories
from tests.browser.conftest import DESK, PHONE, WCAG, overflow, small_targets
from tests.browser.test_partners import CHINESE, LATIN, picture
from tests.browser.test_partners import enter as enter_in
from tests.notices.conftest import Outside
from tests.notices.conftest import outside as outside  # noqa: PLC0414  # the fixture, by its own name
from tests.people import sign_in


@pytest.fixture
def filled(outside: Outside) -> dict[str, list[str]]:
    """Robots in every state, deliveries in every state, an address that waits for its code; the pages that show them."""
    working, failing = outside.robot(name="调度群"), outside.robot(ChannelKind.FEISHU, name="配件群", secret="geheim")
    paused = outside.robot(ChannelKind.DINGTALK, name="技师群")
    outside.prefers("technician", mail="chen@example.com")
    outside.tell("technician", "admin", params={"title": "历史工单导入"}, urgent=True)
    outside.of(ChannelKind.FEISHU).says(200, {"code": 19021, "msg": "19021"})
    outside.leave()
    now = timezone.now()
    with factories.writing():
        Channel._plain.filter(pk=failing.pk).update(failures=6, rests_until=now + (now - now.replace(second=0)))
        Channel._plain.filter(pk=paused.pk).update(active=False)
        Preferences._plain.create(
            organisation_id=outside.people.cs01.pk, person_id=outside.people.admin.person_id, mail="zhou@example.com", mail_nonce="x",
            mail_asked_at=now,
        )  # fmt: skip
    one = f"/channels/{working.public_id}/"
    return {
        "admin": [
            "/channels/", "/channels/add/", one, f"{one}edit/", f"{one}remove/", f"/channels/{failing.public_id}/", "/deliveries/",
            "/deliveries/?state=given_up", "/me/notices/", "/notices/",
        ],
        "technician": ["/me/notices/", "/notices/"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "least", "scheme", "language"),
    [
        pytest.param(kind, least, scheme, language, id=f"{name}-{scheme}-{language}")
        for name, kind, least in (("phone", PHONE, 44), ("desk", DESK, 24))
        for scheme, language in (("light", "zh-hans"), ("dark", "en"))
    ],
)
def test_every_page_fits_is_accessible_and_speaks_one_language(
    outside: Outside,
    filled: dict[str, list[str]],
    open_context: Callable[..., BrowserContext],
    kind: dict[str, Any],
    least: int,
    scheme: str,
    language: str,
) -> None:
    problems: dict[str, Any] = {}
    data = "CS01 Webhook chen zhou example com English webhook key feishu wecom http https SEC docs set up md HTTP GET"
    for who, addresses in filled.items():
        page = enter_in(open_context(kind, color_scheme=scheme), outside.people, who, language)
        for address in addresses:
            page.goto(address)
            short = re.sub(r"[2-9a-z]{16}", "x", address)[:40]
            picture(page, language, scheme, str(kind["viewport"]["width"]), who, short)
            found = [
                *(
                    f"{v['id']}: {v['nodes'][0]['html'][:120]}"
                    for v in Axe().run(page, options=WCAG).response["violations"]
                ),
                *(f"too small: {item}" for item in small_targets(page, least)),
                *(f"sticks out: {item}" for item in overflow(page)),
            ]
            if language == "zh-hans":
                found += [f"English: {w}" for w in LATIN.findall(page.inner_text("body")) if w not in data.split()]
            else:
                labels = page.locator("main h2, main label, main legend, main button, nav.side a").all_inner_texts()
                found += [f"Chinese: {text}" for text in labels if CHINESE.search(text)]
            for width in (320, 640, 1024) if kind is DESK else ():
                page.set_viewport_size({"width": width, "height": 800})
                found += [f"sticks out at {width}: {item}" for item in overflow(page)]
            page.set_viewport_size(kind["viewport"])
            if found:
                problems[f"{who} {short}"] = found
    assert problems == {}


def test_a_test_message_shows_its_result_on_the_page_by_itself(
    outside: Outside, phone: BrowserContext, enter: Any
) -> None:
    robot = outside.robot(name="调度群")
    page = enter(phone, outside.people.admin).new_page()
    page.goto(f"/channels/{robot.public_id}/")
    page.get_by_role("button", name="往群里发测试消息").click()
    expect(page.locator("#test-result")).to_contain_text("正在发送")
    jobs.drain()
    expect(page.locator("#test-result")).to_contain_text("对方已接收")
    assert len(outside.of(ChannelKind.WECOM).received) == 1


def test_a_notice_is_copied_with_one_tap(
    outside: Outside, open_context: Callable[..., BrowserContext], enter: Any
) -> None:
    outside.tell("technician", params={"title": "BX-1"}, url="/tickets/abc/")
    context = open_context(PHONE, permissions=["clipboard-read", "clipboard-write"])
    page = enter(context, outside.people.technician).new_page()
    page.goto("/notices/")
    page.get_by_role("button", name="复制发微信群").click()
    expect(page.locator(".toast")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "BX-1 已完成。\nhttps://service.example.com/tickets/abc/"


def test_one_chooses_and_removes_a_robot_without_javascript(
    outside: Outside, open_context: Callable[..., BrowserContext], enter: Any
) -> None:
    robot = outside.robot(name="调度群")
    page = enter(open_context(DESK, java_script_enabled=False), outside.people.admin).new_page()
    page.goto("/me/notices/")
    page.locator("#id_on_trial_field").get_by_label("短信").check()
    page.locator("#choice").get_by_role("button", name="保存").click()
    assert factories.rows(Preferences)[0].choices["trial"] == ["mail", "sms"]
    page.goto(f"/channels/{robot.public_id}/")
    page.get_by_role("link", name="删除").click()
    page.get_by_role("button", name="删除机器人").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("消息渠道")
    assert factories.rows(Channel, id=robot.pk)[0].removed_at is not None
    assert sign_in(Client(), outside.people.admin).get(f"/channels/{robot.public_id}/").status_code == 404
