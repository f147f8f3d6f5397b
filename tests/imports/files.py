"""Files as people send them (domain.md 18.6), made in memory."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any

from openpyxl import Workbook, load_workbook


def xlsx(rows: Iterable[Iterable[Any]], spoil: Callable[[Any], None] | None = None) -> bytes:
    """A workbook with these rows; `spoil` may merge, hide and format its sheet."""
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(list(row))
    if spoil:
        spoil(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ugly_machines() -> bytes:
    """Titles, merged heads in two rows, a vertical merge, 同上, a hidden row, totals, a footer, and numbers in every dress."""

    def spoil(sheet: Any) -> None:
        for area in ("A1:H1", "A3:B3", "C3:C4", "D3:D4", "E3:E4", "F3:F4", "A5:A6", "G3:G4", "H3:H4"):
            sheet.merge_cells(area)
        sheet.row_dimensions[9].hidden = True
        sheet["D6"].number_format = "00000000"

    return xlsx(
        [
            ["设备台账(2026年6月)"],
            ["填报单位:长沙瑞启"],
            ["客户", None, "规格型号", "机号", "出厂日期", "备 注", "数量", "类型"],
            ["名称", "电话", None, None, None, None, None, None],
            [
                "永州市湘江水泥有限公司",
                "138 7465 1234",
                "YE3-160M-4 ",
                "2603B017",
                "2026.6.11",
                None,
                1,
                "三相异步电动机",
            ],
            [None, "+86 13874651234", "ＹＥ３－１６０Ｍ－４", 2603018, 46176, "同上", 1, "同上"],
            ["小计", None, None, None, None, None, 2],
            [
                "衡阳市雁城纸业",
                "0734-8888 0000",
                "YE3-160M4",
                "2603B019、2603B020",
                "26年6月",
                None,
                2,
                "三相异步电动机",
            ],
            ["不要导入", "13800001111", "YE3-160M-4", "9999", None, None, 1, "三相异步电动机"],
            ["衡阳市雁城纸业", "0734-88880000", "YE3-160M-4", 6.0235e17, "6月3日", None, 1, "三相异步电动机"],
            ["合计", None, None, None, None, None, 5],
            ["制表人:李静"],
        ],
        spoil,
    )


def cells(content: bytes) -> list[list[Any]]:
    """All cells of the first sheet."""
    return [list(row) for row in load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)]
