"""The slip on papers beside A4: A5 and the three 241 papers, on blank paper or as data for a pre-printed form (domain.md 8.4).

All places come from `positions.toml`. What does not fit into its box goes on: on blank paper to the annex and to further pages, on
a pre-printed form into the same box of the next form. Nothing is cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from html import escape

from core.lines import broken, width
from core.signatures import Drawing
from tickets.documents.positions import PT, Cell, Layout, Row, layout
from tickets.documents.slip_boxes import Boxes, boxes_of
from tickets.documents.slip_paper import SlipPaper
from tickets.documents.slip_pdf import pictures_of
from tickets.documents.slip_sheet import Label, Sheet
from tickets.enums import Copy, Paper, PrintMode

CARRIES_ON = "(续)"  # at the end of a text that goes on elsewhere
ROOM_TO_SPARE = 0.3  # mm; kerning and rounding
LINE = 0.3  # mm, every line
VOID_RED = "#c8102e"
Offset = tuple[Decimal, Decimal]
NO_OFFSET: Offset = (Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What is drawn over every page. reprint_no: from 1, None for the first print. void_reason: None for a valid slip."""

    reprint_no: int | None = None
    void_reason: str | None = None


def slip_form(
    paper: SlipPaper,
    size: Paper,
    *,
    mode: PrintMode = PrintMode.BLANK,
    copies: Iterable[Copy] = Copy,
    offset: Offset = NO_OFFSET,
    reprint_no: int | None = None,
) -> bytes:
    """One slip as PDF on a paper other than A4.

    copies: on A5 a page or more for each; on continuous paper the plies are the copies, and there is one. offset: of the printer,
    in mm to the right and down, for pre-printed forms only. A void slip is marked 作废.
    Errors: ValueError for A4, and for a pre-printed form on paper that is not continuous.
    """
    form = layout(size) if size is not Paper.A4 else None
    if form is None or (mode is PrintMode.FORM and form.copies):
        raise ValueError(f"no {mode} on {size}")
    marks = Marks(reprint_no=reprint_no, void_reason=paper.void_reason)
    pages: list[str] = []
    pictures: dict[str, bytes] = {}
    for copy in tuple(copies) if form.copies else (Copy.CUSTOMER,):
        sheet = Sheet(paper, [copy])
        pictures = pictures or pictures_of(sheet)
        pages += _Form(form, sheet, mode, marks, pictures).pages()
    return _drawn(form, pages, offset if mode is PrintMode.FORM else NO_OFFSET, f"售后服务单 {sheet.number}", pictures)


def ruler(size: Paper, offset: Offset = NO_OFFSET) -> bytes:
    """A test page for a printer: a cross at every 10 mm, rulers in mm along both edges, the offset, and where texts begin.

    Laid over a pre-printed form it shows by how much X and Y have to move (domain.md 8.4). Errors: ValueError for A4.
    """
    if size is Paper.A4:
        raise ValueError("A4 has no pre-printed form")
    form = layout(size)
    body = "".join(_ruler(form))
    x, y = offset
    note = f"{size.label} X {x:+} mm Y {y:+} mm"
    body += _text(form.left + 22, form.height / 2 - 8, note, form, extra="background:#fff;padding:0 1mm")
    return _drawn(form, [body], offset, "打印机校准页", {})


