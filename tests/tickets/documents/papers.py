"""Reading PDFs in tests: their text, fonts and pages, by Poppler and pikepdf."""

import io
import re
import subprocess

import pikepdf


def text_of(content: bytes, *options: str) -> str:
    """The text of a PDF in the order in which it is drawn, or as laid out with "-layout"."""
    done = subprocess.run(
        ["pdftotext", *(options or ("-raw",)), "-enc", "UTF-8", "-", "-"],
        input=content,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode()


def squeezed(text: str) -> str:
    """The text without any white space: for texts that wrap."""
    return re.sub(r"\s+", "", text)


def fonts_of(content: bytes) -> list[str]:
    """Names of the fonts in a PDF, without the tag of the subset; fails on a font that is not embedded or is Type 3."""
    done = subprocess.run(["pdffonts", "-"], input=content, capture_output=True, check=True)
    names = []
    for line in done.stdout.decode().splitlines()[2:]:
        assert "Type 3" not in line, line
        # the columns after the type: encoding, emb, sub, uni
        assert re.search(r"Identity-H\s+yes yes yes", line), line
        names.append(line.split()[0].partition("+")[2])
    return names


def pages_of(content: bytes) -> list[tuple[float, float]]:
    """Width and height of each page in points."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return [(float(page.mediabox[2]), float(page.mediabox[3])) for page in pdf.pages]
