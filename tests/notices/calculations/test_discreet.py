"""Telephone numbers and money never stand in a group's chat; codes, dates and counts do."""

import pytest

from notices.calculations.discreet import discreet


@pytest.mark.parametrize(
    "text",
    [
        "13874651234",
        "138 7465 1234",
        "138-7465-1234",
        "+86 13874651234",
        "８６13874651234",
        "1387465１２３４",
        "0731-88880000",
        "073188880000",
        "010 12345678",
        "400-820-8820",
        "4008208820",
        "¥1,882.60",
        "¥300",
        "RMB 80",
        "1882.6元",
        "3万元",
        "300 块钱",
    ],
)
def test_it_is_hidden_wherever_it_stands(text):
    for around in ("{}", "请打{}。", "要{},不修了", "({})"):
        said = discreet(around.format(text))
        assert not any(sign.isdigit() for sign in said), said
        assert "***" in said


@pytest.mark.parametrize(
    "text",
    [
        "BX-CS01-202606-0017",
        "FW-CS01-202606-0001",
        "YE3-160M-4",
        "2603B0001",
        "06-11 10:30",
        "前轴承 6309 内圈剥落",
        "等 3 天没人来",
        "2.6A,额定 3.5A",
        "一号厂房 12 号",
        "2026-06-11",
    ],
)
def test_codes_models_and_dates_stay(text):
    assert discreet(text) == text
