"""What a list shows: columns, one page of rows, the ways to the next page.

A list is made in four lines: the query gives a queryset (or ``.values()``) that begins with ``visible_to(viewer)`` and names
no order; ``core.paging.cut_page`` takes 50 rows by key; the query's ``row`` makes a frozen dataclass of finished texts of each
(numbers and dates localised in a template are a third of a list's time); ``table_of`` adds columns, pills and addresses;
``render_list`` answers with the page, or with the list alone when htmx asked. docs/pages.md shows one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme

from core.paging import COUNT_CAP, Page

PAGING = ("after", "before")


@dataclass(frozen=True)
class Column:
    """One column: its key, the head's words, and whether the cells are numbers (right-aligned).

    cell: the row's field that is written into a spreadsheet, when it is not named like the key. order: name of the declared order that the head sorts by, "" for none. sort_url and sorted ("", "up", "down") are
    filled in by ``table_of``.
    """

    key: str
    label: Any
    numeric: bool = False
    sort_url: str = ""
    sorted: str = ""
    order: str = ""
    cell: str = ""


@dataclass(frozen=True)
class Table:
    """One page of a list as the component wants it.

    caption: what the list is, read by screen readers. count: rows in all as far as counted (see ``count_text``).
    pills: active filters as (words, address without it). newer_url, older_url: pages before and after this one.
    name: of a list that can be exported and saved as a view; query: its parameters now; chosen: keys of the columns that
    are shown, empty = all.
    """

    caption: Any
    columns: Sequence[Column]
    rows: Sequence[Any]
    count: int
    empty_text: Any = ""
    empty_url: str = ""
    empty_label: Any = ""
    newer_url: str = ""
    older_url: str = ""
    clear_url: str = ""
    pills: Sequence[tuple[str, str]] = field(default_factory=tuple)
    id: str = "list"
    keep: bool = False
    export_url: str = ""
    name: str = ""
    query: str = ""
    chosen: Sequence[str] = ()

    @property
    def view_url(self) -> str:
        """Where its columns and saved views are chosen."""
        return f"{reverse('partners:views', args=[self.name])}?{urlencode({'query': self.query})}"

    @property
    def hides(self) -> str:
        """The columns that are not chosen, by their places: "c2 c5", for css/tables.css; "" shows all."""
        if not self.chosen:
            return ""
        return " ".join(f"c{place}" for place, column in enumerate(self.columns, 1) if column.key not in self.chosen)

    @property
    def count_text(self) -> str:
        """The number of rows in words: "28", or "999+" when counting stopped."""
        return f"{COUNT_CAP}+" if self.count > COUNT_CAP else str(self.count)


def table_of(
    request: HttpRequest,
    page: Page,
    *,
    caption: Any,
    columns: Sequence[Column],
    row: Callable[[Any], Any] | None = None,
    filters: forms.Form | Sequence[forms.Form] = (),
    empty: tuple[Any, str, Any] = ("", "", ""),
    none_found: Any = "",
    clear_label: Any = "",
    keep: bool = False,
    export: str = "",
) -> Table:
    """The table of a page for ``components/data_table.html``.

    row: makes a frozen dataclass of finished texts from one row of the page. filters: the list's bound form or forms, for pills.
    empty: text, address and label of the one action when there is nothing at all; none_found, clear_label: text and label
    when the filters leave nothing. keep: the rows template needs nothing but its row, so that a drawn row is kept (tag `kept_rows`).
    export: the name under which the list is given out as Excel (core/exports.py), "" = not at all.
    """
    bound = [filters] if isinstance(filters, forms.Form) else filters or ()
    pills = [pill for form in bound for pill in pills_of(request, form)]
    clear_url = address(request, drop=[name for form in bound for name in form.fields]) if pills else ""
    text, url, label = (none_found, clear_url, clear_label) if pills else empty
    return Table(
        caption=caption,
        columns=[_with_sort(request, column, page.sort) for column in columns],
        rows=[row(item) for item in page.rows] if row else page.rows,
        count=page.count,
        empty_text=text,
        empty_url=url,
        empty_label=label,
        newer_url=address(request, before=page.before) if page.before else "",
        older_url=address(request, after=page.after) if page.after else "",
        clear_url=clear_url,
        pills=pills,
        keep=keep,
        export_url=_export_url(request, export) if export and page.rows else "",
        name=export,
        query=address(request).partition("?")[2],
        chosen=chosen_columns(request.GET, columns),
    )


def chosen_columns(params: QueryDict, columns: Sequence[Column]) -> list[str]:
    """Keys of the columns that the address asks for (`cols`), in the list's order; none that is known: all are shown."""
    wanted = set(params.getlist("cols"))
    found = [column.key for column in columns if column.key in wanted]
    return found if len(found) < len(columns) else []


def next_url(request: HttpRequest) -> str:
    """Where the page asked to return to, inside the portal; "" for anything else."""
    wish = request.POST.get("next", "") or request.GET.get("next", "")
    fits = url_has_allowed_host_and_scheme(wish, allowed_hosts=None) and wish.startswith("/")
    return wish if fits else ""


def _export_url(request: HttpRequest, name: str) -> str:
    query = address(request).partition("?")[2]
    return reverse("export", args=[name]) + (f"?{query}" if query else "")


def render_list(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """The page of a list; for htmx only ``components/data_table.html``. context: at least `table` and `rows_template`.

    Browsers keep both answers of one address apart by ``Vary``, and *back* always gets the whole page (ui.md 7).
    """
    htmx = getattr(request, "htmx", None)
    if htmx and not htmx.history_restore_request and not htmx.boosted:
        template = "components/data_table.html"
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ("HX-Request",))
    return response


def address(request: HttpRequest, *, drop: Sequence[str] = (), **changes: str) -> str:
    """The address of the list with other parameters; empty ones, `drop` and the place in the list fall away."""
    params = request.GET.copy()
    for name in (*PAGING, *drop):
        params.pop(name, None)
    for name, value in changes.items():
        params[name] = value
    kept = QueryDict(mutable=True)
    for name, values in params.lists():
        kept.setlist(name, [value for value in values if value])
    return f"{request.path}?{kept.urlencode()}" if any(kept.values()) else request.path


def pills_of(request: HttpRequest, filters: forms.Form) -> list[tuple[str, str]]:
    """The filters in use as (words, address without it); a choice is shown in its words."""
    pills = []
    for bound in filters.visible_fields():
        value = bound.value()
        if value in (None, "", [], False):
            continue
        choices = dict(getattr(bound.field, "choices", ()))
        words = [str(choices.get(item, item)) for item in (value if isinstance(value, list) else [value])]
        text = str(bound.label) if value is True or value == "on" else f"{bound.label}: {'、'.join(words)}"
        pills.append((text, address(request, drop=(bound.html_name,))))
    return pills


def _with_sort(request: HttpRequest, column: Column, sort: str) -> Column:
    if not column.order:
        return column
    turned = sort == column.order
    direction = ("down" if sort.startswith("-") else "up") if sort.removeprefix("-") == column.order else ""
    return replace(
        column, sort_url=address(request, sort=f"-{column.order}" if turned else column.order), sorted=direction
    )
