"""转收费: what a customer owes for work that no manufacturer pays, what came and how (domain.md 9.4, A4). Only the dealer's."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from core import rights, transitions
from core.calendars import local_date
from core.errors import Refused
from core.money import LIMIT
from core.numbering import next_number
from core.tenancy import Viewer
from settlement.enums import PaymentWay
from settlement.models import Claim, CustomerDebt, DebtPayment
from settlement.queries import debts
from settlement.workflow import DEBT
from tickets.enums import SlipState
from tickets.models import Slip
from tickets.operations.steps import chosen, fits, said
from tickets.queries import slips


@transaction.atomic
def begin_debt(*, viewer: Viewer, slip_public_id: str, amount: Decimal, what: str, now: datetime) -> CustomerDebt:
    """Charge the customer for a signed slip; the debt gets its number (SK).

    amount: yuan with tax. what: as the customer reads it. Errors: NotFound, not_allowed, Refused("slip_not_signed", 409), ("debt_exists", 409),
    ("amount_wrong", field="amount"), ("reason_missing", field="what"), ("text_too_long").
    """
    slip = slips.lock(viewer, slip_public_id, version=None)
    rights.require(viewer, "debt.begin", slip)
    if slip.state != SlipState.SIGNED:
        raise Refused("slip_not_signed", status=409)
    standing = debts.of_slip(viewer, slip)
    if standing is not None:
        raise Refused("debt_exists", status=409, number=standing.number)
    return _write(viewer, slip, None, amount, what, now)


def charge_claim(viewer: Viewer, claim: Claim, slip: Slip, amount: Decimal, what: str, now: datetime) -> CustomerDebt:
    """The debt of a claim that is charged to the customer; one that stands for the slip already is that debt.

    claim, slip: locked. Errors: Refused("amount_wrong", field="amount"), ("reason_missing"), ("text_too_long").
    """
    standing = debts.of_slip(viewer, slip)
    return standing if standing is not None else _write(viewer, slip, claim, amount, what, now)


def _write(viewer: Viewer, slip: Slip, claim: Claim | None, amount: Decimal, what: str, now: datetime) -> CustomerDebt:
    return CustomerDebt.objects.create(
        dealer_id=viewer.org, slip=slip, claim=claim, customer_name=slip.customer_name, what=_what(what), amount=_positive(amount),
        begun_on=local_date(now), begun_by=viewer.name,
        number=next_number(series="SK", dealer_id=viewer.org, dealer_code=viewer.org_code, day=local_date(now)),
    )  # fmt: skip


def _what(text: str) -> str:
    said(text, field="what")
    return fits(text, 300, field="what")


def _positive(amount: Decimal) -> Decimal:
    if not 0 < amount < LIMIT:
        raise Refused("amount_wrong", field="amount")
    return amount


@transaction.atomic
def change_debt(
    *, viewer: Viewer, public_id: str, expected_version: int | None, amount: Decimal, what: str, now: datetime
) -> CustomerDebt:
    """Write amount and words anew while nothing was paid. Errors: NotFound, not_allowed, wrong_state, stale, as `begin_debt`."""
    debt = debts.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "debt.change", debt)
    debt.amount, debt.what = _positive(amount), _what(what)
    debt.version += 1
    debt.save()
    return debt


@transaction.atomic
def receive(
    *,
    viewer: Viewer,
    public_id: str,
    expected_version: int | None,
    amount: Decimal,
    paid_on: date,
    way: str,
    note: str,
    now: datetime,
) -> CustomerDebt:
    """Write down what came, and how; below zero it corrects what was written wrongly, and says why.

    Errors: NotFound, not_allowed, wrong_state, stale, Refused("debt_amount_wrong", field="amount") beyond what is owed or was paid,
    ("paid_on_wrong", field="paid_on") after today, ("choice_unknown", field="way"), ("reason_missing", field="note") of a correction.
    """
    debt = debts.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "debt.receive", debt)
    paid = debt.paid + amount
    if not amount or not 0 <= paid <= debt.amount:
        raise Refused("debt_amount_wrong", field="amount")
    if paid_on > local_date(now):
        raise Refused("paid_on_wrong", field="paid_on")
    if amount < 0:
        said(note, field="note")
    made = DebtPayment(
        dealer_id=viewer.org, debt=debt, amount=amount, paid_on=paid_on, way=chosen(PaymentWay, way, field="way"),
        note=fits(note, 200, field="note"), at=now, author_id=viewer.person_id, author_name=viewer.name,
    )  # fmt: skip
    debt.paid = paid
    transitions.step(DEBT, debt, "settle" if paid == debt.amount else "part" if paid else "empty")
    debt.save()
    made.save(force_insert=True)
    return debt


@transaction.atomic
def waive(*, viewer: Viewer, public_id: str, expected_version: int | None, reason: str, now: datetime) -> CustomerDebt:
    """Give up what is still owed; what was paid stays. Errors: NotFound, not_allowed, wrong_state, stale, Refused("reason_missing")."""
    debt = debts.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "debt.waive", debt)
    debt.reason, debt.waived_at, debt.waived_by = said(reason), now, viewer.name
    transitions.step(DEBT, debt, "waive")
    debt.save()
    return debt
