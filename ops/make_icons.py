"""Write static/generated/icons.svg: one sprite of the icons named in ops/icons.txt.

The drawings come from the development dependency ``lucide``; the sprite is made at set-up and not committed.
Run as ``python ops/make_icons.py``.
"""

import sys
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

ROOT = Path(__file__).resolve().parent.parent
NAMES = ROOT / "ops" / "icons.txt"
SPRITE = ROOT / "static" / "generated" / "icons.svg"
SVG = "{http://www.w3.org/2000/svg}"


def wanted_names() -> list[str]:
    """Names of the icons in the order of the list, comments left out."""
    lines = NAMES.read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def symbol(name: str, drawing: bytes) -> str:
    """One ``<symbol>`` holding the shapes of a Lucide drawing; stroke and size come from the page."""
    shapes = []
    for node in ElementTree.fromstring(drawing).iter():
        if node.tag == f"{SVG}svg":
            continue
        attributes = "".join(f' {key}="{value}"' for key, value in node.attrib.items())
        shapes.append(f"<{node.tag.removeprefix(SVG)}{attributes}/>")
    return f'<symbol id="{name}" viewBox="0 0 24 24">{"".join(shapes)}</symbol>'


def make_sprite() -> str:
    """The whole sprite; a name that the package does not know stops the run with one clear line."""
    packed = files("lucide").joinpath("lucide.zip").read_bytes()
    with ZipFile(BytesIO(packed)) as drawings:
        known = set(drawings.namelist())
        missing = [name for name in wanted_names() if f"{name}.svg" not in known]
        if missing:
            sys.exit(f"ops/icons.txt names icons that lucide does not have: {', '.join(missing)}")
        symbols = [symbol(name, drawings.read(f"{name}.svg")) for name in wanted_names()]
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


if __name__ == "__main__":
    SPRITE.parent.mkdir(parents=True, exist_ok=True)
    SPRITE.write_text(make_sprite(), encoding="utf-8")
    print(f"icons: {len(wanted_names())} in {SPRITE.relative_to(ROOT)}")
