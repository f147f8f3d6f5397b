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


def bar_chart(*, id: str, title: str, description: str, values: Sequence[tuple[str, float, str]]) -> BarChart:
    """Lay out bars from (label, value, number as text); the largest value fills the room."""
    largest = max((value for _, value, _ in values), default=0) or 1
    bars = []
    for place, (label, value, text) in enumerate(values):
        width = max(1, round((RIGHT - LEFT) * value / largest))
        bars.append(Bar(label, text, place * STEP + 5, width, LEFT + width + 8, place * STEP + DROP))
    return BarChart(id, title, description, bars, max(STEP, len(bars) * STEP + 4))
