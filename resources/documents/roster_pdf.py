"""The roster of a month on one sheet of A4 across, for the wall."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.template.loader import render_to_string
from django.utils.translation import get_language

from core.calendars import local
from partners.models import Organisation
from resources.queries.month import Cell


def roster_pdf(weeks: Sequence[Sequence[Cell]], *, first: date, dealer: Organisation, now: datetime) -> bytes:
    """The PDF in the language of who prints it. weeks: of the month that begins on `first`, as `queries.month.calendar` makes them.

    dealer: name and 24-hour number stand in the head. now: when it was printed.
    """
    from core import printing  # WeasyPrint takes a second to import: only who prints waits for it

    people = {(row.main, row.phone) for week in weeks for cell in week for row in cell.shifts if cell.in_month}
    context = {
        "weeks": weeks,
        "month": f"{first:%Y-%m}",
        "dealer": dealer,
        "people": sorted(people),
        "printed_at": f"{local(now):%Y-%m-%d %H:%M}",
        "language": "en" if get_language() == "en" else "zh-Hans",
    }
    html = render_to_string("resources/paper.html", context)
    return printing.draw(printing.lay_out(html, stylesheets=["css/duty-paper.css"]))
