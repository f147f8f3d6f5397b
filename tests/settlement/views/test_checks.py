"""Pages of the automatic checks: their settings, a trial, what each reader of a claim is told (domain.md 9.3)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from settlement.enums import CheckCode, ClaimState
from settlement.models import CheckRow, CheckSetting
from settlement.operations import claims
from tests import factories
from tests.people import act
from tests.settlement.claims import Claiming
from tests.settlement.operations.test_checks import foreign_job, out_of_warranty, partner, put
from tests.settlement.operations.test_import_check_rows import bring
from tests.tickets.driver import Job
from tests.warranty import policy
from tickets.enums import TicketState

pytestmark = pytest.mark.django_db(transaction=True)
ALLOWED = json.loads((Path(__file__).parent.parent / "query_counts.json").read_text())


def page(claiming, *parts):
    return "/".join(("/claims", claiming.key, *parts, ""))


def counted(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in queries)


def test_the_list_says_all_checks_with_their_figures(people, sign_in):
    put(people, "M02", amount=1500)
    put(people, "B13", is_on=False)
    client = sign_in(people.reviewer)
    text = client.get("/checks/").content.decode()
    for code in CheckCode.values:
        assert f'href="/checks/{code}/"' in text
    for words in ("金额超限", "1,500 元", "停用", "吴丽", "500 米"):
        assert words in text, words
    assert counted(client, "/checks/") == ALLOWED["checks"]
    text = sign_in(people.finance).get("/checks/").content.decode()
    assert "1,500 元" in text
    assert "/checks/M02/" not in text


@pytest.mark.parametrize(
    "name", ["office", "office_admin", "accountant", "admin", "call_centre", "quality", "platform"]
)
def test_how_the_checks_are_set_is_headquarters_own(people, sign_in, name):
    client = sign_in(getattr(people, name))
    assert client.get("/checks/").status_code == 403
    assert client.get("/checks/M02/").status_code == 403
    assert client.post("/checks/M02/", {"version": 0, "amount": "1", "months": "3"}).status_code == 403
    assert factories.rows(CheckSetting) == []


@pytest.mark.parametrize("code", CheckCode.values)
def test_every_check_has_its_form_and_saves_what_it_shows(people, sign_in, code):
    client = sign_in(people.hq_admin)
    answer = client.get(f"/checks/{code}/")
    assert answer.status_code == 200
    form = answer.context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() or name == "version"}
    assert client.post(f"/checks/{code}/", sent)["Location"] == "/checks/"
    assert factories.rows(CheckSetting) == []  # the defaults need no row
    sent.pop("is_on")
    assert client.post(f"/checks/{code}/", sent).status_code == 302
    (row,) = factories.rows(CheckSetting)
    assert (row.code, row.is_on) == (code, False)
    assert client.post(f"/checks/{code}/", sent).status_code == 409  # the page is older than the row


def test_wrong_figures_keep_what_was_typed(people, sign_in):
    client = sign_in(people.reviewer)
    sent = {"version": 0, "is_on": "on", "submit_days": "10", "warn_days": "20", "months": "3"}
    answer = client.post("/checks/R04/", sent)
    assert answer.status_code == 422
    assert "提醒应早于期限" in answer.content.decode()
    assert 'value="10"' in answer.content.decode()
    answer = client.post("/checks/M02/", {"version": 0, "amount": "viel", "months": "3"})
    assert answer.status_code == 422
    assert client.get("/checks/X99/").status_code == 404


def test_the_percentage_is_a_percentage(people, sign_in):
    client = sign_in(people.reviewer)
    assert 'value="5.00"' in client.get("/checks/M03/").content.decode()
    client.post("/checks/M03/", {"version": 0, "is_on": "on", "km_over": "12.5", "people": "4", "months": "3"})
    (row,) = factories.rows(CheckSetting)
    assert row.params == {"km_over": "0.125", "people": 4}


def test_trusted_dealers_are_chosen_by_name(people, sign_in):
    client = sign_in(people.reviewer)
    assert "长沙瑞启" in client.get("/checks/A01/").content.decode()
    sent = {"version": 0, "is_on": "on", "low_amount": "500", "months": "3", "trusted": people.partnership.public_id}
    assert client.post("/checks/A01/", sent).status_code == 302
    assert (
        client.post("/checks/A01/", {**sent, "version": 1, "trusted": people.other_partnership.public_id}).status_code
        == 422
    )
    (row,) = factories.rows(CheckSetting)
    assert row.params["trusted"] == [people.partnership.public_id]


def test_a_trial_names_the_claims_and_saves_nothing(people, sign_in):
    policy(people.hq_admin)
    claiming = Claiming(people)
    claiming.checked()
    client = sign_in(people.reviewer)
    sent = {"version": 0, "is_on": "on", "amount": "100", "months": "12", "try": "1"}
    text = client.post("/checks/M02/", sent).content.decode()
    assert page(claiming) in text
    assert "命中 1 张" in text
    assert "322.50 超过" in text or "322.50" in text
    assert factories.rows(CheckSetting) == []


def test_while_the_checks_run_a_reviewer_waits(people, sign_in):
    claiming = Claiming(people)
    now = factories.rows(type(claiming.row))[0].created_at  # the page goes by the clock on the wall
    claiming.do(claims.submit, now=now)
    text = sign_in(people.office).get(page(claiming)).content.decode()
    assert "系统自审进行中" in text
    assert page(claiming, "pass") not in text
    sent = {"version": claiming.row.version, "reason": "缺发票"}
    answer = sign_in(people.office).post(page(claiming, "send_back"), sent)
    assert answer.status_code == 409
    assert "系统自审还没有完成" in answer.content.decode()
    assert claiming.state == ClaimState.FIRST


def test_what_was_refused_says_why_to_both_sides(people, sign_in):
    policy(people.hq_admin)
    claiming = Claiming(people, out_of_warranty(people))
    claiming.checked()
    for name in ("accountant", "reviewer"):
        text = sign_in(getattr(people, name)).get(page(claiming)).content.decode()
        for words in ("R01", "系统自审", "自审拒绝", "超三包期"):
            assert words in text, (name, words)
    assert page(claiming, "appeal") in sign_in(people.accountant).get(page(claiming)).content.decode()


def test_only_headquarters_reads_the_other_dealers_number(people, sign_in):
    partner(people)
    policy(people.hq_admin)
    first = Claiming(people, foreign_job(people, "2603B0777").to(TicketState.DONE), by=people.stranger)
    first.checked()
    customer = factories.customer(people.cs01)
    machine = factories.machine(customer, people.sf, serial_number="2603B0777")
    mine = Job(people, customer=customer, machines=[machine], at=first.job.clock).to(TicketState.DONE)
    claiming = Claiming(people, mine)
    claiming.checked()
    assert claiming.state == ClaimState.RETURNED
    for name, knows in (("accountant", False), ("office", False), ("reviewer", True)):
        text = sign_in(getattr(people, name)).get(page(claiming)).content.decode()
        assert "其他合作方" in text
        assert (first.slip.number in text) is knows, name
        assert (first.job.ticket.number in text) is knows, name
    assert sign_in(people.stranger).get(page(claiming)).status_code == 404


def test_the_list_shows_and_filters_what_was_found(people, sign_in):
    policy(people.hq_admin)
    first = Claiming(people)
    first.checked()
    second = Claiming(people, Job(people, at=first.job.clock).to(TicketState.DONE))
    second.write(people=3)
    second.checked()
    third = Claiming(people, Job(people, at=second.job.clock).to(TicketState.DONE))
    third.submit()  # not checked yet
    numbers = [one.row.number for one in (first, second, third)]
    for name in ("accountant", "office", "reviewer"):
        client = sign_in(getattr(people, name))
        for query, there in (("", numbers), ("?flagged=yes", numbers[1:2]), ("?flagged=no", numbers[:1])):
            text = client.get(f"/claims/{query}").content.decode()
            assert [number for number in numbers if number in text] == there, (name, query)


def test_a_repeat_repair_says_why(people, sign_in):
    claiming = Claiming(people)
    client = sign_in(people.accountant)
    form = client.get(page(claiming, "edit")).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() or name == "version"}
    sent |= {name: f"{sent[name]:%Y-%m-%dT%H:%M}" for name in ("left", "back")}
    answer = client.post(page(claiming, "edit"), {**sent, "is_repeat": "on"})
    assert answer.status_code == 422
    assert "请说明故障为何再次出现" in answer.content.decode()
    assert client.post(page(claiming, "edit"), {**sent, "is_repeat": "on", "note": "轴承再次损坏"}).status_code == 302
    assert claiming.row.is_repeat
    assert "重复修理" in client.get(page(claiming)).content.decode()


def test_a_checked_claim_costs_no_more_statements_with_more_findings(people, sign_in):
    policy(people.hq_admin)
    claiming = Claiming(people)
    claiming.checked()
    client = sign_in(people.reviewer)
    first = counted(client, page(claiming))
    act(
        claims.take_back,
        viewer=people.accountant,
        public_id=claiming.key,
        expected_version=None,
        now=claiming.job.clock,
    )
    claiming.write(people=3)
    claiming.checked()
    assert [first, counted(client, page(claiming))] == [ALLOWED["claim_checked"]] * 2


def test_the_tables_are_listed_filtered_and_rows_taken_out(people, sign_in):
    bring(people, ("配件与型号", "BRG-1", "YE3-160M-4", "2"), ("工时与故障", "M10", "轴承", ""))
    client = sign_in(people.reviewer)
    for query, there in (("", [True, True]), ("?q=brg", [True, False]), ("?table=labour_fault", [False, True])):
        text = client.get(f"/checks/tables/{query}").content.decode()
        assert [code in text for code in ("BRG-1", "M10")] == there, query
    assert counted(client, "/checks/tables/") == ALLOWED["check_rows"]
    row = factories.rows(CheckRow)[0]
    assert client.post(f"/checks/tables/{row.public_id}/remove/").status_code == 302
    assert [one.key for one in factories.rows(CheckRow)] == ["M10"]
    finance = sign_in(people.finance)
    assert "M10" in finance.get("/checks/tables/").content.decode()
    assert finance.post(f"/checks/tables/{factories.rows(CheckRow)[0].public_id}/remove/").status_code == 403
    assert sign_in(people.office).get("/checks/tables/").status_code == 403
