"""Reading one's notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.prepared import PerViewer
from core.tenancy import TenantQuerySet, Viewer
from notices.models import Notice
from notices.queries import kinds

UNREAD_CAP = 100  # the bell shows 99+; counting further costs more than it tells


@dataclass(frozen=True)
class Message:
    """A notice as its reader sees it."""

    public_id: str
    words: str
    url: str
    at: datetime
    unread: bool
    urgent: bool


def unread_count(viewer: Viewer) -> int:
    """How many notices the viewer has not read, up to 100. One statement on a partial index: pages poll it."""
    return len(_unread(viewer))


#: the ids of the viewer's unread notices, none beyond the cap
_unread = PerViewer(lambda viewer: _mine(viewer).filter(read_at=None).order_by().values_list("id")[:UNREAD_CAP])


def one(viewer: Viewer, public_id: str) -> Notice:
    """A notice of the viewer's. Errors: NotFound."""
    return _mine(viewer).one(public_id=public_id)


#: newest first
ORDERS = {"new": ("-id",)}


def listing(viewer: Viewer, *, unread: bool = False) -> TenantQuerySet[Notice]:
    """The viewer's notices, or only those he has not read, in no order yet."""
    return _mine(viewer).filter(read_at=None) if unread else _mine(viewer)


def _mine(viewer: Viewer) -> TenantQuerySet[Notice]:
    return Notice.objects.visible_to(viewer).filter(person_id=viewer.person_id or 0)


def message(row: Notice) -> Message:
    """The notice in the reader's words."""
    return Message(
        row.public_id, kinds.words(row.kind, row.params), row.url, row.created_at, row.read_at is None, row.urgent
    )
