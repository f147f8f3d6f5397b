"""Signatures for the sample data: strokes as a finger draws them, different for each name and time."""

import math
from random import Random

WIDTH, HEIGHT = 320, 140  # CSS pixels, the signing box on a phone
STEP_MS = 16  # a touch screen reports about 60 times a second


def sign(name: str, random: Random) -> list[list[list[float]]]:
    """Draw a name: some strokes a character, quick and leaning; points are [x, y, milliseconds since the first touch]."""
    letters = name or "签"
    box = min(90.0, WIDTH / len(letters))
    strokes: list[list[list[float]]] = []
    clock = 0.0
    for at, letter in enumerate(letters):
        left = 12 + at * box * 0.92
        for _ in range(3 + ord(letter) % 4):
            stroke = _stroke(left, box, clock, random)
            strokes.append(stroke)
            clock = stroke[-1][2] + random.uniform(60, 160)
    return strokes


def _stroke(left: float, box: float, begins: float, random: Random) -> list[list[float]]:
    """Draw one bent stroke inside a character's box."""
    x, y = left + random.uniform(0.1, 0.7) * box, random.uniform(0.15, 0.7) * HEIGHT
    heading = random.choice((0.0, 0.1, 1.3, 1.6, 2.3, 0.8)) + random.uniform(-0.2, 0.2)
    bend, length = random.uniform(-0.09, 0.09), random.randint(7, 20)
    points = []
    for step in range(length):
        points.append(
            [
                round(min(max(x, 2), WIDTH - 2), 1),
                round(min(max(y, 2), HEIGHT - 2), 1),
                round(begins + step * STEP_MS, 1),
            ]
        )
        pace = 3.4 * math.sin(math.pi * (step + 1) / (length + 1)) + 1.2
        x, y = x + pace * math.cos(heading), y + pace * math.sin(heading)
        heading += bend
    return points
