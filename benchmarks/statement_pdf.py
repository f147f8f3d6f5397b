"""Row `statement_pdf` of `make bench`: a statement of 300 lines, against the same pages as one bare HTML in WeasyPrint (performance.md 5).

The bare way has the same table with fixed widths and the same subset fonts, without head, sums and page numbers. Both in turns in one process, warm.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from html import escape

from benchmarks.http import Row, row
from core import printing

LINES, ROUNDS, GOAL = 300, 9, 1.2
BARE_CSS = """
@page { size: A4; margin: 14mm 12mm }
body { font-size: 8.5pt; line-height: 1.3; margin: 0 }
table { table-layout: fixed; width: 100%; border-collapse: collapse }
th, td { border: 0.2mm solid #000; padding: 0.8mm 1.2mm; text-align: left }
"""


def measure() -> Row:
    """Ratio of the medians."""
    from settlement.documents import statements as papers

    statement, lines = _statement()
    html = _bare(papers.HEADS, lines)
    printing.warm()
    ways: list[Callable[[], bytes]] = [
        lambda: papers.pdf(statement, lines),
        lambda: printing.draw(printing.lay_out(html, stylesheets=())),
    ]
    for make in ways:
        make()
    spent: list[list[float]] = [[], []]
    for turn in range(ROUNDS):
        for place in (0, 1) if turn % 2 else (1, 0):
            begin = time.perf_counter()
            ways[place]()
            spent[place].append(time.perf_counter() - begin)
    ours, bare = (statistics.median(times) for times in spent)
    return row("statement_pdf", ours / bare, f"× bare HTML, {LINES} lines, {ours * 1000:.0f} ms", GOAL)


def _statement():  # type: ignore[no-untyped-def]  # a statement and its lines, kept nowhere
    from partners.models import Organisation
    from settlement.models import Statement, StatementLine

    statement = Statement(
        number="DZ-SF-CS01-202606", month=date(2026, 6, 1), made_at=datetime(2026, 7, 8, tzinfo=UTC), tax_rate=Decimal("0.13"),
        dealer=Organisation(name="长沙瑞启机电设备(示例)"), manufacturer=Organisation(name="示范机电有限公司(示例)"),
        lines_sum=Decimal("98460.00"), payable=Decimal("98460.00"), net=Decimal("87132.74"), tax=Decimal("11327.26"),
    )  # fmt: skip
    lines = [
        StatementLine(
            sequence=place, item="claim", label=f"FW-CS01-202606-{place:04d} 宁乡恒泰饲料(示例)", amount=Decimal("328.20"),
            material=Decimal("28.00"), standing=True,
        )
        for place in range(1, LINES + 1)
    ]  # fmt: skip
    return statement, lines


def _bare(heads, lines) -> str:  # type: ignore[no-untyped-def]  # as papers.pdf takes them
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    body = "".join(
        f"<tr><td>{line.sequence}</td><td>服务费</td><td>{escape(line.label)}</td><td>{line.amount - line.material}</td><td>{line.material}</td>"
        f"<td>{line.amount}</td><td></td></tr>"
        for line in lines
    )
    return f'<html lang="zh-Hans"><head><style>{BARE_CSS}</style></head><body><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></body></html>'
