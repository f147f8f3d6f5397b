"""The dealer's invoice for a statement: handed in, verified or rejected, reversed by a red one (domain.md 11)."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from core import papers, rights
from core.calendars import local_date
from core.errors import Refused, constraints
from core.models import public_id as random_name
from core.tenancy import Viewer
from settlement import notices
from settlement.calculations.invoice_xml import Broken, read
from settlement.enums import InvoiceState
from settlement.models import Invoice, Statement
from settlement.operations.statements import move
from settlement.queries import statements
from tickets.operations.steps import columns_of, fits, said

#: 数电票 has 20 digits, older ones 8
NUMBER = re.compile(r"\d{8}|\d{20}")
#: first bytes -> ending; an OFD is a ZIP, kept unread as a PDF is
KINDS = {b"%PDF-": "pdf", b"PK\x03\x04": "ofd", b"<?xml": "xml", b"\xef\xbb\xbf<?xml": "xml"}


@transaction.atomic
def hand_in(
    *,
    viewer: Viewer,
    public_id: str,
    expected_version: int | None,
    number: str,
    amount: Decimal,
    issued_on: date,
    paper: bytes,
    paper_name: str,
    now: datetime,
) -> Statement:
    """开票: number and amount are those of the statement to the cent. paper: PDF, OFD, or XML, which has to say the same.

    Errors: NotFound, not_allowed, wrong_state, stale, Refused("invoice_number_wrong", field="number"), ("invoice_amount_differs", field="amount"),
    ("invoice_twice", field="number"), ("invoice_day_wrong", field="issued_on"), ("invoice_file_wrong" | "invoice_xml_broken" |
    "invoice_xml_differs", field="paper").
    """
    rights.require_ever(viewer, "statement.invoice")
    found = statements.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "statement.invoice", found)
    typed = number.strip()
    if not NUMBER.fullmatch(typed):
        raise Refused("invoice_number_wrong", field="number")
    if amount != found.payable:
        raise Refused("invoice_amount_differs", field="amount", payable=f"{found.payable:.2f}")
    if not found.month <= issued_on <= local_date(now):
        raise Refused("invoice_day_wrong", field="issued_on")
    kind = _kind(paper)
    if kind == "pdf":
        papers.checked_pdf(paper)
    elif kind == "xml":
        _check_xml(paper, typed, amount)
    row = Invoice(
        statement=found, number=typed, amount=amount, issued_on=issued_on, paper_name=fits(paper_name, 120, field="paper"),
        handed_in_at=now, handed_in_by=viewer.name, **columns_of(found),
    )  # fmt: skip
    row.paper = default_storage.save(f"invoices/{viewer.org}/{random_name()}.{kind}", ContentFile(paper))
    with constraints(invoice_once="number"):
        row.save(force_insert=True)
    move(viewer, found, "invoice", (), now=now, text=typed)
    notices.statement_told(viewer, found, found.manufacturer_id, "invoiced", now)
    return found


@transaction.atomic
def verify(*, viewer: Viewer, public_id: str, expected_version: int | None, now: datetime) -> Statement:
    """收票(验真): the manufacturer has the invoice and found it genuine; the time to pay begins. Errors: NotFound, not_allowed, wrong_state, stale."""
    found, row = _with_invoice(viewer, public_id, "verify", expected_version, InvoiceState.HANDED_IN)
    _judge(viewer, row, InvoiceState.VERIFIED, now)
    return move(viewer, found, "verify", (), now=now, text=row.number)


@transaction.atomic
def reject(*, viewer: Viewer, public_id: str, expected_version: int | None, reason: str, now: datetime) -> Statement:
    """退票: the dealer hands in another one. Errors: NotFound, not_allowed, wrong_state, stale, Refused("reason_missing", field="reason")."""
    found, row = _with_invoice(viewer, public_id, "reject", expected_version, InvoiceState.HANDED_IN)
    row.reason = found.reason = fits(said(reason), 200, field="reason")
    _judge(viewer, row, InvoiceState.REJECTED, now)
    move(viewer, found, "reject", (), now=now, text=f"{row.number}: {row.reason}")
    notices.statement_told(viewer, found, found.dealer_id, "rejected", now)
    return found


@transaction.atomic
def reverse(
    *, viewer: Viewer, public_id: str, expected_version: int | None, red_number: str, reason: str, now: datetime
) -> Statement:
    """冲红: a red invoice takes a verified one back before anything is paid on it; the dealer makes out a new one.

    Errors: NotFound, not_allowed, wrong_state, stale, Refused("invoice_number_wrong", field="red_number"), ("reason_missing", field="reason").
    """
    found, row = _with_invoice(viewer, public_id, "reverse", expected_version, InvoiceState.VERIFIED)
    number = red_number.strip()
    if not NUMBER.fullmatch(number) or number == row.number:
        raise Refused("invoice_number_wrong", field="red_number")
    row.red_number, row.reason = number, fits(said(reason), 200, field="reason")
    _judge(viewer, row, InvoiceState.REVERSED, now)
    move(viewer, found, "reverse", (), now=now, text=f"{row.number} → {number}: {row.reason}")
    notices.statement_told(viewer, found, found.dealer_id, "reversed", now)
    return found


def _with_invoice(
    viewer: Viewer, public_id: str, verb: str, version: int | None, state: InvoiceState
) -> tuple[Statement, Invoice]:
    rights.require_ever(viewer, f"statement.{verb}")
    found = statements.lock(viewer, public_id, version=version)
    rights.require(viewer, f"statement.{verb}", found)
    return found, statements.standing_invoice(viewer, found, state)


def _judge(viewer: Viewer, row: Invoice, state: InvoiceState, now: datetime) -> None:
    row.state, row.judged_at, row.judged_by = state, now, viewer.name
    row.version += 1
    row.save(update_fields=["state", "version", "updated_at", "reason", "red_number", "judged_at", "judged_by"])


def _kind(paper: bytes) -> str:
    """The file's ending by its first bytes. Errors: Refused("invoice_file_wrong"), ("paper_large")."""
    if len(paper) > papers.MOST_BYTES:
        raise Refused("paper_large", field="paper", most=papers.MOST_BYTES // 1_000_000)
    for begin, kind in KINDS.items():
        if paper.startswith(begin):
            return kind
    raise Refused("invoice_file_wrong", field="paper")


def _check_xml(paper: bytes, number: str, amount: Decimal) -> None:
    try:
        says = read(paper)
    except Broken:
        raise Refused("invoice_xml_broken", field="paper") from None
    if (says.number, says.amount) != (number, amount):
        raise Refused("invoice_xml_differs", field="paper", number=says.number, amount=f"{says.amount:.2f}")