# ── one copy ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class _Form:
    """One copy of a slip on one paper, page by page."""

    form: Layout
    sheet: Sheet
    mode: PrintMode
    marks: Marks
    pictures: dict[str, bytes]
    rest: dict[str, str] = field(default_factory=dict)

    @property
    def blank(self) -> bool:
        return self.mode is PrintMode.BLANK

    def pages(self) -> list[str]:
        """The pages as HTML."""
        boxes = boxes_of(self.sheet)
        first = self._page(boxes)
        bodies = [first]
        if self.blank:
            annex, further = self._flow(boxes)
            bodies = [first + annex, *further]
        else:
            while self.rest:
                texts, self.rest = {"number": self.sheet.number, "hash": CARRIES_ON} | self.rest, {}
                bodies.append(self._page(Boxes(texts, frozenset(), {}, ())))
        return [
            body + (self._page_number(at, len(bodies)) if self.blank else "") + self._marks()
            for at, body in enumerate(bodies, 1)
        ]

    def _rows(self) -> list[Row]:
        return [row for row in self.form.rows if not row.staff or self.sheet.for_staff]

    def _page(self, boxes: Boxes) -> str:
        parts = list(self._frame()) if self.blank else []
        for row in self._rows():
            for cell in row.cells:
                parts.extend(self._cell(row, cell, boxes))
        parts.extend(self._pictures(boxes))
        if self.blank:
            parts.extend(self._edge())
        return "".join(parts)

    def _cell(self, row: Row, cell: Cell, boxes: Boxes) -> Iterator[str]:
        form, top = self.form, self.form.first_line(row)
        if cell.label and self.blank:
            yield _label(cell, top, form)
        if cell.tick in boxes.ticks:
            yield _text(cell.x, top, "√", form, extra="font-weight:700")
        if cell.data and (self.blank or not cell.preprinted):
            for at, line in enumerate(self._fitting(row, cell, boxes)):
                extra = f"width:{cell.to - cell.at:.2f}mm;text-align:center" if cell.align == "center" else ""
                yield _text(cell.at, top + at * form.line, line, form, extra=extra)
        if drawing := boxes.drawings.get(cell.data):
            yield _drawing(drawing, cell.at, row.top + 0.4, min(34.0, cell.to - cell.at), row.height - 0.8)

    def _fitting(self, row: Row, cell: Cell, boxes: Boxes) -> list[str]:
        """The lines of a text that its box holds; what is left over is kept in `rest`."""
        text = boxes.texts.get(cell.data, "")
        if not text:
            return []
        em, room = self.form.font * PT, self.form.lines_in(row)
        space = (cell.to - cell.at - ROOM_TO_SPARE) / em
        lines = broken(text, space)
        if len(lines) <= room:
            return lines
        kept = lines[:room]
        last = kept[-1]
        while len(last) > 1 and width(last + CARRIES_ON) > space:
            last = last[:-1]
        self.rest[cell.data] = _after(text, [*kept[:-1], last])
        return [*kept[:-1], last + CARRIES_ON]

    def _pictures(self, boxes: Boxes) -> Iterator[str]:
        form = self.form
        if not boxes.ticks and not boxes.drawings and "customer_name" not in boxes.texts:
            return  # a further form carries the rest of some texts only
        if "qr" in self.pictures:
            x, y, side = form.qr
            yield f'<img src="passed:qr" style="left:{x}mm;top:{y}mm;width:{side}mm;height:{side}mm;image-rendering:pixelated">'
        if "logo" in self.pictures and self.blank:
            x, y, wide, high = form.logo
            yield f'<img src="passed:logo" style="left:{x}mm;top:{y}mm;width:{wide}mm;height:{high}mm;object-fit:contain;object-position:0 0">'

    def _frame(self) -> Iterator[str]:
        """Lines of 0.3 mm: around the rows, and before every cell but the first."""
        form, rows = self.form, [row for row in self._rows() if row.frame]
        top, bottom = rows[0].top, rows[-1].top + rows[-1].height
        yield _box(form.left, top, form.right - form.left, bottom - top)
        for row in rows[1:]:
            yield _line(form.left, row.top, form.right - form.left, 0)
        for row in rows:
            for place, cell in enumerate(row.cells):
                if not cell.tick and (place or cell.left > form.left + 5):
                    yield _line(cell.left - 1, row.top, 0, row.height)

    def _edge(self) -> Iterator[str]:
        """Copy label at the right edge, the dealer's line below the form."""
        form, label = self.form, self.sheet.labels[0]
        note = self.sheet.paper.dealer.foot_line
        if form.side:
            yield _side(form, label)
        if note and form.note:
            x, y, to = form.note
            lines = broken(note, (to - x) / (form.font * PT))
            if len(lines) > 1:
                self.rest["note"] = _after(note, lines[:1])
            yield _text(x, y, lines[0], form)

    def _page_number(self, at: int, of: int) -> str:
        x, y, to = self.form.page
        words = [self.sheet.labels[0].line] if self.form.copies else []
        if of > 1:
            words.append(f"第 {at} 页 共 {of} 页")
        extra = f"width:{to - x:.2f}mm;text-align:right"
        return _text(x, y, " ".join(words), self.form, extra=extra) if words else ""

    def _marks(self) -> str:
        form, marks, parts = self.form, self.marks, []
        if marks.reprint_no:
            x, y = form.reprint
            extra = f"border:{LINE}mm solid #000;padding:0 1mm"
            parts.append(_text(x, y, f"补打 {marks.reprint_no}", form, extra=extra))
        if marks.void_reason is not None:
            reason = "<br>".join(map(escape, broken(marks.void_reason, 22))) if marks.void_reason else ""
            parts.append(
                f'<div class="void" style="top:{form.height * 0.32:.1f}mm;left:{form.width / 2 - 45:.1f}mm">'
                f"<p>作废</p><small>{reason}</small></div>"
            )
        return "".join(parts)

    # what follows the form on blank paper

    def _flow(self, boxes: Boxes) -> tuple[str, list[str]]:
        """The left-over texts and the lists: (what stands in the annex of the first page, further pages)."""
        form = self.form
        areas = _Areas(form, f"售后服务单(续) 编号:{self.sheet.number}")
        labels = {cell.data: cell.label.rstrip(":") for row in form.rows for cell in row.cells if cell.data}
        labels |= {"note": "备注", "dealer": "经销商", "ticket_number": "报修单号", "hash": "校验码"}
        for name, text in self.rest.items():
            areas.block(f"{labels[name]}{CARRIES_ON}", [text])
        for heading, lines in boxes.lists:
            areas.block(heading, list(lines))
        return areas.annex, areas.pages


