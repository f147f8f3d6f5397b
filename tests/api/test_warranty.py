"""Policies of warranty by API, and what was judged on tickets and slips."""

from __future__ import annotations

from datetime import date

import pytest

from tests import factories
from tests.tickets.driver import Job
from tests.warranty import policy

BODY = {
    "name": "整机三包",
    "valid_from": "2020-01-01",
    "start_rules": [
        {"basis": "acceptance", "months": 12, "evidence": ["acceptance"]},
        {"basis": "ex_factory", "months": 12},
    ],
    "cap_basis": "ex_factory",
    "cap_months": 18,
    "grace_months": 6,
    "hours_limit": 3000,
    "part_periods": {"机封": 3},
    "goodwill_days": 30,
}


def test_a_policy_is_written_put_in_force_and_written_anew(people, call):
    program = call(people.reviewer)
    made = program.post("warranty/policies", BODY)
    assert made.status_code == 201, made.content.decode()
    key, (draft,) = made.json()["id"], made.json()["versions"]
    assert (draft["state"], draft["part_periods"], draft["hours_limit"]) == ("draft", {"机封": 3}, "3000.0")
    assert draft["start_rules"][0] == {"basis": "acceptance", "months": 12, "evidence": ["acceptance"]}
    forced = program.post(f"warranty/versions/{draft['id']}/force", If_Match='"1"')
    assert forced.json()["versions"][0]["state"] == "in_force"
    again = program.post(f"warranty/versions/{draft['id']}/force", If_Match="*")
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")
    later = {name: value for name, value in BODY.items() if name != "name"} | {"valid_from": "2026-07-01"}
    second = program.post(f"warranty/policies/{key}/draft", later, If_Match="*")
    assert [row["state"] for row in second.json()["versions"]] == ["draft", "in_force"]
    late = program.post(f"warranty/policies/{key}/draft", later, If_Match='"7"')
    assert late.status_code == 412
    (found,) = call(people.dispatcher).get("warranty/policies").json()
    assert (found["id"], found["rank"]) == (key, 3)
    assert call(people.office).get(f"warranty/policies/{key}").status_code == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"start_rules": []}, "start_rules.0.basis"),
        ({"start_rules": [{"basis": "acceptance"}]}, "start_rules.0.months"),
        (
            {"start_rules": [{"basis": "invoice", "months": 1}, {"basis": "invoice", "months": 2}]},
            "start_rules.1.basis",
        ),
        ({"start_rules": "12"}, "start_rules"),
        ({"valid_from": "soon"}, "valid_from"),
        ({"cap_months": None}, "cap_months"),
        ({"made_from": "2026-02-01", "made_until": "2026-01-01"}, "made_until"),
        ({"colour": "red"}, "colour"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_wrong_is_said_at_its_entry(people, call, changes, field):
    answer = call(people.reviewer).post("warranty/policies", BODY | changes)
    assert answer.status_code == 422, answer.content.decode()
    body = answer.json()
    assert field in [error["field"] for error in body.get("errors", [])] or body.get("field") == field, body


def test_a_dealer_reads_and_does_not_write(people, call):
    answer = call(people.dispatcher).post("warranty/policies", BODY)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    version = policy(people.hq_admin)
    answer = call(people.office).post(f"warranty/versions/{version.public_id}/force", If_Match="*")
    assert answer.status_code == 403


def test_tickets_and_slips_say_what_was_judged(people, call):
    policy(people.hq_admin)
    machine = factories.machine(factories.customer(people.cs01), people.sf, accepted_on=date(2025, 6, 11))
    job = Job(people, customer=factories.again(machine.customer), machines=[machine]).to("wait_sign")
    program = call(people.office)
    ticket = program.get(f"tickets/{job.key}").json()
    assert (ticket["warranty"], ticket["warranty_sentence"]) == ("in", "验收 2025-06-11 起 12 个月,至 2026-06-11(含)")
    slip = program.get(f"slips/{job.slip.public_id}").json()
    assert (slip["in_warranty"], slip["warranty"], slip["warranty_reason"]) == ("yes", "in", "")
    assert [row["id"] for row in program.get("tickets?state=all&warranty=in").json()["items"]] == [job.key]
    assert program.get("tickets?state=all&warranty=out_over").json()["items"] == []
    assert [row["warranty"] for row in program.get("slips?warranty=in").json()["items"]] == ["in"]
