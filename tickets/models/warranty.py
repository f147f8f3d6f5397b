from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Stamped
from core.tenancy import Kind, TenantModel, Tier
from equipment.enums import EvidenceKind
from equipment.models import WarrantyVersion
from partners.models import Organisation, Shared
from tickets.enums import RequestKind, RequestState
from tickets.models.ticket import SHARING_ONLY, Photo, Ticket, TicketMachine


class Evidence(Shared, Stamped):
    """What proves a date of a machine on a ticket, its hours or the day of the fault (domain.md 4.5).

    day: the date that it proves, for the nameplate the ex-factory date; hours: of the meter. photo: of the paper; None = the paper was
    seen only, which proves nothing. author_name, recorded_at: who entered it and when.
    """

    deletable_by = (Tier.DEALER,)
    writable_columns = SHARING_ONLY

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    machine = models.ForeignKey(TicketMachine, models.CASCADE, related_name="+")
    kind = models.CharField(_("kind of proof"), max_length=12, choices=EvidenceKind)
    day = models.DateField(_("date that it proves"), null=True, blank=True)
    hours = models.DecimalField(_("hours on the meter"), max_digits=9, decimal_places=1, null=True, blank=True)
    photo = models.ForeignKey(Photo, models.PROTECT, related_name="+")
    note = models.CharField(_("note"), max_length=200, blank=True)
    author_name = models.CharField(max_length=60, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dealer", "machine", "kind"], name="evidence_kind_once")]
        indexes = [models.Index(fields=["ticket"], name="evidence_ticket")]

    def __str__(self) -> str:
        return f"{self.kind} {self.day or self.hours or ''}".strip()


class WarrantyRequest(Shared, Stamped):
    """照顾性保修, proposed by the office, or 三包起算日变更, applied for by the dealer; HQ answers (domain.md 4.4, 4.6 W5).

    machine: None = all machines of the ticket. maker_percent: share of the cost that the manufacturer takes, of goodwill. start_on: the day
    that is asked for, of another start. *_id: persons, for four eyes.
    """

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    machine = models.ForeignKey(TicketMachine, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=8, choices=RequestKind)
    state = models.CharField(max_length=8, choices=RequestState, default=RequestState.ASKED)
    maker_percent = models.PositiveSmallIntegerField(_("share of the manufacturer"), null=True, blank=True)
    start_on = models.DateField(_("start of the period"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    asked_by = models.CharField(max_length=60)
    asked_by_id = models.BigIntegerField(null=True)
    asked_by_org = models.BigIntegerField()
    asked_at = models.DateTimeField()
    answer = models.CharField(_("answer"), max_length=300, blank=True)
    answered_by = models.CharField(max_length=60, blank=True)
    answered_by_id = models.BigIntegerField(null=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dealer", "ticket", "kind"],
                condition=Q(state=RequestState.ASKED),
                name="one_open_warranty_request",
            ),
            models.CheckConstraint(
                condition=Q(maker_percent=None) | Q(maker_percent__lte=100), name="warranty_request_percent"
            ),
        ]
        indexes = [models.Index(fields=["ticket"], name="warranty_request_ticket")]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class PolicyTrial(TenantModel, Stamped):
    """A draft of a policy, tried on the tickets of the last twelve months of its manufacturer (docs/jobs.md: tickets.policy_trial).

    counts: [[result before, result with the draft, number]]; changed: [[ticket id, before, with the draft]] — the tickets are read by
    whoever looks, as far as he may see them. job: public id. draft_version: of the draft's row, to say when it was changed since.
    person_id: who asked for it, whose task it is. skipped: tickets whose facts nobody kept.
    """

    tenancy = Kind.OWN
    deletable_by = (Tier.HQ, Tier.DEALER)

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    policy_version = models.ForeignKey(WarrantyVersion, models.CASCADE, related_name="+")
    draft_version = models.PositiveIntegerField()
    job = models.CharField(max_length=16, blank=True)
    person_id = models.BigIntegerField(null=True)
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    tickets = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=list)
    changed = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["policy_version", "-asked_at"], name="policy_trial_version")]

    def __str__(self) -> str:
        return f"{self.policy_version_id} {self.asked_at:%Y-%m-%d}"
