"""The three kept files of a slip, their merge, its marks, and the slip on a page (domain.md 8.2, ui.md 6 check 20).

All copies are one layout: what they share is drawn once, what differs once a copy, and a file is put together of the two.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from tickets.documents.slip_paper import SlipPaper
from tickets.documents.slip_sheet import Sheet
from tickets.enums import Copy

if TYPE_CHECKING:
    from core import printing

STYLES = ("css/paper.css", "css/paper-print.css")
STAFF = (Copy.DEALER, Copy.MAKER)


@dataclass(frozen=True, slots=True)
class SlipFiles:
    """The kept PDF of each copy, as bytes."""

    dealer: bytes
    customer: bytes
    maker: bytes

    def of(self, copy: Copy) -> bytes:
        """The file of one copy."""
        return {Copy.DEALER: self.dealer, Copy.CUSTOMER: self.customer, Copy.MAKER: self.maker}[copy]


def slip_files(paper: SlipPaper) -> SlipFiles:
    """Make the three files of a slip, each of one page where the text fits; photos follow on the dealer's and the maker's copy.

    About 0.1 s in a warm worker (`core.printing.warm`); performance.md 5, row slip_pdf.
    """
    from core import printing  # WeasyPrint takes a second to import: only who prints waits for it

    pdf = _lay_out(paper, tuple(Copy))
    dealer, customer, maker = printing.draw_copies(pdf, [_mark(copy) for copy in Copy])
    if pdf.begins_last_page("settlement"):
        # The last page holds nothing but what the customer does not have: his copy ends a page earlier and counts one less.
        customer = printing.draw(_lay_out(paper, (Copy.CUSTOMER,)))
    if paper.photos:
        of_dealer, of_maker = printing.draw_copies(_lay_out_photos(paper), [_mark(copy) for copy in STAFF])
        dealer, maker = printing.merge([dealer, of_dealer]), printing.merge([maker, of_maker])
    return SlipFiles(dealer, customer, maker)


def triplicate(files: SlipFiles, copies: Iterable[Copy] = Copy) -> bytes:
    """The copies one after the other, for printing all at once; `copies` chooses some."""
    from core import printing

    return printing.merge((files.of(copy) for copy in copies), title="售后服务单")


def stamped(
    files: SlipFiles, copies: Iterable[Copy] = Copy, *, reprint_no: int | None = None, void_reason: str | None = None
) -> bytes:
    """The chosen copies merged, with marks on every page: 补打 n, and 作废 with its reason.

    reprint_no: from 1; None for the first print. void_reason: None for a valid slip, "" marks it without words.
    The kept files stay as they are (domain.md 8.2).
    """
    from core import printing

    merged = triplicate(files, copies)
    if not reprint_no and void_reason is None:
        return merged
    return printing.overlay(merged, stamp(reprint_no=reprint_no, void_reason=void_reason))


def stamp(*, reprint_no: int | None = None, void_reason: str | None = None) -> bytes:
    """One A4 page with nothing on it but the marks of `stamped`."""
    from core import printing

    html = render_to_string("tickets/slip_paper/stamp.html", {"reprint_no": reprint_no, "void_reason": void_reason})
    return printing.draw(printing.lay_out(html, stylesheets=STYLES))


def preview_html(paper: SlipPaper, copy: Copy) -> SafeString:
    """One copy as HTML for a page that loads css/paper.css: the same templates as the paper, without what the copy hides."""
    sheet = Sheet(paper, [copy])
    pictures = {
        name: f"data:image/png;base64,{base64.b64encode(content).decode()}"
        for name, content in pictures_of(sheet).items()
    }
    return render_to_string("tickets/slip_paper/preview.html", {"sheet": sheet, "logo": "", "qr": ""} | pictures)


def _mark(copy: Copy) -> str:
    return f"only-{copy.value}"


def _lay_out(paper: SlipPaper, copies: Iterable[Copy]) -> printing.Pdf:
    from core import printing

    sheet = Sheet(paper, copies)
    pictures = pictures_of(sheet)
    names = {"logo": "", "qr": ""} | {name: f"passed:{name}" for name in pictures}
    html = render_to_string("tickets/slip_paper/print.html", {"sheet": sheet} | names)
    return printing.lay_out(html, stylesheets=STYLES, passed=pictures)


def _lay_out_photos(paper: SlipPaper) -> printing.Pdf:
    from core import printing

    passed = {f"photo-{place}": photo.jpeg for place, photo in enumerate(paper.photos)}
    shown = [
        {"source": f"passed:{name}", "slot": photo.slot, "note": photo.note}
        for name, photo in zip(passed, paper.photos, strict=True)
    ]
    html = render_to_string("tickets/slip_paper/photos.html", {"sheet": Sheet(paper, STAFF), "photos": shown})
    return printing.lay_out(html, stylesheets=STYLES, passed=passed)


def pictures_of(sheet: Sheet) -> dict[str, bytes]:
    """Logo and QR code; the code as a bitmap of one dot a module, which draws faster than paths and stays sharp."""
    pictures = {}
    if sheet.paper.dealer.logo:
        pictures["logo"] = sheet.paper.dealer.logo
    if sheet.paper.verify_url:
        out = io.BytesIO()
        sheet.qr.save(out, kind="png", border=0)
        pictures["qr"] = out.getvalue()
    return pictures
