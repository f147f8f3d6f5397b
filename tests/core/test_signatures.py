import math
from typing import Any

import pytest

from core.errors import Refused
from core.signatures import MAX_POINTS, read_strokes, to_drawing, to_svg_path

LINE = [[10, 10, 0], [40, 30, 16], [80, 10, 32]]


def refusal(raw: Any) -> str:
    with pytest.raises(Refused) as caught:
        read_strokes(raw)
    return caught.value.code


@pytest.mark.parametrize("raw", [[], [[]], [[], []], [[[50, 50, 0]]], [[[50, 50, 0], [51, 50, 9], [50, 51, 20]]]])
def test_a_signature_without_a_stroke_of_real_length_is_empty(raw: Any) -> None:
    assert refusal(raw) == "signature_empty"


@pytest.mark.parametrize(
    "raw",
    [
        None,
        {},
        "M0 0",
        [1],
        [[[1, 2]]],
        [[[1, 2, 3, 4]]],
        [[["1", 2, 3]]],
        [[[True, 2, 3]]],
        [[[math.nan, 2, 3], [90, 2, 3]]],
        [[[math.inf, 2, 3]]],
        [[[1, 2, math.nan]]],
        [[[1e9, 2, 3]]],
    ],
)
def test_what_is_no_list_of_points_is_malformed(raw: Any) -> None:
    assert refusal(raw) == "signature_malformed"


def test_more_than_5000_points_are_refused() -> None:
    line = [[point % 500, point % 200, point] for point in range(MAX_POINTS)]
    assert len(read_strokes([line])[0]) == MAX_POINTS
    assert refusal([line, [[1, 1, 1]]]) == "signature_too_long"


def test_strokes_come_back_as_they_were_drawn() -> None:
    assert read_strokes([LINE, []]) == (((10, 10, 0), (40, 30, 16), (80, 10, 32)),)


def test_the_drawing_is_a_path_in_a_box_that_fits() -> None:
    strokes = read_strokes([LINE, [[20, 60, 100]]])
    assert to_svg_path(strokes) == "M10 10Q40 30 60 20L80 10 M20 60l0.1 0"
    assert to_drawing(strokes).view_box == "4 4 82 62"


def test_strokes_may_come_from_json_as_lists() -> None:
    assert to_svg_path([LINE]) == to_svg_path(read_strokes([LINE]))  # type: ignore[arg-type]
