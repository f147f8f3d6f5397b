"""The sheet in the box and the labels outside (domain.md 17)."""

from __future__ import annotations

import io

import pikepdf
import pytest

from tests.people import act, refused
from tests.tickets.documents.papers import squeezed, text_of
from tests.tickets.goods_returns import Returned
from tickets.documents import goods_return_paper as papers
from tickets.enums import SheetPaper
from tickets.queries import goods_returns

SIZES = {"a4": [210, 297], "a5": [210, 148], "third": [241, 93]}


def seen(people, returned):
    return act(goods_returns.one, viewer=people.storekeeper, public_id=returned.key)


def pages_of(pdf_bytes):
    with pikepdf.open(io.BytesIO(pdf_bytes)) as pdf:
        return [[round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] for page in pdf.pages]


@pytest.mark.parametrize("paper", list(SIZES))
def test_the_sheet_says_all_that_the_factory_needs_on_one_page(people, paper):
    returned = Returned(people).to("agree")
    made = papers.box_sheet(seen(people, returned), site="https://x.example", paper=SheetPaper(paper))
    assert pages_of(made) == [SIZES[paper]]
    text = squeezed(text_of(made))
    for words in (
        returned.row.number, returned.row.model, returned.row.serial_number, "2026-03-06", "620小时", "粉尘、连续24h", "振动大,启动跳闸",
        "三相电阻1.2/1.2/1.9Ω,绝缘0.3MΩ", "平键、接线盒盖", "李静19900000002", "故障分析", "长沙瑞启机电设备(示例)",
    ):  # fmt: skip
        assert squeezed(words) in text, words
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert len(pdf.pages[0].get_images()) == 1


@pytest.mark.parametrize(("paper", "pages"), [("a4", 1), ("a5", 2), ("third", 2)])
def test_the_longest_texts_run_on_to_a_page_that_names_the_return(people, paper, pages):
    texts = {
        "conditions": "粉尘连续" * 100,
        "fault": "振动跳闸" * 75,
        "checked": "绝缘0.3" * 100,
        "enclosed": "平键盖板" * 75,
    }
    returned = Returned(people, **texts).to("agree")
    made = papers.box_sheet(seen(people, returned), site="https://x.example", paper=SheetPaper(paper))
    assert len(pages_of(made)) == pages
    assert text_of(made).count(returned.row.number) >= pages
    assert squeezed(texts["enclosed"]) in squeezed(text_of(made))


@pytest.mark.parametrize(("paper", "pages"), [("a4", 2), ("a5", 3), ("third", 3)])
def test_each_piece_has_its_label(people, paper, pages):
    returned = Returned(people).to("ship", pieces=3)
    made = papers.labels(seen(people, returned), site="https://x.example", paper=SheetPaper(paper))
    assert pages_of(made) == [SIZES[paper]] * pages
    text = squeezed(text_of(made))
    for words in (
        returned.row.number,
        "江苏省常州市新北区返修库王工0519-0000",
        "第1件/共3件",
        "第3件/共3件",
        "厂家承担",
    ):
        assert squeezed(words) in text, words


def test_nothing_is_printed_before_the_manufacturer_has_agreed_or_after_it_was_refused(people):
    returned = Returned(people)
    for _state in ("asked", "refused"):
        with refused("wrong_state"):
            papers.box_sheet(seen(people, returned), site="")
        with refused("wrong_state"):
            papers.labels(seen(people, returned), site="")
        if returned.state == "asked":
            returned.do("refuse")
