"""对账单 as PDF and Excel (domain.md 11): what is paid line by line, sums, tax split, amount in capitals. In Chinese, as every paper."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string

from core.calendars import local_date
from core.money import capitals, shown
from settlement.enums import StatementItem
from settlement.models import Statement, StatementLine

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ITEMS = {
    StatementItem.CLAIM: "服务费",
    StatementItem.FREIGHT: "旧件运费",
    StatementItem.ACTIVITY: "服务活动费",
    StatementItem.INCENTIVE: "正负激励",
    StatementItem.COMPENSATION: "补偿",
    StatementItem.OLD_PART: "旧件扣款",
    StatementItem.HOLD: "旧件暂扣",
    StatementItem.RELEASE: "暂扣返还",
    StatementItem.REVERSAL: "鉴定冲减",
    StatementItem.ASSESSMENT: "考核扣款",
    StatementItem.ADJUSTMENT: "上期调整",
    StatementItem.OPENING: "期初余额",
}
HEADS = ("序号", "项目", "服务单号/摘要", "服务费", "材料费", "金额", "备注")


@dataclass(frozen=True)
class Line:
    """A line on paper. service and material: its two halves, of a claim only."""

    place: int
    item: str
    label: str
    service: Decimal | None
    material: Decimal | None
    amount: Decimal
    note: str


def pdf(statement: Statement, lines: Sequence[StatementLine]) -> bytes:
    """The paper of a statement, A4 upright. statement: with dealer and manufacturer; lines: all, only those that stand count."""
    from core import printing  # WeasyPrint takes a second to import: only who prints waits for it

    html = render_to_string("settlement/paper/statement.html", _facts(statement, lines))
    return printing.draw(printing.lay_out(html, stylesheets=["css/statement-paper.css"]))


def sheet(statement: Statement, lines: Sequence[StatementLine]) -> bytes:
    """The same as a workbook of one sheet, ready to print: figures as numbers, texts never as formulas."""
    import xlsxwriter

    facts = _facts(statement, lines)
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        page = book.add_worksheet("对账单")
        title = book.add_format({"bold": True, "font_size": 15, "align": "center"})
        head = book.add_format({"bold": True, "border": 1, "align": "center", "bg_color": "#E8ECF0"})
        cell, money = (
            book.add_format({"border": 1, "text_wrap": True}),
            book.add_format({"border": 1, "num_format": "#,##0.00"}),
        )
        bold = book.add_format({"bold": True})
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(4)
        for column, width in enumerate((6, 12, 38, 12, 12, 13, 24)):
            page.set_column(column, column, width)
        page.merge_range(0, 0, 0, len(HEADS) - 1, facts["title"], title)
        page.write_string(1, 0, f"编号:{statement.number}")
        page.write_string(2, 0, f"结算方:{facts['maker']}")
        page.write_string(3, 0, f"服务商:{facts['dealer']}")
        page.write_row(4, 0, HEADS, head)
        at = 5
        for line in facts["lines"]:
            page.write_number(at, 0, line.place, cell)
            for column, text in ((1, line.item), (2, line.label), (6, line.note)):
                page.write_string(at, column, text, cell)
            for column, figure in ((3, line.service), (4, line.material), (5, line.amount)):
                if figure is None:
                    page.write_blank(at, column, None, cell)
                else:
                    page.write_number(at, column, figure, money)
            at += 1
        for label, text in facts["sums"]:
            page.write_string(at, 2, label, bold)
            page.write_string(at, 5, text, bold)
            at += 1
    return out.getvalue()


def _facts(statement: Statement, lines: Sequence[StatementLine]) -> dict[str, Any]:
    standing = [line for line in lines if line.standing]
    rows = [
        Line(
            place=place,
            item=ITEMS[StatementItem(line.item)],
            label=line.label,
            service=line.amount - line.material if line.item == StatementItem.CLAIM else None,
            material=line.material if line.item == StatementItem.CLAIM else None,
            amount=line.amount,
            note=f"异议答复:{line.answer}" if line.answer else "",
        )
        for place, line in enumerate(standing, start=1)
    ]
    rate = f"{(statement.tax_rate * 100).normalize():f}%"
    sums = [("本期合计", shown(statement.lines_sum))]
    if statement.brought_forward:
        sums.append(("上期结转", shown(statement.brought_forward)))
    sums += [
        ("应付金额(含税)", shown(statement.payable)),
        ("不含税金额", shown(statement.net)),
        (f"税额({rate})", shown(statement.tax)),
        ("大写", capitals(statement.payable)),
    ]
    if statement.carried_forward:
        sums.append(("结转下期", shown(statement.carried_forward)))
    return {
        "title": f"{statement.month:%Y}年{statement.month.month}月 售后服务费对账单",
        "statement": statement,
        "dealer": statement.dealer.name,
        "maker": statement.manufacturer.name,
        "made_on": local_date(statement.made_at),
        "confirmed_on": local_date(statement.confirmed_at) if statement.confirmed_at else None,
        "heads": HEADS,
        "lines": rows,
        "shown": [
            (row, shown(row.service) if row.service is not None else "", shown(row.material) if row.material else "", shown(row.amount))
            for row in rows
        ],
        "sums": sums,
        "objected": sum(1 for line in lines if line.objected_at and not line.standing),
    }  # fmt: skip
