"""The month's close, and a statement's way to its payment (domain.md 11)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from core import jobs
from equipment.models import Part
from settlement.enums import ClaimState, StatementState
from settlement.models import Claim, Invoice, Statement, StatementEntry, StatementLine
from settlement.operations import claims, close_month, invoices, payments, statements
from tests import factories
from tests.people import act, refused, sees
from tests.settlement.claims import Claiming
from tests.settlement.old_parts import BEARING, Owed
from tests.settlement.statements import CLOSING, JUNE, NUMBER, Month, invoice_xml, lines
from tests.tickets.facts import kinds_told

pytestmark = pytest.mark.django_db(transaction=True)
D = Decimal
S = StatementState
#: amounts of the worked statement of June (domain.md 11): as claimed, as approved
WORKED = (("328.00", ""), ("1882.60", "1714.60"), ("456.00", ""), ("902.50", ""), ("268.00", ""))
ENTERED = (
    ("freight", "85.00"),
    ("activity", "300.00"),
    ("adjustment", "-84.00"),
    ("assessment", "-200.00"),
    ("adjustment", "-48.00"),
)


def closed(people, *amounts, rate="0.13"):
    month = Month(people)
    for amount in amounts:
        month.claim(amount)
    made = month.close(rate=rate)
    assert made is not None
    return month, made


def test_the_worked_statement_of_june_to_the_cent(people):
    """3,722.10 = 3,293.89 + 428.21; the deduction for old parts stands here as an entry."""
    month = Month(people)
    for amount, approved in WORKED:
        month.claim(amount, approved=approved)
    for item, amount in ENTERED:
        month.entry(item, amount)
    made = month.close()
    assert (made.number, made.state, made.month) == ("DZ-SF-CS01-202606", S.CHECKING, JUNE)
    assert (made.payable, made.net, made.tax, made.carried_forward) == (
        D("3722.10"),
        D("3293.89"),
        D("428.21"),
        D("0.00"),
    )
    assert [amount for _item, amount, _stands in lines(made)] == [
        D("328.00"), D("1714.60"), D("456.00"), D("902.50"), D("268.00"), *(D(amount) for _item, amount in ENTERED)
    ]  # fmt: skip
    assert {claim.state for claim in factories.rows(Claim)} == {ClaimState.STATED}
    assert {entry.state for entry in factories.rows(StatementEntry)} == {"taken"}
    jobs.drain()
    assert "statement_made" in kinds_told(people, "accountant")
    assert sees(people.accountant, Statement) == [made] == sees(people.office, Statement)
    assert sees(people.stranger, Statement) == [] == sees(people.other_reviewer, Statement)


def test_a_second_close_adds_nothing(people):
    month, made = closed(people, "100.00")
    month.claim("50.00")
    assert month.close() == made
    assert lines(made) == [("claim", D("100.00"), True)]
    assert [claim.state for claim in factories.rows(Claim)] == [ClaimState.STATED, ClaimState.AGREED]


def test_what_was_decided_after_the_months_last_day_waits(people):
    month = Month(people)
    month.claim("100.00")
    month.claim("70.00", at=factories.NOW + timedelta(days=40))
    made = month.close()
    assert lines(made) == [("claim", D("100.00"), True)]
    month.clock = CLOSING + timedelta(days=31)
    july = month.close(month=date(2026, 7, 1))
    assert lines(july) == [("claim", D("70.00"), True)]


def test_a_month_that_is_not_over_is_refused(people):
    month = Month(people)
    month.claim("100.00")
    with refused("month_not_over", field="month"):
        month.close(month=date(2026, 7, 15))
    with refused("tax_rate_wrong", field="tax_rate"):
        month.close(rate="0.17")
    with refused("not_allowed"):
        act(close_month.ask_close, viewer=people.accountant, month=JUNE, tax_rate=D("0.13"), now=CLOSING)
    assert factories.rows(Statement) == []


def test_what_cannot_be_deducted_is_carried_on(people):
    month = Month(people)
    month.claim("100.00")
    month.entry("assessment", "-250.00")
    june = month.close()
    assert (june.payable, june.carried_forward, june.tax) == (D("0.00"), D("-150.00"), D("0.00"))
    june = month.confirmed(june.public_id)
    with refused("not_allowed"):
        month.notified(june.public_id)
    june = month.do(statements.close, people.accountant, june.public_id)
    assert (june.state, factories.rows(Claim)[0].state) == (S.CLOSED, ClaimState.SETTLED)
    month.clock = CLOSING + timedelta(days=31)
    month.entry("incentive", "400.00", month=date(2026, 7, 1))
    july = month.close(month=date(2026, 7, 1))
    assert (july.brought_forward, july.payable, july.carried_forward) == (D("-150.00"), D("250.00"), D("0.00"))


def test_an_objection_takes_its_line_off_and_the_rest_goes_on(people):
    month, made = closed(people, "100.00", "60.00")
    key = made.public_id
    with refused("reason_missing", field="reason"):
        month.do(statements.object_to, people.accountant, key, line=2, reason="  ")
    made = month.do(statements.object_to, people.accountant, key, line=2, reason="少算一趟")
    assert (made.payable, lines(made)[1]) == (D("100.00"), ("claim", D("60.00"), False))
    with refused("objected_before"):
        month.do(statements.object_to, people.accountant, key, line=2, reason="再说")
    assert month.confirmed(key).payable == D("100.00")
    with refused("answer_amount_wrong", field="amount"):
        month.do(statements.answer, people.reviewer, key, line=2, amount=D("60.01"), text="核对过")
    made = month.do(statements.answer, people.reviewer, key, line=2, amount=D("45.00"), text="按单趟")
    assert made.payable == D("100.00")  # confirmed is confirmed
    with refused("not_objected"):
        month.do(statements.answer, people.reviewer, key, line=2, amount=D("60.00"), text="还是全额")
    month.clock = CLOSING + timedelta(days=31)
    july = month.close(month=date(2026, 7, 1))
    assert lines(july) == [("claim", D("45.00"), True)]
    with refused("objected_before"):
        month.do(statements.object_to, people.accountant, july.public_id, line=1, reason="又异议")


def test_an_answer_in_time_puts_the_line_back(people):
    month, made = closed(people, "100.00", "60.00")
    month.do(statements.object_to, people.accountant, made.public_id, line=1, reason="少了")
    made = month.do(statements.answer, people.reviewer, made.public_id, line=1, amount=D("100.00"), text="金额无误")
    assert (made.payable, lines(made)[0]) == (D("160.00"), ("claim", D("100.00"), True))
    assert month.confirmed(made.public_id).state == S.CONFIRMED


def test_the_whole_way_to_the_money(people):
    month, made = closed(people, "328.00")
    key = made.public_id
    month.confirmed(key)
    month.notified(key)
    with refused("invoice_amount_differs", field="amount"):
        month.invoiced(key, amount=D("327.99"))
    with refused("invoice_number_wrong", field="number"):
        month.invoiced(key, number="123")
    assert month.invoiced(key).state == S.INVOICED
    assert month.verified(key).state == S.RECEIVED
    with refused("payment_amount_wrong", field="amount"):
        month.paid(key, "328.01")
    with refused("reference_missing", field="reference"):
        month.paid(key, "1.00", reference="")
    assert month.paid(key, "200.00").state == S.PAYING
    made = month.paid(key, "128.00", way="parts", reference="")
    assert (made.state, made.paid, factories.rows(Claim)[0].state) == (S.PAID, D("328.00"), ClaimState.SETTLED)
    made = month.do(payments.take_payment_back, people.finance, key, payment=2, reason="记错了")
    assert (made.state, made.paid, factories.rows(Claim)[0].state) == (S.PAYING, D("200.00"), ClaimState.STATED)
    with refused("choice_unknown", field="payment"):
        month.do(payments.take_payment_back, people.finance, key, payment=2, reason="再一次")
    month.paid(key, "128.00")
    assert month.do(statements.close, people.accountant, key).state == S.CLOSED
    jobs.drain()
    assert {"statement_notified", "statement_paid"} <= set(kinds_told(people, "accountant"))
    assert {"statement_confirmed", "statement_invoiced"} <= set(kinds_told(people, "finance"))


def test_the_same_invoice_twice_is_refused(people):
    month, june = closed(people, "100.00")
    month.to_be_paid(june.public_id)
    month.clock = CLOSING + timedelta(days=31)
    month.entry("incentive", "100.00", month=date(2026, 7, 1))
    july = month.close(month=date(2026, 7, 1))
    month.confirmed(july.public_id)
    month.notified(july.public_id)
    with refused("constraint", field="number"):
        month.invoiced(july.public_id)
    assert len(factories.rows(Invoice)) == 1


def test_a_rejected_and_a_reversed_invoice_make_room_for_another(people):
    month, made = closed(people, "100.00")
    key = made.public_id
    month.confirmed(key)
    month.notified(key)
    month.invoiced(key)
    made = month.do(invoices.reject, people.finance, key, reason="抬头错误")
    assert (made.state, made.reason) == (S.NOTIFIED, "抬头错误")
    month.invoiced(key)  # the same number again, mended
    month.verified(key)
    with refused("invoice_number_wrong", field="red_number"):
        month.do(invoices.reverse, people.finance, key, red_number=NUMBER, reason="退回")
    made = month.do(invoices.reverse, people.finance, key, red_number="26432000000000000099", reason="税率错误")
    assert made.state == S.NOTIFIED
    other = "26432000000000000018"
    month.invoiced(key, number=other, paper=invoice_xml(other, "100.00"))
    assert [row.state for row in factories.rows(Invoice)] == ["rejected", "reversed", "handed_in"]


BOMB = '<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("paper", "code"),
    [
        (invoice_xml(NUMBER, "100.00", prefix=BOMB), "invoice_xml_broken"),
        (invoice_xml("&b;", "100.00", prefix=OUTSIDE), "invoice_xml_broken"),
        (invoice_xml(NUMBER, "100.00", total="NaN"), "invoice_xml_broken"),
        (b"<?xml version='1.0'?><Other/>", "invoice_xml_broken"),
        (b"<?xml version='1.0'?><EInvoice>", "invoice_xml_broken"),
        (invoice_xml(NUMBER, "100.01"), "invoice_xml_differs"),
        (invoice_xml("26432000000000000018", "100.00"), "invoice_xml_differs"),
        (b"MZ\x90\x00", "invoice_file_wrong"),
        (b"", "invoice_file_wrong"),
        (b"%PDF-1.7 nothing", "pdf_broken"),
    ],
)
def test_an_invoice_file_that_cannot_be_is_refused_and_nothing_is_kept(people, paper, code):
    month, made = closed(people, "100.00")
    month.confirmed(made.public_id)
    month.notified(made.public_id)
    with refused(code, field="paper"):
        month.invoiced(made.public_id, paper=paper)
    assert factories.rows(Invoice) == []


def test_a_void_statement_lets_everything_go(people):
    month, made = closed(people, "100.00")
    month.entry("activity", "20.00")
    key = made.public_id
    made = month.do(statements.void, people.finance, key, reason="漏了活动费")
    assert (made.state, factories.rows(Claim)[0].state) == (S.VOID, ClaimState.AGREED)
    again = month.close()
    assert (again.number, again.payable) == ("DZ-SF-CS01-202606-2", D("120.00"))
    month.to_be_paid(again.public_id)
    with refused("wrong_state"):
        month.do(statements.void, people.finance, again.public_id, reason="太晚")


def test_a_statement_on_which_a_later_one_stands_stays(people):
    month, june = closed(people, "100.00")
    month.clock = CLOSING + timedelta(days=31)
    month.entry("incentive", "10.00", month=date(2026, 7, 1))
    month.close(month=date(2026, 7, 1))
    with refused("statement_followed"):
        month.do(statements.void, people.finance, june.public_id, reason="重做")


def test_another_tax_rate_splits_anew_and_stays(people):
    month, made = closed(people, "103.00")
    made = month.do(statements.set_rate, people.finance, made.public_id, tax_rate=D("0.03"))
    assert (made.net, made.tax) == (D("100.00"), D("3.00"))
    month.clock = CLOSING + timedelta(days=31)
    month.entry("incentive", "103.00", month=date(2026, 7, 1))
    assert month.close(month=date(2026, 7, 1)).tax == D("3.00")


def test_an_old_part_that_stays_away_holds_then_is_deducted_and_never_twice(people):
    """domain.md 10: 30 days hold labour and parts, 60 days deduct the part's price and free the claim."""
    with factories.writing():
        Part.objects.create(manufacturer=people.sf, code="BRG-6309", name="轴承", price=D("42.00"))
    owed = Owed(people, parts=(BEARING,))  # two bearings, finished in June
    claiming = Claiming(people, owed.job)
    claiming.write()
    claiming.submit()
    claiming.job.clock = CLOSING
    claiming.passed()
    claiming.approve()
    claiming.do(claims.agree)
    total, labour = claiming.row.approved, D("480.00")
    month = Month(people, card_made=True)
    month.clock = CLOSING + timedelta(days=31)
    july = month.close(month=date(2026, 7, 1))
    assert lines(july) == [("claim", total, True), ("hold", -labour, True)]
    assert july.payable == total - labour
    month.clock = CLOSING + timedelta(days=62)
    august = month.close(month=date(2026, 8, 1))
    assert lines(august) == [("release", labour, True), ("old_part", D("-84.00"), True)]
    month.do(statements.void, people.finance, august.public_id, reason="重做")
    again = month.close(month=date(2026, 8, 1))
    assert lines(again) == [("release", labour, True), ("old_part", D("-84.00"), True)]
    month.entry("activity", "1.00", month=date(2026, 9, 1))
    month.clock = CLOSING + timedelta(days=93)
    assert lines(month.close(month=date(2026, 9, 1))) == [("activity", D("1.00"), True)]


