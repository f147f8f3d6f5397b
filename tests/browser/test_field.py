"""The technician with a phone in his hand: the slip from the open page to the signature, with and without a line (ui.md 6)."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from tests import factories
from tests.browser.conftest import DESK, PHONE, WCAG, Complaints, overflow, small_targets
from tests.people import People
from tests.tickets.driver import Job, picture
from tests.warranty import policy
from tickets.enums import TicketState
from tickets.models import LapsedSignature, Photo, Slip

S = TicketState
Enter = Callable[..., BrowserContext]


@pytest.fixture
def job(people: People) -> Job:
    """A job that is being worked on since an hour, its slip begun."""
    made = Job(people, at=timezone.now() - timedelta(hours=2)).to(S.IN_WORK)
    made.open_slip()
    return made


class Hand:
    """Taps and counts them; typing, the camera and the wheels of a picker do not count (ui.md 3)."""

    def __init__(self) -> None:
        self.taps = 0

    def tap(self, place: Locator) -> None:
        self.taps += 1
        place.tap()

    def pick(self, place: Locator, word: str) -> None:
        self.taps += 1
        place.select_option(label=word)

    def photograph(self, page: Page, slot: str) -> None:
        self.taps += 1
        with page.expect_file_chooser() as chooser:
            page.locator(f"form[data-slot={slot}] .photo-take").tap()
        chooser.value.set_files({"name": f"{slot}.jpg", "mimeType": "image/jpeg", "buffer": picture(slot)})

    def draw(self, page: Page, box: Locator) -> None:
        """A signature with a finger: touch events as a phone sends them."""
        self.taps += 1
        box.scroll_into_view_if_needed()
        place = box.bounding_box()
        assert place is not None
        touch = page.context.new_cdp_session(page)
        points = [(0.2, 0.7), (0.35, 0.2), (0.5, 0.7), (0.65, 0.25), (0.8, 0.6)]
        for number, (x, y) in enumerate(points):
            at = [{"x": place["x"] + place["width"] * x, "y": place["y"] + place["height"] * y}]
            touch.send("Input.dispatchTouchEvent", {"type": "touchMove" if number else "touchStart", "touchPoints": at})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def open_slip(context: BrowserContext, job: Job) -> Page:
    """The slip's page with its modules running."""
    page = context.new_page()
    page.goto(f"/slips/{job.slip.public_id}/")
    expect(page.locator("form[data-slip][data-started]")).to_be_visible()
    expect(page.locator("[data-photos-left]")).not_to_be_empty()
    return page


def test_a_whole_slip_in_twelve_taps_typed_and_photographed_without_a_line(
    people: People, phone: BrowserContext, enter: Enter, job: Job, complaints: Complaints
) -> None:
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    hand, page = Hand(), open_slip(enter(phone, people.technician), job)
    phone.set_offline(True)
    fault = page.locator("#faults-0")
    hand.tap(fault.get_by_role("button", name="轴承异响,游隙超差"))
    hand.tap(fault.get_by_role("button", name="润滑不足"))
    hand.pick(page.locator("#id_faults-0-responsibility"), "维护保养")
    hand.tap(fault.get_by_role("button", name="紧固接线,复测绝缘"))
    hand.pick(page.locator("#id_faults-0-treatment"), "调整")
    hand.photograph(page, "nameplate")
    hand.photograph(page, "fault")
    expect(page.locator("#outbox")).to_have_text("待上传 2")
    expect(page.locator("[data-saved]")).to_have_text(re.compile("已存在手机里"))
    page.close()

    phone.set_offline(False)
    page = open_slip(phone, job)
    expect(page.locator("#id_faults-0-diagnosis")).to_have_value("轴承异响,游隙超差")
    expect(page.locator("#id_faults-0-treatment")).to_have_value("adjust")
    expect(page.locator("#outbox")).to_be_hidden(timeout=20_000)
    assert sorted(photo.slot for photo in factories.rows(Photo)) == ["fault", "nameplate"]

    hand.tap(page.get_by_role("button", name="提交待签"))
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"FW-CS01-\d{6}-0001"))
    hand.tap(page.get_by_role("link", name="请客户签字"))
    hand.tap(page.get_by_role("radio", name="非常满意"))
    hand.draw(page, page.locator("canvas").first)
    hand.tap(page.get_by_role("button", name="确认签字"))
    expect(page.get_by_role("heading", name="已签字:张工")).to_be_visible()
    assert hand.taps <= 12
    slip = job.slip
    assert (slip.state, slip.rating, job.state, len(slip.strokes)) == ("signed", "5", S.DONE, 1)
    assert (slip.left_at is not None, slip.hours is not None) == (True, True)


