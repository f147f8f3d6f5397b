"""Around the main job: search, papers and pre-printed forms, report by QR code, a slip signed without signal, signing on a second
phone, import with rows to mend."""

from __future__ import annotations

import io
import re
import subprocess

import openpyxl
from playwright.sync_api import Page, expect
from touring import CUSTOMER, OUT, PHONE, TECHNICIAN, Tour, draw_signature, picture

REPORT = "二号电机轴伸端漏油,声音变大"


def story(tour: Tour, desk: Page, slip: str) -> None:
    """slip: address of the signed slip of the main job."""
    tour.chapter("搜索", lambda: search(tour, desk))
    tour.chapter("打印", lambda: papers(tour, desk, slip))
    tour.chapter("扫码与无信号", lambda: without_signal(tour, desk, report_by_code(tour, desk)))
    tour.chapter("客户手机", lambda: second_phone(tour, desk))
    tour.chapter("导入", lambda: mend(tour, desk))


def search(tour: Tour, desk: Page) -> None:
    """Pinyin initials in the box that Ctrl+K opens."""

    def find() -> None:
        desk.goto(f"{tour.address}/")
        desk.keyboard.press("Control+k")
        expect(desk.get_by_role("combobox", name="搜索")).to_be_focused()
        desk.keyboard.type("nxht")
        expect(desk.get_by_role("option", name=CUSTOMER).first).to_be_visible()

    tour.step("搜索-拼音首字母", find, desk)

    def enter() -> None:
        desk.keyboard.press("ArrowDown")
        desk.keyboard.press("Enter")
        expect(desk.get_by_role("heading", level=1)).to_contain_text(CUSTOMER)

    tour.step("搜索-打开客户", enter, desk)


def papers(tour: Tour, desk: Page, slip: str) -> None:
    """The same slip on blank continuous paper, and its data alone for a pre-printed form."""
    desk.goto(slip)
    tour.step("打印-选择纸张", lambda: expect(desk.locator("#slip-files select").first).to_be_visible(), desk)
    for paper, name, way in (
        ("half", "打印-241白纸", "blank"),
        ("half-form", "打印-241套打", "form"),
        ("a5", "打印-A5", "blank"),
    ):

        def printed(paper: str = paper, way: str = way) -> None:
            answer = desk.request.get(f"{slip}paper/{paper}.pdf")
            assert answer.status == 200, answer.status
            target = OUT / f"{paper}.pdf"
            target.write_bytes(answer.body())
            words = subprocess.run(
                ["pdftotext", "-layout", str(target), "-"], capture_output=True, text=True, check=True
            ).stdout
            assert CUSTOMER in words
            assert ("客户名称" in words) is (way == "blank")
            subprocess.run(
                ["pdftoppm", "-r", "80", "-f", "1", "-l", "1", "-singlefile", "-png", str(target), str(OUT / paper)],
                check=True,
            )

        tour.step(name, printed)


def report_by_code(tour: Tour, desk: Page) -> str:
    """A customer scans the sticker and reports in three steps; the address of the ticket that the desk finds."""
    desk.goto(f"{tour.address}/machines/?q={CUSTOMER}")
    desk.locator("table tbody tr").first.get_by_role("link").first.click()
    code = desk.get_by_text(re.compile(r"/q/\w+")).first
    tour.step("设备-二维码", lambda: expect(code).to_be_visible(), desk)
    way = re.sub(r"^.*(/q/\w+).*$", r"\1", code.inner_text().strip(), flags=re.S)
    phone = tour.stranger(PHONE)
    phone.goto(tour.address + way)
    tour.step("扫码-设备页", lambda: expect(phone.get_by_role("link", name="报修")).to_be_visible(), phone)

    def report() -> None:
        phone.get_by_role("link", name="报修").tap()
        phone.locator("[name=fault]").fill(REPORT)
        phone.locator("form .primary").tap()
        phone.locator("[name=name]").fill("彭师傅")
        phone.locator("[name=phone]").fill("19900001001")
        phone.locator("form .primary").tap()
        phone.locator("[name=photos]").set_input_files(picture("OIL", (110, 80, 40)))

    tour.step("扫码-报修三步", report, phone)

    def sent() -> None:
        phone.locator("form .primary").tap()
        phone.wait_for_url(re.compile(r"/t/[\w-]{32}"))

    tour.step("扫码-进度", sent, phone)

    def arrived() -> None:
        desk.goto(f"{tour.address}/tickets/?q=漏油")
        desk.get_by_role("link", name=re.compile("BX-")).first.click()
        expect(desk.locator("body")).to_contain_text(REPORT)
        desk.get_by_role("link", name="已联系客户").click()
        desk.locator("[name=note]").fill("已通话,约好上午到")
        desk.locator("button[form=act]").click()
        form = desk.locator("form#dispatch")
        form.locator("label", has_text="陈志强").first.click()
        form.locator("button").last.click()
        expect(desk.locator("body")).to_contain_text("派工:陈志强")

    tour.step("扫码-调度员派工", arrived, desk)
    return desk.url


