import logging
import time

import pytest

from core import printing
from tests.tickets.documents.papers import fonts_of, text_of


def page(body: str) -> str:
    return f'<html lang="zh-Hans"><head><title>t</title></head><body>{body}</body></html>'


def printed(body: str, **passed: bytes) -> bytes:
    return printing.draw(printing.lay_out(page(body), stylesheets=(), passed=passed))


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:8000/x.png",
        "https://example.com/x.png",
        "ftp://example.com/x.png",
        "data:image/png;base64,iVBORw0KGgo=",
        "static:../pyproject.toml",
        "static:/etc/passwd",
        "static:css/../../pyproject.toml",
        "passed:other",
        "font:400",
        "relative.png",
    ],
)
def test_nothing_but_our_own_files_can_be_loaded(address: str) -> None:
    with pytest.raises(ValueError, match="not allowed"):
        printing.OnlyOurs({"photo": b"x"}).fetch(address)


def test_static_files_and_passed_bytes_can_be_loaded() -> None:
    fetcher = printing.OnlyOurs({"photo": b"bytes"})
    assert fetcher.fetch("passed:photo").read() == b"bytes"
    assert b".slip" in fetcher.fetch("static:css/paper.css").read()


def test_a_stylesheet_or_image_from_elsewhere_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    content = printed('<link rel="stylesheet" href="file:///etc/hosts"><img src="file:///etc/hostname" alt="kept">text')
    assert "text" in text_of(content)
    assert "not allowed" in caplog.text


def test_common_text_needs_the_small_fonts_only() -> None:
    assert sorted(fonts_of(printed("售后服务单 <b>编号</b> FW-CS01 ①℃Ω×"))) == ["Paper-Sans", "Paper-Sans-Bold"]


@pytest.mark.parametrize("letter", "囧㙍𠮷喆堃镕龘犇")
def test_a_rare_character_is_never_a_box(letter: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "weasyprint"):
        content = printed(f"王{letter}林")
    assert f"王{letter}林" in text_of(content)
    assert ".notdef" not in caplog.text


def test_a_character_that_no_font_has_is_noticed(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "weasyprint"):
        printed("\U0010f123")
    assert ".notdef" in caplog.text


def test_the_same_page_is_the_same_bytes() -> None:
    assert printed("同一张纸 <b>1</b>") == printed("同一张纸 <b>1</b>")


def test_copies_hold_what_all_have_and_what_is_theirs() -> None:
    body = '<p>common</p><p class="only-a">for a</p><p class="only-a only-b">for both</p><table><tr><td>x<td class="only-b">cell</table>'
    pdf = printing.lay_out(page(body), stylesheets=())
    of_a, of_b, of_c = (
        text_of(content).split() for content in printing.draw_copies(pdf, ["only-a", "only-b", "only-c"])
    )
    assert sorted(of_a) == sorted("common for a for both x".split())
    assert sorted(of_b) == sorted("common for both x cell".split())
    assert sorted(of_c) == sorted("common x".split())


def test_warm_makes_the_first_document_quick() -> None:
    printing.warm()
    begun = time.process_time()
    printed("售后服务单")
    assert time.process_time() - begun < 1