def test_who_may_do_what(people):
    month, made = closed(people, "100.00")
    key = made.public_id
    for who in (people.technician, people.storekeeper, people.dispatcher, people.office, people.reviewer):
        with refused("not_allowed"):
            month.do(statements.confirm, who, key)
    for who in (people.accountant, people.office, people.finance):
        with refused("not_allowed"):
            month.do(statements.answer, who, key, line=1, amount=D("1.00"), text="好")
    with refused("not_found"):
        month.do(statements.confirm, people.stranger_admin, key)
    with refused("stale"):
        month.do(statements.confirm, people.accountant, key, expected_version=made.version + 7)


@pytest.mark.parametrize(
    ("item", "amount", "code", "field"),
    [
        ("claim", "5.00", "choice_unknown", "item"),
        ("assessment", "5.00", "entry_sign_wrong", "amount"),
        ("freight", "-5.00", "entry_sign_wrong", "amount"),
        ("activity", "0.00", "entry_sign_wrong", "amount"),
        ("activity", "0.001", "amount_wrong", "amount"),
        ("activity", "1000000000000", "amount_wrong", "amount"),
    ],
)
def test_an_entry_that_cannot_be_is_refused(people, item, amount, code, field):
    with refused(code, field=field):
        Month(people).entry(item, amount)
    assert factories.rows(StatementEntry) == []


def test_the_database_keeps_what_was_confirmed(people):
    month, made = closed(people, "100.00")
    with pytest.raises(IntegrityError, match="does not add up"), factories.writing(), transaction.atomic():
        Statement._plain.filter(pk=made.pk).update(payable=D("99.00"), net=D("87.61"), tax=D("11.39"))
    with pytest.raises(IntegrityError, match="does not add up"), factories.writing(), transaction.atomic():
        StatementLine._plain.filter(statement=made).update(amount=D("1.00"))
    month.confirmed(made.public_id)
    with pytest.raises(IntegrityError, match="stands"), factories.writing(), transaction.atomic():
        StatementLine._plain.filter(statement=made).update(standing=False)
    with pytest.raises(IntegrityError, match="stands"), factories.writing(), transaction.atomic():
        Statement._plain.filter(pk=made.pk).update(tax_rate=D("0.06"))
    row = factories.rows(StatementLine)[0]
    row.pk, row.sequence = None, 2
    with pytest.raises(IntegrityError, match="claim_on_one_statement"), factories.writing(), transaction.atomic():
        row.save(force_insert=True)
