"""Lines of text on paper whose places are fixed."""

import pytest

from core.lines import broken, width


def test_chinese_is_one_em_and_digits_are_less() -> None:
    assert width("售后服务单") == pytest.approx(5)
    assert 0.4 < width("0") < 0.7


@pytest.mark.parametrize("room", [3.0, 7.5, 20.0])
@pytest.mark.parametrize(
    "text",
    [
        "更换机封与轴套组件,按图纸复核压缩量;试车 2h 无泄漏。",
        "DG46-50×8 LT2403-0187/188/189/190/191/192/193 x",
        ",,,,,,",
        "",
    ],
)
def test_no_line_is_too_wide_and_nothing_is_lost(text: str, room: float) -> None:
    lines = broken(text, room)
    assert all(width(line) <= room for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_line_does_not_begin_with_a_closing_sign() -> None:
    assert broken("一二三四,五", 4) == ["一二三", "四,五"]


def test_a_serial_number_stays_whole_and_breaks_of_the_text_are_kept() -> None:
    assert broken("编号 SL2603-0001", 7.5) == ["编号", "SL2603-0001"]
    assert broken("一\n二", 5) == ["一", "二"]
