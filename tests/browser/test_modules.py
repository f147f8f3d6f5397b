"""The JavaScript modules on the styleguide's pages: nothing typed, photographed or signed is lost, nothing is sent twice (ui.md 6)."""

from __future__ import annotations

import io
import json
import random
import re

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import Complaints

FAULT = "机封动环碎裂,轴套有 0.6 mm 沟槽"


def picture(width: int, height: int) -> bytes:
    """A JPEG with noise, so that it weighs what a photo weighs."""
    noise = Image.frombytes(
        "RGB", (width // 16, height // 16), random.Random(7).randbytes(width // 16 * (height // 16) * 3)
    )
    out = io.BytesIO()
    noise.resize((width, height), Image.Resampling.BILINEAR).save(out, "JPEG", quality=92)
    return out.getvalue()


def take(page: Page, slot: str, name: str, content: bytes, kind: str = "image/jpeg") -> None:
    """Choose a file for a slot as the camera would hand it over."""
    page.locator(f"form[data-slot={slot}] input[data-source=camera]").set_input_files(
        {"name": name, "mimeType": kind, "buffer": content},
        timeout=30_000,  # 20 MB go to the browser in one message
    )


def open_slip(context: BrowserContext) -> Page:
    """The slip of the styleguide with its modules running."""
    page = context.new_page()
    page.goto("/styleguide/slip/")
    expect(page.locator("form[data-draft][data-ready]")).to_be_visible()
    expect(page.locator("[data-photos-left]")).to_have_text("还差照片:故障、更换后")
    return page


def test_what_is_typed_is_saved_by_itself(phone: BrowserContext) -> None:
    page = open_slip(phone)
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.get_by_label("现场确诊故障").fill(FAULT)
    assert FAULT.encode() in (sent.value.post_data_buffer or b"")
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"^已存 \d\d:\d\d$"))
    expect(page.locator("form[data-draft]")).to_have_attribute("data-version", "2")


def test_what_is_typed_without_a_line_comes_back_in_a_new_page_and_is_sent(
    phone: BrowserContext, complaints: Complaints
) -> None:
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    page = open_slip(phone)
    phone.set_offline(True)
    page.get_by_label("现场确诊故障").fill(FAULT)
    page.get_by_text("粉尘", exact=True).uncheck()
    page.get_by_text("户外", exact=True).check()
    expect(page.locator("[data-saved]")).to_have_text("已存在手机里,有信号时自动上传")
    page.close()
    phone.set_offline(False)
    again = open_slip(phone)
    expect(again.get_by_label("现场确诊故障")).to_have_value(FAULT)
    expect(again.get_by_label("户外")).to_be_checked()
    expect(again.get_by_label("粉尘")).not_to_be_checked()
    expect(again.locator("[data-saved]")).to_have_text(re.compile(r"^已存 \d\d:\d\d$"))


def test_a_draft_that_somebody_else_changed_is_not_written_over(phone: BrowserContext, complaints: Complaints) -> None:
    complaints.expect("status 409")
    page = open_slip(phone)
    page.route("**/styleguide/upload/", lambda route: route.continue_(url=route.request.url + "?stale=1"))
    page.get_by_label("现场确诊故障").fill(FAULT)
    expect(page.get_by_role("alert").filter(has_text="张工")).to_contain_text("没有覆盖对方的")
    expect(page.get_by_label("现场确诊故障")).to_have_value(FAULT)


def test_a_large_photo_arrives_small(phone: BrowserContext) -> None:
    page = open_slip(phone)
    with page.expect_response(lambda response: "/upload/" in response.url) as answer:
        take(page, "fault", "IMG_1.jpg", picture(4000, 3000))
    expect(page.locator("figure[data-of=fault] [data-state]")).to_have_text("已传")
    expect(page.locator("[data-photos-left]")).to_have_text("还差照片:更换后")
    arrived = answer.value.json()
    assert 50_000 < arrived["bytes"] <= 400 * 1024
    assert arrived["longest"] == 1600
    fields = arrived["fields"]
    assert (fields["slot"], fields["source"], len(fields["op"])) == ("fault", "camera", 32)
    assert fields["taken_at"].endswith("Z")


def test_photos_taken_without_a_line_wait_through_a_closed_page_and_arrive(
    phone: BrowserContext, complaints: Complaints
) -> None:
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    page = open_slip(phone)
    phone.set_offline(True)
    take(page, "fault", "a.jpg", picture(800, 600))
    expect(page.locator("figure[data-of=fault] [data-state]")).to_have_text("待传")
    take(page, "after", "b.jpg", picture(800, 600))
    expect(page.locator("#outbox")).to_have_text("待上传 2")
    expect(page.locator("[data-photos-left]")).to_have_text("需要的照片已齐")
    page.close()
    phone.set_offline(False)
    # the server is not to be reached yet: what waits is shown again
    phone.route("**/styleguide/upload/", lambda route: route.abort("connectionrefused"))
    complaints.expect("ERR_CONNECTION_REFUSED")
    again = phone.new_page()
    again.goto("/styleguide/slip/")
    expect(again.locator("#outbox")).to_have_text("待上传 2")
    expect(again.locator("figure[data-op]")).to_have_count(2)
    phone.unroute("**/styleguide/upload/")
    expect(again.locator("#outbox")).to_be_hidden(timeout=15_000)
    expect(again.locator("[data-state=sent]")).to_have_count(2)


