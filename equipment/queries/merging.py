"""What was merged with a customer or machine, and what it could be merged with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.tenancy import Viewer
from equipment.models import Customer, Machine, Merge, MergeKind
from equipment.models.merging import UNDO_DAYS


@dataclass(frozen=True)
class Line:
    """A merge on the page of one of the two. other, other_url_id: the other one. undo: whether it can still be taken back."""

    public_id: str
    other: str
    other_id: str
    is_kept: bool
    who: str
    at: datetime
    undo: bool


def of_row(viewer: Viewer, kind: str, row_id: int, now: datetime) -> list[Line]:
    """The merges in force of a row, the latest first."""
    merges = Merge.objects.visible_to(viewer).filter(kind=kind, undone_at=None)
    rows = list((merges.filter(kept_id=row_id) | merges.filter(gone_id=row_id)).order_by("-id")[:20])
    if not rows:
        return []
    others = {row.gone_id if row.kept_id == row_id else row.kept_id for row in rows}
    table: Any = Customer if kind == MergeKind.CUSTOMER else Machine
    known = {row.pk: row for row in table.objects.visible_to(viewer).filter(pk__in=others)}
    lines = []
    for row in rows:
        is_kept = row.kept_id == row_id
        other = known[row.gone_id if is_kept else row.kept_id]
        undo = now <= row.merged_at + timedelta(days=UNDO_DAYS)
        lines.append(Line(row.public_id, str(other), other.public_id, is_kept, row.merged_by, row.merged_at, undo))
    return lines


def candidates(viewer: Viewer, machine: Machine) -> list[Machine]:
    """Machines that could be the same: same customer and manufacturer, in use."""
    rows = Machine.objects.visible_to(viewer).filter(
        customer_id=machine.customer_id, manufacturer_id=machine.manufacturer_id, active=True
    )
    return list(rows.exclude(pk=machine.pk).order_by("model", "id")[:50])
