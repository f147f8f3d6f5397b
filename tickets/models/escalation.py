from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Stamped
from core.tenancy import Tier
from partners.enums import Department
from partners.models import MakerPublished, Shared
from tickets.enums import ESCALATION_OPEN, EscalationReason, EscalationState, MachineFamily, WantedSupport
from tickets.models.ticket import SHARING_ONLY, Ticket, maker_side


class Escalation(Shared, Stamped):
    """The dealer asks office or HQ for help on a ticket (技术支持/升级, domain.md 7); the ticket stays his, its state untouched.

    readings: code of `tickets.calculations.readings` -> what was measured. photo_ids: of the ticket's photos. down_hours: 已停机时长.
    urgent: production stands still or somebody is in danger. named_*: whom the last forward names; department: his, at HQ.
    due_at: the instant that counts now, acceptance while it waits, then the answer; begun_at for a draft; kept when it has ended.
    A draft is the dealer's alone.
    """

    deletable_by = (Tier.DEALER,)  # a draft that is thrown away

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    number = models.CharField(max_length=30, blank=True)
    state = models.CharField(max_length=12, choices=EscalationState, default=EscalationState.DRAFT)
    reason = models.CharField(_("reason"), max_length=10, choices=EscalationReason, default=EscalationReason.TECHNICAL)
    phenomenon = models.CharField(_("what happens"), max_length=500, blank=True)
    checked = models.CharField(_("what was checked"), max_length=500, blank=True)
    readings = models.JSONField(default=dict, blank=True)
    family = models.CharField(max_length=10, choices=MachineFamily, default=MachineFamily.OTHER)
    product_type = models.CharField(max_length=40, blank=True)
    model = models.CharField(max_length=60, blank=True)
    serial_number = models.CharField(max_length=40, blank=True)
    batch = models.CharField(max_length=30, blank=True)
    photo_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    down_hours = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    wanted = models.CharField(max_length=10, choices=WantedSupport, default=WantedSupport.PHONE)
    wanted_by = models.DateTimeField(null=True, blank=True)
    urgent = models.BooleanField(default=False)

    begun_at = models.DateTimeField()
    begun_by = models.CharField(max_length=60, blank=True)
    begun_by_id = models.BigIntegerField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    named_id = models.BigIntegerField(null=True, blank=True)
    named = models.CharField(max_length=60, blank=True)
    department = models.CharField(max_length=20, choices=Department, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.CharField(max_length=60, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by_hq = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=200, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dealer", "ticket"],
                condition=Q(state__in=ESCALATION_OPEN),
                name="one_open_escalation_per_ticket",
                violation_error_message=_("This ticket has an open request for support already."),
            ),
            models.UniqueConstraint(
                fields=["dealer", "number"], condition=~Q(number=""), name="escalation_number_unique"
            ),
        ]
        indexes = [
            models.Index(fields=["ticket"], name="escalation_ticket"),
            models.Index(
                fields=["dealer", "due_at", "id"], name="escalation_dealer", condition=Q(state__in=ESCALATION_OPEN)
            ),
            models.Index(fields=["dealer", "-begun_at", "-id"], name="escalation_dealer_begun"),
            *maker_side("escalation", "due_at", condition=Q(state__in=ESCALATION_OPEN)),
            *maker_side("escalation", "-begun_at", name="begun"),
        ]

    def __str__(self) -> str:
        return self.number or f"draft {self.pk}"


class EscalationAnswer(Shared, Stamped):
    """One answer of office or HQ: what to do, and the next step with person and date (domain.md 7). Append-only."""

    writable_columns = SHARING_ONLY
    insertable_by = (Tier.OFFICE, Tier.HQ)

    escalation = models.ForeignKey(Escalation, models.PROTECT, related_name="+")
    text = models.CharField(max_length=1000)
    next_step = models.CharField(max_length=200)
    next_person = models.CharField(max_length=60)
    next_on = models.DateField()
    at = models.DateTimeField()
    author_id = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=60, blank=True)
    author_organisation = models.CharField(max_length=80, blank=True)
    department = models.CharField(max_length=20, choices=Department, blank=True)

    class Meta:
        indexes = [models.Index(fields=["escalation", "-id"], name="answer_escalation")]


class PublishedCase(MakerPublished, Stamped):
    """A solved case that a manufacturer shows to all its offices and dealers: machine, fault, cause and cure; nobody's name (domain.md 7)."""

    product_type = models.CharField(max_length=40)
    model = models.CharField(max_length=60, blank=True)
    fault = models.CharField(max_length=200)
    cause = models.CharField(max_length=500, blank=True)
    cure = models.CharField(max_length=1000)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=60, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["manufacturer", "-published_at", "-id"], name="case_maker")]

    def __str__(self) -> str:
        return self.fault
