"""Old work orders from a spreadsheet through the common engine: the same reading, the same key and the same writing as
`manage.py import_work_orders`, so that a file may come by either way without a second ticket."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.imports import values
from core.imports.kinds import Draft, Field, Kind, Option, Problem, Run, State, Verdict, Written
from core.imports.sheets import CellError, Value
from core.tenancy import Viewer
from partners.queries import partnerships
from tickets.calculations.work_orders import HEADS, Column, RejectedRow, WorkOrder, read_cells
from tickets.operations.import_work_orders import import_chunk, key_of
from tickets.queries import imports


def _cell(value: Value) -> str:
    if isinstance(value, CellError):
        raise values.Unreadable(_("the formula has no value (%(error)s)") % {"error": str(value)})
    return values.as_text(value)


FIELDS = (
    Field("day", gettext_lazy("Date"), tuple(HEADS["day"]), _cell, required=True, example="2026-06-03"),
    Field("asset", gettext_lazy("Machine"), tuple(HEADS["asset"]), _cell, required=True, example="2603B017"),
    Field("text", gettext_lazy("Fault"), tuple(HEADS["text"]), _cell, example="前端异响"),
    Field("kind", gettext_lazy("Type"), tuple(HEADS["kind"]), _cell),
    Field("cost", gettext_lazy("Cost"), tuple(HEADS["cost"]), _cell, example="892.22"),
)


def judge(viewer: Viewer, run: Run, drafts: Sequence[Draft]) -> list[Verdict]:
    """New or unchanged: an order that is known stays as it is."""
    seen: Counter[str] = run.memo.setdefault("seen", Counter())
    rows = [read_cells(draft.line, _columns(draft), seen) for draft in drafts]
    known = imports.known_among(viewer, [key_of(row) for row in rows if isinstance(row, WorkOrder)])
    return [_verdict(row, known) for row in rows]


def _verdict(row: WorkOrder | RejectedRow, known: set[str]) -> Verdict:
    if isinstance(row, RejectedRow):
        return Verdict(State.REJECTED, problems=(_problem(row),))
    key = key_of(row)
    return Verdict(State.UNCHANGED if key in known else State.NEW, key, target=row)


def _problem(row: RejectedRow) -> Problem:
    sentences: dict[str, tuple[str, str]] = {
        "columns": ("", _("the row has too many cells")),
        "date": ("day", _("write the date as 2026-06-03")),
        "date_without_year": ("day", _("the year is missing")),
        "asset": ("asset", _("at most 40 characters, and not rounded by Excel")),
        "cost": ("cost", _("write a figure, for example 1250.00")),
    }
    return Problem(*sentences[row.reason])


def _columns(draft: Draft) -> dict[Column, str]:
    return {column: draft.values[column] for column in HEADS if column in draft.values}


def write(viewer: Viewer, run: Run, chunk: Sequence[tuple[Draft, Verdict]], now: datetime) -> list[Written]:
    """Through `import_chunk`; orders are never changed."""
    orders = {key_of(verdict.target): (draft, verdict.target) for draft, verdict in chunk}
    tickets = import_chunk(
        viewer=viewer,
        orders=[order for _d, order in orders.values()],
        maker_code=run.options.get("maker") or None,
        now=now,
    )
    return [Written(orders[ticket.import_key][0].line, "ticket", ticket.pk) for ticket in tickets]


def options(viewer: Viewer) -> list[Option]:
    """Whose machines they are."""
    rows = [row for row in partnerships.makers(viewer) if row.owner_dealer_id is None]
    choices: tuple[tuple[str, Any], ...] = (
        ("", _("unknown, kept for yourself")),
        *((row.code, row.label) for row in rows),
    )
    return [Option("maker", gettext_lazy("Manufacturer"), choices, gettext_lazy("The history of its machines"))]


KIND = Kind(
    name="work_orders",
    label=gettext_lazy("Old work orders"),
    lead=gettext_lazy(
        "History from another system, as closed tickets with their numbers. Numbers are never taken back, so this import cannot be undone."
    ),
    action="import.work_orders",
    icon="clipboard-list",
    fields=FIELDS,
    judge=judge,
    write=write,
    undo=None,
    list_name="tickets:tickets",
    options=options,
)
