"""The texts of a slip by the names that `positions.toml` gives them: `Sheet` in, one plain text for each box out. No layout here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.signatures import Drawing
from tickets.documents.slip_sheet import SEE_TABLE, Sheet


@dataclass(frozen=True, slots=True)
class Boxes:
    """What one page says. texts, ticks, drawings: by the names of the table. lists: heading and lines after the form."""

    texts: Mapping[str, str]
    ticks: frozenset[str]
    drawings: Mapping[str, Drawing]
    lists: tuple[tuple[str, tuple[str, ...]], ...]


def boxes_of(sheet: Sheet) -> Boxes:
    """The boxes of a sheet made for one copy; what that copy does not show is in none of them.

    Continuous paper is made of the customer's sheet, since every ply shows all that is printed (domain.md 8.2).
    """
    paper = sheet.paper
    texts = {
        "dealer": paper.dealer.name,
        "ticket_number": _ticket_number(sheet),
        "number": sheet.number,
        "hash": f"校验码 {sheet.short_hash}" if sheet.short_hash else "",
        "customer_name": paper.customer_name,
        "address": paper.address,
        "contact": paper.contact,
        "phone": sheet.phones[-1][1],
        "made_on": sheet.made_on,
        "conditions": sheet.conditions,
        "machines": _machines(sheet),
        "first_arrival": sheet.first_arrival,
        "people": sheet.people,
        "last_departure": sheet.last_departure,
        "hours": sheet.hours,
        "reports": _lines(sheet.reports),
        "diagnoses": _lines(sheet.diagnoses),
        "solutions": _lines(sheet.solutions),
        "other_services": paper.other_services,
        "parts_charge": sheet.parts_charge,
        "labour_charge": sheet.labour_charge,
        "total": sheet.total,
        "opinion": paper.answer.comment,
        "customer_sign": sheet.customer_statement,
        "customer_day": sheet.customer_day,
        "technician_sign": "" if sheet.technician_drawing else paper.technician.name,
        "technician_phone": paper.technician.phone,
        "technician_day": sheet.technician_day,
        "dealer_address": paper.dealer.address,
        "hotline": paper.dealer.hotline,
    }
    if sheet.for_staff:
        texts |= {
            "km": sheet.km,
            "nights": sheet.nights,
            "standard_hours": sheet.standard_hours,
            "part_sources": sheet.part_sources,
            "responsibilities": sheet.responsibilities,
            "causes": _lines(sheet.causes),
        }
    drawn = {"customer_sign": sheet.customer_drawing, "technician_sign": sheet.technician_drawing}
    return Boxes(
        texts=texts,
        ticks=_ticks(sheet),
        drawings={name: drawing for name, drawing in drawn.items() if drawing},
        lists=tuple((heading, lines) for heading, lines in (_parts(sheet), _trips(sheet)) if lines),
    )


def _ticket_number(sheet: Sheet) -> str:
    return f"{sheet.kind} 报修单号:{sheet.paper.ticket_number}".strip()


def _machines(sheet: Sheet) -> str:
    differ = sheet.made_on == SEE_TABLE
    several = len(sheet.machines) > 1
    return ";".join(
        f"{f'{row.place}.' if several else ''}{row.kind} {row.model} 编号 {row.serial_number} ×{row.quantity}"
        f"{f' 出厂 {row.made_on}' if differ else ''}"
        for row in sheet.machines
    )


def _lines(lines: list[tuple[str, str]]) -> str:
    return "\n".join(f"{which} {text}" if which else text for which, text in lines)


def _ticks(sheet: Sheet) -> frozenset[str]:
    yes, no = sheet.warranty_boxes
    found = {name for name, box in (("warranty_yes", yes), ("warranty_no", no)) if box.ticked}
    if sheet.paper.answer.rating:
        found.add(f"rating_{sheet.paper.answer.rating}")
    return frozenset(found)


def _parts(sheet: Sheet) -> tuple[str, tuple[str, ...]]:
    lines = []
    for place, part in enumerate(sheet.parts, 1):
        text = f"{place}. {part.code} {part.name} ×{part.quantity} {part.unit} 新件 {part.new_serial} 旧件 {part.old_serial}"
        if sheet.for_staff:
            text += f" 来源 {part.source} {part.damage} 返旧件 {part.returns_old}"
        lines.append(text)
    return "配件明细", tuple(lines)


def _trips(sheet: Sheet) -> tuple[str, tuple[str, ...]]:
    lines = []
    for trip in sheet.trips:
        text = f"{trip.place}. 到达 {trip.arrived_at} 离开 {trip.left_at} {trip.people}"
        if sheet.for_staff:
            text += f" 单程 {trip.km} km 过夜 {trip.nights}"
        lines.append(text)
    return "上门记录", tuple(lines)
