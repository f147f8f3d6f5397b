"""A spreadsheet as people send it becomes rows of plain values; what cannot be read says why."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest

from core.imports import sheets, values
from core.imports.columns import find_table
from core.imports.kinds import Field
from core.imports.sheets import CellError, UnreadableSheet, read_file
from core.imports.values import Unreadable
from tests.imports.files import ugly_machines, xlsx

FIELDS = (
    Field("customer", "客户名称", ("客户", "Customer"), values.text(60), required=True),
    Field("phone", "联系电话", ("电话",), values.phone),
    Field("model", "产品型号", ("型号", "规格型号"), values.code(60), required=True),
    Field("serial", "出厂编号", ("机号", "SN"), values.codes(40), several=True),
    Field("day", "出厂日期", (), values.day),
    Field("note", "备注", (), values.text(100)),
)


def test_merged_heads_below_titles_are_found_and_totals_footers_hidden_rows_left_out():
    table = find_table(read_file(ugly_machines()), FIELDS)
    assert table is not None
    assert (table.head_line, table.mapping) == (
        3,
        {"customer": 0, "phone": 1, "model": 2, "serial": 3, "day": 4, "note": 5},
    )
    assert [line for line, _cells in table.rows] == [5, 6, 8, 10]
    assert table.skipped == {"totals": [7, 11], "footers": [12]}
    assert table.sheet.hidden == [9]
    cells = dict(table.rows)
    assert cells[6][0] == "永州市湘江水泥有限公司"  # merged downwards
    assert cells[6][3] == "02603018"  # zeros that stand in the number format only
    assert cells[6][7] == "三相异步电动机"  # 同上
    assert cells[6][5] is None


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("客户,电话,型号\n湘江水泥,13800001111,YE3\n", "utf-8"),
        ("客户;电话;型号\r\n湘江水泥;13800001111;YE3\r\n", "gb18030"),
        ("客户\t电话\t型号\n湘江水泥\t13800001111\tYE3\n", "utf-8-sig"),
        ('"客户","电话","型号"\n"湘江水泥","13800001111","YE3"\n', "utf-16"),
    ],
)
def test_text_files_of_any_usual_kind(text, encoding):
    table = find_table(read_file(text.encode(encoding)), FIELDS)
    assert table is not None
    assert table.rows == [(2, ["湘江水泥", "13800001111", "YE3"])]
    assert table.mapping == {"customer": 0, "phone": 1, "model": 2}


def test_english_heads_and_what_was_chosen_last_time():
    content = xlsx([["Customer", "Type", "SN"], ["Plant 1", "YE3", "1"]])
    table = find_table(read_file(content), FIELDS, remembered={"type": "model", "sn": ""})
    assert table is not None
    assert table.mapping == {"customer": 0, "model": 1}


def test_a_mapping_by_hand_wins():
    table = find_table(read_file(xlsx([["甲", "乙"], ["湘江水泥", "YE3"]])), FIELDS, chosen={0: "customer", 1: "model"})
    assert table is not None
    assert (table.mapping, table.missing(FIELDS)) == ({"customer": 0, "model": 1}, [])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_excel"),
        (b"PK\x03\x04 broken", "not_readable"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "not_readable"),
        (b"a" * (sheets.MAX_BYTES + 1), "too_large"),
    ],
)
def test_what_cannot_be_read_says_why(content, code):
    with pytest.raises(UnreadableSheet) as caught:
        read_file(content)
    assert caught.value.code == code


def _zip(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_a_bomb_and_entities_are_refused_before_anything_is_unpacked():
    with pytest.raises(UnreadableSheet) as caught:
        read_file(_zip({"xl/worksheets/sheet1.xml": b" " * (30 * 1024 * 1024)}))
    assert caught.value.code == "bomb"
    with pytest.raises(UnreadableSheet) as caught:
        read_file(_zip({"xl/workbook.xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>'}))
    assert caught.value.code == "not_readable"


def test_more_rows_than_allowed(monkeypatch):
    monkeypatch.setattr(sheets, "MAX_ROWS", 3)
    with pytest.raises(UnreadableSheet) as caught:
        read_file(xlsx([["a", "b"]] * 5))
    assert caught.value.code == "too_many_rows"


def test_a_formula_that_was_never_calculated_is_noticed():
    (sheet,) = read_file(xlsx([["客户", "型号"], ["湘江水泥", "=A2"]]))
    assert (sheet.rows[1], sheet.not_calculated) == ((2, ["湘江水泥"]), [2])


@pytest.mark.parametrize(
    "written",
    ["2026.6.11", "2026-06-11", "2026/6/11", "２０２６．６．１１", "20260611", 20260611, "2026年6月11日", "26.6.11", 46184, "46184", 46184.5,
     date(2026, 6, 11), datetime(2026, 6, 11, 7, 30),  # noqa: DTZ001  # a spreadsheet knows no zone
     "2026/6/11 0:00:00"],
)  # fmt: skip
def test_days(written):
    assert values.day(written) == date(2026, 6, 11)


def test_a_month_is_its_first_day():
    assert values.day("26年6月") == values.day("2026.6") == values.day("2026年06月份") == date(2026, 6, 1)


@pytest.mark.parametrize("written", ["6月11日", "昨天", "2026-13-01", 123, "1899-01-01", CellError("#N/A")])
def test_no_days(written):
    with pytest.raises(Unreadable):
        values.day(written)


def test_telephone_numbers_with_blanks():
    assert (
        values.phone("138 0000 1111") == values.phone(13800001111) == values.phone("+86 138-0000-1111") == "13800001111"
    )
    with pytest.raises(Unreadable):
        values.phone(1.38e20)


@pytest.mark.parametrize("written", [6.0235e17, "6.0235E+11", "6.0235e+11", 1234567.5, date(2026, 3, 1)])
def test_what_excel_has_done_to_a_serial_number_is_refused(written):
    with pytest.raises(Unreadable):
        values.code(40)(written)


def test_serial_numbers():
    assert values.code(40)(602350000000) == "602350000000"
    assert values.code(40)("　２６０３Ｂ０１７ ") == "2603B017"
    assert values.codes(40)("2603B017、2603B018,2603B019;2603B020\n2603B021/2603B022") == [
        f"2603B0{n}" for n in range(17, 23)
    ]
    assert values.codes(40)("2603B017/018") == ["2603B017/018"]


def test_amounts_and_yes():
    amount = values.amount()
    assert amount("¥１，２５０．５０元") == amount(1250.5) == amount("1,250.50") == Decimal("1250.50")
    for wrong in ("-1", "abc", "1.234", True):
        with pytest.raises(Unreadable):
            amount(wrong)
    assert [values.yes(word) for word in ("是", "√", "Y", 1, True)] == [True] * 5
    assert [values.yes(word) for word in ("否", "×", 0)] == [False] * 3


def test_the_nearest_word():
    assert values.nearest("YE3-160M4", ["YE3-160M-4", "YE3-160L-4"]) == "YE3-160M-4"
    assert values.nearest("完全不同", ["YE3-160M-4"]) == ""
