"""Through the three tiers: a customer is referred, support is asked and answered, a promise is broken and everybody is told."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect
from touring import DESK, OFFICE, REVIEWER, Tour, picture

CASE = "永州新世纪破碎(示例)"
LATE = "望城大泽湖米业(示例)"


def story(tour: Tour, desk: Page) -> None:
    """desk: the dispatcher's window."""
    office, headquarters = tour.window(OFFICE, DESK), tour.window(REVIEWER, DESK)
    tour.chapter("转派", lambda: referral(tour, desk, headquarters))
    tour.chapter("上报", lambda: escalation(tour, desk, office))
    tour.chapter("超时", lambda: breach(tour, desk))
    tour.chapter("三级", lambda: levels(tour, office))


def referral(tour: Tour, desk: Page, headquarters: Page) -> None:
    """Headquarters refers a caller; the dealer accepts by calling him."""

    def refer() -> None:
        headquarters.goto(f"{tour.address}/referrals/new/")
        for name, value in {
            "phone": "13874650001", "customer_name": CASE, "contact": "老唐", "province": "湖南省", "city": "永州市", "district": "冷水滩区",
            "address": "石场路 8 号", "model": "YE3-200L-4", "serial_number": "2601H0777",
            "fault": "破碎机电机轴承响,已停机",
        }.items():  # fmt: skip
            headquarters.locator(f"[name={name}]").fill(value)
        headquarters.locator("[name=product_type]").select_option("三相异步电动机")
        headquarters.locator("label.candidate", has_text="长沙瑞启").locator("input").check()

    tour.step("总部-转派", refer, headquarters)

    def arrived() -> None:
        desk.goto(f"{tour.address}/")
        link = desk.get_by_role("link", name=re.compile(CASE)).or_(
            desk.locator("tr", has_text=CASE).get_by_role("link")
        )
        link.first.click()
        expect(desk.locator("main")).to_contain_text("2601H0777")

    def send_and_wait() -> None:
        headquarters.get_by_role("button", name="转派", exact=True).click()
        expect(headquarters.locator("main")).to_contain_text(CASE)
        for _attempt in range(60):  # the worker takes it within two seconds; the page is loaded anew until then
            if headquarters.get_by_role("link", name=re.compile("报修单 BX-|BX-")).count():
                return
            headquarters.wait_for_timeout(500)
            headquarters.reload()
        raise AssertionError("the referral did not arrive")

    tour.step("总部-已转派", send_and_wait, headquarters)
    tour.step("调度-收到转派", arrived, desk)

    def accept() -> None:
        desk.get_by_role("link", name=re.compile("接收转派")).first.click()
        desk.locator("label", has_text="电话").first.click()
        desk.locator("main button.primary, footer button.primary, .action-bar button.primary").last.click()
        expect(desk.locator("body")).to_contain_text("已联系")

    tour.step("调度-接收转派", accept, desk)


