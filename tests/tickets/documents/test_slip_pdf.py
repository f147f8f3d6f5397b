"""The three files of a slip: ui.md 6 check 20 for A4, domain.md 8.1, 8.2, 2.3."""

import io
import logging
import time
from dataclasses import replace
from decimal import Decimal

import pikepdf
import pytest

from core import printing
from tests.core.test_images import file_of, scene
from tests.tickets.documents import slips
from tests.tickets.documents.papers import fonts_of, pages_of, squeezed, text_of
from tickets.documents.slip_paper import DEFAULT_COPIES, CopyLook, Photo, SlipPaper
from tickets.documents.slip_pdf import SlipFiles, slip_files, stamped, triplicate
from tickets.enums import Copy, PaperColour

A4 = (pytest.approx(595.28, abs=0.1), pytest.approx(841.89, abs=0.1))

#: every label of 表7-27, in its order and literally
LABELS = [
    *["售后服务单", "编号:", "客户信息", "客户名称", "地址", "联系人", "联系电话", "产品出厂日期", "是否处于三包期"],
    *["□是", "□否", "产品使用工况", "售后人员", "到达现场时间", "到达人员数", "离开现场时间", "服务工时", "报修故障"],
    *["现场确诊故障", "解决方案", "其他服务", "收费", "配件费用", "工时费", "客户评价", "□非常满意", "□满意", "□一般"],
    *["□不满意", "□很不满意", "客户意见:", "客户签字:", "日期:", "售后人员签字", "联系电话", "日期", "经销商地址:"],
    "24小时服务电话:",
]
SETTLEMENT = ["结算", "单程", "里程", "过夜", "配件来源", "定额工时", "责任类别", "原因分析", "主损", "附损", "返旧件"]
SETTLEMENT += ["厂家调拨", "自购原厂", "装配压缩量超差", "318", "km"]
BLANK = replace(slips.P04, in_warranty=None, answer=replace(slips.P04.answer, rating=None))


@pytest.fixture(scope="module")
def files() -> SlipFiles:
    return slip_files(slips.P04)


def in_order(labels: list[str], text: str) -> list[str]:
    """The labels that are missing, or stand before the one that should come first."""
    at = 0
    missing = []
    for label in labels:
        found = text.find(label, at)
        if found < 0:
            missing.append(label)
        else:
            at = found + len(label)
    return missing


@pytest.mark.parametrize("copy", list(Copy))
@pytest.mark.parametrize("way", ["-raw", "-layout"])
def test_every_label_of_the_form_is_there_in_its_order(copy: Copy, way: str) -> None:
    text = text_of(slip_files(BLANK).of(copy), way)
    assert in_order(LABELS, text) == []


@pytest.mark.parametrize("paper", [slips.P04, slips.P02, slips.M09, slips.M02], ids=lambda paper: paper.number)
def test_the_triplicate_is_three_a4_pages_with_the_three_copy_labels(paper: SlipPaper) -> None:
    merged = triplicate(slip_files(paper))
    assert pages_of(merged) == [A4] * 3
    texts = text_of(merged).split("\f")
    for page, label in enumerate(["第一联(白)存根联·经销商留存", "第二联(红)客户联", "第三联(黄)厂家联·结算依据"]):
        assert [label in text for text in texts[:3]] == [place == page for place in range(3)]
        assert "第 1 页 共 1 页" in texts[page]


def test_fonts_are_embedded_subsets_and_not_type_3(files: SlipFiles) -> None:
    for copy in Copy:
        assert sorted(fonts_of(files.of(copy))) == ["Paper-Sans", "Paper-Sans-Bold"]


def test_dealer_and_maker_have_the_settlement_block(files: SlipFiles) -> None:
    for copy in (Copy.DEALER, Copy.MAKER):
        text = text_of(files.of(copy))
        assert [word for word in SETTLEMENT if word not in text] == []


