"""Customers and machines by API."""

from __future__ import annotations

import pytest

from tests import factories

BODY = {
    "name": "永州第一水厂", "contact": "张工", "phone": "138 7465 1234", "province": "湖南省", "city": "永州市", "address": "工业园 1 号",
}  # fmt: skip


def test_a_customer_is_entered_read_and_changed(people, call):
    program = call(people.dispatcher)
    made = program.post("customers", BODY)
    assert made.status_code == 201, made.content.decode()
    key = made.json()["id"]
    assert made.json()["phone"] == "13874651234"
    changed = program.patch(f"customers/{key}", {"contact": "李工"}, If_Match=made["ETag"])
    assert changed.status_code == 200, changed.content.decode()
    assert (changed.json()["contact"], changed.json()["name"]) == ("李工", "永州第一水厂")
    assert changed["ETag"] == '"2"'
    late = program.patch(f"customers/{key}", {"contact": "王工"}, If_Match=made["ETag"])
    assert (late.status_code, late.json()["who"]) == (412, "李静")
    assert [row["id"] for row in program.get("customers?q=永州第一").json()["items"]] == [key]


def test_a_machine_is_entered_and_changed(people, call):
    customer = factories.customer(people.cs01)
    program = call(people.technician)
    body = {
        "customer": customer.public_id, "manufacturer_id": people.sf.public_id, "model": "YE3-160M-4",
        "product_type": "YE3 系列高效电机", "ex_factory_on": "2026-03-06",
    }  # fmt: skip
    unnamed = program.post("machines", body | {"model": ""})
    assert (unnamed.status_code, unnamed.json()["errors"][0]["field"]) == (422, "model")
    made = program.post("machines", body)
    assert made.status_code == 201, made.content.decode()
    key = made.json()["id"]
    assert made.json()["ex_factory_on"] == "2026-03-06"
    changed = program.patch(f"machines/{key}", {"serial_number": "2603B0001", "running_hours": 12.5}, If_Match='"1"')
    assert changed.status_code == 200, changed.content.decode()
    assert changed.json()["serial_number"] == "2603B0001"
    assert changed.json()["ex_factory_on"] == "2026-03-06"
    rows = program.get(f"machines?maker={people.sf.public_id}").json()["items"]
    assert [row["id"] for row in rows] == [key]


def test_a_machine_at_another_dealers_customer_is_refused_like_at_nobodys(people, call):
    foreign = factories.customer(people.hf01)
    program = call(people.dispatcher)
    bodies = [
        {k: v for k, v in program.post("machines", {"customer": key}).json().items() if k != "instance"}
        for key in (foreign.public_id, "zzzzzzzzzzzzzzzz")
    ]
    assert bodies[0] == bodies[1]
    assert bodies[0]["errors"][0]["field"] == "customer"


@pytest.mark.parametrize("path", ["customers", "machines"])
def test_office_and_hq_have_no_customers(people, call, path):
    for who in (people.office, people.hq_admin, people.platform):
        answer = call(who).get(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_a_foreign_customer_answers_like_a_missing_one(people, call):
    foreign = factories.customer(people.hf01)
    assert call(people.dispatcher).get(f"customers/{foreign.public_id}").status_code == 404


def test_who_may_not_change_is_refused(people, call):
    customer = factories.customer(people.cs01)
    answer = call(people.technician).patch(f"customers/{customer.public_id}", {"note": "x"}, If_Match="*")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
