"""Steps of a statement: objecting to lines and answering, confirming, asking for the invoice, closing, making void (domain.md 11)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from core import rights, transitions
from core.calendars import local_date
from core.errors import Refused
from core.tenancy import Viewer
from settlement import notices
from settlement.calculations.statement_limits import due
from settlement.enums import EntryState, StatementItem, StatementState
from settlement.models import Claim, Statement, StatementEntry, StatementLine
from settlement.models.statement import STEPPED, SUMS
from settlement.operations import old_part_duties
from settlement.operations.claims import step_all
from settlement.operations.close_month import RATES, add_up, write_event
from settlement.queries import statements
from settlement.workflow import STATEMENT
from tickets.operations.steps import fits, said


@transaction.atomic
def object_to(
    *, viewer: Viewer, public_id: str, expected_version: int | None, line: int, reason: str, now: datetime
) -> Statement:
    """异议 to one line: it stops counting until the manufacturer answers, the rest goes on (拆分).

    line: its place. Errors: NotFound, not_allowed, wrong_state, stale, Refused("reason_missing", field="reason"), ("objected_before", 409).
    """
    found = _locked(viewer, public_id, "object", expected_version)
    row = statements.line(viewer, found, line)
    if not row.standing or row.objected_at or row.carried_from_id:
        raise Refused("objected_before", status=409)
    why = fits(said(reason), 200, field="reason")
    StatementLine.objects.visible_to(viewer).filter(pk=row.pk).update(
        standing=False, objection=why, objected_at=now, objected_by=viewer.name
    )
    _sum_up(viewer, found)
    move(viewer, found, "object", SUMS, now=now, text=f"{row.label}: {why}")
    notices.statement_told(viewer, found, found.manufacturer_id, "objected", now)
    return found


@transaction.atomic
def answer(
    *,
    viewer: Viewer,
    public_id: str,
    expected_version: int | None,
    line: int,
    amount: Decimal,
    text: str,
    now: datetime,
) -> Statement:
    """The manufacturer's answer to an objection: the line with this amount, on this statement while it is being checked, else on the next.

    amount: the line's own, or another one of the same sign; of a claim at most what was claimed. Errors: NotFound, not_allowed, stale,
    Refused("reason_missing", field="text"), ("amount_wrong", field="amount"), ("not_objected", 409).
    """
    rights.require_ever(viewer, "statement.answer")
    found = statements.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "statement.answer", found)
    row = statements.line(viewer, found, line)
    if not row.objected_at or row.answered_at:
        raise Refused("not_objected", status=409)
    said_so = fits(said(text, field="text"), 200, field="text")
    _check_amount(row, amount)
    here = found.state == StatementState.CHECKING
    changes = {"answered_amount": amount, "answer": said_so, "answered_at": now, "answered_by": viewer.name}
    if here:
        changes |= {"standing": True, "amount": amount}
    StatementLine.objects.visible_to(viewer).filter(pk=row.pk).update(**changes)
    if here:
        _sum_up(viewer, found)
    found.version += 1
    found.save(update_fields=["version", "updated_at", *(SUMS if here else ())])
    write_event(viewer, found, "answer", now=now, text=f"{row.label}: {said_so}")
    notices.statement_told(viewer, found, found.dealer_id, "answered", now)
    return found


@transaction.atomic
def set_rate(
    *, viewer: Viewer, public_id: str, expected_version: int | None, tax_rate: Decimal, now: datetime
) -> Statement:
    """Another tax rate while the dealer checks; the next statements keep it. Errors: NotFound, not_allowed, wrong_state, stale, tax_rate_wrong."""
    found = _locked(viewer, public_id, "set_rate", expected_version)
    if tax_rate not in RATES:
        raise Refused("tax_rate_wrong", field="tax_rate")
    found.tax_rate = tax_rate
    _sum_up(viewer, found)
    move(viewer, found, "set_rate", (*SUMS, "tax_rate"), now=now, text=f"{(tax_rate * 100).normalize():f} %")
    return found


@transaction.atomic
def confirm(*, viewer: Viewer, public_id: str, expected_version: int | None, now: datetime) -> Statement:
    """确认: what stands on it is agreed; lines objected to go their own way. Errors: NotFound, not_allowed, wrong_state, stale."""
    found = _locked(viewer, public_id, "confirm", expected_version)
    found.confirmed_at, found.confirmed_by = now, viewer.name
    move(viewer, found, "confirm", ("confirmed_at", "confirmed_by"), now=now)
    notices.statement_told(viewer, found, found.manufacturer_id, "confirmed", now)
    return found


@transaction.atomic
def notify(
    *,
    viewer: Viewer,
    public_id: str,
    expected_version: int | None,
    title: str,
    tax_number: str,
    note: str = "",
    now: datetime,
) -> Statement:
    """开票通知: to whom the invoice is made out. Errors: NotFound, not_allowed, wrong_state, stale, ("title_missing"), ("tax_number_wrong")."""
    found = _locked(viewer, public_id, "notify", expected_version)
    number = tax_number.strip().upper()
    if not (15 <= len(number) <= 20 and number.isascii() and number.isalnum()):
        raise Refused("tax_number_wrong", field="tax_number")
    found.invoice_title = fits(said(title, field="title", code="title_missing"), 80, field="title")
    found.invoice_tax_number, found.invoice_note = number, fits(note, 200, field="note")
    move(viewer, found, "notify", ("invoice_title", "invoice_tax_number", "invoice_note"), now=now)
    notices.statement_told(viewer, found, found.dealer_id, "notified", now)
    return found


@transaction.atomic
def close(*, viewer: Viewer, public_id: str, expected_version: int | None, now: datetime) -> Statement:
    """关闭: the dealer has the money, or there is none to pay. Errors: NotFound, not_allowed, wrong_state, stale, ("statement_unpaid", 409)."""
    found = _locked(viewer, public_id, "close", expected_version)
    if not found.payable:
        settle_claims(viewer, found, now)
    return move(viewer, found, "close", (), now=now)


@transaction.atomic
def void(*, viewer: Viewer, public_id: str, expected_version: int | None, reason: str, now: datetime) -> Statement:
    """作废 before an invoice is there: claims and entries wait for a statement again, which may be of the same month.

    Errors: NotFound, not_allowed, wrong_state, stale, Refused("reason_missing", field="reason"), ("statement_followed", 409) when a later month
    stands on it, ("statement_carried", 409) when lines of it were carried on.
    """
    found = _locked(viewer, public_id, "void", expected_version)
    found.reason = fits(said(reason), 200, field="reason")
    tie = statements.lock_partnership_of(viewer, found)
    last = statements.of_partnership(viewer, tie).first()
    if last is not None and last.pk != found.pk:
        raise Refused("statement_followed", status=409, number=last.number)
    move(viewer, found, "void", ("reason",), now=now, text=found.reason)
    rows = StatementLine.objects.visible_to(viewer).filter(statement=found)
    keys = [
        row.claim_id for row in rows if row.claim_id and row.item == StatementItem.CLAIM and not row.carried_from_id
    ]
    entries = [row.entry_id for row in rows if row.entry_id and not row.carried_from_id]
    rows.update(standing=False)
    _step_claims(viewer, keys, "unstate", found, now)
    StatementEntry.objects.visible_to(viewer).filter(id__in=entries).update(
        state=EntryState.WAITING, version=F("version") + 1, updated_at=now
    )
    old_part_duties.give_back_charges(viewer, found.number)
    notices.statement_told(viewer, found, found.dealer_id, "void", now)
    return found


def settle_claims(viewer: Viewer, statement: Statement, now: datetime) -> None:
    """Its claims are paid."""
    _step_claims(viewer, _claim_keys(viewer, statement), "settle", statement, now)


def unsettle_claims(viewer: Viewer, statement: Statement, now: datetime) -> None:
    """Its claims are not paid after all."""
    _step_claims(viewer, _claim_keys(viewer, statement), "unsettle", statement, now)


def move(
    viewer: Viewer, statement: Statement, verb: str, columns: Sequence[str], *, now: datetime, text: str = ""
) -> Statement:
    """Take a step on the locked statement, save these columns and write the story."""
    transitions.step(STATEMENT, statement, verb)
    statement.due_on = due(statement.state, statement.month, local_date(now))
    statement.save(update_fields=[*STEPPED, *columns])
    write_event(viewer, statement, verb, now=now, text=text)
    return statement


def _locked(viewer: Viewer, public_id: str, verb: str, version: int | None) -> Statement:
    rights.require_ever(viewer, f"statement.{verb}")
    found = statements.lock(viewer, public_id, version=version)
    rights.require(viewer, f"statement.{verb}", found)
    return found


def _sum_up(viewer: Viewer, statement: Statement) -> None:
    add_up(statement, statements.lines(viewer, statement))


def _check_amount(row: StatementLine, amount: Decimal) -> None:
    exponent = amount.as_tuple().exponent
    most = row.claim.claimed if row.item == StatementItem.CLAIM and row.claim else abs(row.amount)
    other_sign = amount * row.amount < 0
    if not isinstance(exponent, int) or exponent < -2 or other_sign or abs(amount) > most:
        raise Refused("answer_amount_wrong", field="amount", most=f"{most:.2f}")


def _claim_keys(viewer: Viewer, statement: Statement) -> list[int]:
    rows = StatementLine.objects.visible_to(viewer).filter(statement=statement, item=StatementItem.CLAIM, standing=True)
    return [key for key in rows.values_list("claim_id", flat=True) if key]


def _step_claims(viewer: Viewer, keys: Sequence[int], verb: str, statement: Statement, now: datetime) -> None:
    rows = Claim.objects.visible_to(viewer).filter(id__in=keys)
    found = list(rows.select_for_update(of=("self",)).order_by("id"))
    step_all(viewer, found, verb, now=now, text=statement.number)
