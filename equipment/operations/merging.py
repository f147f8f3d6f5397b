"""Two customers, or two machines, of a dealer that turn out to be one: history moves, signed slips keep their copy, 7 days to undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from core import rights
from core.errors import NotFound, Refused
from core.tenancy import Viewer
from equipment.models import Customer, Machine, Merge, MergeKind
from equipment.models.merging import UNDO_DAYS

#: moves the rows of an upper room from one id to another and tells which; called again with `only` to move them back
Mover = Callable[[Viewer, int, int, "list[int] | None"], list[int]]
_movers: dict[str, dict[str, Mover]] = {MergeKind.CUSTOMER: {}, MergeKind.MACHINE: {}}


def register(kind: str, name: str, mover: Mover) -> None:
    """Let an upper room move its rows along ("tickets", …). A mover raises Refused when its rows forbid the merge."""
    _movers[kind][name] = mover


@transaction.atomic
def merge_customers(*, viewer: Viewer, kept: str, gone: str, now: datetime) -> Merge:
    """Put everything of the customer `gone` under `kept`; `gone` leaves lists and searches.

    Errors: NotFound, not_allowed, Refused("merge_same"), Refused("merge_gone") when one of them is out of use.
    """
    rights.require(viewer, "customer.merge")
    one, other = _two(viewer, Customer, kept, gone)
    merge = _begin(viewer, MergeKind.CUSTOMER, one.pk, other.pk, now)
    machines = Machine.objects.visible_to(viewer).filter(customer_id=other.pk)
    merge.moved["machines"] = list(machines.order_by("id").values_list("id", flat=True))
    machines.update(customer_id=one.pk)
    _move(viewer, merge, other.pk, one.pk)
    _retire(viewer, other)
    return merge


@transaction.atomic
def merge_machines(*, viewer: Viewer, kept: str, gone: str, now: datetime) -> Merge:
    """Put the history of the machine `gone` under `kept`, which takes over a serial number that it lacks.

    Errors as `merge_customers`; Refused("merge_makers") for machines of two manufacturers, Refused("merge_both_on_ticket").
    """
    rights.require(viewer, "machine.merge")
    one, other = _two(viewer, Machine, kept, gone)
    if one.manufacturer_id != other.manufacturer_id:
        raise Refused("merge_makers")
    merge = _begin(viewer, MergeKind.MACHINE, one.pk, other.pk, now)
    _move(viewer, merge, other.pk, one.pk)
    if not one.serial_number and other.serial_number:
        merge.facts["serial_number"] = other.serial_number
        merge.save()
        number, other.serial_number = other.serial_number, ""
        other.save()
        one.serial_number, one.version, one.changed_by = number, one.version + 1, viewer.name
        one.save()
    _retire(viewer, other)
    return merge


@transaction.atomic
def undo_merge(*, viewer: Viewer, public_id: str, now: datetime) -> Merge:
    """Take a merge back: what was moved returns, what came since stays with the one that was kept.

    Errors: NotFound, not_allowed, Refused("merge_undone", 409), Refused("merge_too_old", 409) after 7 days.
    """
    merge = Merge.objects.visible_to(viewer).select_for_update().one(public_id=public_id)
    rights.require(viewer, f"{merge.kind}.merge")
    if merge.undone_at is not None:
        raise Refused("merge_undone", status=409)
    if now > merge.merged_at + timedelta(days=UNDO_DAYS):
        raise Refused("merge_too_old", status=409)
    table: Any = Customer if merge.kind == MergeKind.CUSTOMER else Machine
    rows = {
        row.pk: row
        for row in table.objects.visible_to(viewer)
        .select_for_update()
        .filter(pk__in=[merge.kept_id, merge.gone_id])
        .order_by("id")
    }
    one, other = rows[merge.kept_id], rows[merge.gone_id]
    if merge.kind == MergeKind.CUSTOMER:
        back = Machine.objects.visible_to(viewer).filter(pk__in=merge.moved.get("machines", []), customer_id=one.pk)
        back.update(customer_id=other.pk)
    for name, mover in _movers[merge.kind].items():
        mover(viewer, one.pk, other.pk, merge.moved.get(name, []))
    number = merge.facts.get("serial_number", "")
    if number and one.serial_number == number:
        one.serial_number, one.version = "", one.version + 1
        one.save()
        other.serial_number = number
    other.active, other.version, other.changed_by = True, other.version + 1, viewer.name
    other.save()
    merge.undone_at, merge.version = now, merge.version + 1
    merge.save()
    return merge


def _two(viewer: Viewer, table: Any, kept: str, gone: str) -> tuple[Any, Any]:
    if kept == gone:
        raise Refused("merge_same", field="other")
    rows = table.objects.visible_to(viewer).select_for_update().filter(public_id__in=[kept, gone]).order_by("id")
    found = {row.public_id: row for row in rows}
    if len(found) != 2:
        raise NotFound
    if not all(row.active for row in found.values()):
        raise Refused("merge_gone", field="other")
    return found[kept], found[gone]


def _begin(viewer: Viewer, kind: MergeKind, kept: int, gone: int, now: datetime) -> Merge:
    return Merge.objects.create(
        dealer_id=viewer.org, kind=kind, kept_id=kept, gone_id=gone, merged_by=viewer.name, merged_at=now
    )


def _move(viewer: Viewer, merge: Merge, source: int, target: int) -> None:
    for name, mover in _movers[merge.kind].items():
        merge.moved[name] = mover(viewer, source, target, None)
    merge.save()


def _retire(viewer: Viewer, row: Any) -> None:
    row.active, row.version, row.changed_by = False, row.version + 1, viewer.name
    row.save()
