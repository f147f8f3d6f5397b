"""Find the table in a sheet: the row of heads below titles, which column is what, and where the data is (domain.md 18.6)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.imports.kinds import Field
from core.imports.sheets import Sheet, Value
from core.imports.values import as_text, squeezed

HEAD_WITHIN = 20  # rows: titles, blanks and notes may stand above the heads
REASONS = "导入问题"  # head of the column that the mend file adds; it is read as nothing
SAMPLES = 3
TOTALS = re.compile(
    r"(?:本页|本月|累计|总)?\s*(?:合\s*计|小\s*计|总\s*计|累\s*计)(?:\s*[（(].*[)）])?\s*[:：]?.*|(?:sub)?total\s*:?|sum",
    re.IGNORECASE,
)
FOOTERS = re.compile(
    r"(?:制表|填表|审核|复核|审批|批准|经办|负责人|打印时间|导出时间|备注|说明|注)\s*(?:人|日期|时间)?\s*[:：].*",
    re.DOTALL,
)
SAME = frozenset({"同上", "〃", "″", "”", '"', "''", "同前"})


@dataclass(frozen=True)
class Column:
    """A column of the table. field: what it is taken for, "" = nothing. samples: its first values."""

    index: int
    head: str
    field: str
    hidden: bool
    samples: tuple[str, ...]


@dataclass
class Table:
    """The table in a file. first: number of the first row below the heads. skipped: what was left out, (why, row numbers)."""

    sheet: Sheet
    head_line: int
    first: int
    columns: list[Column]
    rows: list[tuple[int, list[Value]]]
    skipped: dict[str, list[int]] = field(default_factory=dict)

    @property
    def mapping(self) -> dict[str, int]:
        """Field -> place of its column."""
        return {column.field: column.index for column in self.columns if column.field}

    def missing(self, fields: Iterable[Field]) -> list[Field]:
        """Required fields that no column is taken for."""
        return [one for one in fields if one.required and one.name not in self.mapping]


def find_table(
    sheets: Sequence[Sheet],
    fields: Sequence[Field],
    *,
    remembered: Mapping[str, str] | None = None,
    chosen: Mapping[int, str] | None = None,
) -> Table | None:
    """The sheet and the row of heads in which most columns are recognised; None when a file has no row with two cells.

    remembered: squeezed head -> field ("" = nothing), from the last import. chosen: place -> field, set by hand: it wins.
    """
    best: tuple[tuple[int, int, int], Sheet, int, int, list[str], dict[str, int]] | None = None
    for order, sheet in enumerate(sheets):
        for at, (number, cells) in enumerate(sheet.rows[:HEAD_WITHIN]):
            for heads, below in _readings(sheet, at):
                found = match(heads, fields, remembered or {})
                wanted = sum(1 for one in fields if one.required and one.name in found)
                texts = sum(isinstance(cell, str) for cell in cells)
                # most recognised columns; then the widest row of texts; then the higher row, the plain reading
                score = (
                    len(found) * 10 + wanted * 5,
                    texts if len(found) < 2 else 0,
                    -at * 2 - (below > at + 1) - order,
                )
                if (best is None or score > best[0]) and (found or texts >= 2):
                    best = (score, sheet, number, below, heads, found)
    if best is None:
        return None
    _score, sheet, number, below, heads, found = best
    by_place = {place: name for name, place in found.items()} if chosen is None else dict(chosen)
    table = Table(sheet, number, sheet.rows[below][0] if below < len(sheet.rows) else number + 1, [], [])
    table.rows = _body(table, heads, below)
    width = max([len(heads), *(len(cells) for _n, cells in table.rows[:200])])
    heads = heads + [""] * (width - len(heads))
    for place, head in enumerate(heads):
        samples = [
            as_text(cells[place]) for _n, cells in table.rows[:50] if place < len(cells) and cells[place] is not None
        ]
        if squeezed(head) == REASONS or not (head or samples):
            continue
        table.columns.append(
            Column(place, head, by_place.get(place, ""), place in sheet.hidden_columns, tuple(samples[:SAMPLES]))
        )
    return table


def match(heads: Sequence[str], fields: Sequence[Field], remembered: Mapping[str, str]) -> dict[str, int]:
    """Field -> place of its column: as last time, then by whole heads (best name first), then heads that contain a name."""
    written = [squeezed(head) for head in heads]
    known = {one.name for one in fields}
    found: dict[str, int] = {}
    taken = {place for place, head in enumerate(written) if not head or head == REASONS}
    for place, head in enumerate(written):
        if head in remembered and place not in taken:
            name = remembered[head]
            if name in known and name not in found:
                found[name] = place
            if name in found or not name:
                taken.add(place)
    names = {one.name: [squeezed(str(one.label)), *(squeezed(head) for head in one.heads)] for one in fields}
    for one in fields:
        if one.name in found:
            continue
        whole = next(
            (at for name in names[one.name] for at, head in enumerate(written) if at not in taken and head == name),
            None,
        )
        if whole is not None:
            found[one.name] = whole
            taken.add(whole)
    parts = sorted(
        (
            (-len(name), order, at, one.name)
            for order, one in enumerate(fields)
            for name in names[one.name]
            for at, head in enumerate(written)
            if len(name) >= 2 and name in head and len(head) <= len(name) + 8
        )
    )
    for _length, _order, at, name in parts:
        if name not in found and at not in taken:
            found[name] = at
            taken.add(at)
    return found


def _readings(sheet: Sheet, at: int) -> Iterable[tuple[list[str], int]]:
    """The heads in row `at` alone, and with the row below as their lower half where cells are merged: (heads, first data row)."""
    number, cells = sheet.rows[at]
    top = _filled(sheet, number, cells)
    if sum(bool(head) for head in top) >= 1:
        yield top, at + 1
    if at + 1 >= len(sheet.rows):
        return
    below, lower_cells = sheet.rows[at + 1]
    merged = [merge for merge in sheet.merges if merge.top <= number <= merge.bottom]
    if not any(merge.right > merge.left or merge.bottom >= below for merge in merged):
        return
    lower = _filled(sheet, below, lower_cells)
    width = max(len(top), len(lower))
    top, lower = top + [""] * (width - len(top)), lower + [""] * (width - len(lower))
    yield [b if not a or a == b else (a if not b else a + b) for a, b in zip(top, lower, strict=True)], at + 2
    yield [b or a for a, b in zip(top, lower, strict=True)], at + 2


def _filled(sheet: Sheet, number: int, cells: Sequence[Value]) -> list[str]:
    """The texts of a row of heads; merged cells all carry the text of the first."""
    heads = [re.sub(r"\s+", "", as_text(cell)) for cell in cells]
    by_number = dict(sheet.rows[: HEAD_WITHIN + 2])
    for merge in sheet.merges:
        if merge.top <= number <= merge.bottom and merge.right - merge.left < 60:
            origin = by_number.get(merge.top, [])
            text = re.sub(r"\s+", "", as_text(origin[merge.left])) if merge.left < len(origin) else ""
            heads += [""] * (merge.right + 1 - len(heads))
            for place in range(merge.left, merge.right + 1):
                heads[place] = heads[place] or text
    return heads


def _body(table: Table, heads: Sequence[str], below: int) -> list[tuple[int, list[Value]]]:
    """The rows of data: merged cells and 同上 filled, totals, footers and repeated heads left out (and noted)."""
    down = {(row, merge.left): merge.top for merge in table.sheet.merges if merge.left == merge.right and merge.bottom - merge.top < 5_000
            for row in range(merge.top + 1, merge.bottom + 1)}  # fmt: skip
    written = [squeezed(head) for head in heads]
    kept: dict[int, list[Value]] = {}
    previous: list[Value] = []
    for number, cells in table.sheet.rows[below:]:
        texts = [cell for cell in cells if cell is not None]
        first = as_text(texts[0])
        if TOTALS.fullmatch(first) or (
            len(texts) > 1 and any(isinstance(t, str) and TOTALS.fullmatch(t) and len(t) < 8 for t in texts)
        ):
            table.skipped.setdefault("totals", []).append(number)
            continue
        if len(texts) <= 3 and FOOTERS.fullmatch(first):
            table.skipped.setdefault("footers", []).append(number)
            continue
        squeezed_cells = [squeezed(as_text(cell)) for cell in cells]
        if sum(bool(head) for head in squeezed_cells) > 1 and all(
            not cell or (place < len(written) and written[place].endswith(cell))
            for place, cell in enumerate(squeezed_cells)
        ):
            table.skipped.setdefault("heads", []).append(number)
            continue
        filled = list(cells)
        if down:
            for place in {left for (row, left) in down if row == number} if len(down) < 2_000 else range(len(heads)):
                origin = down.get((number, place))
                if origin in kept:
                    filled += [None] * (place + 1 - len(filled))
                    if filled[place] is None and place < len(kept[origin]):
                        filled[place] = kept[origin][place]
        for place, cell in enumerate(filled):
            if isinstance(cell, str) and cell in SAME:
                filled[place] = previous[place] if place < len(previous) else None
        kept[number] = previous = filled
    return list(kept.items())
