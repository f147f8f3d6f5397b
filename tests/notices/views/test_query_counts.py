"""A page costs as many statements with 30 rows as with 3 (tests/notices/query_counts.json)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from notices.models import Channel, Delivery
from tests import factories

ALLOWED = json.loads((Path(__file__).parent.parent / "query_counts.json").read_text())


def fill(outside, number):
    robots = [outside.robot(name=f"群{number}-{place}") for place in range(number)]
    outside.tell(*outside.members(number))
    with factories.writing():
        Channel._plain.filter(pk=robots[0].pk).update(last_failure_at=timezone.now(), failures=1, last_problem="gone")
        Delivery._plain.filter(channel=robots[0]).update(state="given_up")


@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_the_number_of_statements_does_not_grow(outside, sign_in, name):
    client = sign_in(outside.people.admin)
    counts = []
    for number in (3, 5):
        fill(outside, number)
        client.get(reverse(f"notices:{name}"))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(f"notices:{name}")).status_code == 200
        counts.append(sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in queries))
    assert counts == [ALLOWED[name], ALLOWED[name]]
