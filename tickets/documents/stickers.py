"""QR labels for machines on A4 sheets: 3 × 8 labels of 70 × 37 mm, without gaps (domain.md 18.4)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import segno
from django.template.loader import render_to_string

from core.errors import Refused
from equipment.models import Machine

ACROSS, DOWN = 3, 8
PER_SHEET = ACROSS * DOWN
#: labels of one PDF: four sheets
MOST = 96


@dataclass(frozen=True)
class Dealer:
    """What stands on every label."""

    name: str
    hotline: str


@dataclass(frozen=True)
class Label:
    """One label; code "" is a place that was used already."""

    code: str = ""
    picture: str = ""
    model: str = ""
    serial_number: str = ""


def sheets(machines: Sequence[Machine], *, dealer: Dealer, site: str, skip: int = 0) -> bytes:
    """The PDF. skip: places of the first sheet that are used already, 0–23. site: address of the installation, without slash.

    The strip above the labels is a ruler of 100 mm: measured on the print it tells whether the printer scales.
    Errors: Refused("machine_missing"), Refused("too_many_labels").
    """
    from core import printing  # WeasyPrint takes a second to import: only who prints waits for it

    if not machines:
        raise Refused("machine_missing", field="machines")
    if len(machines) > MOST:
        raise Refused("too_many_labels", field="machines", n=MOST)
    pictures: dict[str, bytes] = {}
    labels = [Label() for _place in range(skip)]
    for place, machine in enumerate(machines):
        out = io.BytesIO()
        segno.make(f"{site}/q/{machine.qr_code}", error="q", micro=False).save(out, kind="png", border=0, scale=8)
        pictures[f"qr-{place}"] = out.getvalue()
        labels.append(Label(machine.qr_code, f"passed:qr-{place}", machine.model, machine.serial_number))
    labels += [Label()] * (-len(labels) % ACROSS)
    rows = [labels[at : at + ACROSS] for at in range(0, len(labels), ACROSS)]
    pages = [rows[at : at + DOWN] for at in range(0, len(rows), DOWN)]
    html = render_to_string(
        "tickets/slip_paper/stickers.html", {"pages": pages, "dealer": dealer, "marks": range(0, 101, 10)}
    )
    return printing.draw(printing.lay_out(html, stylesheets=["css/stickers.css"], passed=pictures))
