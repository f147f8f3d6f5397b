"""The slip on a page: the same templates, and what a copy hides is absent."""

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from tests.conftest import check_page
from tests.tickets.documents import slips
from tests.tickets.documents.test_slip_pdf import BLANK, LABELS, SETTLEMENT, in_order
from tickets.documents.slip_pdf import preview_html
from tickets.enums import Copy


def seen(copy: Copy, paper: slips.SlipPaper = slips.P04) -> str:
    return BeautifulSoup(preview_html(paper, copy), "html.parser").get_text(" ", strip=True)


@pytest.mark.parametrize("copy", list(Copy))
def test_the_preview_has_the_labels_of_the_paper_in_their_order(copy: Copy) -> None:
    text = seen(copy, BLANK).replace("□ ", "□")
    assert in_order(LABELS, text) == []


def test_the_customers_preview_has_nothing_of_settlement_in_its_markup() -> None:
    html = preview_html(slips.P04, Copy.CUSTOMER)
    assert [word for word in SETTLEMENT if not word.isascii() and word in html] == []
    assert [word for word in SETTLEMENT if word in seen(Copy.CUSTOMER)] == []
    assert "存根联" not in html
    assert "13874651234" in html


def test_the_makers_preview_has_the_masked_phone_only() -> None:
    html = preview_html(slips.P04, Copy.MAKER)
    assert "138****1234" in html
    assert "13874651234" not in html


def test_the_preview_has_no_inline_style_or_script_and_is_marked_as_chinese() -> None:
    html = preview_html(replace(slips.P04, void_reason="误开"), Copy.DEALER)
    soup = BeautifulSoup(html, "html.parser")
    assert soup.select("[style], script, style, [id]") == []
    article = soup.find("article")
    assert article is not None
    assert article["lang"] == "zh-Hans"
    check_page(html, "preview")


def test_a_draft_can_be_looked_at_before_it_has_a_number() -> None:
    assert "待编号" in seen(Copy.DEALER, replace(slips.P04, number="", content_hash="", verify_url=""))
