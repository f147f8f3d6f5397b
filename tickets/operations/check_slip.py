"""What a slip would still lack, with what is typed just now: nothing of it is kept."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from core import rights
from core.tenancy import Viewer
from tickets.calculations.slip_checks import Problem, problems
from tickets.calculations.slip_input import SlipInput
from tickets.operations import save_slip
from tickets.operations.complete_slip import facts_of
from tickets.queries import slips


class _Undo(Exception):
    """Ends the savepoint."""


def check_slip(
    *, viewer: Viewer, public_id: str, written: SlipInput, long_stay_confirmed: bool = False, now: datetime
) -> list[Problem]:
    """Everything that stands in the way of completing the draft if it were saved as `written`.

    For a form whose other fields cannot be read yet: the person sees all of it at once. Errors: NotFound, not_allowed.
    """
    found: list[Problem] = []
    try:
        with transaction.atomic():
            slip = slips.lock(viewer, public_id, version=None)
            rights.require(viewer, "slip.save", slip)
            content = save_slip.write(viewer, slip, written)
            found = problems(facts_of(viewer, slip, now=now, long_stay_confirmed=long_stay_confirmed, content=content))
            raise _Undo
    except _Undo:
        return found
