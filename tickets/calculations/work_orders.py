"""Read a file of old work orders (CSV from a spreadsheet or an ERP) into rows that can be imported.

Bytes in, rows out: no database and no language, reasons are codes that tickets/explain/work_orders.py words. A row is one order:
day, machine, text, kind and cost. A row that cannot be read is rejected alone, with its line and its reason; a file that
cannot be read at all raises UnreadableFile.

Each order has a key that is the same in every later file: the digest of its normalised cells, and n for the n-th row with
that digest, since identical rows are separate orders. So a longer file that repeats the old rows adds just the rest.
"""

import csv
import hashlib
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

Column = Literal["day", "asset", "text", "kind", "cost"]
Reason = Literal["columns", "date", "date_without_year", "asset", "cost"]
FileFault = Literal["empty", "not_csv", "encoding", "broken_quotes", "no_head", "too_large"]

MAX_BYTES = 64 * 1024 * 1024  # about a million orders; more is an export gone wrong
ASSET_LENGTH = 40  # characters, the length of a machine's number
HEAD_WITHIN = 20  # lines: a title, a blank line and a note may stand above the heads
MAX_COST = Decimal("9999999999.99")  # ten digits before the point, as the money columns hold
CENT = Decimal("0.01")

# Heads as they are written, best first; compared without case, blanks and signs
HEADS: Mapping[Column, Sequence[str]] = {
    "day": (
        "BscStartDate", "Basic start date", "Bsc start", "Start date", "开始日期", "基本开始日期", "报修日期", "维修日期", "工单日期",
        "发生日期", "日期", "报修时间", "开始时间", "维修时间", "Work order date", "Order date", "Created on", "Date", "时间",
    ),
    "asset": (
        "Asset", "Asset ID", "Asset No", "设备编号", "资产编号", "设备号", "机号", "机器编号", "出厂编号", "设备", "资产", "机器",
        "设备名称", "Equipment", "Equipment No", "Machine", "Unit", "Functional location", "SN", "Serial number",
    ),
    "text": (
        "OriginalShorttext", "Short text", "Description", "短文本", "故障描述", "描述", "故障", "故障现象", "报修内容", "工单描述",
        "维修内容", "内容", "Work description", "Text", "摘要", "说明",
    ),
    "kind": (
        "PMType", "PM type", "MaintActivityType", "Order type", "Work order type", "工单类型", "维修类型", "类型", "类别", "Type",
        "Category",
    ),
    "cost": (
        "Cost", "Total cost", "Actual cost", "Total act costs", "费用", "总费用", "实际费用", "维修费用", "处理费用", "金额", "总金额",
        "成本", "Amount", "Price",
    ),
}  # fmt: skip
REQUIRED: tuple[Column, ...] = ("day", "asset", "text")

_DELIMITERS = ",;\t|，"
_DAY = re.compile(
    r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?(?:[T\s]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?"
)
_DAY_DIGITS = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_DAY_WITHOUT_YEAR = re.compile(r"\d{1,2}\s*[月/.-]\s*\d{1,2}\s*日?")
_DAY_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_SERIAL_ZERO = date(1899, 12, 30)  # day 0 of the spreadsheets' 1900 calendar, as it counts after February 1900
_EARLIEST, _LATEST = date(1980, 1, 1), date(2100, 1, 1)
_AMOUNT = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|[+-]?\.\d+")
_CURRENCY = re.compile(r"[¥$€£]|元|圆|RMB|CNY|USD|AUD|人民币", re.IGNORECASE)
_ROUNDED_NUMBER = re.compile(r"\d(?:\.\d+)?E\+\d+", re.IGNORECASE)  # 602350000000 as a spreadsheet spoils it
_BLANKS = re.compile(r"\s+")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufeff\ufffe]")


@dataclass(frozen=True)
class WorkOrder:
    """One order of the file.

    line: where the row begins, 1 is the file's first line. cost: two decimals, negative for a correction, None when the
    cell is empty or the file has no such column. digest and n: the stable key, see the module's text.
    """

    line: int
    day: date
    asset: str
    text: str
    kind: str
    cost: Decimal | None
    digest: str
    n: int