def test_a_reload_keeps_lines_that_were_added_without_a_line(
    people: People, phone: BrowserContext, enter: Enter, job: Job, complaints: Complaints
) -> None:
    complaints.expect("ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest")
    page = open_slip(enter(phone, people.technician), job)
    phone.set_offline(True)
    page.get_by_role("button", name="添加配件").tap()
    page.locator("#id_parts-0-code").fill("BRG-6309")
    page.locator("#id_parts-0-name").fill("深沟球轴承")
    page.get_by_role("button", name="再加一行故障").tap()
    page.locator("#id_faults-1-diagnosis").fill("联轴器偏差 0.42 mm")
    expect(page.locator("[data-saved]")).to_have_text(re.compile("已存在手机里"))
    page.close()
    phone.set_offline(False)
    page = open_slip(phone, job)
    expect(page.locator("#id_parts-0-name")).to_have_value("深沟球轴承")
    expect(page.locator("#id_faults-1-diagnosis")).to_have_value("联轴器偏差 0.42 mm")
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"^已存 "))
    page.reload()
    expect(page.locator("#id_parts-0-code")).to_have_value("BRG-6309")


def test_a_tick_against_the_computed_warranty_asks_why_with_and_without_a_line(
    people: People, phone: BrowserContext, enter: Enter, complaints: Complaints
) -> None:
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    policy(people.hq_admin)
    customer = factories.customer(people.cs01)
    accepted = timezone.now().date() - timedelta(days=375)
    machine = factories.machine(customer, people.sf, accepted_on=accepted, ex_factory_on=accepted - timedelta(days=30))
    job = Job(people, customer=customer, machines=[machine], at=timezone.now() - timedelta(hours=2)).to(S.IN_WORK)
    job.photograph("nameplate", "fault")
    job.open_slip()
    page = open_slip(enter(phone, people.technician), job)
    expect(page.locator("[data-warranty]")).to_contain_text("保外(超期)")
    why = page.locator("#id_warranty_reason")
    expect(why).to_be_hidden()
    page.locator("input[name=in_warranty][value=no]").tap()
    expect(why).to_be_hidden()
    phone.set_offline(True)
    page.locator("input[name=in_warranty][value=yes]").tap()
    expect(why).to_be_visible()
    fault = page.locator("#faults-0")
    fault.get_by_role("button", name="轴承异响,游隙超差").tap()
    fault.get_by_role("button", name="润滑不足").tap()
    page.locator("#id_faults-0-responsibility").select_option(label="制造")
    fault.get_by_role("button", name="紧固接线,复测绝缘").tap()
    page.locator("#id_faults-0-treatment").select_option(label="调整")
    page.get_by_role("button", name="提交待签").tap()
    problems = page.locator("[data-problems]")
    expect(problems).to_contain_text("为什么与系统判定不同")
    problems.get_by_role("link", name=re.compile("为什么与系统判定不同")).tap()
    why.fill("厂家电话同意按保内处理")
    page.get_by_role("button", name="提交待签").tap()
    expect(page.locator("[data-answers]")).to_contain_text("厂家电话同意按保内处理")
    phone.set_offline(False)
    page.reload()
    expect(why).to_have_value("厂家电话同意按保内处理")
    expect(why).to_be_visible()
    page.get_by_role("button", name="提交待签").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"FW-CS01-\d{6}-0001"))
    slip = job.slip
    assert (slip.in_warranty, slip.warranty, slip.warranty_reason) == ("yes", "out_over", "厂家电话同意按保内处理")


def test_an_old_page_that_comes_back_without_a_line_has_what_was_saved_since(
    people: People, phone: BrowserContext, enter: Enter, job: Job, complaints: Complaints
) -> None:
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    page = open_slip(enter(phone, people.technician), job)
    expect(page.locator("[data-worker]")).to_have_attribute("data-kept", "1")
    page.locator("[name$=diagnosis]").first.fill("前轴承内圈剥落,已拍照")
    expect(page.locator("[data-saved]").first).to_contain_text("已存")
    phone.set_offline(True)
    page.reload()
    expect(page.locator("[name$=diagnosis]").first).to_have_value("前轴承内圈剥落,已拍照")
    phone.set_offline(False)
    page.reload()
    expect(page.locator("[name$=diagnosis]").first).to_have_value("前轴承内圈剥落,已拍照")


