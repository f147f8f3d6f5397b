"""A page costs as many statements with 30 rows as with 3 (tests/resources/query_counts.json)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.resources.roster import Roster, around_now

ALLOWED = json.loads((Path(__file__).parent.parent / "query_counts.json").read_text())
PEOPLE = {"mine": "technician", "partners": "office"}


def fill(roster, first, last):
    for day in range(first, last):
        shift = roster.add("technician", around_now(day), "day", deputy="owner", leader="admin")
        roster.ask(shift)


@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_the_number_of_statements_does_not_grow(people, sign_in, name):
    roster, counts = Roster(people, now=timezone.now()), []
    client = sign_in(getattr(people, PEOPLE.get(name, "dispatcher")))
    for first, last in ((1, 4), (4, 31)):
        fill(roster, first, last)
        url = reverse(f"resources:{name}")
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        counts.append(sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in queries))
    assert counts == [ALLOWED[name], ALLOWED[name]]
