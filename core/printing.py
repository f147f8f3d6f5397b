"""Paper: HTML in, PDF out, through WeasyPrint (docs: architecture.md "PDF", performance.md 3, reliability.md 6).

Fonts. A small subset of Noto Sans CJK SC (core/fonts.py); a character that it does not have falls back, alone, to the full font of
the system, so a rare name never becomes a box.

Safety. What a document may load is decided here: the project's own static files and the bytes that the caller passes in.
"""

import io
import logging
import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import weasyprint
from django.contrib.staticfiles import finders
from PIL import ImageFile
from weasyprint.document import Page
from weasyprint.formatting_structure.boxes import ParentBox
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from core.fonts import FULL_FAMILY, NoFont, subset_files

FAMILY = "Paper Sans"  # our name for the subset; a document asks for it first and for the full font after it

logger = logging.getLogger(__name__)

# WeasyPrint tells Pillow, for the whole process, to take pictures that end too early. An upload is judged without that.
ImageFile.LOAD_TRUNCATED_IMAGES = False

# One document at a time in a process: WeasyPrint, Pango and the shared font configuration are not made for threads.
_one_at_a_time = threading.RLock()


@dataclass(frozen=True, slots=True)
class Pdf:
    """A laid-out document, not yet drawn; `document` is WeasyPrint's."""

    document: weasyprint.Document

    @property
    def page_count(self) -> int:
        """Number of pages."""
        return len(self.document.pages)

    def begins_last_page(self, anchor: str) -> bool:
        """The element with this id is the first on the last of several pages."""
        last = self.document.pages[-1]
        return (
            self.page_count > 1
            and anchor in last.anchors
            and last.anchors[anchor][1] <= last._page_box.content_box_y() + 1
        )


class OnlyOurs(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Fetcher that knows two kinds of address and refuses every other, also file: and data:.

    static:<path> is a file of the project's static folders, passed:<name> a value of `passed`.
    """

    def __init__(self, passed: Mapping[str, bytes] | None = None) -> None:
        super().__init__(allowed_protocols=())
        self._passed = dict(passed or {})

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """Return the bytes behind `url`. Errors: ValueError for an address that is not ours (WeasyPrint then draws nothing)."""
        kind, _, name = url.partition(":")
        if kind == "passed" and name in self._passed:
            return URLFetcherResponse(url, self._passed[name])
        if kind == "static" and (found := _static_file(name)):
            return URLFetcherResponse(url, found.read_bytes())
        raise ValueError(f"not allowed in a document: {url[:80]}")


class _OurFonts(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Fetcher of the subset fonts, used for our own @font-face rules only."""

    def __init__(self, files: Mapping[int, Path]) -> None:
        super().__init__(allowed_protocols=())
        self._files = files

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        return URLFetcherResponse(url, self._files[int(url.removeprefix("font:"))].read_bytes())


def lay_out(html: str, *, stylesheets: Sequence[str], passed: Mapping[str, bytes] | None = None) -> Pdf:
    """Lay out one document.

    html: a whole page; images in it are addressed as passed:<name> or static:<path>.
    stylesheets: static paths such as "css/paper.css", applied in this order.
    passed: bytes of the images the document may show (photos, logo).
    """
    with _one_at_a_time:
        press = _press()
        page = weasyprint.HTML(string=html, base_url="passed:", url_fetcher=OnlyOurs(passed))
        return Pdf(
            page.render(font_config=press.fonts, stylesheets=[press.fonts_css, *map(press.stylesheet, stylesheets)])
        )


def draw(pdf: Pdf) -> bytes:
    """Draw a laid-out document as PDF bytes.

    The same input gives the same bytes: no date, no author, no path.
    """
    with _one_at_a_time:
        return _written(pdf.document, pdf.document.pages)


def draw_copies(pdf: Pdf, marks: Sequence[str]) -> list[bytes]:
    """Draw one layout as several copies that differ in a few places; one PDF for each mark.

    marks: class names. An element with one or more of them is drawn only in the copies of these marks, everything else in all.
    What the copies share is drawn once, what only some have once for each of them; a file holds the shared page and its own
    part, so that nothing of another copy is in it. (The cut-down font is shared: it may hold a letter that the copy does not use.)
    """
    with _one_at_a_time:
        known = frozenset(marks)
        shared = [_without(page, known) for page in pdf.document.pages]
        own = [[_only(page, mark) for page in pdf.document.pages] for mark in marks]
        drawn = _written(pdf.document, [*shared, *(page for pages in own for page in pages)])
    with pikepdf.open(io.BytesIO(drawn)) as source:
        count = len(shared)
        return [
            _put_together(source, range(count), range(at, at + count))
            for at in range(count, count * (len(marks) + 1), count)
        ]


def merge(files: Iterable[bytes], *, title: str = "") -> bytes:
    """The pages of several PDFs one after the other."""
    with pikepdf.new() as merged:
        for content in files:
            with pikepdf.open(io.BytesIO(content)) as source:
                merged.pages.extend(source.pages)
        return _saved(merged, title)


def warm() -> None:
    """Make the fonts if they are not there and print a line, so that a worker's first document is as quick as the next.

    Takes about 15 s the first time on a machine, 1 s later. Safe in several processes at once.
    """
    draw(lay_out('<html lang="zh-Hans"><body><p>售后服务单 <b>编号</b> 0123</p></body></html>', stylesheets=()))


def overlay(content: bytes, stamp: bytes) -> bytes:
    """The PDF with the first page of another laid over each of its pages."""
    with pikepdf.open(io.BytesIO(content)) as pdf, pikepdf.open(io.BytesIO(stamp)) as mark:
        for page in pdf.pages:
            page.add_overlay(mark.pages[0], pikepdf.Rectangle(page.mediabox))
        return _saved(pdf, "")


# ── the press: what is expensive to make and kept in the process ─────────────────────────────────────────────────────────────


class _Press:
    """Font configuration and parsed stylesheets of one process."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.fonts = FontConfiguration()
        try:
            files = subset_files()
        except (NoFont, OSError) as error:
            logger.warning("paper is set without the subset fonts: %s", error)
            files = {}
        faces = "".join(
            f"@font-face {{ font-family: '{FAMILY}'; font-weight: {weight}; src: url(font:{weight}) }}"
            for weight in files
        )
        family = f"html {{ font-family: '{FAMILY}', '{FULL_FAMILY}', sans-serif }}"
        self.fonts_css = weasyprint.CSS(string=faces + family, font_config=self.fonts, url_fetcher=_OurFonts(files))
        self._sheets: dict[tuple[str, float], Any] = {}

    def stylesheet(self, name: str) -> Any:
        """The parsed stylesheet of a static path, parsed again when the file has changed."""
        path = _static_file(name)
        if path is None:
            raise FileNotFoundError(f"static file {name}")
        key = (name, path.stat().st_mtime)
        if key not in self._sheets:
            self._sheets[key] = weasyprint.CSS(
                string=path.read_text(encoding="utf-8"),
                base_url="static:",
                font_config=self.fonts,
                url_fetcher=OnlyOurs(),
            )
        return self._sheets[key]


_kept: list[_Press] = []


def _press() -> _Press:
    if not _kept or _kept[-1].pid != os.getpid():
        # A forked worker keeps its parent's press alive unused: freeing it would delete the parent's temporary font files.
        _kept.append(_Press())
    return _kept[-1]


# ── drawing ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _written(document: weasyprint.Document, pages: list[Page]) -> bytes:
    out = io.BytesIO()
    document.copy(pages).write_pdf(out, finisher=_plain_metadata)
    return out.getvalue()


def _put_together(source: pikepdf.Pdf, shared: range, own: range) -> bytes:
    """A file of the shared pages with the copy's own drawing on top."""
    with pikepdf.new() as target:
        for below, above in zip(shared, own, strict=True):
            target.pages.append(source.pages[below])
            page = target.pages[-1]
            drawing = target.copy_foreign(source.pages[above].obj.Contents)
            # Both drawings set up their own coordinates, so the first one is closed before the second begins.
            page.obj.Contents = pikepdf.Array(
                [target.make_stream(b"q"), page.obj.Contents, target.make_stream(b"Q"), drawing]
            )
        return _saved(target, str(source.docinfo.get("/Title", "")))


def _saved(pdf: pikepdf.Pdf, title: str) -> bytes:
    if title:
        pdf.docinfo["/Title"] = title
    pdf.Root.Lang = pikepdf.String("zh-Hans")
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True, min_version="1.7")
    return out.getvalue()


