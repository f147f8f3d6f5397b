"""Papers of old parts (domain.md 10): labels with QR code, and the list that lies in a box; on A4, A5 or 241 × 93.1. In Chinese, as every paper."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import segno
from django.template.loader import render_to_string

from core.calendars import local_date
from core.errors import Refused
from settlement.enums import Transport
from settlement.models import OldPart, ReturnBox
from settlement.queries.old_parts import MOST, pieces
from tickets.enums import SheetPaper

#: labels of 105 × 74 mm beside each other, and rows of them on one sheet
ACROSS = 2
DOWN = {SheetPaper.A4: 4, SheetPaper.A5: 2, SheetPaper.THIRD: 1}
TRANSPORT_WORDS = {
    Transport.CONSOLIDATED: "配货",
    Transport.OWN_VEHICLE: "专车",
    Transport.RAIL: "铁路",
    Transport.AIR: "空运",
    Transport.COURIER: "快递",
}


@dataclass(frozen=True)
class Label:
    """What stands on one label, and on one line of the list. picture: address of its QR code inside the document."""

    picture: str
    number: str
    slip_number: str
    customer: str
    model: str
    serial_number: str
    part: str
    part_serial: str
    quantity: str
    fault: str
    conditions: str
    replaced_on: date
    due_on: date
    dealer: str
    damage: str


def label_sheets(parts: Sequence[OldPart], *, site: str, paper: SheetPaper = SheetPaper.A4) -> bytes:
    """旧件标签 as PDF: labels of 105 × 74 mm, two beside each other; the code leads to the part's page.

    On A4 2 × 4 and on A5 2 × 2 without gaps, on 241 × 93.1 two between the holes.

    parts: with their dealers. site: address of the installation, without slash. Errors: Refused("part_missing", field="parts"),
    ("too_many_labels", field="parts").
    """
    if not parts:
        raise Refused("part_missing", field="parts")
    if len(parts) > MOST:
        raise Refused("too_many_labels", field="parts", n=MOST)
    pictures = {f"qr-{place}": _code(f"{site}/old-parts/{part.public_id}/") for place, part in enumerate(parts)}
    labels = [_label(part, f"passed:qr-{place}") for place, part in enumerate(parts)]
    rows = [labels[at : at + ACROSS] for at in range(0, len(labels), ACROSS)]
    down = DOWN[paper]
    pages = [rows[at : at + down] for at in range(0, len(rows), down)]
    return _printed("settlement/paper/labels.html", {"pages": pages, "paper": paper}, pictures)


def box_sheet(box: ReturnBox, parts: Sequence[OldPart], *, site: str, paper: SheetPaper = SheetPaper.A4) -> bytes:
    """旧件返回清单 as PDF: what lies in a box with operating conditions and fault, from whom, to whom, by which waybill; to be signed where it is counted.

    box: with dealer and manufacturer; parts: with their dealers. Errors: Refused("box_empty", 409).
    """
    if not parts:
        raise Refused("box_empty", status=409)
    facts = {
        "box": box,
        "paper": paper,
        "dealer": box.dealer.name,
        "maker": box.manufacturer.name,
        "transport": TRANSPORT_WORDS[Transport(box.transport)] if box.transport else "",
        "shipped_on": local_date(box.shipped_at) if box.shipped_at else None,
        "lines": [_label(part, "") for part in parts],
    }
    return _printed("settlement/paper/box.html", facts, {"qr": _code(f"{site}/return-boxes/{box.public_id}/")})


def _label(part: OldPart, picture: str) -> Label:
    return Label(
        picture=picture,
        number=part.number,
        slip_number=part.slip_number,
        customer=part.customer_name,
        model=part.model,
        serial_number=part.serial_number,
        part=f"{part.code} {part.name}",
        part_serial=part.part_serial,
        quantity=pieces(part),
        fault=part.diagnosis or part.fault,
        conditions=part.conditions,
        replaced_on=part.replaced_on,
        due_on=part.due_on,
        dealer=part.dealer.label,
        damage="主损件" if part.causal else "附损件",
    )


def _code(address: str) -> bytes:
    out = io.BytesIO()
    segno.make(address, error="q", micro=False).save(out, kind="png", border=0, scale=8)
    return out.getvalue()


def _printed(template: str, context: dict[str, object], pictures: dict[str, bytes]) -> bytes:
    from core import printing  # WeasyPrint takes a second to import: only who prints waits for it

    html = render_to_string(template, context)
    return printing.draw(printing.lay_out(html, stylesheets=["css/old-part-paper.css"], passed=pictures))
