"""Words for the codes that calculations return."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tickets.calculations.work_orders import Column, RejectedRow, UnreadableFile


def why_rejected(row: RejectedRow) -> str:
    """Say why a row of old work orders cannot be read, with the cell that is to blame."""
    sentences = {
        "columns": _("it has %(cell)s columns, not as many as there are heads"),
        "date": _("the date cannot be read: %(cell)s"),
        "date_without_year": _("the date has no year: %(cell)s"),
        "asset": _("the machine cannot be read: %(cell)s"),
        "cost": _("the cost cannot be read: %(cell)s"),
    }
    return sentences[row.reason] % {"cell": row.cell if row.reason == "columns" else f"“{row.cell[:40]}”"}


def why_unreadable(file: UnreadableFile) -> str:
    """Say why a file of old work orders cannot be read at all, and what to do."""
    columns: dict[Column, str] = {
        "day": _("date"),
        "asset": _("machine"),
        "text": _("description"),
        "kind": _("type"),
        "cost": _("cost"),
    }
    sentences = {
        "empty": _("The file is empty."),
        "not_csv": _("This is no text file; save the table as CSV first."),
        "encoding": _("The file's characters cannot be read; save it as UTF-8."),
        "broken_quotes": _("The quotation marks are broken from line %(line)s on."),
        "no_head": _("There is no line of heads with these columns: %(missing)s."),
        "too_large": _("The file is larger than 64 MB."),
    }
    missing = ", ".join(columns[column] for column in file.missing)
    return sentences[file.code] % {"line": file.line, "missing": missing}
