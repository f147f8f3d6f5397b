"""Where columns and lines over months are drawn: places that can be worked out by hand."""

from __future__ import annotations

from core.charts import month_chart

MONTHS = [("11", "2025"), ("12", ""), ("1", "2026")]
SCALE = [(0, "0 %"), (50, "50 %"), (100, "100 %")]


def drawn(**more):
    return month_chart(id="x", title="t", description="d", months=MONTHS, scale=SCALE, **more)


def test_a_column_is_as_high_as_its_value():
    chart = drawn(columns=("rate", [(100, "100 %"), (50, "50 %"), (0, "0 %")]))
    assert [(column.x, column.y, column.height) for column in chart.columns] == [
        (145, 36, 150),
        (311, 111, 75),
        (477, 186, 0),
    ]
    assert [column.left for column in chart.columns] == [130, 296, 462]
    assert [(tick.y, tick.text) for tick in chart.scale] == [(186, "0 %"), (111, "50 %"), (36, "100 %")]
    assert [(tick.x, tick.text, tick.more) for tick in chart.months] == [
        (145, "11", "2025"),
        (311, "12", ""),
        (477, "1", "2026"),
    ]


def test_a_month_without_a_value_is_a_gap_in_the_line():
    (line,) = drawn(lines=[("median", [(50, "50"), (None, ""), (100, "100")])]).lines
    assert [(point.x, point.y) for point in line.points] == [(145, 111), (477, 36)]
    assert line.runs == []
    (line,) = drawn(lines=[("median", [(None, ""), (50, "50"), (100, "100")])]).lines
    assert line.runs == ["311.0,111.0 477.0,36"]


def test_two_lines_differ_without_colour_too():
    first, second = drawn(lines=[("a", [(1, "1")] * 3), ("b", [(2, "2")] * 3)]).lines
    assert (first.dash, first.squares) != (second.dash, second.squares)
    assert second.x > first.words


def test_the_numbers_stand_in_a_table():
    chart = drawn(lines=[("a", [(1, "0:01"), (None, ""), (3, "0:03")]), ("b", [(2, "0:02")] * 3)])
    assert chart.names == ["a", "b"]
    assert chart.table == [("2025 11", ["0:01", "0:02"]), ("12", ["", "0:02"]), ("2026 1", ["0:03", "0:02"])]


def test_a_value_above_the_scale_stays_in_the_drawing():
    assert drawn(columns=("rate", [(300, "300"), (None, ""), (None, "")])).columns[0].y == 36


def test_nothing_at_all_is_an_empty_drawing():
    chart = month_chart(id="x", title="t", description="d", months=[], scale=[(0, "0")], lines=[("a", [])])
    assert (chart.columns, chart.table, chart.lines[0].points) == ([], [], [])