def escalation(tour: Tour, desk: Page, office: Page) -> None:
    """The dealer asks the office with readings and a photo, the office answers by keyboard, the dealer confirms."""
    ticket = desk.url.split("?")[0]

    def refused() -> None:
        desk.goto(f"{ticket}escalate/")
        desk.locator("[name=phenomenon]").fill("坏了")
        desk.get_by_role("button", name="提交").click()
        expect(desk.locator("main")).to_contain_text("28/29/35 A")
        tour.faults[:] = [line for line in tour.faults if "422" not in line]  # it was refused on purpose

    tour.step("上报-写清现象", refused, desk)

    def ask() -> None:
        desk.locator("[name=phenomenon]").fill("前端异响,轴承座 78℃,三相电流 28/29/35 A")
        desk.locator("[name=r_operating_condition]").fill("粉尘,连续24h")
        for phase, value in (("u", "28"), ("v", "29"), ("w", "35")):
            desk.locator(f"[name=r_current_{phase}]").fill(value)
        desk.locator("#id_new_photos").set_input_files(picture("轴承室", (120, 70, 50)))
        desk.get_by_role("button", name="提交").click()
        expect(desk.locator("#toast")).to_contain_text("支持请求已提交")

    tour.step("上报-已提交", ask, desk)

    def queue() -> None:
        office.goto(f"{tour.address}/escalations/?q=2601H0777")
        row = office.locator("tbody tr", has_text=CASE)
        row.get_by_role("link").first.click()
        office.wait_for_url("**/escalations/*/")
        office.wait_for_load_state("networkidle")  # its keys are loaded with it
        office.keyboard.press("a")
        expect(office.locator("#toast")).to_contain_text("已受理")

    tour.step("办事处-受理", queue, office)

    def answer() -> None:
        office.keyboard.press("r")
        office.get_by_label("答复", exact=True).fill("先测轴电压,换绝缘轴承,随车带 6312/C3VL0241")
        office.get_by_label("下一步").fill("发绝缘轴承")
        office.get_by_label("完成日期").fill(f"{datetime.now(ZoneInfo('Asia/Shanghai')) + timedelta(days=3):%Y-%m-%d}")
        office.get_by_role("button", name="发出答复").click()
        expect(office.locator("#toast")).to_contain_text("答复已发出")

    tour.step("办事处-答复", answer, office)

    def confirm() -> None:
        desk.goto(f"{tour.address}/escalations/?state=all&q=2601H0777")
        desk.locator("tbody tr", has_text=CASE).get_by_role("link").first.click()
        expect(desk.locator("main")).to_contain_text("绝缘轴承")
        desk.locator("section.next .primary").first.click()
        desk.locator("button[form=act]").click()
        expect(desk.locator("section.next")).not_to_contain_text("等经销商确认")

    tour.step("经销商-确认解决", confirm, desk)


def breach(tour: Tour, desk: Page) -> None:
    """A report that was written down late: its hour to answer is over, and the warning leaves by itself."""

    def report() -> None:
        desk.goto(f"{tour.address}/tickets/new/")
        desk.locator("[name=phone]").fill("19900007788")
        desk.locator("[name=customer_name]").fill(LATE)
        desk.locator("[name=contact]").fill("谭工")
        desk.locator("[name=product_type]").fill("三相异步电动机")
        desk.locator("[name=model]").fill("YE3-132M-4")
        for name, value in (
            ("province", "湖南省"),
            ("city", "长沙市"),
            ("district", "望城区"),
            ("address", "大泽湖路 5 号"),
        ):
            desk.locator(f"[name={name}]").fill(value)
        desk.locator("[name=manufacturer]").select_option(index=1)
        desk.locator("[name=fault]").fill("提升机电机跳闸")
        desk.locator("[name=source]").select_option("wechat")
        told = datetime.now(ZoneInfo("Asia/Shanghai")) - timedelta(hours=2)
        desk.locator("[name=reported_at]").fill(f"{told:%Y-%m-%dT%H:%M}")
        desk.keyboard.press("Control+Enter")
        expect(desk.locator("h1")).to_contain_text(LATE)
        expect(desk.locator("#clocks")).to_contain_text("已超时")

    tour.step("超时-报修单", report, desk)

    def told() -> None:
        for _attempt in range(60):  # the tick comes every five seconds
            desk.goto(f"{tour.address}/notices/")
            if desk.locator("main", has_text=LATE).locator("li", has_text="应在").count():
                return
            desk.wait_for_timeout(500)
        raise AssertionError("nobody was told of the breach")

    tour.step("超时-提醒", told, desk)

    def board() -> None:
        desk.goto(f"{tour.address}/")
        expect(desk.locator("tr", has_text=LATE).locator(".chip.bad").first).to_contain_text("已超时")

    tour.step("看板-超时在前", board, desk)


def levels(tour: Tour, office: Page) -> None:
    """Dealer, office and headquarters with their open work."""

    def look() -> None:
        office.goto(f"{tour.address}/levels/")
        expect(office.locator("h1")).to_have_text("三级管理图")

    tour.step("三级管理图", look, office)
