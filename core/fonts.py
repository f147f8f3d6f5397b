"""The Chinese fonts of paper and pictures: Noto Sans CJK SC of the system, and a GB2312 subset cut from it (performance.md 3).

The subset (regular and bold, 1.6 MB each instead of a collection of 19 MB) is made once by fontTools and kept under var/fonts. It
makes a slip in about half the time and a third of the size.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from django.conf import settings

FULL_FAMILY = "Noto Sans CJK SC"
FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
NOTO_FILES = {400: "NotoSansCJK-Regular.ttc", 700: "NotoSansCJK-Bold.ttc"}
SC_FACE = 2  # the simplified Chinese face of the collections (0 Japanese, 1 Korean, 2 SC, 3 TC, 4 Hong Kong)

# Beside GB2312: Latin with accents, and the signs that technicians write (μm, Ω, m³, √, ①). All are in Noto Sans CJK.
MORE_SIGNS = "√✓■□▲△▼▽◆◇●○①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳℃℉ΩΦφμµ±×÷≤≥≈≠°¥￥–—…·²³㎡㎜㎝㎏→←↑↓‰★☆"


class NoFont(RuntimeError):
    """Noto Sans CJK is not installed (package fonts-noto-cjk)."""


@lru_cache(maxsize=4)
def noto_file(weight: int = 400) -> tuple[Path, int]:
    """The full Noto font of a weight (400, 700) and the number of its face in the file. Errors: NoFont."""
    for folder in FONT_FOLDERS:
        if found := next(folder.rglob(NOTO_FILES[weight]), None):
            return found, SC_FACE
    raise NoFont(f"{NOTO_FILES[weight]} not found: install the package fonts-noto-cjk")


def subset_files() -> dict[int, Path]:
    """The subset fonts by weight; cuts them when they are missing, about 8 s each, once on a machine.

    Safe when several processes ask at once: one cuts, the others wait, a file appears whole. Errors: NoFont, OSError when var/
    cannot be written.
    """
    sources = {weight: noto_file(weight)[0] for weight in NOTO_FILES}
    files = {weight: _folder(sources) / f"paper-{weight}.otf" for weight in sources}
    if not _all_there(files):
        folder = files[400].parent
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder / ".lock"):
            if not _all_there(files):
                for weight, target in files.items():
                    _cut(sources[weight], target)
    return files


def characters() -> frozenset[int]:
    """Code points of the subset: ASCII, Latin letters with accents, GB2312 and some signs."""
    found = set(range(0x20, 0x7F)) | set(range(0xA0, 0x180)) | set(map(ord, MORE_SIGNS))
    for high in range(0xA1, 0xF8):
        row = bytes(byte for low in range(0xA1, 0xFF) for byte in (high, low))
        found |= set(map(ord, row.decode("gb2312", errors="ignore")))
    return frozenset(found)


def _folder(sources: dict[int, Path]) -> Path:
    """Another Noto or another list of characters is another folder."""
    facts = [(path.stat().st_size, int(path.stat().st_mtime)) for path in sources.values()]
    name = hashlib.sha256(repr((facts, sorted(characters()))).encode()).hexdigest()[:16]
    return Path(getattr(settings, "VAR_DIR", None) or Path(settings.BASE_DIR) / "var") / "fonts" / name


def _all_there(files: dict[int, Path]) -> bool:
    return all(path.is_file() for path in files.values())


def _cut(source: Path, target: Path) -> None:
    from fontTools import subset  # slow to import and needed once in the life of a machine
    from fontTools.ttLib import TTFont

    font = TTFont(source, fontNumber=SC_FACE, lazy=True)
    options = subset.Options(layout_features=["kern"], hinting=False, desubroutinize=True, notdef_outline=True)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters())
    cutter.subset(font)
    part = target.with_suffix(f".{os.getpid()}.part")
    font.save(part)
    part.replace(target)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
