"""Read a workbook or a text file into rows of plain values: no database, no language, faults are codes (`UnreadableSheet`).

What people's files look like is domain.md 18.6: hidden rows, merged cells, formulas, leading zeros that are only a number format.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal
from xml.etree import ElementTree

Value = str | int | float | Decimal | bool | date | datetime | None
Fault = Literal["empty", "old_excel", "not_readable", "too_large", "too_many_rows", "bomb", "encoding", "quotes"]

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 200
MAX_UNPACKED = 400 * 1024 * 1024  # a workbook of 100,000 rows and 20 columns unpacks to about 150 MB
MAX_RATIO = 300  # cells of one value pack about 1:100, a bomb 1:1000
MAX_PARTS = 2_000
MAX_SHEETS = 10
BLANK_ROWS = 2_000  # a sheet formatted down to its last row ends here

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and .xlsx behind a password
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u2060\ufeff\ufffe]")
_ZEROS = re.compile(r"0{2,}")
_DELIMITERS = ",;\t|，；"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class UnreadableSheet(Exception):
    """The file as a whole cannot be read; code says why."""

    def __init__(self, code: Fault) -> None:
        super().__init__(code)
        self.code: Fault = code


class CellError(str):
    """What a formula left instead of a value: #N/A, #REF!"""

    __slots__ = ()


@dataclass(frozen=True)
class Merge:
    """Merged cells; rows count from 1, columns from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass
class Sheet:
    """One table of a file. rows: (number, cells) of visible rows that hold something; numbers as the spreadsheet shows them.

    hidden: numbers of rows that are hidden and were left out. not_calculated: rows with a formula that has no value.
    """

    name: str
    rows: list[tuple[int, list[Value]]]
    merges: list[Merge] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    hidden_columns: frozenset[int] = frozenset()
    not_calculated: list[int] = field(default_factory=list)


def read_file(content: bytes, *, stop: int = MAX_ROWS + 1) -> list[Sheet]:
    """The visible sheets of an .xlsx workbook, or the readings of a text file with one delimiter each.

    The kind of file is told by its bytes, never by its name. stop: rows after which nobody wants to know more, to look at the heads.
    Errors: UnreadableSheet.
    """
    if len(content) > MAX_BYTES:
        raise UnreadableSheet("too_large")
    if not content.strip():
        raise UnreadableSheet("empty")
    if content.startswith(_OLE):
        raise UnreadableSheet("old_excel")
    return _workbook(content, stop) if content.startswith(b"PK") else _texts(content, stop)


def is_workbook(content: bytes) -> bool:
    """Whether these bytes are an .xlsx file (else text)."""
    return content.startswith(b"PK")


# ── workbooks ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _workbook(content: bytes, stop: int) -> list[Sheet]:
    import openpyxl

    archive = _guarded(content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        found: list[Sheet] = []
        budget = MAX_ROWS
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible" and len(found) < MAX_SHEETS:
                found.append(_sheet(sheet, archive, budget, stop))
                budget -= len(found[-1].rows)
    except UnreadableSheet:
        raise
    except Exception as problem:  # whatever a broken workbook does to the library
        raise UnreadableSheet("not_readable") from problem
    if not any(sheet.rows for sheet in found):
        raise UnreadableSheet("empty")
    return found


def _guarded(content: bytes) -> zipfile.ZipFile:
    """The archive, when it does not unpack to more than a spreadsheet needs and defines no entities."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as problem:
        raise UnreadableSheet("not_readable") from problem
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED:
        raise UnreadableSheet("bomb")
    if unpacked > 20 * 1024 * 1024 and unpacked > MAX_RATIO * max(1, sum(part.compress_size for part in parts)):
        raise UnreadableSheet("bomb")
    for part in parts:
        if part.flag_bits & 0x1:
            raise UnreadableSheet("old_excel")
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as stream:
                begin = stream.read(2_048).replace(b"\x00", b"")
            if b"<!DOCTYPE" in begin or b"<!ENTITY" in begin:
                raise UnreadableSheet("not_readable")
    return archive


