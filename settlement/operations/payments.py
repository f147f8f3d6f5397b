"""Payments on a statement: in parts, by bank or set off; a mistake is taken back (domain.md 11)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from core import rights
from core.calendars import local_date
from core.errors import Refused
from core.tenancy import Viewer
from settlement import notices
from settlement.enums import PayWay, StatementState
from settlement.models import Payment, Statement
from settlement.operations.statements import move, settle_claims, unsettle_claims
from settlement.queries import statements
from tickets.operations.steps import chosen, columns_of, fits, said


@transaction.atomic
def pay(
    *,
    viewer: Viewer,
    public_id: str,
    expected_version: int | None,
    amount: Decimal,
    way: str,
    paid_on: date,
    reference: str = "",
    now: datetime,
) -> Statement:
    """付款, whole or a part; with the last part the statement and its claims are paid.

    amount: above zero, at most what is open. Errors: NotFound, not_allowed, wrong_state, stale, Refused("payment_amount_wrong", field="amount"),
    ("payment_day_wrong", field="paid_on"), ("choice_unknown", field="way"), ("reference_missing", field="reference") of a bank transfer.
    """
    rights.require_ever(viewer, "statement.pay")
    found = statements.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "statement.pay", found)
    rest, exponent = found.payable - found.paid, amount.as_tuple().exponent
    if not 0 < amount <= rest or not isinstance(exponent, int) or exponent < -2:
        raise Refused("payment_amount_wrong", field="amount", rest=f"{rest:.2f}")
    if not found.month <= paid_on <= local_date(now):
        raise Refused("payment_day_wrong", field="paid_on")
    by = chosen(PayWay, way, field="way")
    if by == PayWay.BANK and not reference.strip():
        raise Refused("reference_missing", field="reference")
    made = statements.payments(viewer, found)
    Payment.objects.bulk_create(
        [
            Payment(
                statement=found, sequence=len(made) + 1, amount=amount, way=by, paid_on=paid_on,
                reference=fits(reference, 60, field="reference"), entered_at=now, entered_by=viewer.name, **columns_of(found),
            )
        ]
    )  # fmt: skip
    found.paid += amount
    move(viewer, found, "pay_rest" if found.paid == found.payable else "pay", ("paid",), now=now, text=f"{amount:.2f}")
    if found.state == StatementState.PAID:
        settle_claims(viewer, found, now)
        notices.statement_told(viewer, found, found.dealer_id, "paid", now)
    return found


@transaction.atomic
def take_payment_back(
    *, viewer: Viewer, public_id: str, expected_version: int | None, payment: int, reason: str, now: datetime
) -> Statement:
    """A payment that was entered by mistake counts no more; it stays readable.

    payment: its place. Errors: NotFound, not_allowed, wrong_state, stale, Refused("reason_missing", field="reason"), ("choice_unknown", field="payment").
    """
    rights.require_ever(viewer, "statement.unpay")
    found = statements.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "statement.unpay", found)
    row = next((one for one in statements.payments(viewer, found) if one.sequence == payment), None)
    if row is None or row.undone_at:
        raise Refused("choice_unknown", field="payment")
    was_paid = found.state == StatementState.PAID
    row.undone_at, row.undone_by, row.undone_reason = now, viewer.name, fits(said(reason), 200, field="reason")
    row.save(update_fields=["undone_at", "undone_by", "undone_reason"])
    found.paid -= row.amount
    verb = "unpay" if found.paid else "unpay_all"
    move(viewer, found, verb, ("paid",), now=now, text=f"{row.amount:.2f}: {row.undone_reason}")
    if was_paid:
        unsettle_claims(viewer, found, now)
    return found
