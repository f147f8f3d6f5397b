"""A page costs as many statements with 30 rows as with 3 (tests/partners/query_counts.json)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import AccessRecord, DictionaryEntry, JobState
from partners.enums import Role
from tests import factories
from tests.people import People, sign_in

ALLOWED: dict[str, int] = json.loads((Path(__file__).parent.parent / "query_counts.json").read_text())
PEOPLE = {"organisations": "platform", "partnerships": "platform", "people": "platform", "failed_jobs": "platform"}
URLS = {name: reverse(f"partners:{name}") for name in ALLOWED if name not in ("notices", "dictionary")} | {
    "notices": reverse("notices:list"),
    "dictionary": reverse("partners:dictionary", args=["industry"]),
}


def fill(people: People, rows: int) -> None:
    admin = people.person("admin")
    for row in range(rows):
        dealer = factories.dealer()
        factories.person(dealer, Role.ADMIN)
        factories.partnership(dealer, people.sf, office=people.sf_hn)
        factories.notice(admin, "job_done", params={"title": "导入"})
        factories.job(admin, state=JobState.FAILED)
        with factories.writing():
            AccessRecord.objects.create(organisation_id=people.cs01.pk, action="refused", at=factories.NOW)
            DictionaryEntry.objects.create(kind="industry", code=f"{rows}-{row}", label="行业")


def statements(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in queries)


@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_the_number_of_statements_does_not_grow(people: People, client: Client, name: str) -> None:
    counts = []
    for rows in (3, 17):  # less than one page of every list
        fill(people, rows)
        counts.append(statements(sign_in(client, getattr(people, PEOPLE.get(name, "admin"))), URLS[name]))
    assert counts == [ALLOWED[name], ALLOWED[name]]
