"""The papers beside A4 as `positions.toml` lays them out: plain numbers in mm, read once (domain.md 8.4)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tickets.enums import Paper

TABLE = Path(__file__).with_name("positions.toml")
PT = 25.4 / 72  # mm


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A label, a text, or both. x: left edge of the label; at, to: edges of the text; center: right edge of a centred label."""

    label: str = ""
    x: float = 0.0
    center: float = 0.0
    size: float = 0.0
    bold: bool = False
    data: str = ""
    at: float = 0.0
    to: float = 0.0
    align: str = ""
    tick: str = ""
    preprinted: bool = False

    @property
    def left(self) -> float:
        """Where the cell begins."""
        return self.x if self.label else self.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of cells. staff: on the dealer's and the maker's page only; frame: a line around it."""

    top: float
    height: float
    cells: tuple[Cell, ...]
    frame: bool = True
    staff: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One paper. font: pt; line: mm from line to line. copies: a page for each copy; else the plies of the one page are the copies.

    side, note, page, reprint, qr, logo: places of the copy label, the lower line, the page number, 补打 n, QR code and logo.
    annex: from and to where more texts may stand on the first page; further: the same on the following ones.
    """

    width: float
    height: float
    font: float
    line: float
    left: float
    right: float
    copies: bool
    rows: tuple[Row, ...]
    further: tuple[float, float]
    page: tuple[float, float, float]
    reprint: tuple[float, float]
    qr: tuple[float, float, float]
    logo: tuple[float, float, float, float]
    side: tuple[float, float] | None = None
    note: tuple[float, float, float] | None = None
    annex: tuple[float, float] | None = None

    def lines_in(self, row: Row) -> int:
        """How many lines of text a row holds."""
        return max(1, int((row.height - 0.5) / self.line + 0.001))

    def first_line(self, row: Row) -> float:
        """Upper edge of the row's first line: the lines stand in the middle of the row."""
        return row.top + (row.height - self.lines_in(row) * self.line) / 2


@cache
def layout(paper: Paper) -> Layout:
    """The layout of a paper. Errors: KeyError for A4, which flows and has no table."""
    table = _tables()[paper.value]
    rows = tuple(
        Row(
            top=float(row["top"]),
            height=float(row["height"]),
            frame=row.get("frame", True),
            staff=row.get("staff", False),
            cells=tuple(_cell(cell) for cell in row["cells"]),
        )
        for row in table.pop("rows")
    )
    return Layout(rows=rows, **{name: _numbers(value) for name, value in table.items()})


def _cell(cell: dict[str, Any]) -> Cell:
    values: dict[str, Any] = {
        name: float(value) if name in ("x", "at", "to", "center", "size") else value for name, value in cell.items()
    }
    return Cell(**values)


def _numbers(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    return tuple(map(float, value)) if isinstance(value, list) else float(value)


def _tables() -> dict[str, Any]:
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))