@dataclass(frozen=True)
class RejectedRow:
    """A row that cannot be read: its line, why, and the cell that is to blame as it stands in the file."""

    line: int
    reason: Reason
    cell: str


@dataclass(frozen=True)
class WorkOrderFile:
    """What a file holds; orders and rejected rows are each in the order of the file."""

    orders: tuple[WorkOrder, ...]
    rejected: tuple[RejectedRow, ...]

    @property
    def rows(self) -> int:
        """Count all rows below the heads that are not blank."""
        return len(self.orders) + len(self.rejected)


class UnreadableFile(Exception):
    """The file as a whole cannot be read: code, the line where it went wrong (0: the whole), and the missing columns."""

    def __init__(self, code: FileFault, *, line: int = 0, missing: Sequence[Column] = ()) -> None:
        super().__init__(code)
        self.code: FileFault = code
        self.line = line
        self.missing = tuple(missing)


def read_work_orders(content: bytes) -> WorkOrderFile:
    """Read a file of work orders.

    Encoding: UTF-8 with or without mark, UTF-16 with mark, GB18030. Delimiter: comma, semicolon, tab, bar, full-width
    comma, told by the heads. Columns are found by their heads in any order; day, machine and text must exist, kind and
    cost may be missing, others are ignored.
    Errors: UnreadableFile. Source: issue "Import of real data", domain.md 18.6 (dates and amounts as people write them).
    """
    text = _decode(content)
    delimiter, head_line, columns, width = _find_head(text)
    orders: list[WorkOrder] = []
    rejected: list[RejectedRow] = []
    seen: Counter[str] = Counter()
    for line, cells in _rows(text, delimiter):
        if line <= head_line or not any(cells):
            continue
        row = _read_row(line, cells, columns, width, seen)
        if isinstance(row, WorkOrder):
            orders.append(row)
        else:
            rejected.append(row)
    return WorkOrderFile(tuple(orders), tuple(rejected))


def read_cells(line: int, cells: Mapping[Column, str], seen: Counter[str]) -> WorkOrder | RejectedRow:
    """Read one row that somebody else has taken out of a table; the same row has the same key as in a CSV file.

    cells: as they stand there, empty columns may be missing. seen: how often each digest stood above, one counter a file.
    """
    columns: dict[Column, int] = {column: place for place, column in enumerate(HEADS)}
    row = [_BLANKS.sub(" ", _FORBIDDEN.sub(" ", cells.get(column, ""))).strip() for column in columns]
    return _read_row(line, row, columns, len(row), seen)


def read_day(cell: str) -> date | None:
    """Read a day as people and spreadsheets write it (domain.md 18.6); None when it cannot be read.

    2026-06-03, 2026.6.3, 2026/6/3, 2026年6月3日, 20260603, the spreadsheet's day number 46176; a time behind it is left out.
    6月3日 has no year and is not guessed. Day/month/year is not read, since it cannot be told from month/day/year.
    """
    cell = unicodedata.normalize("NFKC", cell).strip()
    if written := _DAY.fullmatch(cell) or _DAY_DIGITS.fullmatch(cell):
        return _day(*map(int, written.groups()))
    if serial := _DAY_SERIAL.fullmatch(cell):
        return _within_reason(_SERIAL_ZERO + timedelta(days=int(serial.group(1))))
    return None


def read_cost(cell: str) -> Decimal | None:
    """Read an amount with two decimals, rounded half up; None when it cannot be read. An empty cell is no amount either.

    Understood are ¥ and 元, thousands commas, full-width digits, a minus sign of any kind and (12.00) for -12.00.
    """
    amount = _CURRENCY.sub("", unicodedata.normalize("NFKC", cell))
    amount = _BLANKS.sub("", amount).replace("−", "-").replace("–", "-")
    if amount.startswith("(") and amount.endswith(")"):
        amount = "-" + amount[1:-1]
    if not _AMOUNT.fullmatch(amount):
        return None
    # Quantizing 30 digits and more would overflow the context, so the size is judged first
    value = Decimal(amount.replace(",", ""))
    return value.quantize(CENT, ROUND_HALF_UP) if abs(value) <= MAX_COST else None


