"""Claims and statements by API: from a signed slip to the money, as an ERP and an accountant's program do it (domain.md 9.5, 11)."""

from __future__ import annotations

import base64
from datetime import date

import pytest

from core import jobs
from core.calendars import local_date
from settlement.models import Claim, Statement
from tests import factories
from tests.settlement.cards import card
from tests.settlement.statements import NUMBER, Month, invoice_xml
from tests.tickets.driver import Job
from tickets.enums import TicketState

pytestmark = pytest.mark.django_db(transaction=True)

#: the outing of A2 without its self-bought part
A2 = {
    "work": ["P20", "G10"], "one_way_km": "168", "trips": 1, "people": 2, "left": "2026-06-11T07:30", "back": "2026-06-12T18:10",
    "lodging_invoice": "338.00", "consumables": "36.00",
}  # fmt: skip


def ok(answer, status=200):
    assert answer.status_code == status, answer.content
    return answer.json()


def step(program, url, verb, body=None):
    """A verb with the version that is."""
    return program.post(f"{url}/{verb}", body, If_Match=program.get(url)["ETag"])


def test_a_claim_from_the_slip_to_the_agreement(people, call):
    """A2 and A3 (domain.md 9.5): 1,678.00 is claimed here, 48.00 and 120.00 are cut."""
    card(people.reviewer, level="")
    slip = Job(people).to(TicketState.DONE).slip
    dealer = call(people.accountant)
    begun = ok(dealer.post(f"slips/{slip.public_id}/claim"), 201)
    assert dealer.post(f"slips/{slip.public_id}/claim").json()["code"] == "claim_exists"
    key = begun["id"]
    answer = dealer.patch(f"claims/{key}", A2, If_Match=f'"{begun["version"]}"')
    one = ok(answer)
    assert one["claimed"] == "1678.00"
    assert [(line["item"], line["claimed"]) for line in one["lines"]][:3] == [
        ("labour", "360.00"), ("labour", "120.00"), ("travel", "504.00")
    ]  # fmt: skip
    tag = answer["ETag"]
    assert dealer.patch(f"claims/{key}", {"note": "两天"}).status_code == 428
    assert ok(dealer.patch(f"claims/{key}", {"note": "两天"}, If_Match=tag))["claimed"] == "1678.00"
    wrong = dealer.patch(
        f"claims/{key}", {"one_way_km": "-1", "nonsense": 1}, If_Match=f'"{factories.rows(Claim)[0].version}"'
    ).json()
    assert {error["field"] for error in wrong["errors"]} == {"nonsense"}
    assert dealer.patch(f"claims/{key}", {"note": "x"}, If_Match='"99"').status_code in {409, 412}
    assert ok(step(dealer, f"claims/{key}", "submit"))["state"] == "first"
    jobs.drain()
    office, chief = call(people.office), call(people.reviewer)
    assert step(dealer, f"claims/{key}", "pass").status_code == 403
    state = factories.rows(Claim)[0].state
    if state == "first":
        passed = office.post(
            f"claims/{key}/pass", {"lines": [{"sequence": 3, "approved": "456.00", "reason": "distance"}]}
        )
        assert ok(passed)["state"] == "second"
        too_much = step(chief, f"claims/{key}", "approve", {"lines": [{"sequence": 2, "approved": "120.01"}]})
        assert too_much.status_code == 422
        done = ok(
            step(chief, f"claims/{key}", "approve", {"lines": [{"sequence": 2, "approved": "0", "reason": "hours"}]})
        )
        assert (done["state"], done["approved"]) == ("approved", "1510.00")
        assert ok(step(dealer, f"claims/{key}", "agree"))["state"] == "agreed"
    listed = ok(dealer.get("claims?state=all"))
    assert [row["number"] for row in listed["items"]] == [factories.rows(Claim)[0].number]
    assert call(people.stranger_admin).get(f"claims/{key}").status_code == 404
    assert call(people.quality).get("claims").status_code == 403


def test_a_statement_from_the_close_to_the_money(people, call):
    month = Month(people)
    for amount in ("328.00", "60.00"):
        month.claim(amount)
    finance, dealer = call(people.finance), call(people.accountant)
    assert finance.post("statements/close", {"month": "2099-01", "tax_rate": "0.13"}).status_code == 422
    closing = ok(finance.post("statements/close", {"month": "2026-06", "tax_rate": "0.13"}), 202)
    jobs.drain()
    assert ok(finance.get(f"jobs/{closing['job']}"))["state"] == "done"
    (row,) = ok(dealer.get("statements"))["items"]
    url = f"statements/{row['id']}"
    assert (row["payable"], row["net"], row["tax"]) == ("388.00", "343.36", "44.64")
    one = ok(step(dealer, url, "object", {"line": 2, "reason": "少算一趟"}))
    assert (one["payable"], one["lines"][1]["standing"]) == ("328.00", False)
    assert step(dealer, url, "object", {"line": "x"}).status_code == 422
    one = ok(step(call(people.reviewer), url, "answer", {"line": 2, "amount": "60.00", "text": "金额无误"}))
    assert one["payable"] == "388.00"
    ok(step(dealer, url, "confirm"))
    ok(step(finance, url, "notify", {"title": "示范机电有限公司", "tax_number": "91430100MA4L00000X"}))
    day = local_date(factories.rows(Statement)[0].made_at)
    paper = base64.b64encode(invoice_xml(NUMBER, "388.00")).decode()
    invoice = {"number": NUMBER, "amount": "388.00", "issued_on": day.isoformat(), "paper": paper}
    assert step(dealer, url, "invoice", invoice | {"amount": "388.01"}).json()["errors"][0]["field"] == "amount"
    assert step(dealer, url, "invoice", invoice | {"paper": "!"}).json()["errors"][0]["code"] == "base64_wanted"
    one = ok(step(dealer, url, "invoice", invoice))
    assert one["invoices"] == [
        {"number": NUMBER, "amount": "388.00", "issued_on": day.isoformat(), "state": "handed_in", "red_number": ""}
    ]
    ok(step(finance, url, "verify"))
    pay = {"way": "bank", "paid_on": day.isoformat(), "reference": "20260708"}
    assert ok(step(finance, url, "pay", pay | {"amount": "300"}))["state"] == "paying"
    one = ok(step(finance, url, "pay", pay | {"amount": "88.00"}))
    assert (one["state"], one["paid"], one["verbs"]) == ("paid", "388.00", ["unpay"])
    assert ok(step(dealer, url, "close"))["state"] == "closed"
    assert call(people.stranger_admin).get(url).status_code == 404
    assert ok(dealer.get("statements?state=all&month=2026-05"))["items"] == []
    assert month.clock.date() >= date(2026, 7, 8)
