"""Lists as Excel: what is seen on the screen, all pages of it; small ones at once, large ones as a task (docs/pages.md).

A room registers its lists; the columns, the filters and the rights are those of the page. Cells are written as texts, never as formulas.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from core import jobs
from core.models import public_id
from core.tables import Column, chosen_columns
from core.tenancy import Viewer

DIRECT = 2_000  # rows that are made while the person waits
CHUNK = 2_000
MOST = 200_000
EXPORT = "core.export"


@dataclass(frozen=True)
class Listing:
    """A list as its page and its export have it. rows: `.values()` or objects with an id, in no order yet; row: as for `table_of`.

    figures: what a board has counted, in its own order, in the place of rows.
    """

    title: str
    columns: Sequence[Column]
    rows: QuerySet[Any, Any]
    row: Callable[[Any], Any]
    figures: list[Any] | None = None

    def line(self, item: Any) -> list[str]:
        """The cells of one row, in the columns' order."""
        shown = self.row(item)
        return [str(getattr(shown, column.cell or column.key) or "") for column in self.columns]


#: name of a list -> for a viewer and the address's parameters; it asks for the right to list
Source = Callable[[Viewer, QueryDict], Listing]
_sources: dict[str, str] = {}


def register(name: str, source: str) -> None:
    """Let a list be given out as Excel under a name ("tickets"); source: where its `Source` stands, imported when asked for."""
    _sources[name] = source


def source(name: str) -> Source | None:
    """The list of that name with the columns that its address chooses, or None."""
    if name not in _sources:
        return None
    made: Source = import_string(_sources[name])

    def chosen(viewer: Viewer, params: QueryDict) -> Listing:
        listing = made(viewer, params)
        keys = chosen_columns(params, listing.columns)
        if not keys:
            return listing
        return replace(listing, columns=[column for column in listing.columns if column.key in keys])

    return chosen


def columns_of(name: str, viewer: Viewer, params: QueryDict) -> Sequence[Column]:
    """All columns of a list for this viewer. Errors: LookupError for an unknown list; not_allowed."""
    if name not in _sources:
        raise LookupError(name)
    made: Source = import_string(_sources[name])
    return made(viewer, params).columns


def write(listing: Listing, path: Path, chunks: Iterator[list[Any]]) -> int:
    """Write a workbook in flat memory; the number of rows."""
    import xlsxwriter

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(str(path), options)
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet(listing.title[:31].translate({ord(mark): " " for mark in "[]:*?/\\"}))
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(listing.columns):
        sheet.set_column(place, place, 20)
        sheet.write_string(0, place, str(column.label), bold)
    done = 0
    for chunk in chunks:
        for item in chunk:
            done += 1
            for place, cell in enumerate(listing.line(item)):
                sheet.write_string(done, place, cell[:32_767])
    sheet.autofilter(0, 0, max(done, 1), max(len(listing.columns) - 1, 0))
    book.close()
    return done


def small(listing: Listing) -> list[Any] | None:
    """All rows of a list that is made at once, newest first; None when it is too long for that."""
    if listing.figures is not None:
        return listing.figures
    rows = list(listing.rows.order_by("-id")[: DIRECT + 1])
    return rows if len(rows) <= DIRECT else None


@jobs.handler(EXPORT, _("A list as Excel"))
def make_export(run: jobs.Run) -> None:
    """Make the workbook of a long list; payload: list = its name, query = the address's parameters.

    Rows are read in chunks by id, each in a short transaction under the viewer's role. May run twice: the second file replaces the first.
    """
    with translation.override(run.viewer.language or settings.LANGUAGE_CODE), tempfile.TemporaryDirectory() as folder:
        made = source(str(run.payload["list"]))
        if made is None:
            raise LookupError(f"no list {run.payload['list']!r}")
        with run.step():
            listing = made(run.viewer, QueryDict(str(run.payload["query"])))
            total = listing.rows.order_by()[:MOST].count()
        path = Path(folder) / "list.xlsx"
        write(listing, path, _chunks(run, listing, total))
        with path.open("rb") as content:
            name = default_storage.save(f"exports/{public_id()}{public_id()}.xlsx", File(content))
        run.result(file=name)
        run.progress(total, total)


def _chunks(run: jobs.Run, listing: Listing, total: int) -> Iterator[list[Any]]:
    last, done = None, 0
    while done < MOST:
        with run.step():
            rows = listing.rows if last is None else listing.rows.filter(id__lt=last)
            chunk = list(rows.order_by("-id")[:CHUNK])
        if not chunk:
            return
        yield chunk
        last = chunk[-1]["id"] if isinstance(chunk[-1], dict) else chunk[-1].id
        done += len(chunk)
        run.progress(done, max(total, done))
