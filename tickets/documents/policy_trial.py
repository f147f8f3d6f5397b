"""The tickets whose result a draft policy would change, as a workbook."""

from __future__ import annotations

import io
from collections.abc import Sequence

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from core.calendars import local
from core.models import public_id as random_name
from tickets.explain import warranty as words
from tickets.queries.trials import Changed


def workbook(rows: Sequence[Changed], *, folder: str) -> str:
    """Store the workbook, and return its name; one of an earlier run of the task goes."""
    import xlsxwriter  # web processes never write one

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet(_("Changed results"))
    sheet.freeze_panes(1, 0)
    heads = (_("Ticket"), _("Reported"), _("Customer"), _("Machine"), _("Result now"), _("With the draft"))
    for place, head in enumerate(heads):
        sheet.set_column(place, place, 22)
        sheet.write_string(0, place, head, bold)
    for line, row in enumerate(rows, start=1):
        cells = (
            row.number, f"{local(row.reported_at):%Y-%m-%d}", row.customer, row.machine, words.result(row.was),
            words.result(row.then),
        )  # fmt: skip
        for place, cell in enumerate(cells):
            sheet.write_string(line, place, cell)
    book.close()
    if default_storage.exists(folder):
        for name in default_storage.listdir(folder)[1]:
            default_storage.delete(f"{folder}/{name}")
    return default_storage.save(f"{folder}/{random_name()}.xlsx", ContentFile(out.getvalue()))
