"""One page of a long list: cut by key, never by OFFSET, counted no further than a thousand (performance.md 2)."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, F, Func, QuerySet, Value
from django.http import QueryDict

COUNT_CAP = 999  # a longer list says 999+ (ui.md 4.4); counting further costs more than it tells
PAGE_SIZE = 50
LAST_ID = 2**63 - 1

#: name in the address -> the columns of an index, all ascending or all descending, the last one unique; no column may be NULL
Orders = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Page:
    """The rows of one page. after, before: the ``after=`` of the next and ``before=`` of the previous page, "" = there is none.

    sort: the order in use as the address says it, "name" or "-name".
    """

    rows: Sequence[Any]
    count: int
    sort: str
    after: str = ""
    before: str = ""


def cut_page(
    params: QueryDict, rows: QuerySet[Any, Any], *, orders: Orders, default: str, size: int = PAGE_SIZE
) -> Page:
    """One page of `rows` as the address asks (``sort=``, ``after=``, ``before=``).

    rows: model objects or ``.values()`` with `public_id` and the order's columns among them; in no order yet.
    orders: see ``Orders``; a leading "-" in the address turns one round. An unknown order or a spoilt key is the first page.
    Costs one statement, one more when there is a further page (the count) and one more on every page but the first.
    """
    sort = params.get("sort", "")
    sort = sort if sort.removeprefix("-") in orders else default
    order = _turned(orders[sort.removeprefix("-")], turn=sort.startswith("-"))
    for name, way in (("after", order), ("before", _turned(order, turn=True))):
        key = _read_key(params.get(name, ""), rows, way)
        if key is None:
            continue
        found = list(rows.filter(_beyond(way, key)).order_by(*way)[: size + 1])
        further, found = len(found) > size, found[:size]
        if name == "before":
            found.reverse()
        if found and (further or name == "after"):
            ends = (found[-1], found[0])
            after, before = (_key(row, order) for row in ends)
            return Page(found, _count(rows, order), sort, after if further or name == "before" else "", before)
    found = list(rows.order_by(*order)[: size + 1])
    if len(found) <= size:
        return Page(found, len(found), sort)
    return Page(found[:size], _count(rows, order), sort, after=_key(found[size - 1], order))


def _turned(order: tuple[str, ...], *, turn: bool) -> tuple[str, ...]:
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in order) if turn else order


def _beyond(order: tuple[str, ...], key: list[Any]) -> Func:
    """``ROW(a, b) > ROW(key)``: one comparison that PostgreSQL answers from the index, ties included."""
    names = Func(*(F(name.lstrip("-")) for name in order), function="ROW")
    values = Func(*(Value(value) for value in key), function="ROW")
    sign = " < " if order[0].startswith("-") else " > "
    return Func(names, values, template="(%(expressions)s)", arg_joiner=sign, output_field=BooleanField())


def _count(rows: QuerySet[Any, Any], order: tuple[str, ...]) -> int:
    # in the page's order by the page's index, which stops at the cap; without columns, so that the index alone may answer
    return rows.order_by(*order).values("pk")[: COUNT_CAP + 1].count()


def _key(row: Any, order: tuple[str, ...]) -> str:
    """The row's place in the order for the address: its public id instead of the serial key, which never leaves the house."""
    values = [_value(row, name.lstrip("-")) for name in order if name.lstrip("-") != "id"]
    text = json.dumps([_value(row, "public_id"), *(v if isinstance(v, str | int) else str(v) for v in values)])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_key(text: str, rows: QuerySet[Any, Any], order: tuple[str, ...]) -> list[Any] | None:
    """The values behind a key, cleaned by the columns they are compared with; None for no key or a spoilt one."""
    if not text:
        return None
    names = [name.lstrip("-") for name in order]
    try:
        public_id, *values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        given = iter(value.replace("\0", "") if isinstance(value, str) else value for value in values)
        key = [None if name == "id" else _column(rows, name).to_python(next(given)) for name in names]
    except Exception:  # noqa: BLE001  # the address was edited by hand, whatever way: the first page
        return None
    if "id" in names:
        serial = (
            rows.filter(public_id="".join(filter(str.isalnum, str(public_id))))
            .order_by()
            .values_list("id", flat=True)[:1]
        )
        # a row that left the list: those with the same values are shown again rather than left out
        key[names.index("id")] = next(iter(serial), LAST_ID if order[0].startswith("-") else 0)
    return key


def _column(rows: QuerySet[Any, Any], name: str) -> Any:
    model = rows.model
    *path, last = name.split("__")
    for step in path:
        model = model._meta.get_field(step).related_model
    return model._meta.get_field(last)


def _value(row: Any, name: str) -> Any:
    if isinstance(row, dict):
        return row[name]
    for step in name.split("__"):
        row = getattr(row, step)
    return row
