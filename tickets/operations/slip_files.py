"""The kept files of a slip: three rows, each with its own right (domain.md 8.2), written once however often the job runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction

from core.errors import Refused
from core.tenancy import Viewer
from tickets.enums import Copy, SlipState
from tickets.models import Slip, SlipFile
from tickets.operations.steps import columns_of

#: states whose files are kept; what was voided before they were made gets none
_WANTED = (SlipState.SIGNED, SlipState.REFUSED)


@dataclass(frozen=True)
class KeptFile:
    """A file that lies in the storage already. name: in the storage; sha256: hex; size: bytes."""

    name: str
    sha256: str
    pages: int
    size: int


@transaction.atomic
def begin(*, viewer: Viewer, public_id: str, folder: str) -> Slip | None:
    """The slip whose files are to be made, its ticket along; None when nothing is missing, or the slip is void.

    folder: of the one job that makes them. Files in it that no row names are left over from a run that was killed, and
    go. The slip stays locked until the end of the transaction, so that no other run just writes such a row.
    """
    slip = _lock(viewer, public_id)
    rows = {file.copy: file.file.name for file in SlipFile.objects.visible_to(viewer).filter(slip=slip).order_by("id")}
    for name in _names_in(folder):
        if name not in rows.values():
            default_storage.delete(name)
    return slip if slip.state in _WANTED and len(rows) < len(Copy) else None


@transaction.atomic
def keep(*, viewer: Viewer, public_id: str, files: Mapping[Copy, KeptFile], now: datetime) -> list[SlipFile]:
    """Write the rows that are missing; returns them. Only the manufacturer's copy is ever shared with it.

    Files that are not wanted any more (the slip was voided meanwhile, another run was faster) are taken away.
    Errors: Refused("job_lost", 409) when another run has cleared the files away.
    """
    slip = _lock(viewer, public_id)
    known = set(SlipFile.objects.visible_to(viewer).filter(slip=slip).values_list("copy", flat=True))
    made = []
    for copy, file in files.items():
        if slip.state not in _WANTED or copy.value in known:
            default_storage.delete(file.name)
            continue
        if not default_storage.exists(file.name):
            raise Refused("job_lost", status=409)
        columns = columns_of(slip.ticket)
        columns["shared_with_maker"] = slip.ticket.shared_with_maker and copy is Copy.MAKER
        made.append(
            SlipFile(
                slip=slip,
                copy=copy,
                file=file.name,
                sha256=file.sha256,
                pages=file.pages,
                size=file.size,
                made_at=now,
                **columns,
            )
        )
    return SlipFile.objects.bulk_create(made)


def _lock(viewer: Viewer, public_id: str) -> Slip:
    """The slip, locked; not its ticket, which a person may hold while the files are made."""
    rows = Slip.objects.visible_to(viewer).select_for_update(of=("self",)).select_related("ticket")
    return rows.one(public_id=public_id)


def _names_in(folder: str) -> list[str]:
    try:
        _, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    return [f"{folder}/{name}" for name in names]
