"""Statements for tests: claims of dealer CS01 approved and agreed to, a month closed by its real job."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from core import jobs
from core.tenancy import Viewer
from partners.models import Partnership
from settlement.calculations.claim_input import Word
from settlement.models import Claim, Statement, StatementLine
from settlement.operations import claims, close_month, invoices, payments, review_claims, statement_entries, statements
from tests import factories
from tests.people import People, act
from tests.settlement.cards import card
from tests.settlement.claims import given
from tests.tickets.driver import Job, picture
from tickets.enums import TicketState

D = Decimal
JUNE = date(2026, 6, 1)
#: the office's day of generating: the 8th of the month after
CLOSING = datetime.fromisoformat("2026-07-08T09:00:00+08:00")
NUMBER = "26432000000000000017"


class Month:
    """Claims and statements of CS01 with SF; `clock` goes on by ten minutes with each step after the close."""

    def __init__(self, people: People, *, card_made: bool = False) -> None:
        self.people = people
        if not card_made:
            card(people.reviewer, level="")
        self.clock = CLOSING

    def claim(self, amount: str, *, approved: str = "", agreed: bool = True, at: datetime | None = None) -> Claim:
        """A claim of this amount by other cost alone, decided; approved: when less than claimed."""
        job = Job(self.people, **({"at": at} if at else {})).to(TicketState.DONE)
        who = self.people
        key = act(
            claims.begin_claim, viewer=who.accountant, slip_public_id=job.slip.public_id, now=job.tick()
        ).public_id

        def do(operation: Any, viewer: Viewer, **more: Any) -> None:
            act(operation, viewer=viewer, public_id=key, expected_version=None, now=job.tick(), **more)

        values = given(
            job, work=(), one_way_km=D(0), trips=0, people=1, lodging_invoice=D(0), consumables=D(0), other=D(amount), note="收据"
        )  # fmt: skip
        do(claims.change_claim, who.accountant, given=values)
        do(claims.submit, who.accountant)
        do(review_claims.pass_on, who.office, words={})
        words = {1: Word(D(approved), "other", "按协议")} if approved else {}
        do(review_claims.approve, who.reviewer, words=words)
        if agreed:
            do(claims.agree, who.accountant)
        return self.again(key)

    def again(self, key: str) -> Claim:
        """The claim as it stands."""
        found: Claim = factories.rows(Claim, public_id=key)[0]
        return found

    def entry(self, item: str, amount: str, *, month: date = JUNE, reason: str = "见附件") -> Any:
        """A line entered by hand."""
        return act(
            statement_entries.enter, viewer=self.people.finance, partnership=self.partnership.public_id, item=item, amount=D(amount),
            month=month, reason=reason, paper=picture(reason), paper_name="单据.jpg", now=self.tick(),
        )  # fmt: skip

    @property
    def partnership(self) -> Partnership:
        """Of CS01 and SF."""
        found: Partnership
        (found,) = factories.rows(Partnership, dealer=self.people.cs01, manufacturer=self.people.sf)
        return found

    def tick(self) -> datetime:
        """Ten minutes later."""
        self.clock += timedelta(minutes=10)
        return self.clock

    def close(self, month: date = JUNE, rate: str = "0.13") -> Statement | None:
        """The month's close by its job; the statement of CS01, None when there is none."""
        act(close_month.ask_close, viewer=self.people.finance, month=month, tax_rate=D(rate), now=self.tick())
        jobs.drain()
        found = factories.rows(Statement, dealer=self.people.cs01, month=month)
        return found[-1] if found else None

    def do(self, operation: Any, viewer: Viewer, key: str, **arguments: Any) -> Statement:
        """A step of a statement with the version that is."""
        arguments.setdefault("expected_version", factories.rows(Statement, public_id=key)[0].version)
        act(operation, viewer=viewer, public_id=key, now=self.tick(), **arguments)
        found: Statement = factories.rows(Statement, public_id=key)[0]
        return found

    def confirmed(self, key: str) -> Statement:
        return self.do(statements.confirm, self.people.accountant, key)

    def notified(self, key: str) -> Statement:
        return self.do(
            statements.notify, self.people.finance, key, title="示范机电有限公司", tax_number="91430100MA4L00000X"
        )

    def invoiced(self, key: str, **changes: Any) -> Statement:
        row = factories.rows(Statement, public_id=key)[0]
        values = {
            "number": NUMBER, "amount": row.payable, "issued_on": date(2026, 7, 8), "paper": invoice_xml(NUMBER, f"{row.payable}"),
            "paper_name": "发票.xml", **changes,
        }  # fmt: skip
        return self.do(invoices.hand_in, self.people.accountant, key, **values)

    def verified(self, key: str) -> Statement:
        return self.do(invoices.verify, self.people.finance, key)

    def paid(self, key: str, amount: str, way: str = "bank", **changes: Any) -> Statement:
        values = {"paid_on": date(2026, 7, 8), "reference": "2026070812345", **changes}
        return self.do(payments.pay, self.people.finance, key, amount=D(amount), way=way, **values)

    def to_be_paid(self, key: str) -> Statement:
        """From the dealer's check to the verified invoice."""
        self.confirmed(key)
        self.notified(key)
        self.invoiced(key)
        return self.verified(key)


def lines(statement: Statement) -> list[tuple[str, Decimal, bool]]:
    """Item, amount and whether it counts."""
    rows = factories.rows(StatementLine, statement=statement)
    return [(row.item, row.amount, row.standing) for row in sorted(rows, key=lambda row: row.sequence)]


def invoice_xml(number: str, amount: str, day: str = "2026-07-08", prefix: str = "", total: str = "") -> bytes:
    """An invoice's XML in the shape that is read; made for tests, no invoice."""
    body = f"""{prefix}<EInvoice sample="made for tests, no invoice">
  <EInvoiceData><BasicInformation><TotalTax-includedAmount>{total or amount}</TotalTax-includedAmount></BasicInformation></EInvoiceData>
  <TaxSupervisionInfo><InvoiceNumber>{number}</InvoiceNumber><IssueTime>{day}</IssueTime></TaxSupervisionInfo>
</EInvoice>"""
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + body).encode()
