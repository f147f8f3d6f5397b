"""Jobs of partners."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core import jobs
from partners.operations import move_office
from partners.queries import partnerships


@jobs.handler(move_office.MOVE, _("Records go to the new office"))
def records_moved(run: jobs.Run) -> None:
    """Table by table, a thousand rows a transaction; payload: partnership (key). A later change of the office goes its own way."""
    tables = move_office.moved_tables()
    for place, model in enumerate(tables, start=1):
        last: int | None = 0
        while last is not None:
            with run.step():
                partnership = partnerships.by_key(run.viewer, run.payload["partnership"])
                last = move_office.move(run.viewer, partnership, model, after=last)
        run.progress(place, len(tables))
