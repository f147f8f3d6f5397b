"""Many slips as one PDF: counted and ordered here, made by the job `tickets.slip_batch` (reliability.md 5, performance.md 5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core import jobs, rights
from core.errors import NotFound, Refused
from core.models import Job
from core.tenancy import Viewer
from tickets.enums import Paper
from tickets.models import Slip
from tickets.operations.print_slip import print_slip

KIND = "tickets.slip_batch"
MOST = 50


@transaction.atomic
def order_batch(*, viewer: Viewer, public_ids: Sequence[str], paper: str, now: datetime) -> Job:
    """Count one printing of each slip, and order their PDF, in the order of the list.

    The job carries each slip's 补打 number, so that a second run of it counts nothing and prints the same.
    Errors: not_allowed, NotFound when one of them is not the viewer's, Refused("nothing_picked" | "too_many_picked" |
    "paper_unknown"), wrong_state (409) for a slip that is not frozen.
    """
    rights.require(viewer, "slip.batch")
    chosen = list(dict.fromkeys(public_ids))
    if not chosen:
        raise Refused("nothing_picked")
    if len(chosen) > MOST:
        raise Refused("too_many_picked", n=MOST)
    if paper not in Paper.values:
        raise Refused("paper_unknown", field="paper")
    order = {
        key: place
        for place, key in enumerate(
            Slip.objects.visible_to(viewer)
            .filter(public_id__in=chosen)
            .order_by("ticket_id", "id")
            .values_list("public_id", flat=True)
        )
    }
    if len(order) != len(chosen):
        raise NotFound
    # locked in one order, whatever the order of the list: two batches do not wait for each other in a ring
    printed = {
        key: print_slip(viewer=viewer, public_id=key, now=now).printed for key in sorted(chosen, key=order.__getitem__)
    }
    return jobs.enqueue(
        KIND,
        viewer=viewer,
        now=now,
        title=_("Print %(n)s slips") % {"n": len(chosen)},
        of=len(chosen),
        slips=[[key, printed[key] - 1] for key in chosen],
        paper=paper,
    )
