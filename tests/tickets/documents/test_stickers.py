"""QR labels for machines (domain.md 18.4)."""

from __future__ import annotations

import io

import pikepdf
import pytest

from equipment.models import Machine
from tests import factories
from tests.people import refused
from tests.tickets.documents.papers import text_of
from tickets.documents import stickers

DEALER = stickers.Dealer("长沙瑞启", "0731-88880000")


def machines(count):
    return [Machine(model=f"YE3-{n}M-4", serial_number=f"S{n:03d}", qr_code="a" * 16) for n in range(count)]


def test_a_sheet_holds_twenty_four_labels_of_the_given_size():
    content = stickers.sheets(machines(25), dealer=DEALER, site="https://x.example")
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert len(pdf.pages) == 2
        assert [round(float(side) / 72 * 25.4) for side in pdf.pages[0].mediabox[2:]] == [210, 297]


def test_a_begun_sheet_begins_later():
    content = stickers.sheets(machines(4), dealer=DEALER, site="https://x.example", skip=21)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert len(pdf.pages) == 2


def test_nothing_and_too_much_are_refused():
    with refused("machine_missing"):
        stickers.sheets([], dealer=DEALER, site="")
    with refused("too_many_labels"):
        stickers.sheets(machines(97), dealer=DEALER, site="")


@pytest.mark.django_db(transaction=True)
def test_the_desk_chooses_its_own_machines_only(sign_in, people):
    own = factories.machine(factories.customer(people.cs01), people.sf, model="OWN-160")
    foreign = factories.machine(factories.customer(people.hf01), people.hc, model="FOREIGN-90")
    client = sign_in(people.dispatcher)
    html = client.get("/stickers/").content.decode()
    assert "OWN-160" in html and "FOREIGN-90" not in html and "/d/CS01" in html
    pdf = client.post("/stickers/", {"machines": [own.public_id, foreign.public_id], "first": "1"})
    assert pdf["Content-Type"] == "application/pdf"
    text = text_of(pdf.content)
    assert "OWN-160" in text and "FOREIGN-90" not in text and "0731-88880000" in text
    assert client.post("/stickers/", {"machines": [foreign.public_id], "first": "1"}).status_code == 422
    assert sign_in(people.technician).get("/stickers/").status_code == 403
