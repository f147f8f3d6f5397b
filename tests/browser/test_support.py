"""The review queue by keyboard, and the request for support on a phone of 360 pixels."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import DESK, PHONE, WCAG, Complaints, overflow
from tests.people import People
from tests.tickets.driver import Job, picture
from tests.tickets.support import Support
from tickets.enums import EscalationState, TicketState


def asked(people: People, **report: Any) -> Support:
    """A request that came in some minutes ago."""
    request = Support(people, Job(people, at=timezone.now() - timedelta(minutes=30), **report))
    request.submit(now=timezone.now() - timedelta(minutes=5))
    return request


def test_the_queue_is_worked_by_keyboard(people: People, desk: BrowserContext, enter: Any) -> None:
    plain, stopped = asked(people), asked(people, urgency="stopped")
    page = enter(desk, people.office).new_page()
    page.goto("/escalations/")
    first = page.locator("tbody tr").first
    expect(first).to_contain_text(stopped.row.number)
    page.keyboard.press("j")
    expect(first).to_have_class(re.compile(r"\bat\b"))
    page.keyboard.press("a")
    expect(page.locator("#toast")).to_contain_text("已受理,由你负责")
    assert stopped.row.state == EscalationState.AT_OFFICE
    assert plain.row.state == EscalationState.WAIT_OFFICE

    page.keyboard.press("j")
    row = page.locator("tr.at")
    if stopped.row.number not in (row.text_content() or ""):
        page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/escalations/{stopped.key}/"))
    expect(page.locator("[data-key=r]")).to_be_visible()
    page.keyboard.press("r")
    expect(page).to_have_url(re.compile("/answer/"))
    expect(page.get_by_label("答复", exact=True)).to_be_focused()
    page.keyboard.type("先测轴电压,换绝缘轴承")
    page.get_by_label("下一步").fill("发绝缘轴承")
    page.get_by_label("完成日期").fill(f"{timezone.now() + timedelta(days=4):%Y-%m-%d}")
    page.get_by_role("button", name="发出答复").press("Enter")
    expect(page.locator("#toast")).to_contain_text("答复已发出")
    assert stopped.row.state == EscalationState.ANSWERED


def test_the_form_fits_a_phone_and_says_what_to_write(
    people: People, phone: BrowserContext, enter: Any, tmp_path: Path, complaints: Complaints
) -> None:
    complaints.expect("status 422")  # what is missing is said first
    job = Job(people).to(TicketState.DISPATCHED)
    page = enter(phone, people.technician).new_page()
    page.goto(f"/tickets/{job.key}/")
    page.get_by_role("link", name="请求支持").tap()
    expect(page.locator("[name=phenomenon]")).to_be_visible()
    assert overflow(page) == []
    page.locator("[name=phenomenon]").fill("坏了")
    page.get_by_role("button", name="提交").tap()
    expect(page.get_by_text("28/29/35 A").first).to_be_visible()
    assert overflow(page) == []
    shot = tmp_path / "x.jpg"
    shot.write_bytes(picture("现象"))
    page.locator("[name=phenomenon]").fill("前端异响,轴承座78℃,三相电流不平衡")
    page.locator("[name=r_operating_condition]").fill("粉尘,连续24h")
    for phase, value in (("u", "28"), ("v", "29"), ("w", "35")):
        page.locator(f"[name=r_current_{phase}]").fill(value)
    page.locator("#id_new_photos").set_input_files(shot)
    page.get_by_role("button", name="提交").tap()
    expect(page.locator("#toast")).to_contain_text("支持请求已提交")
    assert overflow(page) == []
    assert job.ticket.supported_since is not None


@pytest.mark.parametrize(("kind", "scheme"), [("phone", "light"), ("desk", "dark")])
def test_all_can_use_the_pages(
    people: People, open_context: Callable[..., BrowserContext], enter: Any, kind: str, scheme: str
) -> None:
    request = asked(people)
    page = enter(open_context(PHONE if kind == "phone" else DESK, color_scheme=scheme), people.office).new_page()
    for address in (
        "/escalations/",
        f"/escalations/{request.key}/",
        "/cases/",
        "/levels/",
        "/referrals/",
        "/referrals/new/",
        "/me/deputy/",
    ):
        page.goto(address)
        assert overflow(page) == [], address
        found = Axe().run(page, options=WCAG).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], address
