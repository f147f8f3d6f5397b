"""Reading the tables that checks of claims compare with (domain.md 9.3, B01 to B03): headquarters' own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.calendars import local_date
from core.paging import Orders
from core.tenancy import TenantQuerySet, Viewer
from settlement.calculations.cards import figure
from settlement.enums import CheckTable
from settlement.models import CheckRow

ORDERS: Orders = {"key": ("key", "table", "value", "id")}


@dataclass(frozen=True)
class Row:
    """A row as the list shows it."""

    public_id: str
    table: Any
    key: str
    value: str
    most: str
    changed: str


Index = Mapping[str, Sequence[CheckRow]]


def tables(viewer: Viewer, manufacturer_id: int, keys: Sequence[str]) -> dict[str, Any]:
    """The rows of these codes, by the names of `Reference`; nothing for anybody but headquarters. One statement."""
    rows = CheckRow.objects.visible_to(viewer).filter(organisation_id=manufacturer_id)
    return of_codes(_by_key(rows.filter(key__in=[key.upper() for key in keys])), keys)


def index(viewer: Viewer) -> Index:
    """All rows of the viewer's own tables, for `of_codes`. One statement."""
    return _by_key(CheckRow.objects.visible_to(viewer))


def _by_key(rows: TenantQuerySet[CheckRow]) -> Index:
    found: dict[str, list[CheckRow]] = defaultdict(list)
    for row in rows.order_by("id"):
        found[row.key].append(row)
    return dict(found)


def of_codes(rows: Index, keys: Iterable[str]) -> dict[str, Any]:
    """What the rows say of these codes, by the names of `Reference`. Rows are kept in capitals, as imports write them."""
    faults: dict[str, set[str]] = defaultdict(set)
    models: dict[str, set[str]] = defaultdict(set)
    parts: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for key in keys:
        for row in rows.get(key.upper(), ()):
            if row.table == CheckTable.LABOUR_FAULT:
                faults[key].add(row.value)
            elif row.table == CheckTable.LABOUR_MODEL:
                models[key].add(row.value)
            elif row.most is not None:
                parts[key][row.value] = row.most
    return {
        "operation_faults": {key: frozenset(fits) for key, fits in faults.items()},
        "operation_models": {key: frozenset(fits) for key, fits in models.items()},
        "part_models": dict(parts),
    }


def listing(viewer: Viewer, *, table: str = "", q: str = "") -> TenantQuerySet[CheckRow]:
    """The rows of a list, in no order yet. table: one of them; q: begins code or what it fits."""
    rows = CheckRow.objects.visible_to(viewer)
    if table:
        rows = rows.filter(table=table)
    for word in q.split():
        rows = rows.filter(key__istartswith=word) | rows.filter(value__istartswith=word)
    return rows


def row(found: CheckRow) -> Row:
    """A row in finished words."""
    changed = f"{found.changed_by} {local_date(found.updated_at):%Y-%m-%d}".strip()
    most = figure(found.most) if found.most is not None else ""
    return Row(found.public_id, found.get_table_display(), found.key, found.value, most, changed)
