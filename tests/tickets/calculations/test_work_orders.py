"""Reading files of old work orders: real ones, spoilt ones, and whatever hypothesis thinks of."""

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.calculations.work_orders import (
    RejectedRow,
    UnreadableFile,
    WorkOrder,
    WorkOrderFile,
    read_cost,
    read_day,
    read_work_orders,
)

SAMPLE = Path(__file__).parents[2] / "data" / "work_orders.csv"
HEADS = "BscStartDate,Asset,OriginalShorttext,PMType,Cost\n"


def read(text: str) -> WorkOrderFile:
    return read_work_orders(text.encode())


def rows_of(file: WorkOrderFile) -> list[tuple[date, str, str, str, Decimal | None]]:
    return [(order.day, order.asset, order.text, order.kind, order.cost) for order in file.orders]


def keys_of(file: WorkOrderFile) -> list[tuple[str, int]]:
    return [(order.digest, order.n) for order in file.orders]


def test_real_rows_with_equal_zero_negative_and_split_ones() -> None:
    file = read_work_orders(SAMPLE.read_bytes())
    assert file.rows == 12
    assert file.rejected == (RejectedRow(line=10, reason="cost", cell="PM01"),)
    assert [order.n for order in file.orders] == [1, 1, 1, 2, 3, 1, 1, 1, 1, 1, 1]
    assert file.orders[0].cost == Decimal("183.05") and file.orders[1].cost == Decimal("0.00")
    assert file.orders[5].cost == Decimal("-339.81")
    assert file.orders[6].text == "Missing adapter,tooth and pins"


def test_equal_rows_are_separate_orders_with_keys_of_their_own() -> None:
    row = "2004-07-01,A,BUCKET WON'T OPEN,PM01,183.05\n"
    keys = keys_of(read(HEADS + row * 3))
    assert len(set(keys)) == 3
    assert [n for _, n in keys] == [1, 2, 3]


def test_the_same_cells_written_differently_are_equal() -> None:
    one = read(HEADS + "2004-07-01,A,NO  START,PM01,1234.5\n")
    other = read(HEADS + '2004/7/1, A ,NO START ,PM01,"¥1,234.50元"\n')
    assert keys_of(one) == keys_of(other)


def test_a_longer_file_repeats_the_keys_of_the_old_rows() -> None:
    old = "".join(f"2004-07-0{day},A,SWAP BUCKET,PM01,0\n" for day in (1, 1, 2, 3))
    shorter, longer = read(HEADS + old), read(HEADS + old + "2004-07-01,A,SWAP BUCKET,PM01,0\n")
    assert keys_of(longer)[:4] == keys_of(shorter)
    assert keys_of(longer)[4] not in keys_of(shorter)


def test_an_empty_cost_is_accepted_and_is_not_zero() -> None:
    file = read(HEADS + "2004-07-01,A,GREASE,PM01,\n2004-07-01,A,GREASE,PM01,0\n")
    assert [order.cost for order in file.orders] == [None, Decimal("0.00")]
    assert [order.n for order in file.orders] == [1, 1]


def test_columns_are_found_by_chinese_heads_in_any_order() -> None:
    file = read_work_orders(
        "金额;故障描述;机手;设备编号;类型;开始日期\n¥12.5;漏油;张三;挖机1;维修;2006年7月1日\n".encode("gb18030")
    )
    assert rows_of(file) == [(date(2006, 7, 1), "挖机1", "漏油", "维修", Decimal("12.50"))]