# WeasyPrint's tree of boxes is not public. The two functions below are all that knows it, and the tests of the customer's copy
# would fail with a version that changes it.


def _without(page: Page, marks: frozenset[str]) -> Page:
    """The page without the marked elements; the others keep their places."""
    return Page(_pruned(page._page_box, marks))


def _pruned(box: Any, marks: frozenset[str]) -> Any:
    box = box._box if isinstance(box, AbsolutePlaceholder) else box
    if not isinstance(box, ParentBox):
        return box
    return box.copy_with_children(
        [_pruned(child, marks) for child in box.children if marks.isdisjoint(_classes(child))]
    )


def _only(page: Page, mark: str) -> Page:
    """The page with the elements of one mark only; what is around them is there, but not drawn."""
    kept = _cut_out(page._page_box, mark)
    if kept is None:
        kept = _undrawn(page._page_box, [])
    return Page(kept)


def _cut_out(box: Any, mark: str) -> Any | None:
    box = box._box if isinstance(box, AbsolutePlaceholder) else box
    if mark in _classes(box):
        return box
    if not isinstance(box, ParentBox):
        return None
    children = [kept for child in box.children if (kept := _cut_out(child, mark)) is not None]
    return _undrawn(box, children) if children else None


def _undrawn(box: Any, children: list[Any]) -> Any:
    box = box.copy_with_children(children)
    box.style = box.style.copy()  # boxes that look alike share one style
    box.style["visibility"] = "hidden"
    return box


def _classes(box: Any) -> list[str]:
    return (box.element.get("class") or "").split() if box.element is not None else []


def _plain_metadata(document: weasyprint.Document, pdf: Any) -> None:
    for key in ("Producer", "Creator", "Author", "CreationDate", "ModDate"):
        pdf.info.pop(key, None)


# ── places ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _static_file(name: str) -> Path | None:
    """A file of the static folders by its relative path; None for anything that leads outside them."""
    if name.startswith("/") or ".." in Path(name).parts:
        return None
    found = finders.find(name)
    return Path(found) if isinstance(found, str) else None
