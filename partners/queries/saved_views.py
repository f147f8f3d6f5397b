"""Reading saved views of lists: one's own, and those that are shared in the organisation."""

from __future__ import annotations

from django.db.models import Q

from core.tenancy import TenantQuerySet, Viewer
from partners.models import SavedView

MOST = 50


def readable(viewer: Viewer) -> TenantQuerySet[SavedView]:
    """The viewer's own and the shared ones of his organisation."""
    mine = Q(person_id=viewer.person_id or 0) | Q(shared=True)
    return SavedView.objects.visible_to(viewer).filter(mine, organisation_id=viewer.org)


def of_list(viewer: Viewer, list_name: str) -> list[SavedView]:
    """Those of one list, by name. One statement."""
    return list(readable(viewer).filter(list_name=list_name).order_by("name", "id")[: 2 * MOST])