def test_a_photo_whose_answer_was_lost_is_sent_again_under_the_same_key(
    phone: BrowserContext, complaints: Complaints
) -> None:
    complaints.expect("ERR_FAILED")
    page = open_slip(phone)
    lost: list[str] = []
    keys: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        if lost:
            answer = route.fetch()
            keys.append(answer.json()["fields"]["op"])
            route.fulfill(response=answer)
        else:
            lost.append(route.request.url)
            keys.append(route.fetch().json()["fields"]["op"])
            route.abort()

    page.route("**/styleguide/upload/", lose_the_first_answer)
    take(page, "fault", "a.jpg", picture(800, 600))
    expect(page.locator("[data-state=sent]")).to_have_count(1, timeout=15_000)
    assert len(keys) == 2
    assert len(set(keys)) == 1


@pytest.mark.parametrize(
    ("name", "kind", "content", "words"),
    [
        ("a.jpg", "image/jpeg", b"\xff\xd8" + bytes(20 * 1024 * 1024), "这张照片超过 20 MB,请重新拍一张"),
        ("a.pdf", "application/pdf", b"%PDF-1.4", "这个文件不是照片,请重新选择"),
    ],
)
def test_a_file_that_cannot_be_a_photo_is_refused_in_words(
    phone: BrowserContext, name: str, kind: str, content: bytes, words: str
) -> None:
    page = open_slip(phone)
    take(page, "fault", name, content, kind)
    expect(page.locator("[data-photo-error]")).to_have_text(words)
    expect(page.locator("#outbox")).to_be_hidden()


def test_a_signature_is_drawn_by_touch_kept_and_drawn_again(phone: BrowserContext) -> None:
    page = open_slip(phone)
    canvas = page.locator("[data-signature] canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    session = phone.new_cdp_session(page)

    def touch(kind: str, x: float, y: float) -> None:
        points = [] if kind == "touchEnd" else [{"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    for start in (0.2, 0.5):
        touch("touchStart", start, 0.3)
        for step in range(1, 9):
            touch("touchMove", start + step * 0.02, 0.3 + step * 0.05)
        touch("touchEnd", 0, 0)
    strokes = json.loads(page.locator("input[name=signature]").input_value())
    assert len(strokes) == 2
    assert all(0 <= x <= 600 and 0 <= y <= 220 for stroke in strokes for x, y, _ in stroke)
    assert min(len(stroke) for stroke in strokes) >= 5
    page.get_by_role("button", name="重签").click()
    expect(page.locator("input[name=signature]")).to_have_value("")


def test_two_fast_presses_send_one_form_and_the_button_answers_at_once(desk: BrowserContext) -> None:
    page = desk.new_page()
    page.goto("/styleguide/forms/")
    expect(page.locator(".error-summary")).to_be_focused()
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    page.route("**/styleguide/upload/", lambda route: None)  # the answer never comes
    busy = page.get_by_role("button", name="保存").evaluate(
        """button => {
          button.form.noValidate = true;
          button.click();
          const busy = button.getAttribute('aria-busy');
          button.click(); button.click();
          return busy;
        }"""
    )
    assert busy == "true"
    page.wait_for_timeout(300)
    assert len(posts) == 1
    page.unroute_all(behavior="ignoreErrors")


def test_signing_out_with_something_on_the_phone_asks_first_and_then_clears(
    phone: BrowserContext, complaints: Complaints
) -> None:
    complaints.expect("ERR_CONNECTION_REFUSED", "sign-out")
    page = open_slip(phone)
    page.route("**/styleguide/upload/", lambda route: route.abort("connectionrefused"))
    take(page, "fault", "a.jpg", picture(800, 600))
    expect(page.locator("#outbox")).to_have_text("待上传 1")
    page.get_by_label("我的账号").tap()
    page.get_by_role("button", name="退出").tap()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("还有 1 项没有上传")
    dialog.get_by_role("button", name="取消").tap()
    expect(page.locator("#outbox")).to_have_text("待上传 1")
    page.get_by_label("我的账号").tap()
    page.get_by_role("button", name="退出").tap()
    with page.expect_request("**/sign-out/"):
        dialog.get_by_role("button", name="退出并删除").tap()
    page.goto("/styleguide/slip/")
    expect(page.locator("[data-photos-left]")).to_have_text("还差照片:故障、更换后")
    expect(page.locator("figure[data-op]")).to_have_count(0)


def test_a_search_box_is_worked_by_keyboard(desk: BrowserContext) -> None:
    page = desk.new_page()
    page.goto("/styleguide/forms/")
    box = page.get_by_role("combobox", name="客户", exact=True)
    box.press_sequentially("洞庭")
    expect(page.locator("[role=option]")).to_have_count(1)
    box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value("岳阳洞庭纸业")
    expect(page.locator("input[name=customer_id]")).to_have_value("BX-CS01-202611-0031")
    expect(page.locator("[role=option]")).to_be_hidden()
