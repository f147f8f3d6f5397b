"""How a dealer's slips look, and his printers: written by his administrator (domain.md 8.2, 8.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from core import images, rights
from core.errors import Refused
from core.models import public_id as random_name
from core.tenancy import Viewer
from tickets.enums import Paper, PaperColour
from tickets.models import Printer, PrintSettings
from tickets.models.printing import FARTHEST
from tickets.queries import print_shop

STEP = Decimal("0.5")


@dataclass(frozen=True)
class Look:
    """What is written about the look of a dealer's slips; names and colours in the order dealer, customer, manufacturer.

    logo: bytes as sent, None leaves the logo as it is; drop_logo takes it away.
    """

    names: tuple[str, str, str]
    colours: tuple[str, str, str]
    foot_line: str = ""
    default_paper: str = Paper.A4
    logo: bytes | None = None
    drop_logo: bool = False


@transaction.atomic
def save_look(*, viewer: Viewer, look: Look, expected_version: int, now: datetime) -> PrintSettings:
    """Keep the look for slips printed from now on; kept files stay as they are. expected_version: 0 when nothing was saved yet.

    The logo is made anew by core.images. Errors: not_allowed, Refused("stale", 409), Refused("copy_name_missing"),
    Refused("choice_unknown"), Refused("text_too_long"), those of core.images with field "logo".
    """
    rights.require(viewer, "print.settings")
    kept = PrintSettings.objects.visible_to(viewer).select_for_update().first()
    if (kept.version if kept else 0) != expected_version:
        raise Refused("stale", status=409)
    row = kept or PrintSettings(dealer_id=viewer.org)
    _fill(row, look)
    old = row.logo.name if row.logo else ""
    if look.logo is not None:
        row.logo.name = default_storage.save(f"logos/{random_name()}{random_name()}.jpg", ContentFile(small(look.logo)))
    elif look.drop_logo:
        row.logo.name = ""
    if kept:
        row.version += 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # two at the same moment, both the first
        raise Refused("stale", status=409) from None
    if old and old != row.logo.name:
        transaction.on_commit(lambda: default_storage.delete(old))
    return row


def small(content: bytes) -> bytes:
    """The logo as it is kept: a JPEG of at most 320 px a side, without anything of the sent file. Errors: of core.images."""
    try:
        return images.thumbnail(images.decode(content))
    except Refused as refusal:
        refusal.field = "logo"
        raise


@transaction.atomic
def save_printer(*, viewer: Viewer, name: str, x: Decimal, y: Decimal, now: datetime, public_id: str = "") -> Printer:
    """Enter a printer (public_id ""), or change one. x, y: by how much its print moves right and down, in steps of 0.5 mm.

    Errors: not_allowed, NotFound, Refused("printer_name_missing" | "printer_taken" | "offset_wrong" | "text_too_long").
    """
    rights.require(viewer, "print.settings")
    row = (
        Printer.objects.visible_to(viewer).select_for_update().one(public_id=public_id)
        if public_id
        else Printer(dealer_id=viewer.org)
    )
    row.name = name.strip()
    if not row.name:
        raise Refused("printer_name_missing", field="name")
    if len(row.name) > 40:
        raise Refused("text_too_long", field="name", n=40)
    for offset, field in ((x, "offset_x"), (y, "offset_y")):
        if abs(offset) > FARTHEST or offset % STEP:
            raise Refused("offset_wrong", field=field)
    row.offset_x, row.offset_y = x, y
    if public_id:
        row.version += 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused("printer_taken", field="name") from None
    return row


@transaction.atomic
def remove_printer(*, viewer: Viewer, public_id: str, now: datetime) -> None:
    """Take a printer off the list. Errors: not_allowed, NotFound."""
    rights.require(viewer, "print.settings")
    print_shop.printer(viewer, public_id).delete()


def _fill(row: PrintSettings, look: Look) -> None:
    names = [name.strip() for name in look.names]
    if not all(names):
        raise Refused("copy_name_missing")
    if any(len(name) > 8 for name in names):
        raise Refused("text_too_long", n=8)
    if any(colour not in PaperColour.values for colour in look.colours) or look.default_paper not in Paper.values:
        raise Refused("choice_unknown")
    if len(look.foot_line) > 30:
        raise Refused("text_too_long", field="foot_line", n=30)
    row.dealer_copy, row.customer_copy, row.maker_copy = names
    row.dealer_colour, row.customer_colour, row.maker_colour = look.colours
    row.foot_line, row.default_paper = look.foot_line.strip(), look.default_paper
