"""A page costs as many statements with 30 rows as with 3 (tests/equipment/query_counts.json)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories
from tests.people import People, sign_in

ALLOWED: dict[str, int] = json.loads((Path(__file__).parent.parent / "query_counts.json").read_text())
PEOPLE = {"lines": "reviewer", "line": "reviewer", "parts": "reviewer", "coverages": "reviewer"}


def fill(people: People, rows: int, *, at_one_customer: bool) -> dict[str, str]:
    line = factories.product_line(people.sf)
    customer = factories.customer(people.cs01)
    for _row in range(rows):
        factories.machine(customer if at_one_customer else factories.customer(people.cs01), people.sf)
        factories.part(people.sf)
        factories.product_model(factories.product_line(people.sf))
        factories.product_model(line)
        dealer = factories.dealer()
        factories.partnership(dealer, people.sf)
    machine = factories.machine(customer, people.sf)
    return {
        "customers": reverse("equipment:customers"),
        "customer": reverse("equipment:customer", args=[customer.public_id]),
        "machines": reverse("equipment:machines"),
        "machine": reverse("equipment:machine", args=[machine.public_id]),
        "lines": reverse("equipment:lines"),
        "line": reverse("equipment:line", args=[line.public_id]),
        "parts": reverse("equipment:parts"),
        "coverages": reverse("equipment:coverages"),
        "lookup_phone": reverse("equipment:lookup_phone") + "?phone=1660",
    }


def statements(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in queries)


@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_the_number_of_statements_does_not_grow(people: People, client: Client, name: str) -> None:
    counts = []
    for rows in (2, 27):  # with the machine's own customer 3, then 31 in all
        urls: dict[str, Any] = fill(people, rows, at_one_customer=name == "customer")
        people.fresh("reviewer")
        counts.append(statements(sign_in(client, getattr(people, PEOPLE.get(name, "dispatcher"))), urls[name]))
    assert counts[0] == ALLOWED[name]
    assert counts[1] <= counts[0]