#: the photo that waits was in the hands of a tab that is gone; it keeps it for three seconds more
IN_OTHER_HANDS = """() => new Promise((done) => {
  const wish = indexedDB.open("servicedesk");
  wish.onsuccess = () => {
    const all = wish.result.transaction("outbox", "readwrite").objectStore("outbox");
    all.getAll().onsuccess = ({ target: { result: [row] } }) => { all.put({ ...row, claimed: Date.now() - 57000, claimedBy: "gone" }).onsuccess = () => done(); };
  };
})"""


def test_what_a_tab_had_in_hand_that_is_gone_is_sent_without_a_touch(
    people: People, phone: BrowserContext, enter: Enter, job: Job, complaints: Complaints
) -> None:
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    page = open_slip(enter(phone, people.technician), job)
    phone.set_offline(True)
    Hand().photograph(page, "nameplate")
    expect(page.locator("#outbox")).to_have_text("待上传 1")
    page.evaluate(IN_OTHER_HANDS)
    phone.set_offline(False)
    page.reload()
    expect(page.locator("#outbox")).to_have_text("待上传 1")
    expect(page.locator("#outbox")).to_be_hidden(timeout=20_000)
    assert [photo.slot for photo in factories.rows(Photo)] == ["nameplate"]


def test_the_lost_answer_of_a_photo_makes_one_photo(
    people: People, phone: BrowserContext, enter: Enter, job: Job, complaints: Complaints
) -> None:
    complaints.expect("ERR_FAILED")
    page = open_slip(enter(phone, people.technician), job)
    answers: list[int] = []

    def lose_the_first(route: Route) -> None:
        answer = route.fetch()
        answers.append(answer.status)
        if len(answers) == 1:
            route.abort()
        else:
            route.fulfill(response=answer)

    page.route(re.compile(r"/photos/\?"), lose_the_first)
    with page.expect_response(re.compile(r"/photos/\?"), timeout=20_000):  # the lost one is none
        Hand().photograph(page, "nameplate")
    expect(page.locator("#outbox")).to_be_hidden()
    assert (answers, len(factories.rows(Photo))) == ([200, 200], 1)


NO_LINE = ("ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest")


def write_it(hand: Hand, page: Page) -> None:
    """All a slip needs, by phrases, choices and two photos."""
    fault = page.locator("#faults-0")
    hand.tap(fault.get_by_role("button", name="轴承异响,游隙超差"))
    hand.tap(fault.get_by_role("button", name="润滑不足"))
    hand.pick(page.locator("#id_faults-0-responsibility"), "维护保养")
    hand.tap(fault.get_by_role("button", name="紧固接线,复测绝缘"))
    hand.pick(page.locator("#id_faults-0-treatment"), "调整")
    hand.photograph(page, "nameplate")
    hand.photograph(page, "fault")
    expect(page.locator("#outbox")).to_have_text("待上传 2")


def sign_it(hand: Hand, page: Page) -> None:
    """From the form to the queue, without a line."""
    hand.tap(page.get_by_role("button", name="提交待签"))
    expect(page.get_by_role("heading", name="请核对并签字")).to_be_visible()
    assert overflow(page) == []
    expect(page.locator("[data-answers]")).to_contain_text("轴承异响,游隙超差")
    hand.tap(page.get_by_role("radio", name="非常满意"))
    hand.draw(page, page.locator("[data-step=check] canvas").first)
    hand.tap(page.get_by_role("button", name="确认签字"))
    expect(page.get_by_role("heading", name="已签字,等待信号")).to_be_visible()
    expect(page.locator("#outbox")).to_have_text("待上传 3")


def keep_page(page: Page) -> None:
    """Wait until the phone keeps the page for a reload."""
    expect(page.locator("[data-worker][data-kept]")).to_be_attached()


