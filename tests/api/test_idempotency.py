"""`Idempotency-Key`: sent twice, done once, answered the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from core.models import IdempotencyKey
from tests import factories
from tests.people import sees
from tests.races.threads import Pool
from tests.tickets.driver import Job
from tickets.models import Entry, Ticket

KEY = "erp-0000-0001"


def body_of(people, **more):
    customer = factories.customer(people.cs01)
    machine = factories.machine(customer, people.sf)
    return {"phone": "13874651234", "customer": customer.public_id, "machines": [machine.public_id], "fault": "烫手,有异响", **more}  # fmt: skip


def test_the_second_time_is_answered_as_the_first(people, call):
    program, body = call(people.dispatcher), body_of(people)
    first = program.post("tickets", body, Idempotency_Key=KEY)
    again = program.post("tickets", body, Idempotency_Key=KEY)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert (first["ETag"], first["Location"]) == (again["ETag"], again["Location"])
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert len(sees(people.dispatcher, Ticket)) == 1


def test_the_same_key_with_another_body_or_address_is_refused(people, call):
    program, body = call(people.dispatcher), body_of(people)
    key = program.post("tickets", body, Idempotency_Key=KEY).json()["id"]
    other = program.post("tickets", body | {"fault": "另一个故障"}, Idempotency_Key=KEY)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    elsewhere = program.post(f"tickets/{key}/note", {"text": "x"}, Idempotency_Key=KEY)
    assert elsewhere.json()["code"] == "idempotency_key_reused"


def test_what_was_refused_may_be_sent_again_with_its_key(people, call):
    program, body = call(people.dispatcher), body_of(people)
    assert program.post("tickets", body | {"fault": "坏"}, Idempotency_Key=KEY).status_code == 422
    assert sees(people.dispatcher, IdempotencyKey) == []
    assert program.post("tickets", body, Idempotency_Key=KEY).status_code == 201


def test_after_a_day_the_key_is_free_again(people, call):
    program, job = call(people.dispatcher), Job(people, at=timezone.now())
    assert program.post(f"tickets/{job.key}/note", {"text": "一"}, Idempotency_Key=KEY).status_code == 200
    with factories.writing():
        IdempotencyKey._plain.update(created_at=timezone.now() - timedelta(hours=25))
    assert program.post(f"tickets/{job.key}/note", {"text": "二"}, Idempotency_Key=KEY).status_code == 200
    assert [row.key for row in sees(people.dispatcher, IdempotencyKey)] == [KEY]


def test_keys_of_two_people_have_nothing_to_do_with_each_other(people, call):
    job = Job(people, at=timezone.now())
    for who in (people.dispatcher, people.admin):
        answer = call(who).post(f"tickets/{job.key}/note", {"text": "同一句"}, Idempotency_Key=KEY)
        assert (answer.status_code, "Idempotency-Replayed" in answer) == (200, False)


def test_an_empty_answer_is_kept_too(people, call):
    job = Job(people, at=timezone.now() - timedelta(hours=1)).to("dispatched")
    program, version = call(people.technician), f'"{job.ticket.version}"'
    body = {"reason": "在另一现场"}
    for _time in range(2):
        answer = program.post(f"tickets/{job.key}/refuse", body, If_Match=version, Idempotency_Key=KEY)
        assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize("key", ["short", "x" * 81, "with blank in it", "中文中文中文中文"])
def test_a_key_is_visible_ascii(people, call, key):
    answer = call(people.dispatcher).post("tickets", {}, Idempotency_Key=key)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_wrong")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_eight_at_once_are_one(people, call):
    """Eight programs send the same note under one key; one is done, all are answered alike."""
    job = Job(people, at=timezone.now())
    program = call(people.dispatcher)
    connection.close()

    def send():
        from django.test import Client

        own = Client(headers={"Authorization": f"Bearer {program.secret}", "Idempotency-Key": KEY})
        return own.post(f"/api/v1/tickets/{job.key}/note", '{"text": "一次"}', content_type="application/json")

    import random

    with Pool() as pool:
        answers = pool.race([send] * 8, random.Random(1))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer for answer in answers) == 7
    assert len([row for row in factories.rows(Entry) if row.text == "一次"]) == 1


def test_a_write_that_fails_half_way_leaves_nothing(people, call):
    """A new customer is written first; the machine is refused then, and the customer goes with it."""
    from equipment.models import Customer

    before = len(sees(people.dispatcher, Customer))
    answer = call(people.dispatcher).post(
        "tickets",
        {
            "phone": "13874651234", "customer_name": "永州第一水厂", "contact": "张工", "province": "湖南省", "city": "永州市",
            "address": "工业园 1 号", "machines": [factories.machine(factories.customer(people.cs01), people.sf).public_id],
            "fault": "前端有咯咯声,烫手",
        },
    )  # fmt: skip
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "machine_of_other_customer")
    assert len(sees(people.dispatcher, Customer)) == before + 1  # the other customer of this test
