"""Tickets by API: the same rows, rights and steps as on the pages."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories
from tests.tickets.driver import Job
from tickets.api.tickets import FOLLOWING, VERBS
from tickets.enums import TicketState
from tickets.workflow import TICKET

NOW = timezone.now


def fresh(people, **more):
    """A job that began an hour ago, as the API's clock is the real one."""
    return Job(people, at=NOW() - timedelta(hours=3), **more)


def test_the_list_holds_the_viewers_tickets_only(people, call):
    job = fresh(people)
    other = fresh(people, desk=people.stranger, lead=people.stranger_technician)
    answer = call(people.dispatcher).get("tickets")
    assert [row["id"] for row in answer.json()["items"]] == [job.key]
    assert [row["id"] for row in call(people.stranger).get("tickets").json()["items"]] == [other.key]
    row = answer.json()["items"][0]
    assert row["number"] == job.ticket.number
    assert row["partner"] == "示范机电"
    assert row["url"] == f"/api/v1/tickets/{job.key}"


def test_pages_follow_by_key(people, call):
    keys = [fresh(people).key for _number in range(5)]
    program, seen, path = call(people.dispatcher), [], "tickets?limit=2"
    while path:
        page = program.get(path).json()
        seen += [row["id"] for row in page["items"]]
        path = page["next"].partition("/api/v1/")[2] if page["next"] else ""
    assert sorted(seen) == sorted(keys)
    assert len(seen) == 5


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "sort=fault", "state=nonsense"])
def test_nonsense_in_the_address_is_refused(people, call, query):
    answer = call(people.dispatcher).get(f"tickets?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["errors"][0]["field"] == query.partition("=")[0]


def test_one_ticket_has_its_version_as_etag(people, call):
    job = fresh(people)
    answer = call(people.dispatcher).get(f"tickets/{job.key}")
    body = answer.json()
    assert answer["ETag"] == f'"{job.ticket.version}"'
    assert body["phone"] == job.ticket.phone
    assert body["machines"][0]["id"] == job.machines[0].public_id
    assert "dispatch" in body["verbs"]


def test_the_office_sees_the_number_masked_and_quality_neither_number_nor_site(people, call):
    job = fresh(people)
    shown = call(people.office).get(f"tickets/{job.key}").json()
    assert "****" in shown["phone"]
    assert job.ticket.phone not in json.dumps(shown)
    assert "customer_id" not in shown
    hidden = call(people.quality).get(f"tickets/{job.key}").json()
    assert {"phone", "address", "contact", "cost", "reporter"} & set(hidden) == set()


def test_a_foreign_ticket_answers_like_a_missing_one(people, call):
    job = fresh(people, desk=people.stranger, lead=people.stranger_technician)
    program = call(people.dispatcher)
    bodies = []
    for key in (job.key, "zzzzzzzzzzzzzzzz"):
        answer = program.get(f"tickets/{key}")
        assert answer.status_code == 404
        bodies.append({k: v for k, v in answer.json().items() if k != "instance"})
    assert bodies[0] == bodies[1]


def test_problems_speak_the_language_that_is_asked_for(people, call):
    program = call(people.dispatcher)
    assert program.get("tickets/x", Accept_Language="en").json()["title"] == "Not found"
    assert program.get("tickets/x", Accept_Language="en").json()["detail"] == "There is no such record."
    assert program.get("tickets/x", Accept_Language="zh-CN").json()["code"] == "not_found"


def test_a_report_of_a_known_customer(people, call):
    customer = factories.customer(people.cs01)
    machine = factories.machine(customer, people.sf)
    body = {
        "phone": "13874651234",
        "customer": customer.public_id,
        "machines": [machine.public_id],
        "fault": "前端有咯咯声,烫手",
    }
    answer = call(people.dispatcher).post("tickets", body)
    assert answer.status_code == 201, answer.content.decode()
    assert answer["Location"] == f"/api/v1/tickets/{answer.json()['id']}"
    assert answer.json()["state"] == "contacted"
    assert answer.json()["urgency"] == "normal"


def test_a_report_says_what_is_missing_at_its_field(people, call):
    answer = call(people.dispatcher).post("tickets", {"phone": "123", "fault": "坏", "colour": "red"})
    assert answer.json()["errors"] == [
        {"field": "colour", "code": "field_unknown", "detail": answer.json()["errors"][0]["detail"]}
    ]
    answer = call(people.dispatcher).post("tickets", {"phone": "123", "fault": "坏"})
    assert answer.status_code == 422
    assert {"phone", "fault", "customer_name", "model"} <= {error["field"] for error in answer.json()["errors"]}


def test_the_whole_way_from_contact_to_work(people, call):
    job = fresh(people, source="wechat")
    desk, lead = call(people.dispatcher), call(people.technician)

    def do(program, verb, body=None):
        version = desk.get(f"tickets/{job.key}")["ETag"]
        answer = program.post(f"tickets/{job.key}/{verb}", body, If_Match=version)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()["state"]

    assert do(desk, "contact", {"channel": "phone"}) == "contacted"
    later = (NOW() + timedelta(days=1)).isoformat()
    assert do(desk, "appoint", {"appointment_at": later, "agreed_with": "张工"}) == "appointed"
    assert do(desk, "dispatch", {"lead": people.person("technician").public_id}) == "dispatched"
    assert do(lead, "accept") == "accepted"
    assert do(lead, "set_out") == "en_route"
    assert do(lead, "arrive", {"lat": 28.2, "lng": 112.9, "acc": 12}) == "arrived"
    assert do(lead, "start_work") == "in_work"
    assert do(lead, "leave", {"km": 27.5, "nights": 0}) == "in_work"
    assert do(lead, "wait_part", {"reason": "缺轴承"}) == "wait_part"
    assert do(lead, "resume") == "in_work"
    trip = desk.get(f"tickets/{job.key}").json()["trips"][0]
    assert trip["km"] == "27.5"


def test_the_technician_who_refuses_does_not_see_the_ticket_any_more(people, call):
    job = fresh(people).to(TicketState.DISPATCHED)
    answer = call(people.technician).post(
        f"tickets/{job.key}/refuse", {"reason": "在另一现场"}, If_Match=f'"{job.ticket.version}"'
    )
    assert (answer.status_code, answer.content) == (204, b"")
    assert job.state == TicketState.CONTACTED


def test_without_if_match_nothing_is_changed(people, call):
    job = fresh(people).to(TicketState.CONTACTED)
    answer = call(people.dispatcher).post(f"tickets/{job.key}/cancel", {"reason": "客户撤销"})
    assert (answer.status_code, answer.json()["code"]) == (428, "version_missing")
    assert job.state == TicketState.CONTACTED


def test_a_stale_version_is_412_and_says_who_was_faster(people, call):
    job = fresh(people).to(TicketState.DISPATCHED)
    answer = call(people.technician).post(f"tickets/{job.key}/accept", If_Match=f'"{job.ticket.version - 1}"')
    body = answer.json()
    assert (answer.status_code, body["code"]) == (412, "stale")
    assert body["who"] == "李静"
    assert body["when"]
    assert job.state == TicketState.DISPATCHED


def test_a_wrong_state_is_409_and_a_wrong_role_403(people, call):
    job = fresh(people).to(TicketState.DISPATCHED)
    version = f'"{job.ticket.version}"'
    late = call(people.dispatcher).post(f"tickets/{job.key}/start_work", If_Match=version)
    assert (late.status_code, late.json()["code"]) == (409, "wrong_state")
    forbidden = call(people.storekeeper).post(f"tickets/{job.key}/cancel", {"reason": "x"}, If_Match=version)
    assert (forbidden.status_code, forbidden.json()["code"]) == (403, "not_allowed")


def test_notes_and_calls_need_no_version(people, call):
    job = fresh(people)
    program = call(people.dispatcher)
    assert program.post(f"tickets/{job.key}/note", {"text": "客户要求先打电话", "internal": True}).status_code == 200
    story = program.post(f"tickets/{job.key}/call", {"text": "已通话"}).json()["story"]
    assert [line["said"] for line in story[:2]] == ["已通话", "客户要求先打电话"]
    assert story[1]["internal"] is True


def test_solved_by_phone(people, call):
    job = fresh(people)
    body = {
        "diagnosis": "热继整定 2.6A,额定 3.5A", "cause": "保护整定错误", "responsibility": "operation", "solution": "电话指导调整到 3.5A",
    }  # fmt: skip
    answer = call(people.dispatcher).post(f"tickets/{job.key}/finish_remote", body, If_Match="*")
    assert answer.status_code == 200, answer.content.decode()
    assert answer.json()["state"] == "remote_done"
    assert answer.json()["slips"][0]["number"].startswith("FW-CS01-")


def test_every_transition_of_the_workflow_has_its_address():
    assert {row.verb for row in TICKET.rows} - set(VERBS) == set(FOLLOWING)