def test_the_customers_file_has_no_word_of_settlement_in_text_or_bytes(files: SlipFiles) -> None:
    for way in ("-raw", "-layout"):
        text = text_of(files.customer, way)
        assert [word for word in SETTLEMENT if word in text] == []
    assert [word for word in ("存根", "厂家联", "第一联", "第三联", "138****") if word in text] == []


def test_the_customers_file_holds_only_its_own_pages_and_pictures(files: SlipFiles) -> None:
    with pikepdf.open(io.BytesIO(files.customer)) as pdf:
        streams = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Stream)]
        pictures = [thing for thing in streams if thing.get("/Subtype") == "/Image"]
        fonts = [thing for thing in streams if thing.get("/Subtype") == "/OpenType"]
        cmaps = [thing for thing in streams if b"begincmap" in thing.read_bytes()]
        drawings = [thing for thing in streams if b" Tf" in thing.read_bytes()]
        # one page: the shared drawing and its own, the QR code, two fonts with their letters
        assert (len(pdf.pages), len(drawings), len(pictures), len(fonts), len(cmaps)) == (1, 2, 1, 2, 2)
        assert set(pdf.Root.keys()) == {"/Type", "/Pages", "/Lang"}
        assert dict(pdf.docinfo) == {"/Title": "售后服务单 FW-CS01-202606-0009"}


@pytest.mark.parametrize(("phone", "masked"), [("13874651234", "138****1234"), ("0731-84441234", "0731-****1234")])
def test_the_maker_sees_the_phone_masked_and_the_others_whole(phone: str, masked: str) -> None:
    made = slip_files(replace(slips.P04, phone=phone))
    assert masked in text_of(made.maker)
    assert phone not in text_of(made.maker)
    assert phone in text_of(made.dealer)
    assert phone in text_of(made.customer)
    with pikepdf.open(io.BytesIO(made.maker)) as pdf:
        assert len([page for page in pdf.pages if phone.encode() in page.obj.Contents[-1].read_bytes()]) == 0


def test_the_maker_sees_the_phone_where_the_rule_allows_it() -> None:
    made = slip_files(replace(slips.P04, maker_sees_phone=True))
    assert "13874651234" in text_of(made.maker)


def test_all_facts_of_the_slip_are_printed(files: SlipFiles) -> None:
    text = squeezed(text_of(files.dealer))
    for fact in [
        *["长沙瑞启机电设备(示例)", "FW-CS01-202606-0009", "BX-CS01-202606-0012", "永州远山矿业(示例)", "欧阳建国"],
        *["湖南省永州市冷水滩区珊瑚路12号锅炉房", "2025-10-18", "连续24h、清水、高温介质;锅炉给水104℃,进口压力0.12MPa"],
        *["多级离心泵", "DG46-50×8", "LT2403-0187", "2026-06-1111:35", "2026-06-1216:00", "2人(陈志强、刘建军)"],
        *["9.5小时", "轴封喷水停产,锅炉只能用备用泵顶着,请尽快来人。", "弹簧压缩量偏大2mm。(机封/泄漏)"],
        *["更换零件:更换机封与轴套组件", "顺检备用泵1台,校对联轴器", "0.00元三包免费", "0.00元人民币零元整"],
        *["客户意见:处理得比较快,希望备件放一套在本地。", "日期:2026-06-12", "19900000011", "400-000-0731"],
        *["KIT-DG46", "机封轴套组件", "KD46-26051", "KD46-25077", "弹性块", "2026-06-1208:30", "校验码3f2a9c1e77b0"],
    ]:
        assert squeezed(fact) in text, fact


def test_what_the_customer_pays_stands_in_figures_and_in_capitals() -> None:
    text = text_of(slip_files(slips.M02).customer)
    assert "232.00 元" in text
    assert "380.00 元" in text
    assert "612.00 元 人民币陆佰壹拾贰元整" in text
    assert "三包免费" not in text


