"""补录 in the browser: from the ticket of a job that was written on paper to its signed slip, on the phone and at the desk."""

from __future__ import annotations

import re
from datetime import timedelta

from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from core.calendars import local
from tests import factories
from tests.browser.conftest import WCAG, Complaints, overflow, small_targets
from tests.browser.test_field import Enter, Hand
from tests.people import People
from tests.tickets.driver import Job
from tickets.enums import TicketState
from tickets.models import Photo

S = TicketState


def _is_clean(page: Page) -> None:
    page.evaluate("scrollTo(0, 0)")  # what a reload left under the top bar is no fault of the page
    assert overflow(page) == []
    assert small_targets(page, 44) == []
    assert Axe().run(page, options=WCAG).response["violations"] == []


def test_a_hand_written_slip_is_entered_beside_its_photo(
    people: People, phone: BrowserContext, enter: Enter, complaints: Complaints
) -> None:
    job = Job(people, at=timezone.now() - timedelta(days=2)).to(S.ACCEPTED)
    hand, page = Hand(), enter(phone, people.technician).new_page()
    page.goto(f"/tickets/{job.key}/")
    page.get_by_role("link", name="补录手写服务单").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("补录手写服务单")
    _is_clean(page)
    arrived = local(job.clock + timedelta(hours=1))
    page.get_by_label("纸质单号").fill("0417")
    page.get_by_label("到达现场时间").fill(f"{arrived:%Y-%m-%dT%H:%M}")
    page.get_by_label("离开现场").fill(f"{arrived + timedelta(hours=2):%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="下一步:填写服务单").tap()
    expect(page.locator(".page-head .tag")).to_have_text("补录")
    expect(page.locator("[data-photos-left]")).to_have_text("还差照片:手写签字单")
    hand.photograph(page, "paper")
    expect(page.locator(".papers a img")).to_have_count(1, timeout=20_000)
    page.reload()
    expect(page.locator(".papers a img")).to_have_count(1)
    _is_clean(page)
    fault = page.locator("#faults-0")
    fault.get_by_role("button", name="轴承异响,游隙超差").tap()
    fault.get_by_role("button", name="润滑不足").tap()
    page.locator("#id_faults-0-responsibility").select_option(label="维护保养")
    fault.get_by_role("button", name="紧固接线,复测绝缘").tap()
    page.locator("#id_faults-0-treatment").select_option(label="调整")
    page.get_by_role("button", name="提交,再录签字").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"FW-CS01-\d{6}-0001"))
    page.get_by_role("link", name="录入纸面签字").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("纸面签字")
    _is_clean(page)
    page.get_by_role("radio", name="非常满意").tap()
    page.get_by_label("签字人").fill("喻晓敏")
    page.get_by_role("button", name="确认签字").tap()
    expect(page.get_by_role("heading", name="纸面签字:喻晓敏")).to_be_visible()
    expect(page.locator(".slip .s-kind").first).to_have_text("补录")
    slip = job.slip
    assert (slip.state, slip.signature_kind, slip.paper_number, job.state) == ("signed", "paper", "0417", S.DONE)
    assert [photo.slot for photo in factories.rows(Photo)] == ["paper"]


def test_what_was_typed_stays_when_a_time_cannot_be(
    people: People, desk: BrowserContext, enter: Enter, complaints: Complaints
) -> None:
    complaints.expect("status 422")
    job = Job(people, at=timezone.now() - timedelta(days=2))
    page = enter(desk, people.dispatcher).new_page()
    page.goto(f"/tickets/{job.key}/paper-slip/")
    reported = local(job.ticket.reported_at)
    page.get_by_label("到场技师").select_option(label=people.technician.name)
    page.get_by_label("纸质单号").fill("A-0417")
    page.get_by_label("到达现场时间").fill(f"{reported - timedelta(hours=1):%Y-%m-%dT%H:%M}")
    page.get_by_label("离开现场").fill(f"{reported + timedelta(hours=2):%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="下一步:填写服务单").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("到达时间不能早于报修时间")
    expect(page.get_by_label("纸质单号")).to_have_value("A-0417")
    page.get_by_label("到达现场时间").fill(f"{reported + timedelta(hours=1):%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="下一步:填写服务单").click()
    expect(page.locator(".page-head .tag")).to_have_text("补录")
    page.get_by_role("button", name="不是手写单,取消补录").click()
    expect(page.locator(".page-head .tag")).to_have_count(0)
    assert (job.slip.from_paper, job.slip.paper_number, job.state) == (False, "", S.IN_WORK)


def test_a_printed_slip_that_was_signed_with_a_pen(
    people: People, desk: BrowserContext, enter: Enter, complaints: Complaints
) -> None:
    complaints.expect("status 422")
    job = Job(people, at=timezone.now() - timedelta(days=1)).to(S.WAIT_SIGN)
    page = enter(desk, people.dispatcher).new_page()
    page.goto(f"/slips/{job.slip.public_id}/sign/")
    page.get_by_role("link", name="客户已在打印的纸质单上手写签字").click()
    page.get_by_label("签字人").fill("喻晓敏")
    page.get_by_role("radio", name="满意", exact=True).check()
    page.get_by_role("button", name="确认签字").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("还差 1 张照片:手写签字单")
    expect(page.get_by_label("签字人")).to_have_value("喻晓敏")
    with page.expect_file_chooser() as chooser:
        page.locator("form[data-slot=paper] .photo-pick").click()
    from tests.tickets.driver import picture

    chooser.value.set_files({"name": "paper.jpg", "mimeType": "image/jpeg", "buffer": picture("paper")})
    page.get_by_role("button", name="确认签字").click()  # at once: the form waits for the photo
    expect(page.get_by_role("heading", name="纸面签字:喻晓敏")).to_be_visible()
    assert (job.slip.signature_kind, job.slip.from_paper) == ("paper", False)
