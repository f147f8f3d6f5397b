"""The duty roster (值班表, domain.md 14). All of it is the dealer's own; what others may know goes through sql/duty.sql."""

from __future__ import annotations

from datetime import time, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Stamped
from core.models.base import public_id
from core.tenancy import Tier
from partners.models import DealerPrivate, Person
from resources.enums import ChangeVerb, ReminderKind, ShiftKind, SwapState

#: a shift is at most this long; whoever is on duty for a weekend has two
LONGEST = timedelta(hours=24)


class DutySettings(DealerPrivate, Stamped):
    """How a dealer plans duty: the hours of each kind of shift on the clock, and who else may know who is on duty.

    An end that is not later than its start lies on the next day. shows_makers: offices and headquarters of confirmed partners read who is
    on duty now. shows_public: so does everybody with a sticker, the dealer's code or a link (default: only the 24-hour number).
    """

    day_from = models.TimeField(default=time(8))
    day_to = models.TimeField(default=time(20))
    night_from = models.TimeField(default=time(20))
    night_to = models.TimeField(default=time(8))
    whole_from = models.TimeField(default=time(8))
    whole_to = models.TimeField(default=time(8))
    shows_public = models.BooleanField(default=False)
    shows_makers = models.BooleanField(default=True)
    changed_by = models.CharField(max_length=60, blank=True, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dealer"], name="duty_settings_once")]

    def hours_of(self, kind: str) -> tuple[time, time]:
        """From and until on the clock. Errors: KeyError for a shift with hours of its own."""
        return {
            ShiftKind.DAY: (self.day_from, self.day_to),
            ShiftKind.NIGHT: (self.night_from, self.night_to),
            ShiftKind.WHOLE: (self.whole_from, self.whole_to),
        }[ShiftKind(kind)]


class DutyShift(DealerPrivate, Stamped):
    """One person on main duty (主值) from when until when.

    day: the Chinese day on which it begins. person: who answers; deputy (副值): who stands behind him; leader (带班): who decides, may be one
    of the two. phone: where he is reached, empty = his own number. note: what he hands over. removed_at: taken off the roster, can be undone.

    Shifts of a dealer never overlap: at every minute one person is on main duty, and a handover is a note, no second shift. The exclusion
    constraint `duty_shift_no_overlap` (migration 0001) has the last word; with it nobody can be on duty twice at the same time.
    """

    day = models.DateField()
    kind = models.CharField(max_length=6, choices=ShiftKind)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    deputy = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    leader = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    phone = models.CharField(max_length=30, blank=True)
    note = models.TextField(blank=True, max_length=500)
    changed_by = models.CharField(max_length=60, blank=True, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")) & Q(ends_at__lte=F("starts_at") + LONGEST),
                name="duty_shift_within_a_day",
                violation_error_message=_("A shift lasts at most 24 hours."),
            ),
            models.CheckConstraint(
                condition=Q(deputy=None) | ~Q(deputy=F("person")),
                name="duty_shift_two_people",
                violation_error_message=_("The same person cannot be main and deputy at once."),
            ),
        ]
        indexes = [
            # shifts never overlap, so the order of ends is the order of starts
            models.Index(fields=["dealer", "ends_at"], name="duty_shift_ends", condition=Q(removed_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"

    @property
    def number(self) -> str:
        """Where who is on duty is reached; needs its person."""
        return self.phone or self.person.phone


class DutySwap(DealerPrivate, Stamped):
    """Somebody asks a colleague to take his place on a shift, or to exchange it for one of the colleague's (domain.md 14).

    shift: whose place is given away; other: the colleague's shift in exchange, None = none. asked_by, asked_to: the two. asked_at.
    expires_at: the beginning of the earlier shift; from then on nothing can be agreed. answered_by, answered_at: who ended it, how:
    `state`. reason: why the desk decided.
    """

    shift = models.ForeignKey(DutyShift, models.PROTECT, related_name="+")
    other = models.ForeignKey(DutyShift, models.PROTECT, null=True, blank=True, related_name="+")
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_to = models.ForeignKey(Person, models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=SwapState, default=SwapState.ASKED)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dealer", "shift"],
                condition=Q(state=SwapState.ASKED),
                name="duty_swap_one_open",
                violation_error_message=_("Somebody was asked about this shift already; wait for the answer."),
            ),
            models.CheckConstraint(condition=~Q(asked_to=F("asked_by")), name="duty_swap_two_people"),
        ]
        indexes = [models.Index(fields=["dealer", "-asked_at", "-id"], name="duty_swap_recent")]

    def __str__(self) -> str:
        return f"{self.shift_id} {self.state}"


class DutyChange(DealerPrivate):
    """One line of the roster's log: who did what when. Written once; only `undone_at` is set later.

    lines: [{"shift": id, "version": its version afterwards, "before": facts or null, "after": facts or null}]; facts are the columns of
    `operations.changes.FACTS` with the names of the people as they were. reason: of the desk's decision, or the note of a swap.
    """

    writable_columns = {Tier.DEALER: ("undone_at",)}

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    verb = models.CharField(max_length=12, choices=ChangeVerb)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=60)
    reason = models.CharField(max_length=200, blank=True)
    lines = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["dealer", "-at", "-id"], name="duty_change_recent")]

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%Y-%m-%d %H:%M}"


class DutyReminder(DealerPrivate):
    """That somebody was reminded: a job that runs twice reminds once. day: of a gap the day of the reminder, of a holiday its first day."""

    kind = models.CharField(max_length=8, choices=ReminderKind)
    day = models.DateField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dealer", "kind", "day"], name="duty_reminder_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"