def test_several_machines_and_diagnoses_say_which_belongs_to_which() -> None:
    first, second = slips.P02.machines
    paper = replace(
        slips.P02,
        machines=(first, replace(second, model="WQ100-25-22")),
        faults=(
            replace(slips.P02.faults[0], machines=(1,), diagnosis="机封渗漏", standard_hours=Decimal(4)),
            replace(slips.P02.faults[0], machines=(2,), diagnosis="电缆破损", standard_hours=Decimal("1.5")),
        ),
    )
    text = text_of(slip_files(paper).dealer)
    assert "1.WQ100-20-15(产品 1): 机封渗漏" in text
    assert "2.WQ100-25-22(产品 2): 电缆破损" in text
    assert "4+1.5=5.5 小时" in squeezed(text).replace("小时", " 小时")
    assert ["2026-03-06" in text, "2026-03-07" in text] == [True, True]


def test_an_unknown_date_says_why() -> None:
    text = text_of(slip_files(slips.M02).dealer)
    assert "不详(铭牌磨损)" in text


@pytest.mark.parametrize(
    ("paper", "words"),
    [
        (slips.P02, "客户签字: 姓名确认:喻晓敏"),
        (slips.M02, "客户签字: 拒签/未签:对保外收费有异议,已拍照见证"),
        (slips.M09, "客户签字: 远程服务,免签"),
    ],
)
def test_an_answer_without_drawn_signature_is_printed_as_what_it_is(paper: SlipPaper, words: str) -> None:
    assert squeezed(words) in squeezed(text_of(slip_files(paper).customer))


def test_a_remote_slip_says_so_and_has_no_times_on_site() -> None:
    text = text_of(slip_files(slips.M09).maker)
    assert "远程服务单" in text
    assert text.count("远程服务,未到现场") == 2
    assert "2026-06-11" not in text


@pytest.mark.parametrize("copy", list(Copy))
def test_long_texts_go_on_to_the_next_page_complete(copy: Copy) -> None:
    content = slip_files(slips.LONG).of(copy)
    pages = text_of(content).split("\f")[:-1]
    assert len(pages) == len(pages_of(content)) >= 3
    for number, page in enumerate(pages, 1):
        assert f"第{number}页共{len(pages)}页" in squeezed(page)
        assert ("售后服务单(续)编号:FW-CS01-202606-0099" in squeezed(page)) == (number > 1)
    # what flows is drawn before the foot, so the texts read on from page to page, character by character
    flow = squeezed("".join(page.split("校验码")[0] for page in pages))
    first, second = slips.LONG.faults
    for text in [
        slips.LONG.reported_fault,
        f"1.{first.diagnosis}({first.fault_code})2.{second.diagnosis}({second.fault_code})",
        f"1.{first.treatment}:{first.solution}2.{second.treatment}:{second.solution}",
        slips.LONG.other_services,
        f"客户意见:{slips.LONG.answer.comment}",
        slips.LONG.conditions_text,
    ]:
        assert squeezed(text) in flow
    for part in slips.LONG.parts:
        assert f"{part.code}{part.name}1套" in squeezed("".join(pages))


def test_a_page_of_settlement_alone_is_not_the_customers() -> None:
    parts = tuple(replace(slips.P02.parts[0], code=f"P-{n:02}", new_serial="", old_serial="") for n in range(8))
    for count in range(1, 9):
        made = slip_files(replace(slips.P02, parts=parts[:count]))
        dealer, customer = len(pages_of(made.dealer)), len(pages_of(made.customer))
        if dealer > customer:
            break
    assert (dealer, customer) == (2, 1)
    text = text_of(made.customer)
    assert "第 1 页 共 1 页" in text
    assert [word for word in SETTLEMENT[:10] if word in text] == []
    assert "13874651234" not in text_of(made.maker)


