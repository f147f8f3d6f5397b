"""Papers of goods that go back to the factory (domain.md 17): the sheet in the box and the label outside, on A4, A5 or 241 × 93.1. In Chinese."""

from __future__ import annotations

import io

import segno
from django.template.loader import render_to_string

from core.errors import Refused
from tickets.enums import RETURN_TRAVELS, ReturnFreight, ReturnWish, SheetPaper
from tickets.models import GoodsReturn

WISH_WORDS = {
    ReturnWish.REPAIR: "修复",
    ReturnWish.REPLACE: "换新",
    ReturnWish.REFUND: "退货",
    ReturnWish.ANALYSIS: "故障分析",
}
FREIGHT_WORDS = {ReturnFreight.MAKER: "厂家承担", ReturnFreight.DEALER: "经销商承担"}


def box_sheet(found: GoodsReturn, *, site: str, paper: SheetPaper = SheetPaper.A4) -> bytes:
    """随货单 as PDF, one page that lies in the box: machine, operating conditions, fault, what was checked, what travels with it, whom to ask.

    found: with dealer and manufacturer. site: address of the installation, without slash. Errors: Refused("wrong_state", 409) before the
    manufacturer has agreed.
    """
    facts = [
        ("型号", found.model),
        ("出厂编号", found.serial_number or "不详"),
        ("出厂日期", found.ex_factory_on.isoformat() if found.ex_factory_on else ""),
        ("使用时间", f"{found.hours.normalize():f} 小时" if found.hours is not None else ""),
        ("客户", found.customer_name),
        ("要求", WISH_WORDS[ReturnWish(found.wish)]),
    ]
    texts = [
        ("工况", found.conditions),
        ("故障现象", found.fault),
        ("已做检查/读数", found.checked),
        ("附件清单", found.enclosed),
    ]
    return _printed("sheet", found, site, paper, {"facts": facts, "texts": texts})


def labels(found: GoodsReturn, *, site: str, paper: SheetPaper = SheetPaper.A4) -> bytes:
    """箱外标签 as PDF, one for each piece: where to, from whom, number, piece of pieces. On A4 two a page. Errors: as `box_sheet`."""
    pieces = list(range(1, found.pieces + 1))
    a_page = 2 if paper is SheetPaper.A4 else 1
    pages = [pieces[at : at + a_page] for at in range(0, len(pieces), a_page)]
    freight = FREIGHT_WORDS[ReturnFreight(found.freight)] if found.freight else ""
    return _printed("label", found, site, paper, {"pages": pages, "freight": freight})


def _printed(name: str, found: GoodsReturn, site: str, paper: SheetPaper, facts: dict[str, object]) -> bytes:
    from core import printing  # WeasyPrint takes a second to import: only who prints waits for it

    if found.state not in RETURN_TRAVELS:
        raise Refused("wrong_state", status=409)
    out = io.BytesIO()
    segno.make(f"{site}/returns/{found.public_id}/", error="q", micro=False).save(out, kind="png", border=0, scale=8)
    html = render_to_string(
        f"tickets/return_paper/{name}.html",
        {"row": found, "dealer": found.dealer, "maker": found.manufacturer.name, "paper": paper, **facts},
    )
    return printing.draw(printing.lay_out(html, stylesheets=["css/return-paper.css"], passed={"qr": out.getvalue()}))
