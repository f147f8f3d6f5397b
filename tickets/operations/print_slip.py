"""Printing the triplicate is counted: from the second time on it says 补打 n (domain.md 8.3)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from core import rights
from core.errors import Refused
from core.tenancy import Viewer
from tickets.enums import EntryKind
from tickets.models import Slip
from tickets.operations.steps import write_entry
from tickets.queries import slips

_PAPER_NUMBER = re.compile(r"[0-9A-Z][0-9A-Z/._-]{0,19}")


@transaction.atomic
def print_slip(*, viewer: Viewer, public_id: str, now: datetime, paper_number: str | None = None) -> Slip:
    """Count one printing of a frozen slip. `slip.printed` is then 1 for the first one, n + 1 for 补打 n.

    paper_number: 纸质单号 of the form it is printed on; None leaves it, "" takes it away (domain.md 8.3).
    Errors: NotFound, not_allowed, wrong_state (409) for a slip that is not frozen, Refused("paper_number_wrong"),
    Refused("paper_number_taken", number=…).
    """
    slip = slips.lock(viewer, public_id, version=None)
    rights.require(viewer, "slip.print", slip)
    slip.printed += 1
    if paper_number is None:
        slip.save(update_fields=["printed"])
    else:
        save_with_paper_number(viewer, slip, paper_number, fields=["printed", "paper_number"])
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


def save_with_paper_number(viewer: Viewer, slip: Slip, text: str, *, fields: Sequence[str] | None = None) -> None:
    """Save a locked slip with its 纸质单号, "" for none (domain.md 8.3). fields: the columns that are written, None = all.

    Errors: Refused("paper_number_wrong"), ("paper_number_taken", number=…), both with field="paper_number".
    """
    slip.paper_number = _free_number(viewer, slip, text)
    try:
        with transaction.atomic():
            slip.save(update_fields=fields)
    except IntegrityError:  # two at the same moment: the other one was faster
        raise Refused("paper_number_taken", field="paper_number", number="–") from None


def _free_number(viewer: Viewer, slip: Slip, text: str) -> str:
    """The number as it is kept, when no other slip of the dealer has it."""
    number = text.strip().upper()
    if not number:
        return ""
    if not _PAPER_NUMBER.fullmatch(number):
        raise Refused("paper_number_wrong", field="paper_number")
    others = Slip.objects.visible_to(viewer).filter(paper_number=number).exclude(id=slip.id)
    if (taken := others.select_related("ticket").first()) is not None:
        told = taken.number if rights.may(viewer, "slip.read", taken) else "–"  # a technician reads his own alone
        raise Refused("paper_number_taken", field="paper_number", number=told)
    return number
