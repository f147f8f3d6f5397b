from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Stamped
from core.money import CNY, ZERO
from core.tenancy import Tier
from partners.models import Shared
from settlement.enums import (
    INVOICE_STANDS,
    STATEMENT_ENDED,
    EntryState,
    InvoiceState,
    PayWay,
    StatementItem,
    StatementState,
)
from settlement.models.claim import Claim
from settlement.models.old_part import OldPart
from tickets.models.ticket import SHARING_ONLY, maker_side

SHARING = ("office_id", "shared_with_maker")
#: what a step writes on a statement
STEPPED = ("state", "version", "updated_at", "due_on", "reason")
#: what a line taken off or put back changes
SUMS = ("lines_sum", "payable", "net", "tax", "carried_forward")


def _money(**more: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(max_digits=14, decimal_places=2, **more)


class Statement(Shared, Stamped):
    """What a manufacturer owes a dealer for a month (对账单, domain.md 11); made by the month close, shared from birth.

    month: its first day. lines_sum: of the lines that stand; payable = net + tax, never below zero; brought_forward, carried_forward: at most
    zero, what could not be deducted. tax_rate: a fraction. due_on: last day of what it waits for. invoice_*: what the invoice is made out to.
    reason: why it was made void, or its last invoice was rejected. Once confirmed, sums and lines stand (trigger, settlement/sql/statements.sql).
    """

    writable_columns: ClassVar[dict[Tier, tuple[str, ...]]] = {
        Tier.DEALER: (*SHARING, *STEPPED, *SUMS, "confirmed_at", "confirmed_by"),
        Tier.OFFICE: (),
        Tier.HQ: (*SHARING, *STEPPED, *SUMS, "tax_rate", "paid", "invoice_title", "invoice_tax_number", "invoice_note"),
    }
    insertable_by = (Tier.HQ,)

    number = models.CharField(max_length=40)
    month = models.DateField()
    state = models.CharField(max_length=10, choices=StatementState, default=StatementState.CHECKING)
    currency = models.CharField(max_length=3, default=CNY, editable=False)
    lines_sum = _money(default=ZERO)
    brought_forward = _money(default=ZERO)
    carried_forward = _money(default=ZERO)
    payable = _money(default=ZERO)
    net = _money(default=ZERO)
    tax = _money(default=ZERO)
    tax_rate = models.DecimalField(max_digits=4, decimal_places=3)
    paid = _money(default=ZERO)
    made_at = models.DateTimeField()
    due_on = models.DateField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=60, blank=True)
    invoice_title = models.CharField(_("invoice title"), max_length=80, blank=True)
    invoice_tax_number = models.CharField(_("tax number"), max_length=20, blank=True)
    invoice_note = models.CharField(_("note for the invoice"), max_length=200, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dealer", "manufacturer", "month"],
                condition=~Q(state=StatementState.VOID),
                name="one_statement_a_month",
            ),
            models.UniqueConstraint(fields=["dealer", "number"], name="statement_number_unique"),
            models.CheckConstraint(
                condition=Q(
                    payable=F("net") + F("tax"), payable__gte=0, carried_forward__lte=0, brought_forward__lte=0
                ),
                name="statement_parts_fit",
            ),
            models.CheckConstraint(condition=Q(paid__gte=0, paid__lte=F("payable")), name="statement_paid_within"),
            models.CheckConstraint(condition=Q(tax_rate__gte=0, tax_rate__lt=1), name="statement_tax_rate"),
        ]
        indexes = [
            models.Index(fields=["dealer", "-month", "-id"], name="statement_dealer"),
            models.Index(
                fields=["dealer", "due_on", "id"], name="statement_dealer_open", condition=~Q(state__in=STATEMENT_ENDED)
            ),
            *maker_side("statement", "-month"),
        ]

    def __str__(self) -> str:
        return self.number


class StatementEntry(Shared, Stamped):
    """A line that the manufacturer enters by hand for the next statement, with reason and paper (domain.md 11).

    item: one of ENTERED; amount: with tax, a deduction is negative. month: the first statement on which it may stand. paper: its file.
    """

    writable_columns: ClassVar[dict[Tier, tuple[str, ...]]] = {
        Tier.DEALER: SHARING, Tier.OFFICE: (), Tier.HQ: (*SHARING, "state", "version", "updated_at"),
    }  # fmt: skip
    insertable_by = (Tier.HQ,)

    item = models.CharField(max_length=12, choices=StatementItem)
    amount = _money()
    month = models.DateField()
    reason = models.CharField(_("reason"), max_length=200)
    paper = models.FileField(max_length=120, blank=True)
    paper_name = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=EntryState, default=EntryState.WAITING)
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=60)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="entry_amount_not_zero")]
        indexes = [
            models.Index(fields=["dealer", "-entered_at", "-id"], name="entry_dealer"),
            *maker_side("entry", "-entered_at"),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.amount}"