def test_technician_offline_from_the_moment_the_page_is_open(
    people: People, phone: BrowserContext, enter: Enter, job: Job, complaints: Complaints
) -> None:
    """ui.md 6, check 1: a complete slip with two photos, rating, signature in ≤ 12 taps; a reload keeps all; a number in ≤ 5 s.

    Where opening the page takes more than the second of a free machine, the number may take longer by as much."""
    complaints.expect(*NO_LINE)
    context, begun = enter(phone, people.technician), time.monotonic()
    hand, page = Hand(), open_slip(context, job)
    allowed = 5_000 * max(1.0, time.monotonic() - begun)
    keep_page(page)
    phone.set_offline(True)
    write_it(hand, page)
    page.reload()
    expect(page.locator("#id_faults-0-diagnosis")).to_have_value("轴承异响,游隙超差")
    expect(page.locator("[data-photos] figure[data-op]")).to_have_count(2)
    sign_it(hand, page)
    assert hand.taps <= 12
    page.reload()
    expect(page.get_by_role("heading", name="已签字,等待信号")).to_be_visible()
    assert (job.slip.state, len(factories.rows(Photo))) == ("draft", 0)

    phone.set_offline(False)
    expect(page.get_by_role("heading", name="已签字:张工")).to_be_visible(timeout=allowed)
    expect(page.locator("#outbox")).to_be_hidden()
    slip = job.slip
    assert (slip.state, slip.rating, job.state, len(slip.strokes)) == ("signed", "5", S.DONE, 1)
    assert (re.fullmatch(r"FW-CS01-\d{6}-0001", slip.number) is not None, len(factories.rows(Photo))) == (True, 2)


def test_the_lost_answer_of_a_signed_slip_makes_one_slip(
    people: People, phone: BrowserContext, enter: Enter, job: Job, complaints: Complaints
) -> None:
    """ui.md 6, check 2."""
    complaints.expect(*NO_LINE, "ERR_FAILED")
    hand, page = Hand(), open_slip(enter(phone, people.technician), job)
    answers: list[int] = []

    def lose_the_first(route: Route) -> None:
        answer = route.fetch()
        answers.append(answer.status)
        if len(answers) == 1:
            route.abort()
        else:
            route.fulfill(response=answer)

    page.route(re.compile(r"/slips/\w+/signed/"), lose_the_first)
    phone.set_offline(True)
    write_it(hand, page)
    sign_it(hand, page)
    phone.set_offline(False)
    expect(page.get_by_role("heading", name="已签字:张工")).to_be_visible(timeout=20_000)
    assert answers == [200, 200]
    assert [(slip.state, slip.number[-4:]) for slip in factories.rows(Slip)] == [("signed", "0001")]


def test_somebody_else_wrote_while_it_was_signed_without_a_line(
    people: People, phone: BrowserContext, enter: Enter, job: Job, complaints: Complaints
) -> None:
    """ui.md 6, check 3, with a signature: theirs stays, ours stays on the phone, the signature takes no effect."""
    complaints.expect(*NO_LINE, "status 409")
    hand, page = Hand(), open_slip(enter(phone, people.technician), job)
    phone.set_offline(True)
    write_it(hand, page)
    sign_it(hand, page)
    job.save(by=people.dispatcher, now=timezone.now(), contact="王师傅")
    phone.set_offline(False)
    expect(page.get_by_text("未生效")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("button", name="用我的")).to_be_visible()
    expect(page.locator("[data-draft-conflict]")).to_contain_text("王师傅")
    expect(page.locator("#id_faults-0-cause")).to_have_value("润滑不足")
    assert (job.slip.state, job.slip.contact, len(factories.rows(LapsedSignature))) == ("draft", "王师傅", 1)


def test_what_is_missing_is_said_without_a_line(
    people: People, phone: BrowserContext, enter: Enter, job: Job, complaints: Complaints
) -> None:
    complaints.expect(*NO_LINE)
    page = open_slip(enter(phone, people.technician), job)
    phone.set_offline(True)
    page.locator("#id_faults-0-cause").fill("轴承外购件早期失效")
    page.get_by_role("button", name="提交待签").tap()
    problems = page.locator("[data-problems]")
    expect(problems).to_contain_text("现场确诊故障: 还没有填")
    expect(problems).to_contain_text("铭牌: 还缺照片")
    problems.get_by_role("link", name=re.compile("现场确诊故障")).tap()
    expect(page.locator("#id_faults-0-diagnosis")).to_be_focused()
    expect(page.locator("#id_faults-0-cause")).to_have_value("轴承外购件早期失效")
    assert job.slip.state == "draft"