def _read_row(
    line: int, cells: Sequence[str], columns: Mapping[Column, int], width: int, seen: Counter[str]
) -> WorkOrder | RejectedRow:
    if any(cells[width:]) or len(cells) <= max(columns.values()):
        return RejectedRow(line, "columns", str(len(cells)))
    found = {column: cells[at] for column, at in columns.items()}
    day = read_day(found["day"])
    if day is None:
        plain = unicodedata.normalize("NFKC", found["day"])
        reason: Reason = "date_without_year" if _DAY_WITHOUT_YEAR.fullmatch(plain) else "date"
        return RejectedRow(line, reason, found["day"])
    asset, text, kind = found["asset"], found["text"], found.get("kind", "")
    if not 1 <= len(asset) <= ASSET_LENGTH or _ROUNDED_NUMBER.fullmatch(asset):
        return RejectedRow(line, "asset", asset)
    written = found.get("cost", "")
    cost = read_cost(written)
    if cost is None and written:
        return RejectedRow(line, "cost", written)
    digest = _digest(day, asset, text, kind, cost)
    seen[digest] += 1
    return WorkOrder(line, day, asset, text, kind, cost, digest, seen[digest])


def _digest(day: date, asset: str, text: str, kind: str, cost: Decimal | None) -> str:
    """Make the part of the key that equal rows share; a change of this line makes every import a new one."""
    cells = (day.isoformat(), asset, text, kind, "" if cost is None else f"{cost + 0:.2f}")
    return hashlib.sha256("\x1f".join(cells).encode()).hexdigest()[:32]


def _decode(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise UnreadableFile("too_large")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in content:  # a workbook, a picture, a database: text of one byte a character has no zero byte
        raise UnreadableFile("not_csv")
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not text.strip():
            raise UnreadableFile("empty")
        return text
    raise UnreadableFile("encoding")


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the line on which it begins; cells come clean: no control characters, single blanks."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            yield begins, [_BLANKS.sub(" ", _FORBIDDEN.sub(" ", cell)).strip() for cell in cells]
            begins = reader.line_num + 1
    except csv.Error as fault:
        raise UnreadableFile("broken_quotes", line=begins) from fault


def _find_head(text: str) -> tuple[str, int, Mapping[Column, int], int]:
    """Find delimiter, line of the heads, place of each column and number of heads: the reading with most columns wins."""
    best: tuple[str, int, Mapping[Column, int], int] = (",", 0, {}, 0)
    fault: UnreadableFile | None = None
    for delimiter in _DELIMITERS:
        try:
            for line, cells in _rows(text, delimiter):
                if line > HEAD_WITHIN:
                    break
                columns = _columns(cells)
                if len(columns) > len(best[2]):
                    best = (delimiter, line, columns, len(cells))
        except UnreadableFile as broken:
            fault = fault or broken
    missing = [column for column in REQUIRED if column not in best[2]]
    if missing:
        raise fault or UnreadableFile("no_head", missing=missing)
    return best


def _columns(heads: Sequence[str]) -> dict[Column, int]:
    """Tell which column is where: whole heads first (best name first), then heads that contain a name."""
    written = [_plain(head) for head in heads]
    found: dict[Column, int] = {}
    for is_same in (str.__eq__, str.__contains__):
        for column, names in HEADS.items():
            if column in found:
                continue
            free = [at for at in range(len(written)) if at not in found.values() and written[at]]
            places = (at for name in names for at in free if is_same(written[at], _plain(name)))
            if (at := next(places, None)) is not None:
                found[column] = at
    return found


def _plain(head: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKC", head).casefold() if sign.isalnum())


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return _within_reason(date(year, month, day))
    except ValueError:
        return None


def _within_reason(day: date) -> date | None:
    return day if _EARLIEST <= day < _LATEST else None