@pytest.mark.parametrize("letter", "囧㙍𠮷喆堃镕")
def test_a_rare_letter_in_a_name_is_never_a_box(letter: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "weasyprint"):
        made = slip_files(replace(slips.M09, contact=f"王{letter}"))
    assert f"王{letter}" in text_of(made.customer)
    assert ".notdef" not in caplog.text


def test_a_dealer_names_and_colours_his_own_copies() -> None:
    looks = {
        **DEFAULT_COPIES,
        Copy.MAKER: CopyLook(ordinal="第三联", colour=PaperColour.BLUE, name="结算联", purpose="报厂家"),
    }
    made = slip_files(replace(slips.M09, dealer=replace(slips.DEALER, copies=looks, foot_line="欢迎监督:0731-8444")))
    assert "第三联(蓝)结算联·报厂家" in text_of(made.maker)
    assert "欢迎监督:0731-8444" in text_of(made.customer)


def test_a_dealers_logo_stands_in_the_head_of_every_copy() -> None:
    made = slip_files(replace(slips.M09, dealer=replace(slips.DEALER, logo=file_of(scene(300, 120), "PNG"))))
    for copy in Copy:
        with pikepdf.open(io.BytesIO(made.of(copy))) as pdf:
            sizes = {
                (int(thing.Width), int(thing.Height))
                for thing in pdf.objects
                if isinstance(thing, pikepdf.Stream) and "/Width" in thing
            }
        assert (300, 120) in sizes
        assert "远程服务单" in text_of(made.of(copy))


def test_markup_in_a_field_is_printed_and_not_obeyed() -> None:
    evil = '<img src="file:///etc/hostname"><b>x</b>&amp;</td>'
    assert squeezed(evil) in squeezed(text_of(slip_files(replace(slips.M09, other_services=evil)).dealer))


def test_photos_are_an_appendix_of_dealer_and_maker_only() -> None:
    photos = tuple(
        Photo(slot=slot, jpeg=file_of(scene()), note="06-11 11:42") for slot in ["铭牌", "故障", "更换后"] * 3
    )
    made = slip_files(replace(slips.P04, photos=photos))
    assert [len(pages_of(made.of(copy))) for copy in Copy] == [3, 1, 3]
    assert "服务照片" in text_of(made.maker)
    assert text_of(made.dealer).count("更换后") == 3
    assert "服务照片" not in text_of(made.customer)
    with pikepdf.open(io.BytesIO(made.customer)) as pdf:
        assert (
            len([thing for thing in pdf.objects if isinstance(thing, pikepdf.Stream) and thing.get("/Width", 0) > 100])
            == 0
        )


def test_a_voided_slip_is_marked_on_every_page() -> None:
    made = slip_files(replace(slips.LONG, void_reason="误开"))
    for copy in Copy:
        pages = text_of(made.of(copy)).split("\f")[:-1]
        assert ["作废" in page and "误开" in page for page in pages] == [True] * len(pages)


def test_marks_are_stamped_on_the_merged_copies_and_the_kept_files_stay(files: SlipFiles) -> None:
    pages = text_of(stamped(files, reprint_no=2)).split("\f")[:-1]
    assert ["补打 2" in page for page in pages] == [True] * 3
    assert [page.count("页 共") for page in pages] == [1] * 3
    void = text_of(stamped(files, [Copy.CUSTOMER], void_reason="重复开单"))
    assert "作废" in void
    assert "重复开单" in void
    assert "补打" not in void
    assert [word for word in SETTLEMENT if word in void] == []
    assert "作废" not in text_of(files.customer)
    assert stamped(files) == triplicate(files)


def test_the_same_slip_makes_the_same_bytes() -> None:
    assert slip_files(slips.P02) == slip_files(slips.P02)


def test_three_files_take_less_than_a_second() -> None:
    printing.warm()
    slip_files(slips.P04)
    begun = time.process_time()  # not the clock on the wall: the machine may be busy with other tests
    slip_files(slips.P04)
    assert time.process_time() - begun < 1
