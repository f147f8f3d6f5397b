"""Many slips in one PDF: the kept files as they are, marks laid over them, written once at the end (performance.md 5, slip_batch)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import pikepdf

from tickets.documents.slip_pdf import stamp


class Broken(ValueError):
    """A kept file is no PDF any more."""


class Batch:
    """A PDF that grows slip by slip; what went wrong with one leaves the others as they are. Use it with `with`."""

    def __init__(self) -> None:
        self.count = 0
        self._pdf = pikepdf.new()
        self._sources: list[pikepdf.Pdf] = []
        self._stamps: dict[tuple[int | None, str | None], pikepdf.Pdf] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for source in (self._pdf, *self._sources, *self._stamps.values()):
            source.close()

    def add_kept(self, files: Sequence[bytes], *, reprint_no: int | None, void_reason: str | None) -> None:
        """The kept files of one slip, one after the other, all or none. Errors: Broken."""
        opened = []
        try:
            opened = [pikepdf.open(io.BytesIO(content)) for content in files]
        except pikepdf.PdfError as error:
            raise Broken("a kept file cannot be read") from error
        finally:
            self._sources += opened
        begin = len(self._pdf.pages)
        for source in opened:
            self._pdf.pages.extend(source.pages)
        if reprint_no or void_reason is not None:
            mark = self._stamp(reprint_no, void_reason).pages[0]
            for page in self._pdf.pages[begin:]:
                page.add_overlay(mark, pikepdf.Rectangle(page.mediabox))
        self.count += 1

    def add(self, content: bytes) -> None:
        """A slip that was drawn for this batch, marks and all."""
        source = pikepdf.open(io.BytesIO(content))
        self._sources.append(source)
        self._pdf.pages.extend(source.pages)
        self.count += 1

    def content(self) -> bytes:
        """The PDF with all slips added so far."""
        self._pdf.docinfo["/Title"] = "售后服务单"
        self._pdf.Root.Lang = pikepdf.String("zh-Hans")
        out = io.BytesIO()
        self._pdf.save(out, deterministic_id=True, min_version="1.7")
        return out.getvalue()

    def _stamp(self, reprint_no: int | None, void_reason: str | None) -> pikepdf.Pdf:
        key = (reprint_no, void_reason)
        if key not in self._stamps:
            self._stamps[key] = pikepdf.open(io.BytesIO(stamp(reprint_no=reprint_no, void_reason=void_reason)))
        return self._stamps[key]
