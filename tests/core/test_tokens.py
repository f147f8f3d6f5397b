"""Colours that everybody can read and tell apart, and a style sheet that stays small (ui.md 4.2 and 6, checks 11 and 12)."""

from __future__ import annotations

import gzip
import itertools
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOKENS = (ROOT / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
FAMILIES = ("new", "active", "waiting", "warning", "bad", "good")

# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB
BLINDNESS = {
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
}


def block(selector: str) -> dict[str, str]:
    """The tokens set under a selector, first occurrence."""
    body = TOKENS[TOKENS.index(selector) :]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9A-Fa-f]{6})", body[: body.index("}")]))


LIGHT = block(":root {")
DARK = LIGHT | block(':root[data-theme="dark"]')
THEMES = {"light": LIGHT, "dark": DARK}


def linear(colour: str) -> list[float]:
    """A hex colour as linear RGB between 0 and 1."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def contrast(one: str, other: str) -> float:
    """Contrast after WCAG 2.2."""
    bright, dark = sorted(
        (sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True)) for colour in (one, other)),
        reverse=True,
    )
    return (bright + 0.05) / (dark + 0.05)


def lab(rgb: list[float]) -> list[float]:
    """CIE L*a*b* under D65 from linear RGB."""
    matrix = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    white = (0.95047, 1.0, 1.08883)
    parts = [sum(m * c for m, c in zip(row, rgb, strict=True)) / w for row, w in zip(matrix, white, strict=True)]
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in parts)
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)]


def difference(one: str, other: str, kind: str) -> float:
    """CIE76 distance of two colours as somebody with a colour blindness sees them."""
    seen = [
        lab(
            [
                min(1.0, max(0.0, sum(m * c for m, c in zip(row, linear(colour), strict=True))))
                for row in BLINDNESS[kind]
            ]
        )
        for colour in (one, other)
    ]
    return float(sum((a - b) ** 2 for a, b in zip(*seen, strict=True)) ** 0.5)


def test_both_ways_into_the_dark_have_the_same_colours() -> None:
    assert block(':root:not([data-theme="light"])') == block(':root[data-theme="dark"]')


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_is_read_easily_on_every_ground(theme: str) -> None:
    tokens = THEMES[theme]
    pairs = [(ink, ground) for ink in ("text", "text-2") for ground in ("bg", "surface", "raised")]
    pairs += [("brand", "surface"), ("brand", "bg"), ("on-brand", "brand"), ("on-brand", "brand-hover")]
    pairs += [("alarm", "surface"), ("alarm", "bg"), ("alarm", "bad-soft"), ("text", "bad-soft")]
    pairs += [(f"{family}-ink", family) for family in FAMILIES]
    poor = {pair: round(contrast(*(tokens[name] for name in pair)), 2) for pair in pairs}
    assert {pair: found for pair, found in poor.items() if found < 6.0} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_controls_and_marks_are_seen(theme: str) -> None:
    tokens = THEMES[theme]
    for name in ("control", "warning-line", "good-line", "alarm"):
        for ground in ("surface", "bg"):
            assert contrast(tokens[name], tokens[ground]) >= 3, (name, ground)


@pytest.mark.parametrize("kind", sorted(BLINDNESS))
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_chip_families_differ_for_the_colour_blind(theme: str, kind: str) -> None:
    tokens = THEMES[theme]
    found = {
        (one, other): round(
            max(
                difference(tokens[one], tokens[other], kind),
                difference(tokens[f"{one}-ink"], tokens[f"{other}-ink"], kind),
            ),
            1,
        )
        for one, other in itertools.combinations(FAMILIES, 2)
    }
    assert min(found.values()) >= 9, found
    strong = {pair: far for pair, far in found.items() if not {"new", "waiting"} & set(pair)}
    assert min(strong.values()) >= 34, strong


def test_the_style_sheet_stays_within_its_budget() -> None:
    sheet = (ROOT / "static" / "generated" / "site.css").read_bytes()
    assert len(sheet) <= 30 * 1024
    assert len(gzip.compress(sheet)) <= 8 * 1024


def test_every_custom_property_that_is_used_is_defined() -> None:
    css = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "static" / "css").glob("*.css"))
    used = set(re.findall(r"var\(--([\w-]+)", css))
    assert used - set(re.findall(r"--([\w-]+)\s*:", css)) == set()


def test_modules_are_short_and_evaluate_nothing() -> None:
    for path in sorted((ROOT / "static" / "js").glob("*.js")):
        source = path.read_text(encoding="utf-8")
        assert source.count("\n") <= 200, path.name
        assert not re.search(r"\beval\(|new Function|\.style\.|setAttribute\(\"style\"", source), path.name
