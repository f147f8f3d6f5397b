"""Pages of claims: one press begins one, forms keep what was typed, reviewers say why, everybody sees the same page (domain.md 9.4)."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from settlement.enums import ClaimState
from settlement.models import Claim
from settlement.operations import claims, review_claims
from tests import factories
from tests.people import act
from tests.settlement.cards import card
from tests.settlement.claims import Claiming
from tests.tickets.driver import Job
from tickets.enums import TicketState

pytestmark = pytest.mark.django_db(transaction=True)
D = Decimal
S = ClaimState
ALLOWED: dict[str, int] = json.loads((Path(__file__).parent.parent / "query_counts.json").read_text())
OUTING = {
    "work": ["P20", "G10"], "one_way_km": "168", "trips": "1", "people": "2", "left": "2026-06-11T07:30", "back": "2026-06-12T18:10",
    "lodging_invoice": "338.00", "consumables": "36", "old_part_freight": "", "other": "", "note": "",
}  # fmt: skip


def page(claiming, *parts):
    return "/".join(("/claims", claiming.key, *parts, ""))


def test_one_press_on_a_slip_begins_its_claim(people, sign_in):
    card(people.reviewer, level="")
    job = Job(people).to(TicketState.DONE)
    client = sign_in(people.accountant)
    assert client.get("/claims/slips/").status_code == 200
    answer = client.post(f"/claims/slips/{job.slip.public_id}/begin/")
    (made,) = factories.rows(Claim)
    assert answer["Location"] == f"/claims/{made.public_id}/"
    again = client.post(f"/claims/slips/{job.slip.public_id}/begin/")
    assert again.status_code == 409
    assert "该服务单已有结算申请" in again.content.decode()


def test_the_form_prices_anew_and_says_how(people, sign_in):
    claiming = Claiming(people)
    client = sign_in(people.accountant)
    answer = client.post(page(claiming, "edit"), {**OUTING, "version": claiming.row.version})
    assert answer.status_code == 302
    text = client.get(page(claiming)).content.decode()
    assert "1,678.00" in text
    assert "504.00" in text
    assert "168" in text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"one_way_km": "301"}, "里程档到 300"),
        ({"other": "12.00"}, "请说明其他费用是什么"),
        ({"back": "2026-06-11T07:30"}, "返回时间必须晚于出发时间"),
    ],
)
def test_wrong_input_keeps_what_was_typed(people, sign_in, typed, told):
    claiming = Claiming(people)
    before = claiming.row.claimed
    sent = {**OUTING, **typed, "version": claiming.row.version}
    answer = sign_in(people.accountant).post(page(claiming, "edit"), sent)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert told in text
    assert 'value="338.00"' in text
    assert claiming.row.claimed == before


def test_the_office_passes_on_and_headquarters_decides(people, sign_in):
    claiming = Claiming(people)
    claiming.write()
    claiming.submit()
    client = sign_in(people.office)
    sent = {f"approved_{place}": f"{line[1]:.2f}" for place, line in enumerate(claiming.lines(), start=1)}
    short = client.post(page(claiming, "pass"), {**sent, "approved_3": "456.00", "version": claiming.row.version})
    assert short.status_code == 422
    assert "请选择扣减原因" in short.content.decode()
    assert 'value="456.00"' in short.content.decode()
    sent |= {"approved_3": "456.00", "reason_3": "distance", "note_3": "路书 152 km"}
    assert client.post(page(claiming, "pass"), {**sent, "version": claiming.row.version}).status_code == 302
    client = sign_in(people.reviewer)
    assert 'value="456.00"' in client.get(page(claiming, "approve")).content.decode()
    assert client.post(page(claiming, "approve"), {**sent, "version": claiming.row.version}).status_code == 302
    text = sign_in(people.accountant).get(page(claiming)).content.decode()
    assert "1,630.00" in text
    assert "路书 152 km" in text
    assert "里程超标" in text


def test_two_reviewers_at_once_the_second_one_is_told(people, sign_in):
    claiming = Claiming(people)
    claiming.submit()
    version = claiming.row.version
    sent = {f"approved_{place}": f"{line[1]:.2f}" for place, line in enumerate(claiming.lines(), start=1)}
    sign_in(people.office).post(page(claiming, "pass"), {**sent, "version": version})
    late = sign_in(people.office_engineer).post(page(claiming, "pass"), {**sent, "version": version})
    assert late.status_code == 409
    assert "郭伟" in late.content.decode()


@pytest.mark.parametrize("name", ["technician", "storekeeper", "quality", "call_centre"])
def test_who_settles_nothing_sees_no_amounts(people, sign_in, name):
    claiming = Claiming(people)
    claiming.submit()
    client = sign_in(getattr(people, name))
    assert client.get("/claims/").status_code == 403
    assert client.get(page(claiming)).status_code == 404


@pytest.mark.parametrize("name", ["stranger", "other_reviewer", "other_office"])
def test_strangers_find_nothing(people, sign_in, name):
    claiming = Claiming(people)
    claiming.submit()
    client = sign_in(getattr(people, name))
    assert client.get(page(claiming)).status_code == 404
    assert claiming.row.number not in client.get("/claims/?state=all").content.decode()


def test_every_step_has_its_page(people, sign_in):
    claiming = Claiming(people)
    client = sign_in(people.accountant)
    for verb in ("submit", "void", "charge"):
        assert client.get(page(claiming, verb)).status_code == 200
    assert client.get(page(claiming, "approve")).status_code == 403
    assert client.get(page(claiming, "nonsense")).status_code == 404
    claiming.submit()
    assert client.get(page(claiming, "take_back")).status_code == 200
    claiming.passed()
    claiming.do(review_claims.refuse, people.reviewer, cause="papers", reason="缺发票")
    assert client.get(page(claiming, "appeal")).status_code == 200
    claiming.do(claims.appeal, reason="附上发票")
    text = sign_in(people.hq_admin).get(page(claiming)).content.decode()
    assert "附上发票" in text
    assert "缺发票" in text


@pytest.mark.parametrize("name", ["accountant", "office", "reviewer", "finance"])
def test_the_list_has_filters_for_everybody(people, sign_in, name):
    claiming = Claiming(people)
    claiming.submit()
    client = sign_in(getattr(people, name))
    for query, there in (
        ("", True),
        ("?state=all&q=JS-", True),
        ("?turn=first", True),
        ("?turn=dealer", False),
        ("?state=draft", False),
    ):
        text = client.get(f"/claims/{query}").content.decode()
        assert (claiming.row.number in text) is there, query


def test_more_claims_and_lines_cost_no_more_statements(people, sign_in):
    first = Claiming(people)
    first.write()
    first.submit()
    client = sign_in(people.reviewer)
    counts = {"claims": [], "claim": []}
    for _round in range(2):
        for name, address in (("claims", "/claims/?state=all"), ("claim", page(first))):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts[name].append(sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in queries))
        job = Job(people, at=first.job.clock).to(TicketState.DONE)
        act(claims.begin_claim, viewer=people.accountant, slip_public_id=job.slip.public_id, now=job.clock)
        key = factories.rows(Claim, slip__public_id=job.slip.public_id)[0].public_id
        act(claims.submit, viewer=people.accountant, public_id=key, expected_version=None, now=job.clock)
    assert counts == {name: [ALLOWED[name]] * 2 for name in counts}


def test_the_checks_are_said_to_whoever_writes_and_reviews(people, sign_in):
    claiming = Claiming(people)
    claiming.write(people=3, one_way_km=D(290))
    text = sign_in(people.accountant).get(page(claiming)).content.decode()
    assert "自动检查" in text
    assert "M03" in text  # three people
    claiming.submit()
    text = sign_in(people.office).get(page(claiming)).content.decode()
    assert "M03" in text
    claiming.passed()
    claiming.approve()
    assert "自动检查" not in sign_in(people.accountant).get(page(claiming)).content.decode()
