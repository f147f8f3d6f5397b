"""What a list shows: columns, one page of rows, the ways to the next page.

The page's view fills a ``Table`` from a query and its template includes ``components/data_table.html``.
Paging goes by key, never by OFFSET; counting stops at a thousand (architecture.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

COUNT_CAP = 999  # a longer list says 999+ (ui.md 4.4); counting further costs more than it tells


@dataclass(frozen=True)
class Column:
    """One column: its key, the head's words, and whether the cells are numbers (right-aligned).

    sort_url: address of the same list sorted by this column, empty when it cannot be sorted.
    sorted: "" , "up" or "down".
    """

    key: str
    label: str
    numeric: bool = False
    sort_url: str = ""
    sorted: str = ""


@dataclass(frozen=True)
class Table:
    """One page of a list as the component wants it.

    caption: what the list is, read by screen readers. count: rows in all as far as counted (see ``count_text``).
    pills: active filters as (words, address without it). newer_url, older_url: pages before and after this one.
    """

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Any]
    count: int
    empty_text: str = ""
    empty_url: str = ""
    empty_label: str = ""
    newer_url: str = ""
    older_url: str = ""
    clear_url: str = ""
    pills: Sequence[tuple[str, str]] = field(default_factory=tuple)
    id: str = "list"

    @property
    def count_text(self) -> str:
        """The number of rows in words: "28", or "999+" when counting stopped."""
        return f"{COUNT_CAP}+" if self.count > COUNT_CAP else str(self.count)
