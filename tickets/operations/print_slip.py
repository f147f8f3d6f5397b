"""Printing the triplicate is counted: from the second time on it says 补打 n (domain.md 8.3)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from core import rights
from core.tenancy import Viewer
from tickets.enums import EntryKind
from tickets.models import Slip
from tickets.operations.steps import write_entry
from tickets.queries import slips


@transaction.atomic
def print_slip(*, viewer: Viewer, public_id: str, now: datetime) -> Slip:
    """Count one printing of a frozen slip. `slip.printed` is then 1 for the first one, n + 1 for 补打 n.

    Errors: NotFound, not_allowed, wrong_state (409) for a slip that is not frozen.
    """
    slip = slips.lock(viewer, public_id, version=None)
    rights.require(viewer, "slip.print", slip)
    slip.printed += 1
    slip.save(update_fields=["printed"])
    write_entry(
        viewer,
        slip.ticket,
        EntryKind.FACT,
        verb="print",
        facts={"slip": slip.number, "n": slip.printed - 1},
        internal=True,
        now=now,
    )
    return slip
