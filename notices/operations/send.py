"""Messages to people of the own organisation, in the portal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from core.tenancy import Viewer
from notices.models import Notice


def send(
    *, viewer: Viewer, person_ids: Iterable[int], kind: str, params: dict[str, Any], url: str, now: datetime
) -> int:
    """Write a notice for each of these people of the viewer's organisation, never for the viewer himself.

    kind: registered in `notices.queries.notices`; params: values of its sentence. Returns how many were written.
    """
    rows = [
        Notice(organisation_id=viewer.org, person_id=person_id, kind=kind, params=params, url=url, created_at=now)
        for person_id in sorted(set(person_ids) - {viewer.person_id})
    ]
    return len(Notice.objects.bulk_create(rows))