def without_signal(tour: Tour, desk: Page, ticket: str) -> None:
    """In the basement: written, photographed and signed without a line; it goes by itself afterwards."""
    phone = tour.window(TECHNICIAN, PHONE)
    phone.goto(ticket)
    for words in ("接单", "出发", "已到达", "开始处理"):
        phone.get_by_role("button", name=words, exact=True).or_(
            phone.get_by_role("link", name=words, exact=True)
        ).first.tap()
        phone.wait_for_load_state("networkidle")
    phone.get_by_role("button", name=re.compile("服务单")).first.tap()
    expect(phone.locator("form#slip[data-ready]")).to_be_visible()
    expect(phone.locator("[data-worker][data-kept]")).to_be_attached()

    def write() -> None:
        phone.context.set_offline(True)
        phone.locator("[name$=diagnosis]").first.fill("轴伸端骨架油封唇口磨损,轴承6312游隙0.08mm")
        phone.locator("[name$='cause']").first.fill("油封老化")
        phone.locator("select[name$=responsibility]").first.select_option(
            "natural_wear" if phone.locator("option[value=natural_wear]").count() else "material"
        )
        phone.locator("select[name$=treatment]").first.select_option("adjust")
        phone.locator("[name$=solution]").first.fill("清洁并更换油封,试机正常")
        for reason in phone.locator("[name$=unknown_reason]").all():
            if reason.is_visible():
                reason.fill("铭牌字迹不清")
        for slot in ("nameplate", "fault"):
            with phone.expect_file_chooser() as chooser:
                phone.locator(f"form[data-slot={slot}] input[data-source=camera]").dispatch_event("click")
            chooser.value.set_files(picture(slot.upper(), (60, 90, 90)))
        expect(phone.locator("#outbox")).to_have_text("待上传 2")
        phone.locator("[data-complete]").tap()
        expect(phone.get_by_role("heading", name="请核对并签字")).to_be_visible()

    tour.step("无信号-核对", write, phone)

    def sign() -> None:
        phone.locator("label", has_text="非常满意").first.tap()
        draw_signature(phone, 0)
        phone.get_by_role("button", name="确认签字").tap()
        expect(phone.get_by_role("heading", name="已签字,等待信号")).to_be_visible()
        phone.reload()
        expect(phone.get_by_role("heading", name="已签字,等待信号")).to_be_visible()

    tour.step("无信号-已签字等待", sign, phone)

    def sent() -> None:
        phone.context.set_offline(False)
        expect(phone.get_by_role("heading", name=re.compile("^已签字:"))).to_be_visible(timeout=30_000)
        expect(phone.locator("#outbox")).to_be_hidden()

    tour.step("有信号-自动上传", sent, phone)


def second_phone(tour: Tour, desk: Page) -> None:
    """A slip that waits: the customer rates and signs on his own phone."""
    desk.goto(f"{tour.address}/slips/?state=wait_sign")
    desk.get_by_role("link", name=re.compile("FW-CS01-")).first.click()
    contact = desk.locator("iframe").count()  # the paper is drawn in the page: no frame
    assert contact == 0
    digits = re.search(r"1\d{6}(\d{4})", desk.locator("main").inner_text())
    assert digits is not None

    def ask() -> None:
        desk.get_by_role("button", name="客户手机签字").click()
        expect(desk.locator(".qr-box")).to_be_visible()

    tour.step("客户手机-二维码", ask, desk)
    link = re.search(r"(/s/[\w-]+)", desk.locator("#link-text").inner_text())
    assert link is not None
    phone = tour.stranger(PHONE)
    phone.goto(tour.address + link[1])

    def open_it() -> None:
        phone.locator("[name=digits]").fill(digits[1])
        phone.locator("form .primary").tap()
        phone.locator("label", has_text="满意").first.tap()
        draw_signature(phone, 0)

    tour.step("客户手机-评价签字", open_it, phone)

    def signed() -> None:
        phone.locator("form .primary").tap()
        expect(phone.locator(".note.good")).to_be_visible()

    tour.step("客户手机-已签字", signed, phone)


def mend(tour: Tour, desk: Page) -> None:
    """An import whose rows need mending: preview, the file with what is wrong, the right rows taken."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["客户名称", "联系人", "联系电话", "省", "市", "详细地址"],
        ["浏阳永和磷化(示例)", "周工", "19900007701", "湖南省", "长沙市", "永和镇工业路 8 号"],
        ["醴陵釉下瓷业(示例)", "谢师傅", "1990000770", "湖南省", "株洲市", "陶瓷园 3 栋"],
        ["攸县酒埠江水电(示例)", "刘工", "19900007703", "湖南省", "株洲市", "酒埠江镇"],
    ):
        sheet.append(row)
    data = io.BytesIO()
    book.save(data)

    def preview() -> None:
        desk.goto(f"{tour.address}/imports/new/customers/")
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        desk.locator("input[type=file]").set_input_files(
            {"name": "客户.xlsx", "mimeType": kind, "buffer": data.getvalue()}
        )
        desk.locator("button[form=upload]").click()
        expect(desk.locator("main")).to_contain_text("醴陵釉下瓷业")

    tour.step("导入-预览", preview, desk)

    def mending() -> None:
        with desk.expect_download() as got:
            desk.get_by_role("link", name="待修改").click()
        path = OUT / "mend.xlsx"
        got.value.save_as(path)
        rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(path).worksheets[0].iter_rows()]
        assert any("醴陵釉下瓷业(示例)" in row for row in rows)

    tour.step("导入-待修改文件", mending)

    def take() -> None:
        desk.locator("input[name=only_right]").check()
        desk.locator("button[form=start]").click()
        expect(desk.locator('button[data-dialog="undo"]')).to_be_visible(timeout=60_000)

    tour.step("导入-结果", take, desk)