def test_a_signature_without_a_line_can_be_taken_back(
    people: People, phone: BrowserContext, enter: Enter, job: Job, complaints: Complaints
) -> None:
    complaints.expect(*NO_LINE)
    hand, page = Hand(), open_slip(enter(phone, people.technician), job)
    phone.set_offline(True)
    write_it(hand, page)
    sign_it(hand, page)
    page.get_by_role("button", name="撤回修改").tap()
    page.locator("dialog").get_by_role("button", name="撤回修改").tap()
    expect(page.locator("#id_faults-0-diagnosis")).to_be_visible()
    expect(page.locator("#outbox")).to_have_text("待上传 2")
    phone.set_offline(False)
    expect(page.locator("#outbox")).to_be_hidden(timeout=20_000)
    assert (job.slip.state, len(factories.rows(Photo))) == ("draft", 2)


def test_the_signature_alone_waits_when_the_line_goes_after_handing_in(
    people: People, phone: BrowserContext, enter: Enter, complaints: Complaints
) -> None:
    complaints.expect(*NO_LINE)
    job = Job(people, at=timezone.now() - timedelta(hours=3)).to(S.WAIT_SIGN)
    page, hand = enter(phone, people.technician).new_page(), Hand()
    page.goto(f"/slips/{job.slip.public_id}/sign/")
    keep_page(page)
    phone.set_offline(True)
    page.get_by_role("radio", name="非常满意").tap()
    hand.draw(page, page.locator("canvas").first)
    page.get_by_role("button", name="确认签字").tap()
    expect(page.get_by_role("heading", name="已签字,等待信号")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="已签字,等待信号")).to_be_visible()
    phone.set_offline(False)
    expect(page.get_by_role("heading", name=re.compile("已签字:"))).to_be_visible(timeout=20_000)
    assert (job.slip.state, job.state) == ("signed", S.DONE)


def test_kept_pages_go_with_the_one_they_were_made_for(
    people: People, phone: BrowserContext, enter: Enter, job: Job, complaints: Complaints
) -> None:
    complaints.expect(*NO_LINE, "status 404")
    page = open_slip(enter(phone, people.technician), job)
    keep_page(page)
    enter(phone, people.stranger_technician)
    page.goto("/tickets/day/")
    keep_page(page)
    phone.set_offline(True)
    page.goto(f"/slips/{job.slip.public_id}/")
    expect(page.get_by_role("heading", name="没有信号")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text(job.customer.name)


def test_an_empty_slip_puts_the_focus_on_what_is_missing(
    people: People, phone: BrowserContext, enter: Enter, job: Job, complaints: Complaints
) -> None:
    complaints.expect("status 422")
    page = open_slip(enter(phone, people.technician), job)
    page.locator("#id_faults-0-diagnosis").fill("坏了")
    page.get_by_role("button", name="提交待签").tap()
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    expect(page).to_have_title(re.compile("^错误:"))
    expect(summary).to_contain_text("还差 2 张照片:铭牌、故障")
    expect(page.locator("#id_faults-0-diagnosis")).to_have_value("坏了")
    summary.get_by_role("link", name=re.compile("现场确诊故障")).tap()
    expect(page.locator("#id_faults-0-diagnosis")).to_be_focused()
    expect(page.locator("[data-worker]")).to_have_attribute("data-kept", "1")
    page.goto(page.url)  # the address line, not the button "reload"
    expect(page).to_have_url(re.compile(r"/slips/[^/]+/$"))


def test_the_task_list_follows_what_is_saved(people: People, phone: BrowserContext, enter: Enter, job: Job) -> None:
    page = open_slip(enter(phone, people.technician), job)
    state = page.locator(".tasks [data-part=diagnosis]")
    expect(state).to_have_text("未填")
    for name, words in {"diagnosis": "轴承 6309 内圈剥落", "cause": "早期疲劳", "solution": "更换前后轴承"}.items():
        page.locator(f"#id_faults-0-{name}").fill(words)
    page.locator("#id_faults-0-responsibility").select_option("material")
    page.locator("#id_faults-0-treatment").select_option("replace_part")
    expect(state).to_have_text("已填")
    expect(page.locator("[data-photos-left]")).to_have_text("还差照片:铭牌、故障、更换后")


def test_a_part_is_found_in_the_makers_list(people: People, phone: BrowserContext, enter: Enter, job: Job) -> None:
    factories.part(people.sf, "SEAL-M-60", name="机械密封", key_part=True)
    page = open_slip(enter(phone, people.technician), job)
    page.get_by_role("button", name="添加配件").tap()
    page.locator("#id_parts-0-code").press_sequentially("SEAL")
    page.get_by_role("option", name="SEAL-M-60").tap()
    expect(page.locator("#id_parts-0-code")).to_have_value("SEAL-M-60")
    expect(page.locator("#id_parts-0-name")).to_have_value("机械密封")
    expect(page.locator("#id_parts-0-supply_number")).to_be_hidden()
    page.locator("#id_parts-0-source").select_option("bought_genuine")
    expect(page.locator("#id_parts-0-supply_number")).to_be_visible()
    Hand().photograph(page, "part")
    expect(page.locator("#id_parts-0-supply_photo")).not_to_have_value("")


def test_two_people_on_one_draft_see_both_versions(
    people: People, phone: BrowserContext, desk: BrowserContext, enter: Enter, job: Job, complaints: Complaints
) -> None:
    complaints.expect("status 409")
    page = open_slip(enter(phone, people.technician), job)
    other = open_slip(enter(desk, people.dispatcher), job)
    other.locator("#id_faults-0-cause").fill("供电缺相")
    expect(other.locator("[data-saved]")).to_have_text(re.compile(r"^已存 "))
    page.locator("#id_faults-0-cause").fill("润滑不足")
    conflict = page.locator("[data-draft-conflict]")
    expect(conflict).to_contain_text("供电缺相")
    expect(conflict).to_contain_text("润滑不足")
    assert [line.cause for line in _lines(job)] == ["供电缺相"]
    conflict.get_by_role("button", name="用我的").tap()
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"^已存 "))
    assert [line.cause for line in _lines(job)] == ["润滑不足"]


