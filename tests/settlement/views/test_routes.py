"""Pages of the route book."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from settlement.models import UsualWay
from settlement.operations.routes import enter_way
from tests import factories
from tests.people import act, sign_in

ALLOWED: dict[str, int] = json.loads((Path(__file__).parent.parent / "query_counts.json").read_text())
SITES = ("冷水滩区", "零陵区", "祁阳市", "东安县", "双牌县", "道县", "江永县", "宁远县", "蓝山县", "新田县")


def enter(people, site="永州市冷水滩区", km=168):
    return act(
        enter_way,
        viewer=people.office,
        partnership=people.partnership.public_id,
        start="",
        site=site,
        km=Decimal(km),
        now=factories.NOW,
    )


def test_a_distance_is_entered_corrected_and_removed(client, people):
    sign_in(client, people.office)
    assert "还没有录入里程" in client.get("/route-book/").content.decode()
    begun = client.get("/route-book/new/").content.decode()
    assert f'value="{people.partnership.public_id}" selected' in begun
    fields = {"partnership": people.partnership.public_id, "site": "永州市冷水滩区", "km": "168"}
    assert client.post("/route-book/new/", fields).status_code == 302
    (way,) = factories.rows(UsualWay)
    page = client.get("/route-book/").content.decode()
    assert "永州市冷水滩区" in page
    assert "168" in page
    begun = client.get(f"/route-book/new/?from={way.public_id}").content.decode()
    assert 'value="永州市冷水滩区"' in begun
    assert client.post("/route-book/new/", fields | {"km": "152.5"}).status_code == 302
    assert factories.again(way).km == Decimal("152.5")
    assert client.post(f"/route-book/{way.public_id}/remove/").status_code == 302
    assert factories.rows(UsualWay) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"site": "某地"}, "请写城市和区县的全名"), ({"km": "0"}, "不能小于"), ({"partnership": ""}, "请选择")],
)
def test_what_is_refused_is_said_at_its_field(client, people, changes, words):
    sign_in(client, people.office)
    fields = {"partnership": people.partnership.public_id, "site": "永州市冷水滩区", "km": "168"} | changes
    answer = client.post("/route-book/new/", fields)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_headquarters_narrows_to_a_dealer(client, people):
    enter(people)
    sign_in(client, people.reviewer)
    assert "永州市冷水滩区" in client.get(f"/route-book/?dealer={people.cs01.public_id}").content.decode()
    assert "永州市冷水滩区" in client.get(f"/route-book/?dealer={people.hf01.public_id}").content.decode()


@pytest.mark.parametrize("name", ["admin", "accountant", "dispatcher", "finance"])
def test_others_read_and_are_offered_nothing_to_write(client, people, name):
    way = enter(people)
    sign_in(client, getattr(people, name))
    page = client.get("/route-book/").content.decode()
    assert "永州市冷水滩区" in page
    assert "/remove/" not in page
    assert client.get("/route-book/new/").status_code == 403
    assert client.post(f"/route-book/{way.public_id}/remove/").status_code == 403


@pytest.mark.parametrize("name", ["technician", "quality"])
def test_who_settles_nothing_reads_no_book(client, people, name):
    sign_in(client, getattr(people, name))
    assert client.get("/route-book/").status_code == 403


def test_the_list_costs_as_many_statements_for_many_ways(client, people):
    sign_in(client, people.office)
    counts = []
    for sites in (SITES[:1], SITES[1:]):
        for site in sites:
            enter(people, f"永州市{site}")
        client.get("/route-book/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/route-book/").status_code == 200
        counts.append(sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in queries))
    assert counts == [ALLOWED["routes"], ALLOWED["routes"]]
