from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Stamped
from core.money import CNY, ZERO
from core.tenancy import Tier
from partners.models import Shared
from settlement.enums import CLAIM_OPEN, ClaimState, CutReason, FeeItem, ReviewLevel
from settlement.models.card import RateCard
from tickets.models import Slip
from tickets.models.ticket import EMPTY_LIST, SHARING_ONLY, maker_side

#: what a review writes on a claim
REVIEWED = (
    "state", "version", "updated_at", "turn", "approved", "due_on", "first_by_id", "decided_by_id", "decided_at", "reason",
)  # fmt: skip
#: what the automatic checks write on a claim
CHECKED = ("checked_at", "flags")


def _money(label: Any = None, **more: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(label, max_digits=14, decimal_places=2, **more)


class Claim(Shared, Stamped):
    """What a dealer asks for one signed slip (结算申请, domain.md 9.2 to 9.4): its facts, priced by the card of the day of completion.

    A draft is the dealer's alone; submitted it is shared, and its facts and lines stand (trigger, settlement/sql/claims.sql).
    turn: one more each time it is sent back; lines and decisions of earlier turns stay as they were. operations: work as
    {"code", "name", "hours"}. one_way_km: of one trip; left_at, back_at: from and to the dealer's place. claimed, approved: sums of lines, yuan
    with tax; approved is None before a decision. due_on: last day of what it waits for. reason: why it was sent back, refused, appealed.
    checked_at: when the automatic checks ran on what is submitted now, None = not yet; flags: how many findings they left (models/check.py).
    is_repeat: the dealer says that the same fault came back (重复修理, domain.md 9.3 B06); the note says why.
    """

    writable_columns: ClassVar[dict[Tier, tuple[str, ...]]] = {Tier.OFFICE: REVIEWED, Tier.HQ: (*REVIEWED, *CHECKED)}
    insertable_by = (Tier.DEALER,)

    slip = models.ForeignKey(Slip, models.PROTECT, related_name="+")
    card = models.ForeignKey(RateCard, models.PROTECT, related_name="+")
    number = models.CharField(max_length=30, blank=True)
    state = models.CharField(max_length=10, choices=ClaimState, default=ClaimState.DRAFT)
    turn = models.PositiveSmallIntegerField(default=1)
    currency = models.CharField(max_length=3, default=CNY, editable=False)

    customer_name = models.CharField(max_length=60)
    city = models.CharField(max_length=30, blank=True)
    district = models.CharField(max_length=30, blank=True)
    model = models.CharField(max_length=60, blank=True)
    serial_number = models.CharField(max_length=40, blank=True)
    finished_on = models.DateField()

    operations = models.JSONField(default=list, db_default=EMPTY_LIST, blank=True)
    one_way_km = models.DecimalField(_("distance one way"), max_digits=7, decimal_places=1)
    trips = models.PositiveSmallIntegerField(_("trips"), default=1)
    people = models.PositiveSmallIntegerField(_("people on site"), default=1)
    left_at = models.DateTimeField(_("left the dealer's place"))
    back_at = models.DateTimeField(_("back at the dealer's place"))
    lodging_invoice = _money(_("lodging by invoice"), default=ZERO)
    consumables = _money(_("consumables"), default=ZERO)
    old_part_freight = _money(_("freight of old parts"), default=ZERO)
    other = _money(_("other cost"), default=ZERO)
    note = models.CharField(_("note"), max_length=300, blank=True)

    is_repeat = models.BooleanField(_("repeat repair"), default=False, db_default=False)

    claimed = _money(default=ZERO)
    approved = _money(null=True, blank=True)
    begun_at = models.DateTimeField()
    due_on = models.DateField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by_id = models.BigIntegerField(null=True, blank=True)
    first_by_id = models.BigIntegerField(null=True, blank=True)
    decided_by_id = models.BigIntegerField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    appealed_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    flags = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dealer", "slip"],
                condition=~Q(state=ClaimState.VOID),
                name="one_claim_per_slip",
                violation_error_message=_("There is a claim for this slip already."),
            ),
            models.UniqueConstraint(fields=["dealer", "number"], condition=~Q(number=""), name="claim_number_unique"),
            models.CheckConstraint(
                condition=Q(approved=None) | Q(approved__gte=0, approved__lte=F("claimed")),
                name="claim_approved_within",
            ),
            models.CheckConstraint(condition=Q(back_at__gt=F("left_at")), name="claim_back_after_leaving"),
        ]
        indexes = [
            models.Index(fields=["dealer", "due_on", "id"], name="claim_dealer", condition=Q(state__in=CLAIM_OPEN)),
            models.Index(fields=["dealer", "-begun_at", "-id"], name="claim_dealer_begun"),
            models.Index(fields=["slip"], name="claim_slip"),
            *maker_side("claim", "due_on", condition=Q(state__in=CLAIM_OPEN)),
            *maker_side("claim", "-begun_at", name="begun"),
        ]

    def __str__(self) -> str:
        return self.number or f"draft {self.pk}"


class ClaimLine(Shared):
    """One line of a turn of a claim: what is asked for. label: which work or part. What is approved of it, its decisions say."""

    writable_columns = SHARING_ONLY
    insertable_by = (Tier.DEALER, Tier.OFFICE, Tier.HQ)  # who sends a claim back copies its lines into the next turn
    deletable_by = (Tier.DEALER,)

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="+")
    turn = models.PositiveSmallIntegerField()
    sequence = models.PositiveSmallIntegerField()
    item = models.CharField(max_length=20, choices=FeeItem)
    label = models.CharField(max_length=120, blank=True)
    claimed = _money()

    class Meta:
        ordering = ["turn", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["dealer", "claim", "turn", "sequence"], name="claim_line_once"),
            models.CheckConstraint(condition=Q(claimed__gt=0), name="claim_line_positive"),
        ]


class ClaimDecision(Shared):
    """A reviewer's word on one line: approved, and where that is less, why (domain.md 9.4). Append-only; the last word counts."""

    writable_columns = SHARING_ONLY
    insertable_by = (Tier.OFFICE, Tier.HQ)

    line = models.ForeignKey(ClaimLine, models.PROTECT, related_name="+")
    level = models.CharField(max_length=6, choices=ReviewLevel)
    approved = _money()
    reason = models.CharField(max_length=20, choices=CutReason, blank=True)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    author_id = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=60, blank=True)
    author_organisation = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealer", "line", "level"], name="claim_decision_once"),
            models.CheckConstraint(condition=Q(approved__gte=0), name="claim_decision_not_negative"),
        ]


class ClaimEvent(Shared):
    """A line of a claim's story: a step, its reason, who and when. Append-only."""

    writable_columns = SHARING_ONLY

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="+")
    verb = models.CharField(max_length=20)
    text = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    author_id = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=60, blank=True)
    author_organisation = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [models.Index(fields=["claim", "-id"], name="claim_event_claim")]
