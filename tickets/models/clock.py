from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.models import Stamped
from core.tenancy import Tier
from partners.models import DealerPrivate, Shared
from tickets.enums import CityTier, ClockBucket, ClockEnd, ClockKind, ClockState, LateReason, PauseReason
from tickets.models.ticket import SHARING_ONLY, Ticket


class Promise(Shared):
    """One version of what a dealer promises the customers of a manufacturer's machines (服务承诺). Never changed: a new one follows.

    valid_from: it holds for rounds whose t0 lies there or later, until the next version. *_windows: [["08:30", "17:30"]], None = 7×24.
    """

    writable_columns = SHARING_ONLY
    insertable_by = (Tier.DEALER,)

    valid_from = models.DateTimeField()
    response_minutes = models.PositiveIntegerField(default=60)
    arrival_capital_minutes = models.PositiveIntegerField(default=240)
    arrival_other_minutes = models.PositiveIntegerField(default=720)
    solve_minutes = models.PositiveIntegerField(null=True, blank=True)
    response_windows = models.JSONField(null=True, blank=True)
    arrival_windows = models.JSONField(null=True, blank=True)
    solve_windows = models.JSONField(null=True, blank=True)
    municipalities = models.BooleanField(default=True)
    whole_prefecture = models.BooleanField(default=True)
    note = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealer", "manufacturer", "valid_from"], name="promise_version_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.dealer_id} × {self.manufacturer_id} {self.valid_from:%Y-%m-%d}"


class DistrictTier(DealerPrivate):
    """A district that the dealer counts otherwise than its city: a county far from the capital (domain.md 5.2)."""

    deletable_by = (Tier.DEALER,)

    city = models.CharField(max_length=30)
    district = models.CharField(max_length=30)
    tier = models.CharField(max_length=8, choices=CityTier)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealer", "city", "district"], name="district_tier_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.city}{self.district} {self.tier}"


#: what the rates are made of
RATES = ("kind", "state", "bucket", "city_tier", "used_minutes", "met_at", "due_at", "late_reason")


class Clock(Shared, Stamped):
    """One promise of one round of a ticket (计时): from t0 until it was met.

    A row carries what was promised when it began, so that a later version, or another list of holidays, rewrites nothing that was met.
    due_at: None while a pause is open. ring_at: when the next warning is due; rung: the highest threshold that has rung, in percent.
    turn: counted up when another due time takes the place of the promised one (appointment, exchanged promise): it warns anew.
    appointment_*: of an arrival, what the customer asked for instead. ended: why it stopped without being met.
    counts: it counts in the rates (queries/rates.py), which a clock does not that ended without being met, or whose ticket was cancelled or
    merged. city_tier: of the site, as it was then. late_*: 迟到原因 of an arrival, which somebody of the dealer gives (domain.md 5.4).
    """

    insertable_by = (Tier.DEALER,)
    writable_columns: ClassVar[dict[Tier, tuple[str, ...]]] = {Tier.HQ: ()}

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    round = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=8, choices=ClockKind)
    state = models.CharField(max_length=8, choices=ClockState, default=ClockState.RUNNING)
    bucket = models.CharField(max_length=12, choices=ClockBucket, default=ClockBucket.NONE, blank=True)
    started_at = models.DateTimeField()
    allow_minutes = models.PositiveIntegerField()
    windows = models.JSONField(null=True, blank=True)
    promise = models.ForeignKey(Promise, models.PROTECT, null=True, blank=True, related_name="+")
    appointment_at = models.DateTimeField(null=True, blank=True)
    appointment_made_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    ring_at = models.DateTimeField(null=True, blank=True)
    rung = models.PositiveSmallIntegerField(default=0)
    turn = models.PositiveSmallIntegerField(default=1, db_default=1)
    met_at = models.DateTimeField(null=True, blank=True)
    used_minutes = models.PositiveIntegerField(null=True, blank=True)
    ended = models.CharField(max_length=12, choices=ClockEnd, default=ClockEnd.NONE, blank=True)
    late_reason = models.CharField(max_length=200, choices=LateReason, blank=True)
    late_note = models.CharField(max_length=200, blank=True, default="", db_default="")
    city_tier = models.CharField(max_length=8, choices=CityTier, blank=True, default="", db_default="")
    counts = models.BooleanField(default=True, db_default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealer", "ticket", "round", "kind"], name="clock_once_a_round"),
        ]
        indexes = [
            models.Index(fields=["ticket"], name="clock_ticket"),
            # what the tick looks for, over all dealers (tickets/sql/clocks_due.sql), and one dealer's
            models.Index(fields=["ring_at", "dealer"], name="clock_ring", condition=Q(ring_at__isnull=False)),
            models.Index(fields=["dealer", "ring_at"], name="clock_dealer_ring", condition=Q(ring_at__isnull=False)),
            # the rates of some months, from the index alone: all that queries/rates.py and the policies ask for
            models.Index(
                fields=["dealer", "started_at"],
                name="clock_dealer_rates",
                condition=Q(counts=True),
                include=["manufacturer", *RATES],
            ),
            *(
                models.Index(
                    fields=[side, "started_at"],
                    name=f"clock_{short}_rates",
                    condition=Q(counts=True, shared_with_maker=True),
                    include=["dealer", *RATES],
                )
                for side, short in (("office", "office"), ("manufacturer", "maker"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class ClockPause(Shared):
    """A stretch that does not count (暂停): of arrival and solution, or of the solution alone. Never of the response.

    reversed_*: the office took it back; then it counts again.
    """

    insertable_by = (Tier.DEALER,)
    writable_columns: ClassVar[dict[Tier, tuple[str, ...]]] = {
        Tier.OFFICE: ("reversed_at", "reversed_by", "reversed_reason"),
        Tier.HQ: (),
    }

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    round = models.PositiveSmallIntegerField(default=1)
    reason = models.CharField(max_length=16, choices=PauseReason)
    note = models.CharField(max_length=200, blank=True)
    solve_only = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    by = models.CharField(max_length=60, blank=True)
    reversed_at = models.DateTimeField(null=True, blank=True)
    reversed_by = models.CharField(max_length=60, blank=True)
    reversed_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["ticket"], name="clock_pause_ticket"),
            models.Index(fields=["dealer", "started_at"], name="clock_pause_open", condition=Q(ended_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=models.F("started_at")), name="clock_pause_order"
            )
        ]

    def __str__(self) -> str:
        return self.reason


class ClockRing(Shared):
    """A warning that has left: once for each clock, turn and threshold, whatever process died meanwhile (reliability.md 5)."""

    writable_columns = SHARING_ONLY
    insertable_by = (Tier.DEALER,)

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="+")
    turn = models.PositiveSmallIntegerField(default=1, db_default=1)
    threshold = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    rung_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dealer", "clock", "turn", "threshold"], name="clock_ring_once")]

    def __str__(self) -> str:
        return f"{self.threshold} %"