def test_an_autosave_whose_answer_was_lost_is_no_foreign_change(
    people: People, phone: BrowserContext, enter: Enter, job: Job, complaints: Complaints
) -> None:
    complaints.expect("ERR_FAILED")
    page = open_slip(enter(phone, people.technician), job)
    seen: list[int] = []

    def lose_the_first(route: Route) -> None:
        answer = route.fetch()
        seen.append(answer.status)
        route.abort() if len(seen) == 1 else route.fulfill(response=answer)

    page.route("**/save/", lose_the_first)
    page.locator("#id_faults-0-cause").fill("润滑不足")
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"^已存 "), timeout=15_000)
    assert seen == [200, 200]


def test_the_job_from_acceptance_to_work_one_press_each(people: People, phone: BrowserContext, enter: Enter) -> None:
    job = Job(people, at=timezone.now() - timedelta(minutes=40)).to(S.DISPATCHED)
    page = enter(phone, people.technician).new_page()
    page.goto("/tickets/day/")
    for name, state in {"接单": S.ACCEPTED, "出发": S.EN_ROUTE, "已到达": S.ARRIVED, "开始处理": S.IN_WORK}.items():
        page.get_by_role("button", name=name, exact=True).first.tap()
        expect(page.locator("article.job .chip").first).to_have_text(str(TicketState(state).label))
        assert job.state == state


def test_the_place_goes_along_when_the_phone_tells_it(
    people: People, open_context: Callable[..., BrowserContext], enter: Enter
) -> None:
    from tickets.models import Trip

    job = Job(people, at=timezone.now() - timedelta(minutes=40)).to(S.EN_ROUTE)
    context = open_context(PHONE, geolocation={"latitude": 26.4359, "longitude": 111.608}, permissions=["geolocation"])
    page = enter(context, people.technician).new_page()
    page.goto("/tickets/day/")
    page.get_by_role("button", name="已到达").tap()
    expect(page.get_by_role("button", name="开始处理")).to_be_visible()
    (trip,) = factories.rows(Trip, ticket=job.ticket)
    assert (str(trip.latitude), str(trip.longitude)) == ("26.435900", "111.608000")


