"""Pages of goods that go back to the factory."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.calendars import local_date
from tests import factories
from tests.people import sign_in
from tests.tickets.goods_returns import Returned, application
from tickets.models import GoodsReturn

ALLOWED: dict[str, int] = json.loads((Path(__file__).parent.parent / "query_counts.json").read_text())


def text(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def post(client, returned, verb, **facts):
    return client.post(f"/returns/{returned.key}/{verb}/", {"version": returned.row.version, **facts})


def test_the_dealer_applies_for_a_machine(client, people):
    machine = factories.machine(
        factories.customer(people.cs01), people.sf, conditions=["粉尘"], conditions_note="皮带传动"
    )
    sign_in(client, people.storekeeper)
    assert machine.serial_number in text(client, f"/returns/new/?q={machine.serial_number}")
    assert machine.serial_number not in text(client, "/returns/new/?q=nothing-like-it")
    address = f"/returns/new/?machine={machine.public_id}"
    assert address in text(client, f"/machines/{machine.public_id}/"), "the machine's page leads there"
    page = text(client, address)
    assert "粉尘、皮带传动" in page
    wrong = client.post(address, application(checked=""))
    assert (wrong.status_code, "振动大,启动跳闸" in wrong.content.decode()) == (422, True)
    answer = client.post(address, application())
    (row,) = factories.rows(GoodsReturn)
    assert (answer.status_code, answer["Location"]) == (302, f"/returns/{row.public_id}/")
    again = client.post(address, application())
    assert (again.status_code, row.number in again.content.decode()) == (409, True)
    assert client.get("/returns/new/?machine=nobody").status_code == 404


def test_the_whole_way_by_pages(client, people):
    returned = Returned(people)
    until = local_date(timezone.now()) + timedelta(days=9)
    sign_in(client, people.reviewer)
    assert "同意" in text(client, f"/returns/{returned.key}/")
    bad = post(client, returned, "agree", ship_to="常州 返修库", freight="maker", send_until="2020-01-01")
    assert (bad.status_code, "常州 返修库" in bad.content.decode()) == (422, True)
    assert (
        post(client, returned, "agree", ship_to="常州 返修库", freight="maker", send_until=f"{until}").status_code
        == 302
    )
    sign_in(client, people.storekeeper)
    assert (
        post(
            client, returned, "ship", carrier="安能", waybill_number="AN20260611", pieces="2", weight="186.5"
        ).status_code
        == 302
    )
    sign_in(client, returned.store)
    assert client.get("/returns/scan/", {"code": "an20260611"})["Location"] == f"/returns/{returned.key}/receive/"
    assert post(client, returned, "receive", note="箱角破损").status_code == 302
    assert post(client, returned, "inspect", conclusion="quality", inspection="断条").status_code == 302
    sign_in(client, people.reviewer)
    assert post(client, returned, "decide", decision="replace", note="").status_code == 302
    assert post(client, returned, "send_back", carrier="德邦", waybill_number="DP20260618").status_code == 302
    sign_in(client, people.dispatcher)
    assert post(client, returned, "take_back", note="").status_code == 302
    page = text(client, f"/returns/{returned.key}/")
    for words in ("箱角破损", "断条", "换新", "AN20260611", "DP20260618", "186.5 kg"):
        assert words in page, words
    assert returned.state == "closed"
    assert client.get(f"/returns/{returned.key}/steal/").status_code == 404


def test_a_label_at_the_gate_opens_its_return(client, people):
    returned = Returned(people).to("ship")
    number, serial = returned.row.number, returned.row.serial_number
    sign_in(client, returned.store)
    assert client.get("/returns/scan/").status_code == 200
    receive = f"/returns/{returned.key}/receive/"
    for code in (number, number.lower(), serial, f"https://service.example.com/returns/{returned.key}/"):
        assert client.get("/returns/scan/", {"code": code})["Location"] == receive, code
    unknown = client.get("/returns/scan/", {"code": "FC-XX01-202606-0001"})
    assert (unknown.status_code, "没有这个编号的返厂单" in unknown.content.decode()) == (422, True)
    returned.do("receive")
    assert client.get("/returns/scan/", {"code": number})["Location"] == f"/returns/{returned.key}/", "received already"
    sign_in(client, people.dispatcher)
    assert client.get("/returns/scan/").status_code == 403


def test_a_stale_form_is_answered_with_who_was_faster(client, people):
    returned = Returned(people)
    version = returned.row.version
    returned.do("agree")
    sign_in(client, people.reviewer)
    answer = client.post(f"/returns/{returned.key}/refuse/", {"version": version, "reason": "x"})
    assert (answer.status_code, people.reviewer.name in answer.content.decode()) == (409, True)


def test_the_offer_is_seen_by_who_sees_amounts(client, people):
    returned = Returned(people).to("inspect")
    returned.do("quote", price=Decimal("861.37"))
    for viewer, shown in (
        (people.dispatcher, True), (people.owner, True), (people.storekeeper, False), (people.office, True),
        (people.reviewer, True), (people.finance, True), (people.quality, False), (returned.store, False),
    ):  # fmt: skip
        sign_in(client, viewer)
        assert ("861.37" in text(client, f"/returns/{returned.key}/")) is shown, viewer.name


def test_the_list_is_narrowed(client, people):
    first = Returned(people)
    second = Returned(people, factories.machine(first.machine.customer, people.sf)).to("ship")
    with factories.writing():
        GoodsReturn._plain.filter(public_id=second.key).update(due_on=local_date(timezone.now()) - timedelta(days=1))
        GoodsReturn._plain.filter(public_id=first.key).update(due_on=local_date(timezone.now()))
    numbers = [first.row.number, second.row.number]
    sign_in(client, people.office)
    for query, shown in {
        "": [True, True],
        "state=asked": [True, False],
        "state=late": [False, True],
        "state=closed": [False, False],
        "state=all": [True, True],
        "q=AN20260611": [False, True],
        f"q={first.row.serial_number}": [True, False],
        f"partner={people.cs01.public_id}": [True, True],
    }.items():
        page = text(client, f"/returns/?{query}")
        assert [f">{number}<" in page for number in numbers] == shown, query
    assert "已逾期" in text(client, f"/returns/{second.key}/") and "已逾期" not in text(
        client, f"/returns/{first.key}/"
    )


def test_a_technician_and_strangers_find_nothing(client, people):
    returned = Returned(people)
    sign_in(client, people.technician)
    assert client.get("/returns/").status_code == 403
    assert client.get(f"/returns/{returned.key}/").status_code == 404
    sign_in(client, people.stranger)
    for address in ("", "agree/", "sheet.pdf"):
        assert client.get(f"/returns/{returned.key}/{address}").status_code == 404
    assert client.get(f"/returns/new/?machine={returned.machine.public_id}").status_code == 404


def test_papers_come_when_it_may_be_sent(client, people):
    returned = Returned(people)
    sign_in(client, people.storekeeper)
    assert client.get(f"/returns/{returned.key}/sheet.pdf").status_code == 409
    returned.do("agree")
    for kind in ("sheet", "label"):
        answer = client.get(f"/returns/{returned.key}/{kind}.pdf?paper=third")
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert client.get(f"/returns/{returned.key}/other.pdf").status_code == 404
    assert client.get(f"/returns/{returned.key}/sheet.pdf?paper=a3").status_code == 404


@pytest.mark.parametrize("page", ["goods_returns", "goods_return"])
def test_a_page_costs_as_many_statements_for_many_rows(client, people, page):
    counts, last = [], None
    for more in (1, 3):
        for _ in range(more):
            machine = factories.machine(last.machine.customer, people.sf) if last else None
            last = Returned(people, machine).to("receive")
        sign_in(client, people.storekeeper)
        address = "/returns/" if page == "goods_returns" else f"/returns/{last.key}/"
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in queries))
    assert counts == [ALLOWED[page], ALLOWED[page]]