class _Areas:
    """Lines one below the other, in the annex of the first page first, then on pages of their own."""

    def __init__(self, form: Layout, heading: str) -> None:
        self.form, self.heading = form, heading
        self.annex = ""
        self.pages: list[str] = []
        self.y, self.bottom = form.annex or (0.0, 0.0)

    def block(self, heading: str, texts: list[str]) -> None:
        """A heading and texts; the heading never stands alone at the end of a page."""
        form = self.form
        room = (form.right - form.left - 2 - ROOM_TO_SPARE) / (form.font * PT)
        lines = [line for text in texts for line in broken(text, room)]
        self._need(2)
        self._put(heading, indent=0)
        for line in lines:
            self._need(1)
            self._put(line, indent=2)
        self.y += form.line / 3

    def _need(self, count: int) -> None:
        if self.y + count * self.form.line <= self.bottom:
            return
        self.pages.append(_text(self.form.left, self.form.further[0], self.heading, self.form))
        self.y, self.bottom = self.form.further
        self.y += self.form.line * 1.5

    def _put(self, line: str, *, indent: float) -> None:
        html = _text(self.form.left + indent, self.y, line, self.form)
        if self.pages:
            self.pages[-1] += html
        else:
            self.annex += html
        self.y += self.form.line


# ── HTML ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _drawn(form: Layout, pages: list[str], offset: Offset, title: str, pictures: dict[str, bytes]) -> bytes:
    from core import printing  # WeasyPrint takes a second to import: only who prints waits for it

    x, y = offset
    css = (
        f"@page {{ size: {form.width}mm {form.height}mm; margin: 0 }}"
        f" body {{ margin: 0; font-size: {form.font}pt; font-kerning: none; color: #000 }}"
        f" section {{ position: relative; width: {form.width}mm; height: {form.height - 0.2:.1f}mm; overflow: hidden }}"
        " section + section { break-before: page }"
        f" .moved {{ position: absolute; left: {x}mm; top: {y}mm; width: {form.width}mm; height: {form.height - 0.2:.1f}mm }}"
        f" .moved * {{ position: absolute; margin: 0 }} .t {{ white-space: pre; line-height: {form.line}mm }}"
        " .b { font-weight: 700 } .void { width: 90mm; text-align: center; transform: rotate(-14deg);"
        f" color: {VOID_RED}; border: 1.2mm double {VOID_RED}; padding: 2mm }}"
        " .void *, .t * { position: static } .void p { font-size: 40pt; line-height: 1.2; font-weight: 700 }"
        " .void small { font-size: 10pt }"
    )
    body = "".join(f'<section><div class="moved">{page}</div></section>' for page in pages)
    html = f'<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>{escape(title)}</title><style>{css}</style></head><body>{body}</body></html>'
    return printing.draw(printing.lay_out(html, stylesheets=(), passed=pictures))


