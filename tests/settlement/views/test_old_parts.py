"""Pages of old parts and their boxes."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.calendars import local_date
from settlement.enums import OldPartState
from settlement.models import OldPart, OldPartCharge, ReturnBox
from settlement.operations import old_parts
from tests import factories
from tests.people import sign_in
from tests.settlement.old_parts import BEARING, Owed, keeper
from tests.tickets.driver import picture

ALLOWED: dict[str, int] = json.loads((Path(__file__).parent.parent / "query_counts.json").read_text())
P = OldPartState


@pytest.fixture
def store(people):
    return keeper(people)


def text(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def form(owed, place=0, **more):
    return {"version": owed.rows[place].version, **more}


def test_the_dealer_packs_and_ships(client, people):
    owed = Owed(people)
    sign_in(client, people.storekeeper)
    page = text(client, "/old-parts/pack/")
    assert all(part.number in page for part in owed.rows)
    assert page.count(" checked") == 2
    assert client.post("/old-parts/pack/", {"parts": []}).status_code == 422
    answer = client.post("/old-parts/pack/", {"parts": owed.keys, "box": ""})
    (box,) = factories.rows(ReturnBox)
    assert (answer.status_code, answer["Location"]) == (302, f"/return-boxes/{box.public_id}/")
    assert owed.rows[0].number in text(client, f"/return-boxes/{box.public_id}/")
    assert "没有应返的旧件" in text(client, "/old-parts/pack/")
    facts = {"version": box.version, "carrier": "安能物流", "waybill": "12345", "transport": "rail"}
    wrong = client.post(f"/return-boxes/{box.public_id}/ship/", facts)
    assert wrong.status_code == 422
    assert "运单号" in wrong.content.decode() and "安能物流" in wrong.content.decode()
    assert client.post(f"/return-boxes/{box.public_id}/ship/", facts | {"waybill": "AN123456"}).status_code == 302
    assert owed.states == [P.SHIPPED, P.SHIPPED]
    assert "AN123456" in text(client, "/return-boxes/?q=an1234")


def test_headquarters_counts_and_appraises(client, people, store):
    owed = Owed(people)
    owed.pack()
    owed.ship()
    sign_in(client, store)
    assert owed.the_box.number in text(client, "/return-boxes/?state=shipped")
    address = f"/return-boxes/{owed.box}/receive/"
    assert all(part.number in text(client, address) for part in owed.rows)
    version = owed.the_box.version
    strange = client.post(address, {"version": version, "codes": "JJ-XX01-202606-0001-1", "there": [owed.keys[0]]})
    assert strange.status_code == 422
    assert "JJ-XX01-202606-0001-1" in strange.content.decode() and "checked" in strange.content.decode()
    assert client.post(address, {"version": version, "codes": f"{owed.rows[0].number}\n"}).status_code == 302
    assert owed.states == [P.RECEIVED, P.MISSING]
    part = f"/old-parts/{owed.keys[0]}/"
    assert "鉴定" in text(client, part)
    assert client.post(f"{part}take/", form(owed)).status_code == 302
    empty = client.post(f"{part}appraise/", form(owed, finding="quality", note=""))
    assert empty.status_code == 422
    assert client.post(f"{part}appraise/", form(owed, finding="quality", note="内圈剥落")).status_code == 302
    shot = SimpleUploadedFile("x.jpg", picture("press"), content_type="image/jpeg")
    assert client.post(f"{part}destroy/", form(owed, note="")).status_code == 422
    assert client.post(f"{part}destroy/", form(owed, note="", photo=shot)).status_code == 302
    photo = client.get(f"{part}photo/")
    assert (photo.status_code, photo["Content-Type"]) == (200, "image/jpeg")
    sign_in(client, people.storekeeper)
    assert "内圈剥落" in text(client, part)
    assert client.get(f"/old-parts/{owed.keys[1]}/photo/").status_code == 404


def test_a_request_is_asked_and_answered(client, people, store):
    owed = Owed(people, parts=(BEARING,))
    part = f"/old-parts/{owed.keys[0]}/"
    sign_in(client, people.dispatcher)
    until = local_date(timezone.now()) + timedelta(days=9)
    assert client.post(f"{part}extension/", form(owed, until=f"{until}", reason="等同批")).status_code == 302
    sign_in(client, people.reviewer)
    assert owed.rows[0].number in text(client, "/old-parts/?state=asked")
    assert "等同批" in text(client, f"{part}agree/")
    assert client.post(f"{part}agree/", form(owed, note="")).status_code == 302
    assert owed.rows[0].due_on == until
    assert client.post(f"{part}refuse/", form(owed, reason="x")).status_code == 403
    assert client.get(f"{part}steal/").status_code == 404


def test_a_stale_form_is_answered_with_who_was_faster(client, people, store):
    owed = Owed(people, parts=(BEARING,)).arrived(store)
    version = owed.rows[0].version
    owed.do(old_parts.take, store)
    sign_in(client, people.quality)
    facts = {"version": version, "finding": "quality", "note": "剥落"}
    answer = client.post(f"/old-parts/{owed.keys[0]}/appraise/", facts)
    assert answer.status_code == 409
    assert "库管员" in answer.content.decode()


def test_the_list_is_narrowed(client, people):
    owed, numbers = Owed(people), []
    numbers = [part.number for part in owed.rows]
    owed.pack(0)
    with factories.writing():
        OldPart._plain.filter(public_id=owed.keys[1]).update(due_on=factories.NOW.date() - timedelta(days=400))
    sign_in(client, people.office)
    for query, shown in {
        "": [True, True],
        "state=boxed": [True, False],
        "due=late&state=due": [False, True],
        "state=claimed": [False, False],
        "q=SEAL-M": [False, True],
        f"q={numbers[0]}": [True, False],
        f"partner={people.cs01.public_id}": [True, True],
    }.items():
        page = text(client, f"/old-parts/?{query}")
        assert [f">{number}<" in page for number in numbers] == shown, query


@pytest.mark.parametrize("name", ["technician", "second_technician"])
def test_a_technician_has_no_store(client, people, name):
    owed = Owed(people, parts=(BEARING,))
    sign_in(client, getattr(people, name))
    assert client.get("/old-parts/").status_code == 403
    assert client.get(f"/old-parts/{owed.keys[0]}/").status_code == 404
    assert client.get("/old-parts/pack/").status_code == 403
    assert client.get("/return-boxes/").status_code == 403


def test_strangers_find_nothing(client, people):
    owed = Owed(people, parts=(BEARING,))
    owed.pack()
    sign_in(client, people.stranger_admin)
    assert client.get(f"/old-parts/{owed.keys[0]}/").status_code == 404
    assert client.get(f"/return-boxes/{owed.box}/").status_code == 404
    assert client.get(f"/old-parts/pack/?maker={people.sf.public_id}").status_code == 404


@pytest.mark.parametrize("page", ["old_parts", "return_boxes", "old_part_pack"])
def test_a_page_costs_as_many_statements_for_many_rows(client, people, page):
    address = {"old_parts": "/old-parts/", "return_boxes": "/return-boxes/", "old_part_pack": "/old-parts/pack/"}[page]
    counts, job = [], None
    for more in (1, 3):
        for _ in range(more):
            owed = Owed(people, customer=job.customer) if job else Owed(people)
            job = owed.job
            owed.pack(0)
        sign_in(client, people.storekeeper)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in queries))
    assert counts == [ALLOWED[page], ALLOWED[page]]


def test_a_scanned_label_opens_its_box_with_the_part_ticked(client, people, store):
    owed = Owed(people)
    owed.pack()
    sign_in(client, store)
    assert client.get("/return-boxes/scan/").status_code == 200
    number, page = owed.rows[0].number, f"/return-boxes/{owed.box}/"
    assert client.get("/return-boxes/scan/", {"code": number}).status_code == 422, "it is still being packed"
    owed.ship()
    box = owed.the_box.number
    seen = f"{page}receive/?seen={owed.keys[0]}"
    for code in (number, number.lower(), f"https://service.example.com/old-parts/{owed.keys[0]}/"):
        assert client.get("/return-boxes/scan/", {"code": code})["Location"] == seen, code
    for code in (box, "an20260611", f"https://service.example.com{page}"):
        assert client.get("/return-boxes/scan/", {"code": code})["Location"] == f"{page}receive/", code
    assert text(client, seen).count(" checked") == 1
    assert seen in text(client, f"/old-parts/{owed.keys[0]}/"), "a phone's camera opens the part"
    unknown = client.get("/return-boxes/scan/", {"code": "JJ-XX01-202606-0001-1"})
    assert (unknown.status_code, "没有已发运的返件箱" in unknown.content.decode()) == (422, True)
    owed.receive(store)
    assert client.get("/return-boxes/scan/", {"code": number})["Location"] == page, "counted already"
    sign_in(client, people.office)
    assert client.get("/return-boxes/scan/").status_code == 403
    assert seen not in text(client, f"/old-parts/{owed.keys[0]}/")


def test_papers_are_chosen(client, people):
    owed = Owed(people)
    sign_in(client, people.storekeeper)
    assert client.post("/old-parts/labels/", {"parts": owed.keys, "paper": "a5"})["Content-Type"] == "application/pdf"
    assert client.post("/old-parts/labels/", {"parts": owed.keys, "paper": "a3"}).status_code == 404
    owed.pack()
    assert client.get(f"/return-boxes/{owed.box}/sheet/?paper=third")["Content-Type"] == "application/pdf"
    assert client.get(f"/return-boxes/{owed.box}/sheet/?paper=a3").status_code == 404


def test_what_a_part_costs_is_shown_to_who_settles(client, people, store):
    owed = Owed(people, parts=(BEARING,))
    part = owed.rows[0]
    with factories.writing():
        OldPartCharge.objects.create(
            dealer_id=part.dealer_id, manufacturer_id=part.manufacturer_id, office_id=part.office_id, shared_with_maker=True, part=part,
            kind="reversal", amount=Decimal("84.00"), because="mismatch", marked_on=factories.NOW.date(),
        )  # fmt: skip
    for viewer, shown in (
        (people.accountant, True),
        (people.reviewer, True),
        (people.storekeeper, False),
        (store, False),
    ):
        sign_in(client, viewer)
        assert ("84.00" in text(client, f"/old-parts/{part.public_id}/")) is shown, viewer.name


def test_the_page_says_until_when_it_may_stay_away(client, people):
    owed = Owed(people, parts=(BEARING,))
    due = owed.rows[0].due_on
    sign_in(client, people.storekeeper)
    page = text(client, f"/old-parts/{owed.keys[0]}/")
    assert (
        "按结算价扣款" in page
        and f"{due + timedelta(days=30):%m-%d}" in page
        and f"{due + timedelta(days=60):%m-%d}" in page
    )
