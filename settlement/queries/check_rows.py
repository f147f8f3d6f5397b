"""Reading the tables that checks of claims compare with (domain.md 9.3, B01 to B03): headquarters' own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
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


def tables(viewer: Viewer, manufacturer_id: int, keys: Sequence[str]) -> dict[str, Any]:
    """The rows of these codes, by the names of `Reference`; nothing for anybody but headquarters. One statement."""
    faults: dict[str, set[str]] = defaultdict(set)
    models: dict[str, set[str]] = defaultdict(set)
    parts: dict[str, dict[str, Decimal]] = defaultdict(dict)
    written = {key.upper(): key for key in keys}  # rows are kept in capitals, as imports write them
    rows = CheckRow.objects.visible_to(viewer).filter(organisation_id=manufacturer_id, key__in=written).order_by("id")
    for row in rows:
        code = written[row.key]
        if row.table == CheckTable.LABOUR_FAULT:
            faults[code].add(row.value)
        elif row.table == CheckTable.LABOUR_MODEL:
            models[code].add(row.value)
        elif row.most is not None:
            parts[code][row.value] = row.most
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
