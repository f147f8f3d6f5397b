"""Signatures drawn on a screen: strokes are the truth, SVG is how they look on screen and paper (domain.md 8.5)."""

import itertools
import math
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.errors import Refused, sentence

MAX_POINTS = 5_000  # domain.md 8.5 and style.md 2.4
MIN_LENGTH = 20.0  # CSS pixels of pen way in one stroke; a dot or a tremble is no signature
MAX_COORDINATE = 10_000.0
STEP = 1.5  # points nearer than this to the last kept one add nothing to the drawing
PADDING = 6.0

sentence("signature_empty", _("There is no signature yet. Sign in the box with your finger or a pen."))
sentence("signature_too_long", _("The signature has too many strokes. Clear it and sign again."))
sentence("signature_malformed", _("The signature did not arrive whole. Sign again."))

Point = tuple[float, float, float]
Strokes = tuple[tuple[Point, ...], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A signature as SVG: `path` for <path d>, `view_box` for <svg viewBox>, cut to the drawing; `width` of the pen in its units."""

    path: str
    view_box: str
    pen: str


def read_strokes(raw: object) -> Strokes:
    """Check strokes that came as JSON and return them.

    raw: list of strokes, each a list of [x, y, t]; x and y in CSS pixels, t in milliseconds since the first touch.
    Errors: Refused("signature_malformed"), Refused("signature_too_long") over 5,000 points, Refused("signature_empty") when no
    stroke has a real length.
    """
    if not isinstance(raw, list):
        raise _refused("signature_malformed")
    if not raw:
        raise _refused("signature_empty")
    count = 0
    strokes: list[tuple[Point, ...]] = []
    for stroke in raw:
        if not isinstance(stroke, list):
            raise _refused("signature_malformed")
        count += len(stroke)
        if count > MAX_POINTS:
            raise _refused("signature_too_long")
        if stroke:
            strokes.append(tuple(_point(point) for point in stroke))
    if not any(_length(stroke) >= MIN_LENGTH for stroke in strokes):
        raise _refused("signature_empty")
    return tuple(strokes)


def to_svg_path(strokes: Strokes) -> str:
    """Path data of the strokes in their own coordinates: smooth curves through the middles of the points."""
    return " ".join(_stroke_path(stroke) for stroke in strokes if stroke)


def to_drawing(strokes: Strokes) -> Drawing:
    """The strokes as SVG, with a view box that fits tightly."""
    xs = [x for stroke in strokes for x, _, _ in stroke]
    ys = [y for stroke in strokes for _, y, _ in stroke]
    left, top = min(xs) - PADDING, min(ys) - PADDING
    width, height = max(xs) + PADDING - left, max(ys) + PADDING - top
    # The pen keeps its weight against the height that the paper gives to a signature, however large it was drawn.
    pen = max(height, width / 3) / 45
    return Drawing(to_svg_path(strokes), " ".join(map(_number, (left, top, width, height))), _number(pen))


def _refused(code: str) -> Refused:
    return Refused(code, field="strokes")


def _point(raw: object) -> Point:
    if (
        not isinstance(raw, list)
        or len(raw) != 3
        or any(isinstance(v, bool) or not isinstance(v, int | float) for v in raw)
    ):
        raise _refused("signature_malformed")
    x, y, t = (float(value) for value in raw)
    if not (math.isfinite(t) and abs(x) <= MAX_COORDINATE and abs(y) <= MAX_COORDINATE):  # NaN and infinity fail too
        raise _refused("signature_malformed")
    return x, y, t


def _length(stroke: tuple[Point, ...]) -> float:
    return sum(math.dist(a[:2], b[:2]) for a, b in itertools.pairwise(stroke))


def _stroke_path(stroke: tuple[Point, ...]) -> str:
    points = _thinned(stroke)
    first = f"M{_xy(points[0])}"
    if len(points) == 1:
        return f"{first}l0.1 0"  # with round caps this is a dot
    curves = [f"Q{_xy(a)} {_xy(((a[0] + b[0]) / 2, (a[1] + b[1]) / 2))}" for a, b in itertools.pairwise(points[1:])]
    return "".join([first, *curves, f"L{_xy(points[-1])}"])


def _thinned(stroke: tuple[Point, ...]) -> list[tuple[float, float]]:
    kept = [stroke[0][:2]]
    for point in stroke[1:-1]:
        if math.dist(kept[-1], point[:2]) >= STEP:
            kept.append(point[:2])
    if stroke[-1][:2] != kept[-1]:
        kept.append(stroke[-1][:2])
    return kept


def _xy(point: tuple[float, ...]) -> str:
    return f"{_number(point[0])} {_number(point[1])}"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