def test_the_best_head_wins_when_several_would_do() -> None:
    file = read("完成日期,日期,设备名称,设备,描述,短文本\n2006-01-02,2006-01-01,挖掘机,A,长,短\n")
    assert rows_of(file) == [(date(2006, 1, 1), "A", "短", "", None)]


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffDate,Asset,Text,Cost\n2006-01-01,A,油管漏油,3\n".encode(),
        "Date\tAsset\tText\tCost\r\n2006-01-01\tA\t油管漏油\t3\r\n".encode("utf-16"),
        "DATE | asset | TEXT | Cost \n2006-01-01|A|油管漏油|3".encode(),
        "2006年度维修台账\n\n日期,设备,故障,费用,\n2006-01-01,A,油管漏油,3,\n,,,,\n".encode("gb18030"),
        "日期，资产，描述，费用\n2006-01-01，A，油管漏油，3\n".encode(),
    ],
)
def test_encoding_delimiter_and_lines_above_the_heads_are_told(content: bytes) -> None:
    assert rows_of(read_work_orders(content)) == [(date(2006, 1, 1), "A", "油管漏油", "", Decimal("3.00"))]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("yesterday,A,GREASE,PM01,1", "date"),
        ("2006-02-30,A,GREASE,PM01,1", "date"),
        (",A,GREASE,PM01,1", "date"),
        ("6月3日,A,GREASE,PM01,1", "date_without_year"),
        ("2006-01-01, ,GREASE,PM01,1", "asset"),
        ("2006-01-01,6.0235E+11,GREASE,PM01,1", "asset"),
        ("2006-01-01,A,GREASE,PM01,PM01", "cost"),
        ("2006-01-01,A,GREASE,PM01,NaN", "cost"),
        ("2006-01-01,A,GREASE,PM01", "columns"),
        ("2006-01-01,A,GREASE,PM01,1,2", "columns"),
    ],
)
def test_a_row_that_cannot_be_read_is_rejected_alone(row: str, reason: str) -> None:
    file = read(HEADS + "2006-01-01,A,BEFORE,PM01,1\n" + row + "\n2006-01-01,A,AFTER,PM01,1\n")
    assert [(bad.line, bad.reason) for bad in file.rejected] == [(3, reason)]
    assert [order.text for order in file.orders] == ["BEFORE", "AFTER"]


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    file = read(HEADS + '2006-01-01,A,"TWO\nLINES",PM01,1\n\nbad,A,X,PM01,1\n')
    assert file.orders[0].text == "TWO LINES"
    assert file.rejected[0].line == 5


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"PK\x03\x04\x14\x00\x06\x00", "not_csv"),
        (b"\xff\xff\xff", "encoding"),
        (b"name,price\nx,1\n", "no_head"),
        (HEADS.encode() + b'2006-01-01,A,"NO END,PM01,1\n2006-01-02,A,X,PM01,1\n', "broken_quotes"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, code: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_work_orders(content)
    assert caught.value.code == code


def test_missing_columns_are_named() -> None:
    with pytest.raises(UnreadableFile) as caught:
        read("日期,费用\n2006-01-01,1\n")
    assert caught.value.missing == ("asset", "text")


@pytest.mark.parametrize(
    "cell",
    [
        "2026-06-03", "2026.6.3", "2026/6/3", "2026年6月3日", "20260603", "46176", "46176.5", "２０２６．６．３",
        " 2026-06-03 08:30 ", "2026-06-03T08:30:00",
    ],
)  # fmt: skip
def test_days_are_read_as_people_write_them(cell: str) -> None:
    assert read_day(cell) == date(2026, 6, 3)


@pytest.mark.parametrize("cell", ["", "6月3日", "03/06/2026", "2026-13-01", "0", "99999", "2026", "20261301"])
def test_days_that_cannot_be_told_are_not_guessed(cell: str) -> None:
    assert read_day(cell) is None


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("12", "12.00"), ("12.345", "12.35"), ("¥1,282.60", "1282.60"), ("￥１２．５", "12.50"), ("1,234元", "1234.00"),
        ("-3", "-3.00"), ("−3", "-3.00"), ("(3.5)", "-3.50"), (".5", "0.50"), ("0", "0.00"), ("- 3", "-3.00"),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_write_them(cell: str, amount: str) -> None:
    assert str(read_cost(cell)) == amount


@pytest.mark.parametrize("cell", ["", "PM01", "1,2,3", "12,34", "1e5", "NaN", "Infinity", "--1", "9" * 40, "1.2.3"])
def test_amounts_that_cannot_be_told_are_not_guessed(cell: str) -> None:
    assert read_cost(cell) is None


SIGNS = st.characters(codec="gb18030", exclude_categories=("C", "Z"), exclude_characters="+")
WORDS = st.text(SIGNS, min_size=1, max_size=20)
ORDERS = st.tuples(
    st.dates(date(1990, 1, 1), date(2090, 1, 1)), WORDS, WORDS, st.sampled_from(["PM01", "PM02", "维修"]),
    st.decimals(-(10**6), 10**9, places=2),
)  # fmt: skip


@given(
    st.lists(ORDERS, max_size=20),
    st.permutations(range(5)),
    st.sampled_from([("utf-8", ","), ("utf-8-sig", ";"), ("gb18030", "\t"), ("utf-16", "|")]),
)
def test_what_a_spreadsheet_writes_is_read_back(
    orders: list[tuple[date, str, str, str, Decimal]], order: list[int], form: tuple[str, str]
) -> None:
    page = io.StringIO()
    writer = csv.writer(page, delimiter=form[1])
    heads = ("日期", "设备", "描述", "类型", "费用")
    for row in [heads, *orders]:
        writer.writerow([row[at] for at in order])
    file = read_work_orders(page.getvalue().encode(form[0]))
    assert rows_of(file) == orders
    assert file.rows == len(orders)
    assert len(set(keys_of(file))) == len(file.orders)


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: (HEADS + text).encode())))
def test_any_bytes_give_rows_or_a_typed_error(content: bytes) -> None:
    try:
        file = read_work_orders(content)
    except UnreadableFile:
        return
    assert all(isinstance(order, WorkOrder) for order in file.orders)


@given(st.text(max_size=30))
def test_no_cell_breaks_the_reading_of_days_and_amounts(cell: str) -> None:
    day, cost = read_day(cell), read_cost(cell)
    assert day is None or isinstance(day, date)
    assert cost is None or cost == cost.quantize(Decimal("0.01"))
