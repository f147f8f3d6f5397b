"""The month's close (domain.md 11): per dealer one statement of all that was approved until the month's last day, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core import jobs, rights
from core.calendars import CHINA, local_date
from core.errors import Refused
from core.models import Job
from core.money import ZERO
from core.tenancy import Viewer
from partners.models import Partnership
from settlement import notices
from settlement.calculations.statement import StatementLine as Amount
from settlement.calculations.statement import statement as summed
from settlement.calculations.statement_limits import due, following
from settlement.enums import EntryState, OldPartCost, StatementItem, StatementState
from settlement.models import Claim, Statement, StatementEntry, StatementEvent, StatementLine
from settlement.operations import old_part_duties as old_parts
from settlement.operations.claims import step_all
from settlement.queries import old_part_duties, statements
from tickets.operations.steps import authored, columns_of

CLOSE = "settlement.close_month"
#: what the state allows: 13, 6, 3, 1 per cent (domain.md 11)
RATES = tuple(Decimal(rate) for rate in ("0.13", "0.06", "0.03", "0.01"))


def ask_close(*, viewer: Viewer, month: date, tax_rate: Decimal, now: datetime) -> Job:
    """Let a worker make the statements of a month for every dealer; a dealer that has one already is left alone.

    month: any day of it. tax_rate: for dealers without an earlier statement. Errors: not_allowed, Refused("month_not_over", field="month"),
    ("tax_rate_wrong", field="tax_rate").
    """
    rights.require(viewer, "statement.make")
    first = month.replace(day=1)
    if following(first) > local_date(now):
        raise Refused("month_not_over", field="month")
    if tax_rate not in RATES:
        raise Refused("tax_rate_wrong", field="tax_rate")
    title = _("Statements of %(month)s") % {"month": f"{first:%Y-%m}"}
    return jobs.enqueue(
        CLOSE, viewer=viewer, now=now, title=title, month=first.isoformat(), tax_rate=f"{tax_rate:f}"
    )  # fmt: skip


@transaction.atomic
def close_partner(
    *, viewer: Viewer, partnership: int, month: date, tax_rate: Decimal, now: datetime
) -> Statement | None:
    """The statement of one dealer for a month; None when it has one, a later one, or nothing to settle.

    month: its first day. tax_rate: where the dealer had no statement before. Lines: claims by the day of their decision, what was entered
    by hand, what was objected to and answered since, what old parts hold back or cost; what the last statement could not deduct is
    brought forward.
    """
    rights.require(viewer, "statement.make")
    tie = statements.lock_partnership(viewer, partnership)
    last = statements.of_partnership(viewer, tie).first()
    if last is not None and last.month >= month:
        return None
    until, cut_off = datetime.combine(following(month), time(), CHINA), following(month) - timedelta(days=1)
    claims = statements.agreed_claims(viewer, tie, until)
    entries = statements.waiting_entries(viewer, tie, month)
    answered = statements.answered_lines(viewer, tie)
    made = Statement(
        dealer_id=tie.dealer_id, manufacturer_id=tie.manufacturer_id, office_id=tie.office_id, shared_with_maker=True, month=month,
        tax_rate=last.tax_rate if last else tax_rate, brought_forward=last.carried_forward if last else ZERO, made_at=now,
        due_on=due(StatementState.CHECKING, month, local_date(now)),
    )  # fmt: skip
    made.number = _number(viewer, tie, month)
    old_parts_cost = list(
        _of_old_parts(viewer, tie, cut_off, made.number)
    )  # first: what is deducted holds nothing back any more
    lines = [
        *_of_claims(viewer, tie, claims, cut_off),
        *old_parts_cost,
        *_of_entries(entries),
        *_carried(answered),
    ]
    if not lines:
        return None
    add_up(made, lines)
    made.save(force_insert=True)
    for place, line in enumerate(lines, start=1):
        line.statement, line.sequence = made, place
        for column, value in columns_of(made).items():
            setattr(line, column, value)
    StatementLine.objects.bulk_create(lines, batch_size=1000)
    step_all(viewer, claims, "state", now=now, text=made.number)
    StatementEntry.objects.visible_to(viewer).filter(id__in=[entry.pk for entry in entries]).update(
        state=EntryState.TAKEN, version=F("version") + 1, updated_at=now
    )
    write_event(viewer, made, "make", now=now)
    notices.statement_told(viewer, made, made.dealer_id, "made", now)
    return made


def add_up(statement: Statement, lines: Sequence[StatementLine]) -> None:
    """Write the sums of the lines that stand on the statement. Errors: Wrong when they reach 10^12 yuan."""
    amounts = [Amount(line.item, line.amount) for line in lines if line.standing]
    found = summed(amounts, statement.tax_rate, statement.brought_forward)
    statement.lines_sum = sum((one.amount for one in amounts), ZERO)
    statement.payable, statement.net, statement.tax = found.payable, found.net, found.tax
    statement.carried_forward = found.carried_forward


def write_event(viewer: Viewer, statement: Statement, verb: str, *, now: datetime, text: str = "") -> None:
    """A line of the statement's story."""
    StatementEvent.objects.bulk_create(
        [
            StatementEvent(
                statement=statement, verb=verb, text=text[:300], **authored(viewer, now), **columns_of(statement)
            )
        ]
    )