def _text(x: float, y: float, text: str, form: Layout, *, extra: str = "", bold: bool = False) -> str:
    more = f";{extra}" if extra else ""
    return f'<div class="t{" b" if bold else ""}" style="left:{x:.2f}mm;top:{y:.2f}mm{more}">{escape(text)}</div>'


def _label(cell: Cell, top: float, form: Layout) -> str:
    extra = f"width:{cell.center - cell.x:.2f}mm;text-align:center;" if cell.center else ""
    if cell.size:
        # a larger label hangs from the same upper edge
        extra += f"font-size:{cell.size}pt;line-height:{cell.size * PT * 1.15:.2f}mm"
        top -= (cell.size - form.font) * PT * 0.35
    return _text(cell.x, top, cell.label, form, extra=extra, bold=cell.bold)


def _side(form: Layout, label: Label) -> str:
    """The copy label, its parts one below the other, beside a line in the colour of the paper."""
    assert form.side is not None
    x, y = form.side
    colour = {"red": "#c8102e", "yellow": "#e0a800", "green": "#007a4d", "blue": "#0b5cad"}.get(label.colour, "#000")
    style = "double" if label.colour == "white" else "solid"
    words = "<br><br>".join(
        "<br>".join(map(escape, word)) for word in (label.ordinal, label.name, label.purpose) if word
    )
    return (
        f'<div style="left:{x}mm;top:{y}mm;border-left:1.4mm {style} {colour};padding-left:1.3mm;width:4.5mm;'
        f'text-align:center;line-height:1.28">{words.replace("<br>", "<br style=position:static>")}</div>'
    )


def _drawing(drawing: Drawing, x: float, y: float, wide: float, high: float) -> str:
    return (
        f'<svg style="left:{x:.2f}mm;top:{y:.2f}mm;width:{wide:.2f}mm;height:{high:.2f}mm" viewBox="{drawing.view_box}"'
        f' preserveAspectRatio="xMinYMid meet"><path d="{drawing.path}" fill="none" stroke="#000"'
        f' stroke-width="{drawing.pen}" stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )


def _box(x: float, y: float, wide: float, high: float) -> str:
    return f'<div style="left:{x:.2f}mm;top:{y:.2f}mm;width:{wide - LINE:.2f}mm;height:{high - LINE:.2f}mm;border:{LINE}mm solid #000"></div>'


def _line(x: float, y: float, wide: float, high: float) -> str:
    """A line to the right (`high` 0) or down (`wide` 0)."""
    side = "top" if wide else "left"
    return f'<div style="left:{x:.2f}mm;top:{y:.2f}mm;width:{wide:.2f}mm;height:{high:.2f}mm;border-{side}:{LINE}mm solid #000"></div>'


def _ruler(form: Layout) -> Iterator[str]:
    for x in range(20, int(form.right) + 1, 10):
        for y in range(10, int(form.height), 10):
            yield _line(x - 1.5, y - LINE / 2, 3, 0)
            yield _line(x - LINE / 2, y - 1.5, 0, 3)
    for x in range(int(form.left), int(form.right) + 1):
        long = 4.0 if x % 10 == 0 else 3.0 if x % 5 == 0 else 1.8
        yield _line(x - LINE / 2, 5, 0, long)
        if x % 10 == 0:
            yield _text(x + 0.5, 6.4, str(x), form)
    for y in range(5, int(form.height) - 4):
        long = 4.0 if y % 10 == 0 else 3.0 if y % 5 == 0 else 1.8
        yield _line(form.left, y - LINE / 2, long, 0)
        if y % 10 == 0:
            yield _text(form.left + 4.5, y - form.line - 0.2, str(y), form)


def _after(text: str, lines: list[str]) -> str:
    """What is left of a text after these lines of it; blanks at the breaks belong to neither."""
    at = 0
    for line in lines:
        at = text.index(line, at) + len(line)
    return text[at:].strip()