def _sheet(sheet: Any, archive: zipfile.ZipFile, budget: int, stop: int) -> Sheet:
    marks = _marks(archive, sheet)
    hidden = set(marks.hidden)
    rows: list[tuple[int, list[Value]]] = []
    blank = 0
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), start=1):
        values = [_value(cell) for cell in cells]
        while values and values[-1] is None:
            values.pop()
        if not values:
            blank += 1
            if blank > BLANK_ROWS:
                break
            continue
        blank = 0
        if number in hidden:
            marks.left_out.append(number)
            continue
        rows.append((number, values))
        if len(rows) > budget:
            raise UnreadableSheet("too_many_rows")
        if len(rows) >= stop:
            break
    return Sheet(
        name=sheet.title,
        rows=rows,
        merges=marks.merges,
        hidden=marks.left_out,
        hidden_columns=frozenset(marks.columns),
        not_calculated=marks.not_calculated,
    )


@dataclass
class _Marks:
    merges: list[Merge] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    left_out: list[int] = field(default_factory=list)
    columns: set[int] = field(default_factory=set)
    not_calculated: list[int] = field(default_factory=list)


def _marks(archive: zipfile.ZipFile, sheet: Any) -> _Marks:
    """What the read-only reader does not tell: merged cells, hidden rows and columns, formulas without a value."""
    from openpyxl.utils.cell import range_boundaries

    marks, number = _Marks(), 0
    with archive.open(sheet._worksheet_path) as stream:
        for _event, tag in ElementTree.iterparse(stream):  # noqa: S314  # no document type, see _guarded
            if tag.tag == f"{_MAIN}row":
                number = int(tag.get("r") or number + 1)
                if tag.get("hidden") in ("1", "true"):
                    marks.hidden.append(number)
                if any(cell.find(f"{_MAIN}f") is not None and not cell.findtext(f"{_MAIN}v") for cell in tag):
                    marks.not_calculated.append(number)
                tag.clear()
            elif tag.tag == f"{_MAIN}col" and tag.get("hidden") in ("1", "true"):
                first, last = int(tag.get("min", "1")), min(int(tag.get("max", "1")), MAX_COLUMNS)
                marks.columns.update(range(first - 1, last))
            elif tag.tag == f"{_MAIN}mergeCell" and len(marks.merges) < MAX_ROWS:
                left, top, right, bottom = range_boundaries(tag.get("ref", "A1"))
                marks.merges.append(Merge(int(top or 1), int(left or 1) - 1, int(bottom or 1), int(right or 1) - 1))
    return marks


def _value(cell: Any) -> Value:
    value = cell.value
    if value is None:
        return None
    if isinstance(value, str):
        if cell.data_type == "e":
            return CellError(value)
        return cleaned(value)
    if isinstance(value, bool | Decimal):
        return value
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value
    if isinstance(value, date):
        return value
    if isinstance(value, time | timedelta):
        return str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, int) and value >= 0 and _ZEROS.fullmatch(cell.number_format or ""):
        return f"{value:0{len(cell.number_format)}d}"  # leading zeros that stand only in the format
    return value if isinstance(value, int | float) else str(value)


# ── text ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _texts(content: bytes, stop: int) -> list[Sheet]:
    text = _decoded(content)
    found: list[Sheet] = []
    fault: UnreadableSheet | None = None
    for delimiter in _DELIMITERS:
        if delimiter in text:
            try:
                found.append(Sheet(delimiter, _lines(text, delimiter, stop)))
            except UnreadableSheet as problem:
                fault = fault or problem
    if not found:
        if fault:
            raise fault
        found.append(Sheet(",", _lines(text, ",", stop)))  # one column
    return found


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in content:
        raise UnreadableSheet("not_readable")
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableSheet("encoding")


def _lines(text: str, delimiter: str, stop: int) -> list[tuple[int, list[Value]]]:
    rows: list[tuple[int, list[Value]]] = []
    for number, cells in _numbered(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)):
        values: list[Value] = [cleaned(cell) for cell in cells[:MAX_COLUMNS]]
        while values and values[-1] is None:
            values.pop()
        if values:
            rows.append((number, values))
        if len(rows) > MAX_ROWS:
            raise UnreadableSheet("too_many_rows")
        if len(rows) >= stop:
            break
    return rows


def _numbered(rows: Iterable[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Each row with its number as a spreadsheet counts it: a cell with line breaks is one row."""
    try:
        yield from enumerate(rows, start=1)
    except csv.Error as problem:
        raise UnreadableSheet("quotes") from problem


def cleaned(text: str) -> str | None:
    """The text without control characters and without blanks around; None when nothing is left."""
    return _CONTROL.sub("", text).strip().strip("\u3000\xa0 ") or None
