"""Geometry of the charts that templates draw as SVG (ui.md 1.4). Pure: numbers in, positions out."""

from collections.abc import Sequence
from dataclasses import dataclass

LEFT, RIGHT = 104, 390  # the bars' room in a drawing 440 wide; labels left of it, numbers behind the bars
STEP, DROP = 30, 19


@dataclass(frozen=True)
class Bar:
    """One bar with the places of its label and its number."""

    label: str
    text: str
    y: int
    width: int
    text_x: int
    text_y: int


@dataclass(frozen=True)
class BarChart:
    """A chart for components/chart_bar.html; description says in a sentence what it shows."""

    id: str
    title: str
    description: str
    bars: Sequence[Bar]
    height: int
    left: int = LEFT


def bar_chart(
    *, id: str, title: str, description: str, values: Sequence[tuple[str, float, str]], left: int = LEFT
) -> BarChart:
    """Lay out bars from (label, value, number as text); the largest value fills the room. left: where bars begin, for long labels."""
    largest = max((value for _, value, _ in values), default=0) or 1
    bars = []
    for place, (label, value, text) in enumerate(values):
        width = max(1, round((RIGHT - left) * value / largest))
        bars.append(Bar(label, text, place * STEP + 5, width, left + width + 8, place * STEP + DROP))
    return BarChart(id, title, description, bars, max(STEP, len(bars) * STEP + 4), left)


# ── months beside each other ─────────────────────────────────────────────────────────────────────────────────────────────────────

WIDTH, HEIGHT = 560, 230
EDGE, TOP, FLOOR = 62, 36, 186  # left of the drawing its scale, over it the legend, below it the months
#: (colour, dash, a square for the points): told apart without colour, too (ui.md, charts)
STYLES = (("#0072B2", "", False), ("#D55E00", "6 4", True))


@dataclass(frozen=True)
class Tick:
    """A line of the scale, or a month below it."""

    x: float
    y: float
    text: str
    more: str = ""


@dataclass(frozen=True)
class Point:
    """A value of a line, or the upper end of a column. number: as text; left: where a column begins."""

    x: float
    y: float
    number: str
    height: float = 0
    left: float = 0


@dataclass(frozen=True)
class Series:
    """Values month by month under one name. runs: stretches without a gap, as points of a polyline. x, legend, words: of its legend."""

    name: str
    colour: str
    dash: str
    squares: bool
    points: Sequence[Point]
    runs: Sequence[str]
    x: int
    legend: int
    words: int


@dataclass(frozen=True)
class MonthChart:
    """A chart for components/chart_months.html. table: (month, the numbers of the series) for those who cannot see it."""

    id: str
    title: str
    description: str
    scale: Sequence[Tick]
    months: Sequence[Tick]
    columns: Sequence[Point]
    column_width: float
    lines: Sequence[Series]
    table: Sequence[tuple[str, Sequence[str]]]
    names: Sequence[str]


#: of a series: its name, and per month a value (None = there is none) with its number as text
Values = tuple[str, Sequence[tuple[float | None, str]]]


def month_chart(
    *,
    id: str,
    title: str,
    description: str,
    months: Sequence[tuple[str, str]],
    scale: Sequence[tuple[float, str]],
    columns: Values | None = None,
    lines: Sequence[Values] = (),
) -> MonthChart:
    """Lay out columns and at most two lines over months. months: (words, words below them) each; scale: (value, text), the top last."""
    top = scale[-1][0] or 1
    step = (WIDTH - EDGE) / max(1, len(months))
    width = round(min(30, step * 0.66), 1)

    def place(at: int, value: float, number: str) -> Point:
        height = (FLOOR - TOP) * min(1, value / top)
        middle = EDGE + step * (at + 0.5)
        return Point(round(middle, 1), round(FLOOR - height, 1), number, round(height, 1), round(middle - width / 2, 1))

    def placed(values: Sequence[tuple[float | None, str]]) -> list[Point | None]:
        return [None if value is None else place(at, value, number) for at, (value, number) in enumerate(values)]

    given = [*([columns] if columns else []), *lines]
    return MonthChart(
        id=id,
        title=title,
        description=description,
        scale=[Tick(EDGE - 6, place(0, value, "").y, text) for value, text in scale],
        months=[Tick(place(at, 0, "").x, FLOOR + 16, text, more) for at, (text, more) in enumerate(months)],
        columns=[point for point in placed(columns[1]) if point] if columns else [],
        column_width=width,
        lines=[
            Series(name, *style, [point for point in found if point], _runs(found), x, x + 28, x + 36)
            for at, ((name, values), style) in enumerate(zip(lines, STYLES, strict=False))
            for found, x in [(placed(values), EDGE + at * 170)]
        ],
        table=[
            (f"{more} {text}".strip(), [numbers[at][1] for _, numbers in given])
            for at, (text, more) in enumerate(months)
        ],
        names=[name for name, _ in given],
    )


def _runs(points: Sequence[Point | None]) -> list[str]:
    """Polylines between the gaps; a point that stands alone has none."""
    runs: list[list[Point]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [" ".join(f"{point.x},{point.y}" for point in run) for run in runs if len(run) > 1]