def _number(viewer: Viewer, tie: Partnership, month: date) -> str:
    """DZ-<manufacturer>-<dealer>-<month>, made anew with -2."""
    again = statements.numbered(viewer, tie, month) + 1
    number = f"DZ-{tie.manufacturer.code}-{tie.dealer.code}-{month:%Y%m}"
    return number if again == 1 else f"{number}-{again}"


def _of_claims(viewer: Viewer, tie: Partnership, claims: Sequence[Claim], cut_off: date) -> Iterator[StatementLine]:
    """A line for each claim; where its old part is overdue labour and parts are held (暂扣), and paid when it no longer is."""
    held = set(old_part_duties.holds(viewer, tie.dealer_id, tie.manufacturer_id, cut_off))
    shares = statements.shares(viewer, claims)
    for claim in claims:
        share = shares[claim.pk]
        yield StatementLine(
            item=StatementItem.CLAIM, label=_label(claim), amount=claim.approved or ZERO, material=share.material, claim=claim
        )  # fmt: skip
        if claim.pk in held and share.material + share.labour:
            amount = -(share.material + share.labour)
            yield StatementLine(item=StatementItem.HOLD, label=_label(claim), amount=amount, claim=claim)
    for line in statements.open_holds(viewer, tie):
        if line.claim and line.claim_id not in held:
            yield StatementLine(
                item=StatementItem.RELEASE, label=_label(line.claim), amount=-line.amount, claim=line.claim
            )


def _label(claim: Claim) -> str:
    return f"{claim.slip.number} {claim.customer_name}"[:120]


def _of_old_parts(viewer: Viewer, tie: Partnership, cut_off: date, number: str) -> Iterator[StatementLine]:
    """What old parts cost that stayed away for more than 60 days, or that the appraisal found to be others (domain.md 10)."""
    for charge in old_parts.take_charges(
        viewer=viewer, dealer_id=tie.dealer_id, manufacturer_id=tie.manufacturer_id, day=cut_off, statement=number
    ):
        item = StatementItem.OLD_PART if charge.kind == OldPartCost.DEDUCTION else StatementItem.REVERSAL
        part = charge.part
        label = f"{part.number} {part.code} {part.name} · {part.slip_number}"
        yield StatementLine(item=item, label=label[:120], amount=-charge.amount, old_part=part)


def _of_entries(entries: Sequence[StatementEntry]) -> Iterator[StatementLine]:
    for entry in entries:
        yield StatementLine(item=entry.item, label=entry.reason[:120], amount=entry.amount, entry=entry)


def _carried(answered: Sequence[StatementLine]) -> Iterator[StatementLine]:
    for line in answered:
        amount = line.amount if line.answered_amount is None else line.answered_amount
        yield StatementLine(
            item=line.item, label=line.label, amount=amount, material=min(line.material, max(amount, ZERO)), claim=line.claim,
            entry_id=line.entry_id, old_part_id=line.old_part_id, carried_from=line,
        )  # fmt: skip


def run_close(run: jobs.Run) -> None:
    """The job: dealer by dealer, a transaction each; a stopped one goes on with those that have no statement yet."""
    month, rate = date.fromisoformat(run.payload["month"]), Decimal(run.payload["tax_rate"])
    with run.step():
        ties = [(tie.pk, tie.dealer.name) for tie in statements.to_close(run.viewer)]
    for done, (key, name) in enumerate(ties):
        run.progress(done, len(ties), name)
        with run.step():
            close_partner(viewer=run.viewer, partnership=key, month=month, tax_rate=rate, now=timezone.now())
    run.progress(len(ties), len(ties))
    run.result(url=f"/statements/?state=all&month={month:%Y-%m}")
