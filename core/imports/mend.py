"""Workbooks that we write: the file of rejected rows with reasons, and the templates (domain.md 18.6).

Texts are written as texts, whatever they begin with: a cell "=1+1" stays these five signs (reliability.md 6).
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill

from core.imports.columns import REASONS, Table
from core.imports.kinds import Kind, Problem
from core.imports.sheets import Value

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RED = PatternFill("solid", fgColor="FFFFC7CE")
_HEAD = PatternFill("solid", fgColor="FFE8EEF4")


def mend_file(kind: Kind, table: Table, rejected: Mapping[int, Sequence[Problem]]) -> bytes:
    """The rejected rows of a file with their heads: red where the fault is, the reasons in a column of their own.

    rejected: row number -> problems. Loaded again after mending, the columns are recognised as before.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet("待修改")
    columns = table.columns
    sheet.freeze_panes = "A2"
    for place, column in enumerate(columns, start=1):
        longest = max([len(column.head) * 2, *(len(sample) for sample in column.samples)])
        sheet.column_dimensions[_letter(place)].width = min(40, longest + 4)
    sheet.column_dimensions[_letter(len(columns) + 1)].width = 60
    sheet.append([*(_head(sheet, column.head) for column in columns), _head(sheet, REASONS)])
    places = {column.field: column.index for column in columns if column.field}
    for line, cells in table.rows:
        if line not in rejected:
            continue
        wrong = {places[problem.field] for problem in rejected[line] if problem.field in places}
        row = [
            _cell(sheet, cells[column.index] if column.index < len(cells) else None, red=column.index in wrong)
            for column in columns
        ]
        reasons = "；".join(dict.fromkeys(sentence(kind, problem) for problem in rejected[line]))
        row.append(_cell(sheet, reasons, red=not wrong))
        sheet.append(row)
    return _bytes(book)


def template(kind: Kind) -> bytes:
    """An empty table with the kind's heads; required ones are marked, each head has its example as a comment."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("模板")
    sheet.freeze_panes = "A2"
    for place in range(1, len(kind.fields) + 1):
        sheet.column_dimensions[_letter(place)].width = 18
        sheet.column_dimensions[_letter(place)].number_format = "@"
    heads = []
    for one in kind.fields:
        cell = _head(sheet, str(one.label) + (" *" if one.required else ""))
        if one.example:
            cell.comment = Comment(one.example, "")
        heads.append(cell)
    sheet.append(heads)
    return _bytes(book)


def sentence(kind: Kind, problem: Problem) -> str:
    """The problem in one line: 产品型号: 未找到 YE3-160M4, 是否为 YE3-160M-4?"""
    from django.utils.translation import gettext as _

    one = kind.field(problem.field)
    text = _("%(field)s: %(text)s") % {"field": one.label, "text": problem.text} if one else problem.text
    if problem.suggestion:
        return _("%(text)s, is it %(suggestion)s?") % {"text": text, "suggestion": problem.suggestion}
    return text


def safe(value: Value) -> Any:
    """A value as a workbook may hold it."""
    return (
        value
        if isinstance(value, int | float | Decimal | bool | date | datetime)
        else ("" if value is None else str(value))
    )


def _cell(sheet: Any, value: Value, *, red: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, None)
    if isinstance(value, str):
        cell.value = value
        cell.data_type = "s"  # never a formula
        cell.number_format = "@"
        cell.quotePrefix = value[:1] in ("=", "+", "-", "@")
    else:
        cell.value = safe(value) if value is not None else None
        if isinstance(value, datetime):
            cell.number_format = "yyyy-mm-dd hh:mm"
        elif isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"
    if red:
        cell.fill = _RED
    return cell


def _head(sheet: Any, text: str) -> Any:
    cell = _cell(sheet, text)
    cell.font, cell.fill, cell.alignment = Font(bold=True), _HEAD, Alignment(wrap_text=True, vertical="center")
    return cell


def _letter(place: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(place)


def _bytes(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
