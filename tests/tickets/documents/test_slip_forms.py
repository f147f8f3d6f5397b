"""The slip on A5 and on 241 paper, blank and pre-printed: domain.md 8.2, 8.4. Places are measured in the PDF by Poppler."""

import io
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from html import unescape

import pikepdf
import pytest

from tests.tickets.documents import slips
from tests.tickets.documents.papers import fonts_of, pages_of, squeezed, text_of
from tests.tickets.documents.test_slip_pdf import BLANK, LABELS, SETTLEMENT, in_order
from tickets.documents.positions import PT, Cell, Row, layout
from tickets.documents.slip_boxes import boxes_of
from tickets.documents.slip_forms import ruler, slip_form
from tickets.documents.slip_sheet import Sheet
from tickets.enums import CONTINUOUS, Copy, Paper, PrintMode

SIZES = {Paper.A5: (210, 148), Paper.WHOLE: (241, 279.4), Paper.HALF: (241, 139.7), Paper.THIRD: (241, 93.1)}
LONG = replace(
    slips.P02,
    reported_fault="水泵异响," * 30,
    other_services="培训操作工并顺检其他设备;" * 14,
    faults=tuple(replace(fault, solution="拆检机封并更换轴套," * 40) for fault in slips.P02.faults),
)


@dataclass(frozen=True)
class Word:
    """A word of a PDF with its box in mm."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def words_of(content: bytes) -> list[list[Word]]:
    """The words of each page with their boxes."""
    done = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=content, capture_output=True, check=True)
    found = []
    for page in done.stdout.decode().split("<page ")[1:]:
        boxes = re.findall(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>', page)
        found.append([Word(unescape(text), *(float(value) * PT for value in box)) for *box, text in boxes])
    return found


def near(words: list[Word], x: float, y: float) -> list[Word]:
    """Words that begin at this place, within 1 mm; y: middle of the line."""
    return [word for word in words if abs(word.left - x) <= 1 and abs((word.top + word.bottom) / 2 - y) <= 1]


def cells(size: Paper, *, staff: bool = False) -> Iterator[tuple[Row, Cell, float]]:
    """Every cell with the middle of its first line."""
    form = layout(size)
    for row in form.rows:
        if staff or not row.staff:
            for cell in row.cells:
                yield row, cell, form.first_line(row) + form.line / 2


@pytest.mark.parametrize("size", SIZES)
def test_page_size_is_that_of_the_paper(size: Paper) -> None:
    wide, high = (side / PT for side in SIZES[size])
    assert {(round(w, 1), round(h, 1)) for w, h in pages_of(slip_form(slips.P02, size))} == {
        (round(wide, 1), round(high, 1))
    }


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("way", ["-raw", "-layout"])
def test_every_label_is_there_in_its_order(size: Paper, way: str) -> None:
    first = text_of(slip_form(BLANK, size), way).split("\f")[0]
    assert in_order(LABELS, first) == []


@pytest.mark.parametrize("size", SIZES)
def test_labels_and_data_on_blank_paper_stand_where_the_table_says(size: Paper) -> None:
    form, paper = layout(size), slips.P04
    copy = Copy.DEALER if form.copies else Copy.CUSTOMER
    page = words_of(slip_form(paper, size))[0]
    texts = boxes_of(Sheet(paper, [copy])).texts
    measured = 0
    for _row, cell, middle in cells(size, staff=form.copies):
        if cell.label and not cell.center:
            found = near(page, cell.x, middle)
            assert any(cell.label.startswith(word.text) or word.text.startswith(cell.label) for word in found), cell
            measured += 1
        text = texts.get(cell.data, "").split("\n")[0]
        if text and not cell.align:
            found = near(page, cell.at, middle)
            assert any(text.startswith(word.text.removesuffix("(续)")[:4]) for word in found), (cell, text)
            measured += 1
    assert measured > 45


@pytest.mark.parametrize("size", CONTINUOUS)
def test_data_on_a_pre_printed_form_stand_where_blank_paper_has_them(size: Paper) -> None:
    blank = words_of(slip_form(slips.P04, size))[0]
    data = words_of(slip_form(slips.P04, size, mode=PrintMode.FORM))[0]
    assert len(data) > 30
    for word in data:
        same = [other for other in blank if other.text == word.text]
        assert any(abs(other.left - word.left) <= 1 and abs(other.top - word.top) <= 1 for other in same), word


@pytest.mark.parametrize("size", CONTINUOUS)
def test_a_pre_printed_form_gets_no_label_and_no_dealer(size: Paper) -> None:
    text = text_of(slip_form(BLANK, size, mode=PrintMode.FORM))
    assert [label for label in LABELS if label in text and label not in ("地址", "编号:", "服务工时")] == []
    assert slips.DEALER.name not in text
    assert BLANK.customer_name in text


def test_the_offset_moves_data_of_a_form_and_nothing_on_blank_paper() -> None:
    offset = (Decimal("2.5"), Decimal("-1.0"))
    still = words_of(slip_form(slips.P04, Paper.HALF, mode=PrintMode.FORM))[0]
    moved = words_of(slip_form(slips.P04, Paper.HALF, mode=PrintMode.FORM, offset=offset))[0]
    for before, after in zip(still, moved, strict=True):
        assert after.left - before.left == pytest.approx(2.5, abs=0.1)
        assert after.top - before.top == pytest.approx(-1.0, abs=0.1)
    assert slip_form(slips.P04, Paper.HALF, offset=offset) == slip_form(slips.P04, Paper.HALF)


@pytest.mark.parametrize("size", CONTINUOUS)
@pytest.mark.parametrize("paper", [slips.P04, slips.P02, LONG], ids=["P04", "P02", "long"])
def test_print_keeps_away_from_holes_and_ends(size: Paper, paper: slips.SlipPaper) -> None:
    form = layout(size)
    assert 205 <= form.right - form.left <= 210
    assert form.left >= 16
    assert form.width - form.right >= 16
    assert form.rows[0].top >= 5
    for page in words_of(slip_form(paper, size)):
        assert min(word.left for word in page) >= 16
        assert max(word.right for word in page) <= form.width - 16
        middles = [(word.top + word.bottom) / 2 for word in page]
        letter = form.font * PT / 2
        assert min(middles) - letter >= 4.5
        assert max(middles) + letter <= form.height - 4.5


@pytest.mark.parametrize("size", CONTINUOUS)
def test_plies_hide_nothing_so_there_is_no_settlement(size: Paper) -> None:
    text = text_of(slip_form(slips.P04, size))
    assert [word for word in SETTLEMENT if word in text] == []
    assert "第一联" not in text


@pytest.mark.parametrize("size", SIZES)
def test_letters_are_ten_points_and_nothing_is_grey_or_thin(size: Paper) -> None:
    assert layout(size).font >= 10
    with pikepdf.open(io.BytesIO(slip_form(LONG, size))) as pdf:
        for page in pdf.pages:
            drawn = page.obj.Contents.read_bytes().decode("latin-1")
            greys = set(re.findall(r"^([\d.]+) g$", drawn, re.M))
            assert greys <= {"0", "0.0", "1", "1.0"}
    assert set(fonts_of(slip_form(LONG, size))) <= {"Paper-Sans", "Paper-Sans-Bold"}


@pytest.mark.parametrize(
    ("size", "mode"), [*((size, PrintMode.BLANK) for size in SIZES), *((size, PrintMode.FORM) for size in CONTINUOUS)]
)
def test_long_texts_go_on_and_are_never_cut(size: Paper, mode: PrintMode) -> None:
    copies = [Copy.CUSTOMER]
    text = squeezed(text_of(slip_form(LONG, size, mode=mode, copies=copies))).replace("(续)", "")
    for sign in "响训检换":
        expected = "".join([LONG.reported_fault, LONG.other_services, *(f.solution for f in LONG.faults)]).count(sign)
        assert text.count(sign) >= expected


def test_a5_has_a_page_for_each_copy_and_hides_as_a4_does() -> None:
    texts = text_of(slip_form(slips.P02, Paper.A5)).split("\f")
    dealer, customer, maker = (
        "".join(text for text in texts if label in text) for label in ("存根联", "客户联", "厂家联")
    )
    assert "结算依据" in maker
    assert "单程里程" in dealer
    assert "单程里程" in maker
    assert [word for word in SETTLEMENT if word in customer and word != "km"] == []


def test_a5_masks_the_phone_on_the_makers_copy() -> None:
    maker = text_of(slip_form(slips.P04, Paper.A5, copies=[Copy.MAKER]))
    assert "138****1234" in maker
    assert slips.P04.phone not in maker


@pytest.mark.parametrize("size", SIZES)
def test_marks_of_reprint_and_void(size: Paper) -> None:
    text = text_of(slip_form(replace(slips.P04, void_reason="里程写错"), size, reprint_no=2))
    pages = [page for page in text.split("\f") if page.strip()]
    assert all("补打 2" in page and "作废" in page and "里程写错" in page for page in pages)
    plain = text_of(slip_form(slips.P04, size))
    assert "补打" not in plain
    assert "作废" not in plain


@pytest.mark.parametrize("size", CONTINUOUS)
def test_the_ruler_page_shows_its_offset_and_millimetres(size: Paper) -> None:
    content = ruler(size, (Decimal("1.5"), Decimal("-0.5")))
    words = words_of(content)[0]
    text = [word.text for word in words]
    assert "+1.5" in text
    assert "-0.5" in text
    hundred = next(word for word in words if word.text == "100")
    assert hundred.left == pytest.approx(100.5 + 1.5, abs=0.5)


def test_there_is_no_table_of_a4_and_no_form_of_a5() -> None:
    with pytest.raises(ValueError, match="a4"):
        slip_form(slips.P04, Paper.A4)
    with pytest.raises(ValueError, match="form"):
        slip_form(slips.P04, Paper.A5, mode=PrintMode.FORM)
