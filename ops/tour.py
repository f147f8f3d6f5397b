"""The main job through the real pages in a real browser: from the phone call to the printed slip, and around it (`make tour`).

Starts the demo on servers and a port of its own, drives Chromium as dispatcher (1280 × 800), technician and customer (360 × 780,
touch), office, HQ and a strange dealer, and leaves a picture of each step in var/tour/. Ends with `N passed, M failed`.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable

import pikepdf
import tour_around
import tour_tiers
from playwright.sync_api import expect, sync_playwright
from touring import (
    CUSTOMER,
    CUSTOMER_PHONE,
    DESK,
    DIAGNOSIS,
    DISPATCHER,
    FAULT,
    OFFICE,
    OUT,
    PHONE,
    QUALITY,
    REVIEWER,
    ROOT,
    STRANGER,
    TECHNICIAN,
    Tour,
    draw_signature,
    picture,
)  # fmt: skip

SERVERS = "tour-servers"


def story(tour: Tour) -> None:
    """From the call to the paper."""
    desk = tour.window(DISPATCHER, DESK)
    tour.step("看板", lambda: expect(desk.locator("h1")).to_have_text("看板"), desk)

    def report() -> None:
        desk.keyboard.press("n")
        expect(desk.locator("h1")).to_have_text("新报修")
        desk.locator("[name=phone]").fill(CUSTOMER_PHONE)
        expect(desk.locator("#known")).to_contain_text(CUSTOMER)
        desk.locator("#known label", has_text="YE3-180L-6").locator("input").check()
        desk.locator("[name=fault]").fill(FAULT)
        desk.locator("label.choice", has_text="停产").first.click()

    tour.step("来电-新报修", report, desk)

    def save() -> None:
        desk.keyboard.press("Control+Enter")
        expect(desk.locator("h1")).to_have_text(re.compile(CUSTOMER))
        expect(desk.locator("body")).to_contain_text(FAULT)

    tour.step("报修单", save, desk)
    ticket = desk.url

    def dispatch() -> None:
        form = desk.locator("form#dispatch")
        form.locator("label", has_text="陈志强").first.click()
        form.locator("button").last.click()
        expect(desk.locator("body")).to_contain_text("派工:陈志强")

    tour.step("派工", dispatch, desk)

    phone = tour.window(TECHNICIAN, PHONE)
    tour.step("技师-今日", lambda: expect(phone.locator("main")).to_contain_text(CUSTOMER), phone)
    phone.goto(ticket)

    def press(words: str) -> Callable[[], None]:
        def do() -> None:
            phone.get_by_role("button", name=words, exact=True).or_(
                phone.get_by_role("link", name=words, exact=True)
            ).first.tap()
            phone.wait_for_load_state("networkidle")

        return do

    tour.step("技师-接单", press("接单"), phone)
    tour.step("技师-出发", press("出发"), phone)
    tour.step("技师-到达", press("已到达"), phone)
    tour.step("技师-开始", press("开始处理"), phone)

    def open_slip() -> None:
        phone.get_by_role("button", name=re.compile("服务单")).first.tap()
        expect(phone.locator("form#slip")).to_be_visible()

    tour.step("服务单-打开", open_slip, phone)

    def photos() -> None:
        for slot, text, colour in (
            ("nameplate", "YE3-160M-4", (70, 90, 110)),
            ("fault", "6309", (120, 70, 50)),
            ("after", "6309 NEW", (50, 110, 80)),
        ):
            with phone.expect_file_chooser() as chooser:
                phone.locator(f"form[data-slot={slot}] input[data-source=camera]").dispatch_event("click")
            chooser.value.set_files(picture(text, colour))
            expect(
                phone.locator(
                    ".photos figure", has_text={"nameplate": "铭牌", "fault": "故障", "after": "更换后"}[slot]
                ).first
            ).to_be_visible()
        expect(phone.locator("#outbox")).to_be_hidden(timeout=90_000)

    tour.step("服务单-照片", photos, phone)

    def fill() -> None:
        choose = phone.locator
        choose("[name$=diagnosis]").first.fill(DIAGNOSIS)
        choose("[name$='cause']").first.fill("轴承外购件早期疲劳")
        choose("select[name$=responsibility]").first.select_option("material")
        choose("select[name$=treatment]").first.select_option("replace_part")
        choose("[name$=solution]").first.fill("更换前后轴承,加脂至腔体1/3~1/2,试机2小时正常")
        choose("[name=hours], [name$=-hours]").first.fill("1.5")
        warranty = choose("label", has_text=re.compile("^\\s*是\\s*$")).first
        warranty.tap()
        for why in choose("[name$=warranty_reason]").all():
            if why.is_visible():  # the tick is another than the policy's
                why.fill("厂家口头同意按三包处理")
        for reason in choose("[name$=unknown_reason]").all():
            if reason.is_visible():
                reason.fill("铭牌字迹不清")
        expect(choose("[data-saved]").first).to_contain_text(re.compile("已存"), timeout=60_000)

    tour.step("服务单-填写", fill, phone)

    def survive() -> None:
        phone.reload()
        expect(phone.locator("[name$=diagnosis]").first).to_have_value(DIAGNOSIS)

    tour.step("服务单-重新打开内容还在", survive, phone)

    def hand_in() -> None:
        phone.locator("[data-complete]").tap()
        expect(phone.locator("main")).to_contain_text(re.compile("FW-CS01-"), timeout=15_000)

    tour.step("服务单-提交待签", hand_in, phone)
    slip = phone.url

    def sign_page() -> None:
        phone.get_by_role("link", name="请客户签字").or_(phone.locator("a.primary")).first.tap()
        expect(phone.locator("form#sign")).to_be_visible()
        phone.locator("form#sign label", has_text="非常满意").first.tap()
        draw_signature(phone, 0)
        draw_signature(phone, 1)

    tour.step("客户-评价签字", sign_page, phone)

    def signed() -> None:
        phone.locator("button[form=sign].primary").tap()
        expect(phone.locator("main")).to_contain_text(re.compile("FW-CS01-\\d{6}-\\d{4}"))
        expect(phone.locator("form#sign")).to_have_count(0)

    tour.step("客户-已签字", signed, phone)
    desk.goto(slip.split("?")[0])
    triplicate = desk.get_by_role("button", name="打印", exact=True)
    tour.step("三联单已生成", lambda: expect(triplicate).to_be_visible(timeout=60_000), desk)

    def paper() -> None:
        answer = desk.request.get(f"{slip.split('?')[0]}triplicate.pdf")
        assert answer.status == 200, answer.status
        target = OUT / "triplicate.pdf"
        target.write_bytes(answer.body())
        with pikepdf.open(target) as pdf:
            assert len(pdf.pages) >= 3, len(pdf.pages)
        subprocess.run(["pdftoppm", "-r", "80", "-png", str(target), str(OUT / "slip")], check=True)

    tour.step("三联单-PDF", paper)

    office = tour.window(OFFICE, DESK)
    office.goto(ticket)

    def masked() -> None:
        expect(office.locator("body")).to_contain_text(FAULT)
        expect(office.locator("body")).to_contain_text("199****1001")
        expect(office.locator("body")).not_to_contain_text(CUSTOMER_PHONE)

    tour.step("办事处-共享的报修单", masked, office)
    review = tour.window(REVIEWER, DESK)
    review.goto(slip.split("?")[0])
    tour.step("总部-服务单", lambda: expect(review.locator("body")).to_contain_text("FW-CS01-"), review)
    quality = tour.window(QUALITY, DESK)
    quality.goto(ticket)

    def no_phone() -> None:
        expect(quality.locator("body")).to_contain_text(FAULT)
        expect(quality.locator("body")).not_to_contain_text("1001")

    tour.step("品质部-无电话无金额", no_phone, quality)
    stranger = tour.window(STRANGER, DESK)

    def nothing() -> None:
        for address in (ticket, slip.split("?")[0]):
            answer = stranger.request.get(address)
            assert answer.status == 404, answer.status
            assert CUSTOMER not in answer.text()
        stranger.goto(f"{tour.address}/tickets/?state=all")
        expect(stranger.locator("body")).not_to_contain_text(CUSTOMER)

    tour.step("别家经销商-看不到", nothing, stranger)

    def follow_up() -> None:
        desk.goto(ticket)
        desk.get_by_role("link", name="回访").first.click()
        desk.locator("label", has_text="满意").first.click()
        desk.locator("button[form=act]").click()
        expect(desk.locator("body")).to_contain_text("回访:满意")

    tour.step("回访", follow_up, desk)
    dark = tour.window(DISPATCHER, DESK, color_scheme="dark")
    dark.goto(ticket)
    tour.step("深色", lambda: expect(dark.locator("h1")).to_be_visible(), dark)
    small = tour.window(DISPATCHER, PHONE)
    small.goto(f"{tour.address}/tickets/")

    def no_scroll() -> None:
        assert small.evaluate("() => document.documentElement.scrollWidth") <= 360

    tour.step("手机-报修单列表", no_scroll, small)
    tour_around.story(tour, desk, slip.split("?")[0])
    tour_tiers.story(tour, desk)
    faults = [fault for fault in tour.faults if "404" not in fault and "ERR_INTERNET_DISCONNECTED" not in fault]

    def quiet() -> None:
        assert not faults, faults

    tour.step("控制台无错误", quiet)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> int:
    """Start the demo, walk, stop it; 0 when everything held."""
    expect.set_options(timeout=20_000)
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    if "--keep" not in sys.argv:
        shutil.rmtree(ROOT / "var" / SERVERS, ignore_errors=True)
    port = free_port()
    log = (OUT / "demo.log").open("w")
    demo = subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "SERVICEDESK_SERVERS": SERVERS},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    address = f"http://127.0.0.1:{port}"
    print(f"· the demo starts on {address} (a minute, log in var/tour/demo.log)", flush=True)
    try:
        _wait_until_ready(demo, address)
        with sync_playwright() as driver:
            path = os.environ.get("CHROMIUM") or shutil.which("chromium")
            browser = driver.chromium.launch(executable_path=path, args=["--disable-dev-shm-usage"])
            tour = Tour(browser, address)
            story(tour)
            browser.close()
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(60)
    print(f"{tour.passed} passed, {tour.failed} failed")
    return 1 if tour.failed else 0


def _wait_until_ready(demo: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + 600
    while True:
        if demo.poll() is not None:
            raise SystemExit((OUT / "demo.log").read_text()[-800:])
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=2) as answer:  # noqa: S310  # our own address
                if answer.status == 200:
                    return
        except OSError:
            pass
        if time.monotonic() > deadline:
            raise SystemExit("the demo was not ready after 600 s")
        time.sleep(0.5)


if __name__ == "__main__":
    raise SystemExit(main())
