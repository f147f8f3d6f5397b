"""Papers that people upload: a PDF that can do nothing but be read, or a photo (reliability.md 6)."""

from __future__ import annotations

import io

import pikepdf
from django.utils.translation import gettext_lazy as _

from core import images
from core.errors import Refused, sentence

MOST_BYTES = 5_000_000
#: data that electronic invoices carry along inside their PDF
HARMLESS = (".xml", ".xbrl")
#: keys of a PDF object that begin something when the file is opened, printed or clicked
ACTIVE = ("/JS", "/JavaScript", "/Launch", "/ImportData", "/SubmitForm")

sentence("paper_large", _("The file is larger than %(most)s MB. Choose a smaller one."))
sentence("pdf_broken", _("This PDF cannot be opened. Save it anew, or add a photo."))
sentence("pdf_locked", _("This PDF is locked by a password. Save it without one."))
sentence("pdf_active", _("This PDF contains scripts or files. Print it into a new PDF, or add a photo."))


def kept(content: bytes) -> tuple[str, bytes]:
    """Ending and bytes of an uploaded paper as it is kept: a PDF byte by byte (its signature stays), a photo made anew.

    Errors: Refused("paper_large"), what `checked_pdf` and `images.encode` say, each with field="paper".
    """
    try:
        if content.startswith(b"%PDF-"):
            return "pdf", checked_pdf(content)
        return "jpg", images.encode(content).jpeg
    except Refused as refusal:
        refusal.field = "paper"
        raise


def checked_pdf(content: bytes) -> bytes:
    """The PDF itself, when it can be opened by anybody and holds neither scripts nor files that could be run.

    Errors: Refused("paper_large", most=…), ("pdf_broken"), ("pdf_locked"), ("pdf_active").
    """
    if len(content) > MOST_BYTES:
        raise Refused("paper_large", field="paper", most=MOST_BYTES // 1_000_000)
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            harmless = all(str(name).lower().endswith(HARMLESS) for name in pdf.attachments)
            active = any(_acts(thing) for thing in pdf.objects)
    except pikepdf.PasswordError:
        raise Refused("pdf_locked", field="paper") from None
    except (pikepdf.PdfError, ValueError, RuntimeError):
        raise Refused("pdf_broken", field="paper") from None
    if active or not harmless:
        raise Refused("pdf_active", field="paper")
    return content


def _acts(thing: pikepdf.Object) -> bool:
    """Whether an object of the file is, or directly holds, an action that does more than turn to a page."""
    if isinstance(thing, pikepdf.Stream):
        thing = thing.stream_dict
    if isinstance(thing, pikepdf.Array):
        return any(isinstance(one, pikepdf.Dictionary) and _acts(one) for one in thing.as_list())
    if not isinstance(thing, pikepdf.Dictionary):
        return False
    if any(key in thing for key in ACTIVE) or str(thing.get("/S", "")) in ACTIVE:
        return True
    return any(
        isinstance(one, pikepdf.Dictionary) and not one.is_indirect and _acts(one) for one in thing.as_dict().values()
    )
