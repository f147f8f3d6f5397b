"""转收费: what a customer owes, what came and how, the list with ages and sum; no manufacturer ever sees it (domain.md 9.4, A4)."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.calendars import local_date
from settlement.enums import ClaimState
from settlement.models import CustomerDebt, DebtPayment
from settlement.operations import claims, debts, review_claims
from tests import factories
from tests.people import act, refused, sees
from tests.settlement.claims import Claiming
from tests.tickets.driver import Job
from tickets.enums import TicketState

pytestmark = pytest.mark.django_db(transaction=True)
D = Decimal
DAY = timedelta(days=1)
ALLOWED: dict[str, int] = json.loads((Path(__file__).parent.parent / "query_counts.json").read_text())


class Owing:
    """A debt for a signed slip, begun by hand."""

    def __init__(self, people, amount="612.00", job=None):
        self.people, self.job = people, job or Job(people).to(TicketState.DONE)
        made = act(
            debts.begin_debt, viewer=people.accountant, slip_public_id=self.job.slip.public_id, amount=D(amount), what="更换接触器", now=self.job.clock,
        )  # fmt: skip
        self.key = made.public_id

    @property
    def row(self):
        return factories.rows(CustomerDebt, public_id=self.key)[0]

    def do(self, operation, who=None, **values):
        values.setdefault("expected_version", self.row.version)
        return act(operation, viewer=who or self.people.accountant, public_id=self.key, now=self.job.clock, **values)

    def pay(self, amount, **changes):
        values = {"paid_on": local_date(self.job.clock), "way": "wechat", "note": "", **changes}
        return self.do(debts.receive, amount=D(amount), **values)


def test_a_claim_that_is_charged_becomes_the_customers_debt(people):
    claiming = Claiming(people)
    claiming.write()
    claiming.submit()
    claiming.passed()
    claiming.do(review_claims.refuse, people.reviewer, cause="not_quality", reason="V 相全烧")
    claiming.do(claims.charge, reason="非质量原因", amount=D("612.00"))
    (debt,) = factories.rows(CustomerDebt)
    assert (debt.number, debt.amount, debt.paid, debt.state) == ("SK-CS01-202606-0001", D("612.00"), D("0.00"), "owed")
    assert debt.claim_id == claiming.row.pk
    assert claiming.state == ClaimState.CHARGED


def test_without_an_amount_what_was_claimed_is_owed_and_nothing_is_no_debt(people):
    claiming = Claiming(people)
    with refused("amount_wrong"):
        claiming.do(claims.charge, reason="客户付费", amount=D(0))
    assert claiming.state == ClaimState.DRAFT
    claiming.do(claims.charge, reason="客户付费")
    assert factories.rows(CustomerDebt)[0].amount == claiming.row.claimed


def test_a_slip_is_charged_once(people):
    owing = Owing(people)
    with refused("debt_exists"):
        Owing(people, job=owing.job)
    owing.do(debts.waive, people.owner, reason="老客户")
    assert Owing(people, job=owing.job).row.number == "SK-CS01-202606-0002"


def test_payments_come_in_parts_until_it_is_paid(people):
    owing = Owing(people)
    owing.pay("200.00")
    assert (owing.row.state, owing.row.paid) == ("part_paid", D("200.00"))
    with refused("debt_amount_wrong"):
        owing.pay("412.01")
    owing.pay("412.00", way="cash")
    assert (owing.row.state, owing.row.paid) == ("paid", D("612.00"))
    assert [(row.amount, row.way) for row in factories.rows(DebtPayment)] == [
        (D("200.00"), "wechat"),
        (D("412.00"), "cash"),
    ]
    with refused("wrong_state"):
        owing.do(debts.waive, people.owner, reason="老客户")
    with refused("wrong_state"):
        owing.do(debts.change_debt, amount=D(700), what="多换一件")


def test_what_was_written_wrongly_is_corrected_with_a_reason(people):
    owing = Owing(people)
    owing.pay("612.00")
    with refused("reason_missing"):
        owing.pay("-612.00")
    with refused("debt_amount_wrong"):
        owing.pay("-612.01", note="登错")
    owing.pay("-600.00", note="登错")
    assert (owing.row.state, owing.row.paid) == ("part_paid", D("12.00"))
    owing.pay("-12.00", note="登错")
    assert (owing.row.state, owing.row.paid) == ("owed", D("0.00"))
    assert len(factories.rows(DebtPayment)) == 3


@pytest.mark.parametrize(
    ("amount", "changes", "code"),
    [
        ("0", {}, "debt_amount_wrong"),
        ("1", {"way": "shells"}, "choice_unknown"),
        ("1", {"paid_on": local_date(factories.NOW) + 9 * DAY}, "paid_on_wrong"),
        ("1", {"expected_version": 99}, "stale"),
    ],
)
def test_wrong_payments_are_refused(people, amount, changes, code):
    owing = Owing(people)
    with refused(code):
        owing.pay(amount, **changes)
    assert factories.rows(DebtPayment) == []


def test_only_owner_and_administrator_waive(people):
    owing = Owing(people)
    owing.pay("12.00")
    with refused("not_allowed"):
        owing.do(debts.waive, reason="老客户")
    owing.do(debts.waive, people.admin, reason="老客户")
    assert (owing.row.state, owing.row.paid, owing.row.waived_by) == ("waived", D("12.00"), people.admin.name)


def test_an_unsigned_slip_and_nothing_are_not_charged(people):
    job = Job(people).to(TicketState.WAIT_SIGN)
    with refused("slip_not_signed"):
        Owing(people, job=job)
    with refused("amount_wrong"):
        Owing(people, "0")


def test_nobody_but_the_dealer_sees_what_its_customers_owe(people, sign_in):
    owing = Owing(people)
    owing.pay("1.00")
    for name in ("office", "reviewer", "hq_admin", "stranger", "other_reviewer"):
        assert sees(getattr(people, name), CustomerDebt) == []
        assert sees(getattr(people, name), DebtPayment) == []
        assert sign_in(getattr(people, name)).get(f"/debts/{owing.key}/").status_code == 404
    for name in ("office", "reviewer", "technician", "storekeeper"):
        assert sign_in(getattr(people, name)).get("/debts/").status_code == 403
    assert sees(people.accountant, CustomerDebt)


def test_the_list_says_age_and_sum_and_goes_out_as_excel(people, sign_in):
    owing = Owing(people)
    owing.pay("100.00")
    paid = Owing(people, "50.00", Job(people, at=owing.job.clock).to(TicketState.DONE))
    paid.pay("50.00")
    client = sign_in(people.accountant)
    text = client.get("/debts/").content.decode()
    assert "512.00" in text
    assert owing.row.number in text
    assert paid.row.number not in text
    age = (local_date(timezone.now()) - owing.row.begun_on).days
    assert f">{age}<" in text
    assert owing.row.number in client.get(f"/debts/?age=30&q={owing.row.number}").content.decode()
    answer = client.post("/exports/debts/?state=all")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert sorted(row[0] for row in rows[1:]) == [owing.row.number, paid.row.number]
    assert {"512.00"} <= {row[7] for row in rows[1:]}
    assert sign_in(people.office).post("/exports/debts/").status_code == 403


def test_pages_from_the_slip_to_the_payment(people, sign_in):
    job = Job(people).to(TicketState.DONE)
    client = sign_in(people.accountant)
    assert client.get("/debts/slips/").status_code == 200
    address = f"/debts/slips/{job.slip.public_id}/"
    assert client.get(address).status_code == 200
    short = client.post(address, {"amount": "0", "what": "更换接触器"})
    assert short.status_code == 422
    assert "更换接触器" in short.content.decode()
    page = client.post(address, {"amount": "612", "what": "更换接触器"})["Location"]
    text = client.get(page).content.decode()
    assert "¥612.00" in text
    assert (
        client.post(
            f"{page}receive/", {"version": "1", "amount": "700", "paid_on": "2026-06-12", "way": "cash"}
        ).status_code
        == 422
    )
    sent = {"version": "1", "amount": "600", "paid_on": "2026-06-12", "way": "alipay", "note": "尾款月底"}
    assert client.post(f"{page}receive/", sent).status_code == 302
    text = client.get(page).content.decode()
    for words in ("支付宝", "尾款月底", "欠款 12.00 元"):
        assert words in text
    assert client.get(f"{page}change/").status_code == 409
    assert client.get(f"{page}waive/").status_code == 403
    assert sign_in(people.owner).post(f"{page}waive/", {"version": "2", "reason": "抹零"}).status_code == 302


def test_the_charge_on_a_claims_page_leads_to_the_debt(people, sign_in):
    claiming = Claiming(people)
    client = sign_in(people.accountant)
    sent = {"version": claiming.row.version, "amount": "88.00", "reason": "客户付费"}
    assert client.post(f"/claims/{claiming.key}/charge/", sent).status_code == 302
    (debt,) = factories.rows(CustomerDebt)
    assert f"/debts/{debt.public_id}/" in client.get(f"/claims/{claiming.key}/").content.decode()


def test_more_debts_cost_no_more_statements(people, sign_in):
    owing = Owing(people)
    client, counts = sign_in(people.accountant), []
    for _round in range(2):
        client.get("/debts/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/debts/")
        counts.append(sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in queries))
        Owing(people, job=Job(people, at=owing.job.clock).to(TicketState.DONE))
    assert counts == [ALLOWED["debts"]] * 2
