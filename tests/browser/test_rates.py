"""时效统计 on phone, desk and paper; the reason of a late arrival on the technician's phone."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from core.calendars import local
from tests import factories
from tests.browser.conftest import DESK, PHONE, WCAG, overflow
from tests.people import People
from tests.tickets.driver import Job
from tickets.enums import TicketState
from tickets.models import Clock

MINUTES = timedelta(minutes=1)


def a_year(people: People) -> None:
    """Twelve months of clocks, as rounds of one ticket: some late, some with pauses or an appointment."""
    job = Job(people, at=timezone.now() - timedelta(minutes=30))
    first = local(timezone.now()).replace(day=3, hour=9, minute=0, second=0, microsecond=0)
    rows = []
    for back in range(1, 12):
        month = (first - timedelta(days=30.44 * back)).replace(day=3)
        for place in range(9):
            used = 40 + place * 22 + back * 7 + (140 if (place + back) % 7 == 0 else 0)
            for kind, limit, minutes in (("response", 60, used // 5), ("arrival", 240, used)):
                late = minutes > limit
                rows.append(
                    Clock(
                        ticket=job.ticket,
                        dealer=people.cs01,
                        manufacturer=people.sf,
                        office=people.sf_hn,
                        shared_with_maker=True,
                        round=2 + len(rows),
                        kind=kind,
                        state="late" if late else "met",
                        bucket="appointment" if place == 8 else "paused" if place == 7 else "",
                        city_tier="other" if place % 3 == 0 else "capital",
                        started_at=month + place * timedelta(days=2),
                        allow_minutes=limit,
                        met_at=month + place * timedelta(days=2) + minutes * MINUTES,
                        used_minutes=minutes,
                        late_reason=("traffic", "previous_job", "")[back % 3] if late and kind == "arrival" else "",
                    )
                )
    with factories.writing():
        Clock.objects.bulk_create(rows)


def keep(page: Page, name: str) -> None:
    """A picture to look at, where LOOK names a folder."""
    if folder := os.environ.get("LOOK"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.mark.parametrize(
    ("kind", "scheme"), [("phone", "light"), ("phone", "dark"), ("desk", "light"), ("desk", "dark")]
)
def test_everybody_can_read_it(
    people: People, open_context: Callable[..., BrowserContext], enter: Any, kind: str, scheme: str
) -> None:
    a_year(people)
    page = enter(open_context(PHONE if kind == "phone" else DESK, color_scheme=scheme), people.office).new_page()
    page.goto("/rates/")
    expect(page.locator("section.rates svg[role=img]")).to_have_count(5)
    assert overflow(page) == []
    found = Axe().run(page, options=WCAG).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    keep(page, f"rates-{kind}-{scheme}")
    page.locator("figure details summary").first.click()
    expect(page.locator("figure details table").first.locator("tbody tr")).to_have_count(12)
    assert overflow(page) == []


def test_it_speaks_english(people: People, desk: BrowserContext, enter: Any, live_server: Any) -> None:
    a_year(people)
    context = enter(desk, people.reviewer)
    context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
    page = context.new_page()
    page.goto("/rates/")
    expect(page.get_by_role("heading", name="Promises kept")).to_be_visible()
    assert overflow(page) == []
    keep(page, "rates-en")


def test_a_filter_changes_figures_and_charts_together(people: People, desk: BrowserContext, enter: Any) -> None:
    a_year(people)
    page = enter(desk, people.dispatcher).new_page()
    page.goto("/rates/")
    page.locator("form.filters [name=kind]").select_option("arrival")
    expect(page.locator("#of-response")).to_have_count(0)
    expect(page.locator("#of-arrival")).to_be_visible()
    expect(page).to_have_url(re.compile("kind=arrival"))
    with page.expect_download() as download:
        page.get_by_role("button", name="导出 Excel").click()
    assert download.value.suggested_filename.endswith(".xlsx")


def test_it_prints_on_a4(people: People, desk: BrowserContext, enter: Any, tmp_path: Path) -> None:
    a_year(people)
    page = enter(desk, people.owner).new_page()
    page.goto("/rates/")
    path = Path(os.environ.get("LOOK", str(tmp_path))) / "rates.pdf"
    page.pdf(path=path, format="A4")
    with pikepdf.open(path) as document:
        assert len(document.pages) <= 3
    page.emulate_media(media="print")
    expect(page.locator("section.rates svg").first).to_be_visible()
    expect(page.locator("#rates .print-only")).to_be_visible()
    for hidden in ("form.filters", ".side", "form[data-download] button", "figure details"):
        expect(page.locator(hidden).first).to_be_hidden()


def test_who_comes_late_says_why_before_the_slip_is_handed_in(
    people: People, phone: BrowserContext, enter: Any
) -> None:
    site = factories.customer(people.cs01, province="湖南省", city="长沙市", district="岳麓区")
    job = Job(people, customer=site, at=timezone.now() - timedelta(hours=6)).to(TicketState.EN_ROUTE)
    page = enter(phone, people.technician).new_page()
    page.goto(f"/tickets/{job.key}/")
    page.get_by_role("button", name="已到达").tap()
    expect(page.locator("#late")).to_contain_text("请填写迟到原因")
    assert job.state == TicketState.ARRIVED
    assert overflow(page) == []
    keep(page, "late-ticket")
    slip = job.open_slip()
    page.goto(f"/slips/{slip.public_id}/")
    page.locator("#late").get_by_role("link", name="填写迟到原因").tap()
    page.get_by_label("堵车、车辆故障").check()
    assert overflow(page) == []
    keep(page, "late-reason")
    page.get_by_role("button", name="保存原因").tap()
    expect(page).to_have_url(re.compile(f"/slips/{slip.public_id}/"))
    expect(page.locator("#late")).to_have_count(0)
    assert not job.ticket.late_unexplained
    page.goto(f"/tickets/{job.key}/")
    expect(page.locator("#clocks")).to_contain_text("迟到原因:堵车、车辆故障")