class StatementLine(Shared):
    """A line of a statement. amount: with tax, deductions below zero; material: the part of it that is paid for parts.

    standing: it counts. A line that the dealer objects to stops counting until the manufacturer answers (有异议): answered while the statement is
    being checked it stands again, later it goes on the next one, whose line names this one (`carried_from`).
    claim, entry, old_part: what it is for; each stands on one statement only, once for each item.
    """

    writable_columns: ClassVar[dict[Tier, tuple[str, ...]]] = {
        Tier.DEALER: (*SHARING, "standing", "objection", "objected_at", "objected_by"),
        Tier.OFFICE: (),
        Tier.HQ: (*SHARING, "standing", "amount", "answered_amount", "answer", "answered_at", "answered_by"),
    }
    insertable_by = (Tier.HQ,)

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="+")
    sequence = models.PositiveIntegerField()
    item = models.CharField(max_length=12, choices=StatementItem)
    label = models.CharField(max_length=120)
    amount = _money()
    material = _money(default=ZERO)
    standing = models.BooleanField(default=True)
    claim = models.ForeignKey(Claim, models.PROTECT, null=True, related_name="+")
    entry = models.ForeignKey(StatementEntry, models.PROTECT, null=True, related_name="+")
    old_part = models.ForeignKey(OldPart, models.PROTECT, null=True, related_name="+")
    carried_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    objection = models.CharField(max_length=200, blank=True)
    objected_at = models.DateTimeField(null=True)
    objected_by = models.CharField(max_length=60, blank=True)
    answered_amount = _money(null=True)
    answer = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["sequence"]
        constraints = [
            models.UniqueConstraint(fields=["dealer", "statement", "sequence"], name="statement_line_place"),
            models.UniqueConstraint(
                fields=["dealer", "claim", "item"],
                condition=Q(standing=True, claim__isnull=False, old_part=None),
                name="claim_on_one_statement",
            ),
            models.UniqueConstraint(
                fields=["dealer", "entry"],
                condition=Q(standing=True, entry__isnull=False),
                name="entry_on_one_statement",
            ),
            models.UniqueConstraint(
                fields=["dealer", "old_part", "item"],
                condition=Q(standing=True, old_part__isnull=False),
                name="old_part_on_one_statement",
            ),
            models.UniqueConstraint(
                fields=["dealer", "carried_from"],
                condition=Q(carried_from__isnull=False),
                name="line_carried_once",
            ),
        ]
        indexes = [models.Index(fields=["statement", "sequence"], name="statement_line_of")]


class Invoice(Shared, Stamped):
    """The dealer's invoice for a statement: number and amount as typed, its file unread but for a sample-shaped XML (domain.md 11)."""

    writable_columns: ClassVar[dict[Tier, tuple[str, ...]]] = {
        Tier.DEALER: (*SHARING, "state", "version", "updated_at", "red_number"),
        Tier.OFFICE: (),
        Tier.HQ: (*SHARING, "state", "version", "updated_at", "reason", "red_number", "judged_at", "judged_by"),
    }
    insertable_by = (Tier.DEALER,)

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="+")
    number = models.CharField(_("invoice number"), max_length=20)
    amount = _money()
    issued_on = models.DateField()
    state = models.CharField(max_length=10, choices=InvoiceState, default=InvoiceState.HANDED_IN)
    paper = models.FileField(max_length=120, blank=True)
    paper_name = models.CharField(max_length=120, blank=True)
    handed_in_at = models.DateTimeField()
    handed_in_by = models.CharField(max_length=60)
    judged_at = models.DateTimeField(null=True)
    judged_by = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    red_number = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dealer", "number"],
                condition=~Q(state=InvoiceState.REJECTED),
                name="invoice_once",
                violation_error_message=_("This invoice was handed in already."),
            ),
            models.UniqueConstraint(
                fields=["dealer", "statement"], condition=Q(state__in=INVOICE_STANDS), name="one_invoice_a_statement"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="invoice_amount_positive"),
        ]
        indexes = [models.Index(fields=["statement", "-id"], name="invoice_statement")]

    def __str__(self) -> str:
        return self.number


class Payment(Shared):
    """Money paid on a statement, whole or in part; append-only, a mistake is taken back with its reason and stays readable."""

    writable_columns: ClassVar[dict[Tier, tuple[str, ...]]] = {
        Tier.DEALER: SHARING, Tier.OFFICE: (), Tier.HQ: (*SHARING, "undone_at", "undone_by", "undone_reason"),
    }  # fmt: skip
    insertable_by = (Tier.HQ,)

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="+")
    sequence = models.PositiveSmallIntegerField()
    amount = _money()
    way = models.CharField(max_length=6, choices=PayWay)
    paid_on = models.DateField()
    reference = models.CharField(max_length=60, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=60)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=60, blank=True)
    undone_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_amount_positive"),
            models.UniqueConstraint(fields=["dealer", "statement", "sequence"], name="payment_place"),
        ]
        indexes = [models.Index(fields=["statement", "sequence"], name="payment_statement")]


class StatementEvent(Shared):
    """A line of a statement's story. Append-only."""

    writable_columns = SHARING_ONLY
    insertable_by = (Tier.DEALER, Tier.HQ)

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="+")
    verb = models.CharField(max_length=20)
    text = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    author_id = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=60, blank=True)
    author_organisation = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [models.Index(fields=["statement", "-id"], name="statement_event_of")]
