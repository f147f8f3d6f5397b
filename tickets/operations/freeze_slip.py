"""Freezing: what is signed does not change any more."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.forms.models import model_to_dict

from core import events, jobs
from core.tenancy import Viewer
from tickets import notices
from tickets.calculations.content_hash import content_hash
from tickets.models import Slip
from tickets.queries import slips

#: not part of what the customer signs: technical columns, and the number, which a slip from the phone's queue gets later
_OUTSIDE = {
    "id",
    "ticket",
    "dealer",
    "manufacturer",
    "office",
    "shared_with_maker",
    "version",
    "state",
    "number",
    "paper_number",
    "content_hash",
    "frozen_at",
    "void_reason",
    "voided_at",
    "voided_by",
    "locked",
    "printed",
    "completed_at",
    "saved_by",
    "saved_from",
    "saved_since",
    "signed_op",
    "warranty_reason",
}


def freeze(viewer: Viewer, slip: Slip, *, now: datetime, at: datetime | None = None) -> None:
    """Hash a slip that has just reached a frozen state, save it, start its files, tell who must know.

    at: when the customer answered, if not now.

    Effects: content_hash, frozen_at, job "tickets.slip_pdf", notice to the desk, event "slip_signed". The ticket must
    have its 完工时间 by now.
    """
    slip.content_hash = content_hash(content_of(viewer, slip))
    slip.frozen_at = at or now
    slip.save()
    jobs.enqueue("tickets.slip_pdf", viewer=viewer, now=now, title=slip.number, of=3, slip=slip.public_id)
    notices.tell_signed(viewer, slip.ticket, slip, now)
    events.tell("slip_signed", slip=slip, viewer=viewer, now=now)


def content_of(viewer: Viewer, slip: Slip) -> dict[str, Any]:
    """Everything the customer signs, as plain values."""
    content = {key: value for key, value in model_to_dict(slip).items() if key not in _OUTSIDE}
    if not content["from_paper"]:
        del content["from_paper"]  # said where it is so: slips of earlier versions keep their hash
    content["ticket"] = slip.ticket.number
    content["faults"] = [
        {
            **{key: value for key, value in model_to_dict(line.row).items() if key in _LINE},
            "machines": [
                [item.product_type, item.model, item.serial_number, item.ex_factory_on, item.unknown_reason]
                for item in line.covered
            ],
        }
        for line in slips.faults(viewer, slip)
    ]
    content["parts"] = [
        {key: value for key, value in model_to_dict(part).items() if key in _PART} for part in slips.parts(viewer, slip)
    ]
    return content


_LINE = {
    "reported",
    "symptom",
    "fault_part",
    "diagnosis",
    "cause",
    "responsibility",
    "solution",
    "treatment",
    "standard_hours",
}
_PART = {
    "code",
    "name",
    "unit",
    "quantity",
    "source",
    "new_serial",
    "old_serial",
    "return_old",
    "causal",
    "supply_number",
}
