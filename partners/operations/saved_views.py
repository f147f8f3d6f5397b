"""Views of lists are saved, shared and removed."""

from __future__ import annotations

from django.db import transaction
from django.http import QueryDict

from core import exports, rights
from core.errors import NotFound, Refused
from core.tables import PAGING
from core.tenancy import Viewer
from partners.models import SavedView
from partners.queries import saved_views


@transaction.atomic
def save_view(*, viewer: Viewer, list_name: str, name: str, query: str, shared: bool) -> SavedView:
    """Keep filters, order and columns of a list under a name; the same name again replaces the viewer's earlier one.

    query: the parameters of the list's address; its place in the list is left out. shared: for all in the organisation, where the viewer
    may. Errors: NotFound for an unknown list, Refused("name_missing"), ("text_too_long"), ("views_too_many"), not_allowed.
    """
    rights.require(viewer, "view.save")
    if exports.source(list_name) is None:
        raise NotFound
    name = " ".join(name.split())
    if not name:
        raise Refused("name_missing", field="name")
    if shared:
        rights.require(viewer, "view.share")
    kept = _kept(query)
    if len(name) > 30 or len(kept) > 1000:
        raise Refused("view_too_long", field="name")
    mine = SavedView.objects.visible_to(viewer).filter(organisation_id=viewer.org, person_id=viewer.person_id or 0)
    known = mine.filter(list_name=list_name, name=name).select_for_update().first()
    if known is None:
        if mine.count() >= saved_views.MOST:
            raise Refused("views_too_many", most=saved_views.MOST)
        assert viewer.person_id is not None  # rights: people only
        known = SavedView(organisation_id=viewer.org, person_id=viewer.person_id, list_name=list_name, name=name)
    known.query, known.shared = kept, shared
    known.save()
    return known


@transaction.atomic
def remove_view(*, viewer: Viewer, public_id: str) -> SavedView:
    """Take a view away: one's own, or a shared one where the viewer may share. Errors: NotFound, not_allowed."""
    view = saved_views.readable(viewer).filter(public_id=public_id).first()
    if view is None:
        raise NotFound
    rights.require(viewer, "view.save" if view.person_id == viewer.person_id else "view.share")
    removed = SavedView.objects.visible_to(viewer).filter(pk=view.pk)
    removed.delete()
    return view


def _kept(query: str) -> str:
    params = QueryDict(query[:4000])
    kept = QueryDict(mutable=True)
    for key, values in params.lists():
        if key not in PAGING and (full := [value for value in values if value]):
            kept.setlist(key, full)
    return kept.urlencode()