def test_two_fast_presses_are_one_step(people: People, phone: BrowserContext, enter: Enter) -> None:
    job = Job(people, at=timezone.now() - timedelta(minutes=40)).to(S.DISPATCHED)
    page = enter(phone, people.technician).new_page()
    page.goto("/tickets/day/")
    page.evaluate("() => { const b = document.querySelector('article.job form button'); b.click(); b.click(); }")
    expect(page.get_by_role("button", name="出发")).to_be_visible()
    assert [entry.verb for entry in job.log if entry.verb == "accept"] == ["accept"]


def test_the_slip_is_handed_in_without_javascript(
    people: People, open_context: Callable[..., BrowserContext], enter: Enter, job: Job
) -> None:
    job.photograph()
    page = enter(open_context(PHONE, java_script_enabled=False), people.technician).new_page()
    page.goto(f"/slips/{job.slip.public_id}/")
    page.get_by_role("button", name="添加配件").tap()
    page.locator("#id_parts-0-code").fill("BRG-6309")
    page.locator("#id_parts-0-name").fill("深沟球轴承")
    page.locator("#id_parts-0-source").select_option("maker_free")
    for name, words in {"diagnosis": "轴承 6309 内圈剥落", "cause": "早期疲劳", "solution": "更换前后轴承"}.items():
        page.locator(f"#id_faults-0-{name}").fill(words)
    page.locator("#id_faults-0-responsibility").select_option("material")
    page.locator("#id_faults-0-treatment").select_option("replace_part")
    page.get_by_role("button", name="提交待签").tap()
    expect(page.get_by_role("link", name="请客户签字")).to_be_visible()
    page.get_by_role("link", name="请客户签字").tap()
    page.get_by_role("radio", name="满意", exact=True).tap()
    page.get_by_text("改为输入姓名确认").tap()
    page.locator("#id_signer").fill("张建国")
    page.get_by_label("我确认上述服务内容已完成").check()
    page.get_by_role("button", name="确认签字").tap()
    expect(page.get_by_role("heading", name="姓名确认:张建国")).to_be_visible()
    slip: Slip = job.slip
    assert (slip.state, slip.signature_kind, slip.signer) == ("signed", "typed", "张建国")


@pytest.mark.parametrize("width", [320, 360, 412])
def test_nothing_scrolls_sideways_and_every_target_is_large_enough(
    people: People, open_context: Callable[..., BrowserContext], enter: Enter, width: int
) -> None:
    context = open_context({**PHONE, "viewport": {"width": width, "height": 780}})
    page = enter(context, people.technician).new_page()
    for address in addresses(people):
        page.goto(address)
        assert (address, overflow(page), small_targets(page, 44)) == (address, [], [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["phone", "desk"])
def test_axe_finds_nothing(
    people: People, open_context: Callable[..., BrowserContext], enter: Enter, kind: str, scheme: str
) -> None:
    context = open_context(PHONE if kind == "phone" else DESK, color_scheme=scheme)
    page = enter(context, people.technician).new_page()
    for address in addresses(people):
        page.goto(address)
        found = Axe().run(page, options=WCAG).response["violations"]
        places = [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found]
        assert (address, places) == (address, [])


def addresses(people: People) -> list[str]:
    """Every page of the field, each with something on it."""
    now = timezone.now()
    fresh = lambda: Job(people, at=now - timedelta(hours=5))  # noqa: E731  # one line says it
    new, writing, waiting, done = (
        fresh().to(S.DISPATCHED),
        fresh().to(S.IN_WORK),
        fresh().to(S.WAIT_SIGN),
        fresh().to(S.DONE),
    )
    writing.photo("nameplate")
    writing.save()
    return [
        "/tickets/day/",
        f"/tickets/{new.key}/",
        f"/tickets/{new.key}/steps/refuse/",
        f"/tickets/{new.key}/remote/",
        f"/tickets/{writing.key}/leave/",
        f"/slips/{writing.slip.public_id}/",
        f"/slips/{waiting.slip.public_id}/",
        f"/slips/{waiting.slip.public_id}/sign/",
        f"/slips/{waiting.slip.public_id}/preview/",
        f"/slips/{done.slip.public_id}/",
        "/slips/",
    ]


def _lines(job: Job) -> list[Any]:
    from tickets.models import FaultLine

    return factories.rows(FaultLine, slip=job.slip)
