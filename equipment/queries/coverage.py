"""Reading which product lines a partnership covers."""

from __future__ import annotations

from collections.abc import Sequence

from core.errors import NotFound
from core.tenancy import TenantQuerySet, Viewer
from equipment.models import PartnershipLine, ProductLine
from partners.models import Partnership


def rows_of(viewer: Viewer, partnership: Partnership) -> TenantQuerySet[PartnershipLine]:
    """The covered lines of a partnership as rows."""
    return PartnershipLine.objects.visible_to(viewer).filter(partnership=partnership).order_by("id")


def covered_ids(viewer: Viewer, partnership: Partnership) -> set[int]:
    """Ids of the covered lines; empty = all lines of the manufacturer."""
    return set(rows_of(viewer, partnership).values_list("line_id", flat=True))


def names_by_partnership(viewer: Viewer) -> dict[int, list[str]]:
    """Partnership id -> names of its covered lines, by code; a partnership without limit is not in it."""
    lines = ProductLine.objects.visible_to(viewer)  # a partnership that has ended shows no names any more
    rows = PartnershipLine.objects.visible_to(viewer).filter(line__in=lines).order_by("partnership_id", "line__code")
    found: dict[int, list[str]] = {}
    for partnership_id, name in rows.values_list("partnership_id", "line__name"):
        found.setdefault(partnership_id, []).append(name)
    return found


def lines_named(viewer: Viewer, partnership: Partnership, public_ids: Sequence[str]) -> list[ProductLine]:
    """The partnership's manufacturer's lines with these public ids. Errors: NotFound when one is missing."""
    wanted = set(public_ids)
    rows = ProductLine.objects.visible_to(viewer).filter(
        manufacturer_id=partnership.manufacturer_id, public_id__in=wanted
    )
    found = list(rows.order_by("code"))
    if len(found) != len(wanted):
        raise NotFound
    return found


def lock_partnership(viewer: Viewer, public_id: str) -> Partnership:
    """The partnership, locked, so that two people do not write its lines at once. Errors: NotFound."""
    return Partnership.objects.visible_to(viewer).select_for_update().one(public_id=public_id)


def line_ids_by_partnership(viewer: Viewer) -> dict[int, set[int]]:
    """Partnership id -> ids of its covered lines; a partnership without limit is not in it. One statement."""
    found: dict[int, set[int]] = {}
    rows = PartnershipLine.objects.visible_to(viewer).order_by("partnership_id", "line_id")
    for partnership_id, line_id in rows.values_list("partnership_id", "line_id"):
        found.setdefault(partnership_id, set()).add(line_id)
    return found
