"""Every answer is what the OpenAPI document says, and costs as many statements as are written down."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from servicedesk import api_docs
from tests import factories
from tests.tickets.driver import Job
from tickets.enums import TicketState

ALLOWED: dict[str, int] = json.loads((Path(__file__).parent / "query_counts.json").read_text())


def closed(shape: Any) -> Any:
    """The schema with nothing allowed that it does not name."""
    if isinstance(shape, list):
        return [closed(item) for item in shape]
    if not isinstance(shape, dict):
        return shape
    made = {name: closed(value) for name, value in shape.items()}
    if "properties" in made:
        made["additionalProperties"] = False
    return made


def schema_of(path: str, method: str, status: int) -> dict[str, Any]:
    document = closed(api_docs.document())
    answer = document["paths"][f"/api/v1/{path}"][method]["responses"][str(status)]
    return {**answer["content"]["application/json"]["schema"], "components": document["components"]}


@pytest.mark.parametrize("who", ["dispatcher", "technician", "accountant", "reviewer", "quality", "office", "finance"])
def test_answers_are_what_the_document_says(people, call, who):
    job = Job(people, at=timezone.now() - timedelta(hours=9), source="hq_referral")
    job.contact()
    job.to(TicketState.CLOSED)
    program = call(getattr(people, who))
    places = {
        "me": "me",
        "jobs": "jobs",
        "tickets": "tickets?state=all",
        "tickets/{public_id}": f"tickets/{job.key}",
        "tickets/{public_id}/photos": f"tickets/{job.key}/photos",
        "slips": "slips",
        "slips/{public_id}": f"slips/{job.slip.public_id}",
        "slips/{public_id}/files": f"slips/{job.slip.public_id}/files",
    }
    if program.get("me").json()["tier"] == "dealer":
        places |= {
            "customers": "customers",
            "customers/{public_id}": f"customers/{job.customer.public_id}",
            "machines": "machines",
            "machines/{public_id}": f"machines/{job.machines[0].public_id}",
        }
    for path, address in places.items():
        answer = program.get(address)
        assert answer.status_code == 200, answer.content.decode()
        if "items" in answer.json() and path != "jobs":
            assert answer.json()["items"], path
        jsonschema.validate(answer.json(), schema_of(path, "get", 200))


def test_a_problem_is_what_the_document_says(people, call):
    problem = api_docs.document()["components"]["schemas"]["Problem"]
    program = call(people.dispatcher)
    for answer in (program.get("tickets/x"), program.post("tickets", {"colour": 1}), program.get("nowhere")):
        assert answer["Content-Type"] == "application/problem+json"
        jsonschema.validate(answer.json(), problem)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PUT", "tickets", "{}", 405),
        ("POST", "me", "{}", 405),
        ("POST", "tickets", "{", 400),
        ("POST", "tickets", "[1]", 422),
        ("POST", "tickets", '{"machines": "x", "fault": {"a": 1}}', 422),
        ("POST", "tickets", '{"phone": "\\u0000", "fault": "a\\u0000b"}', 422),
    ],
)
def test_what_cannot_be_read_is_a_problem_and_no_fault(people, call, method, path, body, status):
    program = call(people.dispatcher)
    headers = {"Authorization": f"Bearer {program.secret}"}
    answer = program.client.generic(method, f"/api/v1/{path}", body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


def test_another_kind_of_body_or_answer_is_refused(people, call):
    program = call(people.dispatcher)
    headers = {"Authorization": f"Bearer {program.secret}"}
    answer = program.client.generic("POST", "/api/v1/tickets", "<a/>", content_type="text/xml", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "body_unknown")
    answer = program.get("tickets", Accept="text/csv")
    assert (answer.status_code, answer.json()["code"]) == (406, "answer_unknown")


@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_the_number_of_statements_does_not_grow(people, call, name):
    counts = []
    program = call(people.dispatcher)
    for rows in (3, 27):
        for _row in range(rows):
            job = Job(people, at=timezone.now() - timedelta(hours=1))
        address = {"ticket": f"tickets/{job.key}"}.get(name, name)
        assert program.get(address).status_code == 200
        with CaptureQueriesContext(connection) as caught:
            assert program.get(address).status_code == 200
        counts.append([q["sql"] for q in caught if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))])
    assert [len(found) for found in counts] == [ALLOWED[name]] * 2, "\n".join(sql[:160] for sql in counts[1])


def test_a_fault_and_a_lost_database_are_problems_too(rf):
    from django.db import OperationalError

    from servicedesk.error_pages import server_error

    answer = server_error(rf.get("/api/v1/me"))
    assert (answer.status_code, json.loads(answer.content)["code"]) == (500, "fault")
    try:
        raise OperationalError("gone")
    except OperationalError:
        answer = server_error(rf.get("/api/v1/me"))
    assert (answer.status_code, json.loads(answer.content)["code"]) == (503, "unavailable")


def test_a_closed_organisations_tokens_die_at_once(people, call):
    from partners.models import Organisation

    program = call(people.owner)
    assert program.get("me").status_code == 200
    with factories.writing():
        Organisation._plain.filter(pk=people.cs01.pk).update(active=False)
    assert program.get("me").status_code == 401


NASTY = [
    "\x00",
    "\ud800",
    "x" * 5000,
    "",
    " ",
    None,
    True,
    -1,
    1e30,
    0.1,
    [],
    ["\x00"],
    [[]],
    {},
    {"a": [1]},
    "2026-99-99",
    "͏",
]
FIELDS = {
    "tickets": [
        "phone",
        "customer",
        "customer_name",
        "machines",
        "manufacturer",
        "model",
        "fault",
        "urgency",
        "reported_at",
    ],
    "customers": ["name", "phone", "city", "address", "grade", "credit_code", "note"],
    "machines": ["customer", "manufacturer_id", "model", "ex_factory_on", "conditions", "running_hours"],
    "tickets/{ticket}/note": ["text", "internal"],
    "tickets/{ticket}/call": ["channel", "reached", "text"],
    "tickets/{ticket}/leave": ["at", "km", "nights", "transport", "reason"],
    "tickets/{ticket}/change": ["fault", "urgency", "machines"],
    "slips/{slip}/complete": ["hours", "conditions", "machines", "faults", "parts", "arrived_at", "long_stay"],
    "slips/{slip}/void": ["reason"],
}


@pytest.mark.parametrize("path", FIELDS)
def test_no_value_whatever_is_a_fault(people, call, path):
    job = Job(people, at=timezone.now() - timedelta(hours=5)).to(TicketState.IN_WORK)
    job.open_slip()
    program = call(people.dispatcher)
    address = path.format(ticket=job.key, slip=job.slip.public_id)
    for name in FIELDS[path]:
        for value in NASTY:
            answer = program.post(address, {name: value}, If_Match="*")
            assert answer.status_code < 500, (name, value, answer.content)
    for value in NASTY:
        assert program.post(address, value, If_Match="*").status_code < 500, value


@pytest.mark.parametrize(
    "strokes", ["abc", {"a": 1}, [1], [[["x"]]], [[[1, 2]]], [[[1e30, -1, 0]]], [[]], [[None]], True]
)
def test_no_signature_whatever_is_a_fault(people, call, strokes):
    job = Job(people, at=timezone.now() - timedelta(hours=5)).to(TicketState.WAIT_SIGN)
    program = call(people.technician)
    for name in ("strokes", "technician_strokes"):
        body = {"rating": "4", "signer": "张工", "confirmed": name != "strokes", name: strokes}
        answer = program.post(f"slips/{job.slip.public_id}/sign", body, If_Match="*")
        assert answer.status_code in (200, 422), answer.content
